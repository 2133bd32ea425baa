// A store that was put back to an earlier state, or begun empty: others know what it has forgotten.
// It signs nothing before they have been heard, and nothing at all once it knows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/checkpoints.h"
#include "services/exchange/keys.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/sealing.h"
#include "services/exchange/transaction.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
using exchange::Table;
using testing::HasSubstr;

constexpr char kBehind[] = "store.behind_its_peers";
constexpr char kNotConfirmed[] = "store.not_confirmed";

class RestoredStoreTest : public testing::Test {
 protected:
  RestoredStoreTest() {
    case_id = EnrolledCase(world, ishoej);
    EXPECT_TRUE(world.Settle());
  }

  void NameWitnesses(Node& author, std::vector<std::string> witnesses) {
    exchange::DirectoryEntry entry = *world.directory.Find(author.id());
    entry.witnesses = std::move(witnesses);
    world.directory.Put(entry);
  }

  // From the backup until now, all that happened is forgotten at `node` and known to the others.
  void GoBack(Node& node, std::unique_ptr<adapters::MemoryStore> backup) {
    ASSERT_TRUE(world.Settle());
    node.Restore(std::move(backup));
  }

  // What it does from here on is forgotten at `node`.
  template <class Deed>
  void Forgets(Node& node, const Deed& deed) {
    auto backup = node.store().Snapshot();
    deed();
    GoBack(node, std::move(backup));
  }

  void Restart(Node& node) {
    node.Crash();
    node.Start();
  }

  // A copy of the store in which all rows of this kind that are about Odense cannot be read.
  std::unique_ptr<adapters::MemoryStore> Damaged(adapters::MemoryStore& store, Table table) {
    auto copy = store.Snapshot();
    int damaged = 0;
    for (const auto& [key, value] : store.rows(table)) {
      if (key.find(odense.id()) == std::string::npos) continue;
      EXPECT_TRUE(copy->Commit(exchange::Durability::kDurable, {{table, key, "\xff"}}).ok());
      ++damaged;
    }
    EXPECT_GT(damaged, 0);
    return copy;
  }

  // Ishøj's copy is from before what it has asked Odense, and nobody is there to say so; that
  // Odense receipted it lies in the topic.
  void IshoejForgetsARequestUnheard() {
    auto backup = ishoej.store().Snapshot();
    ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok());
    ASSERT_TRUE(world.Settle());
    for (Node* node : {&odense, &nec, &aarhus}) node->Crash();
    ishoej.Restore(std::move(backup));
  }

  void SayAsOdense(const exchange::v1::Packet& packet) {
    world.broker.Append(exchange::SealRecord(odense.environment(),
                                             *world.directory.Find(ishoej.id()),
                                             policy::v1::CHANNEL_RECEIPT, packet));
  }

  // Between Ishøj and Odense, and settled.
  std::string AcceptedByOdense() {
    std::string id = Accepted(world, ishoej, case_id, odense);
    EXPECT_TRUE(world.Settle());
    return id;
  }
  std::string OfferedToOdense() {
    std::string id = Offered(world, ishoej, case_id, odense);
    EXPECT_TRUE(world.Settle());
    return id;
  }
  void TakeOver(const std::string& id) { ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok()); }

  // The holder's copy is from before the offer, and from before all of the handover; the receiver's
  // from before its take-over. Each answers with the handover's id.
  std::string IshoejForgetsItsOffer() {
    std::string id = AcceptedByOdense();
    Forgets(ishoej, [&] {
      ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
      ASSERT_TRUE(world.Settle());
      TakeOver(id);
    });
    return id;
  }
  std::string IshoejForgetsTheHandover() {
    std::string id;
    Forgets(ishoej, [&] {
      id = OfferedToOdense();
      TakeOver(id);
    });
    return id;
  }
  std::string OdenseForgetsItsTakeOver() {
    std::string id = OfferedToOdense();
    Forgets(odense, [&] { TakeOver(id); });
    return id;
  }

  // A handover that is accepted, and a holder that has started since and not heard the receiver.
  std::string AcceptedAndUnheard() {
    std::string id = AcceptedByOdense();
    odense.Crash();
    Restart(ishoej);
    return id;
  }

  cv1::Standing StandingAt(Node& node) {
    const auto read = GetCase(node, case_id);
    return read.ok() ? read->standing() : cv1::STANDING_UNSPECIFIED;
  }

  // The whole refusal of an offer.
  exchange::Refusal RefusalOfOffer(Node& node, const std::string& handover_id) {
    hv1::OfferHandoverRequest request;
    request.set_request_id(world.RequestId());
    request.set_handover_id(handover_id);
    return node.Ask("exitbus.handover.v1.HandoverService.OfferHandover", request).refusal;
  }

  recovery::v1::OrderResult FollowAt(Node& node) {
    node.Serve();
    world.Pass(absl::Seconds(10));
    recovery::v1::Order order;
    order.set_order_id(world.RequestId());
    order.set_authority(node.id());
    order.set_operator_("operator-1");
    order.set_reason("the newest backup there is");
    order.mutable_follow_peers();
    return node.engine().TakeOrder(order);
  }

  // A police unit that knows the case.
  Node& AskedPolice() {
    Node& police = world.Police("1469");
    EXPECT_TRUE(AskPolice(world, ishoej, case_id).ok());
    EXPECT_TRUE(world.Settle());
    return police;
  }
  exchange::Answer Assess(Node& police, const std::string& precaution) {
    return police.Ask(kDeliverAssessment,
                      AssessmentOf(world, OnlyFile(police)->security_id(), {precaution}));
  }

  std::size_t KeptBy(Node& witness, Node& author) {
    exchange::Transaction transaction(&witness.store());
    const auto kept = exchange::NewestCheckpoint(transaction, author.id());
    return kept ? kept->number : 0;
  }

  World world;
  Node& nec = world.Nec();
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  Node& aarhus = world.Municipality("0751");
  std::string case_id;
};

