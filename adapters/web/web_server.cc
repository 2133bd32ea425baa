#include "adapters/web/web_server.h"

#include <utility>

#include "absl/time/clock.h"
#include "adapters/web/web_api.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::adapters {
namespace {

class Server final : public WebServer {
 public:
  Server(WebServerOptions options, Admission* admission, exchange::ApiHandler* handler)
      : options_(std::move(options)), api_(options_, admission, handler) {}

  ~Server() override { Shutdown(absl::Now()); }

  absl::Status Open(Admission* admission, exchange::Telemetry* telemetry) {
    RETURN_IF_ERROR(api_.Open());
    ASSIGN_OR_RETURN(http_, HttpServer::Listen(options_.http, admission, &api_, telemetry));
    api_.Attach(http_->loop());
    http_->Serve();
    return absl::OkStatus();
  }

  int port() const override { return http_->port(); }

  void EndRevokedWatches() override {
    http_->loop()->Post([this] { api_.EndRevokedWatches(); });
  }
  absl::Status RenewCertificates() override { return http_->RenewCertificates(); }

  void Shutdown(absl::Time deadline) override {
    if (http_ == nullptr) return;
    http_->loop()->Post([this] { api_.EndWatches(); });
    http_->Shutdown(deadline);
  }

 private:
  const WebServerOptions options_;
  WebApi api_;
  std::unique_ptr<HttpServer> http_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<WebServer>> WebServer::Start(WebServerOptions options,
                                                            Admission* admission,
                                                            exchange::ApiHandler* handler,
                                                            exchange::Telemetry* telemetry) {
  options.http.certificate_required = !options.login;
  auto server = std::make_unique<Server>(std::move(options), admission, handler);
  RETURN_IF_ERROR(server->Open(admission, telemetry));
  return server;
}

}  // namespace exitbus::adapters
