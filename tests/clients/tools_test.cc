// Common tools take this project as it is: grpcurl its calls and refusals, promtool its figures.
// kcat: events_test.cc. buf: tools/check-contracts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "adapters/directory/files.h"
#include "tests/clients/foreign.h"
#include "tests/e2e/environment.h"
#include "tests/story/console.h"

namespace exitbus::story {
namespace {

using ::testing::HasSubstr;

class ToolsTest : public ::testing::Test {
 protected:
  // A shell's command line with the variables of Ishøj's profile; how it ended, and what it said.
  absl::Status Shell(const std::string& line) {
    const Places& places = TheDeployment().places();
    const std::string log = places.state + "/tools.log";
    const absl::Status ran = RunTool(
        {"sh", "-euc", absl::StrCat(". ", places.profile(MemberNamed(kIshoj)), "; ", line)}, log);
    said_ = adapters::ReadFile(log).value_or("");
    return ran;
  }
  static std::string Prepared(const std::string& file) {
    return Deployment::Program("../../clients/" + file);
  }
  // A call of grpcurl's with the contracts from a file, as where reflection is off.
  absl::Status Grpcurl(const std::string& method, const std::string& json) {
    return Shell(absl::StrCat(
        Prepared("bin/grpcurl"), " -max-time 20 -protoset ", Prepared("exitbus.protoset"),
        " -cacert \"$EXITBUS_CA\" -cert \"$EXITBUS_CERT\" -key \"$EXITBUS_KEY\""
        " -H \"exitbus-employee: $EXITBUS_EMPLOYEE\" -H \"exitbus-purpose: $EXITBUS_PURPOSE\" -d '",
        json, "' \"$EXITBUS_ADDRESS\" exitbus.casework.v1.CaseService/", method));
  }

  std::string said_;
};

TEST_F(ToolsTest, GrpcurlCallsAndShowsWhoRefused) {
  const std::string request_id = FreshId();
  const auto open = [&](const std::string& name) {
    return Grpcurl("OpenCase",
                   absl::StrCat(R"({"request_id": ")", request_id,
                                R"(", "person": {"cpr_number": "6701801001", "name": ")", name,
                                R"("}, "legal_basis": "LEGAL_BASIS_FVL28"})"));
  };
  const absl::Status opened = open("Opdigtet Person");
  ASSERT_TRUE(opened.ok()) << opened;
  EXPECT_THAT(said_, HasSubstr("\"caseId\":"));
  EXPECT_FALSE(open("En Anden").ok());
  EXPECT_THAT(said_, HasSubstr("Code: AlreadyExists"));
  EXPECT_THAT(said_, HasSubstr("request.id_reused"));
}

TEST_F(ToolsTest, GrpcurlFollowsAWatchToItsEnd) {
  const absl::Status watched = Grpcurl("WatchCases", R"({"begin": {}})");
  ASSERT_TRUE(watched.ok()) << watched;
  EXPECT_THAT(said_, HasSubstr("MARKER_SNAPSHOT_BEGINS"));
  EXPECT_THAT(said_, HasSubstr("MARKER_CAUGHT_UP"));
}

// The deployment has a console for it.
using ConsoleToolsTest = ToolsTest;

TEST_F(ConsoleToolsTest, PromtoolHasNothingToSayOfAnyServicesFigures) {
  std::vector<Member> members = Cast();
  members.push_back(ConsoleMember());
  for (const Member& member : members) {
    const std::string figures = TheDeployment().places().state + "/figures.txt";
    const absl::Status checked = Shell(absl::StrCat(
        "curl -sSf -o ", figures, " http://127.0.0.1:", TheDeployment().metrics_port(member),
        "/metrics; promtool check metrics <", figures));
    EXPECT_TRUE(checked.ok()) << member.id << ": " << checked;
    EXPECT_EQ(said_, "") << member.id;
    EXPECT_THAT(adapters::ReadFile(figures).value_or(""), HasSubstr("exitbus_build_info"));
  }
  EXPECT_FALSE(Shell("echo 'exitbus_letters_total_count 1' | promtool check metrics").ok());
}

// Each rule fires when it must and is silent when it must, as alerts_test.yaml says; one that is
// altered is found.
TEST_F(ToolsTest, PromtoolTriesEveryAlert) {
  const std::string alerts = Deployment::Source() + "/deploy/monitoring";
  const absl::Status checked = Shell(absl::StrCat("promtool check rules ", alerts, "/alerts.yaml"));
  EXPECT_TRUE(checked.ok()) << said_;
  const absl::Status tried =
      Shell(absl::StrCat("promtool test rules ", alerts, "/alerts_test.yaml"));
  EXPECT_TRUE(tried.ok()) << said_;
  const std::string altered = TheDeployment().places().state + "/monitoring";
  const absl::Status missed =
      Shell(absl::StrCat("rm -rf ", altered, "; cp -r ", alerts, " ", altered,
                         "; sed -i 's/age_seconds > 30/age_seconds > 60/' ", altered,
                         "/alerts.yaml; promtool test rules ", altered, "/alerts_test.yaml"));
  EXPECT_FALSE(missed.ok());
  EXPECT_THAT(said_, HasSubstr("alertname: LettersStuck, time: 40s"));
}

}  // namespace
}  // namespace exitbus::story
