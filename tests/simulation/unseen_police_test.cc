// Nothing of what an involved unit gets, to the last byte, tells that the police are in the case
// (invariant 3): not who they are, nor when they said something, nor that somebody has read it.
// (Nor of health: what is named as withheld follows from the contract alone.)
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/simulation/colleagues.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;

const std::vector<pv1::Function> kUnits = {pv1::FUNCTION_JOBCENTRE, pv1::FUNCTION_CITIZEN_SERVICE,
                                           pv1::FUNCTION_FAMILY_CENTRE, pv1::FUNCTION_MENTOR};

// A case with all units, that the police do not know yet.
class UnseenPoliceTest : public testing::Test {
 protected:
  void SetUp() override {
    cv1::OpenCaseRequest open;
    open.set_request_id(world.RequestId());
    open.mutable_person()->set_cpr_number("6101900009");
    open.mutable_person()->set_name("Canary Name");
    open.set_legal_basis(pv1::LEGAL_BASIS_FVL28);
    open.set_programme(cv1::PROGRAMME_MUNICIPAL_EXIT);
    case_id = Do<cv1::OpenCaseResponse>("OpenCase", open).case_id();
    auto visit = Asked<cv1::DecideVisitationRequest>();
    visit.mutable_visitation()->set_affiliation("a");
    visit.mutable_visitation()->set_position("p");
    visit.mutable_visitation()->set_motivation("m");
    visit.mutable_visitation()->set_risk_on_leaving("r");
    visit.mutable_visitation()->set_health_needs("misheard");
    Do<cv1::DecideVisitationResponse>("DecideVisitation", visit);
    ASSERT_TRUE(StateNoRelocation(world, node, case_id).ok());
    ASSERT_TRUE(SignFor(world, node, case_id, kUnits).ok());
    for (const pv1::Function unit : kUnits) ASSERT_TRUE(Involve(world, node, case_id, unit).ok());
    before = Seen();
  }

  template <class Request>
  Request Asked() {
    Request request;
    request.set_request_id(world.RequestId());
    request.set_case_id(case_id);
    return request;
  }
  template <class Response, class Request>
  cv1::Case Do(const std::string& method, const Request& request) {
    const auto answer = node.Call<Response>(absl::StrCat(kCaseService, method), request);
    EXPECT_TRUE(answer.ok()) << method << ": " << answer.status();
    return answer.ok() ? answer->case_() : cv1::Case();
  }

  // What each unit's employee is answered, whole.
  std::vector<std::string> Seen() {
    std::vector<std::string> views;
    for (const char* unit : {"jobcentre", "citizen-service", "family-centre", "mentor"}) {
      const Speaking its_employee(node, unit, "employee-2");
      cv1::GetCaseRequest request;
      request.set_case_id(case_id);
      views.push_back(BytesOf(node.Ask(absl::StrCat(kCaseService, "GetCase"), request)));
    }
    return views;
  }

  World world;
  Node& node = world.Municipality("0183");
  Node& police = world.Police("1469");
  std::string case_id;
  std::vector<std::string> before;
};

TEST_F(UnseenPoliceTest, WhatThePoliceTellAndWhoReadsItAUnitLearnsNothingOf) {
  ASSERT_TRUE(AskPolice(world, node, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(OnlyFile(police).ok());
  EXPECT_EQ(Seen(), before);
  for (unsigned version = 1; version <= 2; ++version) {
    ASSERT_TRUE(Assess(world, police, {"canary-precaution"}).ok());
    ASSERT_TRUE(world.Settle());
    EXPECT_EQ(GetCase(node, case_id)->security().version(), version);
    EXPECT_EQ(Seen(), before);
  }
  world.Skip(absl::Minutes(61));
  EXPECT_TRUE(GetCase(node, case_id)->security().overdue());
  EXPECT_EQ(Seen(), before);
  auto read = Asked<cv1::AcknowledgePrecautionsRequest>();
  read.set_version(2);
  Do<cv1::AcknowledgePrecautionsResponse>("AcknowledgePrecautions", read);
  EXPECT_EQ(Seen(), before);
}

TEST_F(UnseenPoliceTest, NorOfALawThatThePoliceMayBeToldOn) {
  auto law = Asked<cv1::RecordLegalBasisRequest>();
  law.set_legal_basis(pv1::LEGAL_BASIS_RPL115_1_PSP);
  law.add_covers(pv1::AUTHORITY_KIND_POLICE);
  EXPECT_EQ(Do<cv1::RecordLegalBasisResponse>("RecordLegalBasis", law).bases_size(), 2);
  EXPECT_EQ(Seen(), before);
}

TEST_F(UnseenPoliceTest, NorOfWhatIsCorrectedOfHealth) {
  auto correct = Asked<cv1::CorrectCaseRequest>();
  correct.set_reason("misheard");
  correct.mutable_visitation()->set_health_needs("canary-health");
  Do<cv1::CorrectCaseResponse>("CorrectCase", correct);
  EXPECT_EQ(Seen(), before);
}

TEST_F(UnseenPoliceTest, ThatThePolicePayForAMeasureItsUnitSeesAsAnother) {
  cv1::Measure measure =
      MeasureOf(cv1::MEASURE_TYPE_HOUSING, cv1::MODULE_HOUSING, node, "a flat elsewhere");
  measure.set_unit(pv1::FUNCTION_JOBCENTRE);
  measure.set_funding(cv1::FUNDING_CLASS_POLICE);
  measure.set_legal_basis(pv1::LEGAL_BASIS_RPL115_1_PSP);
  ASSERT_TRUE(SignAgreement(world, node, case_id, {measure}).ok());
  EXPECT_EQ(GetCase(node, case_id)->agreement().measures(0).funding(), cv1::FUNDING_CLASS_POLICE);
  const Speaking unit(node, "jobcentre", "employee-2");
  const auto seen = GetCase(node, case_id);
  ASSERT_EQ(seen->agreement().measures_size(), 1);
  EXPECT_EQ(seen->agreement().measures(0).description(), "a flat elsewhere");
  EXPECT_EQ(seen->agreement().measures(0).funding(), cv1::FUNDING_CLASS_OTHER);
  EXPECT_EQ(seen->agreement().measures(0).legal_basis(), pv1::LEGAL_BASIS_OTHER_LAW);
}

}  // namespace
}  // namespace exitbus::simulation
