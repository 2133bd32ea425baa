// The web gateway of a real authority, by curl: what it answers is what gRPC answers, it lets in
// whom gRPC lets in, and a browser's event stream survives the death of the service.
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "nlohmann/json.hpp"
#include "tests/e2e/environment.h"
#include "tests/e2e/operator.h"

namespace exitbus::story {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kGetCase[] = "exitbus.casework.v1.CaseService.GetCase";
constexpr char kGetCasePath[] = "/exitbus.casework.v1.CaseService/GetCase";
constexpr char kWatchCasesPath[] = "/exitbus.casework.v1.CaseService/WatchCases";
constexpr char kInvolvePath[] = "/exitbus.casework.v1.CaseService/InvolveUnit";

const Member& Ishoj() { return MemberNamed(kIshoj); }

class WebTest : public ::testing::Test {
 protected:
  // Once: Ishøj's configuration gets a web gateway, at a port that the system chooses.
  static void SetUpTestSuite() {
    const std::string file = TheDeployment().places().config(Ishoj());
    const std::string config = adapters::ReadFile(file).value_or("");
    ASSERT_TRUE(adapters::ReplaceFile(file, config + "\nweb { address: \"127.0.0.1:0\" }\n").ok());
    Restart();
  }

  static void Restart() {
    ASSERT_TRUE(TheDeployment().KillService(Ishoj()).ok());
    const Log log(Ishoj());
    ASSERT_TRUE(TheDeployment().StartService(Ishoj()).ok());
    ASSERT_TRUE(log.Await("web.listening"));
    ASSERT_TRUE(TheDeployment().AwaitServing(Ishoj()).ok());
    std::ifstream lines(TheDeployment().places().log(Ishoj()));
    for (std::string line; std::getline(lines, line);) {
      const auto said = nlohmann::json::parse(line, nullptr, false);
      if (said.is_object() && said.value("event", "") == "web.listening") {
        port_ = std::stoi(said["fields"].value("port", "0"));
      }
    }
    ASSERT_GT(port_, 0);
  }

  static std::vector<std::string> CurlCommand(const std::string& certificate,
                                              const std::string& path) {
    const Places& places = TheDeployment().places();
    std::vector<std::string> command = {"curl", "--silent", "--show-error", "--cacert",
                                        places.pki() + "/authorities-ca.crt"};
    if (!certificate.empty()) {
      for (const std::string& word : {std::string("--cert"), places.certificate(certificate),
                                      std::string("--key"), places.key(certificate)}) {
        command.push_back(word);
      }
    }
    for (const char* header : {"exitbus-employee: tester", "exitbus-purpose: exit-support"}) {
      command.push_back("--header");
      command.push_back(header);
    }
    command.push_back(absl::StrCat("https://localhost:", port_, path));
    return command;
  }

  // Its output, and what became of it.
  static std::string Curl(std::vector<std::string> command, absl::Status* ended = nullptr) {
    const std::string out = TheDeployment().places().state + "/curl.out";
    const absl::Status status = RunTool(command, out);
    if (ended != nullptr) *ended = status;
    return adapters::ReadFile(out).value_or("");
  }

  static std::string Post(const std::string& certificate, const std::string& path,
                          const std::string& json) {
    auto command = CurlCommand(certificate, path);
    for (const char* word : {"--header", "Content-Type: application/json", "--data"}) {
      command.push_back(word);
    }
    command.push_back(json);
    return Curl(command);
  }
  static std::string GetCase(const std::string& certificate, const std::string& case_id) {
    return Post(certificate, kGetCasePath, absl::StrCat(R"({"caseId":")", case_id, "\"}"));
  }

  static std::string GetCaseByGrpc(const std::string& certificate, const std::string& case_id) {
    cv1::GetCaseRequest request;
    request.set_case_id(case_id);
    adapters::CallOptions options;
    options.metadata = {{"exitbus-employee", "tester"}, {"exitbus-purpose", "exit-support"}};
    const auto reply = ClientWith(Ishoj(), certificate)->Call(kGetCase, request, options);
    EXPECT_TRUE(reply.ok()) << reply.status();
    std::string json;
    if (!reply.ok()) return "";
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(**reply, &json).ok());
    return json;
  }

  static std::string Enrolled() {
    static int serial = 0;
    auto actor = Actor::Make(Ishoj(), TheDeployment().ClientOf(Ishoj()));
    EXPECT_TRUE(actor.ok()) << actor.status();
    return EnrolledCase(**actor, absl::StrCat("610280", 1000 + ++serial));
  }

  static inline int port_ = 0;
};

