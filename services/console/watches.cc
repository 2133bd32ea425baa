#include "services/console/watches.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "exitbus/operations/v1/operations_service.pb.h"
#include "services/console/board.h"
#include "services/console/channels.h"
#include "services/console/reports.h"
#include "services/exchange/decision.h"
#include "services/exchange/framed.h"
#include "services/exchange/hex.h"
#include "services/exchange/ports/crypto.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/proto_time.h"

namespace exitbus::console {
namespace {

namespace ov1 = operations::v1;
namespace wv1 = watch::v1;
using exchange::Refusal;
using google::protobuf::Message;

enum class Step { kNotBegun, kSnapshot, kCaughtUp, kFollowing };

Refusal TooMany() {
  return exchange::RefusedBy("watch.too_many",
                             "Too many watches are open: end one, or wait for others to end.",
                             absl::StatusCode::kResourceExhausted);
}

}  // namespace

struct Watches::Watch {
  exchange::WatchCall call;
  bool hops = false;
  Viewer viewer;
  absl::Time opened;
  Step step = Step::kNotBegun;
  std::uint64_t told = 0;                  // the board's number, or the number after the last hop
  std::deque<std::string> unacknowledged;  // tokens
  std::string acknowledged;                // the last of them
  bool half_closed = false;
  bool over = false;
};

namespace {

// Whose a token is.
template <class Watch>
std::string BoundTo(const Watch& watch) {
  return exchange::Framed("exitbus.console-watch.v1", {watch.call.method, watch.viewer.authority});
}

}  // namespace

// What the client's side holds; the watch goes on until it lets go.
class Watches::Session final : public exchange::WatchSession {
 public:
  Session(Watches* watches, WatchRef watch) : watches_(watches), watch_(std::move(watch)) {}
  ~Session() override {
    watches_->executor_->Post([watch = watch_] { watch->over = true; });
  }

  void Receive(std::unique_ptr<Message> message, absl::AnyInvocable<void()> more) override {
    watches_->executor_->Post([watches = watches_, watch = watch_, message = std::move(message),
                               more = std::move(more)]() mutable {
      if (!watch->over) watches->Receive(*watch, *message);
      more();
    });
  }

  void Drained() override {
    watches_->executor_->Post([watch = watch_] {
      watch->half_closed = true;
      watch->unacknowledged.clear();
    });
  }

