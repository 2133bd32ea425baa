// A medium that fails for a while: what could not be kept was never decided, and stands in nobody
// else's route.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/erasure_service.pb.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
using exchange::Table;

constexpr char kOpenCase[] = "exitbus.casework.v1.CaseService.OpenCase";

cv1::OpenCaseRequest OpenRequest(const std::string& request_id) {
  cv1::OpenCaseRequest request;
  request.set_request_id(request_id);
  request.mutable_person()->set_cpr_number("6101900002");
  request.mutable_person()->set_name("Canary Name");
  request.set_legal_basis(policy::v1::LEGAL_BASIS_FVL28);
  return request;
}

TEST(StoreTest, AKeyThatCouldNotBeKeptGoesWithItsCommand) {
  World world;
  Node& ishoej = world.Municipality("0183");
  const std::string case_id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(world.Settle());
  const std::size_t keys = ishoej.keys().rows(Table::kKeys).size();
  ishoej.keys().FailCommitsAfter(0);
  const auto refused = ishoej.Call<cv1::OpenCaseResponse>(kOpenCase, OpenRequest("the-same"));
  EXPECT_TRUE(absl::IsUnavailable(refused.status())) << refused.status();
  // A read needs no new key, and neither does a change of a case that has one.
  EXPECT_TRUE(GetCase(ishoej, case_id).ok());
  EXPECT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  EXPECT_EQ(ishoej.keys().rows(Table::kKeys).size(), keys);
  ishoej.keys().AllowCommits();
  const auto opened = ishoej.Call<cv1::OpenCaseResponse>(kOpenCase, OpenRequest("the-same"));
  ASSERT_TRUE(opened.ok()) << opened.status();
  ishoej.Crash();
  ishoej.Start();
  ishoej.Serve();
  EXPECT_TRUE(GetCase(ishoej, opened->case_().case_id()).ok());
}

TEST(StoreTest, AKeyThatCouldNotBeDestroyedIsSoonTriedAgain) {
  World world;
  Node& ishoej = world.Municipality("0183");
  const auto opened = ishoej.Call<cv1::OpenCaseResponse>(kOpenCase, OpenRequest("open"));
  ASSERT_TRUE(opened.ok()) << opened.status();
  world.Pass(absl::Seconds(2));  // what it lists to NEC has a key, too
  const std::size_t keys = ishoej.keys().rows(Table::kKeys).size();
  ishoej.keys().FailCommitsAfter(0);
  cv1::EraseCaseRequest request;
  request.set_request_id("erase");
  request.set_case_id(opened->case_().case_id());
  request.set_reason(cv1::ERASURE_REASON_OPENED_BY_MISTAKE);
  const auto erased =
      ishoej.Call<cv1::EraseCaseResponse>("exitbus.casework.v1.ErasureService.EraseCase", request);
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_EQ(ishoej.keys().rows(Table::kKeys).size(), keys);
  EXPECT_EQ(ishoej.telemetry().Gauge("vault.keys_to_destroy", {}), 1);
  EXPECT_GT(ishoej.telemetry().Total("vault.destroy_failures"), 0);
  EXPECT_FALSE(ishoej.telemetry().LinesOf("vault.destroy_failed").empty());
  ishoej.keys().AllowCommits();
  world.Pass(absl::Minutes(1));
  EXPECT_EQ(ishoej.keys().rows(Table::kKeys).size(), keys - 1);
  EXPECT_EQ(ishoej.telemetry().Gauge("vault.keys_to_destroy", {}), 0);
}

TEST(StoreTest, WhatCouldNotBeCommittedIsSaidAndMayBeAskedForAgain) {
  World world;
  Node& ishoej = world.Municipality("0183");
  recovery::v1::Order order;
  order.set_order_id("order-1");
  order.set_authority(ishoej.id());
  order.set_operator_("operator-1");
  order.set_reason("the store was never put back");
  order.mutable_accept_unheard();
  ishoej.Serve();
  ishoej.store().FailCommitsAfter(0);
  const auto refused = ishoej.Call<cv1::OpenCaseResponse>(kOpenCase, OpenRequest("the-same"));
  EXPECT_EQ(RuleOf(refused.status()), "service.store_unavailable");
  EXPECT_FALSE(ishoej.telemetry().LinesOf("store.commit_failed").empty());
  EXPECT_THAT(ishoej.engine().TakeOrder(order).text(), testing::HasSubstr("store.commit_failed"));
  ishoej.store().AllowCommits();
  EXPECT_TRUE(ishoej.engine().TakeOrder(order).carried_out());
  EXPECT_TRUE(ishoej.Call<cv1::OpenCaseResponse>(kOpenCase, OpenRequest("the-same")).ok());
}

