// NEC's overview: by whose word an entry is what it is, and how many persons are in exit where and
// when.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/simulation/overview_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace nv1 = nec::v1;
using testing::ElementsAre;

class OverviewTest : public testing::Test, protected OverviewWorld {};

TEST_F(OverviewTest, AnEntrySaysByWhoseWordItIsWhatItIs) {
  const std::string id = EnrolledCase(world, ishoej);
  cv1::CorrectCaseRequest correction;
  correction.set_case_id(id);
  correction.mutable_person()->set_name("Right Name");
  ASSERT_TRUE(Correct(world, ishoej, correction).ok());
  MovedTo(odense, id);
  ASSERT_TRUE(Withdraw(odense, id).ok());
  ASSERT_TRUE(world.Settle());
  std::vector<std::string> said;
  const auto entry = OnlyEntry(nec);
  ASSERT_TRUE(entry.ok()) << entry.status();
  for (const nv1::Provenance& each : entry->provenance()) {
    said.push_back(absl::StrCat(nv1::EntryFact_Name(each.fact()).substr(sizeof("ENTRY_FACT")), " ",
                                each.authority(), " ", each.responsibility_number(),
                                each.correction_id().empty() ? "" : " corrects",
                                each.categories_size() == 1 ? " the name" : ""));
    EXPECT_GT(each.since().seconds(), 0);
    EXPECT_GE(each.learnt().seconds(), each.since().seconds());
  }
  EXPECT_THAT(said,
              ElementsAre("VISITED municipality-0183 1", "AGREEMENT_SIGNED municipality-0183 1",
                          "CORRECTED municipality-0183 1 corrects the name",
                          "TAKEN_OVER municipality-0461 2", "WITHDRAWN municipality-0461 2"));
  EXPECT_EQ(entry->provenance(1).agreement_version(), 1U);
}

// N-19: who is released is counted once, by the prison until it is taken over and by the
// municipality from that day on.
TEST_F(OverviewTest, APersonIsOnOneSideOfThePrisonsWallAtATime) {
  const absl::Time before = Now() - absl::Hours(48);
  const std::string id = EnrolledCase(world, prison);
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Count(), "1: 1469 0+1");
  const absl::Time inside = Now();
  world.Skip(absl::Hours(72));
  const std::string handover = Offered(world, prison, id, odense);
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Count(), "1: 1469 0+1") << "an offer moves nothing";
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", handover).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Count(), "1: 1465 1+0");
  world.Skip(absl::Hours(72));
  const absl::Time outside = Now();
  ASSERT_TRUE(Withdraw(odense, id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Count(), "0:");

  for (const bool again : {false, true}) {
    if (again) {
      nec.Crash();
      nec.Start();
    }
    EXPECT_EQ(CountAt(before), "0:");
    EXPECT_EQ(CountAt(inside), "1: 1469 0+1");
    EXPECT_EQ(CountAt(outside - absl::Hours(24)), "1: 1465 1+0");
  }
  EXPECT_EQ(Count(), "0:");
  EXPECT_EQ(RuleOf(Counted(Now() + absl::Hours(1)).status()), "overview.as_of_future");
}

TEST_F(OverviewTest, WhoIsErasedCountsInNoYear) {
  const std::string id = EnrolledCase(world, ishoej);
  EnrolledCase(world, odense, kAnother);
  ASSERT_TRUE(world.Settle());
  world.Skip(absl::Hours(48));
  const absl::Time then = Now() - absl::Hours(24);
  EXPECT_EQ(CountAt(then), "2: 1465 1+0 1469 1+0");
  Erased(ishoej, id);
  EXPECT_EQ(CountAt(then), "1: 1465 1+0");
  EXPECT_EQ(Counted(then)->erased_entries(), 1U);
}

// A figure shows nobody.
TEST_F(OverviewTest, ACountStandsInNobodysAccount) {
  EnrolledCase(world, ishoej);
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Count(), "1: 1469 1+0");
  nv1::GetAccountRequest request;
  request.set_overview_id(OnlyEntry(nec)->overview_id());
  const auto account =
      nec.Call<nv1::GetAccountResponse>(absl::StrCat(kOverview, "GetAccount"), request);
  ASSERT_TRUE(account.ok()) << account.status();
  ASSERT_EQ(account->entries_size(), 1);
  EXPECT_EQ(account->entries(0).kind(), absl::StrCat(kOverview, "ListEntries"));
}

// One entry that cannot be read would make any figure a wrong one.
TEST_F(OverviewTest, NothingIsCountedWhereAnEntryCannotBeRead) {
  EnrolledCase(world, ishoej);
  EnrolledCase(world, odense, kAnother);
  ASSERT_TRUE(world.Settle());
  nec.Crash();
  for (const auto& [key, value] : nec.store().rows(exchange::Table::kStates)) {
    if (!key.starts_with("entry/")) continue;
    ASSERT_TRUE(
        nec.store()
            .Commit(exchange::Durability::kDurable, {{exchange::Table::kStates, key, "\xff"}})
            .ok());
    break;
  }
  nec.Start();
  EXPECT_EQ(RuleOf(Counted(Now()).status()), "store.unreadable");
}

}  // namespace
}  // namespace exitbus::simulation
