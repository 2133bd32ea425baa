#include "adapters/web/connection.h"

#include <sys/socket.h>

#include <array>
#include <optional>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/web/http_server.h"
#include "adapters/web/security_headers.h"
#include "adapters/web/tls_context.h"
#include "boost/asio/buffer.hpp"
#include "boost/asio/io_context.hpp"
#include "boost/asio/ip/tcp.hpp"
#include "boost/asio/ssl/stream.hpp"
#include "boost/asio/steady_timer.hpp"
#include "boost/asio/write.hpp"
#include "boost/beast/core/error.hpp"
#include "boost/beast/http/empty_body.hpp"
#include "boost/beast/http/parser.hpp"
#include "boost/beast/http/read.hpp"
#include "boost/beast/http/string_body.hpp"
#include "boost/beast/http/write.hpp"

namespace exitbus::adapters {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

constexpr std::uint32_t kHeaderBytesMax = 16 * 1024;
constexpr std::size_t kReadAtOnce = 8 * 1024;
// So long a client is still heard that has been answered before it said all; what it says is
// dropped. Hanging up at once would take the answer from it.
constexpr absl::Duration kLinger = absl::Seconds(2);

HttpRequest RequestOf(http::request<http::string_body>& parsed) {
  HttpRequest request;
  request.method = std::string(parsed.method_string());
  const std::string target(parsed.target());
  const std::size_t question = std::min(target.find('?'), target.size());
  request.path = target.substr(0, question);
  request.query = target.substr(std::min(question + 1, target.size()));
  for (const auto& field : parsed) {
    request.headers.emplace_back(absl::AsciiStrToLower(std::string(field.name_string())),
                                 std::string(field.value()));
  }
  request.body = std::move(parsed.body());
  return request;
}

template <class Message>
void SetHead(int status, const HttpHeaders& headers, bool keep_alive, Message& message) {
  message.version(11);
  message.result(static_cast<unsigned>(status));
  for (const auto& [name, value] : SecurityHeaders()) message.set(name, value);
  for (const auto& [name, value] : headers) message.insert(name, value);
  message.keep_alive(keep_alive);
}

std::string Chunk(const std::string& bytes) {
  return absl::StrCat(absl::Hex(bytes.size()), "\r\n", bytes, "\r\n");
}

class AsioConnection final : public Connection,
                             public std::enable_shared_from_this<AsioConnection> {
 public:
  AsioConnection(Tcp::socket socket, std::shared_ptr<asio::ssl::context> tls, Host* host)
      : host_(host),
        timer_(socket.get_executor()),
        tls_(std::move(tls)),
        stream_(std::move(socket), *tls_) {}

  void Start() override {
    SetDeadline(options().handshake_within);
    stream_.async_handshake(
        asio::ssl::stream_base::server,
        [self = shared_from_this()](const error_code& error) { self->OnHandshake(error); });
  }

  void Drain() override {
    draining_ = true;
    if ((state_ == State::kReading && !begun_) || state_ == State::kLingering) Close();
  }

  void Close() override {
    if (state_ == State::kClosed) return;
    state_ = State::kClosed;
    timer_.cancel();
    error_code ignored;
    stream_.next_layer().close(ignored);
    if (exchange_ != nullptr) std::exchange(exchange_, nullptr)->Abandon();
    host_->Ended(shared_from_this());
  }

 private:
  enum class State { kHandshake, kReading, kAnswering, kLingering, kClosed };

  // One request's answer. It may outlive the connection.
  class Exchange final : public HttpExchange {
   public:
    explicit Exchange(AsioConnection* connection)
        : connection_(connection), certificate_(connection->certificate_) {}

    const ClientCertificate& certificate() const override { return certificate_; }
    void Reply(HttpReply reply) override {
      if (connection_ != nullptr) connection_->Reply(std::move(reply));
    }
    void BeginStream(HttpHeaders headers) override {
      if (connection_ != nullptr) connection_->BeginStream(headers);
    }
    void Write(std::string bytes, absl::AnyInvocable<void()> written) override {
      if (connection_ != nullptr) connection_->WriteOut(Chunk(bytes), std::move(written));
    }
    void EndStream() override {
      if (connection_ != nullptr) connection_->EndStream();
    }
    void OnGone(absl::AnyInvocable<void()> gone) override { gone_ = std::move(gone); }
    void Keep(std::shared_ptr<const void> held) override { held_ = std::move(held); }

    void Detach() {
      connection_ = nullptr;
      gone_ = nullptr;
      held_ = nullptr;
    }
    void Abandon() {
      connection_ = nullptr;
      held_ = nullptr;
      if (auto gone = std::exchange(gone_, nullptr)) gone();
    }

   private:
    AsioConnection* connection_;  // null: the exchange is over
    const ClientCertificate certificate_;
    absl::AnyInvocable<void()> gone_;
    std::shared_ptr<const void> held_;
  };

  const HttpServerOptions& options() const { return host_->options(); }

  // Of what is under way; without one, it may take as long as it likes.
  void SetDeadline(std::optional<absl::Duration> from_now) {
    if (!from_now) return void(timer_.cancel());
    timer_.expires_after(absl::ToChronoNanoseconds(*from_now));
    timer_.async_wait([self = shared_from_this()](const error_code& error) {
      // One that was put off a moment too late is queued already.
      if (!error && self->timer_.expiry() <= asio::steady_timer::clock_type::now()) self->Close();
    });
  }

  void OnHandshake(const error_code& error) {
    if (state_ == State::kClosed) return host_->HandshakeFailed();
    if (error) {
      host_->HandshakeFailed();
      return Close();
    }
    if (const std::string pem = PeerCertificate(stream_.native_handle()); !pem.empty()) {
      certificate_ = host_->ReadCertificate(pem);
    }
    NextRequest();
  }

  void NextRequest() {
    if (draining_) return Close();
    state_ = State::kReading;
    begun_ = false;
    parser_.emplace();
    parser_->eager(true);
    parser_->header_limit(kHeaderBytesMax);
    parser_->body_limit(options().body_bytes_max);
    SetDeadline(options().idle_max);
    Parse();
  }

  void Parse() {
    error_code error;
    while (!buffer_.empty() && !parser_->is_done()) {
      const std::size_t used = parser_->put(asio::buffer(buffer_), error);
      buffer_.erase(0, used);
      if (error || used == 0) break;
    }
    if (error && error != http::error::need_more) return Refuse(error);
    if (parser_->is_done()) {
      http::request<http::string_body> parsed = parser_->release();
      if (parsed.version() != 11) return ReplyAndClose(PlainReply(505, "Speak HTTP/1.1."));
      keep_alive_ = parsed.keep_alive();
      return Dispatch(RequestOf(parsed));
    }
    if (!begun_ && parser_->got_some()) {
      begun_ = true;
      SetDeadline(options().request_within);
    }
    Read();
  }

  void Refuse(const error_code& error) {
    if (error == http::error::body_limit) {
      HttpRequest request = RequestOf(parser_->get());
      request.too_large = true;
      request.body.clear();
      keep_alive_ = false;
      return Dispatch(std::move(request));
    }
    if (error == http::error::header_limit) {
      return ReplyAndClose(PlainReply(431, "The headers are larger than is taken here."));
    }
    ReplyAndClose(PlainReply(400, "This is no HTTP/1.1 request."));
  }

  void ReplyAndClose(HttpReply reply) {
    keep_alive_ = false;
    Answering();
    Reply(std::move(reply));
  }

  void Answering() {
    state_ = State::kAnswering;
    exchange_ = std::make_shared<Exchange>(this);
    SetDeadline(std::nullopt);
  }

  void Dispatch(HttpRequest request) {
    Answering();
    Read();  // which tells when the client leaves
    host_->handler().Handle(std::move(request), exchange_);
  }

  void Read() {
    if (reading_ || state_ == State::kClosed) return;
    if (state_ == State::kAnswering && !buffer_.empty()) return;  // its next request waits
    reading_ = true;
    stream_.async_read_some(asio::buffer(incoming_),
                            [self = shared_from_this()](const error_code& error, std::size_t size) {
                              self->OnRead(error, size);
                            });
  }

  void OnRead(const error_code& error, std::size_t size) {
    reading_ = false;
    if (state_ == State::kClosed) return;
    if (error) return Close();
    if (state_ == State::kLingering) return Read();
    buffer_.append(incoming_.data(), size);
    if (state_ == State::kReading) Parse();
  }

  void Reply(HttpReply reply) {
    http::response<http::string_body> response;
    keep_alive_ = keep_alive_ && !draining_ && absl::Now() - began_ < options().connection_age_max;
    SetHead(reply.status, reply.headers, keep_alive_, response);
    response.body() = std::move(reply.body);
    response.prepare_payload();
    std::ostringstream head;
    head << response.base();
    WriteOut(head.str() + response.body(), [this] { Done(); });
  }

  void BeginStream(const HttpHeaders& headers) {
    http::response<http::empty_body> response;
    keep_alive_ = keep_alive_ && !draining_;
    SetHead(200, headers, keep_alive_, response);
    response.chunked(true);
    std::ostringstream head;
    head << response.base();
    head_ = head.str();
  }

  void EndStream() {
    WriteOut("0\r\n\r\n", [this] { Done(); });
  }

  void WriteOut(std::string bytes, absl::AnyInvocable<void()> written) {
    outgoing_ = std::exchange(head_, "") + bytes;
    SetDeadline(options().write_within);
    written_ = std::move(written);
    asio::async_write(stream_, asio::buffer(outgoing_),
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                        self->OnWritten(error);
                      });
  }

