// A whole case erased, across all authorities that were told of it: nothing readable is left, and
// all confirm.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework_journal/v1/journal.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "tests/simulation/erasure_world.h"
#include "tests/simulation/follower.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::vector<std::string> Ordered(const cv1::Erasure& erasure) {
  std::vector<std::string> authorities;
  for (const cv1::ErasureOrder& order : erasure.orders()) authorities.push_back(order.authority());
  return authorities;
}

class ErasureTest : public testing::Test, protected ErasureWorld {};

TEST_F(ErasureTest, ReachesEverybodyWhoWasToldAndTheyConfirm) {
  const std::string case_id = EnrolledCase(world, ishoej);
  Assessed(case_id);
  // A handover that came to nothing, and one that did not.
  const std::string failed = Accepted(world, ishoej, case_id, prison);
  ASSERT_TRUE(Do(world, prison, "RejectHandover", failed).ok());
  ASSERT_TRUE(world.Settle());
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Withdraw(odense, case_id).ok());
  ASSERT_TRUE(world.Settle());
  for (Node* node : {&ishoej, &odense, &vestegnen, &fyn}) {
    ASSERT_THAT(PlantedAt(*node), testing::Contains("Canary Name")) << node->id();
  }

  const auto erased = Erase(odense, case_id);
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_EQ(erased->case_id(), case_id);
  EXPECT_FALSE(erased->complete());
  EXPECT_THAT(PlantedAt(odense), IsEmpty()) << "at once";
  ASSERT_TRUE(world.Settle());
  ExpectNothingLeft();

  EXPECT_THAT(Ordered(ErasureAt(odense)),
              UnorderedElementsAre(nec.id(), fyn.id(), desk.id(), ishoej.id()));
  EXPECT_TRUE(ErasureAt(odense).ordered_by().empty());
  EXPECT_THAT(Ordered(ErasureAt(ishoej)), UnorderedElementsAre(vestegnen.id(), desk.id()));
  EXPECT_EQ(ErasureAt(ishoej).ordered_by(), odense.id());
  EXPECT_EQ(ErasureAt(ishoej).case_id(), case_id);
  EXPECT_EQ(ErasureAt(ishoej).reason(), cv1::ERASURE_REASON_CITIZENS_RIGHT);
  for (Node* node : {&ishoej, &odense}) {
    EXPECT_TRUE(absl::IsNotFound(GetCase(*node, case_id).status())) << node->id();
    EXPECT_TRUE(absl::IsNotFound(GetHandover(*node, id).status())) << node->id();
  }
}

TEST_F(ErasureTest, WaitsForAWithdrawalThatGoesAlongWithTheOffer) {
  const std::string case_id = EnrolledCase(world, ishoej);
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Withdraw(ishoej, case_id).ok());
  EXPECT_EQ(RuleOf(Erase(ishoej, case_id).status()), "erasure.case_not_ended");
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(RuleOf(Erase(ishoej, case_id).status()), "case.not_responsible");
  EXPECT_TRUE(Erase(odense, case_id).ok());
  EXPECT_TRUE(absl::IsNotFound(Erase(odense, case_id).status()));
  ExpectNothingLeft();
}

