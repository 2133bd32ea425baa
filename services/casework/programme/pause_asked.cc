// That the police, for his safety, or Kriminalforsorgen, since he is in custody anew, ask for a
// pause of the course (C14). Who answers for the case decides.
#include "exitbus/casework/v1/meeting_messages.pb.h"
#include "exitbus/casework/v1/programme_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/methods.h"
#include "services/casework/programme/called.h"
#include "services/casework/rules.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;

const Rule kPauseAsked{"programme.no_pause_asked", "Nobody asks for a pause, or it is decided.",
                       [](const Situation& s) { return s.file.has_pause_requested(); }};

// Each for its own reason.
cv1::PauseReason ReasonOf(policy::v1::AuthorityKind sender) {
  return sender == policy::v1::AUTHORITY_KIND_POLICE ? cv1::PAUSE_REASON_SECURITY
                                                     : cv1::PAUSE_REASON_CUSTODY;
}

Decision OnAsked(const CaseLetter& letter, const cv1::PauseRequested& message) {
  if (auto other = NotOfWhoTakesPart(letter)) return *std::move(other);
  const jv1::CaseFile& file = letter.state;
  if (message.reason() != ReasonOf(letter.place.sender_kind)) {
    return Decision::Refuse("pause.reason",
                            "The police ask for it for his safety, Kriminalforsorgen since he is "
                            "in custody.");
  }
  if (!IsEnrolled(file.stage()) || file.has_paused()) {
    return Decision::NoEffect("pause_crossed_course");
  }
  jv1::CaseEvent event;
  cv1::PauseRequest& requested = *event.mutable_pause_asked()->mutable_requested();
  requested.set_asked_by(letter.place.sender);
  requested.set_reason(message.reason());
  *requested.mutable_received() = exchange::ToProto(letter.context.now);
  return Decision().AddEvent(event);
}

// Who has asked hears it, where it still takes part.
Decision Decline(const jv1::CaseFile& file, const v1::DeclinePauseRequest&,
                 const DecisionContext& context) {
  jv1::CaseEvent event;
  event.mutable_pause_declined();
  cv1::PauseDeclined message;
  message.set_number(file.number());
  return Decision().AddEvent(event).Notify(
      AddressOfWhoTakesPart(file, file.pause_requested().asked_by(), context), message);
}

void Ask(jv1::CaseFile& file, const jv1::PauseAsked& asked) {
  *file.mutable_pause_requested() = asked.requested();
}

void Forget(jv1::CaseFile& file, const jv1::PauseDeclined&) { file.clear_pause_requested(); }

}  // namespace

CasePart PauseAskedPart() {
  CasePart part;
  part.On(&OnAsked)
      .Serve(OnCase({&kResponsible, &kInProgramme, &kPauseAsked}, &Decline))
      .After(&Ask)
      .After(&Forget);
  return part;
}

}  // namespace exitbus::casework
