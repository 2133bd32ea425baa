// A server over loopback with real certificates and a handler that the test plays. For tests.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/api/admission.h"
#include "adapters/api/api_testing.h"
#include "adapters/grpc/grpc_client.h"
#include "adapters/grpc/grpc_server.h"
#include "adapters/memory/recording_telemetry.h"
#include "gmock/gmock.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"
#include "gtest/gtest.h"

namespace exitbus::adapters {

class ServerFixture : public ::testing::Test {
 protected:
  void SetUp() override { Start(Options()); }

  static GrpcServerOptions Options();
  void Start(const GrpcServerOptions& options, std::size_t calls_of_one_system_max = 250);
  // From now on these are turned away.
  void Revoke(std::set<std::string> listed);
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
  std::unique_ptr<Admission> admission_;
  std::unique_ptr<GrpcServer> server_;
};

}  // namespace exitbus::adapters
