#include "services/exchange/engine.h"

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/str_join.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "services/exchange/checkpoints.h"
#include "services/exchange/deadlines.h"
#include "services/exchange/decide_letter.h"
#include "services/exchange/housekeeping.h"
#include "services/exchange/incoming.h"
#include "services/exchange/newer_version.h"
#include "services/exchange/orders.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/realign.h"
#include "services/exchange/settlement.h"
#include "services/exchange/standing.h"
#include "services/exchange/unaddressed.h"
#include "services/exchange/unit_of_work.h"
#include "services/exchange/vault.h"
#include "services/policy/topics.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;

// Every authority's.
Service WithCommon(Service service) {
  service.aggregates.push_back(Checkpoints());
  service.aggregates.push_back(Acts());
  return service;
}

}  // namespace

Engine::Engine(Environment environment, Service service)
    : environment_(std::move(environment)),
      damaged_(environment_.crypto, environment_.telemetry),
      service_(WithCommon(std::move(service))),
      changes_(&environment_, &service_),
      standstills_(environment_.wall_clock),
      refused_(&environment_),
      watchers_(&environment_, &changes_, &refused_),
      publisher_(&environment_, [this] { OnOpen(); }),
      peer_keys_(&environment_),
      peer_clocks_(&environment_),
      announcer_(&environment_),
      returning_members_(&environment_),
      confirmation_(&environment_, &service_),
      receipts_(&environment_),
      relay_(&environment_, &service_),
      inbox_(&environment_, &receipts_, &announcer_, &peer_keys_, &peer_clocks_),
      commands_(&environment_, &service_, &changes_, &refused_,
                [this](PostCommitActions actions) { Perform(std::move(actions)); }),
      trace_beat_(&environment_, [this](operations::v1::Standing& standing) {
        TellStanding(environment_, service_, relay_.window(), bus_available_, standing);
      }) {
  environment_.self_at_start = environment_.directory->Find(environment_.self);
  environment_.peer_keys = &peer_keys_;
  environment_.damaged = &damaged_;
  environment_.confirmation = &confirmation_;
  environment_.publisher = &publisher_;
  environment_.standstills = &standstills_;
  environment_.service = &service_;
}

absl::Status Engine::Start() {
  if (absl::Status opens = environment_.vault->CheckMasterKey(); !opens.ok()) return opens;
  if (absl::Status erased = FinishErasures(environment_); !erased.ok()) return erased;
  if (absl::Status loaded = peer_keys_.Load(); !loaded.ok()) return loaded;
  if (absl::Status begun = BeginSingletons(); !begun.ok()) return begun;
  if (absl::Status current = changes_.BringUpToDate(); !current.ok()) return current;
  if (absl::Status loaded = confirmation_.Load(); !loaded.ok()) return loaded;
  FollowActs();
  if (absl::Status loaded = relay_.Start(); !loaded.ok()) return loaded;
  MeasureStopped(environment_);
  environment_.bus->Start(this);
  // What an older version of this program parked because it did not know its kind; and what has
  // come just before the last end for what waited for it.
  UnitOfWork work(&environment_, &changes_);
  IncomingIn(work).RetryAll();
  ShowStopped(work, service_);
  if (absl::Status taken_up = work.Commit(Durability::kDurable); !taken_up.ok()) return taken_up;
  Perform(std::move(work.actions()));
  environment_.executor->PostAfter(kTickEvery, [this] { Tick(); });
  environment_.executor->PostAfter(kHousekeepingEvery, [this] { KeepHouseHourly(); });
  trace_beat_.Start();
  return absl::OkStatus();
}

void Engine::SetSealingKeys(std::vector<SealingKey> keys) {
  const bool renewed =
      keys.front().pair.public_key != environment_.secrets.sealing.front().pair.public_key;
  environment_.secrets.sealing = std::move(keys);
  if (!renewed) return;
  announcer_.ToAll();
  announcer_.Flush();
}

absl::Status Engine::BeginSingletons() {
  UnitOfWork work(&environment_, &changes_);
  WriteWhatFollows(work, service_);
  for (const Aggregate& aggregate : service_.aggregates) {
    if (!aggregate.singleton) continue;
    work.event_store().Await(aggregate, aggregate.singleton->id,
                             {aggregate.singleton->deadline, environment_.clock->Now()});
  }
  return work.Commit(Durability::kDurable);
}

std::unique_ptr<WatchSession> Engine::Watch(WatchCall call) {
  return watchers_.Open(std::move(call));
}

