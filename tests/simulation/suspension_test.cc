// An authority that is suspended and comes back, and one that is removed.
#include <gtest/gtest.h>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/sealing.h"
#include "services/exchange/statements.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace dv1 = directory::v1;
namespace pv1 = policy::v1;

constexpr auto kInService = dv1::AUTHORITY_STATUS_UNSPECIFIED;
constexpr auto kSuspended = dv1::AUTHORITY_STATUS_SUSPENDED;
constexpr auto kRemoved = dv1::AUTHORITY_STATUS_REMOVED;

class SuspensionTest : public testing::Test {
 protected:
  SuspensionTest() : case_id(EnrolledCase(world, ishoej)) { EXPECT_TRUE(world.Settle()); }

  static double Held(Node& node, const char* membership) {
    return node.telemetry().Gauge("outbox.paused", {{"membership", membership}});
  }
  absl::Status OpenCase(Node& node) {
    cv1::OpenCaseRequest open;
    open.set_request_id(world.RequestId());
    open.mutable_person()->set_cpr_number("6101900009");
    open.mutable_person()->set_name("Canary Other");
    return node.Call<cv1::OpenCaseResponse>("exitbus.casework.v1.CaseService.OpenCase", open)
        .status();
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  std::string case_id;
};

TEST_F(SuspensionTest, WhatIsMeantForASuspendedAuthorityWaitsInOrderAndGoesOnItsReturn) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  odense.SetStatus(kSuspended);
  const std::size_t before = odense.Received(pv1::CHANNEL_HANDOVER).size();
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  world.Pass(absl::Hours(48));
  const std::size_t waiting = ishoej.unreceipted();
  EXPECT_GE(waiting, 2U);  // dossier and offer
  EXPECT_EQ(odense.Received(pv1::CHANNEL_HANDOVER).size(), before) << "nothing was published";
  EXPECT_EQ(Held(ishoej, "suspended"), static_cast<double>(waiting));
  EXPECT_EQ(ishoej.telemetry().Gauge("outbox.oldest_age_seconds", {}), 0) << "nobody's fault";

  odense.SetStatus(kInService);
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(ishoej.unreceipted(), 0U);
  EXPECT_EQ(Held(ishoej, "suspended"), 0);
  EXPECT_EQ(GetHandover(odense, id)->stage(), handover::v1::HANDOVER_STAGE_OFFERED);
  EXPECT_EQ(odense.telemetry().Total("correspondences.stopped"), 0);
}

// Records that a peer names and was never sent are not looked for among what others wait for.
TEST_F(SuspensionTest, WhatAPeerCouldNotOpenCostsNothingOfAnother) {
  Node& aarhus = world.Municipality("0751");
  const std::string id = Accepted(world, ishoej, case_id, odense);
  odense.SetStatus(kSuspended);
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  world.Pass(absl::Seconds(5));
  ASSERT_GE(ishoej.unreceipted(), 2U);
  for (const char* record_id : {"", "none of ours"}) {
    exchange::v1::Packet packet;
    for (int i = 0; i < 100; ++i) packet.mutable_receipts()->add_failed()->set_record_id(record_id);
    const std::int64_t before = ishoej.store().rows_read();
    world.broker.Append(exchange::SealRecord(
        aarhus.environment(), *world.directory.Find(ishoej.id()), pv1::CHANNEL_RECEIPT, packet));
    world.executor.RunUntilIdle();
    EXPECT_LT(ishoej.store().rows_read() - before, 20) << record_id;
  }
}

TEST_F(SuspensionTest, ASuspendedAuthorityGoesOnByItselfAndIsHeardOnItsReturn) {
  const std::string id = Request(world, ishoej, case_id, odense)->handover_id();
  ASSERT_TRUE(world.Settle());
  odense.SetStatus(kSuspended);
  const std::size_t before = ishoej.Received(pv1::CHANNEL_HANDOVER).size();
  ASSERT_TRUE(Do(world, odense, "AgreeTerms", id).ok());
  EXPECT_TRUE(OpenCase(odense).ok());
  world.Pass(absl::Hours(3));
  EXPECT_EQ(ishoej.Received(pv1::CHANNEL_HANDOVER).size(), before);
  EXPECT_EQ(Held(odense, "own"), static_cast<double>(odense.unreceipted()));
  odense.SetStatus(kInService);
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(odense.unreceipted(), 0U);
  EXPECT_EQ(GetHandover(ishoej, id)->stage(), handover::v1::HANDOVER_STAGE_TERMS_COORDINATED);
}

