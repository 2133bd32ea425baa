// Sessions of browsers over loopback: what begins one, what it may, and what ends it.
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/web/token_testing.h"
#include "adapters/web/web_fixture_testing.h"

namespace exitbus::adapters {
namespace {

using ::testing::HasSubstr;

class WebLoginTest : public WebFixture {
 protected:
  void SetUp() override { Start(LoginOptionsOf(absl::Hours(8))); }

  WebServerOptions LoginOptionsOf(absl::Duration session_max) {
    WebServerOptions options = Options();
    options.login = LoginOptions{.issuer = "https://login.example",
                                 .audience = "exitbus",
                                 .keys = {key_.public_pem()},
                                 .session_max = session_max};
    return options;
  }

  std::string Token(const std::string& system = "console",
                    absl::Duration life = absl::Minutes(10)) {
    return key_.Sign(
        R"({"alg":"ES256"})",
        absl::StrCat(R"({"iss":"https://login.example","aud":"exitbus","exp":)",
                     absl::ToUnixSeconds(absl::Now() + life), R"(,"jti":)", ++serial_,
                     R"(,"employee":"az1234","system":")", system, R"(","function":"auditor"})"));
  }
  HttpsReply LogIn(const std::string& token,
                   const std::map<std::string, std::string>& headers = {}) {
    return Client("")->Post("/session", "application/jwt", token, headers);
  }
  // The "Cookie" of a session.
  std::string Cookie() {
    const std::string set = LogIn(Token()).Header("set-cookie");
    return set.substr(0, set.find(';'));
  }
  HttpsReply EchoBy(const std::string& cookie,
                    const std::map<std::string, std::string>& more = {}) {
    std::map<std::string, std::string> headers = more;
    headers.emplace("Cookie", cookie);
    return Echo("{}", headers, "");
  }

