// What the citizen may be shown of his case, and that he was (VIS-11).
#include "exitbus/casework/v1/intake_service.pb.h"
#include "services/casework/documents/documents.h"
#include "services/casework/intake/intake.h"
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

constexpr int kShownMax = 20;
constexpr int kMonthsToAnswer = 1;
constexpr char kAccess[] = "access";

bool MayBeShown(const cv1::UnitQuestion& question) {
  return question.has_answered() && question.answer().may_be_shown();
}

// Who referred him is told to who agreed to be referred.
bool MayBeShown(const cv1::Referral& referral) {
  return referral.source() == cv1::REFERRAL_SOURCE_CITIZEN || referral.citizen_agrees();
}

void ShowIntake(const cv1::Intake& intake, cv1::Case& shown) {
  if (MayBeShown(intake.referral())) {
    *shown.mutable_intake()->mutable_referral() = intake.referral();
  }
  if (intake.has_screening()) *shown.mutable_intake()->mutable_screening() = intake.screening();
  if (intake.has_interview()) *shown.mutable_intake()->mutable_interview() = intake.interview();
  if (intake.has_criteria()) *shown.mutable_intake()->mutable_criteria() = intake.criteria();
  if (intake.has_risk_screening()) {
    *shown.mutable_intake()->mutable_risk_screening() = intake.risk_screening();
  }
}

// What he said himself or takes part in, what this authority has found, and what others have marked
// for him. Named one by one: what is new in a case is not shown by itself.
std::unique_ptr<google::protobuf::Message> ForCitizen(const jv1::CaseFile& file) {
  const auto whole = CaseView(file);
  if (whole == nullptr) return nullptr;
  const auto& view = static_cast<const cv1::Case&>(*whole);
  auto citizens = std::make_unique<cv1::Case>();
  cv1::Case& shown = *citizens;
  shown.set_case_id(view.case_id());
  shown.set_stage(view.stage());
  shown.set_programme(view.programme());
  *shown.mutable_person() = view.person();
  shown.set_current_address(view.current_address());
  if (view.has_consent()) *shown.mutable_consent() = view.consent();
  if (view.has_visitation()) {
    *shown.mutable_visitation() = view.visitation();
    shown.mutable_visitation()->clear_risk_on_leaving();
    shown.mutable_visitation()->clear_rule_set();
  }
  if (view.has_agreement()) {
    *shown.mutable_agreement() = view.agreement();
    shown.mutable_agreement()->clear_police_signed();
  }
  if (view.has_planned_release()) *shown.mutable_planned_release() = view.planned_release();
  if (view.has_started()) *shown.mutable_started() = view.started();
  if (view.has_contact_person()) *shown.mutable_contact_person() = view.contact_person();
  if (view.has_end()) *shown.mutable_end() = view.end();
  for (const cv1::MeasureProgress& progress : view.measure_progress()) {
    if (IsOwnMeasure(file, progress.measure_id())) *shown.add_measure_progress() = progress;
  }
  *shown.mutable_meetings() = view.meetings();
  for (cv1::Meeting& meeting : *shown.mutable_meetings()) meeting.clear_called();
  for (const cv1::UnitQuestion& question : view.unit_questions()) {
    if (!MayBeShown(question)) continue;
    *shown.add_unit_questions() = question;
    shown.mutable_unit_questions()->rbegin()->clear_question();
  }
  if (view.clarification().may_be_shown()) *shown.mutable_clarification() = view.clarification();
  ShowIntake(view.intake(), shown);
  return citizens;
}

Decision RecordShownToCitizen(const jv1::CaseFile& file,
                              const v1::RecordShownToCitizenRequest& request,
                              const DecisionContext& context) {
  jv1::CaseEvent event;
  cv1::ShownToCitizen& shown = *event.mutable_shown_to_citizen()->mutable_shown();
  *shown.mutable_shown() = ToProto(context.now);
  shown.set_shown_by(context.caller.employee);
  for (const jv1::UnitQuestion& question : file.questions()) {
    if (MayBeShown(question.seen())) shown.add_units(question.seen().function());
  }
  if (file.clarification().may_be_shown()) {
    shown.set_police_version(file.clarification().version());
  }
  for (const cv1::Document& document : file.documents()) {
    if (IsForCitizen(document)) shown.add_documents(document.document_id());
  }
  shown.set_remark(request.remark());
  return Decision().AddEvent(event);
}

