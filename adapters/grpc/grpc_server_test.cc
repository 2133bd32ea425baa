// Calls over loopback with real certificates, seen by our own client and by gRPC's.
#include <condition_variable>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/grpc/server_fixture.h"

namespace exitbus::adapters {
namespace {

using GrpcServerTest = ServerFixture;

TEST_F(GrpcServerTest, AnswersAndTellsWhoCalls) {
  CallOptions options;
  options.metadata = {{"exitbus-employee", "az1234"}, {"exitbus-purpose", "follow-up"}};
  const auto reply = Client(kOurs)->Call(kEcho, Request("hej"), options);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(static_cast<const EchoResponse&>(**reply).text(), "hej");
  ASSERT_EQ(handler_.callers().size(), 1U);
  const exchange::Caller caller = handler_.callers()[0];
  EXPECT_EQ(caller.authority, "municipality-0183");
  EXPECT_EQ(caller.system, "casesystem");
  EXPECT_EQ(caller.function, "exit_coordinator");
  EXPECT_EQ(caller.employee, "az1234");
  EXPECT_EQ(caller.purpose, "follow-up");
}

TEST_F(GrpcServerTest, TlsTurnsAwayWhoHasNoCertificateOfOurClients) {
  // "municipality-0183" is an authority's certificate: of the other CA.
  for (const char* certificate : {"", "foreign", "expired", "municipality-0183"}) {
    const CallError error = ErrorWith(certificate);
    EXPECT_EQ(error.code, absl::StatusCode::kUnavailable) << certificate;
  }
  EXPECT_TRUE(handler_.callers().empty());
}

TEST_F(GrpcServerTest, RefusesAnotherAuthoritysSystem) {
  const CallError error = ErrorWith("municipality-0461.a.b");
  EXPECT_EQ(error.code, absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(error.reason, "caller.wrong_authority");
  EXPECT_TRUE(handler_.callers().empty());
}

TEST_F(GrpcServerTest, ACertificateOfTwoNamesIsNobodys) {
  const CallError error = ErrorWith("two-names");
  EXPECT_EQ(error.code, absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(error.reason, "caller.malformed_certificate_name");
  EXPECT_TRUE(handler_.callers().empty());
}

TEST_F(GrpcServerTest, RefusesACertificateThatNamesNoSystem) {
  const CallError error = ErrorWith("malformed");
  EXPECT_EQ(error.code, absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(error.reason, "caller.malformed_certificate_name");
}

TEST_F(GrpcServerTest, ARevokedCertificateIsTurnedAwayOnAnOpenConnectionToo) {
  const auto client = Client(kOurs);
  ASSERT_TRUE(client->Call(kEcho, Request("before")).ok());
  for (const std::string& listed : {std::string(kOurs), FingerprintFile(kOurs)}) {
    Revoke({listed, "somebody.else.there"});
    const CallError error = ErrorOf(client->Call(kEcho, Request("x")).status());
    EXPECT_EQ(error.code, absl::StatusCode::kUnauthenticated) << listed;
    EXPECT_EQ(error.reason, "caller.certificate_revoked");
    EXPECT_EQ(ErrorWith(kOurs).reason, "caller.certificate_revoked");
    EXPECT_EQ(handler_.callers().size(), 1U) << "no handler runs";
  }
  Revoke({"municipality-0183.casesystem", FingerprintFile("foreign")});
  EXPECT_TRUE(client->Call(kEcho, Request("back")).ok());
}

TEST_F(GrpcServerTest, ClientTurnsAwayAServerOfAnotherName) {
  GrpcClientOptions options;
  options.address = "127.0.0.1:" + std::to_string(server_->port());
  options.ca_file = Pki() / "authorities-ca.crt";
  options.certificate_file = Pki() / absl::StrCat(kOurs, ".crt");
  options.key_file = Pki() / absl::StrCat(kOurs, ".key");
  options.server_name = "municipality-0461";
  const auto client = GrpcClient::Make(options);
  ASSERT_TRUE(client.ok());
  EXPECT_EQ((*client)->Call(kEcho, Request("x")).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(GrpcServerTest, RefusalReachesTheClientWithItsReason) {
  handler_.Do([](Call call) {
    call.done({.reply = nullptr,
               .refusal = {.code = absl::StatusCode::kFailedPrecondition,
                           .reason = "test.no",
                           .message = "Not now.",
                           .metadata = {{"state", "OFFERED"}}}});
  });
  const CallError error = ErrorWith(kOurs);
  EXPECT_EQ(error.code, absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(error.reason, "test.no");
  EXPECT_EQ(error.message, "Not now.");
  ASSERT_EQ(error.metadata.size(), 1U);
  EXPECT_EQ(error.metadata[0].second, "OFFERED");
}

TEST_F(GrpcServerTest, AnAnswerThatWasDroppedEndsTheCall) {
  handler_.Do([](Call call) {});
  const CallError error = ErrorWith(kOurs);
  EXPECT_EQ(error.code, absl::StatusCode::kUnavailable);
  EXPECT_EQ(error.reason, "server.stopping");
}

TEST_F(GrpcServerTest, OneSystemHasItsShareOfTheCallsUnderWay) {
  Start(Options(), 2);
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Call> held;
  handler_.Do([&](Call call) {
    const std::lock_guard<std::mutex> lock(mutex);
    held.push_back(std::move(call));
    changed.notify_one();
  });
  const auto client = Client(kOurs);
  for (int i = 0; i < 2; ++i) {
    client->CallAsync(kEcho, Request("held"), {},
                      [](const GrpcClient::Reply& reply) { EXPECT_TRUE(reply.ok()); });
  }
  {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return held.size() == 2; });
  }
  handler_.Do(&FakeHandler::Echo);
  const CallError error = ErrorWith(kOurs);  // over a connection of its own
  EXPECT_EQ(error.code, absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(error.reason, "caller.too_many_under_way");
  EXPECT_EQ(telemetry_.Total("api.calls", {{"outcome", error.reason}}), 1);
  EXPECT_TRUE(Client(kAnother)->Call(kEcho, Request("not of that system")).ok());
  for (Call& call : held) FakeHandler::Echo(std::move(call));
  // A place is given back a moment after the answer has gone.
  while (ErrorOf(client->Call(kEcho, Request("again")).status()).reason == error.reason) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  EXPECT_TRUE(client->Call(kEcho, Request("again")).ok());
}

TEST_F(GrpcServerTest, WhoGivesUpMakesNoRoomForMore) {
  Start(Options(), 1);
  std::mutex mutex;
  std::vector<Call> held;
  handler_.Do([&](Call call) {
    const std::lock_guard<std::mutex> lock(mutex);
    held.push_back(std::move(call));
  });
  CallOptions impatient;
  impatient.timeout = absl::Milliseconds(100);
  const auto client = Client(kOurs);
  const auto given_up = [&] {
    const std::lock_guard<std::mutex> lock(mutex);
    return !held.empty() && held.front().abandoned();
  };
  while (!given_up()) client->Call(kEcho, Request("no answer"), impatient).status().IgnoreError();
  EXPECT_EQ(held.size(), 1U);
  handler_.Do(&FakeHandler::Echo);
  EXPECT_EQ(ErrorWith(kOurs).reason, "caller.too_many_under_way");
  held.clear();
  EXPECT_TRUE(client->Call(kEcho, Request("again")).ok());
}

TEST_F(GrpcServerTest, RefusesWhatItCannotParse) {
  const auto status =
      RawCall("/exitbus.testing.v1.EchoService/Echo", std::string("\x0a\xff", 2), nullptr);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ErrorOf(FromGrpcStatus(status)).reason, "request.malformed");
}

// The second could be another employee than the one it is accounted to.
TEST_F(GrpcServerTest, RefusesWhoSaysTwiceWhoAsksOrWhy) {
  const std::string echo = "/exitbus.testing.v1.EchoService/Echo";
  const auto said = [&](const std::vector<std::pair<std::string, std::string>>& metadata) {
    const auto status = RawCall(echo, "", nullptr, metadata);
    return status.ok() ? "" : ErrorOf(FromGrpcStatus(status)).reason;
  };
  const std::pair<std::string, std::string> employee{"exitbus-employee", "employee-1"};
  const std::pair<std::string, std::string> purpose{"exitbus-purpose", "exit support"};
  EXPECT_EQ(said({employee, purpose}), "");
  EXPECT_EQ(said({employee, purpose, employee}), "caller.metadata_twice");
  EXPECT_EQ(said({employee, purpose, {"exitbus-employee", "employee-2"}}), "caller.metadata_twice");
  EXPECT_EQ(said({employee, purpose, purpose}), "caller.metadata_twice");
}

TEST_F(GrpcServerTest, RefusesAnOversizedRequestInWords) {
  auto client = Client(kOurs);
  const auto reply = client->Call(kEcho, Request(std::string(300 * 1024, 'x')));
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kResourceExhausted) << reply.status();
  EXPECT_THAT(std::string(reply.status().message()), ::testing::HasSubstr("larger than max"));
  EXPECT_TRUE(client->Call(kEcho, Request(std::string(200 * 1024, 'x'))).ok());
}

TEST_F(GrpcServerTest, UnknownMethodIsUnimplemented) {
  EXPECT_EQ(RawCall("/exitbus.testing.v1.EchoService/Shout", "", nullptr).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(RawCall("/exitbus.testing.v1.NoService/Echo", "", nullptr).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

}  // namespace
}  // namespace exitbus::adapters
