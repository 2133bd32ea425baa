// The clients of other languages play one scenario, and what they see is what docs/clients.md says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tests/clients/foreign.h"
#include "tests/clients/foreign_client.h"
#include "tests/e2e/environment.h"

namespace exitbus::story {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr absl::Duration kLong = absl::Seconds(60);

const Member& Ishoj() { return MemberNamed(kIshoj); }

std::string FreshCpr() {
  static int serial = 0;
  return absl::StrCat("650180", 1000 + ++serial);
}

// Of "again: Unavailable some text" and "UNAVAILABLE: text" alike: the code in one spelling.
std::string CodeOf(const std::string& text) {
  return absl::AsciiStrToUpper(absl::StrReplaceAll(text, {{"_", ""}, {":", ""}}));
}

const std::vector<Foreign>& Clients() {
  static const auto* clients = new std::vector<Foreign>{
      {"Python",
       "python",
       {"venv/bin/python", "client.py"},
       "grpcio",
       "requirements.txt",
       "grpcio=="},
      {"TypeScript",
       "typescript",
       {"node", "out/client.js"},
       "@grpc/grpc-js",
       "package.json",
       "\"@grpc/grpc-js\": \""},
      {"Go", "go", {"./client"}, "grpc-go", "go.mod", "google.golang.org/grpc v"},
      {"Java",
       "java",
       {"java", "-cp", "target/client.jar:target/lib/*", "Client"},
       "grpc-java",
       "pom.xml",
       "<grpc.version>"},
      {"Rust", "rust", {"target/release/client"}, "tonic", "Cargo.toml", "tonic = { version = \"="},
  };
  return *clients;
}

class ClientsTest : public ::testing::TestWithParam<Foreign> {
 protected:
  static std::unique_ptr<Actor> At(const Member& member) {
    auto actor = Actor::Make(member, TheDeployment().ClientOf(member));
    EXPECT_TRUE(actor.ok()) << actor.status();
    return *std::move(actor);
  }

  // A handover that Odense asks Ishøj for; its id.
  std::string Requested() {
    const std::string case_id = EnrolledCase(*odense_, FreshCpr());
    const auto requested =
        odense_->RequestHandover(case_id, kIshoj, hv1::HANDOVER_REASON_RELOCATION);
    EXPECT_TRUE(requested.ok()) << requested.status();
    return requested.ok() ? requested->handover_id() : "";
  }
  // The client has accepted it, both sides know, and the client has heard how it is then.
  void AwaitAccepted(const ForeignClient& client, const std::string& id) {
    const auto released =
        odense_->AwaitHandover(id, absl::Now(), "it is accepted there",
                               [](const auto& seen) { return seen.identity_released(); });
    ASSERT_TRUE(released.ok()) << released.status();
    const auto known =
        ishoj_->AwaitHandover(id, absl::Now(), "the person is known here",
                              [](const auto& seen) { return !seen.person().name().empty(); });
    ASSERT_TRUE(known.ok()) << known.status();
    std::string last;
    for (const absl::Time until = absl::Now() + kLong; absl::Now() < until;
         absl::SleepFor(absl::Milliseconds(50))) {
      const auto now = ishoj_->GetHandover(id);
      ASSERT_TRUE(now.ok()) << now.status();
      last = absl::StrCat("handover ", id, " HANDOVER_STAGE_ACCEPTED ", now->etag());
      const std::vector<std::string> lines = client.Answering();
      if (std::find(lines.begin(), lines.end(), last) != lines.end()) return;
    }
    FAIL() << "it was not told " << last << Said(client);
  }
  static std::string Said(const ForeignClient& client) {
    return absl::StrCat("; it said:\n", absl::StrJoin(client.Answering(), "\n"));
  }
  // The first line from `from` on that begins so.
  template <class Lines>
  static std::string Await(const Lines& lines, const std::string& begins, std::size_t from = 0) {
    for (const absl::Time until = absl::Now() + kLong; absl::Now() < until;
         absl::SleepFor(absl::Milliseconds(20))) {
      const std::vector<std::string> said = lines();
      for (std::size_t at = from; at < said.size(); ++at) {
        if (absl::StartsWith(said[at], begins)) return said[at];
      }
    }
    ADD_FAILURE() << "it never said \"" << begins << "\"";
    return "";
  }

