// The console in a terminal, as its operators have it: exitctl top and exitctl tail, beside real
// authorities.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <regex>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "adapters/directory/files.h"
#include "tests/e2e/environment.h"
#include "tests/e2e/operator.h"
#include "tests/story/console.h"

namespace exitbus::story {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const Member& Ishoj() { return MemberNamed(kIshoj); }

class ConsoleTerminalTest : public ::testing::Test {
 protected:
  // `exitctl` with words, as the holder of this certificate.
  static std::string Exitctl(const std::string& certificate, const std::string& words) {
    const Places& places = TheDeployment().places();
    return absl::StrCat(Deployment::Program("exitctl"), " ", words, " --profile ",
                        places.profile(ConsoleMember()), " --cert ",
                        places.certificate(certificate), " --key ", places.key(certificate));
  }
  // A shell's line; how it ended, and in said_ what it printed.
  absl::Status Shell(const std::string& line) {
    const std::string log = TheDeployment().places().state + "/terminal.log";
    const absl::Status ran = RunTool({"sh", "-c", line}, log);
    said_ = adapters::ReadFile(log).value_or("");
    return ran;
  }
  // Until what it prints has all these in it.
  bool Says(const std::string& line, const std::vector<std::string>& parts) {
    return Operator::Eventually([&] {
      return Shell(line).ok() && std::all_of(parts.begin(), parts.end(), [&](const auto& part) {
               return absl::StrContains(said_, part);
             });
    });
  }
  // A letter over an open channel and one over a secret one.
  static void Write(const std::string& cpr_number) {
    auto ishoj = Actor::Make(Ishoj(), TheDeployment().ClientOf(Ishoj()));
    ASSERT_TRUE(ishoj.ok()) << ishoj.status();
    const std::string id = EnrolledCase(**ishoj, cpr_number);
    ASSERT_TRUE((*ishoj)->RequestHandover(id, kOdense, hv1::HANDOVER_REASON_RELOCATION).ok());
  }

  std::string said_;
};

TEST_F(ConsoleTerminalTest, TopWithoutATerminalSaysOncePlainlyWhatTheCallerMaySee) {
  ASSERT_TRUE(Says(Exitctl(OperatorOf(Ishoj()), "top"),
                   {"handover", "7 authorities", "municipality-0183", "broker reached"}))
      << said_;
  EXPECT_THAT(said_, Not(HasSubstr("\x1b")));
  ASSERT_TRUE(Shell(Exitctl(kObserver, "top")).ok()) << said_;
  EXPECT_THAT(said_, AllOf(HasSubstr("secret ones"), Not(HasSubstr("handover"))));
  ASSERT_TRUE(Shell(Exitctl(kObserver, "top --color always")).ok());
  EXPECT_THAT(said_, HasSubstr("\x1b["));
}

// By util-linux' `script`, which gives it a terminal.
TEST_F(ConsoleTerminalTest, TopOnATerminalIsDrawnAgainAndAgainUntilQ) {
  const absl::Status ended =
      Shell(absl::StrCat("(sleep 5; printf q; sleep 5) | timeout 20 script -qec '",
                         Exitctl(OperatorOf(Ishoj()), "top"), "' /dev/null"));
  ASSERT_TRUE(ended.ok()) << ended;
  const std::vector<std::string> screens = absl::StrSplit(said_, "\x1b[H\x1b[J");
  EXPECT_GE(screens.size(), 4U) << "one a second";
  EXPECT_THAT(said_, AllOf(testing::StartsWith("\x1b[?1049h"), HasSubstr("municipality-0183"),
                           HasSubstr("\x1b[?1049l")));
}

TEST_F(ConsoleTerminalTest, TailPrintsHopsByTheirIdAndNoPerson) {
  Write("6102804731");
  ASSERT_TRUE(
      Shell(absl::StrCat("timeout 20 ", Exitctl(OperatorOf(Ishoj()), "tail --count 5"))).ok())
      << said_;
  const std::vector<std::string> lines = absl::StrSplit(said_, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 5U) << said_;
  const std::regex hop(
      "2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}Z [a-z0-9-]+ [a-z]+ [0-9a-f]{32} [a-z_]+( [a-z_]+)?");
  for (const std::string& line : lines) EXPECT_TRUE(std::regex_match(line, hop)) << line;
  EXPECT_THAT(said_, AllOf(Not(HasSubstr("6102804731")), Not(HasSubstr("Opdigtet"))));
}

TEST_F(ConsoleTerminalTest, TailOfAnAuthoritysOperatorHasItsSecretChannelsAndAnObserversHasNone) {
  const auto tail = [&](const std::string& certificate) {
    return absl::StrCat("timeout --preserve-status -s INT 8 ", Exitctl(certificate, "tail"));
  };
  Write("6102804732");
  // Ctrl-C is no failure.
  EXPECT_TRUE(Says(tail(OperatorOf(Ishoj())), {"municipality-0183 handover "})) << said_;
  EXPECT_THAT(said_, Not(HasSubstr("municipality-0461 handover ")));
  const absl::Status others = Shell(tail(kObserver));
  EXPECT_TRUE(others.ok()) << others;
  EXPECT_THAT(said_, Not(HasSubstr(" handover ")));
}

// Begun before the console was killed; what it prints after the console is back came by another
// connection.
TEST_F(ConsoleTerminalTest, TailGoesOnAfterTheConsoleWasGone) {
  const std::string out = TheDeployment().places().state + "/tail.out";
  const Daemon tail = {{"sh", "-c",
                        absl::StrCat("timeout --preserve-status -s INT 40 ",
                                     Exitctl(OperatorOf(Ishoj()), "tail"), " >", out, " 2>&1")},
                       TheDeployment().places().state + "/tail.pid",
                       TheDeployment().places().state + "/tail.log"};
  const auto lines = [&] { return adapters::ReadFile(out).value_or(""); };
  Write("6102804733");
  ASSERT_TRUE(Spawn(tail).ok());
  ASSERT_TRUE(Operator::Eventually([&] { return !lines().empty(); }));
  ASSERT_TRUE(TheDeployment().KillService(ConsoleMember()).ok());
  ASSERT_TRUE(TheDeployment().StartService(ConsoleMember()).ok());
  ASSERT_TRUE(TheDeployment().AwaitServing(ConsoleMember()).ok());
  ASSERT_TRUE(Operator::Eventually(
      [&] { return lines().find("the connection was lost") != std::string::npos; }));
  const std::size_t before = lines().size();
  Write("6102804734");
  EXPECT_TRUE(Operator::Eventually([&] {
    return lines().find("municipality-0183 handover ", before) != std::string::npos;
  })) << lines();
  EXPECT_TRUE(End(tail, SIGTERM, absl::Seconds(5)).ok());
}

}  // namespace
}  // namespace exitbus::story
