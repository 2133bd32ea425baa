#include "tests/simulation/follower.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstdlib>
#include <utility>

#include "exitbus/watch/v1/watch.pb.h"

namespace exitbus::simulation {
namespace {

using google::protobuf::Message;

std::string Text(const Message& message, const std::string& field) {
  return message.GetReflection()->GetString(message,
                                            message.GetDescriptor()->FindFieldByName(field));
}

Told Read(const Message& message) {
  const auto* descriptor = message.GetDescriptor();
  const auto* reflection = message.GetReflection();
  const auto* change =
      reflection->GetOneofFieldDescriptor(message, descriptor->FindOneofByName("change"));
  if (change == nullptr) std::abort();
  Told told{change->name(), "", "", Text(message, "token")};
  if (change->name() == "gone") {
    told.id = Text(message, "gone");
  } else if (change->name() == "marker") {
    told.what = reflection->GetEnumValue(message, change) == watch::v1::MARKER_CAUGHT_UP
                    ? "caught up"
                    : "snapshot";
  } else {
    const Message& resource = reflection->GetMessage(message, change);
    told.id = Text(resource, resource.GetDescriptor()->field(0)->name());
    told.etag = Text(resource, "etag");
  }
  return told;
}

// A request of the method's type with `token` in the part of this name.
std::unique_ptr<Message> Request(const std::string& method, const std::string& part,
                                 const std::string& token) {
  const auto* type =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(method)->input_type();
  std::unique_ptr<Message> request(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  Message* said =
      request->GetReflection()->MutableMessage(request.get(), type->FindFieldByName(part));
  said->GetReflection()->SetString(said, said->GetDescriptor()->FindFieldByName("token"), token);
  return request;
}

}  // namespace

class Follower::Sink : public exchange::WatchSink {
 public:
  void Deliver(std::unique_ptr<Message> message) override { told.push_back(Read(*message)); }
  void End(exchange::Refusal why) override { ended = why.reason; }
  void Complete() override { ended = "complete"; }

  std::vector<Told> told;
  std::string ended;
};

Follower& Follower::Begin() { return BeginWith(token_); }

void Follower::OpenOnly() {
  HangUp();
  sink_ = std::make_shared<Sink>();
  node_.Watch(method_, sink_);
}

void Follower::HalfClose() {
  std::size_t before = heard() + 1;
  while (ended().empty() && before != heard()) {
    before = heard();
    node_.Drained(sink_.get());
  }
}

Follower& Follower::BeginWith(std::string token) {
  OpenOnly();
  Send(Request(method_, "begin", token));
  return *this;
}

void Follower::HangUp() {
  if (sink_ != nullptr) node_.HangUp(sink_.get());
}

void Follower::Acknowledge() {
  if (told().empty()) return;
  token_ = last().token;
  Acknowledge(token_);
}

void Follower::Acknowledge(const std::string& token) {
  Send(Request(method_, "acknowledge", token));
}

void Follower::CatchUp() {
  std::size_t before = 0;
  while (under_way() && heard() > before) {
    before = heard();
    Acknowledge();
  }
}

void Follower::Send(std::unique_ptr<Message> request) {
  node_.Notify(sink_.get(), std::move(request));
}

const std::vector<Told>& Follower::told() const { return sink_->told; }

std::vector<std::string> Follower::Story() const {
  std::vector<std::string> story;
  for (const Told& one : told()) {
    story.push_back(one.id.empty() ? one.what : one.what + " " + one.id);
  }
  return story;
}

const std::string& Follower::ended() const { return sink_->ended; }

bool Follower::under_way() const {
  return sink_ != nullptr && ended().empty() && node_.Watches(sink_.get());
}

}  // namespace exitbus::simulation