  void OnWritten(const error_code& error) {
    if (state_ == State::kClosed) return;
    if (error) return Close();
    outgoing_ = std::string();
    SetDeadline(std::nullopt);
    std::exchange(written_, nullptr)();
  }

  void Done() {
    std::exchange(exchange_, nullptr)->Detach();
    if (keep_alive_) return NextRequest();
    state_ = State::kLingering;
    SetDeadline(kLinger);
    Read();
  }

  Host* const host_;
  const absl::Time began_ = absl::Now();
  asio::steady_timer timer_;
  const std::shared_ptr<asio::ssl::context> tls_;
  asio::ssl::stream<Tcp::socket> stream_;
  ClientCertificate certificate_;

  State state_ = State::kHandshake;
  bool begun_ = false;  // a request's first byte has come
  bool keep_alive_ = true;
  bool draining_ = false;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::array<char, kReadAtOnce> incoming_{};
  bool reading_ = false;
  std::string buffer_;  // read, and not looked at yet

  std::shared_ptr<Exchange> exchange_;  // null: nothing is being answered
  std::string head_;                    // a stream's, to go with its first bytes
  std::string outgoing_;                // being written
  absl::AnyInvocable<void()> written_;
};

}  // namespace

std::shared_ptr<Connection> Connection::Make(int socket, asio::io_context& io,
                                             std::shared_ptr<asio::ssl::context> tls, Host* host) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  error_code ignored;
  Tcp::socket held(io);
  held.assign(address.ss_family == AF_INET6 ? Tcp::v6() : Tcp::v4(), socket, ignored);
  return std::make_shared<AsioConnection>(std::move(held), std::move(tls), host);
}

}  // namespace exitbus::adapters
