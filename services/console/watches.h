// The watches under way: each is told, at a beat, what is new since it was told last. A slow one
// costs nothing: what changes meanwhile is conflated, and of hops the newest are told.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "absl/time/time.h"
#include "services/console/viewer.h"
#include "services/exchange/ports/api.h"

namespace exitbus::exchange {
class Crypto;
class Executor;
}  // namespace exitbus::exchange

namespace exitbus::console {

class Board;
class Reports;

// Lives on the executor's thread, but for Open and what WatchSession says.
class Watches {
 public:
  static constexpr std::size_t kWatchesMax = 128;
  static constexpr std::size_t kWatchesOfOneSystemMax = 48;  // a page has two
  static constexpr std::size_t kHopsOfOneMessageMax = 100;
  static constexpr std::size_t kUnacknowledgedMax = 2;
  static constexpr absl::Duration kBeginWithin = absl::Seconds(10);

  // Whether a watch may begin, and who it is: recorded when it is called.
  using Admit = std::function<std::variant<Viewer, exchange::Refusal>(
      const exchange::Caller& caller, std::string_view method)>;
  // What tokens are sealed with, so that none tells how much there is that its reader does not see.
  // Another key at each start.
  struct Sealing {
    const exchange::Crypto* crypto;
    std::string key;
  };
  // All of it outlives the watches.
  Watches(Sealing sealing, const Board* board, const Reports* reports, exchange::Executor* executor,
          Admit admit);
  ~Watches();

  // Thread-safe.
  std::unique_ptr<exchange::WatchSession> Open(exchange::WatchCall call);

  // At each beat; `rows`: the board may have changed.
  void Tell(bool rows, absl::Time now);

 private:
  struct Watch;
  class Session;
  using WatchRef = std::shared_ptr<Watch>;

  void Add(const WatchRef& watch);
  void Receive(Watch& watch, const google::protobuf::Message& message);
  void Begin(Watch& watch, const std::string& token);
  void Acknowledge(Watch& watch, const std::string& token);
  void End(Watch& watch, exchange::Refusal why);
  void TellRows(Watch& watch);
  void TellHops(Watch& watch);
  // With a token for what the watch has been told by now.
  template <class Response>
  void Deliver(Watch& watch, std::unique_ptr<Response> message);
  std::string TokenOf(const Watch& watch) const;
  // Nullopt: it is no token of this watch, or of an earlier start.
  std::optional<std::uint64_t> NumberIn(const Watch& watch, const std::string& token) const;

  const Sealing sealing_;
  const Board* const board_;
  const Reports* const reports_;
  exchange::Executor* const executor_;
  const Admit admit_;
  std::list<WatchRef> watches_;
  absl::Time now_;
};

}  // namespace exitbus::console
