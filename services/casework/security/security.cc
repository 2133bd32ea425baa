// What the case's police unit tells, and what is done about it here. Security is assessed by the
// police (SEC-01); the authority in charge of the case reads conclusions and precautions, and
// acknowledges these by name (SEC-09).
#include <optional>
#include <string>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/police/v1/messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/consent/basis.h"
#include "services/casework/consent/consent.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/rules.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programme.h"
#include "services/casework/programme/programmes.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/policy/viewer.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::LetterPlace;
using exchange::Needs;
using exchange::ToProto;

std::optional<Decision> RefuseReading(const cv1::SecurityPicture& picture, std::uint32_t version) {
  if (picture.version() == 0) {
    return Decision::Refuse("security.no_precautions", "The police have told no precautions yet.");
  }
  if (version != picture.version()) {
    return Decision::Refuse("security.other_version",
                            "Another version of the precautions is in force. Read it, "
                            "and acknowledge that version.");
  }
  if (!picture.acknowledged_by().empty()) {
    return Decision::Refuse("security.already_acknowledged", "This version has been acknowledged.");
  }
  return std::nullopt;
}

Decision Read(jv1::CaseEvent event, std::uint32_t version,
              const std::optional<exchange::Address>& police, const DecisionContext& context) {
  event.mutable_precautions_read()->set_acknowledged_by(context.caller.employee);
  police::v1::PrecautionsAcknowledged message;
  message.set_version(version);
  message.set_acknowledged_by(context.caller.employee);
  *message.mutable_acknowledged() = ToProto(context.now);
  Decision decision;
  decision.AddEvent(event);
  if (police) decision.Notify(police->For(pv1::PURPOSE_SECURITY), message);
  return decision;
}

bool IsOfCase(const jv1::CaseFile& file, const LetterPlace& place) {
  return place.sender == file.police() && place.subject == file.security_id();
}

Decision NotTheUnit() {
  return Decision::Refuse("letter.not_the_police_unit",
                          "Only the district's own police unit tells this.");
}

Decision RequestPoliceClarification(const jv1::CaseFile& file,
                                    const v1::RequestPoliceClarificationRequest&,
                                    const DecisionContext& context) {
  const auto basis = BasisFor(file, pv1::AUTHORITY_KIND_POLICE);
  if (!basis) {
    return Decision::Refuse("police.basis_required",
                            "Record a consent that covers the police (RecordConsent), or the law "
                            "that they may be told on (RecordLegalBasis).");
  }
  const bool anew = !file.police().empty();
  const std::string police = anew ? file.police() : PoliceOf(context.self->id, context);
  if (police.empty()) {
    return Decision::Refuse("police.none_listed",
                            "The directory lists no police unit for this authority's "
                            "district. Have it listed.");
  }
  jv1::CaseEvent event;
  jv1::PoliceInvolved& involved = *event.mutable_police_involved();
  involved.set_police(police);
  involved.set_security_id(anew ? file.security_id() : context.lookup->FreshId());
  involved.mutable_asked()->set_told_version(file.clarification().version());
  police::v1::PoliceClarificationRequested message;
  *message.mutable_person() = file.person();
  message.set_current_address(file.current_address());
  if (*basis == pv1::LEGAL_BASIS_CONSENT) {
    const std::uint64_t number =
        NextNumber(police, pv1::CHANNEL_CASE, involved.security_id(), {}, context);
    *involved.mutable_on_consent() =
        OnConsent(message, {pv1::READER_POLICE, pv1::LEVEL_FULL, {}}, number, context);
  }
  Decision decision;
  decision.AddEvent(event);
  const auto after = After(file, decision);
  decision.Notify(AddressOf(Whom::kPolice, *after, nullptr, context)->On(*basis), message);
  if (IsUnderWay(*after)) {
    TellPoliceCourse(*after, ToProto(context.now), context, decision);
  } else {
    TellPoliceStage(*after, file.stage(), context, decision);
  }
  return decision;
}

Decision AcknowledgePrecautions(const jv1::CaseFile& file,
                                const v1::AcknowledgePrecautionsRequest& request,
                                const DecisionContext& context) {
  if (auto refused = RefuseReading(file.security(), request.version())) return *std::move(refused);
  return Read({}, request.version(), AddressOf(Whom::kPolice, file, nullptr, context), context);
}

Decision AcknowledgeReceivedPrecautions(const jv1::CaseFile& file, const jv1::Handover& handover,
                                        const hv1::AcknowledgePrecautionsRequest& request,
                                        const DecisionContext& context) {
  if (auto refused = RefuseReading(handover.security(), request.version())) {
    return *std::move(refused);
  }
  return Read(EventOf(handover), request.version(),
              AddressOf(Whom::kReceivingPolice, file, &handover, context), context);
}

Decision OnClarified(const CaseLetter& letter,
                     const police::v1::PoliceClarificationDelivered& message) {
  const auto& [file, place, body, context] = letter;
  if (!IsOfCase(file, place)) return NotTheUnit();
  if (file.standing() != cv1::STANDING_RESPONSIBLE) {
    return Decision::NoEffect("clarification_crossed_take_over");
  }
  jv1::CaseEvent event;
  *event.mutable_police_clarified()->mutable_clarification() = message.clarification();
  return Decision().AddEvent(event);
}

// From the case's own unit; or, until the case is taken over, from the receiver's, under the
// handover's id.
Decision OnSecurityPicture(const CaseLetter& letter,
                           const police::v1::SecurityPictureChanged& message) {
  const auto& [file, place, body, context] = letter;
  jv1::CaseEvent event;
  const jv1::Handover* handover = FindHandover(file, place.subject);
  if (handover != nullptr && HasEnded(*handover)) {
    return Decision::NoEffect("precautions_crossed_end");
  }
  const bool of_receiver = handover != nullptr && handover->side() == hv1::SIDE_RECEIVER &&
                           place.sender == handover->receiving_police();
  if (!of_receiver && !IsOfCase(file, place)) return NotTheUnit();
  if (of_receiver && !HasMoved(*handover)) {
    event.set_handover_id(handover->handover_id());
  } else if (file.standing() != cv1::STANDING_RESPONSIBLE) {
    return Decision::NoEffect("precautions_crossed_take_over");
  }
  jv1::SecurityPictureLearnt& learnt = *event.mutable_security_picture_learnt();
  *learnt.mutable_picture() = message.picture();
  learnt.mutable_picture()->clear_acknowledged_by();  // these are said here alone
  learnt.mutable_picture()->clear_overdue();
  learnt.mutable_picture()->clear_asked();
  *learnt.mutable_learnt() = ToProto(context.now);
  *learnt.mutable_owed() = exchange::OwedBy(context.self->id, place.subject,
                                            exchange::FromProto(message.picture().due()));
  return Decision().AddEvent(event);
}

}  // namespace

// Reading precautions is a safety act: it may always be said.
CasePart SecurityPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme, &kOpensPolice, &kPoliceMayBeAsked,
                     &kNoOpenHandover},
                    &RequestPoliceClarification))
      .Serve(OnCase({&kResponsible}, &AcknowledgePrecautions, Needs::kNothing))
      .Serve(OnHandover({&kReceiverMoves, &kNotEnded, &kNotTakenOver},
                        &AcknowledgeReceivedPrecautions, Needs::kNothing))
      .On(&OnClarified)
      .On(&OnSecurityPicture);
  return part;
}

}  // namespace exitbus::casework
