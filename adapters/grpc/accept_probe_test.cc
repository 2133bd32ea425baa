// With listeners that stand in for one of gRPC's that has fallen silent: they listen, and accept as
// long as they are told to.
#include "adapters/grpc/accept_probe.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include "adapters/grpc/server_fixture.h"
#include "adapters/memory/recording_telemetry.h"

namespace exitbus::adapters {
namespace {

class StandIn {
 public:
  StandIn() : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~StandIn() {
    FallSilent();
    close(listener_);
  }
  int port() const { return port_; }
  void Accept() {
    accepting_ = true;
    thread_ = std::thread([this] {
      while (accepting_) {
        const timeval moment{0, 10'000};
        setsockopt(listener_, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment);
        const int accepted = accept(listener_, nullptr, nullptr);
        if (accepted >= 0) close(accepted);
      }
    });
  }
  void FallSilent() {
    accepting_ = false;
    if (thread_.joinable()) thread_.join();
  }

 private:
  const int listener_;
  int port_ = 0;
  std::atomic<bool> accepting_ = false;
  std::thread thread_;
};

bool Await(const std::function<bool()>& reached) {
  for (int i = 0; i < 2000 && !reached(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return reached();
}

AcceptProbeOptions Quick(int port) {
  return {.host = "127.0.0.1",
          .port = port,
          .every = absl::Milliseconds(20),
          .answer_within = absl::Milliseconds(500),
          .failures_max = 3};
}

TEST(AcceptProbeTest, OneThatFallsSilentIsFoundOut) {
  RecordingTelemetry telemetry;
  StandIn listener;
  listener.Accept();
  std::atomic<int> dead = 0;
  const AcceptProbe probe(Quick(listener.port()), &telemetry, [&] { ++dead; });
  ASSERT_TRUE(Await([&] { return telemetry.Gauge("api.accepting", {}) == 1; }));
  EXPECT_EQ(dead, 0);
  listener.FallSilent();
  ASSERT_TRUE(Await([&] { return dead == 1; }));
  EXPECT_EQ(telemetry.Gauge("api.accepting", {}), 0);
  EXPECT_GE(telemetry.Total("api.probe_failures"), 3);
  EXPECT_GE(telemetry.LinesOf("api.not_accepting").size(), 3U);
}

TEST(AcceptProbeTest, OneThatIsSlowForAMomentIsLetBe) {
  RecordingTelemetry telemetry;
  StandIn listener;
  std::atomic<int> dead = 0;
  AcceptProbeOptions options = Quick(listener.port());
  options.failures_max = 1000;
  const AcceptProbe probe(options, &telemetry, [&] { ++dead; });
  ASSERT_TRUE(Await([&] { return telemetry.Total("api.probe_failures") >= 1; }));
  listener.Accept();
  ASSERT_TRUE(Await([&] { return telemetry.Gauge("api.accepting", {}) == 1; }));
  EXPECT_EQ(dead, 0);
}

TEST(AcceptProbeTest, NobodyThereIsNoAnswer) {
  RecordingTelemetry telemetry;
  int port = 0;
  {
    const StandIn gone;
    port = gone.port();
  }
  std::atomic<int> dead = 0;
  const AcceptProbe probe(Quick(port), &telemetry, [&] { ++dead; });
  EXPECT_TRUE(Await([&] { return dead == 1; }));
}

using AcceptProbeServerTest = ServerFixture;

TEST_F(AcceptProbeServerTest, AServerOfOursAnswersAndCountsNoHandshake) {
  RecordingTelemetry telemetry;
  std::atomic<int> dead = 0;
  const AcceptProbe probe(Quick(server_->port()), &telemetry, [&] { ++dead; });
  ASSERT_TRUE(Await([&] { return telemetry.Gauge("api.accepting", {}) == 1; }));
  EXPECT_EQ(telemetry_.Total("api.handshakes_failed"), 0);
  EXPECT_TRUE(telemetry_.LinesOf("grpc.log").empty());
}

}  // namespace
}  // namespace exitbus::adapters
