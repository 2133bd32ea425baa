// What the tests of every way into an authority's API share: real certificates, and a handler that
// the test plays.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "exitbus/testing/v1/echo.pb.h"
#include "services/exchange/ports/api.h"

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

}  // namespace exitbus::adapters
