// The part of Process that offers the API to browsers, where it is configured.
#include <utility>

#include "adapters/directory/files.h"
#include "adapters/process/process.h"
#include "adapters/process/settings.h"
#include "adapters/web/web_server.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::adapters {
namespace {

absl::StatusOr<LoginOptions> LoginOf(const config::v1::Login& login) {
  LoginOptions options;
  options.issuer = login.issuer();
  options.audience = login.audience();
  options.session_max = DurationOf(login.session_max());
  for (const std::string& file : login.key_files()) {
    ASSIGN_OR_RETURN(options.keys.emplace_back(), ReadFile(file));
  }
  return options;
}

}  // namespace

absl::Status Process::ListenWeb(const std::vector<std::string>& api_services) {
  if (!config_.has_web()) return absl::OkStatus();
  const config::v1::Tls tls = api_tls_->in_force();
  WebServerOptions options;
  options.http.address = config_.web().address();
  options.http.client_ca_file = tls.ca_file();
  options.http.certificate_file = tls.certificate_file();
  options.http.key_file = tls.key_file();
  options.http.body_bytes_max = config_.limits().request_bytes_max();
  options.http.connections_max = config_.web().connections_max();
  options.services = api_services;
  options.files_folder = config_.web().files_folder();
  if (config_.web().has_login()) {
    ASSIGN_OR_RETURN(options.login, LoginOf(config_.web().login()));
  }
  ASSIGN_OR_RETURN(web_,
                   WebServer::Start(std::move(options), admission_.get(), api(), telemetry()));
  telemetry()->Log(exchange::Severity::kInfo, "web.listening",
                   {{"port", std::to_string(web_->port())}});
  return absl::OkStatus();
}

}  // namespace exitbus::adapters