TEST_F(RestoredStoreTest, AHolderThatIsBehindHandsTheCaseToNobodyElse) {
  const std::string id = IshoejForgetsItsOffer();
  EXPECT_EQ(RuleOf(Do(world, ishoej, "RecallHandover", id).status()), kBehind);
  EXPECT_EQ(RuleOf(Do(world, ishoej, "OfferHandover", id).status()), kBehind);
  EXPECT_EQ(RuleOf(Request(world, ishoej, case_id, aarhus).status()), kBehind);
  // It can be read; and nothing of the second life has reached the others.
  EXPECT_EQ(StandingAt(ishoej), cv1::STANDING_RESPONSIBLE);
  world.Pass(absl::Hours(1));
  EXPECT_EQ(StandingAt(odense), cv1::STANDING_RESPONSIBLE);
  EXPECT_EQ(odense.telemetry().Total("correspondences.stopped"), 0);
  EXPECT_EQ(ishoej.telemetry().Total("correspondences.stopped"), 0);
  EXPECT_EQ(ishoej.telemetry().Total("store.found_behind"), 1);
  EXPECT_GT(ishoej.telemetry().Gauge("store.behind_peers", {}), 0);
  EXPECT_GT(ishoej.telemetry().Gauge("store.behind_letters", {}), 0);
}

TEST_F(RestoredStoreTest, AReceiverThatIsBehindTakesOverOnceOnly) {
  const std::string id = OdenseForgetsItsTakeOver();
  EXPECT_EQ(RuleOf(Do(world, odense, "TakeOverCase", id).status()), kBehind);
  EXPECT_EQ(RuleOf(Do(world, odense, "DeclineOffer", id).status()), kBehind);
}

TEST_F(RestoredStoreTest, APeerThatTheCopyDoesNotKnowIsHeardToo) {
  IshoejForgetsTheHandover();
  EXPECT_EQ(RuleOf(Request(world, ishoej, case_id, aarhus).status()), kBehind);
}

// Whatever the answers say, the receipts that lie in our topic have said it before.
TEST_F(RestoredStoreTest, ReceiptsReadAtTheStartSayIt) {
  IshoejForgetsARequestUnheard();
  EXPECT_EQ(RuleOf(Request(world, ishoej, case_id, aarhus).status()), kBehind);
}

