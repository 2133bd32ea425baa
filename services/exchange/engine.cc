#include "services/exchange/engine.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/str_join.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "services/exchange/attempt.h"
#include "services/exchange/checkpoints.h"
#include "services/exchange/deadlines.h"
#include "services/exchange/housekeeping.h"
#include "services/exchange/incoming.h"
#include "services/exchange/keys.h"
#include "services/exchange/outgoing.h"
#include "services/exchange/pass.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/realign.h"
#include "services/exchange/settlement.h"
#include "services/exchange/unaddressed.h"
#include "services/exchange/vault.h"
#include "services/policy/flows.h"
#include "services/policy/log_view.h"
#include "services/policy/topics.h"
#include "services/policy/values.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;

constexpr char kNoSuchLetter[] = "letter.not_for_this_authority";
constexpr char kNoSuchFlow[] = "letter.not_from_this_kind";
// Of a newer version; or 6, which was investigation and is none.
constexpr char kNoSuchPurpose[] = "letter.purpose_unknown";
constexpr char kBadValue[] = "letter.bad_value";
constexpr std::size_t kDeadlinesPerTick = 100;
constexpr absl::Duration kUnreadableAgainAfter = absl::Hours(1);

Answer Unavailable(const absl::Status& why) {
  if (absl::IsResourceExhausted(why)) return {nullptr, DiskFull()};
  return {nullptr, RefusedBy("service.store_unavailable",
                             "Nothing was changed. Repeat with the same request_id.",
                             absl::StatusCode::kUnavailable)};
}

// Every authority's.
Service WithCommon(Service service) {
  service.aggregates.push_back(Checkpoints());
  service.aggregates.push_back(Acts());
  return service;
}

// The sender has checked the notification matrix; the recipient does not take its word for it.
bool MayCome(const v1::Body& body, const DirectoryEntry& sender, const DirectoryEntry& self,
             policy::v1::Exchange exchange) {
  const Message* kind = KindIn(body);
  return kind != nullptr &&
         policy::MayCome(*kind->GetDescriptor(),
                         static_cast<policy::v1::AuthorityKind>(sender.kind),
                         static_cast<policy::v1::AuthorityKind>(self.kind), exchange);
}

// Of a kind that only a newer version of this program knows.
bool IsOfNewerVersion(const v1::Body& body) {
  return KindIn(body) == nullptr && !body.GetReflection()->GetUnknownFields(body).empty();
}

}  // namespace

Engine::Engine(Context context, Service service)
    : context_(std::move(context)),
      damaged_(context_.crypto, context_.telemetry),
      service_(WithCommon(std::move(service))),
      changes_(&context_, &service_),
      refused_(&context_),
      watchers_(&context_, &changes_, &refused_),
      publisher_(&context_, [this] { OnOpen(); }),
      peer_keys_(&context_),
      peer_clocks_(&context_),
      announcer_(&context_),
      roll_(&context_),
      confirmation_(&context_, &service_),
      orders_(&service_, &confirmation_),
      receipts_(&context_),
      relay_(&context_, &service_),
      inbox_(&context_, &receipts_, &announcer_, &peer_keys_, &peer_clocks_) {
  context_.self_at_start = context_.directory->Find(context_.self);
  context_.peer_keys = &peer_keys_;
  context_.damaged = &damaged_;
  context_.confirmation = &confirmation_;
  context_.publisher = &publisher_;
  for (const Aggregate& aggregate : service_.aggregates) {
    for (const Method& method : aggregate.methods) methods_[method.name] = {&aggregate, &method};
  }
}

absl::Status Engine::Start() {
  if (absl::Status opens = context_.vault->CheckMasterKey(); !opens.ok()) return opens;
  if (absl::Status erased = FinishErasures(context_); !erased.ok()) return erased;
  if (absl::Status loaded = peer_keys_.Load(); !loaded.ok()) return loaded;
  if (absl::Status begun = BeginStanding(); !begun.ok()) return begun;
  if (absl::Status current = changes_.BringUpToDate(); !current.ok()) return current;
  if (absl::Status loaded = confirmation_.Load(); !loaded.ok()) return loaded;
  if (absl::Status loaded = relay_.Start(); !loaded.ok()) return loaded;
  MeasureStopped(context_);
  context_.bus->Start(this);
  // What an older version of this program parked because it did not know its kind.
  Pass pass(&context_, &changes_);
  Incoming(&context_, &pass.transaction(), &pass.effects(),
           [&](const LetterPlace& place, const v1::Body& body) {
             return ApplyLetter(pass, place, body);
           })
      .RetryAwaitingUpgrade();
  if (absl::Status taken_up = pass.Commit(Durability::kDurable); !taken_up.ok()) return taken_up;
  Perform(std::move(pass.effects()));
  context_.executor->PostAfter(kTickEvery, [this] { Tick(); });
  context_.executor->PostAfter(kHousekeepingEvery, [this] { KeepHouseHourly(); });
  return absl::OkStatus();
}

