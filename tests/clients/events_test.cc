// CloudEvents' own SDKs read this project's records off the broker, and see what kcat sees.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "tests/clients/foreign.h"
#include "tests/e2e/environment.h"

namespace exitbus::story {
namespace {

using ::testing::SizeIs;

constexpr char kTopic[] = "exitbus.v1.handover.municipality.0183";
constexpr char kGroup[] = "exitbus.municipality-0183";

const std::vector<Foreign>& Readers() {
  static const auto* readers = new std::vector<Foreign>{
      {"SDK for Python, version 1",
       "events/python",
       {"venv-1/bin/python", "reader.py"},
       "cloudevents",
       "requirements-1.txt",
       "cloudevents=="},
      {"SDK for Python, version 2",
       "events/python",
       {"venv-2/bin/python", "reader.py"},
       "cloudevents",
       "requirements-2.txt",
       "cloudevents=="},
      {"SDK for JavaScript",
       "events/javascript",
       {"node", "reader.cjs"},
       "cloudevents",
       "package.json",
       "\"cloudevents\": \""},
      {"SDK for Java",
       "events/java",
       {"java", "-cp", "target/events.jar:target/lib/*", "Reader"},
       "cloudevents-kafka",
       "pom.xml",
       "<cloudevents.version>"},
      {"SDK for Go",
       "events/go",
       {"./reader"},
       "sdk-go",
       "go.mod",
       "github.com/cloudevents/sdk-go/v2 v"},
  };
  return *readers;
}

class EventsTest : public ::testing::TestWithParam<Foreign> {
 protected:
  // What it prints, by line.
  static std::vector<std::string> Said(const std::vector<std::string>& command) {
    const std::string log = TheDeployment().places().state + "/events.log";
    const absl::Status ran = RunTool(command, log);
    EXPECT_TRUE(ran.ok()) << ran;
    return LinesIn(adapters::ReadFile(log).value_or(""));
  }
  // The records as Ishøj's own certificate reads them with kcat.
  static std::vector<std::string> Records() {
    const Places& places = TheDeployment().places();
    const std::vector<std::string> lines =
        Said({"timeout",   "60",
              "kcat",      "-q",
              "-b",        TheDeployment().broker_address(),
              "-X",        "security.protocol=ssl",
              "-X",        "ssl.ca.location=" + places.authorities_ca(),
              "-X",        "ssl.certificate.location=" + places.certificate(kIshoj),
              "-X",        "ssl.key.location=" + places.key(kIshoj),
              "-C",        "-t",
              kTopic,      "-o",
              "beginning", "-e",
              "-f",        "%h %S\n"});
    std::vector<std::string> records;
    for (const std::string& line : lines) records.push_back(AsRead(line));
    return records;
  }
  // "name=value,name=value SIZE" as the readers print it.
  static std::string AsRead(const std::string& line) {
    const std::vector<std::string> parts = absl::StrSplit(line, ' ');
    std::map<std::string, std::string> headers;
    for (const auto header : absl::StrSplit(parts[0], ',')) {
      headers.insert(absl::StrSplit(header, absl::MaxSplits('=', 1)));
    }
    EXPECT_EQ(headers["ce_specversion"], "1.0") << line;
    return absl::StrJoin(
        {headers["ce_id"], headers["ce_source"], headers["ce_type"], headers["ce_time"],
         headers["content-type"], headers["ce_traceparent"], parts.back()},
        " ");
  }
  static std::vector<std::string> Read(const Foreign& reader, std::size_t count) {
    const Places& places = TheDeployment().places();
    std::vector<std::string> command =
        CommandOf(reader,
                  {absl::StrCat("EXITBUS_BROKER=", TheDeployment().broker_address()),
                   absl::StrCat("EXITBUS_GROUP=", kGroup),
                   absl::StrCat("EXITBUS_CA=", places.authorities_ca()),
                   absl::StrCat("EXITBUS_CERT=", places.certificate(kIshoj)),
                   absl::StrCat("EXITBUS_KEY=", places.key(kIshoj))},
                  {kTopic, absl::StrCat(count)});
    command.insert(command.begin(), {"timeout", "120"});
    std::vector<std::string> events;
    for (const std::string& line : Said(command)) {
      if (absl::StrContains(line, " | ")) events.push_back(line);
    }
    return events;
  }
};

TEST_P(EventsTest, ReadsWhatKcatReads) {
  auto odense = Actor::Make(MemberNamed(kOdense), TheDeployment().ClientOf(MemberNamed(kOdense)));
  ASSERT_TRUE(odense.ok()) << odense.status();
  static int serial = 0;
  const auto requested =
      (*odense)->RequestHandover(EnrolledCase(**odense, absl::StrCat("660180", 1000 + ++serial)),
                                 kIshoj, hv1::HANDOVER_REASON_RELOCATION);
  ASSERT_TRUE(requested.ok()) << requested.status();
  std::vector<std::string> records;
  for (const absl::Time until = absl::Now() + absl::Seconds(30);
       records.empty() && absl::Now() < until;) {
    records = Records();
  }
  ASSERT_FALSE(records.empty());
  const auto way = Cell(GetParam().row, "reads this project's records");
  ASSERT_TRUE(way.ok()) << way.status();
  const std::vector<std::string> events = Read(GetParam(), records.size());
  ASSERT_THAT(events, SizeIs(records.size()));
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(events[i], absl::StrCat(*way, " | ", records[i]));
  }
}

TEST_P(EventsTest, IsOfTheVersionThatItsRowSays) {
  const absl::Status same = CheckVersion(GetParam());
  EXPECT_TRUE(same.ok()) << same;
}

INSTANTIATE_TEST_SUITE_P(Each, EventsTest, ::testing::ValuesIn(Readers()), [](const auto& reader) {
  return absl::StrReplaceAll(reader.param.row, {{"SDK for ", ""}, {", version ", ""}});
});

}  // namespace
}  // namespace exitbus::story
