#include "services/exchange/watchers.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <utility>

#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/watch/v1/watch.pb.h"
#include "services/exchange/admission.h"
#include "services/exchange/answers.h"
#include "services/exchange/attempt.h"
#include "services/exchange/damaged_rows.h"
#include "services/exchange/environment.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/fault.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/refused_calls.h"
#include "services/exchange/unit_of_work.h"

namespace exitbus::exchange {
namespace {

namespace wv1 = watch::v1;
using google::protobuf::Message;

// A round's messages, in all and to one watch.
constexpr std::size_t kRoundMax = 32;
constexpr std::size_t kToOneMax = 8;

// A submessage of a watch's request, if that is what it says.
template <class Part>
const Part* PartOf(const Message& request, const char* field) {
  const auto* descriptor = request.GetDescriptor()->FindFieldByName(field);
  const auto* reflection = request.GetReflection();
  if (descriptor == nullptr) ProgramFault("a watch's request lacks a field", field);
  if (!reflection->HasField(request, descriptor)) return nullptr;
  return google::protobuf::DynamicCastToGenerated<Part>(
      &reflection->GetMessage(request, descriptor));
}

}  // namespace

struct Watchers::Watch {
  WatchCall call;
  WatchedAs as;
  bool begun = false;
  WatchProgress progress;
  // Tokens of what was delivered, the oldest first; those before `acknowledged` are.
  std::deque<std::string> delivered;
  std::size_t acknowledged = 0;

  void AcknowledgeThrough(std::size_t count) {
    acknowledged = std::max(acknowledged, count);
    // Some are kept, so that repeating an acknowledgement is harmless.
    while (acknowledged > kUnacknowledgedMax) {
      delivered.pop_front();
      --acknowledged;
    }
  }
  std::size_t Room() const { return kUnacknowledgedMax - (delivered.size() - acknowledged); }
};

struct Watchers::Round {
  std::uint64_t id = 0;
  WatchMessages message;
};

class Watchers::Session : public WatchSession {
 public:
  Session(Watchers* watchers, std::uint64_t id) : watchers_(watchers), id_(id) {}
  ~Session() override {
    watchers_->environment_->executor->Post(
        [watchers = watchers_, id = id_] { watchers->watches_.erase(id); });
  }

  void Receive(std::unique_ptr<Message> message, absl::AnyInvocable<void()> more) override {
    watchers_->environment_->executor->Post([watchers = watchers_, id = id_,
                                             message = std::move(message),
                                             more = std::move(more)]() mutable {
      watchers->Receive(id, *message);
      more();
    });
  }

  void Drained() override {
    watchers_->environment_->executor->Post(
        [watchers = watchers_, id = id_] { watchers->Drained(id); });
  }

