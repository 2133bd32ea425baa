// Where a person moves, at the authority in charge: what the citizen says to places, what is
// decided, and what becomes of the handover to the municipality that it is decided for.
#include <algorithm>
#include <string>
#include <utility>

#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/relocation/v1/decision_service.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/consent/basis.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/rules.h"
#include "services/casework/methods.h"
#include "services/casework/relocation/relocation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/relocation/hearing.h"
#include "services/relocation/municipalities.h"
#include "services/relocation/party.h"
#include "services/relocation/placement.h"
#include "services/relocation/told.h"

namespace exitbus::casework {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::EventWith;
using exchange::ToProto;
using relocation::Standing;
using Request = relocation::jv1::Relocation;
using Views = RelocationViews;

// The police unit hears it, and tells the contact point.
void Tell(const jv1::CaseFile& file, const google::protobuf::Message& what,
          const google::protobuf::Message& message, const DecisionContext& context,
          Decision& decision) {
  decision.AddEvent(EventWith<jv1::CaseEvent>(what))
      .Notify(AddressOf(Whom::kPolice, file, nullptr, context), message);
}

void TellHeard(const jv1::CaseFile& file, const relocation::jv1::Heard& heard,
               const DecisionContext& context, Decision& decision) {
  Tell(file, heard, relocation::MessageOf(heard), context, decision);
}

// Whether who would take part by it may be told: the new municipality and its police.
bool CoversBoth(const jv1::CaseFile& file) {
  const auto& covers = file.consent().covers();
  return ConsentInForce(file) && Covers(covers, pv1::AUTHORITY_KIND_MUNICIPALITY) &&
         Covers(covers, pv1::AUTHORITY_KIND_POLICE);
}

Decision RecordHearing(const jv1::CaseFile& file, const lv1::RecordHearingRequest& request,
                       const DecisionContext& context) {
  const Request& one = *relocation::Find(file.relocations(), request.relocation_id());
  if (relocation::HasEnded(one.seen().stage())) {
    return Decision::Refuse(relocation::Ended());
  }
  if (relocation::FindPlace(one, request.municipality()) == nullptr) {
    return Decision::Refuse("relocation.place_not_to_be_heard",
                            "The contact point has not put this municipality to the citizen.");
  }
  lv1::PlaceHearing hearing = request.hearing();
  if (auto fault = relocation::FaultIn(hearing)) return Decision::Refuse(*std::move(fault));
  const lv1::CitizenAnswer citizen = hearing.citizen();
  if (citizen != lv1::CITIZEN_ANSWER_YES && citizen != lv1::CITIZEN_ANSWER_NO) {
    return Decision::Refuse(
        BadInput("relocation.citizen_answer_required", "Say what the citizen answers: YES or NO."));
  }
  if (citizen == lv1::CITIZEN_ANSWER_YES && !CoversBoth(file)) {
    return Decision::Refuse("relocation.no_consent",
                            "A yes needs a consent in force that covers municipalities and the "
                            "police: RecordConsent.");
  }
  for (lv1::PlaceScore& score : *hearing.mutable_scores()) {
    score.set_source(lv1::SCORE_SOURCE_AUTHORITY_IN_CHARGE);
  }
  *hearing.mutable_heard() = ToProto(context.now);
  Decision decision;
  TellHeard(file, relocation::Hear(one, request.municipality(), std::move(hearing)), context,
            decision);
  return decision;
}

Decision RecordCitizenInformed(const jv1::CaseFile& file,
                               const lv1::RecordCitizenInformedRequest& request,
                               const DecisionContext& context) {
  const Request& one = *relocation::Find(file.relocations(), request.relocation_id());
  const lv1::Placement* const stands = Standing(one.seen());
  if (stands == nullptr) {
    return Decision::Refuse("relocation.not_decided", "No decision stands.");
  }
  if (stands->mode() != lv1::DECISION_MODE_CENTRAL_DECISION) {
    return Decision::Refuse("relocation.not_central",
                            "It rests on agreement, of which nobody complains.");
  }
  if (stands->has_citizen_informed()) {
    return Decision::Refuse("relocation.citizen_informed", "That is recorded.");
  }
  relocation::jv1::CitizenInformed informed;
  informed.set_relocation_id(request.relocation_id());
  *informed.mutable_instant() = ToProto(context.now);
  return Decision().AddEvent(EventWith<jv1::CaseEvent>(informed));
}

bool Follows(const jv1::Handover& handover, const lv1::Placement& placement) {
  return handover.side() == hv1::SIDE_HOLDER && handover.inquiry_id() == placement.inquiry_id() &&
         handover.decision_number() == placement.number();
}

// The handover that follows this decision; null: none was asked for.
const jv1::Handover* HandoverBy(const jv1::CaseFile& file, const lv1::Placement& placement) {
  return exchange::FindLastIn(file.handovers(), [&](const jv1::Handover& handover) {
    return Follows(handover, placement);
  });
}

// The one that is open to this municipality, by whichever decision or none; null: none.
const jv1::Handover* OpenHandoverTo(const jv1::CaseFile& file, const std::string& municipality,
                                    const DecisionContext& context) {
  const jv1::Handover* const open = OpenHandover(file);
  return open != nullptr && open->side() == hv1::SIDE_HOLDER &&
                 relocation::CodeOf(open->counterpart(), *context.directory) == municipality
             ? open
             : nullptr;
}

// What the handover comes to now, for the decision that stands.
void FollowHandover(const jv1::CaseFile& before, const jv1::CaseFile& file, const Request& one,
                    const DecisionContext& context, Decision& decision) {
  const lv1::Placement& stands = *Standing(one.seen());
  const jv1::Handover* const handover = HandoverBy(file, stands);
  if (handover == nullptr) return;
  const jv1::Handover* const was = FindHandover(before, handover->handover_id());
  if (was != nullptr && was->stage() == handover->stage()) return;
  const bool asked_back = was != nullptr && was->recall_requested();
  if (handover->stage() == hv1::HANDOVER_STAGE_RECALLED || (HasEnded(*handover) && asked_back)) {
    AnswerDecision(file, one, lv1::PLACEMENT_END_HANDOVER_RECALLED, context, decision);
  } else if (HasEnded(*handover)) {
    AnswerDecision(file, one, lv1::PLACEMENT_END_HANDOVER_REJECTED, context, decision);
  } else if (!IsBeforeAcceptance(*handover) && !stands.has_accepted()) {
    AnswerDecision(file, one, lv1::PLACEMENT_END_UNSPECIFIED, context, decision);
  }
}

// Nobody hands a case over to a place that it is not decided for any more. After the offer only the
// receiver can let go, and is asked to.
void CallOff(const jv1::CaseFile& file, const jv1::Handover* handover,
             const DecisionContext& context, Decision& decision) {
  if (handover == nullptr || !IsOpen(*handover)) return;
  if (IsBeforeOffer(*handover)) return Recall(file, *handover, context, decision);
  if (!handover->recall_requested()) AskForRecall(file, *handover, context, decision);
}

bool SaysYesTo(const Request& one, const lv1::Placement& placement) {
  const auto* const place = relocation::FindPlace(one, placement.municipality());
  return place != nullptr && relocation::SaysYes(*place);
}

// Of the decision that stands: it falls without the citizen's yes; a handover there that began
// without it gives way to the one that follows it.
void FollowStanding(const jv1::CaseFile& before, const jv1::CaseFile& file, const Request& one,
                    const DecisionContext& context, Decision& decision) {
  const lv1::Placement& stands = *Standing(one.seen());
  if (!SaysYesTo(one, stands)) {
    AnswerDecision(file, one, lv1::PLACEMENT_END_CITIZEN_DECLINES, context, decision);
    return CallOff(file, HandoverBy(file, stands), context, decision);
  }
  const jv1::Handover* const other = OpenHandoverTo(file, stands.municipality(), context);
  if (other != nullptr && other != HandoverBy(file, stands)) {
    CallOff(file, other, context, decision);
  }
  FollowHandover(before, file, one, context, decision);
}

// Who revokes the consent takes the yes back that rested on it.
void TakeYesBack(const jv1::CaseFile& file, const Request& one, const DecisionContext& context,
                 Decision& decision) {
  for (const auto& place : one.places()) {
    if (!relocation::SaysYes(place)) continue;
    lv1::PlaceHearing hearing = place.seen().hearing();
    hearing.set_citizen(lv1::CITIZEN_ANSWER_CONSENT_REVOKED);
    *hearing.mutable_heard() = ToProto(context.now);
    TellHeard(file, relocation::Hear(one, place.seen().municipality(), std::move(hearing)), context,
              decision);
  }
}

Decision OnHearing(const CaseLetter& letter, const Request* known,
                   const lv1::RelocationHearing& message) {
  return relocation::DecisionBy<jv1::CaseEvent>(
      relocation::ToldHearing(known, message, letter.context));
}

Decision OnDecided(const CaseLetter& letter, const Request* known,
                   const lv1::RelocationDecided& message) {
  return relocation::DecisionBy<jv1::CaseEvent>(
      relocation::ToldDecision(known, message, relocation::Owed::kHandover, letter.context));
}

Decision OnRevoked(const CaseLetter& letter, const Request* known,
                   const lv1::RelocationRevoked& message) {
  return relocation::DecisionBy<jv1::CaseEvent>(
      relocation::ToldRevocation(known, message, letter.context));
}

}  // namespace

