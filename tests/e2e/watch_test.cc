// Following a list over gRPC: a client written from the contracts alone goes through kills of the
// service and of itself, and nobody's slowness is anybody else's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "adapters/grpc/errors.h"
#include "tests/e2e/environment.h"

namespace exitbus::story {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kWatchCases[] = "exitbus.casework.v1.CaseService.WatchCases";
constexpr char kWatchHandovers[] = "exitbus.handover.v1.HandoverService.WatchHandovers";
constexpr absl::Duration kLong = absl::Seconds(30);
constexpr absl::Duration kRestartLimit = absl::Seconds(20);

const Member& Ishoj() { return MemberNamed(kIshoj); }

adapters::CallOptions AsEmployee() {
  adapters::CallOptions options;
  options.metadata = {{"exitbus-employee", "tester"}, {"exitbus-purpose", "exit-support"}};
  return options;
}

// A stream of Ishøj's cases as a client of ours sees it.
class CaseStream {
 public:
  explicit CaseStream(const std::string& certificate = Ishoj().client)
      : client_(ClientWith(Ishoj(), certificate)),
        watch_(*client_->Watch(kWatchCases, AsEmployee())) {}

  absl::Status Begin(const std::string& token = "") {
    cv1::WatchCasesRequest request;
    request.mutable_begin()->set_token(token);
    return watch_->Send(request);
  }
  absl::Status Acknowledge(const std::string& token) {
    cv1::WatchCasesRequest request;
    request.mutable_acknowledge()->set_token(token);
    return watch_->Send(request);
  }
  absl::StatusOr<cv1::WatchCasesResponse> Next(absl::Duration wait = kLong) {
    auto message = watch_->Next(wait);
    if (!message.ok()) return message.status();
    return static_cast<const cv1::WatchCasesResponse&>(**message);
  }
  // Reads and acknowledges until there is nothing more to come.
  absl::Status CatchUp() {
    while (true) {
      const auto next = Next();
      if (!next.ok()) return next.status();
      absl::Status sent = Acknowledge(next->token());
      if (!sent.ok() || next->marker() == watch::v1::MARKER_CAUGHT_UP) return sent;
    }
  }

 private:
  std::unique_ptr<adapters::GrpcClient> client_;
  std::unique_ptr<adapters::GrpcWatch> watch_;
};

class WatchTest : public ::testing::Test {
 protected:
  WatchTest() {
    auto actor = Actor::Make(Ishoj(), TheDeployment().ClientOf(Ishoj()));
    EXPECT_TRUE(actor.ok()) << actor.status();
    ishoj_ = *std::move(actor);
  }

  std::string Open() {
    static int serial = 0;
    cv1::OpenCaseRequest request;
    request.set_request_id(FreshId());
    request.mutable_person()->set_cpr_number(absl::StrFormat("621180%04d", ++serial));
    request.mutable_person()->set_name("Opdigtet Person");
    request.set_legal_basis(policy::v1::LEGAL_BASIS_FVL28);
    const auto reply = ishoj_->Call("exitbus.casework.v1.CaseService.OpenCase", request);
    EXPECT_TRUE(reply.ok()) << reply.status();
    if (!reply.ok()) return "";
    return static_cast<const cv1::OpenCaseResponse&>(**reply).case_().case_id();
  }

  // The etag of each case, by id.
  std::map<std::string, std::string> Listed() {
    std::map<std::string, std::string> listed;
    cv1::ListCasesRequest request;
    do {
      const auto reply = ishoj_->Call("exitbus.casework.v1.CaseService.ListCases", request);
      EXPECT_TRUE(reply.ok()) << reply.status();
      if (!reply.ok()) break;
      const auto& page = static_cast<const cv1::ListCasesResponse&>(**reply);
      for (const cv1::Case& one : page.cases()) listed[one.case_id()] = one.etag();
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return listed;
  }

  std::unique_ptr<Actor> ishoj_;
  const Places& places_ = TheDeployment().places();
};

// tests/e2e/watch_client.py, with what the README says generated for it.
class PythonClient {
 public:
  explicit PythonClient(const Places& places)
      : folder_(places.state + "/python"),
        client_{
            {"/usr/bin/python3", absl::StrCat(Deployment::Source(), "/tests/e2e/watch_client.py"),
             "--profile", places.profile(Ishoj()), "--stubs", folder_ + "/out", "--state", state()},
            folder_ + "/pid",
            folder_ + "/log"} {}
  ~PythonClient() { Kill(); }

