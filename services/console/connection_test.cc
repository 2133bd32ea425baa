// Which step of a connection test is bad by what is so, and that each bad one says what to do:
// connection.table.
#include "services/console/connection.h"

#include "absl/strings/str_join.h"
#include "exitbus/directory/v1/directory.pb.h"
#include "services/console/console_testing.h"
#include "tests/tables/matrix.h"

namespace exitbus::console {
namespace {

class ConnectionTest : public ConsoleTest {
 protected:
  struct Given {
    std::string what;
    bool Is(const char* other) const { return what == other; }
  };

  void SetStatus(const char* authority, directory::v1::AuthorityStatus status) {
    exchange::DirectoryEntry entry = *directory_.Find(authority);
    entry.status = status;
    directory_.Put(entry);
  }

  ov1::Standing StandingOf(bool ended, bool clock_wrong, bool without_broker) {
    ov1::Standing standing;
    standing.set_broker_reached(!without_broker);
    standing.set_clocks_over_five_minutes(clock_wrong ? 3 : 0);
    ov1::Paper& paper = *standing.add_papers();
    paper.set_kind(ov1::PAPER_KIND_KAFKA_CERTIFICATE);
    *paper.mutable_ends() =
        exchange::ToProto(clock_.Now() + (ended ? -absl::Hours(1) : absl::Hours(1)));
    return standing;
  }

  void TellBoth(const Given& given, World& world) {
    if (given.Is("never heard")) return;
    ov1::TraceRecord of_ishoj;
    ov1::TraceRecord of_police;
    *of_ishoj.mutable_standing() =
        StandingOf(given.Is("certificate ended"), given.Is("clock of Ishøj wrong"),
                   given.Is("Ishøj without broker"));
    *of_police.mutable_standing() =
        StandingOf(given.Is("police's ended"), false, given.Is("police without broker"));
    const absl::Time long_ago = clock_.Now() - absl::Minutes(1);
    world.reports.Take(kIshoj, of_ishoj, given.Is("Ishøj silent") ? long_ago : clock_.Now());
    world.reports.Take(kPolice, of_police, given.Is("police silent") ? long_ago : clock_.Now());
  }

  std::string Found(const Given& given) {
    SetStatus(kIshoj, given.Is("Ishøj suspended") ? directory::v1::AUTHORITY_STATUS_SUSPENDED
                                                  : directory::v1::AUTHORITY_STATUS_UNSPECIFIED);
    SetStatus(kPolice, given.Is("police removed") ? directory::v1::AUTHORITY_STATUS_REMOVED
                                                  : directory::v1::AUTHORITY_STATUS_UNSPECIFIED);
    World world(&directory_, clock_.Now());
    world.broker_reached = true;
    world.broker = *broker_look_.figures;
    TellBoth(given, world);
    const std::string topic =
        policy::TopicName(pv1::CHANNEL_SECURITY, pv1::AUTHORITY_KIND_POLICE, "1469");
    if (given.Is("topic missing")) world.broker->topics.erase(topic);
    if (given.Is("police do not read")) {
      world.unread[topic] = {clock_.Now() - absl::Minutes(2), 1};
    }
    const auto from = directory_.Find(kIshoj);
    const auto to = given.Is("to itself") ? from : directory_.Find(kPolice);
    std::vector<std::string> bad;
    std::vector<std::string> unknown;
    const auto response = TestConnection(world, *from, *to, clock_.Now());
    EXPECT_EQ(response.steps_size(), 12);
    for (const ov1::ConnectionStep& step : response.steps()) {
      EXPECT_EQ(step.outcome() == ov1::STEP_OUTCOME_GOOD, step.cause().empty()) << step.step();
      EXPECT_EQ(step.outcome() == ov1::STEP_OUTCOME_BAD, !step.remedy().empty()) << step.step();
      if (step.outcome() == ov1::STEP_OUTCOME_BAD) bad.push_back("bad " + step.step());
      if (step.outcome() == ov1::STEP_OUTCOME_UNKNOWN) unknown.push_back("unknown " + step.step());
    }
    bad.insert(bad.end(), unknown.begin(), unknown.end());
    return bad.empty() ? "all good" : absl::StrJoin(bad, ", ");
  }
};

TEST_F(ConnectionTest, SaysWhatTheTableSays) {
  const auto then = [&](const std::string&, const std::string&, const std::string& what) {
    return Found({what});
  };
  const std::string mistakes = tables::MistakesIn(
      "services/console/connection.table",
      {{{"from Ishøj to the police", {"anything"}}},
       {"nothing wrong", "Ishøj suspended", "police removed", "Ishøj silent", "police silent",
        "never heard", "Ishøj without broker", "police without broker", "clock of Ishøj wrong",
        "certificate ended", "police's ended", "topic missing", "police do not read", "to itself"},
       then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST_F(ConnectionTest, LooksAtALettersWayInItsOrder) {
  World world(&directory_, clock_.Now());
  std::vector<std::string> steps;
  const auto response =
      TestConnection(world, *directory_.Find(kIshoj), *directory_.Find(kPolice), clock_.Now());
  for (const ov1::ConnectionStep& step : response.steps()) steps.push_back(step.step());
  EXPECT_THAT(steps,
              testing::ElementsAre("policy.may_write", "from.listed", "from.heard", "from.broker",
                                   "from.clock", "from.papers", "broker.topics", "to.listed",
                                   "to.heard", "to.broker", "to.papers", "to.reads"));
}

}  // namespace
}  // namespace exitbus::console