  static std::string CellOf(const std::string& column) {
    const auto cell = Cell(GetParam().row, column);
    EXPECT_TRUE(cell.ok()) << cell.status();
    return cell.value_or("");
  }
  // "again: CODE text" is what the cell says: "CODE: part of the text".
  static void ExpectSeen(const std::string& line, const std::string& column) {
    const std::vector<std::string> seen = absl::StrSplit(line, absl::MaxSplits(' ', 2));
    const std::vector<std::string> cell = absl::StrSplit(CellOf(column), absl::MaxSplits(": ", 1));
    ASSERT_EQ(seen.size(), 3U) << line;
    ASSERT_EQ(cell.size(), 2U) << column;
    EXPECT_EQ(CodeOf(cell[0]), CodeOf(seen[1])) << column << ": " << line;
    EXPECT_THAT(seen[2], HasSubstr(cell[1])) << column;
  }
  // The line that says so.
  static std::string Opened(const absl::StatusOr<std::string>& said) {
    EXPECT_TRUE(said.ok()) << said.status();
    for (const std::string& line : LinesIn(said.value_or(""))) {
      if (absl::StartsWith(line, "opened ")) return line;
    }
    return said.value_or("");
  }
  void ExpectReads(const std::string& name, const std::string& column) {
    const Places& places = TheDeployment().places();
    const auto said =
        ForeignClient(GetParam())
            .Run({"open", FreshId(), FreshCpr(), "Opdigtet Person"},
                 {"EXITBUS_KEY=" + places.key(name), "EXITBUS_CERT=" + places.certificate(name)});
    EXPECT_EQ(said.ok() ? "read" : "refused", CellOf(column)) << said.status();
    if (!said.ok()) return;
    EXPECT_THAT(Opened(said), StartsWith("opened "));
  }

  std::unique_ptr<Actor> ishoj_ = At(Ishoj());
  std::unique_ptr<Actor> odense_ = At(MemberNamed(kOdense));
};

TEST_P(ClientsTest, OpensACaseOnceHoweverOftenItAsks) {
  const ForeignClient client(GetParam());
  const std::string request_id = FreshId();
  const std::string cpr = FreshCpr();
  const std::string opened = Opened(client.Run({"open", request_id, cpr, "Opdigtet Person"}));
  EXPECT_THAT(opened, StartsWith("opened "));
  EXPECT_EQ(Opened(client.Run({"open", request_id, cpr, "Opdigtet Person"})), opened);
  const auto reused = client.Run({"open", request_id, cpr, "En Anden"});
  EXPECT_THAT(reused.status().message(), HasSubstr("refused request.id_reused This request_id"));
}

TEST_P(ClientsTest, AnswersHandoversThroughKillsOfTheServiceAndOfItself) {
  ForeignClient client(GetParam());
  ASSERT_TRUE(client.StartAnswering().ok());
  const std::string first = Requested();
  ASSERT_NO_FATAL_FAILURE(AwaitAccepted(client, first));

  const std::size_t before = client.Answering().size();
  ASSERT_TRUE(TheDeployment().KillService(Ishoj()).ok());
  ExpectSeen(Await([&] { return client.Answering(); }, "again: ", before),
             "an open watch whose service is killed");
  ASSERT_TRUE(client.StartOpening({"open", FreshId(), FreshCpr(), "Opdigtet Person"}).ok());
  ExpectSeen(Await([&] { return client.Opening(); }, "again: "), "a call while it is away");
  const std::string second = Requested();  // its letters wait for Ishøj
  ASSERT_TRUE(TheDeployment().StartService(Ishoj()).ok());
  EXPECT_THAT(Await([&] { return client.Opening(); }, "opened "), StartsWith("opened "));
  ASSERT_NO_FATAL_FAILURE(AwaitAccepted(client, second));

  absl::SleepFor(absl::Seconds(0.5));  // it has stored its token
  client.KillAnswering();
  const std::string third = Requested();
  ASSERT_TRUE(client.StartAnswering().ok());
  ASSERT_NO_FATAL_FAILURE(AwaitAccepted(client, third));

  std::vector<std::string> acts;
  std::set<std::string> told;
  for (const std::string& line : client.Answering()) {
    if (absl::StartsWith(line, "handover ")) {
      EXPECT_TRUE(told.insert(line).second) << line;
    } else if (absl::StartsWith(line, "agreed ") || absl::StartsWith(line, "accepted ")) {
      acts.push_back(line);
    }
  }
  EXPECT_THAT(acts, ElementsAre("agreed " + first, "accepted " + first, "agreed " + second,
                                "accepted " + second, "agreed " + third, "accepted " + third))
      << Said(client);
  EXPECT_GE(told.size(), 9U) << Said(client);
}

TEST_P(ClientsTest, IsOfTheVersionThatItsRowSays) {
  const absl::Status same = CheckVersion(GetParam());
  EXPECT_TRUE(same.ok()) << same;
}

TEST_P(ClientsTest, ReadsKeysAsItsRowSays) {
  const Places& places = TheDeployment().places();
  for (const auto& [form, column] :
       std::map<std::string, std::string>{{"pkcs8", "a key in PKCS#8"},
                                          {"sec1", "a key in SEC 1"},
                                          {"certtool", "certtool's longer key"}}) {
    const absl::Status made = RunTool(
        {Deployment::Source() + "/tests/clients/keys.sh", form, places.pki(), Ishoj().client},
        places.state + "/keys.log");
    ASSERT_TRUE(made.ok()) << made;
    ExpectReads(form, column);
  }
}

INSTANTIATE_TEST_SUITE_P(Each, ClientsTest, ::testing::ValuesIn(Clients()),
                         [](const auto& client) { return client.param.row; });

}  // namespace
}  // namespace exitbus::story