Decision RecordAccessRequest(const jv1::CaseFile&, const v1::RecordAccessRequestRequest& request,
                             const DecisionContext& context) {
  const absl::Time received = request.has_received() ? FromProto(request.received()) : context.now;
  if (received > context.now) {
    return Invalid("access.received_when", "The citizen has asked already, not in the future.");
  }
  jv1::CaseEvent event;
  jv1::AccessRequested& requested = *event.mutable_access_requested();
  *requested.mutable_received() = ToProto(received);
  *requested.mutable_owed() =
      exchange::OwedBy(context.self->id, kAccess, exchange::AddMonths(received, kMonthsToAnswer));
  return Decision().AddEvent(event);
}

void RequestAccess(jv1::CaseFile& file, const jv1::AccessRequested& requested) {
  *file.mutable_access_requested() = requested.received();
  *file.mutable_access_owed() = requested.owed();
}

std::vector<exchange::NamedObligation> AccessOwed(const jv1::CaseFile& file) {
  return {{kAccess, &file.access_owed()}};
}

void Show(jv1::CaseFile& file, const jv1::ShownToCitizen& shown) {
  file.clear_access_requested();
  file.clear_access_owed();
  auto& all = *file.mutable_intake()->mutable_shown();
  *all.Add() = shown.shown();
  exchange::KeepNewest(all, kShownMax);
}

const Rule kAccessNotAsked{"access.asked_already",
                           "The citizen has asked, and is to be shown it: GetForCitizen, and then "
                           "RecordShownToCitizen.",
                           [](const Situation& s) { return !s.file.has_access_requested(); }};

}  // namespace

bool IsAllShown(const jv1::CaseFile& file) {
  const auto& shown = file.intake().shown();
  if (shown.empty()) return false;
  const absl::Time last = FromProto(shown.rbegin()->shown());
  const cv1::PoliceClarification& police = file.clarification();
  if ((police.may_be_shown() && police.version() != shown.rbegin()->police_version()) ||
      FromProto(file.intake().interview().recorded()) > last ||
      FromProto(file.intake().screening().screened()) > last ||
      FromProto(file.intake().criteria().assessed()) > last ||
      FromProto(file.intake().risk_screening().recorded()) > last) {
    return false;
  }
  return exchange::FindIn(file.questions(), [&](const jv1::UnitQuestion& question) {
           return MayBeShown(question.seen()) && FromProto(question.seen().answered()) > last;
         }) == nullptr;
}

void ShowAccessRequest(const jv1::CaseFile& file, cv1::Case& view) {
  if (!file.has_access_requested()) return;
  cv1::AccessRequest& shown = *view.mutable_intake()->mutable_access_request();
  *shown.mutable_received() = file.access_requested();
  exchange::ShowDue(file.access_owed(), shown);
}

const Rule kShown{
    "visitation.showing_required",
    "This authority shows the citizen first what was learnt of him: GetForCitizen, and then "
    "RecordShownToCitizen.",
    [](const Situation& s) {
      return !Requires(s.context, cv1::INTAKE_STEP_SHOWN_TO_CITIZEN) || IsAllShown(s.file);
    }};

CasePart ShownPart() {
  CasePart part;
  part.Serve<v1::GetForCitizenRequest>({.target = &ByCase, .view = &ForCitizen})
      .Serve(OnCase({&kHasOrHadCase, &kAccessNotAsked}, &RecordAccessRequest))
      .Serve(OnCase({&kHasOrHadCase}, &RecordShownToCitizen))
      .After(&RequestAccess)
      .After(&Show)
      .Obligations("access.overdue", &AccessOwed);
  return part;
}

}  // namespace exitbus::casework
