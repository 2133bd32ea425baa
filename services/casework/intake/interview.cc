// The talk with the citizen by the clarification form, and whether he has to move for good.
#include "exitbus/casework/v1/intake_service.pb.h"
#include "services/casework/intake/intake.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programmes.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::ToProto;

bool SaysOfHealth(const cv1::Interview& interview) {
  return !interview.health().empty() || !interview.substances().empty();
}

Decision RecordInterview(const jv1::CaseFile& file, const v1::RecordInterviewRequest& request,
                         const DecisionContext& context) {
  cv1::Interview interview = request.interview();
  *interview.mutable_recorded() = ToProto(context.now);
  if (!interview.has_held()) *interview.mutable_held() = ToProto(context.now);
  if (FromProto(interview.held()) > context.now) {
    return Invalid("interview.held_when", "An interview was held, not in the future.");
  }
  if (interview.most_pressing().empty()) {
    return Invalid("interview.empty", "Say what the citizen needs most, as he sees it.");
  }
  if (SaysOfHealth(interview) && !ConsentInForce(file)) {
    return Decision::Refuse("interview.health_needs_consent",
                            "Illness and substances are recorded on the citizen's consent only: "
                            "RecordConsent, or leave them out.");
  }
  jv1::CaseEvent event;
  *event.mutable_interviewed()->mutable_interview() = interview;
  return Decision().AddEvent(event);
}

Decision StateRelocationNeed(const jv1::CaseFile&, const v1::StateRelocationNeedRequest& request,
                             const DecisionContext& context) {
  if (request.answer() == cv1::RELOCATION_ANSWER_UNSPECIFIED) {
    return Invalid("relocation_need.answer_required",
                   "Say whether the person has to move for good, or that it is not known yet.");
  }
  const bool is_unknown = request.answer() == cv1::RELOCATION_ANSWER_UNKNOWN;
  const bool is_to_come = request.has_known_by() && FromProto(request.known_by()) > context.now;
  if (is_unknown != request.has_known_by() || is_unknown != is_to_come) {
    return Invalid("relocation_need.known_by",
                   "Of what is not known yet, and of that alone, say by which day to come it is.");
  }
  jv1::CaseEvent event;
  cv1::RelocationNeed& need = *event.mutable_relocation_need_stated()->mutable_need();
  need.set_answer(request.answer());
  if (is_unknown) *need.mutable_known_by() = request.known_by();
  *need.mutable_stated() = ToProto(context.now);
  return Decision().AddEvent(event);
}

void Interview(jv1::CaseFile& file, const jv1::Interviewed& interviewed) {
  *file.mutable_intake()->mutable_interview() = interviewed.interview();
}

void StateNeed(jv1::CaseFile& file, const jv1::RelocationNeedStated& stated) {
  *file.mutable_intake()->mutable_relocation_need() = stated.need();
}

bool IsTiedToAPlace(const cv1::Measure& measure) {
  return measure.type() == cv1::MEASURE_TYPE_HOUSING ||
         measure.type() == cv1::MEASURE_TYPE_EMPLOYMENT ||
         measure.type() == cv1::MEASURE_TYPE_EDUCATION;
}

}  // namespace

const Rule kInterviewed{
    "visitation.interview_required",
    "This authority talks with the citizen by the clarification form first: RecordInterview.",
    [](const Situation& s) {
      return !Requires(s.context, cv1::INTAKE_STEP_INTERVIEW) || s.file.intake().has_interview();
    }};

const Rule kMotivated{
    "visitation.motivation_not_real",
    "The interview has not found the citizen's motivation real. Talk with him again "
    "(RecordInterview), or EndProgramme.",
    [](const Situation& s) {
      const cv1::Intake& intake = s.file.intake();
      return !intake.has_interview() || intake.interview().motivation_is_real();
    }};

// Who has taken a case over goes on with it.
bool IsRelocationClarified(const jv1::CaseFile& file, const cv1::Agreement& agreement) {
  const auto ties = [](const cv1::Agreement& one) {
    return exchange::FindIn(one.measures(), &IsTiedToAPlace) != nullptr;
  };
  return file.intake().has_relocation_need() || file.number() > 1 ||
         !Opens(file, cv1::PROGRAMME_OPENING_RELOCATION) || ties(file.agreement()) ||
         !ties(agreement);
}

CasePart InterviewPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme, &kHasBasis}, &RecordInterview))
      .Serve(OnCase({&kResponsible, &kInProgramme}, &StateRelocationNeed))
      .After(&Interview)
      .After(&StateNeed);
  return part;
}

}  // namespace exitbus::casework