void AnswerDecision(const jv1::CaseFile& file, const Request& one, lv1::PlacementEnd end,
                    const DecisionContext& context, Decision& decision) {
  lv1::RelocationPlacementAnswered message;
  message.set_relocation_id(one.seen().relocation_id());
  message.set_number(Standing(one.seen())->number());
  message.set_end(end);
  if (end == lv1::PLACEMENT_END_UNSPECIFIED) {
    return Tell(file, relocation::AcceptPlacement(one, context.now), message, context, decision);
  }
  Tell(file, relocation::EndPlacement(one, end, context.now), message, context, decision);
}

const Request* FollowedBy(const jv1::CaseFile& file, const jv1::Handover& handover) {
  const Request* const open = relocation::FindOpen(file.relocations());
  const lv1::Placement* const stands = open == nullptr ? nullptr : Standing(open->seen());
  return stands != nullptr && Follows(handover, *stands) ? open : nullptr;
}

const jv1::Handover* OnItsWay(const jv1::CaseFile& file, const Request& one,
                              const DecisionContext& context) {
  const lv1::Placement* const stands = Standing(one.seen());
  return stands == nullptr ? nullptr : OpenHandoverTo(file, stands->municipality(), context);
}

const lv1::Placement* MovedTo(const jv1::CaseFile& after, const Request& one,
                              const DecisionContext& context) {
  const auto* const moved =
      exchange::FindLastIn(after.handovers(), [](const jv1::Handover& handover) {
        return handover.side() == hv1::SIDE_HOLDER && HasMoved(handover);
      });
  if (moved == nullptr) return nullptr;
  return relocation::LastFor(one.seen(),
                             relocation::CodeOf(moved->counterpart(), *context.directory));
}

