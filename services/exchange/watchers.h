// The watches under way: each is told what changed in its list, a bounded number of messages ahead
// of what its client has acknowledged.
//
// A watch costs nothing while its client does not acknowledge: no queue grows, what changes
// meanwhile is conflated in the index. Deliveries are made in small rounds on the engine's thread,
// commands and letters in between; what a round tells is in the account of disclosures, durably,
// before it is sent.
//
// Thread safety: Open may be called from any thread; everything else happens on the executor's.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"
#include "services/exchange/change_index.h"
#include "services/exchange/ports/api.h"
#include "services/exchange/watch_messages.h"

namespace exitbus::exchange {

class RefusedCalls;

class Watchers {
 public:
  static constexpr std::size_t kWatchesMax = 128;
  static constexpr std::size_t kWatchesOfOneSystemMax = 32;
  static constexpr absl::Duration kBeginWithin = absl::Seconds(10);
  static constexpr std::size_t kUnacknowledgedMax = 32;
  static constexpr absl::Duration kRetryAfter = absl::Seconds(1);

  // Both outlive it, and it outlives the sessions it opened.
  Watchers(const Environment* environment, const ChangeIndex* changes, RefusedCalls* refused);
  ~Watchers();

  std::unique_ptr<WatchSession> Open(WatchCall call);

  // These streams have something new to tell. After the commit.
  void Wake(const std::set<StreamName>& streams);

 private:
  class Session;
  struct Watch;
  struct Round;

  void Add(std::uint64_t id, WatchCall call);
  // Null: there is room for one more of this system.
  std::optional<Refusal> RefuseOneMore(const Caller& caller) const;
  void Receive(std::uint64_t id, const google::protobuf::Message& message);
  void Drained(std::uint64_t id);
  std::optional<Refusal> Begin(Watch& watch, const std::string& token);
  std::optional<Refusal> Acknowledge(Watch& watch, const std::string& token);
  void End(std::uint64_t id, Refusal why);

  void RunSoon();
  void Run();
  // The watches that can be told something, each in its turn.
  std::vector<std::uint64_t> Ready() const;
  void Deliver(Round round);

  const Environment* environment_;
  const ChangeIndex* changes_;
  RefusedCalls* refused_;
  std::atomic<std::uint64_t> last_id_ = 0;
  std::map<std::uint64_t, Watch> watches_;
  std::uint64_t served_last_ = 0;
  bool run_is_posted_ = false;
};

}  // namespace exitbus::exchange
