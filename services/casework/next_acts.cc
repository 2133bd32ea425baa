#include "services/casework/next_acts.h"

#include <algorithm>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/consent/basis.h"
#include "services/casework/handover/rules.h"
#include "services/casework/programme/programme.h"
#include "services/casework/programme/programmes.h"
#include "services/casework/release/release.h"
#include "services/casework/security/place_check.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/taking_part/measure.h"

namespace exitbus::casework {
namespace {

using google::protobuf::Timestamp;

// In the order that a caseworker does them, until they are sorted.
class Acts {
 public:
  explicit Acts(cv1::Case& view) : acts_(*view.mutable_next_acts()) { acts_.Clear(); }

  cv1::NextAct& Add(cv1::NextActKind kind, const std::string& about = "") {
    cv1::NextAct& act = *acts_.Add();
    act.set_kind(kind);
    act.set_about(about);
    return act;
  }
  cv1::NextAct& AddSince(cv1::NextActKind kind, const Timestamp& since,
                         const std::string& about = "") {
    cv1::NextAct& act = Add(kind, about);
    if (since.seconds() != 0) *act.mutable_since() = since;
    return act;
  }
  void Sort() {
    std::stable_sort(acts_.begin(), acts_.end(), [](const cv1::NextAct& a, const cv1::NextAct& b) {
      return DueOf(a) < DueOf(b);
    });
  }

 private:
  static absl::Time DueOf(const cv1::NextAct& act) {
    return act.has_due() ? exchange::FromProto(act.due()) : absl::InfiniteFuture();
  }

