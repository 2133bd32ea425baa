// What a caseworker hears who asks for a step before its time, again, or with something missing:
// each rule by its name, on the way from the first contact to the offer and out of the programme.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/kriminalforsorgen/v1/release_service.pb.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace kv1 = kriminalforsorgen::v1;

constexpr char kCases[] = "exitbus.casework.v1.CaseService.";
constexpr char kHandovers[] = "exitbus.handover.v1.HandoverService.";
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
  template <class Asked>
  std::string AskHandover(Node& node, const std::string& method, Asked request) {
    request.set_handover_id(handover_id);
    return Ask(node, absl::StrCat(kHandovers, method), request);
  }
  std::string Sign(const cv1::Agreement& agreement) {
    cv1::SignAgreementRequest request;
    *request.mutable_agreement() = agreement;
    return AskCase("SignAgreement", request);
  }
  std::string Decide(const cv1::Visitation& visitation) {
    cv1::DecideVisitationRequest request;
    *request.mutable_visitation() = visitation;
    return AskCase("DecideVisitation", request);
  }
  hv1::RequestHandoverRequest ToOdense() const {
    hv1::RequestHandoverRequest request;
    request.set_case_id(case_id);
    request.set_receiver(odense.id());
    request.set_reason(hv1::HANDOVER_REASON_RELOCATION);
    *request.mutable_expected() = exchange::ToProto(world.clock.Now());
    return request;
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  std::string case_id;
  std::string handover_id;
};

TEST_F(CaseRulesTest, FromTheFirstContactToTheAgreement) {
  cv1::OpenCaseRequest open;
  open.mutable_person()->set_cpr_number("6101900007");
  open.mutable_person()->set_name("Canary Name");
  open.set_request_id(world.RequestId());
  case_id =
      ishoej.Call<cv1::OpenCaseResponse>(absl::StrCat(kCases, "OpenCase"), open)->case_().case_id();
  cv1::Visitation visitation;
  EXPECT_EQ(Decide(visitation), "case.basis_required");
  cv1::RecordConsentRequest consent;
  EXPECT_EQ(AskCase("RecordConsent", consent), "consent.covers_required");
  consent.add_covers(policy::v1::AUTHORITY_KIND_MUNICIPALITY);
  EXPECT_EQ(AskCase("RecordConsent", consent), "");

  cv1::Agreement agreement;
  EXPECT_EQ(Sign(agreement), "case.visitation_required");
  EXPECT_EQ(Decide(visitation), "visitation.incomplete");
  visitation.set_affiliation("a");
  visitation.set_position("p");
  visitation.set_motivation("m");
  visitation.set_risk_on_leaving("r");
  EXPECT_EQ(Decide(visitation), "");
  EXPECT_EQ(Decide(visitation), "case.already_visited");

  EXPECT_EQ(Ask(ishoej, absl::StrCat(kHandovers, "RequestHandover"), ToOdense()),
            "handover.agreement_required");
  EXPECT_EQ(Sign(agreement), "agreement.template_required");
  agreement.set_template_("t");
  EXPECT_EQ(Sign(agreement), "agreement.measure_required");
  cv1::Measure& measure = *agreement.add_measures();
  EXPECT_EQ(Sign(agreement), "agreement.measure_incomplete");
  measure.set_type(cv1::MEASURE_TYPE_HOUSING);
  measure.set_module(cv1::MODULE_HOUSING);
  measure.set_owner(ishoej.id());
  measure.set_months(6);
  measure.set_funding(cv1::FUNDING_CLASS_REGION);
  measure.set_legal_basis(policy::v1::LEGAL_BASIS_OTHER_LAW);
  EXPECT_EQ(Sign(agreement), "agreement.consequences_required");
  agreement.set_consequences_of_relapse("c");
  EXPECT_EQ(Sign(agreement), "agreement.unsigned");
  *agreement.mutable_citizen_signed() = exchange::ToProto(world.clock.Now());
  EXPECT_EQ(Sign(agreement), "agreement.unsigned");
  *agreement.mutable_coordinator_signed() = exchange::ToProto(world.clock.Now());
  EXPECT_EQ(Sign(agreement), "");
}

