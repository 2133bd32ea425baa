// The central pool, between applicants and the contact point: the way through, what becomes of an
// application whose case moves or is erased, who is late.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/civil_time.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/pool_world.h"

namespace exitbus::simulation {
namespace {

namespace lv1 = pool::v1;
using testing::IsEmpty;

class PoolTest : public testing::Test, protected PoolWorld {
 protected:
  PoolTest() : case_id(EnrolledCase(world, ishoej)) { EXPECT_TRUE(world.Settle()); }

  // Of Ishøj's case, and at the desk.
  std::string Applied(std::uint64_t applied_dkk = 24000) {
    const auto id = Apply(ishoej, case_id, applied_dkk);
    EXPECT_TRUE(id.ok()) << id.status();
    EXPECT_TRUE(world.Settle());
    return id.value_or("");
  }
  std::string Paid(std::uint64_t dkk = 24000) {
    const std::string id = Applied(dkk);
    EXPECT_TRUE(Treat(id).ok());
    EXPECT_TRUE(Grant(id, dkk).ok());
    EXPECT_TRUE(Pay(id, dkk).ok());
    EXPECT_TRUE(world.Settle());
    return id;
  }

  // Alarms of what the contact point has not done in time.
  static std::size_t OfTheDesk(Node& node) {
    return node.telemetry().LinesOf("pool.contact_point_overdue").size();
  }
  absl::Time NextYear() {
    const absl::CivilHour danish_midnight(ThisYear() + 1, 1, 1);
    return absl::FromCivil(danish_midnight - 1, absl::UTCTimeZone());
  }

