// One unary call of the Connect protocol (https://connectrpc.com/docs/protocol), from its request
// to its answer, whoever answers. Internal to this folder.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "adapters/web/http.h"
#include "adapters/web/loop.h"

namespace google::protobuf {
class Message;
class MethodDescriptor;
}  // namespace google::protobuf
namespace google::rpc {
class Status;
}

namespace exitbus::adapters {

class ConnectCall final : public std::enable_shared_from_this<ConnectCall> {
 public:
  // On the loop's thread. Null: it is no such call, and was answered so. One that is not answered
  // when its time is up gets DEADLINE_EXCEEDED.
  static std::shared_ptr<ConnectCall> Open(HttpRequest request,
                                           std::shared_ptr<HttpExchange> exchange,
                                           std::shared_ptr<Loop> loop);

  const HttpRequest& request() const { return request_; }
  const HttpExchange& exchange() const { return *exchange_; }
  std::optional<std::int64_t> timeout_ms() const { return timeout_ms_; }
  // Until the answer has gone. On the loop's thread, as Parse().
  void Keep(std::shared_ptr<const void> held) { exchange_->Keep(std::move(held)); }

  // The request of this method. Null: it is none, and was answered so.
  std::unique_ptr<google::protobuf::Message> Parse(const google::protobuf::MethodDescriptor& method,
                                                   std::size_t bytes_max);

  // The answer, once, on any thread; later ones are dropped.
  void Reply(std::unique_ptr<google::protobuf::Message> message, HttpHeaders headers);
  void Fail(const google::rpc::Status& status, HttpHeaders headers = {});

  // Whether nobody waits any more. On any thread.
  bool over() const { return over_; }

 private:
  enum class Codec { kJson, kProto };

  ConnectCall(HttpRequest request, std::shared_ptr<HttpExchange> exchange,
              std::shared_ptr<Loop> loop);

  // What is wrong before its content is looked at.
  std::optional<HttpReply> Wrong();
  std::optional<std::string> Content(std::size_t bytes_max);
  HttpReply Said(const google::protobuf::Message& message) const;
  void Send(HttpReply reply);

  const HttpRequest request_;
  const std::shared_ptr<HttpExchange> exchange_;
  const std::shared_ptr<Loop> loop_;
  Codec codec_ = Codec::kJson;
  bool gzipped_ = false;     // the request
  bool takes_gzip_ = false;  // its client
  std::optional<std::int64_t> timeout_ms_;
  std::unique_ptr<Loop::Timer> timer_;  // on the loop's thread
  std::atomic<bool> over_ = false;
};

}  // namespace exitbus::adapters