TEST_F(RestoredStoreTest, WhatReceiptsSaidIsKeptThoughACommitFailed) {
  IshoejForgetsARequestUnheard();
  ishoej.store().FailCommitsAfter(0);
  world.Pass(absl::Seconds(5));
  ishoej.store().AllowCommits();
  ishoej.Serve();
  world.Pass(absl::Seconds(5));
  ASSERT_TRUE(GetCase(ishoej, case_id).ok());  // its account makes all before it durable
  Restart(ishoej);
  ishoej.Serve();
  EXPECT_TRUE(ishoej.engine().behind());
}

// What cannot be read here is not what others hold more of.
TEST_F(RestoredStoreTest, ADamagedRowDoesNotMakeItBehind) {
  AcceptedByOdense();
  const auto whole = ishoej.store().Snapshot();
  for (const Table table : {Table::kCorrespondencesOut, Table::kCorrespondencesIn}) {
    ishoej.Restore(Damaged(*whole, table));
    ishoej.Serve();
    world.Pass(absl::Seconds(5));
    EXPECT_FALSE(ishoej.engine().behind()) << TableName(table);
    EXPECT_EQ(ishoej.telemetry().Gauge("store.unheard_peers", {}), 0);
    // Nor does a receipt of what its row does not say was sent.
    const auto receipts = ishoej.Received(policy::v1::CHANNEL_RECEIPT);
    odense.Crash();
    Restart(ishoej);
    ishoej.Serve();
    for (const auto& record : receipts) world.broker.Append(record);
    world.Pass(absl::Seconds(5));
    EXPECT_FALSE(ishoej.engine().behind()) << TableName(table);
    odense.Start();
  }
  EnrolledCase(world, ishoej, "6101900002");  // all else goes on
}

TEST_F(RestoredStoreTest, ADamagedBookOfItsCheckpointsDoesNotMakeItBehind) {
  NameWitnesses(ishoej, {nec.id()});
  world.Pass(absl::Hours(25));
  ASSERT_TRUE(world.Settle());
  ASSERT_GE(KeptBy(nec, ishoej), 1U);
  const std::string own =
      exchange::StateKey{exchange::kCheckpointAggregate, exchange::kOwnBook}.Encode();
  store::v1::StateRow no_book;
  ASSERT_TRUE(no_book.ParseFromString(ishoej.store().rows(Table::kStates).at(own)));
  no_book.set_sealed_state("\xff");
  for (const std::string& damaged : {std::string("\xff"), no_book.SerializeAsString()}) {
    ASSERT_TRUE(ishoej.store()
                    .Commit(exchange::Durability::kDurable, {{Table::kStates, own, damaged}})
                    .ok());
    Restart(ishoej);
    ishoej.Serve();
    world.Pass(absl::Seconds(5));
    EXPECT_FALSE(ishoej.engine().behind());
  }
}

// One whose book here is damaged is answered all the same, and so are those after it.
TEST_F(RestoredStoreTest, ADamagedBookOfAnAuthorHoldsUpNoAnswer) {
  NameWitnesses(ishoej, {nec.id()});
  world.Pass(absl::Hours(25));
  ASSERT_TRUE(world.Settle());
  for (const auto& [key, value] : std::map(nec.store().rows(Table::kStates))) {
    if (!key.starts_with(exchange::kCheckpointAggregate) || key.ends_with(exchange::kOwnBook)) {
      continue;
    }
    ASSERT_TRUE(
        nec.store().Commit(exchange::Durability::kDurable, {{Table::kStates, key, "\xff"}}).ok());
  }
  Restart(ishoej);
  Restart(odense);
  world.Pass(absl::Seconds(15));
  EXPECT_EQ(ishoej.telemetry().Gauge("store.unheard_peers", {}), 0);
  EXPECT_EQ(odense.telemetry().Gauge("store.unheard_peers", {}), 0);
}

