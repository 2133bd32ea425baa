// What a refused call leaves behind: a line and a figure for operators, a row in the account of
// what it would have changed; and a wait for who is refused without end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/exchange/refused_calls.h"
#include "tests/simulation/colleagues.h"
#include "tests/simulation/follower.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class RefusalsTest : public testing::Test {
 protected:
  std::string Read(const std::string& id) {
    cv1::GetCaseRequest request;
    request.set_case_id(id);
    return RuleOf(
        node.Call<cv1::GetCaseResponse>(absl::StrCat(kCaseService, "GetCase"), request).status());
  }
  std::string Revoke(const std::string& id) {
    cv1::RevokeConsentRequest request;
    request.set_request_id(world.RequestId());
    request.set_case_id(id);
    return RuleOf(
        node.Call<cv1::RevokeConsentResponse>(absl::StrCat(kCaseService, "RevokeConsent"), request)
            .status());
  }
  std::vector<std::string> Lines(const std::string& event) {
    std::vector<std::string> lines;
    for (const auto& line : node.telemetry().LinesOf(event)) {
      std::string& text = lines.emplace_back();
      for (const auto& [name, value] : line.fields) absl::StrAppend(&text, name, "=", value, " ");
    }
    return lines;
  }
  double Counted(const std::string& rule) {
    return node.telemetry().Total("calls.refused", {{"rule", rule}});
  }

  World world;
  Node& node = world.Municipality("0183");
  std::string case_id = EnrolledCase(world, node);
};

TEST_F(RefusalsTest, AreLoggedWithWhoAndWhatAndWithoutAnId) {
  {
    const Speaking mentor(node, "mentor", "employee-7");
    EXPECT_EQ(Revoke(case_id), "caller.function_may_not");
    EXPECT_EQ(Read(case_id), "resource.not_found");
  }
  const auto lines = Lines("call.refused");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], AllOf(HasSubstr("system"), HasSubstr("mentor"), HasSubstr("employee-7"),
                              HasSubstr("CaseService.RevokeConsent"),
                              HasSubstr("caller.function_may_not"), Not(HasSubstr(case_id))));
  EXPECT_THAT(lines[1], AllOf(HasSubstr("resource.not_found"), Not(HasSubstr(case_id))));
  EXPECT_EQ(Counted("caller.function_may_not"), 1);
  EXPECT_EQ(Counted("resource.not_found"), 1);
}

TEST_F(RefusalsTest, OfAWatchAreLoggedToo) {
  const Speaking mentor(node, "mentor", "employee-7");
  Follower cases(node, kWatchCases);
  EXPECT_EQ(cases.Begin().ended(), "caller.function_may_not");
  const Speaking coordinator(node, "exit-coordinator", "employee-1");
  EXPECT_EQ(cases.BeginWith("made up").ended(), "watch.bad_token");
  EXPECT_EQ(node.telemetry().LinesOf("call.refused").size(), 2U);
  EXPECT_EQ(Counted("watch.bad_token"), 1);
}

TEST_F(RefusalsTest, OfAChangeStandInTheAccountOfTheCase) {
  ASSERT_EQ(Revoke(case_id), "");
  const std::string rule = Revoke(case_id);
  ASSERT_NE(rule, "");
  const auto account = AccountOf(node, case_id);
  ASSERT_TRUE(account.ok()) << account.status();
  int refused = 0;
  for (const auto& entry : *account) {
    if (entry.refused_by().empty()) continue;
    ++refused;
    EXPECT_EQ(entry.refused_by(), rule);
    EXPECT_EQ(entry.kind(), absl::StrCat(kCaseService, "RevokeConsent"));
    EXPECT_EQ(entry.employee(), "employee-1");
    EXPECT_EQ(entry.categories_size() + entry.fields_size(), 0);
  }
  EXPECT_EQ(refused, 1);
}

TEST_F(RefusalsTest, WhoIsRefusedWithoutEndWaitsAndNobodyElseDoes) {
  for (int i = 0; i < exchange::RefusedCalls::kInARow; ++i) {
    ASSERT_EQ(Read(absl::StrCat("guess-", i)), "resource.not_found");
  }
  EXPECT_EQ(Read(case_id), "caller.too_many_refused");
  EXPECT_EQ(node.telemetry().LinesOf("caller.too_many_refused").size(), 1U);
  node.caller().system = "another";
  EXPECT_EQ(Read(case_id), "");
  node.caller().system = "system";
  // What is in order gets through between, however many wrong ones there are.
  for (int second = 0; second < 3; ++second) {
    world.Pass(absl::Seconds(1));
    EXPECT_EQ(Read(case_id), "");
    for (int i = 0; i < 20; ++i) Read("guess");
    EXPECT_EQ(Read(case_id), "caller.too_many_refused");
  }
  EXPECT_EQ(node.telemetry().LinesOf("caller.too_many_refused").size(), 1U);
  EXPECT_LT(node.telemetry().LinesOf("call.refused").size(), 330U);
  world.Pass(absl::Minutes(2));
  EXPECT_EQ(Read(case_id), "");
}

}  // namespace
}  // namespace exitbus::simulation