void Engine::SetSealingKeys(std::vector<SealingKey> keys) {
  const bool renewed =
      keys.front().pair.public_key != context_.secrets.sealing.front().pair.public_key;
  context_.secrets.sealing = std::move(keys);
  if (!renewed) return;
  announcer_.ToAll();
  announcer_.Flush();
}

recovery::v1::OrderResult Engine::TakeOrder(const recovery::v1::Order& order) {
  Pass pass(&context_, &changes_);
  recovery::v1::OrderResult result = orders_.CarryOut(pass, order);
  ShowStopped(pass, service_);
  if (const absl::Status committed = pass.Commit(Durability::kDurable); !committed.ok()) {
    result.Clear();
    result.set_text("store.commit_failed: " + std::string(committed.message()));
    return result;
  }
  Perform(std::move(pass.effects()));
  ReleaseHeld();
  return result;
}

absl::Status Engine::BeginStanding() {
  Pass pass(&context_, &changes_);
  AwaitAllDeadlines(pass, service_);
  for (const Aggregate& aggregate : service_.aggregates) {
    if (!aggregate.standing) continue;
    pass.ledger().Await(aggregate, aggregate.standing->id,
                        {aggregate.standing->deadline, context_.clock->Now()});
  }
  return pass.Commit(Durability::kDurable);
}

void Engine::Handle(Call call) {
  call.request->DiscardUnknownFields();  // of a newer contract: nobody here has judged them
  const auto self = context_.directory->Find(context_.self);
  if (auto refusal = refused_.TurnAway(call.caller)) {
    return call.done({nullptr, *std::move(refusal)});
  }
  if (auto refusal = RefuseAtTheDoor(call, self.get())) {
    refused_.Note(call.method, call.caller, *refusal);
    return call.done({nullptr, *std::move(refusal)});
  }
  const std::lock_guard<std::mutex> lock(queue_mutex_);
  if (queue_.size() >= context_.settings.queue_length_max) {
    return call.done({nullptr, RefusedBy("service.queue_full", "Repeat in a moment.",
                                         absl::StatusCode::kResourceExhausted)});
  }
  queue_.Push(std::move(call));
  RunCommandsSoon();
}

std::unique_ptr<WatchSession> Engine::Watch(WatchCall call) {
  return watchers_.Open(std::move(call));
}

struct Engine::Batch {
  explicit Batch(const Engine* engine) : pass(&engine->context_, &engine->changes_) {}

  Pass pass;
  std::vector<Call> calls;
  std::vector<Answer> answers;
};

void Engine::RunCommandsSoon() {
  if (queue_.empty() || std::exchange(run_is_posted_, true)) return;
  context_.executor->Post([this] { RunCommands(); });
}

std::optional<Call> Engine::NextCallFor(const Batch& batch) {
  const std::size_t rows = batch.pass.transaction().rows_touched();
  if (batch.calls.size() >= kBatchMax || rows >= kRowsMax) return std::nullopt;
  const std::lock_guard<std::mutex> lock(queue_mutex_);
  // The first one goes, whatever it costs.
  return queue_.Pop(batch.calls.empty() ? SIZE_MAX : kRowsMax - rows);
}

void Engine::RunCommands() {
  std::vector<Call> calls;
  {
    Batch batch(this);
    while (auto call = NextCallFor(batch)) {
      const std::size_t rows = batch.pass.transaction().rows_touched();
      CarryOutIn(batch, *std::move(call));
      const std::lock_guard<std::mutex> lock(queue_mutex_);
      queue_.Charge(batch.pass.transaction().rows_touched() - rows);
    }
    {
      const std::lock_guard<std::mutex> lock(queue_mutex_);
      run_is_posted_ = false;
      RunCommandsSoon();
    }
    if (batch.calls.empty() || Finish(batch).ok()) return;
    calls = std::move(batch.calls);
  }
  // One bad item must not take the others with it.
  for (Call& call : calls) {
    Batch alone(this);
    CarryOutIn(alone, std::move(call));
    const absl::Status done = Finish(alone);
    if (!done.ok()) alone.calls.front().done(Unavailable(done));
  }
}

