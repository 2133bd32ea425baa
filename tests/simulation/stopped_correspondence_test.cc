// A correspondence that stopped: shown to who works with it, and brought to an end or made to go on
// by the operators of both sides.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/contact_point/v1/handover_desk.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/realign.h"
#include "services/exchange/sealing.h"
#include "services/exchange/transaction.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace hv1 = handover::v1;
namespace rv1 = recovery::v1;
using testing::HasSubstr;

class StoppedTest : public testing::Test {
 protected:
  StoppedTest() {
    case_id = EnrolledCase(world, ishoej);
    EXPECT_TRUE(world.Settle());
  }

  // What Odense sends for the handover is another chain than what Ishøj holds, as after a store was
  // altered: its next letter stops the correspondence.
  void Fork(Node& sender, Node& recipient, const std::string& subject) {
    const exchange::CorrespondenceId id{policy::v1::CHANNEL_HANDOVER, recipient.id(), subject};
    exchange::Transaction transaction(&sender.store());
    auto out = exchange::Load<store::v1::CorrespondenceOut>(
        transaction, exchange::Table::kCorrespondencesOut, id.Encode());
    ASSERT_TRUE(out);
    out->set_head_digest(world.crypto->Digest("another chain"));
    transaction.Put(exchange::Table::kCorrespondencesOut, id.Encode(), out->SerializeAsString());
    ASSERT_TRUE(transaction.Commit(exchange::Durability::kDurable).ok());
  }

  // An offered handover whose answers do not get through to Ishøj any more.
  std::string OfferedAndStopped() {
    const std::string id = Offered(world, ishoej, case_id, odense);
    EXPECT_TRUE(world.Settle());
    Fork(odense, ishoej, id);
    EXPECT_TRUE(Do(world, odense, "DeclineOffer", id).ok());
    world.Pass(absl::Minutes(1));
    return id;
  }

  rv1::Order OrderAt(const Node& node) {
    rv1::Order order;
    order.set_order_id(world.RequestId());
    order.set_authority(node.id());
    order.set_operator_("operator-1");
    order.set_reason("agreed by phone");
    return order;
  }

  rv1::OrderResult Propose(Node& node, Node& peer, const std::string& subject, bool end_handover) {
    rv1::Order order = OrderAt(node);
    order.mutable_propose()->set_peer(peer.id());
    order.mutable_propose()->set_channel(policy::v1::CHANNEL_HANDOVER);
    order.mutable_propose()->set_subject(subject);
    order.mutable_propose()->set_end_handover(end_handover);
    return node.engine().TakeOrder(order);
  }
  rv1::OrderResult Agree(Node& node, const std::string& proposal) {
    rv1::Order order = OrderAt(node);
    order.set_agree(proposal);
    return node.engine().TakeOrder(order);
  }
  rv1::OrderResult Finish(Node& node, const std::string& settlement) {
    rv1::Order order = OrderAt(node);
    order.set_finish(settlement);
    return node.engine().TakeOrder(order);
  }

  std::size_t StoppedAt(Node& node) {
    exchange::Transaction transaction(&node.store());
    return exchange::AllStopped(transaction).size();
  }

  hv1::HandoverStage StageAt(Node& node, const std::string& id) {
    const auto read = GetHandover(node, id);
    return read.ok() ? read->stage() : hv1::HANDOVER_STAGE_UNSPECIFIED;
  }

  World world;
  Node& nec = world.Nec();
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  std::string case_id;
};

TEST_F(StoppedTest, ItIsShownWithTheHandoverAndCountedAtEveryStart) {
  const std::string id = OfferedAndStopped();
  EXPECT_TRUE(GetHandover(ishoej, id)->correspondence_stopped());
  EXPECT_EQ(StageAt(ishoej, id), hv1::HANDOVER_STAGE_OFFERED);
  EXPECT_GT(StoppedAt(ishoej), 0U);
  ishoej.Crash();
  ishoej.Start();
  ishoej.Serve();
  EXPECT_EQ(ishoej.telemetry().Gauge("correspondences.stopped_now", {}), StoppedAt(ishoej));
  EXPECT_TRUE(GetHandover(ishoej, id)->correspondence_stopped());
}

