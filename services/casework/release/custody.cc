// What a prison owes from the first day on, by the Køreplan for god løsladelse: the plan within
// four weeks, and that a municipality hears of the person a year before he may be paroled (KRF-04,
// TIM-08, N-13).
#include <algorithm>
#include <vector>

#include "absl/algorithm/container.h"
#include "exitbus/kriminalforsorgen/v1/release_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/methods.h"
#include "services/casework/release/release.h"
#include "services/exchange/obligation.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"

namespace exitbus::casework {
namespace {

namespace kv1 = kriminalforsorgen::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::ToProto;

constexpr absl::Duration kToPlan = absl::Hours(4 * 7 * 24);
constexpr int kMonthsBeforeParole = 12;
constexpr int kAtOnceDays = 1;
constexpr int kContactedMax = 50;
constexpr char kPlan[] = "plan";
constexpr char kContact[] = "contact";

// An agreement that came along from before is none for the time in custody.
bool IsPlanned(const jv1::CaseFile& file) {
  return file.has_planned_release() ||
         (file.has_agreement() && FromProto(file.agreement().coordinator_signed()) >=
                                      FromProto(file.custody_stated().imprisoned()));
}

// Who plans with the prison, and not the register or the office for benefits, which hear on the
// first day.
bool IsAboutRelease(const cv1::MunicipalityContacted& contacted) {
  return contacted.purpose() == readiness::v1::CONTACT_PURPOSE_RELEASE ||
         contacted.purpose() == readiness::v1::CONTACT_PURPOSE_EXIT ||
         contacted.purpose() == readiness::v1::CONTACT_PURPOSE_MAIN;
}

// Also where the case itself is asked to move there at the release.
bool HasContacted(const jv1::CaseFile& file) {
  return absl::c_any_of(file.custody_stated().contacted(), &IsAboutRelease) ||
         absl::c_any_of(file.handovers(), [](const jv1::Handover& handover) {
           return handover.side() == hv1::SIDE_HOLDER && !HasEnded(handover) &&
                  handover.reason() == hv1::HANDOVER_REASON_RELEASE;
         });
}

// After he was out. A day is as good as an instant here.
bool IsBack(const jv1::CaseFile& file, const jv1::Custody& custody) {
  return file.has_released() && exchange::DayOf(FromProto(custody.imprisoned())) >=
                                    exchange::DayOf(FromProto(file.released().released()));
}

Decision Note(const jv1::Custody& custody) {
  jv1::CaseEvent event;
  *event.mutable_custody_noted()->mutable_custody() = custody;
  return Decision().AddEvent(event);
}

Decision StateCustody(const jv1::CaseFile& file, const kv1::StateCustodyRequest& request,
                      const DecisionContext& context) {
  const absl::Time imprisoned = FromProto(request.imprisoned());
  if (!request.has_imprisoned() || imprisoned > context.now) {
    return Invalid("custody.imprisoned_when",
                   "Say since when the person is in custody; it is not in the future.");
  }
  const absl::Time parole = FromProto(request.possible_parole());
  if (request.has_possible_parole() && parole < imprisoned) {
    return Invalid("custody.parole_before", "Parole is possible after the imprisonment.");
  }
  jv1::Custody custody;
  *custody.mutable_contacted() = file.custody_stated().contacted();
  *custody.mutable_imprisoned() = request.imprisoned();
  // What is stated late is owed at once, and alarms nobody who has just stated it.
  const absl::Time at_once = exchange::AddWorkingDays(context.now, kAtOnceDays);
  const jv1::Custody& stated = file.custody_stated();
  *custody.mutable_plan_owed() =
      exchange::OwedBy(context.self->id, kPlan, std::max(imprisoned + kToPlan, at_once));
  if (stated.has_plan_owed() && FromProto(stated.imprisoned()) == imprisoned) {
    *custody.mutable_plan_owed() = stated.plan_owed();
  }
  if (request.has_possible_parole()) {
    *custody.mutable_possible_parole() = request.possible_parole();
    const absl::Time due = std::max(exchange::AddMonths(parole, -kMonthsBeforeParole), at_once);
    *custody.mutable_contact_owed() = exchange::OwedBy(context.self->id, kContact, due);
    if (stated.has_contact_owed() && FromProto(stated.possible_parole()) == parole) {
      *custody.mutable_contact_owed() = stated.contact_owed();
    }
  }
  Decision decision = Note(custody);
  if (IsBack(file, custody)) {
    CancelPlan(file, cv1::RELEASE_CHANGE_NEW_CHARGE, context, decision);
  }
  return decision;
}

const Rule kCustodyStated{"custody.not_stated",
                          "Say first since when the person is in custody: StateCustody.",
                          [](const Situation& s) { return s.file.has_custody_stated(); }};

Decision RecordContacted(const jv1::CaseFile& file,
                         const kv1::RecordMunicipalityContactedRequest& request,
                         const DecisionContext& context) {
  const auto listed = context.directory->Find(request.municipality());
  if (!listed || listed->kind != policy::v1::AUTHORITY_KIND_MUNICIPALITY) {
    return Invalid("custody.no_municipality",
                   "Give a municipality as the directory lists it, e.g. \"municipality-0183\".");
  }
  if (request.purpose() == readiness::v1::CONTACT_PURPOSE_UNSPECIFIED) {
    return Invalid("custody.purpose_required",
                   "Say which of its offices has heard, as ListRecipients names its purpose.");
  }
  jv1::Custody custody = file.custody_stated();
  cv1::MunicipalityContacted& contacted = *custody.add_contacted();
  contacted.set_municipality(request.municipality());
  contacted.set_purpose(request.purpose());
  *contacted.mutable_contacted() = ToProto(context.now);
  exchange::KeepNewest(*custody.mutable_contacted(), kContactedMax);
  return Note(custody);
}

void Replace(jv1::CaseFile& file, const jv1::CustodyNoted& noted) {
  if (IsBack(file, noted.custody())) file.clear_released();
  *file.mutable_custody_stated() = noted.custody();
}

// Who has let the case go owes nothing in it.
std::vector<exchange::NamedObligation> Owed(const jv1::CaseFile& file) {
  std::vector<exchange::NamedObligation> owed;
  if (!IsOursToPursue(file)) return owed;
  if (IsPlanOwed(file)) owed.push_back({kPlan, &file.custody_stated().plan_owed()});
  if (IsContactOwed(file)) owed.push_back({kContact, &file.custody_stated().contact_owed()});
  return owed;
}

}  // namespace

bool IsPlanOwed(const jv1::CaseFile& file) {
  return file.custody_stated().has_plan_owed() && !IsPlanned(file);
}

bool IsContactOwed(const jv1::CaseFile& file) {
  return file.custody_stated().has_contact_owed() && !HasContacted(file);
}

void ShowCustody(const jv1::CaseFile& file, cv1::Case& view) {
  if (!file.has_custody_stated()) return;
  const jv1::Custody& stated = file.custody_stated();
  cv1::Custody& shown = *view.mutable_custody();
  *shown.mutable_imprisoned() = stated.imprisoned();
  if (stated.has_possible_parole()) *shown.mutable_possible_parole() = stated.possible_parole();
  *shown.mutable_contacted() = stated.contacted();
  if (!IsOursToPursue(file)) return;
  if (IsPlanOwed(file)) {
    *shown.mutable_plan_due() = stated.plan_owed().due();
    shown.set_plan_overdue(exchange::IsOverdue(stated.plan_owed()));
  }
  if (IsContactOwed(file)) {
    *shown.mutable_contact_due() = stated.contact_owed().due();
    shown.set_contact_overdue(exchange::IsOverdue(stated.contact_owed()));
  }
}

void ServeCustody(CasePart& part) {
  part.Serve(OnCase({&kResponsible, &kInProgramme}, &StateCustody))
      .Serve(OnCase({&kResponsible, &kInProgramme, &kCustodyStated}, &RecordContacted));
}

CasePart CustodyPart() {
  CasePart part;
  part.After(&Replace).Obligations("custody.overdue", &Owed);
  return part;
}

}  // namespace exitbus::casework
