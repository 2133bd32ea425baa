// What a caseworker hears who asks for a step before its time or again, where what came before is
// more than the tables of a case and a handover can give.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "exitbus/kriminalforsorgen/v1/release_service.pb.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;

constexpr char kCases[] = "exitbus.casework.v1.CaseService.";
constexpr char kPlanRelease[] = "exitbus.kriminalforsorgen.v1.ReleaseService.PlanRelease";

class CaseRulesTest : public testing::Test {
 protected:
  // The rule that refuses it; "": it is done.
  template <class Asked>
  std::string Ask(Node& node, const std::string& method, Asked request) {
    request.set_request_id(world.RequestId());
    return node.Ask(method, request).refusal.reason;
  }
  template <class Asked>
  std::string AskCase(const std::string& method, Asked request) {
    request.set_case_id(case_id);
    return Ask(ishoej, absl::StrCat(kCases, method), request);
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  std::string case_id;
  std::string handover_id;
};

TEST_F(CaseRulesTest, TermsThatChangedAreCoordinatedAnewBeforeTheOffer) {
  case_id = EnrolledCase(world, ishoej);
  handover_id = Accepted(world, ishoej, case_id, odense);
  cv1::Agreement agreement = GetCase(ishoej, case_id)->agreement();
  agreement.mutable_measures(0)->set_months(7);
  cv1::SignAgreementRequest sign;
  *sign.mutable_agreement() = agreement;
  ASSERT_EQ(AskCase("SignAgreement", sign), "");
  EXPECT_EQ(RuleOf(Do(world, ishoej, "OfferHandover", handover_id).status()),
            "handover.terms_outdated");
  ASSERT_TRUE(Do(world, ishoej, "ProposeTerms", handover_id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, odense, "AgreeTerms", handover_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(Do(world, ishoej, "OfferHandover", handover_id).ok());
}

TEST_F(CaseRulesTest, WhileOfferedARecallIsAskedOnceAndAWithdrawalRecordedOnce) {
  case_id = EnrolledCase(world, ishoej);
  handover_id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, ishoej, "RequestRecall", handover_id).ok());
  EXPECT_EQ(RuleOf(Do(world, ishoej, "RequestRecall", handover_id).status()),
            "handover.recall_already_asked");
  const cv1::RecordWithdrawalRequest withdrawal;
  EXPECT_EQ(AskCase("RecordWithdrawal", withdrawal), "");
  EXPECT_EQ(AskCase("RecordWithdrawal", withdrawal), "case.withdrawal_recorded");
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, odense, "DeclineOffer", handover_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(AskCase("RecordWithdrawal", withdrawal), "case.programme_ended");
}

TEST_F(CaseRulesTest, AReleaseIsPlannedBeforeTheCaseIsHandedOn) {
  Node& kif = world.Kriminalforsorgen("kif-1469");
  case_id = EnrolledCase(world, ishoej);
  const std::string custody = Offered(world, ishoej, case_id, kif);
  ASSERT_TRUE(Do(world, kif, "TakeOverCase", custody).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(RuleOf(Request(world, kif, case_id, ishoej).status()), "release.plan_required");
  kriminalforsorgen::v1::PlanReleaseRequest plan;
  plan.set_case_id(case_id);
  *plan.mutable_planned_release() = exchange::ToProto(world.clock.Now());
  EXPECT_EQ(Ask(kif, kPlanRelease, plan), "") << "today";
  EXPECT_TRUE(Request(world, kif, case_id, ishoej).ok());
}

}  // namespace
}  // namespace exitbus::simulation
