// What this authority's own units know of the person: asked by the coordinator, answered by each
// unit itself (VIS-08, VIS-09).
#include "exitbus/casework/v1/intake_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/access/units.h"
#include "services/casework/consent/basis.h"
#include "services/casework/intake/intake.h"
#include "services/casework/methods.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"
#include "services/policy/readers.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::ToProto;

// Null: the unit has not been asked.
const jv1::UnitQuestion* FindQuestion(const jv1::CaseFile& file, int function) {
  return exchange::FindIn(file.questions(), [&](const jv1::UnitQuestion& question) {
    return question.seen().function() == function;
  });
}

bool CanBeAsked(int function, const DecisionContext& context) {
  const pv1::Reader reader =
      policy::ReaderFor(context.self->kind, static_cast<pv1::Function>(function));
  return reader == pv1::READER_JOBCENTRE || reader == pv1::READER_CITIZEN_SERVICE ||
         reader == pv1::READER_FAMILY_CENTRE || reader == pv1::READER_EDUCATION_GUIDANCE ||
         reader == pv1::READER_HEALTH_CENTRE;
}

Decision AskUnit(const jv1::CaseFile& file, const v1::AskUnitRequest& request,
                 const DecisionContext& context) {
  const pv1::Function function = request.function();
  if (!CanBeAsked(function, context)) {
    return Invalid("unit.cannot_be_asked",
                   "Ask the jobcentre, the citizen service or the family centre of this "
                   "municipality.");
  }
  const jv1::UnitQuestion* const before = FindQuestion(file, function);
  if (before != nullptr && before->has_owed()) {
    return Decision::Refuse("unit.asked_already", "The unit has been asked and has not answered.");
  }
  Decision decision;
  if (!IsInvolved(file, policy::ReaderFor(context.self->kind, function), context)) {
    decision.AddEvent(InvolvementOf(function, context));
  }
  jv1::CaseEvent event;
  jv1::UnitQuestion& question = *event.mutable_unit_asked()->mutable_question();
  // What it said before stands until it says something else.
  if (before != nullptr) *question.mutable_seen() = before->seen();
  question.mutable_seen()->set_function(function);
  *question.mutable_seen()->mutable_asked() = ToProto(context.now);
  question.mutable_seen()->set_question(request.question());
  *question.mutable_owed() =
      exchange::OwedBy(context.self->id, pv1::Function_Name(function),
                       exchange::AddWorkingDays(context.now, context.deadline_days.unit_answer));
  return decision.AddEvent(event);
}

Decision AnswerUnitQuestion(const jv1::CaseFile& file, const v1::AnswerUnitQuestionRequest& request,
                            const DecisionContext& context) {
  const pv1::Function function = policy::FunctionNamed(context.caller.function);
  if (FindQuestion(file, function) == nullptr) {
    return Decision::Refuse("unit.not_asked", "Your unit has not been asked about this case.");
  }
  jv1::CaseEvent event;
  jv1::UnitAnswered& answered = *event.mutable_unit_answered();
  answered.set_function(function);
  *answered.mutable_answer() = request.answer();
  *answered.mutable_answered() = ToProto(context.now);
  return Decision().AddEvent(event);
}

void Ask(jv1::CaseFile& file, const jv1::UnitAsked& asked) {
  const auto* const before = FindQuestion(file, asked.question().seen().function());
  *(before != nullptr ? const_cast<jv1::UnitQuestion*>(before) : file.add_questions()) =
      asked.question();
}

void Answer(jv1::CaseFile& file, const jv1::UnitAnswered& answered) {
  for (jv1::UnitQuestion& question : *file.mutable_questions()) {
    if (question.seen().function() != answered.function()) continue;
    *question.mutable_seen()->mutable_answer() = answered.answer();
    *question.mutable_seen()->mutable_answered() = answered.answered();
    question.clear_owed();
  }
}

std::vector<exchange::NamedObligation> AnswersOwed(const jv1::CaseFile& file) {
  std::vector<exchange::NamedObligation> owed;
  if (!IsOursToPursue(file) || !HasBasis(file)) return owed;
  for (const jv1::UnitQuestion& question : file.questions()) {
    owed.push_back({pv1::Function_Name(question.seen().function()), &question.owed()});
  }
  return owed;
}

bool IsWaitedFor(const jv1::UnitQuestion& question) {
  return question.has_owed() && !exchange::IsOverdue(question.owed());
}

}  // namespace

const Rule kUnitsHaveAnswered{
    "visitation.units_required",
    "This authority asks its units first: AskUnit, and wait until each has answered or is overdue.",
    [](const Situation& s) {
      return !Requires(s.context, cv1::INTAKE_STEP_UNITS) ||
             (!s.file.questions().empty() &&
              exchange::FindIn(s.file.questions(), &IsWaitedFor) == nullptr);
    }};

void ShowQuestions(const jv1::CaseFile& file, cv1::Case& view) {
  for (const jv1::UnitQuestion& question : file.questions()) {
    cv1::UnitQuestion& shown = *view.add_unit_questions();
    shown = question.seen();
    exchange::ShowDue(question.owed(), shown);
  }
}

CasePart UnitQuestionPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme, &kHasBasis}, &AskUnit))
      .Serve(OnCase({&kResponsible, &kInProgramme, &kHasBasis}, &AnswerUnitQuestion))
      .After(&Ask)
      .After(&Answer)
      .Obligations("unit.answer_overdue", &AnswersOwed);
  return part;
}

}  // namespace exitbus::casework