TEST_F(RestoredStoreTest, AReadThatFailedDoesNotMakeItBehind) {
  AcceptedByOdense();
  const auto records = ishoej.Received(policy::v1::CHANNEL_RECEIPT);
  odense.Crash();
  Restart(ishoej);
  ishoej.Serve();
  for (const auto& record : records) {
    if (exchange::RecordSource(record) != odense.id()) continue;
    ishoej.store().FailNextReads(1);
    world.broker.Append(record);
    world.executor.RunUntilIdle();
    world.Pass(absl::Seconds(2));
  }
  EXPECT_FALSE(ishoej.engine().behind());
}

TEST_F(RestoredStoreTest, ThatItIsBehindOutlivesARestart) {
  Forgets(ishoej, [&] { ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok()); });
  ishoej.Serve();
  world.Pass(absl::Seconds(5));
  for (Node* node : {&odense, &nec, &aarhus}) node->Crash();
  Restart(ishoej);
  EXPECT_EQ(RuleOf(Request(world, ishoej, case_id, aarhus).status()), kBehind);
  EXPECT_TRUE(ishoej.engine().behind());
}

TEST_F(RestoredStoreTest, ResponsibilityWaitsForTheCounterpartAndTheRefusalNamesIt) {
  const std::string id = AcceptedAndUnheard();
  const exchange::Refusal refusal = RefusalOfOffer(ishoej, id);
  EXPECT_EQ(refusal.reason, kNotConfirmed);
  EXPECT_EQ(refusal.code, absl::StatusCode::kUnavailable);
  EXPECT_THAT(refusal.message, HasSubstr(odense.id()));
  EXPECT_THAT(refusal.message, testing::Not(HasSubstr(aarhus.id())));
  EXPECT_EQ(ishoej.telemetry().Gauge("store.unheard_peers", {}), 1);
  // What moves nothing goes on, and so does another case.
  EnrolledCase(world, ishoej, "6101900002");
  EXPECT_TRUE(Do(world, ishoej, "RecallHandover", id).ok());
  odense.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(odense, id)->stage(), hv1::HANDOVER_STAGE_RECALLED);
  world.Pass(absl::Minutes(6));
  EXPECT_EQ(ishoej.telemetry().Gauge("store.unheard_peers", {}), 0);
}

TEST_F(RestoredStoreTest, AnOperatorMayAnswerForWhoIsNotHeard) {
  const std::string id = AcceptedAndUnheard();
  ASSERT_EQ(RefusalOfOffer(ishoej, id).reason, kNotConfirmed);
  recovery::v1::Order order;
  order.set_order_id("order-1");
  order.set_authority(ishoej.id());
  order.set_operator_("operator-1");
  order.mutable_accept_unheard();
  EXPECT_THAT(ishoej.engine().TakeOrder(order).text(), HasSubstr("order.incomplete"));
  order.set_reason("Odense is closed, the store was never put back");
  const auto result = ishoej.engine().TakeOrder(order);
  EXPECT_TRUE(result.carried_out()) << result.text();
  EXPECT_THAT(result.text(), HasSubstr(odense.id()));
  EXPECT_THAT(ishoej.engine().TakeOrder(order).text(), HasSubstr("order.carried_out_before"));
  EXPECT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  // Until the next start.
  Restart(ishoej);
  EXPECT_EQ(RuleOf(Do(world, ishoej, "DeclineOffer", id).status()), kNotConfirmed);
}

TEST_F(RestoredStoreTest, APeerThatIsThereIsWaitedForAndTheCallIsAnswered) {
  const std::string id = AcceptedByOdense();
  Restart(ishoej);
  EXPECT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
}

