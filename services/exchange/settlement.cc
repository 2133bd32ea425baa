#include "services/exchange/settlement.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/attempt.h"
#include "services/exchange/correspondence.h"
#include "services/exchange/environment.h"
#include "services/exchange/framed.h"
#include "services/exchange/orders.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/realign.h"
#include "services/exchange/unit_of_work.h"
#include "services/policy/text.h"

namespace exitbus::exchange {
namespace {

namespace rv1 = recovery::v1;

// What each side signs, each in its own role: all that was said so far.
constexpr char kProposes[] = "exitbus.settlement-proposal.v1";
constexpr std::size_t kSubjectBytesMax = 64;  // as in a letter
constexpr char kAgrees[] = "exitbus.settlement-agreement.v1";

std::string Said(std::string_view role, const rv1::SignedSettlement& said) {
  return Framed(role, {said.proposal(), said.taken()});
}

std::string Sign(const Environment& environment, std::string_view role,
                 const rv1::SignedSettlement& said) {
  return environment.crypto->Sign(environment.secrets.identity_key, Said(role, said));
}

bool Signed(const Environment& environment, const std::string& signer, std::string_view role,
            const rv1::SignedSettlement& said, const std::string& signature) {
  const auto entry = environment.directory->Find(signer);
  return entry && environment.crypto->Verify(entry->identity_key, Said(role, said), signature);
}

// Of a correspondence, which is found by it.
bool IsSubject(const std::string& subject) {
  return policy::FaultInId(subject, kSubjectBytesMax).empty();
}

CorrespondenceId With(const rv1::Settlement& settlement, const std::string& peer) {
  return {settlement.channel(), peer, settlement.subject()};
}

rv1::Taken TakenFrom(Transaction& transaction, const CorrespondenceId& id) {
  const store::v1::CorrespondenceIn in = InOf(transaction, id);
  rv1::Taken taken;
  taken.set_stopped(in.stopped());
  taken.set_through(in.through());
  taken.set_head_digest(in.head_digest());
  return taken;
}

// Whether what we send is to follow what they took: one of the ends has stopped it.
bool Follows(Transaction& transaction, const CorrespondenceId& id, const rv1::Taken& theirs) {
  return theirs.stopped() || OutOf(transaction, id).stopped();
}

// A settlement from before what they have receipted since.
bool IsStale(Transaction& transaction, const CorrespondenceId& id, const rv1::Taken& theirs) {
  return Follows(transaction, id, theirs) &&
         theirs.through() < OutOf(transaction, id).receipted_through();
}

// Both directions, at one end: what we send follows what they took, and what we stopped to take is
// taken again.
void GoOn(UnitOfWork& work, const CorrespondenceId& id, const rv1::Taken& theirs) {
  Transaction& transaction = work.transaction();
  if (Follows(transaction, id, theirs)) {
    ContinueSendingFrom(work, id, theirs.through(), theirs.head_digest());
  }
  const rv1::Taken ours = TakenFrom(transaction, id);
  if (ours.stopped()) ContinueReceivingFrom(transaction, id, ours.through(), ours.head_digest());
  work.actions().stopped_changed.insert(id);
}

// What the end of the handover comes to here; nullopt: it is to go on.
struct Ending {
  const Aggregate* aggregate;
  Loaded loaded;
  Decision decision;
};

std::optional<Ending> EndingOf(UnitOfWork& work, const Service& service,
                               const rv1::Settlement& settlement, const std::string& peer,
                               bool proposes) {
  if (!settlement.end_handover()) return std::nullopt;
  for (const Aggregate& aggregate : service.aggregates) {
    if (!aggregate.end_by_agreement) continue;
    auto loaded = work.event_store().FindAbout(aggregate, *work.environment().directory, peer,
                                               settlement.subject());
    if (!loaded) loaded = work.event_store().Load(aggregate, FreshUuid(*work.environment().random));
    Decision decision = aggregate.end_by_agreement(*loaded->state, settlement.subject(), peer,
                                                   proposes, work.DecisionContextFor());
    return Ending{&aggregate, *std::move(loaded), std::move(decision)};
  }
  return Ending{
      nullptr, {}, Decision::Refuse("settlement.no_handover", "This kind of authority has none.")};
}

rv1::OrderResult RefusedFor(const Refusal& refusal) {
  return RefusedOrder(refusal.reason, refusal.message);
}

// With what goes to the other side.
rv1::OrderResult Done(std::string text, const rv1::SignedSettlement& settlement) {
  rv1::OrderResult result = CarriedOut(std::move(text));
  result.set_settlement(settlement.SerializeAsString());
  return result;
}

const char* WhatComesOfIt(const rv1::Settlement& settlement) {
  return settlement.end_handover() ? "the handover has ended and its holder keeps the case"
                                   : "the correspondence goes on";
}

// The parts of a file from the other side; nullopt: it is none.
struct Parsed {
  rv1::SignedSettlement said;
  rv1::Settlement settlement;
};
std::optional<Parsed> ParsedFrom(const std::string& bytes) {
  Parsed parsed;
  if (!parsed.said.ParseFromString(bytes) ||
      !parsed.settlement.ParseFromString(parsed.said.proposal()) ||
      !policy::v1::Channel_IsValid(parsed.settlement.channel()) ||
      !IsSubject(parsed.settlement.subject())) {
    return std::nullopt;
  }
  return parsed;
}

}  // namespace

rv1::OrderResult Propose(UnitOfWork& work, const Service& service, const rv1::Order& order) {
  const Environment& environment = work.environment();
  const rv1::Propose& wish = order.propose();
  if (!environment.directory->Find(wish.peer())) {
    return RefusedOrder("settlement.peer_unknown", "Name an authority of the directory.");
  }
  if (!IsSubject(wish.subject())) {
    return RefusedOrder("settlement.bad_subject",
                        "Name the subject as `exitctl correspondence list` shows it.");
  }
  rv1::Settlement settlement;
  settlement.set_settlement_id(FreshUuid(*environment.random));
  settlement.set_proposer(environment.self);
  settlement.set_agreer(wish.peer());
  settlement.set_channel(wish.channel());
  settlement.set_subject(wish.subject());
  settlement.set_end_handover(wish.end_handover());
  const CorrespondenceId id = With(settlement, wish.peer());
  *settlement.mutable_by_proposer() = TakenFrom(work.transaction(), id);
  if (!wish.end_handover() && !Follows(work.transaction(), id, settlement.by_proposer())) {
    return RefusedOrder("settlement.nothing_stopped",
                        "No such correspondence is stopped here; `exitctl correspondence list` "
                        "shows those that are.");
  }
  const auto ending = EndingOf(work, service, settlement, wish.peer(), true);
  if (ending && !ending->decision.accepted()) return RefusedFor(*ending->decision.refusal());
  rv1::SignedSettlement said;
  said.set_proposal(settlement.SerializeAsString());
  said.set_proposer_signature(Sign(environment, kProposes, said));
  RecordAct(work, service, order, {"propose", {wish.peer()}, settlement.settlement_id()});
  return Done("give this to the operators of " + wish.peer() + "; nothing has changed yet", said);
}

rv1::OrderResult Agree(UnitOfWork& work, const Service& service, const rv1::Order& order) {
  const Environment& environment = work.environment();
  auto parsed = ParsedFrom(order.agree());
  if (!parsed || parsed->settlement.agreer() != environment.self) {
    return RefusedOrder("settlement.not_for_us", "This is no proposal to this authority.");
  }
  const rv1::Settlement& settlement = parsed->settlement;
  const std::string& peer = settlement.proposer();
  if (!parsed->said.taken().empty() ||
      !Signed(environment, peer, kProposes, parsed->said, parsed->said.proposer_signature())) {
    return RefusedOrder("settlement.not_signed", "The proposal is not signed by who makes it.");
  }
  if (WasCarriedOut(work, service, "agree", settlement.settlement_id())) {
    return RefusedOrder("settlement.done_before", "This was agreed to before; use that result.");
  }
  const CorrespondenceId id = With(settlement, peer);
  if (IsStale(work.transaction(), id, settlement.by_proposer())) {
    return RefusedOrder("settlement.stale", "They have taken more since; let them propose anew.");
  }
  auto ending = EndingOf(work, service, settlement, peer, false);
  if (ending && !ending->decision.accepted()) return RefusedFor(*ending->decision.refusal());
  parsed->said.set_taken(TakenFrom(work.transaction(), id).SerializeAsString());
  parsed->said.set_agreer_signature(Sign(environment, kAgrees, parsed->said));
  RecordAct(work, service, order, {"agree", {peer}, settlement.settlement_id()});
  GoOn(work, id, settlement.by_proposer());
  if (ending) work.Execute(*ending->aggregate, ending->loaded, ending->decision);
  return Done(absl::StrCat(WhatComesOfIt(settlement), " here; give this back to the operators of ",
                           peer, ", without which it does not there"),
              parsed->said);
}

rv1::OrderResult Finish(UnitOfWork& work, const Service& service, const rv1::Order& order) {
  const Environment& environment = work.environment();
  const auto parsed = ParsedFrom(order.finish());
  if (!parsed || parsed->settlement.proposer() != environment.self) {
    return RefusedOrder("settlement.not_for_us", "This is no answer to a proposal of ours.");
  }
  const rv1::Settlement& settlement = parsed->settlement;
  const std::string& peer = settlement.agreer();
  rv1::SignedSettlement proposed = parsed->said;
  proposed.clear_taken();
  rv1::Taken theirs;
  if (!theirs.ParseFromString(parsed->said.taken()) ||
      !Signed(environment, environment.self, kProposes, proposed,
              parsed->said.proposer_signature()) ||
      !Signed(environment, peer, kAgrees, parsed->said, parsed->said.agreer_signature())) {
    return RefusedOrder("settlement.not_signed", "It is not signed by both.");
  }
  if (WasCarriedOut(work, service, "finish", settlement.settlement_id())) {
    return RefusedOrder("settlement.done_before", "This was carried out before.");
  }
  const CorrespondenceId id = With(settlement, peer);
  const rv1::Taken& ours = settlement.by_proposer();
  if (ours.stopped() &&
      TakenFrom(work.transaction(), id).SerializeAsString() != ours.SerializeAsString()) {
    return RefusedOrder("settlement.moved_on", "It has changed here since; propose anew.");
  }
  if (IsStale(work.transaction(), id, theirs)) {
    return RefusedOrder("settlement.stale", "They have taken more since; propose anew.");
  }
  auto ending = EndingOf(work, service, settlement, peer, true);
  if (ending && !ending->decision.accepted()) return RefusedFor(*ending->decision.refusal());
  RecordAct(work, service, order, {"finish", {peer}, settlement.settlement_id()});
  // What would still go to a receiver that has given the handover up is not for it any more.
  if (ending) Withdraw(work, id);
  GoOn(work, id, theirs);
  if (ending) work.Execute(*ending->aggregate, ending->loaded, ending->decision);
  return CarriedOut(WhatComesOfIt(settlement));
}

void ShowStopped(UnitOfWork& work, const Service& service) {
  if (work.actions().stopped_changed.empty()) return;
  const auto stopped = AllStopped(work.transaction());
  const std::set<CorrespondenceId> changed = work.actions().stopped_changed;
  for (const CorrespondenceId& id : changed) {
    // Whatever stops between the two about this: they may write over more than one channel.
    const bool any = std::any_of(stopped.begin(), stopped.end(), [&](const auto& one) {
      return one.id.peer == id.peer && one.id.subject == id.subject;
    });
    for (const Aggregate& aggregate : service.aggregates) {
      if (!aggregate.note_stopped) continue;
      Attempt attempt(work);
      auto loaded = work.event_store().FindAbout(aggregate, *work.environment().directory, id.peer,
                                                 id.subject);
      if (loaded) {
        const Decision decision = aggregate.note_stopped(*loaded->state, id.subject, id.peer, any);
        if (decision.accepted()) work.Execute(aggregate, *loaded, decision);
      }
      attempt.Keep();
    }
  }
}

}  // namespace exitbus::exchange
