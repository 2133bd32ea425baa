// What becomes of a supervised person's case beside its course, and what this unit does about it:
// precautions read, measures of its own, meetings that it is called to, a pause that it asks for.
#include <optional>
#include <utility>
#include <vector>

#include "exitbus/casework/v1/meeting_messages.pb.h"
#include "exitbus/kriminalforsorgen/v1/supervision_messages.pb.h"
#include "exitbus/kriminalforsorgen/v1/supervision_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/kriminalforsorgen/supervised_part.h"
#include "services/readiness/on_duty.h"
#include "services/taking_part/called.h"
#include "services/taking_part/measure.h"
#include "services/taking_part/pause.h"

namespace exitbus::kriminalforsorgen {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::ToProto;

// That somebody has read them stays said of the same version.
Decision OnMatters(const SupervisedLetter& letter, const v1::CaseMattersTold& message) {
  if (auto refused = RefuseStranger(letter, message.number())) return *std::move(refused);
  jv1::Supervised now = letter.state;
  v1::CaseMatters& matters = *now.mutable_seen()->mutable_matters();
  const cv1::SecurityPicture before = matters.security();
  matters = message.matters();
  if (!matters.has_security()) return So(now);
  cv1::SecurityPicture& security = *matters.mutable_security();
  security.clear_acknowledged_by();
  security.clear_asked();
  if (security.version() == before.version()) {
    security.set_acknowledged_by(before.acknowledged_by());
    if (before.has_asked()) *security.mutable_asked() = before.asked();
  } else {
    now.clear_precautions_asked();
    *now.mutable_security_learnt() = ToProto(letter.context.now);
  }
  return So(now);
}

std::vector<exchange::Deadline> NextOf(const jv1::Supervised& known) {
  if (IsOver(known) || !known.has_security_learnt()) return {};
  return readiness::NextToAsk({known.seen().matters().security(),
                               exchange::FromProto(known.security_learnt()),
                               known.precautions_asked()});
}

Decision AskNext(const jv1::Supervised& known, std::string_view, const DecisionContext& context) {
  const auto next = NextOf(known);
  if (next.empty() || next.front().due > context.now) return Decision::NoEffect("precautions_read");
  const cv1::OnDuty on_duty = readiness::OnDutyNow(known.precautions_asked(), context);
  jv1::Supervised now = known;
  now.set_precautions_asked(known.precautions_asked() + 1);
  cv1::SecurityPicture& security = *now.mutable_seen()->mutable_matters()->mutable_security();
  security.clear_asked();
  if (on_duty.has_since()) *security.mutable_asked() = on_duty;
  Decision decision = So(now);
  readiness::ReportAsked(known.precautions_asked(), on_duty, decision);
  return decision;
}

Decision OnInvited(const SupervisedLetter& letter, const cv1::MeetingInvitation& message) {
  if (auto refused = RefuseStranger(letter, message.number())) return *std::move(refused);
  jv1::Supervised now = letter.state;
  auto& meetings = *now.mutable_seen()->mutable_meetings();
  taking_part::Replace(taking_part::Told(message.meeting(), meetings), meetings);
  return So(now);
}

Decision AnswerMeeting(const jv1::Supervised& known,
                       const v1::AnswerSupervisedMeetingRequest& request, const DecisionContext&) {
  if (auto over = RefuseOver(known)) return *std::move(over);
  return taking_part::Answer(
      known.seen().meetings(), request.invitation_id(), request.coming(),
      [&](const cv1::CalledMeeting& meeting) {
        jv1::Supervised now = known;
        taking_part::Replace(meeting, *now.mutable_seen()->mutable_meetings());
        return So(now).Notify(pv1::RELATION_KRIMINALFORSORGEN, Holder(now.seen()),
                              taking_part::AnswerOf(meeting));
      });
}

Decision RequestPause(const jv1::Supervised& known, const v1::RequestSupervisedPauseRequest&,
                      const DecisionContext& context) {
  if (auto over = RefuseOver(known)) return *std::move(over);
  const v1::SupervisedCase& seen = known.seen();
  const bool is_open =
      seen.stage() == cv1::CASE_STAGE_ENROLLED || seen.stage() == cv1::CASE_STAGE_ACTIVE;
  if (auto refused =
          taking_part::RefusePause({is_open, seen.paused(), seen.has_pause_requested()})) {
    return *std::move(refused);
  }
  jv1::Supervised now = known;
  *now.mutable_seen()->mutable_pause_requested() = ToProto(context.now);
  now.mutable_seen()->clear_pause_declined();
  cv1::PauseRequested message;
  message.set_reason(cv1::PAUSE_REASON_CUSTODY);
  return So(now).Notify(pv1::RELATION_KRIMINALFORSORGEN, Holder(now.seen()), message);
}

Decision OnPauseDeclined(const SupervisedLetter& letter, const cv1::PauseDeclined& message) {
  if (auto refused = RefuseStranger(letter, message.number())) return *std::move(refused);
  if (!letter.state.seen().has_pause_requested()) return Decision::NoEffect("pause_not_asked");
  jv1::Supervised now = letter.state;
  now.mutable_seen()->clear_pause_requested();
  *now.mutable_seen()->mutable_pause_declined() = ToProto(letter.context.now);
  return So(now);
}

Decision ReadPrecautions(const jv1::Supervised& known, const v1::ReadSupervisedPrecautionsRequest&,
                         const DecisionContext& context) {
  if (auto over = RefuseOver(known)) return *std::move(over);
  if (!known.seen().matters().has_security()) {
    return Decision::Refuse("precautions.none", "This unit was told no precautions.");
  }
  if (!known.seen().matters().security().acknowledged_by().empty()) {
    return Decision::Refuse("precautions.read", "Somebody has read this version.");
  }
  jv1::Supervised now = known;
  cv1::SecurityPicture& security = *now.mutable_seen()->mutable_matters()->mutable_security();
  security.set_acknowledged_by(context.caller.employee);
  security.clear_asked();
  v1::SupervisedPrecautionsRead message;
  message.set_version(security.version());
  message.set_read_by(context.caller.employee);
  return So(now).Notify(pv1::RELATION_KRIMINALFORSORGEN, Holder(now.seen()), message);
}

Decision ReportMeasure(const jv1::Supervised& known,
                       const v1::ReportSupervisedMeasureRequest& request,
                       const DecisionContext& context) {
  if (auto over = RefuseOver(known)) return *std::move(over);
  jv1::Supervised now = known;
  v1::CaseMatters& matters = *now.mutable_seen()->mutable_matters();
  const auto* const measure = exchange::FindIn(
      matters.agreement().measures(),
      [&](const cv1::Measure& one) { return one.measure_id() == request.measure_id(); });
  if (measure == nullptr) {
    return Decision::Refuse(
        BadInput("measure.unknown", "Name a measure of the agreement, by the id it has there."));
  }
  if (measure->owner() != context.self->id) {
    return Decision::Refuse("measure.not_ours",
                            "Only the authority that owns a measure moves it. Ask that one.");
  }
  auto* progress = exchange::FindIn(
      *matters.mutable_measure_progress(),
      [&](const cv1::MeasureProgress& one) { return one.measure_id() == request.measure_id(); });
  const auto before = progress == nullptr ? cv1::MEASURE_STAGE_UNSPECIFIED : progress->stage();
  if (auto refused = taking_part::RefuseMove(
          before, {request.stage(), request.stopped_on(), request.reasons()})) {
    return *std::move(refused);
  }
  if (progress == nullptr) progress = matters.add_measure_progress();
  progress->set_measure_id(request.measure_id());
  progress->set_stage(request.stage());
  const bool begins = request.stage() == cv1::MEASURE_STAGE_STARTED;
  *(begins ? progress->mutable_started() : progress->mutable_ended()) = ToProto(context.now);
  if (request.stage() == cv1::MEASURE_STAGE_STOPPED) {
    progress->set_stopped_on(request.stopped_on());
    progress->set_reasons(request.reasons());
  }
  v1::MeasureReported message;
  *message.mutable_progress() = *progress;
  return So(now).Notify(pv1::RELATION_KRIMINALFORSORGEN, Holder(now.seen()), message);
}

}  // namespace

SupervisedPart Matters() {
  SupervisedPart part;
  part.On(exchange::OnceKnown(&IsKnown, &OnMatters))
      .On(exchange::OnceKnown(&IsKnown, &OnInvited))
      .On(exchange::OnceKnown(&IsKnown, &OnPauseDeclined))
      .Due("on_duty", &NextOf, &AskNext)
      .Serve<v1::AnswerSupervisedMeetingRequest>(
          {.target = &ById, .decide = &AnswerMeeting, .view = &View})
      .Serve<v1::RequestSupervisedPauseRequest>(
          {.target = &ById, .decide = &RequestPause, .view = &View})
      .Serve<v1::ReadSupervisedPrecautionsRequest>(
          {.target = &ById, .decide = &ReadPrecautions, .view = &View})
      .Serve<v1::ReportSupervisedMeasureRequest>(
          {.target = &ById, .decide = &ReportMeasure, .view = &View});
  return part;
}

}  // namespace exitbus::kriminalforsorgen