TEST(StoreTest, AnHourThatCouldNotBeKeptHouseInIsSaidAndTheNextOneDoesIt) {
  World world;
  Node& ishoej = world.Municipality("0183");
  ASSERT_TRUE(ishoej.Call<cv1::OpenCaseResponse>(kOpenCase, OpenRequest("open")).ok());
  ASSERT_FALSE(ishoej.store().rows(Table::kOutcomes).empty());
  world.Skip(absl::Hours(24 * 40));  // what came of the request need not be known any more
  ASSERT_FALSE(ishoej.store().rows(Table::kOutcomes).empty()) << "until the hour";
  ishoej.store().FailCommitsAfter(0);
  world.Pass(absl::Hours(1));
  EXPECT_FALSE(ishoej.telemetry().LinesOf("housekeeping.failed").empty());
  EXPECT_FALSE(ishoej.store().rows(Table::kOutcomes).empty());
  ishoej.store().AllowCommits();
  world.Pass(absl::Hours(1));
  EXPECT_TRUE(ishoej.store().rows(Table::kOutcomes).empty());
}

class FullDiskTest : public testing::Test {
 protected:
  absl::Status Withdraw() {
    cv1::RecordWithdrawalRequest request;
    request.set_request_id("withdraw");
    request.set_case_id(case_id);
    return ishoej
        .Call<cv1::RecordWithdrawalResponse>("exitbus.casework.v1.CaseService.RecordWithdrawal",
                                             request)
        .status();
  }
  absl::Status Acknowledge() {
    cv1::AcknowledgePrecautionsRequest request;
    request.set_request_id("acknowledge");
    request.set_case_id(case_id);
    request.set_version(1);
    return ishoej
        .Call<cv1::AcknowledgePrecautionsResponse>(
            "exitbus.casework.v1.CaseService.AcknowledgePrecautions", request)
        .status();
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  Node& police = world.Police("1469");
  const std::string case_id = EnrolledCase(world, ishoej);
};

TEST_F(FullDiskTest, ChangesAreRefusedByNameAndReadsGoOn) {
  ishoej.SetDiskFull(true);
  EXPECT_TRUE(GetCase(ishoej, case_id).ok());
  const absl::Status refused = Withdraw();
  EXPECT_TRUE(absl::IsUnavailable(refused));
  EXPECT_EQ(RuleOf(refused), "store.disk_full");
  EXPECT_EQ(GetCase(ishoej, case_id)->standing(), cv1::STANDING_RESPONSIBLE);
  ishoej.SetDiskFull(false);
  EXPECT_TRUE(Withdraw().ok());  // under the same request id
}

TEST_F(FullDiskTest, WhatProtectsPeopleGoesOnAtBothEnds) {
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  ishoej.SetDiskFull(true);
  police.SetDiskFull(true);
  ASSERT_TRUE(Assess(world, police, {"two at a time"}).ok());
  world.Pass(absl::Minutes(1));
  EXPECT_EQ(GetCase(ishoej, case_id)->security().precautions(0), "two at a time");
  ASSERT_TRUE(Acknowledge().ok());
  world.Pass(absl::Minutes(1));
  EXPECT_FALSE(OnlyFile(police)->precautions_recipients(0).acknowledged_by().empty());
}

TEST_F(FullDiskTest, OtherLettersWaitAndNoneIsLost) {
  odense.SetDiskFull(true);
  const auto requested = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(requested.ok()) << requested.status();
  world.Pass(absl::Minutes(5));
  EXPECT_FALSE(GetHandover(odense, requested->handover_id()).ok());
  odense.SetDiskFull(false);
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(GetHandover(odense, requested->handover_id()).ok());
}

TEST_F(FullDiskTest, ACommitThatFindsItFullSaysSo) {
  ishoej.store().FailCommitsBecauseFull();
  EXPECT_EQ(RuleOf(Withdraw()), "store.disk_full");
  ishoej.store().AllowCommits();
  EXPECT_TRUE(Withdraw().ok());
}

}  // namespace
}  // namespace exitbus::simulation
