#include "adapters/kafka/connection.h"

#include <chrono>
#include <utility>
#include <variant>

#include "services/exchange/ports/status_macros.h"

namespace exitbus::adapters {
namespace {

constexpr std::chrono::milliseconds kTick{1000};
constexpr std::chrono::milliseconds kTickBehind{50};  // an empty answer of the broker wakes nobody

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};

}  // namespace

Connection::Connection(const KafkaOptions& options, std::shared_ptr<Deliveries> deliveries,
                       exchange::Executor* executor, exchange::Telemetry* telemetry)
    : producer_(options, mailbox_, deliveries, executor, telemetry),
      consumer_(options, mailbox_, deliveries, executor, telemetry) {}

Connection::~Connection() { Stop(); }

absl::Status Connection::Open() {
  RETURN_IF_ERROR(producer_.Open());
  return consumer_.Open();
}

absl::Status Connection::Reopen() {
  RETURN_IF_ERROR(producer_.Reopen());
  return consumer_.Reopen();
}

void Connection::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Connection::Stop() {
  if (!thread_.joinable()) return;
  mailbox_->Send(EndConnection{});
  thread_.join();
}

void Connection::Run() {
  auto next_tick = std::chrono::steady_clock::now() + kTick;
  while (true) {
    for (ConnectionCommand& command : mailbox_->Wait(consumer_.IsBehind() ? kTickBehind : kTick)) {
      if (!Obey(std::move(command))) return;
    }
    producer_.Serve();
    consumer_.Serve();
    if (std::chrono::steady_clock::now() < next_tick) continue;
    next_tick = std::chrono::steady_clock::now() + kTick;
    consumer_.LookForStalls();
  }
}

// False: the connection ends.
bool Connection::Obey(ConnectionCommand command) {
  return std::visit(Overloaded{[this](const ReadTopic& read) {
                                 consumer_.Assign(read);
                                 return true;
                               },
                               [this](const ReadMore& more) {
                                 consumer_.More(more);
                                 return true;
                               },
                               [this](Pause) {
                                 consumer_.set_paused(true);
                                 return true;
                               },
                               [this](Resume) {
                                 consumer_.set_paused(false);
                                 return true;
                               },
                               [this](Renew renew) {
                                 renew.done->set_value(renew.goes_on ? Reopen() : Open());
                                 return true;
                               },
                               [](EndConnection) { return false; }},
                    command);
}

}  // namespace exitbus::adapters
