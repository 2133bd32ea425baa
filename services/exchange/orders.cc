#include "services/exchange/orders.h"

#include <memory>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "exitbus/recovery_journal/v1/journal.pb.h"
#include "services/exchange/confirmation.h"
#include "services/exchange/environment.h"
#include "services/exchange/follow_peers.h"
#include "services/exchange/hop_ids.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/settlement.h"
#include "services/exchange/stream_orders.h"
#include "services/exchange/unit_of_work.h"
#include "services/policy/readers.h"

namespace exitbus::exchange {
namespace {

namespace jv1 = recovery_journal::v1;
namespace rv1 = recovery::v1;

constexpr int kActsKept = 1000;
constexpr std::size_t kTextBytesMax = 1000;
constexpr char kOwn[] = "own";

const jv1::Acts& ActsOf(const Message& state) { return static_cast<const jv1::Acts&>(state); }

const Aggregate& ActsIn(const Service& service) { return *service.Find(kActsAggregate); }

}  // namespace

rv1::OrderResult RefusedOrder(std::string_view rule, std::string_view remedy) {
  rv1::OrderResult result;
  result.set_text(absl::StrCat(std::string(rule), ": ", std::string(remedy)));
  return result;
}

rv1::OrderResult CarriedOut(std::string text) {
  rv1::OrderResult result;
  result.set_carried_out(true);
  result.set_text(std::move(text));
  return result;
}

void RecordAct(UnitOfWork& work, const Service& service, const rv1::Order& order, const Act& act) {
  jv1::ActEvent event;
  jv1::Act& recorded = *event.mutable_act();
  recorded.set_order_id(order.order_id());
  recorded.set_what(act.what);
  recorded.set_operator_(order.operator_());
  recorded.set_reason(order.reason());
  for (const std::string& authority : act.authorities) recorded.add_authorities(authority);
  recorded.set_settlement_id(act.settlement_id);
  recorded.set_channel(static_cast<policy::v1::Channel>(act.channel));
  if (act.until != absl::InfinitePast()) *recorded.mutable_until() = ToProto(act.until);
  *recorded.mutable_time() = ToProto(work.DecisionContextFor().now);
  Decision decision;
  decision.AddEvent(event);
  const Aggregate& acts = ActsIn(service);
  Loaded loaded = work.event_store().Load(acts, kOwn);
  work.Execute(acts, loaded, decision);
  work.environment().telemetry->Log(Severity::kWarning, "operator.ordered",
                                    {{"what", act.what},
                                     {"order", order.order_id()},
                                     {"authorities", absl::StrCat(act.authorities.size())}});
}

jv1::Acts ActsOrdered(UnitOfWork& work, const Service& service) {
  return ActsOf(*work.event_store().Load(ActsIn(service), kOwn).state);
}

bool WasCarriedOut(UnitOfWork& work, const Service& service, std::string_view what,
                   std::string_view settlement_id) {
  const jv1::Acts ordered = ActsOrdered(work, service);
  return absl::c_any_of(ordered.acts(), [&](const jv1::Act& act) {
    return act.what() == what && act.settlement_id() == settlement_id;
  });
}

Aggregate Acts() {
  Aggregate acts;
  acts.name = kActsAggregate;
  acts.new_state = [] { return std::make_unique<jv1::Acts>(); };
  acts.evolve = [](Message& state, const Message& event) {
    auto& all = *static_cast<jv1::Acts&>(state).mutable_acts();
    *all.Add() = static_cast<const jv1::ActEvent&>(event).act();
    KeepNewest(all, kActsKept);
  };
  acts.keys = [](const Message&, const Lookup&) { return std::vector<std::string>(); };
  acts.deadlines = [](const Message&) { return std::vector<Deadline>(); };
  acts.letter_target = [](const LetterPlace&, const v1::Body&) -> std::optional<std::string> {
    return std::nullopt;
  };
  acts.visibility = [](const Message&, policy::v1::Reader, const DecisionContext&) {
    return Visibility{};
  };
  return acts;
}

namespace {

rv1::OrderResult AcceptUnheard(UnitOfWork& work, const Service& service,
                               const Confirmation& confirmation, const rv1::Order& order) {
  if (confirmation.behind()) {
    return RefusedOrder(
        "order.store_is_behind",
        "Others do hold more of this authority: put the newest store back, or follow "
        "them (exitctl recovery follow).");
  }
  const std::vector<std::string> unheard = confirmation.unheard();
  RecordAct(work, service, order, {"accept_unheard", unheard});
  work.actions().accepted = true;
  return CarriedOut(
      absl::StrCat("changes wait for nobody any more until the next start; not heard: ",
                   unheard.empty() ? "nobody" : absl::StrJoin(unheard, ", ")));
}

rv1::OrderResult Trace(UnitOfWork& work, const Service& service, const rv1::Order& order) {
  const Environment& environment = work.environment();
  const auto traced = FindTraced(environment, work.transaction(), order.trace());
  if (!traced) {
    return RefusedOrder("trace.no_such_letter",
                        "No letter here has this hop id or code. Check it, and whose it is.");
  }
  const CorrespondenceId& id = traced->letter.correspondence;
  RecordAct(work, service, order, {"trace", {id.peer}});
  return CarriedOut(absl::StrCat(
      "hop id: ", HopId(environment, *traced), "\ncode:   ", TraceCode(environment, *traced), "\n",
      traced->sent ? "sent to " : "received from ", id.peer, ", channel ",
      std::string(policy::ChannelName(static_cast<policy::v1::Channel>(id.channel)))));
}

}  // namespace

rv1::OrderResult Execute(UnitOfWork& work, const Service& service, Confirmation& confirmation,
                         const rv1::Order& order) {
  if (order.authority() != work.environment().self) {
    return RefusedOrder("order.for_another_authority", "Give it to the service it names.");
  }
  if (order.order_id().empty() || order.operator_().empty() || order.reason().empty() ||
      order.ByteSizeLong() > kTextBytesMax + order.agree().size() + order.finish().size()) {
    return RefusedOrder("order.incomplete", "Say who orders it and why, in a few words.");
  }
  const jv1::Acts before = ActsOrdered(work, service);
  for (const jv1::Act& act : before.acts()) {
    if (act.order_id() == order.order_id()) {
      return RefusedOrder("order.carried_out_before", "Nothing is done twice; make a new order.");
    }
  }
  switch (order.what_case()) {
    case rv1::Order::kAcceptUnheard:
      return AcceptUnheard(work, service, confirmation, order);
    case rv1::Order::kFollowPeers:
      return FollowPeers(work, service, confirmation, order);
    case rv1::Order::kPropose:
      return Propose(work, service, order);
    case rv1::Order::kAgree:
      return Agree(work, service, order);
    case rv1::Order::kFinish:
      return Finish(work, service, order);
    case rv1::Order::kTrace:
      return Trace(work, service, order);
    case rv1::Order::kPauseChannel:
      return Pause(work, service, order);
    case rv1::Order::kResumeChannel:
      return Resume(work, service, order);
    case rv1::Order::kRetryLetters:
      return Retry(work, service, order);
    case rv1::Order::kMaintenance:
      return Maintain(work, service, order);
    default:
      return RefusedOrder("order.unknown", "This version of the service does not know the order.");
  }
}

}  // namespace exitbus::exchange