// What it has to be told is bounded, whatever a peer says that it holds.
TEST_F(RestoredStoreTest, APeerCannotFillTheMemoryWithWhatItHolds) {
  constexpr std::size_t kPages = 40;
  constexpr std::size_t kStatementBytes = 60'000;
  odense.Crash();
  Restart(ishoej);
  ishoej.Serve();
  const auto asked = exchange::OpenRecord(odense.environment(),
                                          odense.Received(policy::v1::CHANNEL_RECEIPT).back());
  ASSERT_TRUE(asked.ok() && asked->has_inquiry());
  for (std::size_t i = 0; i < kPages; ++i) {
    exchange::v1::Packet packet;
    exchange::v1::Holdings& page = *packet.mutable_holdings();
    page.set_nonce(asked->inquiry().nonce());
    page.set_page(i);
    page.set_last(i + 1 == kPages);
    exchange::v1::Held& held = *page.add_received();
    held.set_channel(policy::v1::CHANNEL_HANDOVER);
    held.set_subject("s-" + std::to_string(i));
    held.set_through(5);
    for (int j = 0; j < 14; ++j) held.add_statements(std::string(kStatementBytes, 's'));
    SayAsOdense(packet);
  }
  world.Pass(absl::Seconds(2));
  EXPECT_TRUE(ishoej.engine().behind());
  const std::string text = FollowAt(ishoej).text();
  std::size_t kept = 0;
  for (std::size_t at = 0; (at = text.find("\nsent to ", at)) != std::string::npos; ++at) ++kept;
  EXPECT_GT(kept, 0U);
  EXPECT_LT(kept * 14 * kStatementBytes, 20U << 20);
}

TEST_F(RestoredStoreTest, OneWitnessIsEnoughAndNoneIsTooFew) {
  const char no_witness[] = "store.no_witness_to_confirm";
  EXPECT_EQ(ishoej.telemetry().LinesOf(no_witness).size(), 1U) << "said at the start";
  NameWitnesses(ishoej, {odense.id(), nec.id()});
  odense.Crash();
  nec.Crash();
  Restart(ishoej);
  EXPECT_EQ(ishoej.telemetry().LinesOf(no_witness).size(), 1U);
  cv1::OpenCaseRequest open;
  open.set_request_id(world.RequestId());
  const exchange::Refusal refusal =
      ishoej.Ask("exitbus.casework.v1.CaseService.OpenCase", open).refusal;
  EXPECT_EQ(refusal.reason, kNotConfirmed);
  EXPECT_THAT(refusal.message, HasSubstr(nec.id()));
  nec.Start();
  world.Pass(absl::Minutes(6));
  EXPECT_NE(ishoej.Ask("exitbus.casework.v1.CaseService.OpenCase", open).refusal.reason,
            kNotConfirmed);
}

TEST_F(RestoredStoreTest, AnEmptyStoreMakesNoCheckpointThatStopsTheRightOne) {
  NameWitnesses(ishoej, {nec.id(), odense.id()});
  world.Pass(absl::Hours(25));
  ASSERT_TRUE(world.Settle());
  const std::size_t kept = KeptBy(nec, ishoej);
  ASSERT_GE(kept, 1U);
  auto right = ishoej.store().Snapshot();
  ishoej.Restore(std::make_unique<adapters::MemoryStore>());
  world.Pass(absl::Hours(1));
  EXPECT_TRUE(ishoej.engine().behind());
  EXPECT_EQ(KeptBy(nec, ishoej), kept);
  ishoej.Restore(std::move(right));
  world.Pass(absl::Hours(25));
  EXPECT_GT(KeptBy(nec, ishoej), kept);
  EXPECT_GT(KeptBy(odense, ishoej), kept);
}

TEST_F(RestoredStoreTest, ASafetyActIsTakenAllTheSameAndWaits) {
  Node& police = AskedPolice();
  Forgets(police, [&] {
    const exchange::Answer before = Assess(police, "first");
    EXPECT_EQ(before.refusal.reason, "");
    EXPECT_THAT(before.notes, testing::IsEmpty());
  });
  world.Pass(absl::Seconds(5));
  ASSERT_TRUE(police.engine().behind());
  // The answer says whom to phone meanwhile.
  const exchange::Answer taken = Assess(police, "second");
  EXPECT_EQ(taken.refusal.reason, "");
  EXPECT_THAT(taken.notes,
              testing::UnorderedElementsAre(testing::Pair("exitbus-store", "behind"),
                                            testing::Pair("exitbus-phone", ishoej.id())));
  EXPECT_GT(police.unreceipted(), 0U);
  world.Pass(absl::Hours(1));
  EXPECT_GT(police.unreceipted(), 0U);
}