TEST_F(ErasureTest, OfACaseOpenedByMistakeNeedsNoWithdrawal) {
  cv1::OpenCaseRequest open;
  open.set_request_id(world.RequestId());
  open.mutable_person()->set_cpr_number("6101900001");
  open.mutable_person()->set_name("Canary Name");
  open.set_current_address("Canary Street 1");
  const auto opened =
      ishoej.Call<cv1::OpenCaseResponse>("exitbus.casework.v1.CaseService.OpenCase", open);
  ASSERT_TRUE(opened.ok());
  const auto erased =
      Erase(ishoej, opened->case_().case_id(), cv1::ERASURE_REASON_OPENED_BY_MISTAKE);
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_TRUE(erased->complete()) << "nobody had been told";
  ExpectNothingLeft();
  // Its repeat is told that it was accepted and no more, whatever else it says by now; the person
  // may come anew.
  open.mutable_person()->set_name("Another Name");
  const auto repeated =
      ishoej.Call<cv1::OpenCaseResponse>("exitbus.casework.v1.CaseService.OpenCase", open);
  ASSERT_TRUE(repeated.ok()) << repeated.status();
  EXPECT_FALSE(repeated->has_case_());
  cv1::RevokeConsentRequest other;
  other.set_request_id(open.request_id());
  EXPECT_EQ(RuleOf(ishoej
                       .Call<cv1::RevokeConsentResponse>(
                           "exitbus.casework.v1.CaseService.RevokeConsent", other)
                       .status()),
            "request.id_reused");
  const std::string again = EnrolledCase(world, ishoej);
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyEntry(nec)->person().name(), "Canary Name");
  EXPECT_NE(again, opened->case_().case_id());
}

TEST_F(ErasureTest, ARepeatedRequestGetsTheFirstOutcome) {
  const std::string case_id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(Withdraw(ishoej, case_id).ok());
  cv1::EraseCaseRequest request;
  request.set_request_id("the-same");
  request.set_case_id(case_id);
  request.set_reason(cv1::ERASURE_REASON_RETENTION_OVER);
  const std::string method = "exitbus.casework.v1.ErasureService.EraseCase";
  const auto first = ishoej.Call<cv1::EraseCaseResponse>(method, request);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(world.Settle());
  const auto second = ishoej.Call<cv1::EraseCaseResponse>(method, request);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->erasure().erasure_id(), first->erasure().erasure_id());
}

// With the disk and the unit's key gone, what was asked cannot be tried out on what is left of it.
TEST_F(ErasureTest, NothingOnTheDiskConfirmsWhatWasAsked) {
  cv1::OpenCaseRequest open;
  open.set_request_id("6101900001-canary");  // as a client should not
  open.mutable_person()->set_cpr_number("6101900001");
  open.mutable_person()->set_name("Canary Name");
  const std::string method = "exitbus.casework.v1.CaseService.OpenCase";
  const auto opened = ishoej.Call<cv1::OpenCaseResponse>(method, open);
  ASSERT_TRUE(opened.ok()) << opened.status();
  open.set_request_id("refused");
  EXPECT_FALSE(ishoej.Call<cv1::OpenCaseResponse>(method, open).ok());
  const std::string guess = world.crypto->Digest(method + "\n" + open.SerializeAsString());
  ASSERT_TRUE(Erase(ishoej, opened->case_().case_id(), cv1::ERASURE_REASON_OPENED_BY_MISTAKE).ok());
  for (int table = 0; table < exchange::kTableCount; ++table) {
    for (const auto& [key, value] : ishoej.store().rows(static_cast<exchange::Table>(table))) {
      EXPECT_EQ(value.find(guess), std::string::npos);
      EXPECT_EQ((key + value).find("6101900001"), std::string::npos);
    }
  }
}

// Without a broker nobody can say what was ordered; what there is is shown after a while.
TEST_F(ErasureTest, WithoutABrokerWhatThereIsIsServedInTheEnd) {
  const std::string case_id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(world.Settle());
  ishoej.Crash();
  world.broker.Stop();
  ishoej.Start();
  const absl::Time before = world.clock.Now();
  EXPECT_TRUE(GetCase(ishoej, case_id).ok());
  EXPECT_GE(world.clock.Now() - before, absl::Seconds(20));
}

