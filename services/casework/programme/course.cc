// The course of a programme from the agreement on: started, paused, ended by a decision. What
// follows an end stands in follow_up.cc, what a change of programme opens in change.cc.
#include <optional>

#include "exitbus/casework/v1/programme_service.pb.h"
#include "exitbus/nec/v1/messages.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/rules.h"
#include "services/casework/intake/intake.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programme.h"
#include "services/casework/programme/programmes.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::ToProto;
using google::protobuf::Timestamp;

const Rule kCourseIsOpen{"programme.not_enrolled",
                         "There is no course yet. Sign the cooperation agreement first.",
                         [](const Situation& s) { return IsEnrolled(s.file.stage()); }};

const Rule kNotStarted{"programme.started", "The course has been started.",
                       [](const Situation& s) { return s.file.stage() != cv1::CASE_STAGE_ACTIVE; }};

const Rule kNotPaused{"programme.paused", "The course is paused already.",
                      [](const Situation& s) { return !s.file.has_paused(); }};

const Rule kPaused{"programme.not_paused", "The course is not paused.",
                   [](const Situation& s) { return s.file.has_paused(); }};

bool IsPast(const Timestamp& time, const DecisionContext& context) {
  return FromProto(time) <= context.now;
}

// The event; and those told who hear where the case stands after it, since then.
void Reach(const jv1::CaseFile& file, const jv1::CaseEvent& event, const Timestamp& since,
           const DecisionContext& context, Decision& decision) {
  decision.AddEvent(event);
  TellStage(*After(file, decision), since, context, decision);
}

Decision Reached(const jv1::CaseFile& file, const jv1::CaseEvent& event, const Timestamp& since,
                 const DecisionContext& context) {
  Decision decision;
  Reach(file, event, since, context, decision);
  return decision;
}

Decision StartProgramme(const jv1::CaseFile& file, const v1::StartProgrammeRequest& request,
                        const DecisionContext& context) {
  const absl::Time started = request.has_started() ? FromProto(request.started()) : context.now;
  if (!CanHaveBegun(file, started, context)) {
    return Invalid("programme.started_when",
                   "The first measure has begun after the visitation, and not in the future.");
  }
  Decision decision;
  BeginCourse(file, started, context, decision);
  return decision;
}

Decision PauseProgramme(const jv1::CaseFile& file, const v1::PauseProgrammeRequest& request,
                        const DecisionContext& context) {
  if (request.reason() == cv1::PAUSE_REASON_UNSPECIFIED) {
    return Invalid("programme.pause_reason_required", "Say why the course is paused.");
  }
  jv1::CaseEvent event;
  cv1::Pause& paused = *event.mutable_programme_paused()->mutable_paused();
  *paused.mutable_since() = ToProto(context.now);
  paused.set_reason(request.reason());
  return Reached(file, event, paused.since(), context);
}

Decision ResumeProgramme(const jv1::CaseFile& file, const v1::ResumeProgrammeRequest&,
                         const DecisionContext& context) {
  jv1::CaseEvent event;
  event.mutable_programme_resumed();
  return Reached(file, event, ToProto(context.now), context);
}

// At which stages people may decide so.
bool FitsStage(cv1::EndCode code, cv1::CaseStage stage) {
  switch (code) {
    case cv1::END_CODE_COMPLETED:
      return stage == cv1::CASE_STAGE_ACTIVE;
    case cv1::END_CODE_LAPSED:
      return IsEnrolled(stage);
    case cv1::END_CODE_NEVER_STARTED:
      return stage == cv1::CASE_STAGE_VISITED || stage == cv1::CASE_STAGE_ENROLLED;
    case cv1::END_CODE_REJECTED:
    case cv1::END_CODE_REDIRECTED:
      return stage == cv1::CASE_STAGE_REFERRED || stage == cv1::CASE_STAGE_VISITED;
    default:
      return true;
  }
}

bool IsTurnedAway(cv1::EndCode code) {
  return code == cv1::END_CODE_REJECTED || code == cv1::END_CODE_REDIRECTED;
}

// What this authority has decided of the ground (CF-6); it is a decision by people in any case.
std::optional<Decision> RefuseGround(const cv1::ProgrammeEnd& end, const DecisionContext& context) {
  if (context.course == nullptr) return std::nullopt;
  const auto& all = context.course->exclusions;
  const auto found = all.find(end.ground());
  const auto exclusion = found == all.end() ? exchange::Exclusion::kExclude : found->second;
  if (exclusion == exchange::Exclusion::kIgnore) {
    return Decision::Refuse("programme.ground_ignored",
                            "This authority turns nobody away on this ground.");
  }
  if (exclusion == exchange::Exclusion::kRedirect && end.code() == cv1::END_CODE_REJECTED) {
    return Decision::Refuse("programme.ground_redirects",
                            "On this ground this authority redirects: say to which other offer.");
  }
  return std::nullopt;
}