  const std::string case_id;
};

TEST_F(PoolTest, AnApplicationGoesFromGrantToAccount) {
  const std::string id = Applied(30000);
  EXPECT_EQ(Budget().budget_dkk(), 2'000'000U) << "opened by its first application";
  EXPECT_EQ(Budget().undecided_dkk(), 30'000U);
  ASSERT_TRUE(Treat(id).ok());
  EXPECT_EQ(At(ishoej, id).stage(), lv1::POOL_STAGE_SUBMITTED) << "that it is treated is not told";
  ASSERT_TRUE(Grant(id, 25000, lv1::POOL_REFUSAL_CODE_COST_TOO_HIGH).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(At(ishoej, id).stage(), lv1::POOL_STAGE_PARTLY_GRANTED);
  EXPECT_EQ(At(ishoej, id).granted_dkk(), 25'000U);
  EXPECT_EQ(Budget().committed_dkk(), 25'000U);
  ASSERT_TRUE(Pay(id, 24000).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(At(ishoej, id).paid_dkk(), 24'000U);
  EXPECT_EQ(Budget().committed_dkk(), 24'000U) << "what was granted beyond it is free again";
  EXPECT_EQ(exchange::FromProto(At(ishoej, id).due()), exchange::FromProto(At(desk, id).due()));
  ASSERT_TRUE(ReturnAccount(ishoej, id, 20000).ok());
  ASSERT_TRUE(ReturnAccount(ishoej, id, 19000).ok()) << "until it is accepted";
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(At(desk, id).spent_dkk(), 19'000U);
  EXPECT_EQ(Budget().committed_dkk(), 24'000U) << "not accepted yet";
  ASSERT_TRUE(Accept(id).ok());
  ASSERT_TRUE(world.Settle());
  for (Node* node : {&ishoej, &desk}) {
    EXPECT_EQ(At(*node, id).stage(), lv1::POOL_STAGE_CLOSED);
    EXPECT_EQ(At(*node, id).spent_dkk(), 19'000U);
  }
  EXPECT_EQ(Budget().committed_dkk(), 19'000U);
  EXPECT_EQ(Budget().spent_dkk(), 19'000U);
  ExpectSound();
}

TEST_F(PoolTest, APrisonHearsWhatWasDecidedAsAMunicipalityDoes) {
  const std::string theirs = EnrolledCase(world, prison, "6101900002");
  ASSERT_TRUE(world.Settle());
  const auto id = Apply(prison, theirs, 24000);
  ASSERT_TRUE(id.ok()) << id.status();
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Treat(*id).ok());
  ASSERT_TRUE(Refuse(*id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(At(prison, *id).stage(), lv1::POOL_STAGE_REFUSED);
  EXPECT_EQ(At(prison, *id).refusal(), lv1::POOL_REFUSAL_CODE_NOT_COVERED);
  ExpectSound();
}

TEST_F(PoolTest, WhatTheYearHasNotLeftIsNotGranted) {
  ASSERT_TRUE(OpenYear(50'000).ok());
  EXPECT_EQ(RuleOf(OpenYear(50'000)), "budget.year_open");
  const std::string first = Applied(30000);
  const std::string second = Applied(30000);
  for (const std::string& id : {first, second}) ASSERT_TRUE(Treat(id).ok());
  ASSERT_TRUE(Grant(first, 30000).ok());
  EXPECT_EQ(RuleOf(Grant(second, 30000)), "budget.overspent");
  EXPECT_EQ(RuleOf(SetBudget(29'999)), "budget.below_committed");
  ASSERT_TRUE(Grant(second, 20000, lv1::POOL_REFUSAL_CODE_BUDGET_EXHAUSTED).ok());
  EXPECT_EQ(Budget().left_dkk(), 0U);
  ASSERT_TRUE(world.Settle());
  ExpectSound();
}

TEST_F(PoolTest, WithdrawnMoneyIsFreeAgain) {
  ASSERT_TRUE(OpenYear(24'000).ok());
  const std::string id = Applied();
  ASSERT_TRUE(Treat(id).ok());
  ASSERT_TRUE(Grant(id, 24000).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(WithdrawApplication(ishoej, id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Budget().left_dkk(), 24'000U);
  EXPECT_EQ(RuleOf(Pay(id, 24000)), "pool.withdrawn");
  ExpectSound();
}

TEST_F(PoolTest, AnApplicationStaysWithWhoApplied) {
  const std::string id = Applied();
  MovedTo(odense, case_id);
  ASSERT_TRUE(Treat(id).ok());
  ASSERT_TRUE(Grant(id, 24000).ok());
  ASSERT_TRUE(Pay(id, 24000).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(At(ishoej, id).stage(), lv1::POOL_STAGE_PAID);
  EXPECT_EQ(At(odense, id).application_id(), "");
  lv1::ListPoolApplicationsRequest all;
  EXPECT_THAT(odense
                  .Call<lv1::ListPoolApplicationsResponse>(
                      absl::StrCat(kPoolService, "ListPoolApplications"), all)
                  ->applications(),
              IsEmpty());
  ASSERT_TRUE(ReturnAccount(ishoej, id, 24000).ok());
  EXPECT_EQ(RuleOf(Apply(ishoej, case_id, 1).status()), "case.not_responsible");
  EXPECT_TRUE(Apply(odense, case_id, 1).ok());
  ASSERT_TRUE(world.Settle());
  ExpectSound();
}

TEST_F(PoolTest, ACaseIsErasedOnceItsApplicationsAreOver) {
  const std::string open = Applied();
  const std::string paid = Paid();
  ASSERT_TRUE(Withdraw(ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(RuleOf(Erase(ishoej, case_id).status()), "erasure.pool_application_open");
  ASSERT_TRUE(WithdrawApplication(ishoej, open).ok());
  EXPECT_EQ(RuleOf(Erase(ishoej, case_id).status()), "erasure.pool_application_open");
  ASSERT_TRUE(ReturnAccount(ishoej, paid, 10000).ok());
  ASSERT_TRUE(Erase(ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(At(ishoej, paid).application_id(), "");
  ASSERT_TRUE(Accept(paid).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Budget().committed_dkk(), 10'000U) << "the accounts stay";
  EXPECT_THAT(PlantedAt(desk), IsEmpty());
  ExpectSound();
}

// Nor where it came back: what was applied for before it was handed on is in an older file.
TEST_F(PoolTest, ACaseThatCameBackIsErasedOnceItsEarlierApplicationsAreOver) {
  const std::string id = Applied();
  MovedTo(odense, case_id);
  ASSERT_TRUE(world.Settle());
  const std::string back = Offered(world, odense, case_id, ishoej);
  ASSERT_TRUE(Do(world, ishoej, "TakeOverCase", back).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Withdraw(ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(RuleOf(Erase(ishoej, case_id).status()), "erasure.pool_application_open");
  ASSERT_TRUE(WithdrawApplication(ishoej, id).ok());
  EXPECT_TRUE(Erase(ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  ExpectSound();
}

// An account that waits until the contact point is listed outlives the case, as any other does, and
// goes to the one that was applied to.
TEST_F(PoolTest, AnAccountForWhoIsNotListedOutlivesAnErasure) {
  const std::string id = Paid();
  ASSERT_TRUE(Withdraw(ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  const exchange::DirectoryEntry listed = *world.directory.Find(desk.id());
  world.directory.Remove(desk.id());
  ASSERT_TRUE(ReturnAccount(ishoej, id, 4000).ok());
  ASSERT_TRUE(Erase(ishoej, case_id).ok());
  world.Pass(absl::Seconds(5));
  world.directory.Put(listed);
  world.Pass(absl::Seconds(5));
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(At(desk, id).spent_dkk(), 4'000U);
  ExpectSound();
}

// Its correspondence says nothing that would tell the contact point which ones are one person's.
TEST_F(PoolTest, AFormerHolderThatErasesTellsThePoolNothing) {
  const std::string granted = Applied();
  const std::string paid = Paid();
  ASSERT_TRUE(Treat(granted).ok());
  ASSERT_TRUE(Grant(granted, 24000).ok());
  ASSERT_TRUE(world.Settle());
  MovedTo(odense, case_id);
  ASSERT_TRUE(Withdraw(odense, case_id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Erase(odense, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(At(ishoej, granted).application_id(), "");
  EXPECT_EQ(At(desk, granted).stage(), lv1::POOL_STAGE_GRANTED);
  EXPECT_EQ(At(desk, paid).stage(), lv1::POOL_STAGE_PAID);
  ASSERT_TRUE(Pay(granted, 1000).ok()) << "what is told finds the tombstone";
  EXPECT_EQ(RuleOf(GiveUp(paid)), "pool.account_not_due");
  world.Skip(absl::Hours(24 * 100));
  EXPECT_TRUE(At(desk, paid).overdue());
  ASSERT_TRUE(GiveUp(paid).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_FALSE(At(desk, paid).has_spent_dkk()) << "unknown is unknown";
  EXPECT_EQ(Budget().committed_dkk(), 25'000U);
  ExpectSound();
}

TEST_F(PoolTest, AnAccountAfterTheGivingUpIsTakenToo) {
  const std::string id = Paid();
  world.Skip(absl::Hours(24 * 100));
  ASSERT_TRUE(GiveUp(id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(At(ishoej, id).stage(), lv1::POOL_STAGE_CLOSED);
  ASSERT_TRUE(ReturnAccount(ishoej, id, 4000).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Accept(id).ok());
  ASSERT_TRUE(world.Settle());
  for (Node* node : {&ishoej, &desk}) EXPECT_EQ(At(*node, id).spent_dkk(), 4'000U) << node->id();
  EXPECT_EQ(RuleOf(ReturnAccount(ishoej, id, 3000)), "pool.ended");
  ExpectSound();
}

TEST_F(PoolTest, AnAccountThatCrossesTheGivingUpIsTakenAllTheSame) {
  const std::string id = Paid();
  world.Skip(absl::Hours(24 * 100));
  ASSERT_TRUE(GiveUp(id).ok());
  ASSERT_TRUE(ReturnAccount(ishoej, id, 4000).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(At(desk, id).stage(), lv1::POOL_STAGE_ACCOUNT_RECEIVED);
  ASSERT_TRUE(Accept(id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(At(ishoej, id).stage(), lv1::POOL_STAGE_CLOSED);
  EXPECT_EQ(Budget().spent_dkk(), 4'000U);
  ExpectSound();
}

// What the desk does not take is answered, and a withdrawal that crosses the answer changes
// nothing.
TEST_F(PoolTest, WhatComesTooLateForItsYearIsAnswered) {
  world.Skip(NextYear() - world.domain_clock.Now() - absl::Minutes(20));
  ASSERT_TRUE(world.Settle());
  world.Mute(ishoej, {"relocation"});
  const auto answered = Apply(ishoej, case_id, 24000);
  const auto withdrawn = Apply(ishoej, case_id, 24000);
  ASSERT_TRUE(answered.ok() && withdrawn.ok());
  ASSERT_TRUE(WithdrawApplication(ishoej, *withdrawn).ok());
  world.Skip(absl::Hours(24 * 40));
  ASSERT_TRUE(world.Heal());
  EXPECT_EQ(At(ishoej, *answered).stage(), lv1::POOL_STAGE_REFUSED);
  EXPECT_EQ(At(ishoej, *answered).refusal(), lv1::POOL_REFUSAL_CODE_YEAR_NOT_OPEN);
  EXPECT_EQ(At(ishoej, *withdrawn).stage(), lv1::POOL_STAGE_WITHDRAWN);
  EXPECT_EQ(At(desk, *answered).application_id(), "");
  for (Node* node : {&ishoej, &desk}) {
    EXPECT_THAT(node->telemetry().LinesOf("letter.refused"), IsEmpty()) << node->id();
  }
}

TEST_F(PoolTest, WhoIsLateIsShownAndAlarmed) {
  const std::string id = Applied();
  EXPECT_FALSE(At(desk, id).overdue());
  world.Skip(absl::Hours(24 * 30));
  for (Node* node : {&ishoej, &desk}) {
    EXPECT_TRUE(At(*node, id).overdue()) << node->id();
    EXPECT_EQ(OfTheDesk(*node), 1U) << node->id();
  }
  ASSERT_TRUE(Treat(id).ok());
  ASSERT_TRUE(Grant(id, 24000).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_FALSE(At(ishoej, id).overdue());
  world.Skip(absl::Hours(24 * 30));
  for (Node* node : {&ishoej, &desk}) {
    EXPECT_TRUE(At(*node, id).overdue()) << node->id() << ": the payment";
    EXPECT_EQ(OfTheDesk(*node), 2U) << node->id();
  }
  ASSERT_TRUE(Pay(id, 24000).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_FALSE(At(ishoej, id).overdue());
  world.Skip(absl::Hours(24 * 100));
  for (Node* node : {&ishoej, &desk}) {
    EXPECT_TRUE(At(*node, id).overdue()) << node->id();
    EXPECT_EQ(node->telemetry().LinesOf("pool.account_overdue").size(), 1U) << node->id();
  }
  ASSERT_TRUE(ReturnAccount(ishoej, id, 1).ok());
  ASSERT_TRUE(world.Settle());
  const auto due = exchange::FromProto(At(desk, id).due());
  world.Skip(absl::Hours(24 * 10));
  ASSERT_TRUE(ReturnAccount(ishoej, id, 2).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(exchange::FromProto(At(desk, id).due()), due) << "another account puts off nothing";
  world.Skip(absl::Hours(24 * 30));
  for (Node* node : {&ishoej, &desk}) {
    EXPECT_TRUE(At(*node, id).overdue()) << node->id() << ": that it is accepted";
    EXPECT_EQ(OfTheDesk(*node), 3U) << node->id();
  }
  ASSERT_TRUE(Accept(id).ok());
  ASSERT_TRUE(world.Settle());
  for (Node* node : {&ishoej, &desk}) EXPECT_FALSE(At(*node, id).has_due()) << node->id();
}

}  // namespace
}  // namespace exitbus::simulation