TEST_F(ErasureTest, WhoDoesNotConfirmInTimeIsReportedOnce) {
  const std::string case_id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(Withdraw(ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  nec.Crash();
  ASSERT_TRUE(Erase(ishoej, case_id).ok());
  world.Skip(absl::Hours(24 * 4));
  EXPECT_FALSE(ErasureAt(ishoej).overdue());
  world.Skip(absl::Hours(24 * 6));
  world.Skip(absl::Hours(24 * 6));
  EXPECT_TRUE(ErasureAt(ishoej).overdue());
  EXPECT_EQ(ishoej.telemetry().LinesOf("erasure.overdue").size(), 1U);
  nec.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(ErasureAt(ishoej).complete());
}

TEST_F(ErasureTest, OfACaseThatCameBackReachesWhatWasThereBefore) {
  const std::string case_id = EnrolledCase(world, ishoej);
  MovedTo(odense, case_id);
  ASSERT_TRUE(world.Settle());
  const std::string back = Offered(world, odense, case_id, ishoej);
  ASSERT_TRUE(Do(world, ishoej, "TakeOverCase", back).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(UnitsOf(ishoej), testing::SizeIs(2));
  ASSERT_TRUE(Withdraw(ishoej, case_id).ok());
  ASSERT_TRUE(Erase(ishoej, case_id).ok());
  ExpectNothingLeft();
  EXPECT_EQ(ErasuresAt(ishoej).size(), 2U);
}

TEST_F(ErasureTest, WithinADistrictThePoliceHearItFromTheAuthorityInCharge) {
  const std::string case_id = EnrolledCase(world, ishoej);
  MovedTo(albertslund, case_id);
  ASSERT_TRUE(Withdraw(albertslund, case_id).ok());
  ASSERT_TRUE(Erase(albertslund, case_id).ok());
  ExpectNothingLeft();
  EXPECT_THAT(Ordered(ErasureAt(albertslund)),
              UnorderedElementsAre(nec.id(), vestegnen.id(), ishoej.id()));
  EXPECT_THAT(Ordered(ErasureAt(ishoej)), IsEmpty());
}

// Of the watched lists the case goes, and nothing is told of what it was.
TEST_F(ErasureTest, IsGoneForWhoWatches) {
  const std::string case_id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(Withdraw(ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  Follower cases(ishoej, "exitbus.casework.v1.CaseService.WatchCases");
  Follower entries(nec, "exitbus.nec.v1.OverviewService.WatchEntries");
  cases.Begin().CatchUp();
  entries.Begin().CatchUp();
  ASSERT_TRUE(Erase(ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(cases.last().what, "gone");
  EXPECT_EQ(cases.last().id, case_id);
  EXPECT_EQ(entries.last().what, "gone");
}

// Only who answers for the case can have it erased: a former holder's own process is made to order
// it, as a dishonest one would be.
TEST_F(ErasureTest, AFormerHolderHasNothingErasedElsewhere) {
  const std::string case_id = EnrolledCase(world, ishoej);
  MovedTo(odense, case_id);
  ASSERT_TRUE(world.Settle());
  ishoej.Crash();
  world.another_version = [](exchange::Service& service) {
    for (exchange::Aggregate& aggregate : service.aggregates) {
      for (exchange::Method& method : aggregate.methods) {
        if (method.name != "exitbus.casework.v1.ErasureService.EraseCase") continue;
        method.decide = [decide = method.decide](const exchange::Message& state,
                                                 const exchange::Message& request,
                                                 const exchange::DecisionContext& context) {
          casework_journal::v1::CaseFile file;
          file.CopyFrom(state);
          file.set_standing(cv1::STANDING_RESPONSIBLE);
          file.set_stage(cv1::CASE_STAGE_WITHDRAWN);
          for (auto& handover : *file.mutable_handovers()) {
            handover.set_side(handover::v1::SIDE_RECEIVER);  // so that the others are told
          }
          return decide(file, request, context);
        };
      }
    }
  };
  ishoej.Start();
  ASSERT_TRUE(Erase(ishoej, case_id).ok());
  world.Pass(absl::Minutes(10));
  EXPECT_TRUE(GetCase(odense, case_id).ok());
  EXPECT_TRUE(OnlyEntry(nec).ok());
  EXPECT_THAT(FilesAt(fyn), testing::SizeIs(1));
  EXPECT_GT(ishoej.telemetry().Total("letters.refused_by_peer"), 0);
}

}  // namespace
}  // namespace exitbus::simulation
