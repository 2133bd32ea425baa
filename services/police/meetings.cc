// Meetings with the citizen that the authority in charge calls this unit to; and that the unit asks
// it for a pause of the course.
#include "exitbus/casework/v1/meeting_messages.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/proto_time.h"
#include "services/police/parts.h"
#include "services/police/programme.h"
#include "services/police/security_decider.h"
#include "services/police/security_file.h"
#include "services/police/telling.h"
#include "services/taking_part/called.h"
#include "services/taking_part/pause.h"

namespace exitbus::police {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;

Decision Note(const cv1::CalledMeeting& meeting) {
  jv1::SecurityEvent event;
  *event.mutable_meeting_noted()->mutable_meeting() = meeting;
  return Decision().AddEvent(event);
}

Decision OnInvited(const SecurityLetter& letter, const cv1::MeetingInvitation& message) {
  if (auto instead = NotOfCaseInCharge(letter)) return *std::move(instead);
  return Note(taking_part::Told(message.meeting(), letter.state.meetings()));
}

Decision OnPauseDeclined(const SecurityLetter& letter, const cv1::PauseDeclined&) {
  if (auto instead = NotOfCaseInCharge(letter)) return *std::move(instead);
  if (!letter.state.has_pause_requested()) return Decision::NoEffect("pause_not_asked");
  jv1::SecurityEvent event;
  *event.mutable_pause_declined()->mutable_declined() = exchange::ToProto(letter.context.now);
  return Decision().AddEvent(event);
}

bool IsInCharge(const jv1::SecurityFile& file) {
  return file.standing() == v1::POLICE_STANDING_IN_CHARGE;
}

Decision AnswerMeeting(const jv1::SecurityFile& file, const v1::AnswerMeetingRequest& request,
                       const DecisionContext& context) {
  if (!IsInCharge(file)) return NotInCharge();
  return taking_part::Answer(file.meetings(), request.invitation_id(), request.coming(),
                             [&](const cv1::CalledMeeting& meeting) {
                               return Note(meeting).Notify(pv1::RELATION_POLICE,
                                                           HolderOf(file, context),
                                                           taking_part::AnswerOf(meeting));
                             });
}

Decision RequestPause(const jv1::SecurityFile& file, const v1::RequestPauseRequest&,
                      const DecisionContext& context) {
  if (!IsInCharge(file)) return NotInCharge();
  const bool is_open = IsFurther(file.stage(), cv1::CASE_STAGE_VISITED) && !IsOver(file.stage());
  if (auto refused =
          taking_part::RefusePause({is_open, file.paused(), file.has_pause_requested()})) {
    return *std::move(refused);
  }
  jv1::SecurityEvent event;
  *event.mutable_pause_requested()->mutable_requested() = exchange::ToProto(context.now);
  cv1::PauseRequested message;
  message.set_reason(cv1::PAUSE_REASON_SECURITY);
  return Decision().AddEvent(event).Notify(pv1::RELATION_POLICE, HolderOf(file, context), message);
}

void Replace(jv1::SecurityFile& file, const jv1::MeetingNoted& noted) {
  taking_part::Replace(noted.meeting(), *file.mutable_meetings());
}

void Ask(jv1::SecurityFile& file, const jv1::PauseRequested& requested) {
  *file.mutable_pause_requested() = requested.requested();
  file.clear_pause_declined();
}

void Decline(jv1::SecurityFile& file, const jv1::PauseDeclined& declined) {
  file.clear_pause_requested();
  *file.mutable_pause_declined() = declined.declined();
}

}  // namespace

SecurityPart Meetings() {
  SecurityPart part;
  part.On(&OnInvited)
      .On(&OnPauseDeclined)
      .After(&Replace)
      .After(&Ask)
      .After(&Decline)
      .Serve<v1::AnswerMeetingRequest>(
          {.target = &BySecurityId, .decide = &AnswerMeeting, .view = &View})
      .Serve<v1::RequestPauseRequest>(
          {.target = &BySecurityId, .decide = &RequestPause, .view = &View});
  return part;
}

}  // namespace exitbus::police