TEST_F(CaseRulesTest, FromTheRequestToTheOfferAndOutOfTheProgramme) {
  case_id = EnrolledCase(world, ishoej);
  const std::string request_handover = absl::StrCat(kHandovers, "RequestHandover");
  hv1::RequestHandoverRequest request = ToOdense();
  request.set_reason(hv1::HANDOVER_REASON_RELEASE);
  EXPECT_EQ(Ask(ishoej, request_handover, request), "handover.reason_does_not_fit");
  request = ToOdense();
  request.clear_expected();
  EXPECT_EQ(Ask(ishoej, request_handover, request), "handover.expected_required");
  handover_id = Request(world, ishoej, case_id, odense)->handover_id();
  ASSERT_TRUE(world.Settle());

  hv1::ObjectToTermRequest object;
  object.set_term_id("no-such-term");
  EXPECT_EQ(AskHandover(odense, "ObjectToTerm", object), "handover.term_unknown");
  hv1::AgreeTermsRequest agree;
  agree.add_term_ids("no-such-term");
  EXPECT_EQ(AskHandover(odense, "AgreeTerms", agree), "handover.term_unknown");
  object.set_term_id(GetHandover(odense, handover_id)->terms(0).term_id());
  EXPECT_EQ(AskHandover(odense, "ObjectToTerm", object), "handover.objection_required");
  EXPECT_EQ(AskHandover(odense, "RejectHandover", hv1::RejectHandoverRequest()),
            "handover.rejection_required");
  ASSERT_TRUE(Do(world, odense, "AgreeTerms", handover_id).ok());
  ASSERT_TRUE(Do(world, odense, "AcceptHandover", handover_id).ok());
  ASSERT_TRUE(world.Settle());

  cv1::Agreement agreement = GetCase(ishoej, case_id)->agreement();
  agreement.mutable_measures(0)->set_months(7);
  ASSERT_EQ(Sign(agreement), "");
  EXPECT_EQ(RuleOf(Do(world, ishoej, "OfferHandover", handover_id).status()),
            "handover.terms_outdated");
  hv1::RecordLateFactRequest fact;
  EXPECT_EQ(AskHandover(ishoej, "RecordLateFact", fact), "late_fact.kind_required");
  fact.set_kind(hv1::LATE_FACT_KIND_WITHDRAWAL);
  EXPECT_EQ(AskHandover(ishoej, "RecordLateFact", fact), "late_fact.use_own_method");
  fact.set_note(std::string(4001, 'n'));
  EXPECT_EQ(AskHandover(ishoej, "RecordLateFact", fact), "late_fact.note_too_long");
  ASSERT_TRUE(Do(world, ishoej, "ProposeTerms", handover_id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, odense, "AgreeTerms", handover_id).ok());
  ASSERT_TRUE(world.Settle());

  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", handover_id).ok());
  ASSERT_TRUE(Do(world, ishoej, "RequestRecall", handover_id).ok());
  EXPECT_EQ(RuleOf(Do(world, ishoej, "RequestRecall", handover_id).status()),
            "handover.recall_already_asked");
  const cv1::RecordWithdrawalRequest withdrawal;
  EXPECT_EQ(AskCase("RecordWithdrawal", withdrawal), "");
  EXPECT_EQ(AskCase("RecordWithdrawal", withdrawal), "case.withdrawal_recorded");
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, odense, "DeclineOffer", handover_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(AskCase("RecordWithdrawal", withdrawal), "case.withdrawn");
}

TEST_F(CaseRulesTest, AReleaseIsPlannedForTodayOrLaterAndBeforeTheCaseGoes) {
  Node& kif = world.Kriminalforsorgen("kif-1469");
  case_id = EnrolledCase(world, ishoej);
  const std::string custody = Offered(world, ishoej, case_id, kif);
  ASSERT_TRUE(Do(world, kif, "TakeOverCase", custody).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(RuleOf(Request(world, kif, case_id, ishoej).status()), "release.plan_required");
  const auto plan = [&](absl::Duration from_now) {
    kv1::PlanReleaseRequest request;
    request.set_case_id(case_id);
    *request.mutable_planned_release() = exchange::ToProto(world.clock.Now() + from_now);
    return Ask(kif, kPlanRelease, request);
  };
  kv1::PlanReleaseRequest without_date;
  without_date.set_case_id(case_id);
  EXPECT_EQ(Ask(kif, kPlanRelease, without_date), "release.date_required");
  EXPECT_EQ(plan(-absl::Hours(25)), "release.in_the_past");
  EXPECT_EQ(plan(absl::ZeroDuration()), "");
  EXPECT_EQ(plan(absl::Hours(25)), "");
  EXPECT_TRUE(Request(world, kif, case_id, ishoej).ok());
}

}  // namespace
}  // namespace exitbus::simulation
