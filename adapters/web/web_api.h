// Which request goes where: methods, watches, the session, pages. Internal to this folder; on the
// loop's thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "adapters/web/event_stream.h"
#include "adapters/web/http_server.h"
#include "adapters/web/login.h"
#include "adapters/web/web_server.h"

namespace exitbus::adapters {

class WebApi final : public HttpHandler {
 public:
  WebApi(const WebServerOptions& options, Admission* admission, exchange::ApiHandler* handler)
      : options_(options), admission_(admission), handler_(handler) {}

  // Before all else. INVALID_ARGUMENT: no such service, or a login that cannot be.
  absl::Status Open();
  // What it lives on; before the first request.
  void Attach(std::shared_ptr<Loop> loop) { loop_ = std::move(loop); }

  void Handle(HttpRequest request, std::shared_ptr<HttpExchange> exchange) override;

  void EndRevokedWatches();
  // Ends all, and lets none begin any more.
  void EndWatches();

 private:
  void Call(const google::protobuf::MethodDescriptor& method, HttpRequest request,
            std::shared_ptr<HttpExchange> exchange);
  void Watch(const WatchShape& shape, const HttpRequest& request,
             std::shared_ptr<HttpExchange> exchange);
  void Page(const HttpRequest& request, HttpExchange& exchange) const;
  const Sessions* sessions() const { return login_ ? &login_->sessions() : nullptr; }
  void EndWatchesOf(const std::function<bool(const WebCaller&)>& whose,
                    const exchange::Refusal& why);

  const WebServerOptions& options_;
  Admission* const admission_;
  exchange::ApiHandler* const handler_;
  std::shared_ptr<Loop> loop_;
  std::map<std::string, const google::protobuf::MethodDescriptor*> methods_;  // by path
  std::map<std::string, WatchShape> watches_;                                 // by path
  std::unique_ptr<Login> login_;  // null: certificates only
  std::set<std::shared_ptr<EventStream>> streams_;
  bool stopping_ = false;
};

}  // namespace exitbus::adapters