TEST_F(StoppedTest, ItGoesOnOnceBothHaveAgreed) {
  const std::string id = OfferedAndStopped();
  const auto proposal = Propose(ishoej, odense, id, false);
  ASSERT_TRUE(proposal.carried_out()) << proposal.text();
  EXPECT_GT(StoppedAt(ishoej), 0U);
  const auto agreed = Agree(odense, proposal.settlement());
  ASSERT_TRUE(agreed.carried_out()) << agreed.text();
  const auto finished = Finish(ishoej, agreed.settlement());
  ASSERT_TRUE(finished.carried_out()) << finished.text();
  ASSERT_TRUE(world.Settle());
  // The decline has come after all.
  EXPECT_EQ(StageAt(ishoej, id), hv1::HANDOVER_STAGE_OFFER_DECLINED);
  EXPECT_FALSE(GetHandover(ishoej, id)->correspondence_stopped());
  EXPECT_EQ(StoppedAt(ishoej), 0U);
  EXPECT_EQ(StoppedAt(odense), 0U);
  EXPECT_TRUE(Request(world, ishoej, case_id, odense).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(ishoej.telemetry().LinesOf("operator.ordered").size(), 2U);
  EXPECT_EQ(odense.telemetry().LinesOf("operator.ordered").size(), 1U);
  // The receipts that said so are read again, as where a position was lost.
  for (const auto& record : odense.Received(policy::v1::CHANNEL_RECEIPT)) {
    world.broker.Append(record);
  }
  world.Pass(absl::Seconds(5));
  EXPECT_EQ(StoppedAt(odense), 0U);
}

// A subject with the separator of keys would pass for another correspondence's row.
TEST_F(StoppedTest, ASubjectThatIsNoneIsRefusedByName) {
  const std::string id = OfferedAndStopped();
  for (const std::string& subject : {id + "/1", std::string("a b"), std::string(65, 'x')}) {
    for (const bool end : {false, true}) {
      const auto proposal = Propose(ishoej, odense, subject, end);
      EXPECT_FALSE(proposal.carried_out());
      EXPECT_THAT(proposal.text(), testing::StartsWith("settlement.bad_subject: ")) << subject;
    }
  }
  rv1::SignedSettlement said;
  rv1::Settlement settlement;
  ASSERT_TRUE(said.ParseFromString(Propose(ishoej, odense, id, false).settlement()));
  ASSERT_TRUE(settlement.ParseFromString(said.proposal()));
  settlement.set_subject("a/b");
  said.set_proposal(settlement.SerializeAsString());
  EXPECT_THAT(Agree(odense, said.SerializeAsString()).text(),
              testing::StartsWith("settlement.not_for_us: "));
}

// Until it is finished one side goes on and the other does not take it yet.
TEST_F(StoppedTest, ItGoesOnAlsoWhereItIsFinishedLater) {
  const std::string id = OfferedAndStopped();
  const auto proposal = Propose(ishoej, odense, id, false);
  const auto agreed = Agree(odense, proposal.settlement());
  ASSERT_TRUE(agreed.carried_out()) << agreed.text();
  world.Pass(absl::Hours(1));
  EXPECT_EQ(StoppedAt(odense), 1U);
  ASSERT_TRUE(Finish(ishoej, agreed.settlement()).carried_out());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(StageAt(ishoej, id), hv1::HANDOVER_STAGE_OFFER_DECLINED);
  EXPECT_EQ(StoppedAt(ishoej), 0U);
  EXPECT_EQ(StoppedAt(odense), 0U);
  EXPECT_EQ(odense.telemetry().Gauge("correspondences.stopped_now", {}), 0);
}

TEST_F(StoppedTest, AHandoverEndsAndItsHolderKeepsTheCase) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  Fork(ishoej, odense, id);
  ASSERT_TRUE(Do(world, ishoej, "RequestRecall", id).ok());
  world.Pass(absl::Minutes(1));
  EXPECT_TRUE(GetHandover(ishoej, id)->correspondence_stopped());
  const auto proposal = Propose(ishoej, odense, id, true);
  ASSERT_TRUE(proposal.carried_out()) << proposal.text();
  EXPECT_EQ(StageAt(ishoej, id), hv1::HANDOVER_STAGE_OFFERED);
  world.Mute(odense, {"handover"});  // by the signed statement alone
  const auto agreed = Agree(odense, proposal.settlement());
  ASSERT_TRUE(agreed.carried_out()) << agreed.text();
  EXPECT_NE(RuleOf(Do(world, odense, "TakeOverCase", id).status()), "");
  EXPECT_EQ(StageAt(ishoej, id), hv1::HANDOVER_STAGE_OFFERED);
  ASSERT_TRUE(Finish(ishoej, agreed.settlement()).carried_out());
  EXPECT_EQ(StageAt(ishoej, id), hv1::HANDOVER_STAGE_OFFER_DECLINED);
  ASSERT_TRUE(world.Heal());
  EXPECT_EQ(GetCase(ishoej, case_id)->standing(), casework::v1::STANDING_RESPONSIBLE);
  EXPECT_FALSE(GetCase(odense, case_id).ok());
  EXPECT_EQ(StoppedAt(ishoej) + StoppedAt(odense), 0U);
}