// What this end needs to be said of it.
std::optional<Decision> RefuseWords(const cv1::ProgrammeEnd& end, const DecisionContext& context) {
  const cv1::EndCode code = end.code();
  if (code == cv1::END_CODE_UNSPECIFIED || code == cv1::END_CODE_WITHDRAWN ||
      code == cv1::END_CODE_OTHER_PROGRAMME) {
    return Invalid("programme.end_code",
                   "Say how the course ends. That the citizen withdraws is RecordWithdrawal, that "
                   "he goes on in another programme ChangeProgramme.");
  }
  const bool is_turned_away = IsTurnedAway(code);
  if (is_turned_away && end.ground() == cv1::REJECTION_GROUND_UNSPECIFIED) {
    return Invalid("programme.ground_required", "Say on which ground.");
  }
  if (is_turned_away) {
    if (auto refused = RefuseGround(end, context)) return refused;
  }
  if (code == cv1::END_CODE_REDIRECTED && end.redirected_to() == cv1::REDIRECT_TARGET_UNSPECIFIED) {
    return Invalid("programme.redirected_where", "Say to which other offer.");
  }
  if ((is_turned_away || code == cv1::END_CODE_LAPSED) && end.reasons().empty()) {
    return Invalid("programme.reasons_required",
                   "Give the decision's reasons in words; of a lapse, what was disregarded.");
  }
  if (code == cv1::END_CODE_LAPSED &&
      !(end.has_citizen_heard() && IsPast(end.citizen_heard(), context))) {
    return Invalid("programme.citizen_not_heard",
                   "A lapse is decided once the citizen has been heard (forvaltningsloven § 19). "
                   "Say when that was.");
  }
  if (code == cv1::END_CODE_COMPLETED &&
      !(end.has_evaluated() && IsPast(end.evaluated(), context))) {
    return Invalid("programme.not_evaluated",
                   "A course is completed once it has been evaluated with the citizen. Say when "
                   "that was.");
  }
  return std::nullopt;
}

Decision EndProgramme(const jv1::CaseFile& file, const v1::EndProgrammeRequest& request,
                      const DecisionContext& context) {
  cv1::ProgrammeEnd end;
  end.set_code(request.code());
  *end.mutable_ended() = ToProto(context.now);
  if (IsTurnedAway(end.code())) end.set_ground(request.ground());
  if (end.code() == cv1::END_CODE_REDIRECTED) end.set_redirected_to(request.redirected_to());
  end.set_reasons(request.reasons());
  if (request.has_citizen_heard()) *end.mutable_citizen_heard() = request.citizen_heard();
  if (request.has_evaluated()) *end.mutable_evaluated() = request.evaluated();
  if (auto refused = RefuseWords(end, context)) return *std::move(refused);
  if (end.redirected_to() ==
      (IsAdult(file, context.now) ? cv1::REDIRECT_TARGET_SSP : cv1::REDIRECT_TARGET_KSP)) {
    return Invalid("programme.redirected_by_age", "SSP is for who is under 18, KSP from 18 on.");
  }
  if (!FitsStage(end.code(), file.stage())) {
    return Decision::Refuse("programme.end_code_at_stage",
                            "Before the agreement a case is rejected or redirected, or was never "
                            "started; after it, it lapses; after the start it can be completed.");
  }
  jv1::CaseEvent event;
  jv1::ProgrammeEnded& ended = *event.mutable_programme_ended();
  *ended.mutable_end() = end;
  if (end.code() != cv1::END_CODE_DIED) {
    *ended.mutable_follow_ups() = FollowUpsFrom(file, context);
  }
  Decision decision = Reached(file, event, end.ended(), context);
  const jv1::Handover* const open = OpenHandover(file);
  if (open != nullptr) Recall(file, *open, context, decision);
  return decision;
}

}  // namespace

CasePart CoursePart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme, &kCourseIsOpen, &kNotStarted, &kNotFrozen},
                    &StartProgramme))
      .Serve(OnCase({&kResponsible, &kInProgramme, &kCourseIsOpen, &kNotPaused, &kNotFrozen},
                    &PauseProgramme))
      .Serve(OnCase({&kResponsible, &kInProgramme, &kPaused, &kNotFrozen}, &ResumeProgramme))
      .Serve(OnCase({&kResponsible, &kInProgramme, &kNotFrozen}, &EndProgramme));
  return part;
}

nec::v1::ProgrammeStageReached StageOf(const jv1::CaseFile& file, const Timestamp& since) {
  nec::v1::ProgrammeStageReached message;
  message.set_number(file.number());
  message.set_stage(file.stage());
  message.set_paused(file.has_paused());
  message.set_end(file.end().code());
  *message.mutable_since() = since;
  return message;
}

std::optional<Timestamp> ReviewDue(cv1::Programme programme, absl::Time from,
                                   const DecisionContext& context) {
  if (context.course == nullptr) return std::nullopt;
  const auto& all = context.course->review_after_months;
  const auto months =
      all.find(IsFramework(programme) ? cv1::PROGRAMME_NATIONAL_FRAMEWORK : programme);
  if (months == all.end()) return std::nullopt;
  return ToProto(exchange::AddMonths(from, months->second));
}

bool IsUnderWay(const jv1::CaseFile& file) { return file.has_started() || file.has_paused(); }

bool CanHaveBegun(const jv1::CaseFile& file, absl::Time time, const DecisionContext& context) {
  return time <= context.now && time >= FromProto(file.visitation().decided());
}

void BeginCourse(const jv1::CaseFile& file, absl::Time started, const DecisionContext& context,
                 Decision& decision) {
  jv1::CaseEvent event;
  *event.mutable_programme_started()->mutable_started() = ToProto(started);
  AddReview(file.programme(), started, context, *event.mutable_programme_started());
  Reach(file, event, ToProto(started), context, decision);
}

void TellPoliceCourse(const jv1::CaseFile& file, const Timestamp& since,
                      const DecisionContext& context, Decision& decision) {
  if (!Opens(file, cv1::PROGRAMME_OPENING_POLICE)) return;
  decision.Notify(AddressOf(Whom::kPolice, file, nullptr, context), StageOf(file, since));
}

void TellStage(const jv1::CaseFile& file, const Timestamp& since, const DecisionContext& context,
               Decision& decision) {
  TellPoliceCourse(file, since, context, decision);
  if (IsInOverview(file)) {
    decision.Notify(AddressOf(Whom::kNec, file, nullptr, context), StageOf(file, since));
  }
}

}  // namespace exitbus::casework