  absl::Status Generate() {
    return RunTool({"sh", "-c",
                    absl::StrCat("mkdir -p ", folder_, "/out && cd ", Deployment::Source(),
                                 "/proto && protoc -I . --python_out=", folder_,
                                 "/out --grpc_python_out=", folder_,
                                 "/out --plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin "
                                 "$(find exitbus -name '*.proto')")},
                   folder_ + ".generate.log");
  }
  absl::Status Start() { return Spawn(client_); }
  void Kill() { (void)End(client_, SIGKILL, absl::Seconds(5)); }
  bool running() const { return RunningPid(client_).has_value(); }
  std::string log() const { return adapters::ReadFile(client_.log).value_or(""); }
  std::string folder() const { return folder_; }
  bool AwaitHeard(const std::string& id) const {
    const absl::Time until = absl::Now() + kLong;
    while (!absl::StrContains(log(), id) && absl::Now() < until) {
      absl::SleepFor(absl::Milliseconds(20));
    }
    return absl::StrContains(log(), id);
  }

  // What it knows: the etag of each case, by id.
  std::map<std::string, std::string> Known() const {
    const auto json = nlohmann::json::parse(adapters::ReadFile(state()).value_or("{}"));
    return json.value("known", std::map<std::string, std::string>());
  }

 private:
  std::string state() const { return folder_ + "/state.json"; }