// Whoever follows the handover hears of it from the holder: the receiver knows of none.
TEST_F(StoppedTest, WhatTheReceiverNeverHeardOfEndsForThePoliceAndTheContactPointToo) {
  Node& vestegnen = world.Police("1469");
  Node& fyn = world.Police("1465");
  Node& desk = world.ContactPoint();
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  world.broker.SetPublishFault([&](const exchange::BusRecord& record) {
    const bool held = record.topic == "exitbus.v1.handover.municipality.0461";
    return held ? adapters::PublishFault::kLost : adapters::PublishFault::kNone;
  });
  const auto first = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(first.ok()) << first.status();
  world.Pass(absl::Minutes(1));
  ASSERT_EQ(OnlyFile(fyn)->standing(), police::v1::POLICE_STANDING_RECEIVING);
  const auto proposal = Propose(ishoej, odense, first->handover_id(), true);
  ASSERT_TRUE(proposal.carried_out()) << proposal.text();
  const auto agreed = Agree(odense, proposal.settlement());
  ASSERT_TRUE(agreed.carried_out()) << agreed.text();
  ASSERT_TRUE(Finish(ishoej, agreed.settlement()).carried_out());
  EXPECT_EQ(StageAt(ishoej, first->handover_id()), hv1::HANDOVER_STAGE_REJECTED);
  world.Pass(absl::Minutes(1));
  EXPECT_FALSE(OnlyFile(fyn).ok());
  EXPECT_EQ(OnlyFile(vestegnen)->transfer().stage(), police::v1::TRANSFER_STAGE_ENDED);
  const auto monitored = desk.Call<contact_point::v1::ListMonitoredHandoversResponse>(
      "exitbus.contact_point.v1.HandoverDeskService.ListMonitoredHandovers",
      contact_point::v1::ListMonitoredHandoversRequest());
  ASSERT_EQ(monitored->handovers_size(), 1);
  EXPECT_EQ(monitored->handovers(0).stage(), contact_point::v1::MONITORED_STAGE_ENDED);
  world.broker.SetPublishFault(nullptr);
  const auto second = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(second.ok()) << second.status();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(vestegnen)->transfer().handover_id(), second->handover_id());
}

// Responsibility that has moved stays where it is.
TEST_F(StoppedTest, NothingEndsThatWasTakenOver) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  Fork(odense, ishoej, id);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  world.Pass(absl::Minutes(1));
  const auto proposal = Propose(ishoej, odense, id, true);
  ASSERT_TRUE(proposal.carried_out()) << proposal.text();
  EXPECT_THAT(Agree(odense, proposal.settlement()).text(), HasSubstr("settlement.taken_over"));
  const auto goes_on = Propose(ishoej, odense, id, false);
  const auto agreed = Agree(odense, goes_on.settlement());
  ASSERT_TRUE(agreed.carried_out()) << agreed.text();
  ASSERT_TRUE(Finish(ishoej, agreed.settlement()).carried_out());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(ishoej, case_id)->standing(), casework::v1::STANDING_FORMER);
}

