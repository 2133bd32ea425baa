// Calls by the Connect protocol, over loopback and TLS, as bytes.
#include <condition_variable>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/web/gzip.h"
#include "adapters/web/web_fixture_testing.h"
#include "google/rpc/error_details.pb.h"
#include "nlohmann/json.hpp"

namespace exitbus::adapters {
namespace {

using ::testing::HasSubstr;
using WebCallsTest = WebFixture;

std::string ReasonOf(const HttpsReply& reply) {
  const auto error = nlohmann::json::parse(reply.body, nullptr, false);
  if (!error.is_object() || !error.contains("details")) return "";
  return error["details"][0]["debug"]["reason"];
}

TEST_F(WebCallsTest, AnswersInJsonAndTellsWhoCalls) {
  const HttpsReply reply = Echo(R"({"text": "hej"})",
                                {{"exitbus-employee", "az1234"}, {"exitbus-purpose", "follow-up"}});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("content-type"), "application/json");
  EXPECT_EQ(reply.body, R"({"text":"hej"})");
  ASSERT_EQ(handler_.callers().size(), 1U);
  const exchange::Caller caller = handler_.callers()[0];
  EXPECT_EQ(caller.authority, "municipality-0183");
  EXPECT_EQ(caller.system, "casesystem");
  EXPECT_EQ(caller.function, "exit_coordinator");
  EXPECT_EQ(caller.employee, "az1234");
  EXPECT_EQ(caller.purpose, "follow-up");
  EXPECT_EQ(telemetry_.Total("api.calls", {{"outcome", "handled"}}), 1);
}

TEST_F(WebCallsTest, AnswersInBinary) {
  EchoRequest request;
  request.set_text("hej");
  const HttpsReply reply =
      Client()->Post(kEchoPath, "application/proto", request.SerializeAsString());
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("content-type"), "application/proto");
  EchoResponse response;
  ASSERT_TRUE(response.ParseFromString(reply.body));
  EXPECT_EQ(response.text(), "hej");
}