  const std::string folder_;
  const Daemon client_;
};

// How often a line begins so.
int Count(const std::string& text, const std::string& line) {
  int count = 0;
  for (std::size_t at = text.find("\n" + line); at != std::string::npos;
       at = text.find("\n" + line, at + 1)) {
    ++count;
  }
  return count;
}

TEST_F(WatchTest, AClientFromTheContractsAloneMissesAndRepeatsNothing) {
  Open();
  PythonClient python(places_);
  const absl::Status generated = python.Generate();
  ASSERT_TRUE(generated.ok()) << generated;
  ASSERT_TRUE(python.Start().ok());
  std::vector<std::string> cases;
  for (int i = 0; i < 60; ++i) {
    cases.push_back(Open());
    if (i % 3 == 0) {
      const auto changed = ishoj_->RecordConsent(cases[cases.size() / 2]);
      ASSERT_TRUE(changed.ok()) << changed.status();
    }
    if (i % 20 == 10) {
      // It follows by now, and so sees the kill; the last change may or may not have reached it.
      ASSERT_TRUE(python.AwaitHeard(cases.back())) << python.log();
      cases.push_back(Open());
      ASSERT_TRUE(TheDeployment().KillService(Ishoj()).ok());
      ASSERT_TRUE(TheDeployment().StartService(Ishoj()).ok());
    }
    if (i == 25) {
      python.Kill();
      ASSERT_TRUE(python.Start().ok());
    }
  }
  const absl::Time until = absl::Now() + kLong;
  auto listed = Listed();
  EXPECT_GE(listed.size(), 61U);
  while (python.Known() != listed && absl::Now() < until) absl::SleepFor(absl::Milliseconds(100));
  EXPECT_EQ(python.Known(), listed);
  EXPECT_TRUE(python.running()) << python.log();
  const std::string log = "\n" + python.log();
  EXPECT_THAT(log, Not(HasSubstr("REPEATED")));
  EXPECT_EQ(Count(log, "snapshot"), 1) << log;
  EXPECT_GE(Count(log, "ended UNAVAILABLE"), 3) << log;
  // Each is told once at most; that none is missing is what it knows.
  for (const auto& [id, etag] : listed) {
    EXPECT_LE(Count(log, absl::StrCat("case ", id, " ", etag)), 1) << log;
  }
}

TEST_F(WatchTest, TheReadmesOwnClientWorks) {
  PythonClient python(places_);
  const absl::Status generated = python.Generate();
  ASSERT_TRUE(generated.ok()) << generated;
  const std::string id = Open();
  // What the README shows of Python before and in "Follow what happens", as one program.
  const std::string script = absl::StrCat(
      "cd ", python.folder(), " && awk '/^```python$/{on=1;next} /^```$/{on=0} on' ",
      Deployment::Source(), "/README.md > readme.py && set -a && . ", places_.profile(Ishoj()),
      " && (PYTHONPATH=out timeout 10 /usr/bin/python3 -u readme.py; test $? = 124) && ", "grep '",
      id, "' cases.json");
  const absl::Status ran = RunTool({"sh", "-c", script}, python.folder() + "/readme.log");
  EXPECT_TRUE(ran.ok()) << ran;
}

TEST_F(WatchTest, OneThatReadsNothingHoldsUpNobody) {
  CaseStream slow;
  CaseStream fast;
  ASSERT_TRUE(slow.Begin().ok());
  ASSERT_TRUE(fast.Begin().ok());
  ASSERT_TRUE(fast.CatchUp().ok());
  absl::Duration longest;
  for (int i = 0; i < 70; ++i) {
    const std::string id = Open();
    const absl::Time answered = absl::Now();
    const auto told = fast.Next();
    ASSERT_TRUE(told.ok()) << told.status();
    longest = std::max(longest, absl::Now() - answered);
    EXPECT_EQ(told->case_().case_id(), id);
    ASSERT_TRUE(fast.Acknowledge(told->token()).ok());
  }
  EXPECT_LT(longest, absl::Seconds(2));
  // And the slow one finds, when it reads at last, all there is.
  std::set<std::string> found;
  absl::Status sent;
  while (sent.ok()) {
    const auto told = slow.Next();
    ASSERT_TRUE(told.ok()) << told.status();
    if (told->has_case_()) found.insert(told->case_().case_id());
    if (told->marker() == watch::v1::MARKER_CAUGHT_UP) break;
    sent = slow.Acknowledge(told->token());
  }
  EXPECT_EQ(found.size(), Listed().size());
}

TEST_F(WatchTest, ThoseThatDieMakeRoom) {
  std::vector<std::unique_ptr<CaseStream>> streams;
  std::string rule;
  while (rule.empty() && streams.size() < 100) {
    streams.push_back(std::make_unique<CaseStream>());
    ASSERT_TRUE(streams.back()->Begin().ok());
    const auto told = streams.back()->Next();
    if (!told.ok()) rule = RuleOf(told.status());
  }
  EXPECT_EQ(rule, "watch.too_many");
  EXPECT_EQ(streams.size(), 33U);  // a system's share, and one more
  streams.clear();
  absl::StatusOr<cv1::WatchCasesResponse> told = absl::UnknownError("");
  for (const absl::Time until = absl::Now() + kLong; !told.ok() && absl::Now() < until;) {
    CaseStream again;
    told = again.Begin().ok() ? again.Next() : absl::UnknownError("");
  }
  EXPECT_TRUE(told.ok()) << told.status();
}

TEST_F(WatchTest, TokensAndRights) {
  Open();
  CaseStream cases;
  ASSERT_TRUE(cases.Begin().ok());
  const auto told = cases.Next();
  ASSERT_TRUE(told.ok()) << told.status();

  const auto client = ClientWith(Ishoj(), Ishoj().client);
  auto handovers = *client->Watch(kWatchHandovers, AsEmployee());
  hv1::WatchHandoversRequest begin;
  begin.mutable_begin()->set_token(told->token());
  ASSERT_TRUE(handovers->Send(begin).ok());
  EXPECT_EQ(RuleOf(handovers->Next(kLong).status()), "watch.bad_token");

  CaseStream other;
  ASSERT_TRUE(other.Begin().ok());
  ASSERT_TRUE(other.Acknowledge(told->token()).ok());
  absl::StatusOr<cv1::WatchCasesResponse> next = other.Next();
  while (next.ok()) next = other.Next();
  EXPECT_EQ(RuleOf(next.status()), "watch.unknown_acknowledgement");

  IssueCertificate({"issue-client", "municipality-0183.casesystem.mentor"});
  CaseStream mentor("municipality-0183.casesystem.mentor");
  EXPECT_EQ(RuleOf(mentor.Next().status()), "caller.function_may_not");
}

TEST_F(WatchTest, ExitctlFollowsAndGoesOnWhereItWas) {
  const std::string id = Open();
  const std::string token_file = places_.state + "/exitctl.token";
  const auto watch = [&] {
    const std::string log = places_.state + "/exitctl.log";
    (void)RunTool({"timeout", "3", Deployment::Program("exitctl"), "--profile",
                   places_.profile(Ishoj()), "watch", "cases", "--token-file", token_file},
                  log);
    return adapters::ReadFile(log).value_or("");
  };
  EXPECT_THAT(watch(), HasSubstr("case " + id));
  const std::string next = Open();
  EXPECT_THAT(watch(), ::testing::AllOf(HasSubstr("case " + next), Not(HasSubstr("case " + id))));

  const std::string log = places_.state + "/inbox.log";
  const absl::Status inbox = RunTool(
      {Deployment::Program("exitctl"), "--profile", places_.profile(Ishoj()), "inbox"}, log);
  EXPECT_TRUE(inbox.ok()) << inbox;
}

}  // namespace
}  // namespace exitbus::story
