// What becomes of who was enrolled: asked three months, one and two years after the course's end
// (TIM-06, C18, C19).
#include <algorithm>

#include "exitbus/casework/v1/programme_service.pb.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programme.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::ToProto;

// In working days: from when on it can be answered until it should be.
constexpr int kToAnswerIn = 20;

struct Window {
  cv1::FollowUpWindow window;
  int months;
};

constexpr Window kWindows[] = {{cv1::FOLLOW_UP_WINDOW_OCCUPIED_AFTER_3_MONTHS, 3},
                               {cv1::FOLLOW_UP_WINDOW_CHARGED_AFTER_1_YEAR, 12},
                               {cv1::FOLLOW_UP_WINDOW_CONVICTED_AFTER_2_YEARS, 24}};

const Rule kToBeFollowedUp{
    "follow_up.none_planned",
    "There is nothing to follow up: the course has not ended, or the citizen was not enrolled.",
    [](const Situation& s) { return !s.file.follow_ups().empty(); }};

const jv1::FollowUp* Find(const jv1::CaseFile& file, cv1::FollowUpWindow window) {
  return exchange::FindIn(file.follow_ups(),
                          [&](const jv1::FollowUp& one) { return one.window() == window; });
}

bool IsAnswered(const jv1::FollowUp& one) {
  return one.answer() != cv1::FOLLOW_UP_ANSWER_UNSPECIFIED;
}

Decision RecordFollowUp(const jv1::CaseFile& file, const v1::RecordFollowUpRequest& request,
                        const DecisionContext& context) {
  const jv1::FollowUp* const asked = Find(file, request.window());
  if (asked == nullptr || request.answer() == cv1::FOLLOW_UP_ANSWER_UNSPECIFIED) {
    return Invalid("follow_up.answer_required", "Say which of the case's follow-ups, and what.");
  }
  if (FromProto(asked->from()) > context.now &&
      request.answer() != cv1::FOLLOW_UP_ANSWER_OUT_OF_SCOPE) {
    return Decision::Refuse("follow_up.too_early",
                            "Nobody can know yet: the case says from when on.");
  }
  const auto others = [&](const jv1::FollowUp& one) { return &one == asked || IsAnswered(one); };
  jv1::CaseEvent event;
  jv1::FollowUpRecorded& recorded = *event.mutable_follow_up_recorded();
  recorded.set_window(request.window());
  recorded.set_answer(request.answer());
  *recorded.mutable_recorded() = ToProto(context.now);
  recorded.set_closes(file.stage() != cv1::CASE_STAGE_CLOSED &&
                      std::all_of(file.follow_ups().begin(), file.follow_ups().end(), others));
  Decision decision;
  decision.AddEvent(event);
  if (recorded.closes()) {
    TellStage(*After(file, decision), recorded.recorded(), context, decision);
  }
  return decision;
}

void Record(jv1::CaseFile& file, const jv1::FollowUpRecorded& recorded) {
  for (jv1::FollowUp& one : *file.mutable_follow_ups()) {
    if (one.window() != recorded.window()) continue;
    one.set_answer(recorded.answer());
    one.clear_owed();
  }
  if (recorded.closes()) file.set_stage(cv1::CASE_STAGE_CLOSED);
}

// By this authority itself.
std::vector<exchange::NamedObligation> AnswersOwed(const jv1::CaseFile& file) {
  std::vector<exchange::NamedObligation> owed;
  if (file.standing() != cv1::STANDING_RESPONSIBLE) return owed;
  for (const jv1::FollowUp& one : file.follow_ups()) {
    owed.push_back({cv1::FollowUpWindow_Name(one.window()), &one.owed()});
  }
  return owed;
}

}  // namespace

google::protobuf::RepeatedPtrField<jv1::FollowUp> FollowUpsFrom(const jv1::CaseFile& file,
                                                                const DecisionContext& context) {
  google::protobuf::RepeatedPtrField<jv1::FollowUp> planned;
  if (!file.has_agreement()) return planned;
  for (const Window& window : kWindows) {
    jv1::FollowUp& one = *planned.Add();
    one.set_window(window.window);
    const absl::Time from = exchange::AddMonths(context.now, window.months);
    *one.mutable_from() = ToProto(from);
    *one.mutable_owed() =
        exchange::OwedBy(context.self->id, cv1::FollowUpWindow_Name(window.window),
                         exchange::AddWorkingDays(from, kToAnswerIn));
  }
  return planned;
}

void ShowFollowUps(const jv1::CaseFile& file, cv1::Case& view) {
  view.clear_follow_ups();
  for (const jv1::FollowUp& one : file.follow_ups()) {
    cv1::FollowUp& shown = *view.add_follow_ups();
    shown.set_window(one.window());
    *shown.mutable_from() = one.from();
    shown.set_answer(one.answer());
    exchange::ShowDue(one.owed(), shown);
  }
}

CasePart FollowUpPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kToBeFollowedUp}, &RecordFollowUp))
      .After(&Record)
      .Obligations("follow_up.overdue", &AnswersOwed);
  return part;
}

}  // namespace exitbus::casework
