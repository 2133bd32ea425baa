#include "services/exchange/follow_peers.h"

#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/attempt.h"
#include "services/exchange/checkpoints.h"
#include "services/exchange/confirmation.h"
#include "services/exchange/correspondence.h"
#include "services/exchange/damaged_rows.h"
#include "services/exchange/environment.h"
#include "services/exchange/orders.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/realign.h"
#include "services/exchange/unit_of_work.h"
#include "services/policy/readers.h"

namespace exitbus::exchange {
namespace {

using Lines = std::vector<std::string>;
// By peer and subject.
using Shown = std::map<std::pair<std::string, std::string>, std::set<std::string>>;

// Empty: there was nothing to do.
std::string Realign(UnitOfWork& work, const Difference& difference) {
  const CorrespondenceId& id = difference.id;
  if (difference.sent) {
    ContinueSendingFrom(work, id, difference.there, difference.head_there);
  } else {
    // Some of it may have been read again from the topic since.
    if (InOf(work.transaction(), id).through() >= difference.there) return "";
    ContinueReceivingFrom(work.transaction(), id, difference.there, difference.head_there);
  }
  return absl::StrCat(
      difference.sent ? "sent to " : "received from ", id.peer, " over ",
      std::string(policy::ChannelName(static_cast<policy::v1::Channel>(id.channel))), " about ",
      id.subject, ": here up to ", difference.here, ", there up to ", difference.there);
}

std::string Lost(std::string_view rule, const std::string& subject, const std::string& peer) {
  return absl::StrCat("LOST (", std::string(rule), "): what was about ", subject, " with ", peer,
                      "; it is not here as they have it. Ask them for it");
}

// Nothing here is of the case.
constexpr char kLost[] = "recovery.lost";

// What follows of a case. The rule by which nothing does, also where statements say nothing of what
// is kept here; empty: it was carried out.
std::string Follow(UnitOfWork& work, const Service& service, const std::string& peer,
                   const std::string& subject, const std::vector<std::string>& statements) {
  for (const Aggregate& aggregate : service.aggregates) {
    if (!aggregate.follow_statements) continue;
    const DecisionContext context = work.DecisionContextFor();
    auto loaded =
        work.event_store().FindAbout(aggregate, *work.environment().directory, peer, subject);
    const std::string target = aggregate.statements_target(statements, context);
    if (!loaded && !target.empty()) loaded = work.event_store().Find(aggregate, target);
    if (!loaded) return kLost;
    const Decision decision =
        aggregate.follow_statements(*loaded->state, subject, peer, statements, context);
    if (!decision.accepted()) return decision.refusal()->reason;
    return work.Execute(aggregate, *loaded, decision) ? "" : IdInUse().reason;
  }
  return kLost;
}

void FollowCheckpoint(UnitOfWork& work, const Service& service, std::uint64_t number) {
  const Aggregate* books = service.Find(kCheckpointAggregate);
  Loaded own = work.event_store().Load(*books, kOwnBook);
  work.Execute(*books, own, CheckpointsFollowed(number));
}

}  // namespace

recovery::v1::OrderResult FollowPeers(UnitOfWork& work, const Service& service,
                                      Confirmation& confirmation,
                                      const recovery::v1::Order& order) {
  const std::vector<std::string> ahead = confirmation.ahead_of_us();
  if (ahead.empty()) {
    return RefusedOrder("recovery.not_behind",
                        "No authority was heard to hold more than this one.");
  }
  std::vector<std::string> unheard;
  for (const std::string& peer : ahead) {
    if (!confirmation.HasAnswered(peer)) unheard.push_back(peer);
  }
  if (!unheard.empty()) {
    return RefusedOrder("recovery.unheard", "Wait until these have answered since this start: " +
                                                absl::StrJoin(unheard, ", "));
  }
  RecordAct(work, service, order, {"follow_peers", ahead});
  Lines lines;
  Shown shown;
  for (const auto& [peer, differences] : confirmation.differences()) {
    for (const Difference& difference : differences) {
      Attempt attempt(work);  // one that cannot be read does not keep the others from following
      std::string line = Realign(work, difference);
      if (!attempt.Keep()) line = Lost(Unreadable().reason, difference.id.subject, peer);
      if (line.empty() && difference.statements.empty()) continue;  // nothing of it is forgotten
      if (!line.empty()) lines.push_back(std::move(line));
      auto& statements = shown[{peer, difference.id.subject}];
      statements.insert(difference.statements.begin(), difference.statements.end());
    }
  }
  for (const auto& [whose, statements] : shown) {
    const auto& [peer, subject] = whose;
    Attempt attempt(work);
    std::string rule = Follow(work, service, peer, subject, {statements.begin(), statements.end()});
    if (!attempt.Keep()) rule = Unreadable().reason;
    if (rule.empty()) continue;
    lines.push_back(Lost(rule, subject, peer));
  }
  if (confirmation.checkpoint_there() > 0) {
    FollowCheckpoint(work, service, confirmation.checkpoint_there());
  }
  for (const std::string& peer : ahead) {
    confirmation.Forgive(work.transaction(), peer);
    work.actions().followed.insert(peer);
  }
  return CarriedOut(absl::StrCat("the store follows what the others hold. What it had forgotten:\n",
                                 absl::StrJoin(lines, "\n")));
}

}  // namespace exitbus::exchange