TEST_F(SuspensionTest, WhatASuspendedAuthoritySendsIsDroppedUnansweredAndComesAgain) {
  const std::string id = Request(world, ishoej, case_id, odense)->handover_id();
  ASSERT_TRUE(world.Settle());
  ishoej.Crash();
  ASSERT_TRUE(Do(world, odense, "AgreeTerms", id).ok());
  world.Pass(absl::Seconds(1));  // published before it was suspended, read after
  odense.SetStatus(kSuspended);
  const std::size_t receipts = odense.Received(pv1::CHANNEL_RECEIPT).size();
  ishoej.Start();
  world.Pass(absl::Hours(3));
  EXPECT_GE(ishoej.telemetry().Total("records.dropped", {{"reason", "sender_suspended"}}), 1);
  EXPECT_EQ(ishoej.telemetry().Total("dead_letters"), 0);
  EXPECT_EQ(odense.Received(pv1::CHANNEL_RECEIPT).size(), receipts);
  EXPECT_EQ(GetHandover(ishoej, id)->stage(), handover::v1::HANDOVER_STAGE_REQUESTED);
  odense.SetStatus(kInService);
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(GetHandover(ishoej, id)->stage(), handover::v1::HANDOVER_STAGE_TERMS_COORDINATED);
}

TEST_F(SuspensionTest, WhatARemovedAuthorityHadSentIsDroppedUnanswered) {
  const std::string id = Request(world, ishoej, case_id, odense)->handover_id();
  ASSERT_TRUE(world.Settle());
  ishoej.Crash();
  ASSERT_TRUE(Do(world, odense, "AgreeTerms", id).ok());
  world.Pass(absl::Seconds(1));  // published before it was removed, read after
  odense.SetStatus(kRemoved);
  ishoej.Start();
  world.Pass(absl::Hours(3));
  EXPECT_GE(ishoej.telemetry().Total("records.dropped", {{"reason", "sender_removed"}}), 1);
  EXPECT_EQ(GetHandover(ishoej, id)->stage(), handover::v1::HANDOVER_STAGE_REQUESTED);
}

TEST_F(SuspensionTest, WhatIsMeantForWhoIsNotListedWaitsForTheListing) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  const auto listed = world.directory.Find(odense.id());
  world.broker.Stop();
  ASSERT_TRUE(Do(world, ishoej, "RecallHandover", id).ok());
  world.directory.Remove(odense.id());
  world.broker.Start();
  world.Pass(absl::Minutes(1));
  const auto lines = ishoej.telemetry().LinesOf("relay.not_sent");
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.back().fields, (exchange::Labels{{"why", "not_listed"}}));
  world.directory.Put(*listed);
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(odense, id)->stage(), handover::v1::HANDOVER_STAGE_RECALLED);
}

TEST_F(SuspensionTest, WhatMayNoLongerGoIsWithheldOnTheReturn) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  odense.SetStatus(kSuspended);
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  cv1::RevokeConsentRequest revoke;
  revoke.set_request_id(world.RequestId());
  revoke.set_case_id(case_id);
  const auto revoked = ishoej.Call<cv1::RevokeConsentResponse>(
      "exitbus.casework.v1.CaseService.RevokeConsent", revoke);
  ASSERT_TRUE(revoked.ok()) << revoked.status();
  odense.SetStatus(kInService);
  ASSERT_TRUE(world.Settle());
  int withheld = 0;
  for (const auto& [key, value] : odense.store().rows(exchange::Table::kInbox)) {
    store::v1::InboxRow row;
    row.ParseFromString(value);
    withheld += row.outcome() == "withheld";
  }
  EXPECT_GE(withheld, 1);
}