 private:
  Watches* const watches_;
  const WatchRef watch_;
};

Watches::Watches(Sealing sealing, const Board* board, const Reports* reports,
                 exchange::Executor* executor, Admit admit)
    : sealing_(std::move(sealing)),
      board_(board),
      reports_(reports),
      executor_(executor),
      admit_(std::move(admit)) {}

Watches::~Watches() = default;

std::unique_ptr<exchange::WatchSession> Watches::Open(exchange::WatchCall call) {
  auto watch = std::make_shared<Watch>();
  watch->hops = absl::EndsWith(call.method, ".WatchHops");
  watch->call = std::move(call);
  executor_->Post([this, watch] { Add(watch); });
  return std::make_unique<Session>(this, std::move(watch));
}

void Watches::Add(const WatchRef& watch) {
  if (watch->over) return;
  const exchange::Caller& caller = watch->call.caller;
  const auto of_system = std::count_if(
      watches_.begin(), watches_.end(),
      [&](const WatchRef& other) { return other->call.caller.system == caller.system; });
  if (watches_.size() >= kWatchesMax ||
      of_system >= static_cast<std::ptrdiff_t>(kWatchesOfOneSystemMax)) {
    return End(*watch, TooMany());
  }
  auto viewer = admit_(caller, watch->hops ? "WatchHops" : "WatchOverview");
  if (auto* refusal = std::get_if<Refusal>(&viewer)) return End(*watch, std::move(*refusal));
  watch->viewer = std::get<Viewer>(std::move(viewer));
  watch->opened = now_;
  watches_.push_back(watch);
}

void Watches::End(Watch& watch, Refusal why) {
  watch.over = true;
  watch.call.sink->End(std::move(why));
}

template <class Request>
void WithRequest(const Message& message, auto begin, auto acknowledge) {
  const auto& request = static_cast<const Request&>(message);
  if (request.has_begin()) return begin(request.begin().token());
  acknowledge(request.acknowledge().token());
}

void Watches::Receive(Watch& watch, const Message& message) {
  const auto begin = [&](const std::string& token) { Begin(watch, token); };
  const auto acknowledge = [&](const std::string& token) { Acknowledge(watch, token); };
  if (watch.hops) {
    WithRequest<ov1::WatchHopsRequest>(message, begin, acknowledge);
  } else {
    WithRequest<ov1::WatchOverviewRequest>(message, begin, acknowledge);
  }
}

std::string Watches::TokenOf(const Watch& watch) const {
  return absl::BytesToHexString(
      sealing_.crypto->Encrypt(sealing_.key, BoundTo(watch), absl::StrCat(watch.told)));
}

std::optional<std::uint64_t> Watches::NumberIn(const Watch& watch, const std::string& token) const {
  const auto sealed = exchange::FromHex(token);
  if (!sealed) return std::nullopt;
  const auto plain = sealing_.crypto->Decrypt(sealing_.key, BoundTo(watch), *sealed);
  std::uint64_t number = 0;
  if (!plain.ok() || !absl::SimpleAtoi(*plain, &number)) return std::nullopt;
  return number;
}

void Watches::Begin(Watch& watch, const std::string& token) {
  if (watch.step != Step::kNotBegun) {
    return End(watch,
               exchange::BadInput("watch.begun_already", "A watch begins once; open another one."));
  }
  const auto number = NumberIn(watch, token);
  if (watch.hops) {
    const std::uint64_t end = reports_->first_hop() + reports_->hops().size();
    watch.told = std::min(number.value_or(0), end);
    watch.step = Step::kFollowing;
    return TellHops(watch);
  }
  const bool goes_on = number && *number <= board_->version() && *number >= board_->gone_at();
  watch.told = goes_on ? *number : 0;
  watch.step = goes_on ? Step::kCaughtUp : Step::kSnapshot;
  TellRows(watch);
}

void Watches::Acknowledge(Watch& watch, const std::string& token) {
  if (watch.step == Step::kNotBegun) {
    return End(watch, exchange::BadInput("watch.begin_first",
                                         "The first message of a watch is \"begin\"."));
  }
  auto& open = watch.unacknowledged;
  const auto found = std::find(open.begin(), open.end(), token);
  if (found == open.end()) {
    if (token == watch.acknowledged) return;
    return End(watch,
               exchange::BadInput(
                   "watch.unknown_acknowledgement",
                   "No message of this watch had this token: acknowledge the last one you got."));
  }
  watch.acknowledged = token;
  open.erase(open.begin(), found + 1);
}

template <class Response>
void Watches::Deliver(Watch& watch, std::unique_ptr<Response> message) {
  message->set_token(TokenOf(watch));
  *message->mutable_time() = exchange::ToProto(now_);
  if (!watch.half_closed) watch.unacknowledged.push_back(message->token());
  watch.call.sink->Deliver(std::move(message));
}

void Watches::TellRows(Watch& watch) {
  const bool anew = watch.step == Step::kSnapshot || watch.told < board_->gone_at();
  if (anew) watch.told = 0;
  auto message = std::make_unique<ov1::WatchOverviewResponse>();
  const bool has_rows = board_->TellSince(watch.viewer.authority, watch.told, *message);
  if (anew) message->set_marker(wv1::MARKER_SNAPSHOT_BEGINS);
  if (has_rows || anew) {
    watch.told = board_->version();
    Deliver(watch, std::move(message));
  }
  if (watch.step == Step::kFollowing && !anew) return;
  watch.step = Step::kFollowing;
  auto caught_up = std::make_unique<ov1::WatchOverviewResponse>();
  caught_up->set_marker(wv1::MARKER_CAUGHT_UP);
  Deliver(watch, std::move(caught_up));
}

void Watches::TellHops(Watch& watch) {
  const auto& hops = reports_->hops();
  const std::uint64_t first = reports_->first_hop();
  const std::uint64_t end = first + hops.size();
  if (watch.told == end) return;
  auto message = std::make_unique<ov1::WatchHopsResponse>();
  std::uint64_t left_out = watch.told < first ? first - watch.told : 0;
  std::vector<const ov1::SeenHop*> seen;
  for (std::uint64_t number = std::max(watch.told, first); number < end; ++number) {
    const ov1::SeenHop& hop = hops[number - first];
    if (!IsSecret(hop.channel()) || watch.viewer.Operates(hop.authority())) seen.push_back(&hop);
  }
  const std::size_t from = seen.size() - std::min(seen.size(), kHopsOfOneMessageMax);
  left_out += from;
  if (watch.told == 0) left_out = 0;  // it begins with the newest
  watch.told = end;
  if (seen.empty()) return;
  for (std::size_t i = from; i < seen.size(); ++i) *message->add_hops() = *seen[i];
  message->set_left_out(left_out);
  Deliver(watch, std::move(message));
}

void Watches::Tell(bool rows, absl::Time now) {
  now_ = now;
  watches_.remove_if([](const WatchRef& watch) { return watch->over; });
  for (const WatchRef& watch : watches_) {
    if (watch->step == Step::kNotBegun) {
      if (now - watch->opened < kBeginWithin) continue;
      End(*watch,
          exchange::RefusedBy("watch.not_begun", "The first message has to come within 10 seconds.",
                              absl::StatusCode::kDeadlineExceeded));
    } else if (watch->unacknowledged.size() < kUnacknowledgedMax) {
      if (watch->hops) {
        TellHops(*watch);
      } else if (rows) {
        TellRows(*watch);
      }
    }
    if (watch->half_closed && watch->step == Step::kFollowing && !watch->over) {
      watch->over = true;
      watch->call.sink->Complete();
    }
  }
}

}  // namespace exitbus::console
