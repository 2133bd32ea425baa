// The exchange's console: what authorities tell in, rows and hops for operators out. It is no
// authority: no case, no letter, no key to one.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/time/time.h"
#include "services/console/account.h"
#include "services/console/board.h"
#include "services/console/watches.h"
#include "services/console/world.h"
#include "services/exchange/core.h"
#include "services/exchange/environment.h"
#include "services/exchange/ports/bus.h"

namespace exitbus::console {

struct ConsoleOptions {
  std::string environment;  // which exchange this is, for titles
  bool development = false;
};

class Console final : public exchange::Core, public exchange::BusListener {
 public:
  static constexpr absl::Duration kBeat = absl::Milliseconds(250);
  static constexpr int kRowsEvery = 2;  // beats
  // What is read of a topic from before this start.
  static constexpr std::int64_t kRecordsBack = 120;

  Console(ConsoleOptions options, exchange::Environment environment);
  ~Console() override;

  absl::Status Start() override;
  void Handle(exchange::Call call) override;
  std::unique_ptr<exchange::WatchSession> Watch(exchange::WatchCall call) override {
    return watches_.Open(std::move(call));
  }

  void SetSealingKeys(std::vector<exchange::SealingKey> keys) override;
  void SetDiskFull(bool) override {}  // a look that cannot be recorded is not shown
  recovery::v1::OrderResult TakeOrder(const recovery::v1::Order& order) override;
  bool bus_available() const override { return world_.broker_reached; }
  bool store_is_good() const override { return true; }
  bool caught_up() const override { return true; }  // it shows what it knows, and what it does not
  std::string unread() const override { return ""; }

  void OnCluster(const std::string& cluster_id) override;
  void OnUnavailable(const absl::Status& why) override;
  void OnRecords(std::vector<exchange::BusRecord> records,
                 absl::AnyInvocable<void()> more) override;
  void OnCaughtUp(const std::string& topic) override { caught_up_.insert(topic); }

 private:
  absl::Time Now() const;
  void Beat(int number);
  void OnLook(absl::StatusOr<exchange::BrokerFigures> found);
  // Trace topics that are there and are not read yet.
  void ReadTraces();
  void Take(const exchange::BusRecord& record);

  // The answer, or why there is none. What a method is about goes into `subject`, for the account.
  exchange::Answer Answer(const exchange::Call& call);
  std::variant<Viewer, exchange::Refusal> Admit(const exchange::Caller& caller,
                                                std::string_view method, std::string subject);

  const ConsoleOptions options_;
  exchange::Environment environment_;
  World world_;
  Board board_;
  Account account_;
  Watches watches_;
  std::string cluster_id_;
  std::set<std::string> reading_;    // topics
  std::set<std::string> caught_up_;  // likewise
};

}  // namespace exitbus::console