void Engine::CarryOutIn(Batch& batch, Call call) {
  const auto bound = methods_.find(call.method);
  const std::size_t rows_before = batch.pass.effects().new_rows.size();
  batch.answers.push_back(bound == methods_.end() ? Answer{nullptr, NotServed()}
                                                  : CarryOut(batch.pass, bound->second, call));
  confirmation_.Mark(batch.answers.back(), batch.pass.effects().new_rows, rows_before);
  batch.calls.push_back(std::move(call));
}

absl::Status Engine::Finish(Batch& batch) {
  auto& [pass, calls, answers] = batch;
  if (const absl::Status committed = pass.Commit(Durability::kDurable); !committed.ok()) {
    context_.telemetry->Log(Severity::kError, "store.commit_failed",
                            {{"why", std::string(committed.message())}});
    return committed;
  }
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (Held(calls[i], answers[i])) continue;
    if (answers[i].reply == nullptr) {
      refused_.Note(calls[i].method, calls[i].caller, answers[i].refusal);
    }
    calls[i].done(std::move(answers[i]));
  }
  Perform(std::move(pass.effects()));
  return absl::OkStatus();
}

bool Engine::Held(Call& call, const Answer& answer) {
  if (answer.refusal.reason != kNotConfirmed || !confirmation_.MayStillCome() ||
      held_.size() >= context_.settings.queue_length_max) {
    return false;
  }
  held_.push_back(std::move(call));
  return true;
}

void Engine::ReleaseHeld() {
  if (held_.empty()) return;
  const std::lock_guard<std::mutex> lock(queue_mutex_);
  queue_.PutBack(std::exchange(held_, {}));
  RunCommandsSoon();
}

void Engine::OnCluster(const std::string& cluster_id) {
  bus_available_ = true;
  publisher_.OnCluster();
  if (cluster_id != cluster_id_) {
    context_.telemetry->Log(Severity::kInfo, "bus.cluster", {{"cluster", cluster_id}});
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
    context_.telemetry->Log(Severity::kWarning, "bus.unavailable",
                            {{"why", std::string(why.message())}});
  }
}

void Engine::OnCaughtUp(const std::string& topic) {
  inbox_.CaughtUp(topic);
  NoteUnread();
  if (!inbox_.IsCaughtUp()) return;
  caught_up_ = true;
  confirmation_.OnCaughtUp();
  ReleaseHeld();
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
  const Lane lane = Inbox::LaneOf(arrival.topic());
  arrivals_.Add(lane, std::move(arrival));
  RunRecordsSoon();
}

void Engine::RunRecordsSoon() {
  if (arrivals_.empty() || std::exchange(records_run_is_posted_, true)) return;
  context_.executor->Post([this] { RunRecords(); });
}

bool Engine::MustWait(const std::string& topic) const {
  if (!context_.disk_full) return false;
  const auto kind = static_cast<pv1::AuthorityKind>(context_.self_at_start->kind);
  return !topic.starts_with(policy::TopicPrefix(pv1::EXCHANGE_SECURITY, kind)) &&
         !topic.starts_with(policy::TopicPrefix(pv1::EXCHANGE_RECEIPT, kind));
}

void Engine::RunRecords() {
  records_run_is_posted_ = false;
  Arrival arrival = arrivals_.Next();
  if (MustWait(arrival.topic()) || !TakeSome(arrival).ok()) {
    context_.executor->PostAfter(kRetryAfter, [this, arrival = std::move(arrival)]() mutable {
      AddArrival(std::move(arrival));
    });
  } else if (arrival.done()) {
    arrival.more();
  } else {
    AddArrival(std::move(arrival));
  }
  RunRecordsSoon();
}

