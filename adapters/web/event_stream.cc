#include "adapters/web/event_stream.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/api/admission.h"
#include "adapters/api/error_details.h"
#include "adapters/web/connect_error.h"
#include "exitbus/watch/v1/watch.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"
#include "google/rpc/status.pb.h"

namespace exitbus::adapters {
namespace {

using exchange::Refusal;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A client that vanished without a word is noticed, and proxies do not think the stream dead.
constexpr absl::Duration kKeepAliveEvery = absl::Seconds(30);
constexpr char kRetryMs[] = "retry: 2000\n";  // before a browser connects again

const FieldDescriptor* OnlyFieldOf(const Descriptor& message, const Descriptor& type) {
  const FieldDescriptor* found = nullptr;
  for (int i = 0; i < message.field_count(); ++i) {
    if (message.field(i)->message_type() == &type) found = message.field(i);
  }
  return found;
}

Refusal Refreshed() {
  return {.code = absl::StatusCode::kUnavailable,
          .reason = "watch.connect_again",
          .message = "This connection is old: begin again with the last token.",
          .metadata = {}};
}

}  // namespace

std::optional<WatchShape> ShapeOf(const google::protobuf::MethodDescriptor& method) {
  const Descriptor& request = *method.input_type();
  const WatchShape shape{&method, OnlyFieldOf(request, *watch::v1::Begin::descriptor()),
                         OnlyFieldOf(request, *watch::v1::Acknowledge::descriptor()),
                         method.output_type()->FindFieldByName("token")};
  if (shape.begin == nullptr || shape.acknowledge == nullptr || shape.token == nullptr ||
      shape.token->cpp_type() != FieldDescriptor::CPPTYPE_STRING || shape.token->is_repeated()) {
    return std::nullopt;
  }
  return shape;
}

EventStream::EventStream(WatchShape shape, WebCaller caller, std::shared_ptr<HttpExchange> exchange,
                         std::shared_ptr<Loop> loop, absl::AnyInvocable<void(EventStream*)> over)
    : shape_(shape),
      caller_(std::move(caller)),
      exchange_(std::move(exchange)),
      loop_(std::move(loop)),
      over_(std::move(over)) {}

void EventStream::Begin(exchange::ApiHandler* handler, const std::string& token,
                        absl::Duration life) {
  exchange_->OnGone([self = shared_from_this()] { self->Finish(); });
  life_ = loop_->After(life, [this] { Stop(Refreshed()); });
  KeepAlive();
  session_ = handler->Watch({shape_.method->full_name(), caller_.caller, shared_from_this()});
  if (session_ != nullptr) Say(*shape_.begin, token);
}

void EventStream::Deliver(std::unique_ptr<Message> message) {
  loop_->Post([self = shared_from_this(), message = std::move(message)]() mutable {
    if (self->over_ == nullptr) return;
    self->outgoing_.push_back(std::move(message));
    self->Pump();
  });
}

void EventStream::End(Refusal why) {
  loop_->Post(
      [self = shared_from_this(), why = std::move(why)]() mutable { self->Stop(std::move(why)); });
}

// We never say that we send no more, so that this comes to nobody; it is an end as any other.
void EventStream::Complete() { End(Refreshed()); }

void EventStream::Stop(Refusal why) {
  if (ending_) return;
  ending_ = std::move(why);
  Pump();
}

void EventStream::Pump() {
  if (over_ == nullptr || writing_) return;
  if (ending_) return WriteEnd();
  if (outgoing_.empty()) return;
  const std::unique_ptr<Message> message = std::move(outgoing_.front());
  outgoing_.pop_front();
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(*message, &json).ok()) return Finish();
  const std::string token = message->GetReflection()->GetString(*message, shape_.token);
  Write(absl::StrCat("id: ", token, "\ndata: ", json, "\n\n"), token);
}

void EventStream::Write(std::string text, std::string token) {
  if (!std::exchange(begun_, true)) {
    exchange_->BeginStream({{"Content-Type", "text/event-stream"}});
    text = kRetryMs + text;
  }
  writing_ = true;
  exchange_->Write(std::move(text),
                   [self = shared_from_this(), token = std::move(token)]() mutable {
                     self->writing_ = false;
                     self->Acknowledge(std::move(token));
                     self->Pump();
                   });
}

// A refusal before all else is an answer as any other, at which a browser does not come again.
void EventStream::WriteEnd() {
  const google::rpc::Status status = DetailsOf(*ending_);
  if (!begun_) {
    exchange_->Reply(ConnectErrorReply(status));
    return Finish();
  }
  writing_ = true;
  exchange_->Write(absl::StrCat("event: end\ndata: ", ConnectErrorJson(status), "\n\n"),
                   [self = shared_from_this()] {
                     self->exchange_->EndStream();
                     self->Finish();
                   });
}

void EventStream::Acknowledge(std::string token) {
  if (!token.empty()) to_acknowledge_ = std::move(token);
  if (!may_say_ || to_acknowledge_.empty()) return;
  Say(*shape_.acknowledge, std::exchange(to_acknowledge_, ""));
}

void EventStream::Say(const FieldDescriptor& field, const std::string& token) {
  if (session_ == nullptr) return;
  may_say_ = false;
  std::unique_ptr<Message> request(google::protobuf::MessageFactory::generated_factory()
                                       ->GetPrototype(shape_.method->input_type())
                                       ->New());
  Message* part = request->GetReflection()->MutableMessage(request.get(), &field);
  part->GetReflection()->SetString(part, part->GetDescriptor()->FindFieldByName("token"), token);
  session_->Receive(std::move(request), [self = weak_from_this(), loop = loop_] {
    loop->Post([self] {
      const auto held = self.lock();
      if (held == nullptr) return;
      held->may_say_ = true;
      held->Acknowledge("");
    });
  });
}

void EventStream::KeepAlive() {
  keep_alive_ = loop_->After(kKeepAliveEvery, [this] {
    if (begun_ && !writing_) Write(":\n\n", "");
    KeepAlive();
  });
}

void EventStream::Finish() {
  if (over_ == nullptr) return;
  const auto self = shared_from_this();
  session_ = nullptr;
  keep_alive_ = nullptr;
  life_ = nullptr;
  outgoing_.clear();
  std::exchange(over_, nullptr)(this);
}

}  // namespace exitbus::adapters
