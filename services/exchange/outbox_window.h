// The part of the outbox that is looked at: of each priority, channel and peer a bounded number of
// rows, with what is known of their copies on the bus. The rest stays in the store and is counted.
//
// Where there is more than it holds, the window moves over the store in the keys' order, so that a
// correspondence goes in its order: rows that have a copy on the bus make room for those after
// them, until all have one. Then it rests, and moves over all again, at first after a minute, each
// time after twice as long: a row that comes round is published again, which is harmless.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/exchange/keys.h"

namespace exitbus::exchange {

class Transaction;
struct Environment;

// What is known of one row.
struct OutboxCopy {
  bool in_flight = false;
  std::optional<absl::Time> published;  // wall clock; nullopt: no copy on the bus
  std::string record_id;
  std::string sealed_to;  // the recipient's key
  absl::Time next_try;    // when there is no copy; set at most so far ahead:
  absl::Duration ahead_max;
  absl::Duration back_off;
  // Since when it waits: made, or due to leave, or met at a start, whichever was last.
  absl::Time since = absl::InfinitePast();
  bool delayed = false;  // it leaves later, as it is meant to
};

// Lives on the engine's thread. Times are the wall clock's.
class OutboxWindow {
 public:
  static constexpr std::size_t kRowsMax = 1024;  // of one address
  static constexpr absl::Duration kFirstRest = absl::Minutes(1);
  static constexpr absl::Duration kLastRest = absl::Hours(6 * 24);  // topics keep 7 days
  // A row that failed until it has to wait this long makes room as well.
  static constexpr absl::Duration kFailsFor = absl::Minutes(1);

  OutboxWindow(const Environment* environment, absl::Duration first_back_off)
      : environment_(environment), first_back_off_(first_back_off) {}

  // Counts all and holds the first of each address, which wait since `now` for all that is known.
  absl::Status Load(absl::Time now);
  // A row that was just written. Null: it waits in the store until the window comes to it.
  OutboxCopy* Add(const OutboxKey& key, absl::Time now);
  // A row that is gone.
  void Remove(const OutboxKey& key);
  // Moves on where there is more.
  void Turn(absl::Time now);
  // Whether so much was receipted that it is worth moving on before the next tick.
  bool HasRoom() const;
  // The copies of what is for this peer, or for anybody, are gone: moves over all of it at once.
  void BeginAnew(const std::string& peer);
  void BeginAnew();
  // Some copy for this peer is gone, of which no more is known: moves over all of it soon.
  void BeginSoon(const std::string& peer);

  // Held now, as they stand in the store.
  std::map<OutboxKey, OutboxCopy>& rows() { return rows_; }
  const std::map<OutboxKey, OutboxCopy>& rows() const { return rows_; }
  OutboxCopy* Find(const OutboxKey& key);
  std::size_t total() const;

  // All rows of one priority, channel and peer, held or not.
  struct Address {
    std::size_t total = 0;
    std::size_t held = 0;
    bool moves = false;                       // over the store, having come to `after`
    std::string after;                        // a row's key
    absl::Time began = absl::InfinitePast();  // to move, the last time
    absl::Time rests_until = absl::InfinitePast();
    absl::Duration rest = kFirstRest;         // the next one
    absl::Duration rest_at_most = kLastRest;  // what this move left behind waits no longer
  };
  const std::map<OutboxAddress, Address>& addresses() const { return addresses_; }

 private:
  std::map<OutboxKey, OutboxCopy>::iterator FirstOf(const OutboxAddress& name);
  OutboxCopy* Hold(Address& address, const OutboxKey& key, absl::Time now);
  // Lets go of one row whose copy has lain on the bus for some time.
  void MakeRoomForOne(const OutboxAddress& name, Address& address, absl::Time now);
  // Lets go of all that has a copy on the bus, or fails and fails.
  void MakeRoom(const OutboxAddress& name, Address& address);
  // Of those that are not under way.
  void LetGo(const OutboxAddress& name, Address& address,
             absl::FunctionRef<bool(const OutboxCopy&)> may_be_sent);
  void TakeIn(Transaction& committed, const OutboxAddress& name, Address& address, absl::Time now);
  void BeginAnew(const OutboxAddress& name, Address& address);
  // What the window has passed, or has no room for, is come to again so soon.
  static void BeginWithin(Address& address, absl::Duration rest);

  const Environment* environment_;
  const absl::Duration first_back_off_;
  std::map<OutboxKey, OutboxCopy> rows_;
  std::map<OutboxAddress, Address> addresses_;
};

}  // namespace exitbus::exchange