  google::protobuf::RepeatedPtrField<cv1::NextAct>& acts_;
};

void BeforeVisitation(const jv1::CaseFile& file, Acts& acts) {
  if (file.stage() != cv1::CASE_STAGE_REFERRED) return;
  if (!HasBasis(file)) {
    acts.Add(cv1::NEXT_ACT_KIND_RECORD_BASIS);
    return;
  }
  const cv1::Intake& intake = file.intake();
  if (intake.has_proposed_visitation()) {
    acts.AddSince(cv1::NEXT_ACT_KIND_CONFIRM_VISITATION, intake.proposed_visitation().proposed());
  } else {
    acts.AddSince(cv1::NEXT_ACT_KIND_DECIDE_VISITATION, file.consent().given());
  }
}

// By the rule that decides it. None of those asked here looks at more than the file.
bool Holds(const Rule& rule, const jv1::CaseFile& file) {
  static const exchange::DecisionContext nothing;
  return rule.holds({file, nullptr, nothing});
}

// The framework asks the police before anything is agreed, and waits for them.
void BeforeAgreement(const jv1::CaseFile& file, Acts& acts) {
  if (file.has_agreement()) return;
  const bool is_assessed = Holds(kAssessed, file);
  if (IsFramework(file.programme()) && !is_assessed && Holds(kPoliceMayBeAsked, file)) {
    if (HasBasis(file)) {
      acts.Add(cv1::NEXT_ACT_KIND_ASK_POLICE);
    } else if (file.stage() == cv1::CASE_STAGE_VISITED) {
      acts.Add(cv1::NEXT_ACT_KIND_RECORD_BASIS);
    }
  }
  // That comes first (VIS-17).
  const cv1::RelocationNeed& need = file.intake().relocation_need();
  const bool is_asked = Opens(file, cv1::PROGRAMME_OPENING_RELOCATION);
  if (is_asked && (need.answer() == cv1::RELOCATION_ANSWER_UNSPECIFIED ||
                   need.answer() == cv1::RELOCATION_ANSWER_UNKNOWN)) {
    cv1::NextAct& act = acts.Add(cv1::NEXT_ACT_KIND_STATE_RELOCATION_NEED);
    if (need.has_known_by()) *act.mutable_due() = need.known_by();
  }
  const bool is_clarified = !is_asked || need.answer() != cv1::RELOCATION_ANSWER_UNSPECIFIED;
  if (file.stage() == cv1::CASE_STAGE_VISITED && is_assessed && is_clarified) {
    acts.AddSince(cv1::NEXT_ACT_KIND_SIGN_AGREEMENT, file.visitation().decided());
  }
}

cv1::MeasureStage StageOf(const jv1::CaseFile& file, const cv1::Measure& measure) {
  const auto* const moved =
      exchange::FindIn(file.measures_moved(), [&](const jv1::MeasureProgress& progress) {
        return progress.seen().measure_id() == measure.measure_id();
      });
  return moved == nullptr ? cv1::MEASURE_STAGE_UNSPECIFIED : moved->seen().stage();
}

bool IsMoved(const jv1::CaseFile& file, const cv1::Measure& measure) {
  return StageOf(file, measure) != cv1::MEASURE_STAGE_UNSPECIFIED;
}
bool HasEnded(const jv1::CaseFile& file, const cv1::Measure& measure) {
  return taking_part::HasEnded(StageOf(file, measure));
}

void OfTheCourse(const jv1::CaseFile& file, Acts& acts) {
  if (file.stage() == cv1::CASE_STAGE_ENROLLED) {
    acts.AddSince(cv1::NEXT_ACT_KIND_START_PROGRAMME, file.agreement().coordinator_signed());
  }
  if (file.has_pause_requested()) {
    acts.AddSince(cv1::NEXT_ACT_KIND_DECIDE_PAUSE, file.pause_requested().received());
  }
  if (file.has_paused()) {
    acts.AddSince(cv1::NEXT_ACT_KIND_RESUME_PROGRAMME, file.paused().since());
  }
  const bool is_active = file.stage() == cv1::CASE_STAGE_ACTIVE;
  for (const cv1::Measure& measure : file.agreement().measures()) {
    if (measure.owner() != file.responsible() || IsMoved(file, measure)) continue;
    // Long ago: whether it was clear at all.
    const Where where = WhereOf(measure);
    if (IsAskedAbout(file, where) && !IsClear(file, where, absl::InfinitePast())) {
      if (IsNotPossible(file, where) || IsWaitedFor(file, where)) continue;
      acts.AddSince(cv1::NEXT_ACT_KIND_CHECK_PLACE, file.agreement().coordinator_signed(),
                    measure.measure_id());
      continue;
    }
    // The course begins with any of them; one that has a day is named before.
    if (!is_active && !measure.has_begins_by()) continue;
    cv1::NextAct& act = acts.AddSince(cv1::NEXT_ACT_KIND_START_MEASURE,
                                      file.agreement().coordinator_signed(), measure.measure_id());
    const auto* const owed = exchange::FindIn(
        file.measures_to_begin(),
        [&](const jv1::MeasureToBegin& one) { return one.measure_id() == measure.measure_id(); });
    if (owed != nullptr) exchange::ShowDue(owed->owed(), act);
  }
  if (is_active && file.has_course_review()) {
    exchange::ShowDue(file.course_review(),
                      acts.AddSince(cv1::NEXT_ACT_KIND_REVIEW_COURSE, file.started()));
  }
}

// What is called or agreed where the police find that he cannot be.
void OfPlaces(const jv1::CaseFile& file, Acts& acts) {
  for (const cv1::Meeting& meeting : file.meetings()) {
    if (meeting.stage() != cv1::MEETING_STAGE_CALLED || !IsNotPossible(file, WhereOf(meeting))) {
      continue;
    }
    *acts.Add(cv1::NEXT_ACT_KIND_LEAVE_PLACE, meeting.meeting_id()).mutable_due() = meeting.at();
  }
  for (const cv1::Measure& measure : file.agreement().measures()) {
    if (!IsNotPossible(file, WhereOf(measure)) || HasEnded(file, measure)) continue;
    acts.Add(cv1::NEXT_ACT_KIND_LEAVE_PLACE, measure.measure_id());
  }
}

void OfCustody(const jv1::CaseFile& file, Acts& acts) {
  const jv1::Custody& custody = file.custody_stated();
  if (IsPlanOwed(file)) {
    exchange::ShowDue(custody.plan_owed(),
                      acts.AddSince(cv1::NEXT_ACT_KIND_MAKE_CUSTODY_PLAN, custody.imprisoned()));
  }
  if (const auto* const owed = HandoverOwed(file); owed != nullptr) {
    exchange::ShowDue(*owed, acts.Add(cv1::NEXT_ACT_KIND_HAND_OVER_AT_RELEASE));
  }
  if (IsContactOwed(file)) {
    exchange::ShowDue(custody.contact_owed(),
                      acts.AddSince(cv1::NEXT_ACT_KIND_CONTACT_MUNICIPALITY, custody.imprisoned()));
  }
}

void OfContactPerson(const jv1::CaseFile& file, Acts& acts) {
  if (file.stage() == cv1::CASE_STAGE_REFERRED || file.has_contact_person()) return;
  acts.AddSince(cv1::NEXT_ACT_KIND_NAME_CONTACT_PERSON, file.visitation().decided());
}

// They go on whatever becomes of the course.
void OfMeasures(const jv1::CaseFile& file, Acts& acts) {
  for (const jv1::MeasureProgress& progress : file.measures_moved()) {
    const cv1::MeasureProgress& seen = progress.seen();
    if (seen.stage() != cv1::MEASURE_STAGE_STARTED || !IsOwnMeasure(file, seen.measure_id()))
      continue;
    exchange::ShowDue(progress.owed(), acts.AddSince(cv1::NEXT_ACT_KIND_END_MEASURE, seen.started(),
                                                     seen.measure_id()));
  }
}

// Whatever becomes of the course: those who meet him are to know.
void OfSecurity(const jv1::CaseFile& file, Acts& acts) {
  if (file.has_security() && file.security().acknowledged_by().empty()) {
    exchange::ShowDue(file.precautions_owed(), acts.Add(cv1::NEXT_ACT_KIND_READ_PRECAUTIONS));
  }
}

void OfStaffSafety(const jv1::CaseFile& file, Acts& acts) {
  for (const cv1::InvolvedUnit& unit : file.units()) {
    if (!unit.outdated()) continue;
    acts.AddSince(cv1::NEXT_ACT_KIND_STATE_STAFF_SAFETY, unit.stated(),
                  policy::v1::Function_Name(unit.function()));
  }
}

void OfUnits(const jv1::CaseFile& file, Acts& acts) {
  if (!HasBasis(file)) return;
  for (const jv1::UnitQuestion& question : file.questions()) {
    if (!question.has_owed()) continue;
    exchange::ShowDue(question.owed(),
                      acts.AddSince(cv1::NEXT_ACT_KIND_ANSWER_QUESTION, question.seen().asked(),
                                    policy::v1::Function_Name(question.seen().function())));
  }
}

void OfReports(const jv1::CaseFile& file, Acts& acts) {
  for (const cv1::WeeklyReport& report : file.weekly_reports().reports()) {
    if (report.has_read()) continue;
    acts.AddSince(cv1::NEXT_ACT_KIND_READ_WEEKLY_REPORT, report.received(),
                  absl::StrCat(report.week().year(), " ", report.week().number()));
  }
  if (!exchange::IsMet(file.attestation_owed())) {
    exchange::ShowDue(file.attestation_owed(), acts.Add(cv1::NEXT_ACT_KIND_ATTEST_PARTICIPATION));
  }
}

void OfMeetings(const jv1::CaseFile& file, Acts& acts) {
  for (const cv1::Meeting& meeting : file.meetings()) {
    if (meeting.stage() != cv1::MEETING_STAGE_CALLED) continue;
    *acts.Add(cv1::NEXT_ACT_KIND_HOLD_MEETING, meeting.meeting_id()).mutable_due() = meeting.at();
  }
}

void AfterTheEnd(const jv1::CaseFile& file, Acts& acts) {
  for (const jv1::FollowUp& one : file.follow_ups()) {
    if (one.answer() != cv1::FOLLOW_UP_ANSWER_UNSPECIFIED) continue;
    exchange::ShowDue(one.owed(), acts.AddSince(cv1::NEXT_ACT_KIND_RECORD_FOLLOW_UP, one.from(),
                                                cv1::FollowUpWindow_Name(one.window())));
  }
}

void OfHandover(const jv1::CaseFile& file, Acts& acts) {
  const jv1::Handover* const open = OpenHandover(file);
  if (open == nullptr || open->waiting_for() != open->side()) return;
  cv1::NextAct& act = acts.Add(cv1::NEXT_ACT_KIND_ACT_ON_HANDOVER, open->handover_id());
  if (open->has_due()) *act.mutable_due() = open->due();
  act.set_overdue(open->escalated());
}

void InCharge(const jv1::CaseFile& file, Acts& acts) {
  if (!IsOver(file.stage())) {
    BeforeVisitation(file, acts);
    BeforeAgreement(file, acts);
    if (Holds(kNotFrozen, file)) {
      OfTheCourse(file, acts);
      OfContactPerson(file, acts);
    }
    OfCustody(file, acts);
    OfStaffSafety(file, acts);
    OfUnits(file, acts);
    OfReports(file, acts);
    OfPlaces(file, acts);
    if (file.has_reported_withdrawal()) {
      acts.AddSince(cv1::NEXT_ACT_KIND_CONFIRM_WITHDRAWAL, file.reported_withdrawal().learnt());
    }
  }
  OfSecurity(file, acts);
  OfMeasures(file, acts);
  AfterTheEnd(file, acts);
  OfHandover(file, acts);
}

}  // namespace

void ShowNextActs(const jv1::CaseFile& file, cv1::Case& view) {
  Acts acts(view);
  if (file.has_erasure()) return;
  if (file.has_access_requested()) {
    exchange::ShowDue(file.access_owed(), acts.AddSince(cv1::NEXT_ACT_KIND_ANSWER_ACCESS_REQUEST,
                                                        file.access_requested()));
  }
  OfMeetings(file, acts);
  if (file.standing() == cv1::STANDING_RESPONSIBLE) InCharge(file, acts);
  acts.Sort();
}

}  // namespace exitbus::casework