// Fresh by the nonce: an answer to an earlier start says nothing about this one.
TEST_F(RestoredStoreTest, AnAnswerToAnEarlierStartProvesNothing) {
  const std::string id = AcceptedByOdense();
  Restart(ishoej);
  world.Pass(absl::Seconds(5));
  const auto records = ishoej.Received(policy::v1::CHANNEL_RECEIPT);
  odense.Crash();
  Restart(ishoej);
  ishoej.Serve();
  for (const auto& record : records) world.broker.Append(record);
  world.Pass(absl::Seconds(5));
  EXPECT_EQ(RuleOf(Do(world, ishoej, "OfferHandover", id).status()), kNotConfirmed);
  EXPECT_GT(ishoej.telemetry().Total("holdings.of_another_start"), 0);
}

// Whoever runs does not go back: a peer that claims so is wrong, and stops its own correspondence
// at most.
TEST_F(RestoredStoreTest, AClaimAgainstAServiceThatRunsIsNotBelieved) {
  exchange::v1::Packet packet;
  exchange::v1::Receipt& receipt = *packet.mutable_receipts()->add_receipts();
  receipt.set_channel(policy::v1::CHANNEL_HANDOVER);
  receipt.set_subject("never-sent");
  receipt.set_through(7);
  world.Pass(absl::Seconds(5));
  world.broker.Append(exchange::SealRecord(odense.environment(), *world.directory.Find(ishoej.id()),
                                           policy::v1::CHANNEL_RECEIPT, packet));
  world.Pass(absl::Seconds(5));
  EXPECT_EQ(ishoej.telemetry().Total("receipts.for_unsent"), 1);
  EXPECT_FALSE(ishoej.engine().behind());
}

// What a peer could not open is of what was sent to it: a letter that goes yet is none of that.
TEST_F(RestoredStoreTest, WhatAnotherPeerCouldNotOpenDelaysNothing) {
  const std::string id = AcceptedAndUnheard();
  ishoej.Serve();
  ASSERT_TRUE(Do(world, ishoej, "RecallHandover", id).ok());
  const std::size_t before = odense.Received(policy::v1::CHANNEL_HANDOVER).size();
  exchange::v1::Packet packet;
  for (int i = 0; i < 20; ++i) packet.mutable_receipts()->add_failed();
  world.broker.Append(exchange::SealRecord(aarhus.environment(), *world.directory.Find(ishoej.id()),
                                           policy::v1::CHANNEL_RECEIPT, packet));
  world.Pass(absl::Minutes(1));
  EXPECT_GT(odense.Received(policy::v1::CHANNEL_HANDOVER).size(), before);
}

TEST_F(RestoredStoreTest, WithoutABrokerChangesWaitAndReadsDoNot) {
  world.broker.Stop();
  Restart(ishoej);
  EXPECT_EQ(StandingAt(ishoej), cv1::STANDING_RESPONSIBLE);
  const auto refused = Request(world, ishoej, case_id, odense);
  EXPECT_EQ(RuleOf(refused.status()), kNotConfirmed);
  world.broker.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(Request(world, ishoej, case_id, odense).ok());
}

// The way back.
TEST_F(RestoredStoreTest, AHolderFollowsTheTakeOverItHadForgotten) {
  const std::string id = IshoejForgetsItsOffer();
  const auto followed = FollowAt(ishoej);
  ASSERT_TRUE(followed.carried_out()) << followed.text();
  EXPECT_THAT(followed.text(), HasSubstr(odense.id()));
  EXPECT_FALSE(ishoej.engine().behind());
  EXPECT_EQ(StandingAt(ishoej), cv1::STANDING_FORMER);
  EXPECT_EQ(StandingAt(odense), cv1::STANDING_RESPONSIBLE);
  Restart(ishoej);
  ASSERT_TRUE(world.Settle());
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(ishoej.telemetry().Gauge("store.behind_peers", {}), 0);
  EXPECT_EQ(ishoej.telemetry().Gauge("store.behind_letters", {}), 0);
  EXPECT_FALSE(ishoej.engine().behind());
  // Both go on with each other.
  ASSERT_TRUE(Do(world, ishoej, "AcknowledgeHandover", id).ok());
  const auto back = Request(world, odense, case_id, ishoej);
  ASSERT_TRUE(back.ok()) << back.status();
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(GetHandover(ishoej, back->handover_id()).ok());
  EXPECT_EQ(GetHandover(odense, id)->stage(), hv1::HANDOVER_STAGE_ACKNOWLEDGED);
  for (Node* node : {&ishoej, &odense, &nec}) {
    EXPECT_EQ(node->telemetry().Total("correspondences.stopped"), 0) << node->id();
  }
}

