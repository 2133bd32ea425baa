// What the contact point makes of letters about a request for relocation: all of them from the
// police unit that nominates, in order.
#include <string>

#include "exitbus/casework/v1/erasure.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/relocation/v1/messages.pb.h"
#include "services/contact_point/relocation.h"
#include "services/exchange/erasure.h"
#include "services/exchange/membership.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/telemetry.h"
#include "services/relocation/request.h"

namespace exitbus::contact_point {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using Letter = exchange::Letter<jv1::RequestedRelocation>;

bool IsKnown(const jv1::RequestedRelocation& request) { return request.has_relocation(); }

Decision NotAParty() {
  return Decision::Refuse("letter.not_a_party", "Another police unit nominated by this request.");
}

bool HoldsCases(const exchange::DirectoryEntry& listed) {
  return listed.kind == pv1::AUTHORITY_KIND_MUNICIPALITY ||
         listed.kind == pv1::AUTHORITY_KIND_KRIMINALFORSORGEN;
}

Decision Nominate(const Letter& letter, const lv1::Relocation& before,
                  const lv1::RelocationNominated& message) {
  if (auto fault = relocation::FaultIn(message.nomination())) {
    return Decision::Refuse(*std::move(fault));
  }
  jv1::RelocationEvent event;
  *event.mutable_nominated() = relocation::Nominate(before, message.nomination(),
                                                    letter.context.self->id, letter.context.now);
  return Decision().AddEvent(event);
}

Decision OnNominated(const Letter& letter, const lv1::RelocationNominated& message) {
  const auto& [state, place, body, context] = letter;
  const lv1::Relocation& seen = state.relocation().seen();
  if (!IsKnown(state)) {
    const auto holder = context.directory->Find(message.holder());
    if (!holder) return Decision::Park();  // the directory that lists it is on its way
    if (!HoldsCases(*holder) ||
        !exchange::IsPoliceOf(*context.directory, place.sender, message.holder())) {
      return Decision::Refuse("letter.not_the_districts_police",
                              "A police unit nominates who is in the charge of an authority of "
                              "its own district, as the directory lists it.");
    }
    if (message.version() != 1) {
      return Decision::Refuse("letter.out_of_turn", "The first nomination is missing.");
    }
    return Nominate(letter,
                    relocation::Begin(place.subject, message.holder(), place.sender, context.now),
                    message);
  }
  if (place.sender != seen.police()) return NotAParty();
  if (seen.stage() != lv1::RELOCATION_STAGE_INFORMATION_ASKED) {
    return Decision::NoEffect("nomination_known_or_over");
  }
  if (message.version() != seen.version() + 1 || message.holder() != seen.holder()) {
    return Decision::Refuse("letter.out_of_turn", "It is no answer to what was asked.");
  }
  return Nominate(letter, seen, message);
}

Decision OnWithdrawn(const Letter& letter, const lv1::RelocationWithdrawn& message) {
  // The nomination before it was refused.
  if (!IsKnown(letter.state)) return Decision::NoEffect("withdrawal_of_unknown");
  const lv1::Relocation& seen = letter.state.relocation().seen();
  if (letter.place.sender != seen.police()) return NotAParty();
  if (relocation::HasEnded(seen.stage())) return Decision::NoEffect("withdrawal_known_or_over");
  jv1::RelocationEvent event;
  *event.mutable_withdrawn() =
      relocation::Withdraw(letter.state.relocation(), message.reason(), letter.context.now);
  Decision decision;
  decision.AddEvent(event);
  EndInquiries(letter.state, decision);
  return decision;
}

// Who moves is missing, or is not any more. Also of a request that has ended: a fact is a fact.
Decision OnArrivalOverdue(const Letter& letter, const lv1::RelocationArrivalOverdue& message) {
  const lv1::Relocation& seen = letter.state.relocation().seen();
  if (seen.arrival_overdue() != message.accounted_for()) {
    return Decision::NoEffect("arrival_known");
  }
  jv1::RelocationEvent event;
  event.mutable_arrival_overdue()->set_relocation_id(seen.relocation_id());
  event.mutable_arrival_overdue()->set_accounted_for(message.accounted_for());
  Decision decision;
  decision.AddEvent(event);
  if (!message.accounted_for()) {
    decision.Report(exchange::Severity::kError, "handover.arrival_overdue");
  }
  return decision;
}

void LearnArrival(jv1::RequestedRelocation& state, const relocation::jv1::ArrivalOverdue& heard) {
  state.mutable_relocation()->mutable_seen()->set_arrival_overdue(!heard.accounted_for());
}

// Also of what is not here yet: the nomination then finds it erased.
Decision OnErasureOrdered(const Letter& letter, const casework::v1::ErasureOrdered& order) {
  const auto& [state, place, body, context] = letter;
  if (IsKnown(state) && place.sender != state.relocation().seen().police()) return NotAParty();
  exchange::Holding holding;
  holding.keys = {relocation::Key(place.subject)};
  for (const auto& considered : state.relocation().places()) {
    const std::string& inquiry = considered.seen().inquiry_id();
    if (!inquiry.empty()) holding.keys.push_back(InquiryKey(inquiry));
  }
  Decision decision = exchange::EraseAsOrdered(holding, place, order, context,
                                               &exchange::ErasureAs<jv1::RelocationEvent>);
  EndInquiries(state, decision);
  return decision;
}

}  // namespace

RelocationPart RelocationLetters() {
  RelocationPart part;
  part.On(&OnNominated)
      .On(&OnWithdrawn)
      .On(FromUnit(&OnArrivalOverdue))
      .After(&LearnArrival)
      .On(&OnErasureOrdered);
  return part;
}

}  // namespace exitbus::contact_point