absl::Status Engine::TakeSome(Arrival& arrival) {
  Pass pass(&context_, &changes_);
  Incoming incoming(&context_, &pass.transaction(), &pass.effects(),
                    [&](const LetterPlace& place, const v1::Body& body) {
                      return ApplyLetter(pass, place, body);
                    });
  const std::size_t heard_before = confirmation_.heard();
  std::size_t taken = arrival.taken;
  do {
    inbox_.Take(pass, incoming, arrival.records[taken++]);
  } while (taken < arrival.records.size() && taken - arrival.taken < kBatchMax &&
           pass.transaction().rows_touched() < kRowsMax);
  inbox_.KeepPosition(pass, arrival.records[taken - 1]);
  ShowStopped(pass, service_);
  // Receipts come again, and with them what they did.
  const Durability durability =
      pass.transaction().MayBeRepeated() ? Durability::kMayBeRepeated : Durability::kDurable;
  if (const absl::Status committed = pass.Commit(durability); !committed.ok()) {
    context_.telemetry->Log(Severity::kError, "store.commit_failed",
                            {{"why", std::string(committed.message())}});
    return committed;
  }
  arrival.taken = taken;
  Perform(std::move(pass.effects()));
  if (confirmation_.heard() != heard_before) {
    relay_.Tick();  // what waited for the peer's word
    ReleaseHeld();
  }
  return absl::OkStatus();
}

LetterOutcome Engine::ApplyLetter(Pass& pass, LetterPlace place, const v1::Body& body) {
  peer_clocks_.Said(place.sender, FromProto(body.registered()));
  const auto sender = context_.directory->Find(place.sender);
  if (!sender) return {true, "", {}};  // it was parked, and its author has left meanwhile
  place.sender_kind = static_cast<policy::v1::AuthorityKind>(sender->kind);
  if (IsOfNewerVersion(body)) return {true, "", {kAwaitsUpgrade}};
  if (!MayCome(body, *sender, *pass.FactsFor().self, place.exchange)) {
    return RefuseLetter(body, kNoSuchFlow);
  }
  if (body.purpose() != policy::v1::PURPOSE_UNSPECIFIED &&
      !policy::v1::Purpose_IsValid(body.purpose())) {
    return RefuseLetter(body, kNoSuchPurpose);
  }
  if (const auto fault = policy::FaultIn(body)) {
    context_.telemetry->Log(Severity::kError, "letter.bad_value", {{"field", fault->path}});
    return RefuseLetter(body, kBadValue);
  }
  for (const Aggregate& aggregate : service_.aggregates) {
    const auto key = aggregate.letter_target(place, body);
    if (!key) continue;
    Attempt attempt(pass.transaction(), &pass.effects());
    auto loaded = pass.ledger().Find(aggregate, *key);
    if (!loaded) {
      loaded = pass.ledger().Load(aggregate, FreshUuid(*context_.random));
    }
    // It waits for a state that can be read again, whatever it says.
    if (!pass.transaction().status().ok()) return {true, "", {*key}};
    Decision decision = aggregate.decide_letter(*loaded->state, place, body, pass.FactsFor());
    if (decision.parked()) return {true, "", {*key}};
    if (!decision.accepted()) return RefuseLetter(body, decision.refusal()->reason);
    if (!decision.no_effect().empty()) {
      context_.telemetry->Count("letters.without_effect", {{"name", decision.no_effect()}});
    }
    auto keys = pass.Carry(aggregate, *loaded, std::move(decision));
    if (!pass.transaction().status().ok()) return {true, "", {*key}};
    if (!keys) return RefuseLetter(body, IdInUse().reason);
    attempt.Keep();
    return {false, "", *std::move(keys)};
  }
  return RefuseLetter(body, kNoSuchLetter);
}

LetterOutcome Engine::RefuseLetter(const v1::Body& body, std::string_view rule) {
  const Message* message = KindIn(body);
  context_.telemetry->Log(Severity::kError, "letter.refused",
                          {{"rule", std::string(rule)},
                           {"message", message == nullptr ? "none" : policy::ForLog(*message)}});
  return {false, std::string(rule), {}};
}

const Aggregate* Engine::AggregateNamed(std::string_view name) const {
  const auto found = std::find_if(service_.aggregates.begin(), service_.aggregates.end(),
                                  [&](const Aggregate& a) { return a.name == name; });
  return found == service_.aggregates.end() ? nullptr : &*found;
}

