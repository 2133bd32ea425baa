// A correction by another authority, passed on down the line of those who had the case before, and
// the confirmations, which come back up it.
#include <string>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/correction/correction.h"
#include "services/casework/correction/notifications.h"
#include "services/casework/handover/rules.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

using exchange::ToProto;

// To who told it, as what that one said it was.
void Confirm(const jv1::CaseFile& file, const jv1::Correction& correction, Decision& decision) {
  const jv1::Handover& handover = *FindHandover(file, correction.obligation().owed_under());
  exchange::Address address = CounterpartOf(file, handover);
  if (correction.obligation().was_passed_on()) address.to.relation = policy::v1::RELATION_FORMER;
  cv1::CorrectionConfirmed confirmed;
  confirmed.set_correction_id(correction.correction_id());
  decision.Notify(address, confirmed);
}

Decision OnCorrectionIssued(const PartyLetter& letter, const cv1::CorrectionIssued& message) {
  const jv1::Handover& handover = letter.handover;
  const bool former = handover.side() == hv1::SIDE_HOLDER;
  if (!former && HasEnded(handover)) return Decision::NoEffect("correction_crossed_end");
  // Who let the case go is told of nothing that has changed since.
  if (former ? !HasMoved(handover) || message.has_changed_from()
             : handover.stage() != hv1::HANDOVER_STAGE_ACCEPTED) {
    return OutOfTurn();
  }
  if (FindCorrection(letter.file, message.correction_id()) != nullptr) {
    return Decision::NoEffect("correction_known");
  }
  jv1::CaseEvent event;
  jv1::CorrectionLearnt& learnt = *event.mutable_correction_learnt();
  jv1::Correction& correction = *learnt.mutable_correction();
  correction.set_correction_id(message.correction_id());
  *correction.mutable_corrected() = ToProto(letter.context.now);
  *correction.mutable_categories() = message.categories();
  correction.set_issuer(letter.place.sender);
  if (message.has_changed_from()) *correction.mutable_changed_from() = message.changed_from();
  exchange::OweTo(letter.place, message.passed_on(), *correction.mutable_obligation());
  CorrectionNotifications notifications(letter.file, letter.context, correction);
  if (former) {
    notifications.ToThoseBefore(NamesIn(message, handover));
  } else {
    if (message.has_person()) *learnt.mutable_corrections()->mutable_person() = message.person();
    learnt.mutable_corrections()->set_current_address(message.current_address());
  }
  Decision decision;
  decision.AddEvent(event).ValidFrom(exchange::FromProto(letter.body.valid_from()));
  notifications.NotifyAll(decision);
  if (correction.obligation().parties().empty()) Confirm(letter.file, correction, decision);
  return decision;
}

Decision OnCorrectionConfirmed(const CaseLetter& letter, const v1::CorrectionConfirmed& message) {
  const jv1::CaseFile& file = letter.state;
  const jv1::Correction* correction = FindCorrection(file, message.correction_id());
  const auto* const party =
      correction == nullptr ? nullptr : exchange::FindParty(correction->obligation(), letter.place);
  if (party == nullptr || party->has_confirmed()) {
    return Decision::NoEffect("confirmation_known_or_over");
  }
  jv1::CaseEvent event;
  jv1::CorrectionAnswered& answered = *event.mutable_correction_answered();
  answered.set_correction_id(correction->correction_id());
  *answered.mutable_by() = exchange::Confirmed(*party, letter.context);
  Decision decision;
  decision.AddEvent(event);
  const auto after = After(file, decision);
  if (exchange::IsOwedToAnother(correction->obligation()) &&
      !HasOutstanding(*after, *FindCorrection(*after, correction->correction_id()))) {
    Confirm(file, *correction, decision);
  }
  return decision;
}

}  // namespace

CasePart CorrectionLetters() {
  CasePart part;
  part.On(AtEitherSide(&OnCorrectionIssued)).On(&OnCorrectionConfirmed);
  return part;
}

}  // namespace exitbus::casework