TEST_F(WebCallsTest, MetadataIsSaidAlsoInBase64ForBrowsersOnceEach) {
  std::string remark;
  absl::Base64Escape("på grund af sårbarhed", &remark);
  EXPECT_EQ(Echo("{}", {{"exitbus-remark-bin", remark}}).status, 200);
  EXPECT_EQ(handler_.callers().at(0).remark, "på grund af sårbarhed");
  const auto twice = Echo("{}", {{"exitbus-remark-bin", remark}, {"exitbus-remark", "x"}});
  EXPECT_EQ(twice.status, 400);
  EXPECT_EQ(ReasonOf(twice), "caller.metadata_twice");
  const auto client = Client();
  client->Send(
      absl::StrCat("POST ", kEchoPath,
                   " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                   "exitbus-employee: a\r\nexitbus-employee: b\r\nContent-Length: 2\r\n\r\n{}"));
  EXPECT_EQ(ReasonOf(client->Read()), "caller.metadata_twice");
  EXPECT_EQ(handler_.callers().size(), 1U);
}

TEST_F(WebCallsTest, EachCodeHasItsHttpStatusAndItsName) {
  const std::map<absl::StatusCode, std::pair<int, std::string>> expected = {
      {absl::StatusCode::kCancelled, {499, "canceled"}},
      {absl::StatusCode::kUnknown, {500, "unknown"}},
      {absl::StatusCode::kInvalidArgument, {400, "invalid_argument"}},
      {absl::StatusCode::kDeadlineExceeded, {504, "deadline_exceeded"}},
      {absl::StatusCode::kNotFound, {404, "not_found"}},
      {absl::StatusCode::kAlreadyExists, {409, "already_exists"}},
      {absl::StatusCode::kPermissionDenied, {403, "permission_denied"}},
      {absl::StatusCode::kResourceExhausted, {429, "resource_exhausted"}},
      {absl::StatusCode::kFailedPrecondition, {400, "failed_precondition"}},
      {absl::StatusCode::kAborted, {409, "aborted"}},
      {absl::StatusCode::kOutOfRange, {400, "out_of_range"}},
      {absl::StatusCode::kUnimplemented, {501, "unimplemented"}},
      {absl::StatusCode::kInternal, {500, "internal"}},
      {absl::StatusCode::kUnavailable, {503, "unavailable"}},
      {absl::StatusCode::kDataLoss, {500, "data_loss"}},
      {absl::StatusCode::kUnauthenticated, {401, "unauthenticated"}}};
  EXPECT_EQ(expected.size(), 16U);
  const auto client = Client();
  for (const auto& [code, answer] : expected) {
    Refuse(code);
    const HttpsReply reply = client->Post(kEchoPath, "application/proto", "");
    EXPECT_EQ(reply.status, answer.first) << answer.second;
    EXPECT_EQ(reply.Header("content-type"), "application/json");
    EXPECT_EQ(nlohmann::json::parse(reply.body)["code"], answer.second);
  }
}

TEST_F(WebCallsTest, ARefusalCarriesItsErrorInfo) {
  Refuse(absl::StatusCode::kFailedPrecondition);
  const auto error = nlohmann::json::parse(Echo("{}").body);
  EXPECT_EQ(error["message"], "Not now.");
  ASSERT_EQ(error["details"].size(), 1U);
  const auto& detail = error["details"][0];
  EXPECT_EQ(detail["type"], "google.rpc.ErrorInfo");
  EXPECT_EQ(detail["debug"]["reason"], "test.no");
  std::string bytes;
  ASSERT_TRUE(absl::Base64Unescape(detail["value"].get<std::string>(), &bytes));
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(info.ParseFromString(bytes));
  EXPECT_EQ(info.reason(), "test.no");
  EXPECT_EQ(info.domain(), "exitbus");
  EXPECT_EQ(info.metadata().at("state"), "OFFERED");
}

TEST_F(WebCallsTest, WhatIsNoRequestOfTheMethodIsRefused) {
  for (const char* json : {"", "{", R"({"text": 7})", R"({"txet": "hej"})", "[]", "\"text\"",
                           "{\"text\": \"\xff\"}"}) {
    const HttpsReply reply = Echo(json);
    EXPECT_EQ(reply.status, 400) << json;
    EXPECT_EQ(ReasonOf(reply), "request.malformed") << json;
  }
  const HttpsReply binary =
      Client()->Post(kEchoPath, "application/proto", std::string("\x0a\xff", 2));
  EXPECT_EQ(ReasonOf(binary), "request.malformed");
  EXPECT_TRUE(handler_.callers().empty());
}

TEST_F(WebCallsTest, WhatIsNoCallAtAllIsToldByHttp) {
  const auto client = Client();
  const auto status = [&](const std::string& line, const std::string& type) {
    return client->Ask(line, {{"Content-Type", type}}, "{}").status;
  };
  EXPECT_EQ(status("POST /exitbus.testing.v1.EchoService/Shout", "application/json"), 404);
  EXPECT_EQ(status("POST /exitbus.testing.v1.NoService/Echo", "application/json"), 404);
  EXPECT_EQ(status("POST /", "application/json"), 404);
  EXPECT_EQ(status(absl::StrCat("POST ", kEchoPath), "text/plain"), 415);
  EXPECT_EQ(status(absl::StrCat("POST ", kEchoPath), "application/x-www-form-urlencoded"), 415);
  EXPECT_EQ(status(absl::StrCat("POST ", kEchoPath), "application/json; charset=latin1"), 415);
  EXPECT_EQ(status(absl::StrCat("POST ", kEchoPath), "application/json; charset=utf-8"), 200);
  EXPECT_EQ(status(absl::StrCat("PUT ", kEchoPath), "application/json"), 405);
  EXPECT_EQ(status(absl::StrCat("GET ", kEchoPath), "application/json"), 405);
  EXPECT_EQ(status(absl::StrCat("OPTIONS ", kEchoPath), "application/json"), 405);
  EXPECT_EQ(status(absl::StrCat("POST ", kLinesPath), "application/json"), 405);
  EXPECT_EQ(Echo("{}", {{"connect-protocol-version", "2"}}).status, 400);
  EXPECT_EQ(Echo("{}", {{"connect-timeout-ms", "soon"}}).status, 400);
  EXPECT_EQ(Echo("{}", {{"content-encoding", "br"}}).status, 501);
}

TEST_F(WebCallsTest, EveryAnswerTellsBrowsersWhatTheyMayNot) {
  for (const HttpsReply& reply : {Echo("{}"), Echo("{"), Client()->Get("/nothing")}) {
    EXPECT_EQ(reply.Header("x-content-type-options"), "nosniff");
    EXPECT_EQ(reply.Header("referrer-policy"), "no-referrer");
    EXPECT_EQ(reply.Header("cache-control"), "no-store");
    EXPECT_THAT(reply.Header("strict-transport-security"), HasSubstr("max-age="));
    EXPECT_THAT(reply.Header("content-security-policy"), HasSubstr("default-src 'none'"));
    EXPECT_THAT(reply.Header("content-security-policy"), HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(reply.Header("content-security-policy"), Not(HasSubstr("unsafe")));
    for (const auto& [name, value] : reply.headers) {
      EXPECT_NE(name.rfind("access-control-", 0), 0U) << name;
    }
  }
}

TEST_F(WebCallsTest, ARequestThatIsTooLargeIsRefusedInWords) {
  const std::string large = absl::StrCat(R"({"text": ")", std::string(300 * 1024, 'x'), "\"}");
  const HttpsReply reply = Echo(large);
  EXPECT_EQ(reply.status, 429);
  EXPECT_THAT(reply.body, HasSubstr("larger than max"));
  const HttpsReply bomb = Echo(Gzipped(large), {{"content-encoding", "gzip"}});
  EXPECT_EQ(bomb.status, 429);
  EXPECT_EQ(Echo("not gzip", {{"content-encoding", "gzip"}}).status, 429);
  EXPECT_TRUE(handler_.callers().empty());
  EXPECT_EQ(Echo(absl::StrCat(R"({"text": ")", std::string(200 * 1024, 'x'), "\"}")).status, 200);
}

TEST_F(WebCallsTest, GzipIsTakenAndGiven) {
  const std::string json = absl::StrCat(R"({"text":")", std::string(5000, 'x'), "\"}");
  const HttpsReply reply =
      Echo(Gzipped(json), {{"content-encoding", "gzip"}, {"accept-encoding", "br, gzip"}});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("content-encoding"), "gzip");
  EXPECT_LT(reply.body.size(), 500U);
  EXPECT_EQ(Gunzipped(reply.body, 10000).value_or(""), json);
  EXPECT_EQ(Echo(json, {{"accept-encoding", "gzip;q=0"}}).Header("content-encoding"), "");
}