TEST_F(StoppedTest, OnlyBothTogetherAndOnlyOnce) {
  const std::string id = OfferedAndStopped();
  EXPECT_THAT(Propose(odense, nec, id, false).text(), HasSubstr("settlement.nothing_stopped"));
  const auto proposal = Propose(ishoej, odense, id, false);
  EXPECT_THAT(Agree(nec, proposal.settlement()).text(), HasSubstr("settlement.not_for_us"));
  EXPECT_THAT(Finish(ishoej, proposal.settlement()).text(), HasSubstr("settlement.not_signed"));
  rv1::SignedSettlement forged;
  ASSERT_TRUE(forged.ParseFromString(proposal.settlement()));
  rv1::Settlement altered;
  ASSERT_TRUE(altered.ParseFromString(forged.proposal()));
  altered.set_end_handover(true);
  forged.set_proposal(altered.SerializeAsString());
  EXPECT_THAT(Agree(odense, forged.SerializeAsString()).text(), HasSubstr("settlement.not_signed"));
  EXPECT_THAT(Agree(odense, "no settlement").text(), HasSubstr("settlement.not_for_us"));
  const auto agreed = Agree(odense, proposal.settlement());
  EXPECT_THAT(Agree(odense, proposal.settlement()).text(), HasSubstr("settlement.done_before"));
  EXPECT_TRUE(Finish(ishoej, agreed.settlement()).carried_out());
  EXPECT_THAT(Finish(ishoej, agreed.settlement()).text(), HasSubstr("settlement.done_before"));
}

TEST_F(StoppedTest, AnOrderIsForOneServiceAndSaysWhatIsOrdered) {
  rv1::Order order = OrderAt(odense);
  EXPECT_THAT(ishoej.engine().TakeOrder(order).text(), HasSubstr("order.for_another_authority"));
  EXPECT_THAT(odense.engine().TakeOrder(order).text(), HasSubstr("order.unknown"));
  EXPECT_TRUE(odense.telemetry().LinesOf("operator.ordered").empty());
}

TEST_F(StoppedTest, OnlyAHoldersHandoverWithAKnownAuthorityEnds) {
  rv1::Order order = OrderAt(ishoej);
  order.mutable_propose()->set_peer("municipality-0000");
  EXPECT_THAT(ishoej.engine().TakeOrder(order).text(), HasSubstr("settlement.peer_unknown"));
  EXPECT_THAT(Propose(nec, ishoej, "h-1", true).text(), HasSubstr("settlement.no_handover"));
  EXPECT_THAT(Propose(ishoej, odense, "h-1", true).text(),
              HasSubstr("settlement.no_such_handover"));
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(Propose(odense, ishoej, id, true).text(), HasSubstr("settlement.holder_proposes"));
}

// What was settled meanwhile is not settled back to where it was.
TEST_F(StoppedTest, AProposalFromBeforeTheyWentOnIsRefused) {
  const std::string id = OfferedAndStopped();
  const auto first = Propose(ishoej, odense, id, false);
  const auto second = Propose(ishoej, odense, id, false);
  const auto third = Propose(ishoej, odense, id, false);
  const auto agreed = Agree(odense, first.settlement());
  const auto agreed_too = Agree(odense, second.settlement());
  ASSERT_TRUE(agreed_too.carried_out()) << agreed_too.text();
  ASSERT_TRUE(Finish(ishoej, agreed.settlement()).carried_out());
  EXPECT_THAT(Finish(ishoej, agreed_too.settlement()).text(), HasSubstr("settlement.moved_on"));
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(Agree(odense, third.settlement()).text(), HasSubstr("settlement.stale"));
  EXPECT_EQ(StageAt(ishoej, id), hv1::HANDOVER_STAGE_OFFER_DECLINED);
}

TEST_F(StoppedTest, AnAnswerFromBeforeTheyWentOnIsRefused) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  Fork(ishoej, odense, id);
  ASSERT_TRUE(Do(world, ishoej, "RequestRecall", id).ok());
  world.Pass(absl::Minutes(1));
  const auto stopped = Agree(odense, Propose(ishoej, odense, id, false).settlement());
  const auto going_on = Agree(odense, Propose(ishoej, odense, id, false).settlement());
  ASSERT_TRUE(Finish(ishoej, going_on.settlement()).carried_out());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(Finish(ishoej, stopped.settlement()).text(), HasSubstr("settlement.stale"));
}

}  // namespace
}  // namespace exitbus::simulation