 private:
  Watchers* const watchers_;
  const std::uint64_t id_;
};

Watchers::Watchers(const Environment* environment, const ChangeIndex* changes,
                   RefusedCalls* refused)
    : environment_(environment), changes_(changes), refused_(refused) {}

Watchers::~Watchers() = default;

std::unique_ptr<WatchSession> Watchers::Open(WatchCall call) {
  const auto self = environment_->directory->Find(environment_->self);
  if (auto refusal = refused_->TurnAway(call.caller)) {
    call.sink->End(*std::move(refusal));
    return nullptr;
  }
  auto refusal = RefuseCaller(call.method, call.caller, self.get(), environment_->settings.laws);
  if (!refusal && changes_->Find(call.method) == nullptr) refusal = NotServed();
  if (refusal) {
    refused_->Note(call.method, call.caller, *refusal);
    call.sink->End(*std::move(refusal));
    return nullptr;
  }
  const std::uint64_t id = ++last_id_;
  environment_->executor->Post(
      [this, id, call = std::move(call)]() mutable { Add(id, std::move(call)); });
  return std::make_unique<Session>(this, id);
}

void Watchers::Add(std::uint64_t id, WatchCall call) {
  if (auto refusal = RefuseOneMore(call.caller)) return call.sink->End(*std::move(refusal));
  // One that never begins would take another's place.
  environment_->executor->PostAfter(kBeginWithin, [this, id] {
    const auto found = watches_.find(id);
    if (found == watches_.end() || found->second.begun) return;
    End(id, RefusedBy("watch.not_begun", "Send `begin` within 10 seconds of opening the stream.",
                      absl::StatusCode::kDeadlineExceeded));
  });
  Watch& watch = watches_[id];
  watch.as.list = changes_->Find(call.method);
  watch.as.reader = ReaderOf(UnitOfWork(environment_, changes_).DecisionContextFor(call.caller));
  watch.as.stream = ChangeIndex::StreamOf(*watch.as.list, watch.as.reader);
  watch.call = std::move(call);
}

std::optional<Refusal> Watchers::RefuseOneMore(const Caller& caller) const {
  const auto refuse = [](std::string_view remedy) {
    return RefusedBy("watch.too_many", remedy, absl::StatusCode::kResourceExhausted);
  };
  if (watches_.size() >= kWatchesMax) {
    return refuse("This authority has 128 watches under way. End those that nobody reads.");
  }
  const auto of_this_system = std::count_if(
      watches_.begin(), watches_.end(),
      [&](const auto& watch) { return watch.second.call.caller.system == caller.system; });
  if (static_cast<std::size_t>(of_this_system) >= kWatchesOfOneSystemMax) {
    return refuse(
        "Your system has 32 watches under way, which is its share. Let its parts share some, or "
        "end those that nobody reads.");
  }
  return std::nullopt;
}

void Watchers::Receive(std::uint64_t id, const Message& message) {
  const auto found = watches_.find(id);
  if (found == watches_.end()) return;  // it has ended meanwhile
  std::optional<Refusal> refusal = RefuseValues(message);
  if (refusal) return End(id, *std::move(refusal));
  if (const auto* begin = PartOf<wv1::Begin>(message, "begin")) {
    refusal = Begin(found->second, begin->token());
  } else if (const auto* acknowledge = PartOf<wv1::Acknowledge>(message, "acknowledge")) {
    refusal = Acknowledge(found->second, acknowledge->token());
  } else {
    refusal = BadInput("watch.begin_first", "Send `begin`, then `acknowledge` what you get.");
  }
  if (refusal) return End(id, *std::move(refusal));
  RunSoon();
}

std::optional<Refusal> Watchers::Begin(Watch& watch, const std::string& token) {
  if (watch.begun) {
    return BadInput("watch.begun_already", "A stream begins once. Open another to begin anew.");
  }
  watch.begun = true;
  UnitOfWork work(environment_, changes_);
  const auto extent = ChangeIndex::ExtentOf(work.transaction(), watch.as.stream);
  if (!token.empty()) {
    const auto position =
        OpenPosition(*environment_, {watch.as.stream.Encode(), watch.call.caller.function}, token);
    if (!position) {
      return BadInput("watch.bad_token",
                      "Begin with a token this same method gave to the same function, or with "
                      "none to get a snapshot.");
    }
    const std::uint64_t knows = std::max(position->sequence, position->snapshot_at);
    if (knows <= extent.last && knows >= extent.forgotten_through &&
        HadHead(work.transaction(), *environment_->crypto, position->journal)) {
      watch.progress.position = *position;
      return std::nullopt;
    }
  }
  if (absl::IsDataLoss(work.transaction().status())) return Unreadable();
  if (!work.transaction().status().ok()) {
    return RefusedBy("service.store_unavailable", "Begin again in a moment, with the same token.",
                     absl::StatusCode::kUnavailable);
  }
  watch.progress.position.snapshot_at = extent.last;
  watch.progress.begins_snapshot = true;
  return std::nullopt;
}

std::optional<Refusal> Watchers::Acknowledge(Watch& watch, const std::string& token) {
  if (!watch.begun) return BadInput("watch.begin_first", "Send `begin` before anything else.");
  const auto found = std::find(watch.delivered.begin(), watch.delivered.end(), token);
  if (found == watch.delivered.end()) {
    return BadInput("watch.unknown_acknowledgement",
                    "Acknowledge tokens of messages that came on this stream.");
  }
  watch.AcknowledgeThrough(found - watch.delivered.begin() + 1);
  return std::nullopt;
}

void Watchers::Drained(std::uint64_t id) {
  const auto found = watches_.find(id);
  if (found == watches_.end()) return;  // it has ended meanwhile
  Watch& watch = found->second;
  if (!watch.begun) return End(id, BadInput("watch.begin_first", "Send `begin`, then close."));
  watch.AcknowledgeThrough(watch.delivered.size());
  if (!watch.progress.caught_up) return RunSoon();
  watches_.extract(found).mapped().call.sink->Complete();
}

void Watchers::End(std::uint64_t id, Refusal why) {
  const auto watch = watches_.extract(id);
  refused_->Note(watch.mapped().call.method, watch.mapped().call.caller, why);
  watch.mapped().call.sink->End(std::move(why));
}

void Watchers::Wake(const std::set<StreamName>& streams) {
  if (streams.empty()) return;
  for (auto& [id, watch] : watches_) {
    if (streams.contains(watch.as.stream)) watch.progress.behind = true;
  }
  RunSoon();
}

void Watchers::RunSoon() {
  if (run_is_posted_ || Ready().empty()) return;
  run_is_posted_ = true;
  environment_->executor->Post([this] { Run(); });
}

std::vector<std::uint64_t> Watchers::Ready() const {
  std::vector<std::uint64_t> ready;
  for (const auto& [id, watch] : watches_) {
    if (watch.begun && watch.progress.behind && watch.Room() > 0) ready.push_back(id);
  }
  // After the one that had its turn last, round again to it.
  std::rotate(ready.begin(), std::upper_bound(ready.begin(), ready.end(), served_last_),
              ready.end());
  return ready;
}

void Watchers::Run() {
  run_is_posted_ = false;
  UnitOfWork work(environment_, changes_);
  const auto self = environment_->directory->Find(environment_->self);
  std::vector<Round> rounds;
  std::size_t left = kRoundMax;
  for (const std::uint64_t id : Ready()) {
    if (left == 0) break;
    const Watch& watch = watches_.at(id);
    if (auto refusal = RefuseCaller(watch.call.method, watch.call.caller, self.get(),
                                    environment_->settings.laws)) {
      End(id, *std::move(refusal));
      continue;
    }
    Attempt attempt(work);
    WatchMessages message = NextMessages(work, watch.call, watch.as, watch.progress,
                                         std::min({left, kToOneMax, watch.Room()}));
    if (!attempt.Keep()) {
      End(id, Unreadable());
      continue;
    }
    left -= message.messages.size();
    served_last_ = id;
    rounds.push_back({id, std::move(message)});
  }
  if (!work.Commit(Durability::kDurable).ok()) {
    run_is_posted_ = true;
    environment_->executor->PostAfter(kRetryAfter, [this] { Run(); });
    return;
  }
  for (Round& round : rounds) Deliver(std::move(round));
  RunSoon();
}

void Watchers::Deliver(Round round) {
  Watch& watch = watches_.at(round.id);
  auto& [progress, messages, tokens] = round.message;
  watch.progress = progress;
  watch.delivered.insert(watch.delivered.end(), tokens.begin(), tokens.end());
  for (auto& message : messages) watch.call.sink->Deliver(std::move(message));
}

}  // namespace exitbus::exchange