void Engine::RunDeadlines() {
  const absl::Time now = context_.clock->Now();
  const auto now_ms = static_cast<std::uint64_t>(absl::ToUnixMillis(now));
  Pass pass(&context_, &changes_);
  for (TimerKey& timer : DueTimers(pass.transaction(), now_ms, kDeadlinesPerTick)) {
    if (timer.aggregate == kCheckpointAggregate && !confirmation_.MayMakeCheckpoint()) continue;
    Attempt attempt(pass.transaction(), &pass.effects());
    pass.transaction().Erase(Table::kTimers, timer.Encode());
    RunDeadline(pass, timer);
    if (attempt.Keep()) continue;
    // Out of the others' way; what it is for may be readable again by then.
    pass.transaction().Erase(Table::kTimers, timer.Encode());
    timer.due_ms = static_cast<std::uint64_t>(absl::ToUnixMillis(now + kUnreadableAgainAfter));
    pass.transaction().Put(Table::kTimers, timer.Encode(), "");
  }
  awaits_ |= pass.effects().awaits;
  const std::uint64_t unaddressed = awaits_ ? SendAddressed(pass, service_) : 0;
  const std::uint64_t awaiting = awaits_ ? AwaitingUpgrade(pass.transaction()) : 0;
  context_.telemetry->Set("outbox.unaddressed", {}, static_cast<double>(unaddressed));
  context_.telemetry->Set("letters.awaiting_upgrade", {}, static_cast<double>(awaiting));
  if (const absl::Status committed = pass.Commit(Durability::kDurable); !committed.ok()) {
    context_.telemetry->Log(Severity::kError, "store.commit_failed",
                            {{"why", std::string(committed.message())}});
    return;  // it is still due in a second
  }
  awaits_ = unaddressed + awaiting > 0;
  Perform(std::move(pass.effects()));
}

void Engine::RunDeadline(Pass& pass, const TimerKey& timer) {
  const Aggregate* aggregate = AggregateNamed(timer.aggregate);
  if (aggregate == nullptr) return pass.transaction().Unreadable(Table::kTimers, timer.Encode());
  Loaded loaded = pass.ledger().Load(*aggregate, timer.id);
  if (!pass.transaction().status().ok()) return;
  const Facts facts = pass.FactsFor();
  const Decision decision = aggregate->decide_deadline(*loaded.state, timer.name, facts);
  if (decision.accepted()) pass.Carry(*aggregate, loaded, decision);
  if (!decision.events().empty()) return;
  // Looked at too early, by whatever clock: it falls due all the same.
  for (const Deadline& deadline : aggregate->deadlines(*loaded.state)) {
    if (deadline.name == timer.name && deadline.due > facts.now) {
      AwaitAll(pass.transaction(), *aggregate, loaded);
    }
  }
}

void Engine::Tick() {
  RunDeadlines();
  const std::set<std::string> returned = roll_.Returned();
  for (const std::string& peer : returned) announcer_.To(peer);
  if (!returned.empty()) {
    announcer_.Flush();
    relay_.OnReturn(returned);
    receipts_.Flush();
  }
  announcer_.Tick();
  confirmation_.Tick();
  ReleaseHeld();
  relay_.Tick();
  context_.executor->PostAfter(kTickEvery, [this] { Tick(); });
}

void Engine::Erase() {
  const absl::Status erased = FinishErasures(context_);
  context_.telemetry->Set("vault.keys_to_destroy", {}, erased.ok() ? 0 : 1);
  if (erased.ok()) return;
  // The marker stays, so it is tried again now and then, and before the service next serves.
  context_.telemetry->Log(Severity::kError, "vault.destroy_failed",
                          {{"why", std::string(erased.message())}});
  context_.telemetry->Count("vault.destroy_failures", {});
  if (std::exchange(erases_again_, true)) return;
  context_.executor->PostAfter(kEraseAgainAfter, [this] {
    erases_again_ = false;
    Erase();
  });
}

void Engine::KeepHouseHourly() {
  Erase();
  KeepHouse(context_, changes_);
  context_.executor->PostAfter(kHousekeepingEvery, [this] { KeepHouseHourly(); });
}

void Engine::Perform(Effects effects) {
  if (effects.erases) Erase();
  if (effects.accepted) confirmation_.Accept();
  awaits_ |= effects.awaits;
  for (const std::string& peer : effects.followed) confirmation_.Forgiven(peer);
  if (!effects.stopped_changed.empty()) MeasureStopped(context_);
  relay_.Receipted(effects.receipted_rows);
  relay_.Publish(effects.new_rows);
  for (auto& [peer, key] : effects.announced_keys) {
    if (peer_keys_.Learn(peer, std::move(key))) relay_.OnNewKey(peer);
  }
  for (const auto& [peer, record_id] : effects.failed_records) relay_.SendAgain(peer, record_id);
  announcer_.Flush();
  receipts_.Due(effects.receipts_due);
  receipts_.Flush();
  watchers_.Wake(effects.changed_streams);
}

}  // namespace exitbus::exchange
