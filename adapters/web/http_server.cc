#include "adapters/web/http_server.h"

#include <future>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/api/admission.h"
#include "adapters/web/connection.h"
#include "adapters/web/tls_context.h"
#include "boost/asio/executor_work_guard.hpp"
#include "boost/asio/io_context.hpp"
#include "boost/asio/ip/tcp.hpp"
#include "boost/asio/post.hpp"
#include "boost/asio/ssl/context.hpp"
#include "boost/asio/steady_timer.hpp"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

// When no connection can be taken, as there are no descriptors left.
constexpr absl::Duration kAcceptAgainAfter = absl::Milliseconds(200);

class AsioLoop final : public Loop {
 public:
  explicit AsioLoop(asio::io_context* io) : io_(io) {}

  void Post(absl::AnyInvocable<void()> act) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (io_ != nullptr) asio::post(*io_, std::move(act));
  }

  std::unique_ptr<Timer> After(absl::Duration delay, absl::AnyInvocable<void()> act) override {
    auto timer = std::make_unique<AsioTimer>(*io_, absl::ToChronoNanoseconds(delay));
    timer->timer.async_wait([alive = std::weak_ptr<bool>(timer->alive),
                             act = std::move(act)](const auto& error) mutable {
      if (!error && !alive.expired()) act();
    });
    return timer;
  }

  void Close() {
    const std::lock_guard<std::mutex> lock(mutex_);
    io_ = nullptr;
  }

 private:
  struct AsioTimer final : Timer {
    AsioTimer(asio::io_context& io, std::chrono::nanoseconds delay) : timer(io, delay) {}
    asio::steady_timer timer;
    // One that has expired may have its handler queued already.
    std::shared_ptr<bool> alive = std::make_shared<bool>(true);
  };

  std::mutex mutex_;
  asio::io_context* io_;  // guarded by mutex_ towards Close()
};

class Server final : public HttpServer, private Connection::Host {
 public:
  Server(HttpServerOptions options, Admission* admission, HttpHandler* handler,
         exchange::Telemetry* telemetry)
      : options_(std::move(options)),
        admission_(admission),
        handler_(handler),
        telemetry_(telemetry) {}

  ~Server() override { Shutdown(absl::Now()); }

  absl::Status Open() {
    RETURN_IF_ERROR(RenewCertificates());
    boost::system::error_code error;
    const std::size_t colon = options_.address.rfind(':');
    std::string host = options_.address.substr(0, colon);
    if (host.size() > 1 && host.front() == '[') host = host.substr(1, host.size() - 2);
    const auto found = Tcp::resolver(io_).resolve(
        host, colon == std::string::npos ? "" : options_.address.substr(colon + 1), error);
    if (!error) acceptor_.open(found.begin()->endpoint().protocol(), error);
    if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(found.begin()->endpoint(), error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    if (!error) return absl::OkStatus();
    return absl::FailedPreconditionError(
        absl::StrCat("cannot listen on ", options_.address,
                     ": in use by another process, or not an address of this machine"));
  }

  void Serve() override {
    loop_->Post([this] { Accept(); });
    thread_ = std::thread([this] { io_.run(); });
  }

  int port() const override { return port_; }
  std::shared_ptr<Loop> loop() const override { return loop_; }

  absl::Status RenewCertificates() override {
    ASSIGN_OR_RETURN(ssl_ctx_st* const context, NewTlsContext(options_));
    auto tls = std::make_shared<asio::ssl::context>(context);
    const std::lock_guard<std::mutex> lock(mutex_);
    tls_ = std::move(tls);
    return absl::OkStatus();
  }

  void Shutdown(absl::Time deadline) override {
    if (!thread_.joinable()) return loop_->Close();
    std::promise<void> drained;
    auto done = drained.get_future();
    loop_->Post([this, &drained] {
      boost::system::error_code error;
      acceptor_.close(error);
      drained_ = &drained;
      for (const auto& connection : std::set(connections_)) connection->Drain();
      TellDrained();
    });
    done.wait_until(absl::ToChronoTime(deadline));
    loop_->Post([this] {
      drained_ = nullptr;
      for (const auto& connection : std::set(connections_)) connection->Close();
      work_.reset();
      io_.stop();
    });
    thread_.join();
    loop_->Close();
  }

 private:
  const HttpServerOptions& options() const override { return options_; }
  HttpHandler& handler() override { return *handler_; }
  ClientCertificate ReadCertificate(const std::string& pem) override {
    return admission_->ReadCertificate(pem);
  }
  void HandshakeFailed() override { telemetry_->Count("api.handshakes_failed", {}); }
  void Ended(const std::shared_ptr<Connection>& connection) override {
    connections_.erase(connection);
    TellDrained();
  }

  void TellDrained() {
    if (drained_ == nullptr || !connections_.empty()) return;
    std::exchange(drained_, nullptr)->set_value();
  }

  void Accept() {
    acceptor_.async_accept([this](const boost::system::error_code& error, Tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (error) {
        again_ = loop_->After(kAcceptAgainAfter, [this] { Accept(); });
        return;
      }
      Take(std::move(socket));
      Accept();
    });
  }

  void Take(Tcp::socket socket) {
    if (connections_.size() >= options_.connections_max) {
      telemetry_->Count("web.connections_turned_away", {});
      return;
    }
    boost::system::error_code error;
    socket.set_option(Tcp::no_delay(true), error);
    const int file = socket.release(error);
    if (error) return;
    std::shared_ptr<asio::ssl::context> tls;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      tls = tls_;
    }
    const auto connection = Connection::Make(file, io_, std::move(tls), this);
    connections_.insert(connection);
    connection->Start();
  }

  const HttpServerOptions options_;
  Admission* const admission_;
  HttpHandler* const handler_;
  exchange::Telemetry* const telemetry_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
  std::shared_ptr<AsioLoop> loop_ = std::make_shared<AsioLoop>(&io_);
  Tcp::acceptor acceptor_{io_};
  int port_ = 0;
  std::mutex mutex_;
  std::shared_ptr<asio::ssl::context> tls_;  // guarded by mutex_

  // On the loop's thread.
  std::set<std::shared_ptr<Connection>> connections_;
  std::unique_ptr<Loop::Timer> again_;
  std::promise<void>* drained_ = nullptr;

  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Listen(const HttpServerOptions& options,
                                                               Admission* admission,
                                                               HttpHandler* handler,
                                                               exchange::Telemetry* telemetry) {
  auto server = std::make_unique<Server>(options, admission, handler, telemetry);
  RETURN_IF_ERROR(server->Open());
  return server;
}

}  // namespace exitbus::adapters
