// What stands around a console in tests: a broker that tells figures, and where watches' messages
// go.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "google/protobuf/message.h"
#include "services/exchange/ports/api.h"
#include "services/exchange/ports/broker_figures.h"
#include "services/exchange/ports/time.h"

namespace exitbus::console {

// Tells whatever it is told, each five seconds.
class ToldBroker final : public exchange::BrokerLook {
 public:
  void Start(Tell tell) override {
    tell_ = std::move(tell);
    Look();
  }
  absl::StatusOr<exchange::BrokerFigures> figures;
  exchange::Executor* executor = nullptr;

 private:
  void Look() {
    tell_(figures);
    executor->PostAfter(absl::Seconds(5), [this] { Look(); });
  }
  Tell tell_;
};

struct Sink final : exchange::WatchSink {
  void Deliver(std::unique_ptr<google::protobuf::Message> message) override {
    messages.push_back(std::move(message));
  }
  void End(exchange::Refusal why) override { ended = std::move(why); }
  void Complete() override { completed = true; }
  std::vector<std::unique_ptr<google::protobuf::Message>> messages;
  exchange::Refusal ended;
  bool completed = false;
};

}  // namespace exitbus::console