TEST_F(WebTest, AnswersEachFunctionJustWhatGrpcDoes) {
  const std::string id = Enrolled();
  const std::string jobcentre = JobcentreOf(Ishoj()).client;
  const std::string involved = Post(Ishoj().client, kInvolvePath,
                                    absl::StrCat(R"({"requestId":"web-1","caseId":")", id,
                                                 R"(","function":"FUNCTION_JOBCENTRE"})"));
  EXPECT_THAT(involved, HasSubstr(id));
  const std::string coordinators = GetCase(Ishoj().client, id);
  EXPECT_THAT(coordinators, HasSubstr("riskOnLeaving"));
  EXPECT_EQ(coordinators, GetCaseByGrpc(Ishoj().client, id));
  const std::string units = GetCase(jobcentre, id);
  EXPECT_THAT(units, AllOf(HasSubstr(id), Not(HasSubstr("riskOnLeaving"))));
  EXPECT_EQ(units, GetCaseByGrpc(jobcentre, id));
}

TEST_F(WebTest, ARefusalIsThatOfGrpc) {
  const auto error = nlohmann::json::parse(GetCase(Ishoj().client, "none"), nullptr, false);
  ASSERT_TRUE(error.is_object());
  EXPECT_EQ(error["code"], "not_found");
  EXPECT_EQ(error["details"][0]["type"], "google.rpc.ErrorInfo");
  EXPECT_EQ(error["details"][0]["debug"]["domain"], "exitbus");
}

// Which is not ours, and learns the contracts from their files.
TEST_F(WebTest, BufCurlWorksUnmodified) {
  const Places& places = TheDeployment().places();
  const std::string out = Curl(
      {"bash", "-c",
       absl::StrCat("source ", Deployment::Tool("lib.sh"),
                    "; exec \"$(buf_folder)/node_modules/.bin/buf\" curl \"$@\""),
       "buf", "--schema", Deployment::Source() + "/proto", "--cacert",
       places.pki() + "/authorities-ca.crt", "--cert", places.certificate(Ishoj().client), "--key",
       places.key(Ishoj().client), "--header", "exitbus-employee: tester", "--header",
       "exitbus-purpose: exit-support", "--data", R"({"pageSize":1})",
       absl::StrCat("https://localhost:", port_, "/exitbus.casework.v1.CaseService/ListCases")});
  EXPECT_TRUE(nlohmann::json::parse(out, nullptr, false).is_object()) << out;
}

TEST_F(WebTest, LetsInNobodyWhomGrpcTurnsAway) {
  absl::Status ended;
  Curl(CurlCommand("", kGetCasePath), &ended);
  EXPECT_FALSE(ended.ok()) << "without a certificate";
  EXPECT_THAT(GetCase(MemberNamed(kOdense).client, "none"), HasSubstr("caller.wrong_authority"));
  auto old = CurlCommand(Ishoj().client, "/");
  old.insert(old.begin() + 1, {"--tls-max", "1.2"});
  Curl(old, &ended);
  EXPECT_FALSE(ended.ok()) << "TLS 1.2";
}

TEST_F(WebTest, AnEventStreamGoesOnAfterAKill) {
  const auto follow = [](const std::vector<std::string>& more) {
    auto command = CurlCommand(Ishoj().client, kWatchCasesPath);
    command.insert(command.end() - 1, more.begin(), more.end());
    command.insert(command.begin() + 1, {"--no-buffer", "--max-time", "5"});
    return Curl(command);
  };
  const std::string first = Enrolled();
  const std::string all = follow({});
  EXPECT_THAT(all, HasSubstr("MARKER_CAUGHT_UP"));
  EXPECT_THAT(all, HasSubstr(first));
  const std::size_t last = all.rfind("id: ") + 4;
  const std::string token = all.substr(last, all.find('\n', last) - last);
  ASSERT_FALSE(token.empty());

  Restart();
  const std::string second = Enrolled();
  const std::string rest = follow({"--header", absl::StrCat("Last-Event-ID: ", token)});
  EXPECT_THAT(rest, HasSubstr(second));
  EXPECT_THAT(rest, Not(HasSubstr(first))) << "nothing comes again";
}

}  // namespace
}  // namespace exitbus::story
