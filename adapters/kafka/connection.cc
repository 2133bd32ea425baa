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
    : writer_(options, mailbox_, deliveries, executor, telemetry),
      reader_(options, mailbox_, deliveries, executor, telemetry) {}

Connection::~Connection() { Stop(); }

absl::Status Connection::Open() {
  RETURN_IF_ERROR(writer_.Open());
  return reader_.Open();
}

absl::Status Connection::Reopen() {
  RETURN_IF_ERROR(writer_.Reopen());
  return reader_.Reopen();
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
    for (ConnectionCommand& command : mailbox_->Wait(reader_.IsBehind() ? kTickBehind : kTick)) {
      if (!Obey(std::move(command))) return;
    }
    writer_.Serve();
    reader_.Serve();
    if (std::chrono::steady_clock::now() < next_tick) continue;
    next_tick = std::chrono::steady_clock::now() + kTick;
    reader_.LookForStalls();
  }
}

// False: the connection ends.
bool Connection::Obey(ConnectionCommand command) {
  return std::visit(Overloaded{[this](const ReadTopic& read) {
                                 reader_.Assign(read);
                                 return true;
                               },
                               [this](const ReadMore& more) {
                                 reader_.More(more);
                                 return true;
                               },
                               [this](Suspend) {
                                 reader_.set_suspended(true);
                                 return true;
                               },
                               [this](Resume) {
                                 reader_.set_suspended(false);
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