TEST_F(SuspensionTest, ASuspensionOutlivesRestarts) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  odense.SetStatus(kSuspended);
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  const std::size_t before = odense.Received(pv1::CHANNEL_HANDOVER).size();
  for (Node* node : {&ishoej, &odense}) {
    node->Crash();
    node->Start();
  }
  world.broker.Stop();
  world.broker.Start();
  world.Pass(absl::Hours(2));
  EXPECT_EQ(odense.Received(pv1::CHANNEL_HANDOVER).size(), before);
  odense.SetStatus(kInService);
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(odense, id)->stage(), handover::v1::HANDOVER_STAGE_OFFERED);
}

TEST_F(SuspensionTest, NobodyIsAskedWhoCouldNotAnswer) {
  odense.SetStatus(kSuspended);
  EXPECT_EQ(RuleOf(Request(world, ishoej, case_id, odense).status()),
            "handover.receiver_suspended");
  odense.SetStatus(kRemoved);
  EXPECT_EQ(RuleOf(Request(world, ishoej, case_id, odense).status()), "handover.receiver_removed");
  odense.SetStatus(kInService);
  EXPECT_TRUE(Request(world, ishoej, case_id, odense).ok());
}

// What it is offered it could neither take over nor decline.
TEST_F(SuspensionTest, WhoIsRemovedAfterItsAcceptanceIsOfferedNothing) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  odense.SetStatus(kRemoved);
  EXPECT_EQ(RuleOf(Do(world, ishoej, "OfferHandover", id).status()), "handover.receiver_removed");
  Node& aarhus = world.Municipality("0751");
  ASSERT_TRUE(Do(world, ishoej, "RecallHandover", id).ok());
  EXPECT_TRUE(Request(world, ishoej, case_id, aarhus).ok());
}

TEST_F(SuspensionTest, ARemovedAuthorityIsSentNothingAndWhatIsMeantForItIsKept) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  odense.SetStatus(kRemoved);
  ASSERT_TRUE(Do(world, ishoej, "RecallHandover", id).ok());
  const std::size_t before = odense.Received(pv1::CHANNEL_HANDOVER).size();
  world.Pass(absl::Hours(24));
  EXPECT_EQ(odense.Received(pv1::CHANNEL_HANDOVER).size(), before);
  EXPECT_EQ(ishoej.unreceipted(), 1U);
  EXPECT_EQ(Held(ishoej, "removed"), 1);
}

TEST_F(SuspensionTest, ARemovedAuthoritysProcessAnswersReadsAndRefusesChanges) {
  EXPECT_TRUE(OpenCase(ishoej).ok());
  ishoej.SetStatus(kRemoved);
  EXPECT_TRUE(GetCase(ishoej, case_id).ok());
  EXPECT_EQ(RuleOf(OpenCase(ishoej)), "authority.removed");
}

TEST_F(SuspensionTest, WhoIsNoLongerListedStillKeepsItsOwnDeadlines) {
  world.ContactPoint();
  const auto requested = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(requested.ok()) << requested.status();
  ASSERT_TRUE(world.Settle());
  const auto listed = world.directory.Find(ishoej.id());
  world.directory.Remove(ishoej.id());
  world.Skip(absl::Hours(24 * 14));
  world.directory.Put(*listed);
  EXPECT_TRUE(GetHandover(ishoej, requested->handover_id())->escalated());
}

TEST_F(SuspensionTest, ARemovedAuthoritysKeyStillVerifiesWhatItSigned) {
  exchange::v1::Statement statement;
  statement.mutable_opening()->set_case_id(case_id);
  statement.mutable_opening()->set_holder(ishoej.id());
  *statement.mutable_opening()->mutable_instant() = exchange::ToProto(world.clock.Now());
  const std::string signed_before =
      exchange::KeyedStatements(&ishoej.environment()).Sign(statement);
  ishoej.SetStatus(kRemoved);
  EXPECT_TRUE(exchange::KeyedStatements(&odense.environment())
                  .Verified(signed_before, ishoej.id())
                  .has_value());
}

}  // namespace
}  // namespace exitbus::simulation
