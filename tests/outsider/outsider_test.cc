// An outsider's worst: nothing lost, nothing dead, nothing of the others' unanswered, and how much
// they feel it. Timings are printed, never judged here.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "tests/e2e/environment.h"
#include "tests/outsider/api_flood.h"
#include "tests/outsider/bus_flood.h"
#include "tests/outsider/others.h"
#include "tests/story/books.h"

namespace exitbus::story {
namespace {

constexpr double kGoal = 2;  // times what it is in peace
constexpr absl::Duration kCatchUp = absl::Minutes(10);
constexpr absl::Duration kRestartGoal = absl::Seconds(20);
constexpr char kOutsider[] = "municipality-0183.outsider.exit-coordinator";
constexpr char kColleague[] = "municipality-0183.colleague.exit-coordinator";

int Seconds() {
  const char* given = std::getenv("EXITBUS_OUTSIDER_SECONDS");
  int seconds = 300;
  if (given != nullptr && !absl::SimpleAtoi(given, &seconds)) ADD_FAILURE() << given;
  return seconds;
}

void Say(const std::string& line) {
  std::printf("[ outsider ] %s\n", line.c_str());
  std::fflush(stdout);
}

std::string Against(double meanwhile, double before) {
  if (before <= 0) return "";
  const double times = meanwhile / before;
  return absl::StrFormat("%5.1f x %s", times, times <= kGoal ? "" : "(goal 2 x not met)");
}

void SayWhatTheOthersFelt(const Seen& before, const Seen& meanwhile) {
  const auto ms = [](const std::vector<absl::Duration>& took, double part) {
    return absl::ToDoubleMilliseconds(Quantile(took, part));
  };
  for (const auto& [what, took] : meanwhile.took) {
    const auto found = before.took.find(what);
    const auto in_peace =
        found == before.took.end() ? std::vector<absl::Duration>() : found->second;
    const double p99 = ms(took, 0.99);
    const double was = ms(in_peace, 0.99);
    Say(absl::StrFormat("%-62s %5d times, p50 %6.1f p99 %7.1f ms, in peace p50 %6.1f p99 %6.1f %s",
                        what, took.size(), ms(took, 0.5), p99, ms(in_peace, 0.5), was,
                        Against(p99, was)));
  }
  for (const auto& [who, mib] : meanwhile.mib) {
    const double was = before.mib.contains(who) ? before.mib.at(who) : 0;
    Say(absl::StrFormat("%-62s memory %6.1f MiB, in peace %6.1f MiB %s", who, mib, was,
                        Against(mib, was)));
  }
}

class OutsiderTest : public ::testing::Test {
 protected:
  using Attack = std::function<std::map<std::string, int>(absl::Time until)>;

  static std::map<std::string, pid_t> Pids() {
    std::map<std::string, pid_t> pids;
    for (const Member& member : Cast()) pids[member.id] = TheDeployment().PidOf(member).value_or(0);
    return pids;
  }

  // `but`: whose own correspondences are its own affair.
  static void Try(const std::vector<Caller>& callers, const std::string& but,
                  const Attack& attack) {
    const int seconds = Seconds();
    const int in_peace = std::max(seconds / 5, 10);
    const auto others = Others::Make(&TheDeployment(), callers, seconds + in_peace);
    ASSERT_TRUE(others.ok()) << others.status();
    const auto pids = Pids();
    const Seen before = (*others)->Work(in_peace);
    EXPECT_TRUE(before.unanswered.empty()) << before.unanswered.front();

    std::map<std::string, int> done;
    std::thread outsider([&] { done = attack(absl::Now() + absl::Seconds(seconds)); });
    const Seen meanwhile = (*others)->Work(seconds);
    outsider.join();
    for (const auto& [what, times] : done) Say(absl::StrFormat("it: %8d %s", times, what));
    SayWhatTheOthersFelt(before, meanwhile);
    EXPECT_TRUE(meanwhile.unanswered.empty())
        << meanwhile.unanswered.size()
        << " unanswered, the first: " << meanwhile.unanswered.front();
    EXPECT_EQ(Pids(), pids) << "a process died";

    const absl::Time ended = absl::Now();
    const auto books = CompareBooks(TheDeployment(), kCatchUp, but);
    EXPECT_TRUE(books.ok()) << books.status();
    Say(absl::StrFormat("every correspondence of the others is whole, %.1f s after the end",
                        absl::ToDoubleSeconds(absl::Now() - ended)));
    for (const Member& member : Cast()) Restart(member);
    const auto after = CompareBooks(TheDeployment(), kCatchUp, but);
    EXPECT_TRUE(after.ok()) << after.status();
  }

  static void Restart(const Member& member) {
    ASSERT_TRUE(TheDeployment().KillService(member).ok());
    const absl::Time killed = absl::Now();
    ASSERT_TRUE(TheDeployment().StartService(member).ok());
    const absl::Status serving = TheDeployment().AwaitServing(member);
    ASSERT_TRUE(serving.ok()) << serving;
    const absl::Duration took = absl::Now() - killed;
    Say(absl::StrFormat("%-62s open %5.1f s after kill -9 %s", member.id,
                        absl::ToDoubleSeconds(took), took <= kRestartGoal ? "" : "(goal not met)"));
  }
};

std::vector<Caller> Everybody() {
  const auto own = [](const char* id, const char* reads, bool opens) {
    const Member& member = MemberNamed(id);
    return Caller{&member, member.client, reads, opens};
  };
  return {own(kKif, "exitbus.casework.v1.CaseService.ListCases", true),
          own(kIshoj, "exitbus.casework.v1.CaseService.ListCases", true),
          own(kIshoj, "exitbus.handover.v1.HandoverService.ListHandovers", false),
          own(kVestegnen, "exitbus.police.v1.SecurityService.ListSecurityFiles", false),
          own(kNec, "exitbus.nec.v1.OverviewService.ListEntries", false),
          own(kContactPoint, "exitbus.contact_point.v1.HandoverDeskService.ListMonitoredHandovers",
              false)};
}

TEST_F(OutsiderTest, AClientSystemWithItsOwnCertificate) {
  Say("-- a client system of Ishøj Kommune, with its own certificate");
  for (const char* system : {kOutsider, kColleague}) IssueCertificate({"issue-client", system});
  std::vector<Caller> callers = Everybody();
  callers[1].certificate = kColleague;  // another system of the same authority
  Try(callers, "",
      [](absl::Time until) { return FloodApi(MemberNamed(kIshoj), kOutsider, until); });
}

// Last: what it sent stays parked or dead.
TEST_F(OutsiderTest, AnAuthorityWithItsOwnKeysAndRights) {
  Say("-- Odense Kommune, with its own keys and rights at the broker");
  Try(Everybody(), kOdense, [](absl::Time until) { return FloodBus(MemberNamed(kOdense), until); });
}

}  // namespace
}  // namespace exitbus::story
