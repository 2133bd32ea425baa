// What a unit's staff has to take care of, as its own authority states it (D11): its own people see
// their line, the coordinator all of them, and nobody else any.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "exitbus/store/v1/rows.pb.h"
#include "tests/simulation/colleagues.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;
using testing::Contains;
using testing::Not;

constexpr char kLine[] = "canary: two at each talk";

class StaffSafetyTest : public testing::Test {
 protected:
  StaffSafetyTest() : case_id(CaseKnownToPolice(world, node)) {
    EXPECT_TRUE(Involve(world, node, case_id, pv1::FUNCTION_JOBCENTRE).ok());
    EXPECT_TRUE(Involve(world, node, case_id, pv1::FUNCTION_MENTOR).ok());
  }

  absl::Status State(pv1::Function unit, const std::string& line) {
    return StateStaffSafety(world, node, case_id, unit, line);
  }
  // Each employee's whole answer.
  std::string SeenBy(const std::string& function) {
    const Speaking employee(node, function, "employee-2");
    cv1::GetCaseRequest request;
    request.set_case_id(case_id);
    return BytesOf(node.Ask(absl::StrCat(kCaseService, "GetCase"), request));
  }
  std::string LineOf(const std::string& function) {
    const Speaking employee(node, function, "employee-2");
    return GetCase(node, case_id)->staff_safety();
  }
  cv1::InvolvedUnit JobcentreAsTheCoordinatorSeesIt() { return GetCase(node, case_id)->units(0); }
  void Assess() {
    ASSERT_TRUE(simulation::Assess(world, police, {"canary-precaution"}).ok());
    ASSERT_TRUE(world.Settle());
  }

  World world;
  Node& node = world.Municipality("0183");
  Node& police = world.Police("1469");
  Node& odense = world.Municipality("0461");
  Node& nec = world.Nec();
  const std::string case_id;
};

TEST_F(StaffSafetyTest, AUnitSeesItsOwnLineAndNobodyElses) {
  const std::string mentor = SeenBy("mentor");
  ASSERT_TRUE(State(pv1::FUNCTION_JOBCENTRE, kLine).ok());
  EXPECT_EQ(LineOf("jobcentre"), kLine);
  EXPECT_EQ(SeenBy("mentor"), mentor) << "nothing tells that others were told something";
  ASSERT_TRUE(State(pv1::FUNCTION_MENTOR, "meet him outdoors").ok());
  EXPECT_EQ(LineOf("mentor"), "meet him outdoors");
  EXPECT_EQ(LineOf("jobcentre"), kLine);
  const Speaking unit(node, "jobcentre", "employee-2");
  const auto listed = node.Call<cv1::ListCasesResponse>(absl::StrCat(kCaseService, "ListCases"),
                                                        cv1::ListCasesRequest());
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_EQ(listed->cases_size(), 1);
  EXPECT_EQ(listed->cases(0).staff_safety(), kLine);
  EXPECT_EQ(listed->cases(0).units_size(), 0);
}

TEST_F(StaffSafetyTest, TheCoordinatorSeesAllLinesAndWhichAreOlderThanWhatThePoliceSay) {
  EXPECT_FALSE(JobcentreAsTheCoordinatorSeesIt().has_stated());
  Assess();
  EXPECT_FALSE(JobcentreAsTheCoordinatorSeesIt().outdated()) << "nothing was stated";
  ASSERT_TRUE(State(pv1::FUNCTION_JOBCENTRE, kLine).ok());
  const cv1::InvolvedUnit stated = JobcentreAsTheCoordinatorSeesIt();
  EXPECT_EQ(stated.staff_safety(), kLine);
  EXPECT_TRUE(stated.has_stated());
  EXPECT_FALSE(stated.outdated());
  EXPECT_EQ(GetCase(node, case_id)->staff_safety(), "") << "it is a unit's";

  const std::string unit = SeenBy("jobcentre");
  Assess();
  EXPECT_TRUE(JobcentreAsTheCoordinatorSeesIt().outdated());
  EXPECT_EQ(SeenBy("jobcentre"), unit) << "that is the coordinator's to see to";
  ASSERT_TRUE(State(pv1::FUNCTION_JOBCENTRE, kLine).ok());
  EXPECT_FALSE(JobcentreAsTheCoordinatorSeesIt().outdated());
}

TEST_F(StaffSafetyTest, ALineIsTakenBackAndEndsWithTheUnitsPart) {
  const std::string before = SeenBy("jobcentre");
  ASSERT_TRUE(State(pv1::FUNCTION_JOBCENTRE, kLine).ok());
  ASSERT_TRUE(State(pv1::FUNCTION_JOBCENTRE, "").ok());
  EXPECT_EQ(SeenBy("jobcentre"), before);
  EXPECT_TRUE(JobcentreAsTheCoordinatorSeesIt().has_stated());
  ASSERT_TRUE(State(pv1::FUNCTION_JOBCENTRE, kLine).ok());
  ASSERT_TRUE(Release(world, node, case_id, pv1::FUNCTION_JOBCENTRE).ok());
  EXPECT_EQ(RuleOf(State(pv1::FUNCTION_JOBCENTRE, kLine)), "unit.not_involved");
  ASSERT_TRUE(Involve(world, node, case_id, pv1::FUNCTION_JOBCENTRE).ok());
  EXPECT_EQ(SeenBy("jobcentre"), before);
}

TEST_F(StaffSafetyTest, UnitsStateNothingAndALineIsBounded) {
  EXPECT_EQ(RuleOf(State(pv1::FUNCTION_FAMILY_CENTRE, kLine)), "unit.not_involved");
  EXPECT_EQ(RuleOf(State(pv1::FUNCTION_JOBCENTRE, std::string(1001, 'a'))), "request.bad_value");
  const Speaking unit(node, "jobcentre", "employee-2");
  EXPECT_EQ(RuleOf(State(pv1::FUNCTION_JOBCENTRE, kLine)), "caller.function_may_not");
}

// It is this authority's own: the next one begins with none, and nobody outside is told one.
TEST_F(StaffSafetyTest, ALineEndsWithTheCaseHereAndNeverLeaves) {
  ASSERT_TRUE(State(pv1::FUNCTION_JOBCENTRE, kLine).ok());
  const std::string id = Offered(world, node, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(LineOf("jobcentre"), "");
  EXPECT_FALSE(JobcentreAsTheCoordinatorSeesIt().has_stated());
  EXPECT_EQ(RuleOf(State(pv1::FUNCTION_JOBCENTRE, kLine)), "case.not_responsible");
  EXPECT_EQ(GetCase(odense, case_id)->units_size(), 0);
  int letters = 0;
  for (Node* at : {&node, &odense, &police, &nec}) {
    for (const auto& [key, value] : at->store().rows(exchange::Table::kDisclosures)) {
      store::v1::DisclosureRow row;
      ASSERT_TRUE(row.ParseFromString(value));
      if (row.recipient() == "caller") continue;
      ++letters;
      EXPECT_THAT(row.fields(), Not(Contains(testing::HasSubstr("staff_safety")))) << row.kind();
    }
  }
  EXPECT_GT(letters, 5);
}

}  // namespace
}  // namespace exitbus::simulation