void Engine::OnCluster(const std::string& cluster_id) {
  bus_available_ = true;
  publisher_.OnCluster();
  if (cluster_id != cluster_id_) {
    environment_.telemetry->Log(Severity::kInfo, "bus.cluster", {{"cluster", cluster_id}});
    cluster_id_ = cluster_id;
    inbox_.Assign(cluster_id);
    NoteUnread();
    announcer_.ToAll();
  }
  announcer_.Flush();
  confirmation_.OnCluster();
  relay_.OnCluster(cluster_id);
  receipts_.Flush();
}

void Engine::OnOpen() {
  // There may be nothing else to send, by which it would be seen that the clock is right again.
  if (publisher_.clock_is_refused()) announcer_.ToAll();
  announcer_.Flush();
  relay_.OnOpen();
  receipts_.Flush();
}

void Engine::OnUnavailable(const absl::Status& why) {
  publisher_.OnUnavailable();
  if (bus_available_.exchange(false) || cluster_id_.empty()) {
    environment_.telemetry->Log(Severity::kWarning, "bus.unavailable",
                                {{"why", std::string(why.message())}});
  }
}

void Engine::OnCaughtUp(const std::string& topic) {
  inbox_.CaughtUp(topic);
  NoteUnread();
  if (!inbox_.IsCaughtUp()) return;
  caught_up_ = environment_.caught_up = true;
  confirmation_.OnCaughtUp();
  commands_.ReleaseWaiting();
}

void Engine::NoteUnread() {
  const std::lock_guard<std::mutex> lock(unread_mutex_);
  unread_ = absl::StrJoin(inbox_.unread(), " ");
}

std::string Engine::unread() const {
  const std::lock_guard<std::mutex> lock(unread_mutex_);
  return unread_;
}

void Engine::OnRecords(std::vector<BusRecord> records, absl::AnyInvocable<void()> more) {
  records = inbox_.Verified(std::move(records));
  if (records.empty()) return more();
  AddArrival({std::move(records), 0, std::move(more)});
}

void Engine::AddArrival(Arrival arrival) {
  const Priority priority = Inbox::PriorityOf(arrival.topic());
  arrivals_.Add(priority, std::move(arrival));
  RunRecordsSoon();
}

void Engine::RunRecordsSoon() {
  if (arrivals_.empty() || std::exchange(records_run_is_posted_, true)) return;
  environment_.executor->Post([this] { RunRecords(); });
}

bool Engine::MustWait(const std::string& topic) const {
  if (!environment_.disk_full) return false;
  const auto kind = environment_.self_at_start->kind;
  return !topic.starts_with(policy::TopicPrefix(pv1::CHANNEL_SECURITY, kind)) &&
         !topic.starts_with(policy::TopicPrefix(pv1::CHANNEL_RECEIPT, kind));
}

void Engine::RunRecords() {
  records_run_is_posted_ = false;
  Arrival arrival = arrivals_.Next();
  if (MustWait(arrival.topic()) || !TakeSome(arrival).ok()) {
    environment_.executor->PostAfter(kRetryAfter, [this, arrival = std::move(arrival)]() mutable {
      AddArrival(std::move(arrival));
    });
  } else if (arrival.done()) {
    arrival.more();
  } else {
    AddArrival(std::move(arrival));
  }
  RunRecordsSoon();
}

Incoming Engine::IncomingIn(UnitOfWork& work) {
  return Incoming(work, [this, &work](const LetterPlace& place, const v1::Body& body) {
    peer_clocks_.Said(place.sender, FromProto(body.registered()));
    return DecideLetter(work, service_, place, body);
  });
}

absl::Status Engine::TakeSome(Arrival& arrival) {
  UnitOfWork work(&environment_, &changes_);
  Incoming incoming = IncomingIn(work);
  const std::size_t heard_before = confirmation_.heard();
  std::size_t taken = arrival.taken;
  do {
    inbox_.Take(work, incoming, arrival.records[taken++]);
    // What was said of this store counts once it is committed, and the next page goes on from it.
  } while (taken < arrival.records.size() && taken - arrival.taken < Commands::kBatchMax &&
           work.transaction().rows_touched() < Commands::kRowsMax && work.actions().learnt.empty());
  inbox_.KeepPosition(work, arrival.records[taken - 1]);
  ShowStopped(work, service_);
  // Receipts come again, and with them what they did.
  const Durability durability =
      work.transaction().MayBeRepeated() ? Durability::kMayBeRepeated : Durability::kDurable;
  if (absl::Status failed = work.Commit(durability); !failed.ok()) return failed;
  arrival.taken = taken;
  Perform(std::move(work.actions()));
  if (confirmation_.heard() != heard_before) {
    relay_.Tick();  // what waited for the peer's word
    commands_.ReleaseWaiting();
  }
  return absl::OkStatus();
}

