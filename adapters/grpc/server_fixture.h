// A server over loopback with real certificates and a handler that the test plays. For tests.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/grpc/grpc_client.h"
#include "adapters/grpc/grpc_server.h"
#include "adapters/memory/recording_telemetry.h"
#include "exitbus/testing/v1/echo.pb.h"
#include "gmock/gmock.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"
#include "gtest/gtest.h"
#include "services/exchange/ports/api.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {

using exchange::Answer;
using exchange::Call;
using testing::v1::EchoRequest;
using testing::v1::EchoResponse;

inline constexpr char kEcho[] = "exitbus.testing.v1.EchoService.Echo";
inline constexpr char kAnother[] = "municipality-0183.another.exit_coordinator";
inline constexpr char kOurs[] = "municipality-0183.casesystem.exit_coordinator";

// Two certificate authorities, an authority's certificate and clients good and bad, made once.
const std::filesystem::path& Pki();

// The SHA-256 fingerprint of a certificate there, as openssl tells it.
std::string FingerprintFile(const std::string& certificate);

// Echoes, unless told to do something else. Watches are what the test makes them.
class FakeHandler final : public exchange::ApiHandler {
 public:
  using WatchAct = std::function<std::unique_ptr<exchange::WatchSession>(exchange::WatchCall)>;

  void Handle(Call call) override;
  std::unique_ptr<exchange::WatchSession> Watch(exchange::WatchCall call) override;

  static void Echo(Call call);
  void Do(std::function<void(Call)> act);
  void DoWatch(WatchAct act);
  std::vector<exchange::Caller> callers();

 private:
  std::mutex mutex_;
  std::function<void(Call)> act_;
  WatchAct watch_act_;
  std::vector<exchange::Caller> callers_;
};

class ServerFixture : public ::testing::Test {
 protected:
  void SetUp() override { Start(Options()); }

  static GrpcServerOptions Options();
  void Start(const GrpcServerOptions& options);
  std::unique_ptr<GrpcClient> Client(const std::string& certificate);
  static EchoRequest Request(const std::string& text);
  // What a call with this certificate gets.
  CallError ErrorWith(const std::string& certificate);

  // A raw unary call, as any gRPC client makes it.
  grpc::Status RawCall(const std::string& path, const std::string& bytes, std::string* reply,
                       const std::vector<std::pair<std::string, std::string>>& metadata = {});
  // The first answer of a bidirectional stream, as the reflection service answers.
  std::string RawStreamCall(const std::string& path, const std::string& bytes);
  // Sends these bytes over a connection without TLS; true when the server hangs up within `wait`.
  bool HangsUpOn(const std::string& bytes, absl::Duration wait);
  // One message and no more, as `grpcurl -d` does; how many came back, and how it ended.
  struct HalfClosed {
    int messages = 0;
    grpc::Status status;
  };
  HalfClosed RawHalfClosed(const std::string& path, const std::string& bytes);
  std::shared_ptr<grpc::Channel> Channel();

  RecordingTelemetry telemetry_;
  FakeHandler handler_;
  std::unique_ptr<GrpcServer> server_;
};

}  // namespace exitbus::adapters
