// A web gateway over loopback with real certificates and a handler that the test plays. For tests.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "adapters/api/admission.h"
#include "adapters/api/api_testing.h"
#include "adapters/memory/recording_telemetry.h"
#include "adapters/web/https_client_testing.h"
#include "adapters/web/web_server.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace exitbus::adapters {

inline constexpr char kEchoPath[] = "/exitbus.testing.v1.EchoService/Echo";
inline constexpr char kLinesPath[] = "/exitbus.testing.v1.EchoService/WatchLines";

class WebFixture : public ::testing::Test {
 protected:
  void SetUp() override { Start(Options()); }

  static WebServerOptions Options() {
    WebServerOptions options;
    options.http.address = "127.0.0.1:0";
    options.http.client_ca_file = Pki() / "clients-ca.crt";
    options.http.certificate_file = Pki() / "municipality-0183.crt";
    options.http.key_file = Pki() / "municipality-0183.key";
    options.services = {"exitbus.testing.v1.EchoService"};
    return options;
  }

  void Start(const WebServerOptions& options, std::size_t calls_of_one_system_max = 250) {
    server_.reset();
    admission_ =
        std::make_unique<Admission>("municipality-0183", calls_of_one_system_max, &telemetry_);
    auto server = WebServer::Start(options, admission_.get(), &handler_, &telemetry_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  // From now on these are turned away.
  void Revoke(std::set<std::string> listed) {
    admission_->SetRevoked(std::move(listed));
    server_->EndRevokedWatches();
  }

  std::unique_ptr<HttpsClient> Client(const std::string& certificate = kOurs) {
    return std::make_unique<HttpsClient>(server_->port(), certificate);
  }

  // What one call gets, over a connection of its own.
  HttpsReply Echo(const std::string& json, const std::map<std::string, std::string>& headers = {},
                  const std::string& certificate = kOurs) {
    return Client(certificate)->Post(kEchoPath, "application/json", json, headers);
  }

  // Calls get this refusal from now on.
  void Refuse(absl::StatusCode code) {
    handler_.Do([code](Call call) {
      call.done({.reply = nullptr,
                 .refusal = {.code = code,
                             .reason = "test.no",
                             .message = "Not now.",
                             .metadata = {{"state", "OFFERED"}}}});
    });
  }

  RecordingTelemetry telemetry_;
  FakeHandler handler_;
  std::unique_ptr<Admission> admission_;
  std::unique_ptr<WebServer> server_;
};

}  // namespace exitbus::adapters
