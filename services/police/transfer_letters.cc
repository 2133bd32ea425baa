// What a police unit makes of letters about a handover it follows. They come from several senders,
// in any order between them; what needs something that is not here yet waits.
#include <string>
#include <utility>
#include <variant>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "services/exchange/membership.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/slips.h"
#include "services/police/parts.h"
#include "services/police/security_file.h"
#include "services/police/telling.h"
#include "services/police/transfer_letter.h"

namespace exitbus::police {
namespace {

namespace hv1 = handover::v1;
using exchange::Decision;
using exchange::DecisionContext;

// To the unit of the case, which knows it; or to the one of the receiver's district, which meets it
// here for the first time, without a person.
Decision OnRequested(const SecurityLetter& letter, const hv1::HandoverRequested& message) {
  const auto& [file, place, body, context] = letter;
  const bool incoming = message.police() != context.self->id;
  // Not the letter's word but the directory's: it says where the assessment goes. Where the
  // receiver's district has no unit, it goes nowhere.
  const std::string& receiving = message.receiving_police();
  if (!exchange::IsPoliceOf(*context.directory, message.police(), place.sender) ||
      (!receiving.empty() &&
       !exchange::IsPoliceOf(*context.directory, receiving, message.receiver())) ||
      (incoming && receiving != context.self->id)) {
    return Decision::Refuse("letter.not_the_districts_police",
                            "The police units are those of the holder's and the receiver's "
                            "districts, as the directory lists them.");
  }
  if (incoming ? !file.security_id().empty() : FindTransfer(file, place.subject) != nullptr) {
    return Decision::Refuse("letter.requested_twice", "This handover was requested before.");
  }
  if (!incoming) {
    if (file.security_id().empty()) return Decision::Park();
    if (file.standing() != v1::POLICE_STANDING_IN_CHARGE) return NotAParty();
    // The take-over that made the sender the holder, or the last handover's end, is on its way.
    if (file.holder() != place.sender || OpenTransfer(file) != nullptr) return Decision::Park();
  }
  jv1::SecurityEvent event;
  jv1::TransferBegun& begun = *event.mutable_transfer_begun();
  begun.set_handover_id(place.subject);
  begun.set_holder(place.sender);
  begun.set_receiver(message.receiver());
  begun.set_incoming(incoming);
  if (message.police() != message.receiving_police()) {
    begun.set_counterpart(incoming ? message.police() : message.receiving_police());
  }
  return Decision().AddEvent(event);
}

jv1::SecurityEvent Advance(const TransferLetter& letter, v1::TransferStage stage) {
  jv1::SecurityEvent event;
  event.mutable_transfer_advanced()->set_handover_id(letter.transfer.seen().handover_id());
  event.mutable_transfer_advanced()->set_stage(stage);
  return event;
}

// Within a district the receiver hears of the precautions from its own unit: this one.
void TellReceiverWithin(const TransferLetter& letter, const jv1::SecurityFile& after,
                        Decision& decision) {
  if (letter.transfer.incoming() || letter.leaves()) return;
  NotifyReceiver(after, *FindTransfer(after, letter.transfer.seen().handover_id()), letter.context,
                 decision);
}

Decision OnAccepted(const TransferLetter& letter, const hv1::HandoverAccepted&) {
  if (!letter.from_receiver()) return NotAParty();
  if (letter.transfer.seen().stage() != v1::TRANSFER_STAGE_REQUESTED) {
    return Decision::NoEffect("acceptance_known_or_over");
  }
  Decision decision;
  decision.AddEvent(Advance(letter, v1::TRANSFER_STAGE_ACCEPTED));
  TellReceiverWithin(letter, *After(letter.file, decision), decision);
  return decision;
}

// The assessment goes with the offer at the latest, so that no case moves without it; and not
// before the receiver's own word that it has accepted, which is on its way.
Decision OnOffered(const TransferLetter& letter, const hv1::HandoverOffered&) {
  if (!letter.from_holder()) return NotAParty();
  if (!IsOpen(letter.transfer)) return Decision::NoEffect("offer_crossed_end");
  if (letter.transfer.seen().stage() == v1::TRANSFER_STAGE_REQUESTED) return Decision::Park();
  Decision decision;
  decision.AddEvent(Advance(letter, v1::TRANSFER_STAGE_OFFERED));
  if (letter.leaves() && letter.transfer.seen().transferred_version() == 0) {
    Transfer(*After(letter.file, decision), letter.transfer, decision);
  }
  return decision;
}

// Rejected or declined by the receiver, or recalled by the holder.
Decision Ends(const TransferLetter& letter, bool allowed) {
  if (!allowed) return NotAParty();
  if (!IsOpen(letter.transfer)) return Decision::NoEffect("end_known_or_over");
  jv1::SecurityEvent event;
  jv1::TransferEnded& ended = *event.mutable_transfer_ended();
  ended.set_handover_id(letter.transfer.seen().handover_id());
  if (letter.leaves()) OweErasure(letter.transfer, letter.context, ended);
  Decision decision;
  decision.AddEvent(event);
  if (letter.transfer.incoming()) EraseAndConfirm(letter.transfer, letter.context, decision);
  return decision;
}

Decision OnRejected(const TransferLetter& letter, const hv1::HandoverRejected&) {
  return Ends(letter, letter.from_receiver());
}

Decision OnDeclined(const TransferLetter& letter, const hv1::OfferDeclined&) {
  return Ends(letter, letter.from_receiver());
}

Decision OnRecalled(const TransferLetter& letter, const hv1::HandoverRecalled&) {
  return Ends(letter, letter.from_holder());
}

Decision OnEscalated(const TransferLetter& letter, const hv1::HandoverEscalated&) {
  if (!letter.from_holder() && !letter.from_receiver()) return NotAParty();
  if (!IsOpen(letter.transfer) || letter.transfer.seen().escalated()) {
    return Decision::NoEffect("escalation_known_or_over");
  }
  jv1::SecurityEvent event;
  event.mutable_transfer_escalated()->set_handover_id(letter.transfer.seen().handover_id());
  return Decision().AddEvent(event);
}

Decision OnLateFact(const TransferLetter& letter, const hv1::LateFact& message) {
  if (!letter.from_holder()) return NotAParty();
  if (message.kind() != hv1::LATE_FACT_KIND_PRECAUTIONS) {
    return Decision::Refuse("late_fact.kind", "The police are told what concerns safety.");
  }
  if (letter.transfer.seen().stage() == v1::TRANSFER_STAGE_ENDED ||
      letter.file.standing() != v1::POLICE_STANDING_IN_CHARGE) {
    return Decision::NoEffect("late_fact_crossed_end");
  }
  jv1::SecurityEvent event;
  v1::SafetyNote& note = *event.mutable_safety_note_learnt()->mutable_note();
  note.set_note(message.note());
  note.set_told_by(letter.place.sender);
  *note.mutable_told() = exchange::ToProto(letter.context.now);
  return Decision().AddEvent(event);
}

Decision OnTakenOver(const TransferLetter& letter, const hv1::CaseTakenOver& message) {
  if (!IsOpen(letter.transfer)) {
    return Decision::Refuse("letter.out_of_turn",
                            "This handover is over; nothing can be taken over by it.");
  }
  auto checked =
      exchange::CheckSlip(message.slip(), message.number(), {letter.transfer.seen().holder(), {}},
                          letter.place, letter.context);
  if (auto* instead = std::get_if<Decision>(&checked)) return std::move(*instead);
  // In charge only with what the other unit knows; it is on its way since the offer.
  const bool awaits = letter.transfer.incoming() && !letter.transfer.seen().counterpart().empty();
  if (awaits && !letter.file.has_person()) return Decision::Park();
  jv1::SecurityEvent event;
  jv1::CaseMoved& moved = *event.mutable_case_moved();
  moved.set_handover_id(letter.transfer.seen().handover_id());
  moved.set_holder(letter.place.sender);
  moved.set_slip(message.slip());
  Decision decision;
  decision.AddEvent(event);
  EndRelocation(letter.file, letter.place.sender, letter.context, decision);
  if (!letter.leaves()) NotifyConclusions(*After(letter.file, decision), letter.context, decision);
  return decision;
}

Decision OnTransferred(const TransferLetter& letter,
                       const v1::SecurityAssessmentTransferred& message) {
  if (!letter.transfer.incoming() || !letter.from_counterpart()) return NotAParty();
  const v1::TransferStage stage = letter.transfer.seen().stage();
  if (stage == v1::TRANSFER_STAGE_ENDED) return Decision::NoEffect("assessment_crossed_end");
  const bool moved = stage == v1::TRANSFER_STAGE_MOVED;
  const std::uint32_t known = letter.file.assessment().version();
  // The same version again brings the person corrected.
  const bool corrects = message.assessment().version() == known && letter.file.has_person() &&
                        letter.file.corrections().empty();
  // Once the case is here, this unit's own assessment is the newer word.
  const bool has_assessed = known > letter.transfer.seen().transferred_version();
  if (moved && (has_assessed || (message.assessment().version() <= known && !corrects))) {
    return Decision::NoEffect("assessment_crossed_own");
  }
  jv1::SecurityEvent event;
  jv1::AssessmentReceived& received = *event.mutable_assessment_received();
  received.set_handover_id(letter.transfer.seen().handover_id());
  *received.mutable_person() = message.person();
  received.set_current_address(message.current_address());
  if (message.has_assessment()) *received.mutable_assessment() = message.assessment();
  received.set_stage(message.stage());
  Decision decision;
  decision.AddEvent(event);
  if (corrects) return decision;  // what is told of it has been
  const auto after = After(letter.file, decision);
  if (moved) {
    NotifyConclusions(*after, letter.context, decision);
    NotifyPrecautions(*after, letter.context, decision);
  } else {
    NotifyReceiver(*after, letter.transfer, letter.context, decision);
  }
  return decision;
}

}  // namespace

SecurityPart TransferLetters() {
  SecurityPart part;
  part.On(&OnRequested)
      .On(OfKnown(&OnAccepted))
      .On(OfKnown(&OnOffered))
      .On(OfKnown(&OnRejected))
      .On(OfKnown(&OnDeclined))
      .On(OfKnown(&OnRecalled))
      .On(OfKnown(&OnEscalated))
      .On(OfKnown(&OnLateFact))
      .On(OfKnown(&OnTakenOver))
      .On(OfKnown(&OnTransferred));
  return part;
}

}  // namespace exitbus::police
