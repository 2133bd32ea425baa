// Who gets in: certificates, other origins, and the bounds of connections.
#include <openssl/ssl.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/web/web_fixture_testing.h"

namespace exitbus::adapters {
namespace {

using ::testing::HasSubstr;
using WebDoorsTest = WebFixture;

TEST_F(WebDoorsTest, TlsTurnsAwayWhoHasNoCertificateOfOurClients) {
  // "municipality-0183" is an authority's certificate: of the other CA.
  for (const char* certificate : {"", "foreign", "expired", "municipality-0183"}) {
    EXPECT_EQ(Echo("{}", {}, certificate).status, 0) << certificate;
  }
  EXPECT_TRUE(handler_.callers().empty());
  for (int i = 0; i < 500 && telemetry_.Total("api.handshakes_failed") < 4; ++i) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_EQ(telemetry_.Total("api.handshakes_failed"), 4);
  EXPECT_EQ(Echo("{}").status, 200);
}

TEST_F(WebDoorsTest, OlderTlsIsRefused) {
  EXPECT_FALSE(HttpsClient(server_->port(), kOurs, TLS1_2_VERSION).connected());
  EXPECT_TRUE(HttpsClient(server_->port(), kOurs, TLS1_3_VERSION).connected());
}

TEST_F(WebDoorsTest, ACertificateOfNoSystemOfOursIsRefusedAsOverGrpc) {
  const std::map<std::string, std::pair<int, std::string>> expected = {
      {"municipality-0461.a.b", {403, "caller.wrong_authority"}},
      {"two-names", {401, "caller.malformed_certificate_name"}},
      {"malformed", {401, "caller.malformed_certificate_name"}}};
  for (const auto& [certificate, answer] : expected) {
    const HttpsReply reply = Echo("{}", {}, certificate);
    EXPECT_EQ(reply.status, answer.first) << certificate;
    EXPECT_THAT(reply.body, HasSubstr(answer.second));
  }
  EXPECT_TRUE(handler_.callers().empty());
}

TEST_F(WebDoorsTest, ARevokedCertificateIsTurnedAwayOnAnOpenConnectionToo) {
  const auto client = Client();
  ASSERT_EQ(client->Post(kEchoPath, "application/json", "{}").status, 200);
  for (const std::string& listed : {std::string(kOurs), FingerprintFile(kOurs)}) {
    Revoke({listed});
    const HttpsReply reply = client->Post(kEchoPath, "application/json", "{}");
    EXPECT_EQ(reply.status, 401) << listed;
    EXPECT_THAT(reply.body, HasSubstr("caller.certificate_revoked"));
    EXPECT_EQ(Echo("{}").status, 401);
  }
  Revoke({});
  EXPECT_EQ(client->Post(kEchoPath, "application/json", "{}").status, 200);
}

TEST_F(WebDoorsTest, APageOfAnotherOriginMayNotCall) {
  const std::string ours = absl::StrCat("https://localhost:", server_->port());
  const auto status = [&](const std::map<std::string, std::string>& headers) {
    return Echo("{}", headers).status;
  };
  EXPECT_EQ(status({{"origin", ours}, {"sec-fetch-site", "same-origin"}}), 200);
  EXPECT_EQ(status({{"origin", ours}}), 200);
  for (const auto& headers : std::vector<std::map<std::string, std::string>>{
           {{"origin", "https://elsewhere.example"}},
           {{"origin", "null"}},
           {{"origin", absl::StrCat("http://localhost:", server_->port())}},
           {{"origin", ours}, {"sec-fetch-site", "cross-site"}},
           {{"sec-fetch-site", "same-site"}},
           {{"sec-fetch-site", "none"}}}) {
    const HttpsReply reply = Echo("{}", headers);
    EXPECT_EQ(reply.status, 403) << headers.begin()->second;
    EXPECT_THAT(reply.body, HasSubstr("caller.other_origin"));
    EXPECT_EQ(reply.Header("access-control-allow-origin"), "");
  }
  EXPECT_EQ(handler_.callers().size(), 2U);
  handler_.DoWatch([](exchange::WatchCall call) {
    call.sink->End({absl::StatusCode::kInternal, "test.began", "It was let in.", {}});
    return nullptr;
  });
  const auto stream = Client()->Get(kLinesPath, {{"sec-fetch-site", "cross-site"}});
  EXPECT_EQ(stream.status, 403);
}

TEST_F(WebDoorsTest, HeadersThatAreTooLargeAndNonsenseAreRefused) {
  EXPECT_EQ(Echo("{}", {{"x", std::string(20 * 1024, 'x')}}).status, 431);
  const auto nonsense = Client();
  nonsense->Send("nonsense\r\n\r\n");
  EXPECT_EQ(nonsense->Read().status, 400);
  const auto old = Client();
  old->Send(absl::StrCat("POST ", kEchoPath, " HTTP/1.0\r\n\r\n"));
  EXPECT_EQ(old->Read().status, 505);
}

TEST_F(WebDoorsTest, NobodyHoldsAConnectionWithoutUsingIt) {
  WebServerOptions options = Options();
  options.http.handshake_within = absl::Milliseconds(300);
  options.http.idle_max = absl::Milliseconds(300);
  options.http.request_within = absl::Milliseconds(300);
  Start(options);
  EXPECT_TRUE(Client()->HangsUp(absl::Seconds(5))) << "idle";
  const auto slow = Client();
  slow->Send("POST /");
  EXPECT_TRUE(slow->HangsUp(absl::Seconds(5))) << "a request that does not come to its end";
  const auto used = Client();
  for (int i = 0; i < 5; ++i) {
    absl::SleepFor(absl::Milliseconds(100));
    EXPECT_EQ(used->Post(kEchoPath, "application/json", "{}").status, 200);
  }
}

TEST_F(WebDoorsTest, ConnectionsAreBounded) {
  WebServerOptions options = Options();
  options.http.connections_max = 2;
  Start(options);
  auto first = Client();
  const auto second = Client();
  ASSERT_EQ(second->Post(kEchoPath, "application/json", "{}").status, 200);
  EXPECT_FALSE(Client()->connected());
  EXPECT_EQ(telemetry_.Total("web.connections_turned_away"), 1);
  first = nullptr;
  for (int i = 0; i < 100 && Echo("{}").status != 200; ++i) absl::SleepFor(absl::Milliseconds(10));
  EXPECT_EQ(Echo("{}").status, 200);
}

TEST_F(WebDoorsTest, AConnectionThatIsTooOldHasToBeMadeAnew) {
  WebServerOptions options = Options();
  options.http.connection_age_max = absl::Milliseconds(200);
  Start(options);
  const auto client = Client();
  EXPECT_EQ(client->Post(kEchoPath, "application/json", "{}").Header("connection"), "");
  absl::SleepFor(absl::Milliseconds(250));
  EXPECT_EQ(client->Post(kEchoPath, "application/json", "{}").Header("connection"), "close");
}

TEST_F(WebDoorsTest, ShutdownLetsCallsFinishAndCutsOffTheRest) {
  std::mutex mutex;
  std::vector<Call> held;
  handler_.Do([&](Call call) {
    const std::lock_guard<std::mutex> lock(mutex);
    held.push_back(std::move(call));
  });
  const auto idle = Client();
  const auto client = Client();
  client->Send(absl::StrCat("POST ", kEchoPath,
                            " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            "Content-Length: 2\r\n\r\n{}"));
  const auto count = [&] {
    const std::lock_guard<std::mutex> lock(mutex);
    return held.size();
  };
  while (count() == 0) absl::SleepFor(absl::Milliseconds(1));
  const absl::Time start = absl::Now();
  server_->Shutdown(start + absl::Milliseconds(300));
  EXPECT_LT(absl::Now() - start, absl::Seconds(2));
  EXPECT_TRUE(idle->HangsUp(absl::Seconds(1)));
  EXPECT_EQ(client->Read().status, 0);
  FakeHandler::Echo(std::move(held[0]));  // too late, and harmless
}

TEST_F(WebDoorsTest, RenewedCertificatesAreShownFromThenOn) {
  const std::filesystem::path live = Pki() / "live-clients-ca.crt";
  std::filesystem::copy_file(Pki() / "authorities-ca.crt", live,
                             std::filesystem::copy_options::overwrite_existing);
  WebServerOptions options = Options();
  options.http.client_ca_file = live;
  Start(options);
  EXPECT_EQ(Echo("{}").status, 0);
  std::filesystem::copy_file(Pki() / "clients-ca.crt", live,
                             std::filesystem::copy_options::overwrite_existing);
  ASSERT_TRUE(server_->RenewCertificates().ok());
  EXPECT_EQ(Echo("{}").status, 200);
  std::filesystem::remove(live);
  EXPECT_EQ(server_->RenewCertificates().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Echo("{}").status, 200) << "the last good ones stay";
}

TEST_F(WebDoorsTest, WrongOptionsAreSaid) {
  const auto code = [&](const WebServerOptions& options) {
    return WebServer::Start(options, admission_.get(), &handler_, &telemetry_).status().code();
  };
  WebServerOptions options = Options();
  options.services = {"exitbus.testing.v1.NoService"};
  EXPECT_EQ(code(options), absl::StatusCode::kInvalidArgument);
  options = Options();
  options.http.key_file = Pki() / "no-such.key";
  EXPECT_EQ(code(options), absl::StatusCode::kInvalidArgument);
  options = Options();
  options.login = LoginOptions{.issuer = "i", .audience = "a", .keys = {"no key"}};
  EXPECT_EQ(code(options), absl::StatusCode::kInvalidArgument);
  options = Options();
  options.http.address = absl::StrCat("127.0.0.1:", server_->port());
  EXPECT_EQ(code(options), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace exitbus::adapters
