// The engine every authority runs on: commands, letters and deadlines in, one durable transaction,
// then answers, letters and receipts out. One logical thread decides; nothing is visible before it
// is committed.
//
// Thread safety: Handle, Watch, bus_available, store_readable, caught_up and unread may be called
// from any thread; everything else happens on the executor's.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "services/exchange/aggregate.h"
#include "services/exchange/announcer.h"
#include "services/exchange/arrivals.h"
#include "services/exchange/change_index.h"
#include "services/exchange/commands.h"
#include "services/exchange/confirmation.h"
#include "services/exchange/core.h"
#include "services/exchange/damaged_rows.h"
#include "services/exchange/environment.h"
#include "services/exchange/inbox.h"
#include "services/exchange/membership.h"
#include "services/exchange/peer_clocks.h"
#include "services/exchange/peer_keys.h"
#include "services/exchange/ports/api.h"
#include "services/exchange/ports/bus.h"
#include "services/exchange/publisher.h"
#include "services/exchange/receipts.h"
#include "services/exchange/refused_calls.h"
#include "services/exchange/relay.h"
#include "services/exchange/standstills.h"
#include "services/exchange/trace_beat.h"
#include "services/exchange/watchers.h"

namespace exitbus::exchange {

class Incoming;
class UnitOfWork;

class Engine : public Core, public BusListener {
 public:
  static constexpr absl::Duration kTickEvery = absl::Seconds(1);
  static constexpr absl::Duration kRetryAfter = absl::Seconds(1);
  static constexpr absl::Duration kEraseAgainAfter = absl::Seconds(10);

  Engine(Environment environment, Service service);

  // Finishes erasures, brings the index of changes up to date, loads the outbox, starts the bus and
  // the ticks. On the executor's thread, before the API serves. An error means: do not serve.
  absl::Status Start() override;

  // The sealing keys that are there from now on, newest first and at least one; a new one is
  // announced. On the executor's thread.
  void SetSealingKeys(std::vector<SealingKey> keys) override;

  // The store's disk is full, or no more: until then changes are refused and letters wait, but for
  // what protects people; reads go on. On the executor's thread.
  void SetDiskFull(bool full) override { environment_.disk_full = full; }
  // Carries out an operator's order. On the executor's thread.
  recovery::v1::OrderResult TakeOrder(const recovery::v1::Order& order) override;

  void Handle(Call call) override { commands_.Handle(std::move(call)); }
  std::unique_ptr<WatchSession> Watch(WatchCall call) override;
  bool bus_available() const override { return bus_available_; }
  // Whether no row of the store was met that cannot be read.
  bool store_readable() const { return !damaged_.any(); }
  bool store_is_good() const override { return store_readable() && !behind(); }

  // Whether all that was in our topics when the bus first answered has been applied. Until then
  // somebody may have ordered a case erased that we would still show. True once, it stays so.
  bool caught_up() const override { return caught_up_; }
  // Whether others hold more of this authority than its store does. On the executor's thread.
  bool behind() const { return confirmation_.behind(); }
  // The topics that have not been read to where they ended then, for the log; "all" before the
  // bus first answered.
  std::string unread() const override;

  void OnCluster(const std::string& cluster_id) override;
  void OnUnavailable(const absl::Status& why) override;
  void OnRecords(std::vector<BusRecord> records, absl::AnyInvocable<void()> more) override;
  void OnCaughtUp(const std::string& topic) override;

 private:
  void FollowActs();
  // What is there by itself begins.
  absl::Status BeginSingletons();
  void AddArrival(Arrival arrival);
  void RunRecordsSoon();
  void RunRecords();
  // What takes letters within the unit of work.
  Incoming IncomingIn(UnitOfWork& work);
  // Applies those whose turn it is, as many as one unit of work takes. An error: none of them.
  absl::Status TakeSome(Arrival& arrival);
  void NoteUnread();
  // The way out is open again, after the broker had refused our clock.
  void OnOpen();
  // Whether letters of this topic wait where they are until the disk has room.
  bool MustWait(const std::string& topic) const;
  void RunDeadlines();
  // Letters that wait for what has changed otherwise than by letters.
  void RetryWaiting();
  void Tick();
  void KeepHouseHourly();
  // Destroys the keys of scopes whose erasure is committed; what could not be is tried again soon.
  void Erase();

  // After the commit: what it leaves to be done.
  void Perform(PostCommitActions actions);

  Environment environment_;
  DamagedRows damaged_;
  Service service_;
  ChangeIndex changes_;
  Standstills standstills_;
  RefusedCalls refused_;
  Watchers watchers_;
  Publisher publisher_;
  PeerKeys peer_keys_;
  PeerClocks peer_clocks_;
  Announcer announcer_;
  ReturningMembers returning_members_;
  Confirmation confirmation_;
  ReceiptSender receipts_;
  Relay relay_;
  Inbox inbox_;
  Commands commands_;
  TraceBeat trace_beat_;
  std::string cluster_id_;
  bool erases_again_ = false;  // is posted
  // Whether something may wait for its recipient to be listed, or for an upgrade. It is looked for
  // each second then, and not where nothing waits, as is usual.
  bool awaits_ = true;
  std::set<std::string> changed_;  // index keys of states for which a letter may wait
  Arrivals arrivals_;
  bool records_run_is_posted_ = false;
  std::atomic<bool> bus_available_ = false;
  std::atomic<bool> caught_up_ = false;

  mutable std::mutex unread_mutex_;
  std::string unread_ = "all";  // guarded by unread_mutex_
};

}  // namespace exitbus::exchange