std::optional<exchange::Refusal> FollowDecision(const jv1::CaseFile& file,
                                                const DecisionContext& context,
                                                jv1::HandoverBegun& begun) {
  const Request* const open = relocation::FindOpen(file.relocations());
  if (open == nullptr) return std::nullopt;
  const std::string municipality = relocation::CodeOf(begun.counterpart(), *context.directory);
  const auto* const place = relocation::FindPlace(*open, municipality);
  const bool says_yes = place != nullptr && relocation::SaysYes(*place) && CoversBoth(file);
  if (place != nullptr && place->seen().has_hearing() && !says_yes) {
    return exchange::RefusedBy("relocation.no_consent",
                               "The citizen does not say yes to this municipality, or his consent "
                               "does not cover it: RecordConsent, RecordHearing.");
  }
  const lv1::Placement* const stands = Standing(open->seen());
  if (stands == nullptr || stands->municipality() != municipality) return std::nullopt;
  if (stands->mode() == lv1::DECISION_MODE_CENTRAL_DECISION && !stands->has_citizen_informed()) {
    return exchange::RefusedBy("relocation.citizen_not_informed",
                               "The citizen gets the grounds of the decision and how to complain "
                               "of it first: RecordCitizenInformed.");
  }
  begun.set_inquiry_id(stands->inquiry_id());
  begun.set_placed_by(stands->mode());
  begun.set_decision_number(stands->number());
  return std::nullopt;
}

void FollowPlacement(const jv1::CaseFile& before, const DecisionContext& context,
                     Decision& decision) {
  const Request* const was = relocation::FindOpen(before.relocations());
  if (was == nullptr || before.standing() != cv1::STANDING_RESPONSIBLE) return;
  auto after = After(before, decision);
  if (after->standing() != cv1::STANDING_RESPONSIBLE) return;
  const auto now = [&]() -> const Request& {
    return *relocation::Find(after->relocations(), was->seen().relocation_id());
  };
  if (CoversBoth(before) && !CoversBoth(*after) && !relocation::HasEnded(now().seen().stage())) {
    TakeYesBack(*after, now(), context, decision);
    after = After(before, decision);
  }
  const lv1::Placement* const stood = Standing(was->seen());
  if (Standing(now().seen()) != nullptr) {
    FollowStanding(before, *after, now(), context, decision);
  } else if (stood != nullptr) {
    CallOff(*after, HandoverBy(*after, *stood), context, decision);
  }
}

CasePart PlaceMethods() {
  CasePart part;
  part.Serve<lv1::RecordHearingRequest>({.target = &Views::Key<lv1::RecordHearingRequest>,
                                         .decide = &RecordHearing,
                                         .view = &Views::One<lv1::RecordHearingRequest>})
      .Serve<lv1::RecordCitizenInformedRequest>(
          {.target = &Views::Key<lv1::RecordCitizenInformedRequest>,
           .decide = &RecordCitizenInformed,
           .view = &Views::One<lv1::RecordCitizenInformedRequest>});
  return part;
}

CasePart PlaceLetters() {
  CasePart part;
  part.On(FromUnit(&OnHearing))
      .On(FromUnit(&OnDecided))
      .On(FromUnit(&OnRevoked))
      .After(&relocation::Change<jv1::CaseFile, relocation::jv1::HearingAsked>)
      .After(&relocation::Change<jv1::CaseFile, relocation::jv1::Heard>)
      .After(&relocation::Change<jv1::CaseFile, relocation::jv1::Placed>)
      .After(&relocation::Change<jv1::CaseFile, relocation::jv1::PlacementAccepted>)
      .After(&relocation::Change<jv1::CaseFile, relocation::jv1::PlacementEnded>)
      .After(&relocation::Change<jv1::CaseFile, relocation::jv1::CitizenInformed>)
      .After(&relocation::Change<jv1::CaseFile, relocation::jv1::Completed>);
  return part;
}

}  // namespace exitbus::casework