  const SigningKey key_{"P-256"};
  int serial_ = 0;
};

TEST_F(WebLoginTest, ATokenBeginsASessionThatMayWhatItsFunctionMay) {
  const HttpsReply in = LogIn(Token());
  EXPECT_EQ(in.status, 200);
  EXPECT_THAT(in.body, HasSubstr(R"("employee":"az1234")"));
  const std::string set = in.Header("set-cookie");
  EXPECT_THAT(set, ::testing::StartsWith("__Host-exitbus-session="));
  for (const char* part :
       {"; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict", "; Max-Age="}) {
    EXPECT_THAT(set, HasSubstr(part));
  }
  EXPECT_EQ(EchoBy(set.substr(0, set.find(';')), {{"exitbus-purpose", "follow-up"}}).status, 200);
  ASSERT_EQ(handler_.callers().size(), 1U);
  const exchange::Caller caller = handler_.callers()[0];
  EXPECT_EQ(caller.authority, "municipality-0183");
  EXPECT_EQ(caller.system, "console");
  EXPECT_EQ(caller.function, "auditor");
  EXPECT_EQ(caller.employee, "az1234");
  EXPECT_EQ(caller.purpose, "follow-up");
}

TEST_F(WebLoginTest, WithoutSessionOrCertificateNothingIsAnswered) {
  for (const std::string& cookie :
       {std::string(), std::string("__Host-exitbus-session="),
        std::string("__Host-exitbus-session=x"), std::string("other=1")}) {
    const HttpsReply reply = EchoBy(cookie);
    EXPECT_EQ(reply.status, 401);
    EXPECT_THAT(reply.body, HasSubstr("caller.unknown"));
  }
  EXPECT_EQ(Client("")->Get(kLinesPath).status, 401);
  EXPECT_TRUE(handler_.callers().empty());
  EXPECT_EQ(Echo("{}").status, 200) << "a certificate goes on to do";
  EXPECT_EQ(Echo("{}", {}, "foreign").status, 0) << "and a false one not";
}

TEST_F(WebLoginTest, AnEmployeeIsWhoLoggedIn) {
  const std::string cookie = Cookie();
  EXPECT_EQ(EchoBy(cookie, {{"exitbus-employee", "az1234"}}).status, 200);
  const HttpsReply other = EchoBy(cookie, {{"exitbus-employee", "az9999"}});
  EXPECT_EQ(other.status, 403);
  EXPECT_THAT(other.body, HasSubstr("caller.other_employee"));
}

TEST_F(WebLoginTest, WhatIsNotBelievedBeginsNone) {
  const auto refused = [&](const std::string& token) {
    const HttpsReply reply = LogIn(token);
    EXPECT_EQ(reply.status, 401);
    EXPECT_EQ(reply.Header("set-cookie"), "");
    return reply.body;
  };
  EXPECT_THAT(refused(Token("console", absl::Seconds(-1))), HasSubstr("login.expired"));
  EXPECT_THAT(refused("nonsense"), HasSubstr("login.malformed_token"));
  EXPECT_THAT(refused(Token("Bad System")), HasSubstr("login.wrong_claims"));
  EXPECT_THAT(refused(Token("a.b")), HasSubstr("login.wrong_claims"));
  const std::string token = Token();
  EXPECT_EQ(LogIn(token).status, 200);
  EXPECT_THAT(refused(token), HasSubstr("login.used_already"));
  EXPECT_EQ(telemetry_.Total("api.calls", {{"outcome", "login.used_already"}}), 1);
}

TEST_F(WebLoginTest, APageOfAnotherOriginNeitherBeginsNorEndsOne) {
  EXPECT_EQ(LogIn(Token(), {{"origin", "https://elsewhere.example"}}).status, 403);
  EXPECT_THAT(LogIn(Token(), {{"sec-fetch-site", "cross-site"}}).body,
              HasSubstr("login.other_origin"));
  EXPECT_EQ(Client("")->Post("/session", "text/plain", Token()).status, 415);
  const std::string cookie = Cookie();
  EXPECT_EQ(EchoBy(cookie, {{"origin", "https://elsewhere.example"}}).status, 403);
  const auto out =
      Client("")->Ask("DELETE /session", {{"Cookie", cookie}, {"sec-fetch-site", "cross-site"}});
  EXPECT_EQ(out.status, 403);
  EXPECT_EQ(EchoBy(cookie).status, 200);
}

TEST_F(WebLoginTest, WhoLogsOutIsOut) {
  const std::string cookie = Cookie();
  EXPECT_THAT(Client("")->Get("/session", {{"Cookie", cookie}}).body, HasSubstr("az1234"));
  const HttpsReply out = Client("")->Ask("DELETE /session", {{"Cookie", cookie}});
  EXPECT_EQ(out.status, 204);
  EXPECT_THAT(out.Header("set-cookie"), HasSubstr("Max-Age=0"));
  EXPECT_EQ(EchoBy(cookie).status, 401);
  EXPECT_THAT(Client("")->Get("/session", {{"Cookie", cookie}}).body,
              HasSubstr("login.no_session"));
}

TEST_F(WebLoginTest, ASessionEndsWithItsStreams) {
  handler_.DoWatch([](exchange::WatchCall call) {
    auto message = std::make_unique<testing::v1::WatchLinesResponse>();
    message->set_text("line");
    call.sink->Deliver(std::move(message));
    return nullptr;
  });
  const auto follow = [&](const std::string& cookie) {
    auto client = Client("");
    client->Send(
        absl::StrCat("GET ", kLinesPath, " HTTP/1.1\r\nHost: x\r\nCookie: ", cookie, "\r\n\r\n"));
    EXPECT_THAT(client->ReadUntil("line"), HasSubstr("200 OK"));
    return client;
  };
  const std::string cookie = Cookie();
  const std::string stays = Cookie();
  const auto client = follow(cookie);
  const auto other = follow(stays);
  EXPECT_EQ(Client("")->Ask("DELETE /session", {{"Cookie", cookie}}).status, 204);
  EXPECT_THAT(client->ReadUntil("0\r\n\r\n"), HasSubstr("caller.session_ended"));
  EXPECT_THAT(other->ReadUntil("0\r\n\r\n", absl::Milliseconds(200)), Not(HasSubstr("event: end")));
  Start(LoginOptionsOf(absl::Seconds(1)));
  const std::string brief = Cookie();
  const auto ended = follow(brief);
  EXPECT_THAT(ended->ReadUntil("0\r\n\r\n"), HasSubstr("event: end"));
  EXPECT_EQ(EchoBy(brief).status, 401);
}

TEST_F(WebLoginTest, ARevokedNameIsTurnedAwayThoughLoggedIn) {
  const std::string cookie = Cookie();
  Revoke({"municipality-0183.console.auditor"});
  EXPECT_THAT(EchoBy(cookie).body, HasSubstr("caller.certificate_revoked"));
}

TEST_F(WebLoginTest, ARestartEndsAll) {
  const std::string cookie = Cookie();
  Start(LoginOptionsOf(absl::Hours(8)));
  EXPECT_EQ(EchoBy(cookie).status, 401);
}

TEST_F(WebLoginTest, WhereNobodyLogsInThereIsNoSuchPlace) {
  Start(Options());
  EXPECT_EQ(Client()->Post("/session", "application/jwt", Token()).status, 404);
}

}  // namespace
}  // namespace exitbus::adapters