TEST_F(WebCallsTest, ACallThatGivesNoMoreTimeIsAnsweredSo) {
  std::mutex mutex;
  std::vector<Call> held;
  handler_.Do([&](Call call) {
    const std::lock_guard<std::mutex> lock(mutex);
    held.push_back(std::move(call));
  });
  const HttpsReply reply = Echo("{}", {{"connect-timeout-ms", "50"}});
  EXPECT_EQ(reply.status, 504);
  EXPECT_EQ(nlohmann::json::parse(reply.body)["code"], "deadline_exceeded");
  const std::lock_guard<std::mutex> lock(mutex);
  ASSERT_EQ(held.size(), 1U);
  EXPECT_TRUE(held[0].abandoned());
  FakeHandler::Echo(std::move(held[0]));  // too late, and harmless
}

TEST_F(WebCallsTest, AClientThatLeavesIsNoticed) {
  std::mutex mutex;
  std::vector<Call> held;
  handler_.Do([&](Call call) {
    const std::lock_guard<std::mutex> lock(mutex);
    held.push_back(std::move(call));
  });
  const auto is = [&](const std::function<bool()>& reached) {
    for (int i = 0; i < 500; ++i) {
      {
        const std::lock_guard<std::mutex> lock(mutex);
        if (reached()) return true;
      }
      absl::SleepFor(absl::Milliseconds(10));
    }
    return false;
  };
  auto client = Client();
  client->Send(absl::StrCat("POST ", kEchoPath,
                            " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            "Content-Length: 2\r\n\r\n{}"));
  ASSERT_TRUE(is([&] { return held.size() == 1; }));
  EXPECT_FALSE(held[0].abandoned());
  client = nullptr;
  EXPECT_TRUE(is([&] { return held[0].abandoned(); }));
}

TEST_F(WebCallsTest, OneSystemHasItsShareOfTheCallsUnderWayOfAllListeners) {
  Start(Options(), 1);
  {
    const auto place = admission_->TakePlace({"municipality-0183", "casesystem", "x", "", ""});
    const HttpsReply reply = Echo("{}");
    EXPECT_EQ(reply.status, 429);
    EXPECT_EQ(ReasonOf(reply), "caller.too_many_under_way");
    EXPECT_EQ(Echo("{}", {}, kAnother).status, 200);
  }
  EXPECT_EQ(Echo("{}").status, 200);
  EXPECT_EQ(telemetry_.Total("api.calls", {{"outcome", "caller.too_many_under_way"}}), 1);
}

TEST_F(WebCallsTest, AnAnswerThatWasDroppedEndsTheCall) {
  handler_.Do([](Call call) {});
  const HttpsReply reply = Echo("{}");
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(ReasonOf(reply), "server.stopping");
}

TEST_F(WebCallsTest, NotesAreHeaders) {
  handler_.Do([](Call call) {
    call.done({.reply = std::make_unique<EchoResponse>(),
               .refusal = {},
               .notes = {{"exitbus-store", "behind"}}});
  });
  EXPECT_EQ(Echo("{}").Header("exitbus-store"), "behind");
}

TEST_F(WebCallsTest, RequestsOfOneConnectionAreAnsweredInTheirOrder) {
  const auto client = Client();
  std::string both;
  for (const char* text : {"one", "two", "three"}) {
    const std::string body = absl::StrCat(R"({"text":")", text, "\"}");
    absl::StrAppend(&both, "POST ", kEchoPath,
                    " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json",
                    "\r\nContent-Length: ", body.size(), "\r\n\r\n", body);
  }
  client->Send(both);
  for (const char* text : {"one", "two", "three"}) {
    EXPECT_EQ(client->Read().body, absl::StrCat(R"({"text":")", text, "\"}"));
  }
}

}  // namespace
}  // namespace exitbus::adapters