void Engine::RunDeadlines() {
  UnitOfWork work(&environment_, &changes_);
  DecideDue(work, service_, confirmation_.MayMakeCheckpoint());
  awaits_ |= work.actions().awaits;
  const std::uint64_t unaddressed = awaits_ ? SendAddressed(work, service_) : 0;
  const std::uint64_t awaiting = awaits_ ? AwaitingUpgrade(work.transaction()) : 0;
  environment_.telemetry->Set("outbox.unaddressed", {}, static_cast<double>(unaddressed));
  environment_.telemetry->Set("letters.awaiting_upgrade", {}, static_cast<double>(awaiting));
  MeasureParked(environment_, work.transaction());
  if (!work.Commit(Durability::kDurable).ok()) return;  // it is still due in a second
  awaits_ = unaddressed + awaiting > 0;
  Perform(std::move(work.actions()));
}

// A decision of its own, which takes no call or letter with it where it fails; then it is tried
// again in a second, as when the disk is not full any more.
void Engine::RetryWaiting() {
  if (changed_.empty() || environment_.disk_full) return;
  UnitOfWork work(&environment_, &changes_);
  IncomingIn(work).RetryWaitingFor(changed_);
  ShowStopped(work, service_);
  if (!work.Commit(Durability::kDurable).ok()) return;
  changed_.clear();
  Perform(std::move(work.actions()));
}

void Engine::Tick() {
  RunDeadlines();
  RetryWaiting();
  const std::set<std::string> returned = returning_members_.Returned();
  for (const std::string& peer : returned) announcer_.To(peer);
  if (!returned.empty()) {
    announcer_.Flush();
    relay_.OnReturn(returned);
    receipts_.Flush();
  }
  announcer_.Tick();
  confirmation_.Tick();
  commands_.ReleaseWaiting();
  relay_.Tick();
  environment_.executor->PostAfter(kTickEvery, [this] { Tick(); });
}

void Engine::Erase() {
  const absl::Status erased = FinishErasures(environment_);
  environment_.telemetry->Set("vault.keys_to_destroy", {}, erased.ok() ? 0 : 1);
  if (erased.ok()) return;
  // The marker stays, so it is tried again now and then, and before the service next serves.
  environment_.telemetry->Log(Severity::kError, "vault.destroy_failed",
                              {{"why", std::string(erased.message())}});
  environment_.telemetry->Count("vault.destroy_failures", {});
  if (std::exchange(erases_again_, true)) return;
  environment_.executor->PostAfter(kEraseAgainAfter, [this] {
    erases_again_ = false;
    Erase();
  });
}

void Engine::KeepHouseHourly() {
  Erase();
  KeepHouse(environment_, changes_);
  environment_.executor->PostAfter(kHousekeepingEvery, [this] { KeepHouseHourly(); });
}

void Engine::Perform(PostCommitActions actions) {
  if (actions.erases) Erase();
  if (actions.accepted) confirmation_.Accept();
  if (actions.ordered) FollowActs();
  for (auto& learn : actions.learnt) learn();
  awaits_ |= actions.awaits;
  for (const std::string& peer : actions.followed) confirmation_.Forgiven(peer);
  if (!actions.stopped_changed.empty()) MeasureStopped(environment_);
  relay_.Receipted(actions.receipted_rows);
  relay_.Publish(actions.new_rows);
  for (auto& [peer, key] : actions.announced_keys) {
    if (peer_keys_.Learn(peer, std::move(key))) relay_.OnNewKey(peer);
  }
  for (const auto& [peer, ids] : actions.failed_records) relay_.SendAgain(peer, ids);
  relay_.Retry(actions.retried);
  announcer_.Flush();
  receipts_.Due(actions.receipts_due);
  receipts_.Flush();
  watchers_.Wake(actions.changed_streams);
  if (changed_.empty() && !actions.changed.empty()) {
    environment_.executor->Post([this] { RetryWaiting(); });
  }
  changed_.merge(actions.changed);
}

}  // namespace exitbus::exchange
