// One client's connection, request after request. Internal to this folder; on the loop's thread.
#pragma once

#include <memory>
#include <string>

namespace boost::asio {
class io_context;
namespace ssl {
class context;
}
}  // namespace boost::asio

namespace exitbus::adapters {

struct ClientCertificate;
struct HttpServerOptions;
class HttpHandler;

class Connection {
 public:
  // What it is part of, which outlives it.
  class Host {
   public:
    virtual ~Host() = default;
    virtual const HttpServerOptions& options() const = 0;
    virtual HttpHandler& handler() = 0;
    virtual ClientCertificate ReadCertificate(const std::string& pem) = 0;
    virtual void HandshakeFailed() = 0;
    virtual void Ended(const std::shared_ptr<Connection>& connection) = 0;
  };

  virtual ~Connection() = default;

  // Over this socket, which it closes.
  static std::shared_ptr<Connection> Make(int socket, boost::asio::io_context& io,
                                          std::shared_ptr<boost::asio::ssl::context> tls,
                                          Host* host);

  virtual void Start() = 0;
  // Ends once what is under way has been answered.
  virtual void Drain() = 0;
  // At once.
  virtual void Close() = 0;
};

}  // namespace exitbus::adapters
