// The listener from start to shutdown: health, reflection, load, certificates that change.
#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "absl/time/clock.h"
#include "adapters/grpc/server_fixture.h"

namespace exitbus::adapters {
namespace {

namespace fs = std::filesystem;
using GrpcServerLifeTest = ServerFixture;

TEST_F(GrpcServerLifeTest, HealthSaysWhatWasSet) {
  const std::string check = "/grpc.health.v1.Health/Check";
  const std::string service =
      "\x0a\x1e"
      "exitbus.testing.v1.EchoService";
  std::string reply;
  EXPECT_EQ(RawCall(check, service, &reply).error_code(), grpc::StatusCode::NOT_FOUND);
  server_->SetServing("exitbus.testing.v1.EchoService", true);
  ASSERT_TRUE(RawCall(check, service, &reply).ok());
  EXPECT_EQ(reply, "\x08\x01");
  server_->SetServing("exitbus.testing.v1.EchoService", false);
  ASSERT_TRUE(RawCall(check, service, &reply).ok());
  EXPECT_EQ(reply, "\x08\x02");
}

constexpr char kReflection[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

TEST_F(GrpcServerLifeTest, ReflectionListsAndDescribesTheService) {
  const std::string list_services("\x3a\x00", 2);
  EXPECT_THAT(RawStreamCall(kReflection, list_services),
              ::testing::HasSubstr("exitbus.testing.v1.EchoService"));
  const std::string file_of_symbol =
      "\x22\x1e"
      "exitbus.testing.v1.EchoService";
  EXPECT_THAT(RawStreamCall(kReflection, file_of_symbol),
              ::testing::AllOf(::testing::HasSubstr("exitbus/testing/v1/echo.proto"),
                               ::testing::HasSubstr("EchoRequest")));
}

TEST_F(GrpcServerLifeTest, ReflectionDescribesTheHealthServiceThatItLists) {
  EXPECT_THAT(RawStreamCall(kReflection, std::string("\x3a\x00", 2)),
              ::testing::HasSubstr("grpc.health.v1.Health"));
  const std::string file_of_symbol =
      "\x22\x15"
      "grpc.health.v1.Health";
  EXPECT_THAT(RawStreamCall(kReflection, file_of_symbol),
              ::testing::AllOf(::testing::HasSubstr("grpc/health/v1/health.proto"),
                               ::testing::HasSubstr("HealthCheckRequest")));
}

TEST_F(GrpcServerLifeTest, AHandshakeThatDoesNotComeToAnEndIsEnded) {
  GrpcServerOptions options = Options();
  options.handshake_within = absl::Milliseconds(300);
  Start(options);
  EXPECT_TRUE(HangsUpOn("", absl::Seconds(20)));
  const std::string half_a_record("\x16\x03\x01\x02\x00\x01", 6);
  EXPECT_TRUE(HangsUpOn(half_a_record, absl::Seconds(20)));
  EXPECT_TRUE(Client(kOurs)->Call(kEcho, Request("still here")).ok());
}

TEST_F(GrpcServerLifeTest, HandshakesThatFailAreCountedAndNotLogged) {
  constexpr int kHandshakes = 5;
  for (int i = 0; i < kHandshakes; ++i) {
    EXPECT_TRUE(HangsUpOn("GET / HTTP/1.1\r\n\r\n", absl::Seconds(20)));
  }
  EXPECT_EQ(ErrorWith("foreign").code, absl::StatusCode::kUnavailable);
  for (int i = 0; i < 500 && telemetry_.Total("api.handshakes_failed") <= kHandshakes; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_GT(telemetry_.Total("api.handshakes_failed"), kHandshakes);
  EXPECT_TRUE(telemetry_.LinesOf("grpc.log").empty());
}

TEST_F(GrpcServerLifeTest, ReflectionIsOffUnlessAskedFor) {
  GrpcServerOptions options = Options();
  options.reflection = false;
  Start(options);
  EXPECT_EQ(RawStreamCall(kReflection, std::string("\x3a\x00", 2)), "");
  EXPECT_TRUE(Client(kOurs)->Call(kEcho, Request("still here")).ok());
}

TEST_F(GrpcServerLifeTest, ManyCallsWaitAtOnce) {
  constexpr int kCalls = 150;
  std::mutex mutex;
  std::vector<Call> waiting;
  std::promise<void> all_waiting;
  handler_.Do([&](Call call) {
    const std::lock_guard<std::mutex> lock(mutex);
    waiting.push_back(std::move(call));
    if (waiting.size() == kCalls) all_waiting.set_value();
  });
  auto client = Client(kOurs);
  std::atomic<int> right = 0;
  std::atomic<int> ended = 0;
  for (int i = 0; i < kCalls; ++i) {
    const std::string text = std::to_string(i);
    client->CallAsync(kEcho, Request(text), {}, [&right, &ended, text](GrpcClient::Reply reply) {
      if (reply.ok() && static_cast<const EchoResponse&>(**reply).text() == text) ++right;
      ++ended;
    });
  }
  // No handler blocks, so all of them are held at once, by however few threads.
  ASSERT_EQ(all_waiting.get_future().wait_for(std::chrono::seconds(8)), std::future_status::ready);
  for (Call& call : waiting) FakeHandler::Echo(std::move(call));
  for (int i = 0; i < 800 && ended < kCalls; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(right, kCalls);
}

TEST_F(GrpcServerLifeTest, ShutdownLetsCallsFinishAndCutsOffTheRest) {
  std::promise<Call> held;
  handler_.Do([&](Call call) { held.set_value(std::move(call)); });
  auto client = Client(kOurs);
  std::promise<absl::Status> result;
  client->CallAsync(kEcho, Request("late"), {},
                    [&](GrpcClient::Reply reply) { result.set_value(reply.status()); });
  Call call = held.get_future().get();
  const absl::Time start = absl::Now();
  server_->Shutdown(start + absl::Milliseconds(300));
  EXPECT_LT(absl::Now() - start, absl::Seconds(2));
  EXPECT_FALSE(result.get_future().get().ok());
  FakeHandler::Echo(std::move(call));  // too late, and harmless
}

TEST_F(GrpcServerLifeTest, PortInUseIsSaid) {
  GrpcServerOptions options = Options();
  options.address = "127.0.0.1:" + std::to_string(server_->port());
  const auto second = GrpcServer::Start(options, admission_.get(), &handler_, &telemetry_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()), ::testing::HasSubstr(options.address));
}

TEST_F(GrpcServerLifeTest, WrongOptionsAreSaid) {
  GrpcServerOptions options = Options();
  options.services = {"exitbus.testing.v1.NoService"};
  EXPECT_EQ(GrpcServer::Start(options, admission_.get(), &handler_, &telemetry_).status().code(),
            absl::StatusCode::kInvalidArgument);
  options = Options();
  options.key_file = Pki() / "no-such.key";
  EXPECT_EQ(GrpcServer::Start(options, admission_.get(), &handler_, &telemetry_).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(GrpcServerLifeTest, ReadsItsCertificatesAgainWhenTheyChange) {
  const fs::path live = Pki() / "live-ca.crt";
  fs::copy_file(Pki() / "authorities-ca.crt", live, fs::copy_options::overwrite_existing);
  GrpcServerOptions options = Options();
  options.client_ca_file = live;
  Start(options);
  EXPECT_EQ(ErrorWith(kOurs).code, absl::StatusCode::kUnavailable);
  const fs::path next = Pki() / "next-ca.crt";
  fs::copy_file(Pki() / "clients-ca.crt", next, fs::copy_options::overwrite_existing);
  fs::rename(next, live);
  CallError error;
  for (int i = 0; i < 50; ++i) {
    error = ErrorWith(kOurs);
    if (error.code == absl::StatusCode::kOk) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_EQ(error.code, absl::StatusCode::kOk) << error.message;
}

}  // namespace
}  // namespace exitbus::adapters