TEST_F(RestoredStoreTest, AReceiverFollowsItsOwnTakeOver) {
  const std::string id = OdenseForgetsItsTakeOver();
  const auto followed = FollowAt(odense);
  ASSERT_TRUE(followed.carried_out()) << followed.text();
  EXPECT_EQ(StandingAt(odense), cv1::STANDING_RESPONSIBLE);
  EXPECT_EQ(GetCase(odense, case_id)->responsibility_number(), 2U);
  EXPECT_EQ(GetHandover(odense, id)->taken_over().seconds(),
            GetHandover(ishoej, id)->taken_over().seconds());
  ASSERT_TRUE(Do(world, ishoej, "AcknowledgeHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(odense, id)->stage(), hv1::HANDOVER_STAGE_ACKNOWLEDGED);
}

// The numbers that it skipped may be read again from the topic, where they lay.
TEST_F(RestoredStoreTest, LettersThatItSkippedAreNoForkWhenTheyAreReadAgain) {
  std::vector<exchange::BusRecord> lost;
  Forgets(ishoej, [&] {
    TakeOver(OfferedToOdense());
    ASSERT_TRUE(world.Settle());
    lost = ishoej.Received(policy::v1::CHANNEL_HANDOVER);
    world.broker.DropBefore(lost.front().topic, static_cast<std::int64_t>(lost.size()));
  });
  ASSERT_TRUE(FollowAt(ishoej).carried_out());
  for (const auto& record : lost) world.broker.Append(record);
  world.Pass(absl::Seconds(5));
  EXPECT_EQ(ishoej.telemetry().Total("correspondences.stopped"), 0);
  EXPECT_GT(ishoej.telemetry().Total("letters.repeated"), 0);
}

TEST_F(RestoredStoreTest, AHandoverTheCopyDoesNotKnowIsFollowedToo) {
  IshoejForgetsTheHandover();
  ASSERT_TRUE(FollowAt(ishoej).carried_out());
  EXPECT_EQ(StandingAt(ishoej), cv1::STANDING_FORMER);
  EXPECT_EQ(GetCase(ishoej, case_id)->responsible(), odense.id());
}

TEST_F(RestoredStoreTest, ADamagedRowKeepsNothingElseFromFollowing) {
  IshoejForgetsItsOffer();
  ishoej.Serve();
  world.Pass(absl::Seconds(10));
  for (const auto& [key, value] : std::map(ishoej.store().rows(Table::kCorrespondencesOut))) {
    if (key.find(odense.id()) == std::string::npos) continue;
    ASSERT_TRUE(
        ishoej.store()
            .Commit(exchange::Durability::kDurable, {{Table::kCorrespondencesOut, key, "\xff"}})
            .ok());
  }
  const auto followed = FollowAt(ishoej);
  ASSERT_TRUE(followed.carried_out()) << followed.text();
  EXPECT_THAT(followed.text(), HasSubstr("LOST (store.unreadable)"));
  EXPECT_FALSE(ishoej.engine().behind());
}

// What it answered it has forgotten. The holder keeps the case, whatever it was but a take-over.
TEST_F(RestoredStoreTest, AReceiverThatForgotItsDeclineDeclines) {
  const std::string id = OfferedToOdense();
  auto backup = odense.store().Snapshot();
  const auto keys = odense.keys().Snapshot();
  ASSERT_TRUE(Do(world, odense, "DeclineOffer", id).ok());
  GoBack(odense, std::move(backup));
  // Those that the erasure destroyed were in the copy too.
  odense.Crash();
  for (const auto& [unit, key] : keys->rows(exchange::Table::kKeys)) {
    ASSERT_TRUE(odense.keys()
                    .Commit(exchange::Durability::kDurable, {{exchange::Table::kKeys, unit, key}})
                    .ok());
  }
  odense.Start();
  ASSERT_TRUE(FollowAt(odense).carried_out());
  EXPECT_NE(RuleOf(Do(world, odense, "TakeOverCase", id).status()), "");
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(ishoej, id)->stage(), hv1::HANDOVER_STAGE_OFFER_DECLINED);
  EXPECT_EQ(StandingAt(ishoej), cv1::STANDING_RESPONSIBLE);
  EXPECT_FALSE(GetCase(odense, case_id).ok());
}

TEST_F(RestoredStoreTest, WhatCannotBeHadBackIsListed) {
  auto backup = odense.store().Snapshot();
  const std::string id = OfferedToOdense();
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  world.broker.Wipe();
  GoBack(odense, std::move(backup));
  const auto followed = FollowAt(odense);
  EXPECT_TRUE(followed.carried_out());
  EXPECT_THAT(followed.text(), HasSubstr("LOST (recovery.lost): what was about " + id));
}

// The offer that came back to it is gone, so that it cannot know what it took over.
TEST_F(RestoredStoreTest, AFormerHolderThatForgotThatItTookTheCaseBackIsToldThatThisIsLost) {
  const std::string id = OfferedToOdense();
  TakeOver(id);
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, ishoej, "AcknowledgeHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  std::string back;
  Forgets(ishoej, [&] {
    back = Offered(world, odense, case_id, ishoej);
    ASSERT_TRUE(world.Settle());
    ASSERT_TRUE(Do(world, ishoej, "TakeOverCase", back).ok());
    ASSERT_TRUE(world.Settle());
    world.broker.Wipe();
  });
  const auto followed = FollowAt(ishoej);
  EXPECT_TRUE(followed.carried_out());
  EXPECT_THAT(followed.text(), HasSubstr("LOST (recovery.lost): what was about " + back));
  EXPECT_EQ(StandingAt(ishoej), cv1::STANDING_FORMER);
}

TEST_F(RestoredStoreTest, ASafetyActGoesOnceTheStoreHasFollowed) {
  Node& police = AskedPolice();
  Forgets(police, [&] { ASSERT_EQ(Assess(police, "first").refusal.reason, ""); });
  world.Pass(absl::Seconds(5));
  ASSERT_EQ(Assess(police, "second").refusal.reason, "");
  ASSERT_TRUE(FollowAt(police).carried_out());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(police.unreceipted(), 0U);
}

TEST_F(RestoredStoreTest, AnEmptyStoreThatFollowsGoesOnWithItsCheckpoints) {
  NameWitnesses(ishoej, {nec.id(), odense.id()});
  world.Pass(absl::Hours(25));
  ASSERT_TRUE(world.Settle());
  const std::size_t kept = KeptBy(nec, ishoej);
  ishoej.Restore(std::make_unique<adapters::MemoryStore>());
  ASSERT_TRUE(FollowAt(ishoej).carried_out());
  EXPECT_FALSE(ishoej.engine().behind());
  world.Pass(absl::Hours(25));
  ASSERT_TRUE(world.Settle());
  EXPECT_GT(KeptBy(nec, ishoej), kept);
  Restart(ishoej);
  world.Pass(absl::Seconds(10));
  EXPECT_FALSE(ishoej.engine().behind());
}

TEST_F(RestoredStoreTest, NobodyFollowsWhoIsNotBehindOrHasNotHeardAll) {
  EXPECT_THAT(FollowAt(ishoej).text(), HasSubstr("recovery.not_behind"));
  auto backup = ishoej.store().Snapshot();
  ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok());
  ASSERT_TRUE(world.Settle());
  odense.Crash();
  ishoej.Restore(std::move(backup));
  const auto refused = FollowAt(ishoej);
  EXPECT_THAT(refused.text(), HasSubstr("recovery.unheard"));
  EXPECT_THAT(refused.text(), HasSubstr(odense.id()));
}

}  // namespace
}  // namespace exitbus::simulation
