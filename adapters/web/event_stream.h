// A watch as Server-Sent Events: each message one event, whose id is its token, so that a browser's
// own reconnecting resumes. Internal to this folder.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "adapters/web/callers.h"
#include "adapters/web/http.h"
#include "adapters/web/loop.h"
#include "services/exchange/ports/api.h"

namespace google::protobuf {
class FieldDescriptor;
class Message;
class MethodDescriptor;
}  // namespace google::protobuf

namespace exitbus::adapters {

// Where the messages of a watch's method have what watch.proto says.
struct WatchShape {
  const google::protobuf::MethodDescriptor* method;
  const google::protobuf::FieldDescriptor* begin;
  const google::protobuf::FieldDescriptor* acknowledge;
  const google::protobuf::FieldDescriptor* token;
};

// Nullopt: it is no such method.
std::optional<WatchShape> ShapeOf(const google::protobuf::MethodDescriptor& method);

// On the loop's thread, but for what WatchSink says.
class EventStream final : public exchange::WatchSink,
                          public std::enable_shared_from_this<EventStream> {
 public:
  EventStream(WatchShape shape, WebCaller caller, std::shared_ptr<HttpExchange> exchange,
              std::shared_ptr<Loop> loop, absl::AnyInvocable<void(EventStream*)> over);

  // After `token`; empty: from the beginning. It lives `life` at most; then the client goes on with
  // its token over a new connection.
  void Begin(exchange::ApiHandler* handler, const std::string& token, absl::Duration life);
  // The same as End(), on the loop's thread.
  void Stop(exchange::Refusal why);

  const WebCaller& caller() const { return caller_; }

  // Of the engine: what it delivers at one time is as much as it may have unacknowledged.
  void Deliver(std::unique_ptr<google::protobuf::Message> message) override;
  void End(exchange::Refusal why) override;
  void Complete() override;

 private:
  void Pump();
  void Write(std::string text, std::string token);
  void WriteEnd();
  void Acknowledge(std::string token);
  void Say(const google::protobuf::FieldDescriptor& field, const std::string& token);
  void KeepAlive();
  void Finish();

  const WatchShape shape_;
  const WebCaller caller_;
  const std::shared_ptr<HttpExchange> exchange_;
  const std::shared_ptr<Loop> loop_;
  absl::AnyInvocable<void(EventStream*)> over_;  // null: it is over

  std::unique_ptr<exchange::WatchSession> session_;
  std::unique_ptr<Loop::Timer> keep_alive_;
  std::unique_ptr<Loop::Timer> life_;
  std::deque<std::unique_ptr<google::protobuf::Message>> outgoing_;
  std::optional<exchange::Refusal> ending_;
  bool begun_ = false;  // the answer's head has gone
  bool writing_ = false;
  bool may_say_ = true;  // the engine takes another message
  std::string to_acknowledge_;
};

}  // namespace exitbus::adapters
