// Which unit of Kriminalforsorgen supervises the person, as the municipality in charge states it;
// what that unit says of his parole; and what is left of it all.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exitbus/casework/v1/supervision_service.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/kriminalforsorgen/v1/supervision_messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/consent/basis.h"
#include "services/casework/methods.h"
#include "services/casework/supervision/supervision.h"
#include "services/exchange/obligation.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::ToProto;

constexpr int kBreachesMax = 20;

bool Runs(const jv1::Supervision& supervision) { return !supervision.seen().has_ended(); }

const Rule kHeldByMunicipality{
    "supervision.holds_itself",
    "Kriminalforsorgen has the case itself. Where a municipality has it, that states which unit "
    "supervises.",
    [](const Situation& s) { return s.context.self->kind == pv1::AUTHORITY_KIND_MUNICIPALITY; }};

const Rule kNobodySupervises{
    "supervision.under_way",
    "A unit supervises the person. Where it is another one now, end that first: EndSupervision.",
    [](const Situation& s) { return RunningSupervision(s.file) == nullptr; }};

const Rule kSupervised{"supervision.none",
                       "No unit supervises the person, as far as is known here.",
                       [](const Situation& s) { return RunningSupervision(s.file) != nullptr; }};

const Rule kMayEnd{
    "supervision.condition_of_parole",
    "Exit is a condition of his parole, and Kriminalforsorgen has to hear what becomes of it. It "
    "takes that back first.",
    [](const Situation& s) { return !IsConditionOfParole(s.file) || IsOver(s.file.stage()); }};

Decision StateSupervision(const jv1::CaseFile&, const v1::StateSupervisionRequest& request,
                          const DecisionContext& context) {
  const auto listed = context.directory->Find(request.unit());
  if (!listed || listed->kind != pv1::AUTHORITY_KIND_KRIMINALFORSORGEN) {
    return Invalid("supervision.no_unit",
                   "Give a unit of Kriminalforsorgen as the directory lists it.");
  }
  jv1::CaseEvent event;
  jv1::Supervision& supervision = *event.mutable_supervision_noted()->mutable_supervision();
  supervision.set_supervision_id(context.lookup->FreshId());
  supervision.mutable_seen()->set_unit(request.unit());
  *supervision.mutable_seen()->mutable_since() = ToProto(context.now);
  return Decision().AddEvent(event);
}

Decision End(const jv1::CaseFile& file, const v1::EndSupervisionRequest&,
             const DecisionContext& context) {
  Decision decision;
  EndSupervision(file, *RunningSupervision(file), file.number(), context, decision);
  return decision;
}

Decision OnParoleStated(const CaseLetter& letter,
                        const kriminalforsorgen::v1::ParoleStated& message) {
  if (auto other = NotOfWhoSupervises(letter)) return *std::move(other);
  jv1::CaseEvent event;
  jv1::ParoleLearnt& learnt = *event.mutable_parole_learnt();
  *learnt.mutable_parole() = message.parole();
  if (message.has_planned_release()) *learnt.mutable_planned_release() = message.planned_release();
  learnt.set_is_from_unit(true);
  return Decision().AddEvent(event);
}

// The bare fact: nothing follows from it here by itself (FUP-13).
Decision OnBreach(const CaseLetter& letter,
                  const kriminalforsorgen::v1::BreachOfConditions& message) {
  const auto& [file, place, body, context] = letter;
  if (auto other = NotOfWhoSupervises(letter)) return *std::move(other);
  const absl::Time day =
      exchange::StartOfDay(std::min(exchange::FromProto(message.breached()), context.now));
  const auto* const known = exchange::FindIn(file.breaches(), [&](const auto& breach) {
    return exchange::FromProto(breach.breached()) == day;
  });
  if (known != nullptr) return Decision::NoEffect("breach_known");
  jv1::CaseEvent event;
  cv1::ReportedBreach& breach = *event.mutable_breach_learnt()->mutable_breach();
  breach.set_reported_by(place.sender);
  *breach.mutable_breached() = ToProto(day);
  *breach.mutable_received() = ToProto(context.now);
  return Decision().AddEvent(event);
}

void LearnBreach(jv1::CaseFile& file, const jv1::BreachLearnt& learnt) {
  *file.add_breaches() = learnt.breach();
  exchange::KeepNewest(*file.mutable_breaches(), kBreachesMax);
}

void Replace(jv1::CaseFile& file, const jv1::SupervisionNoted& noted) {
  for (jv1::Supervision& one : *file.mutable_supervisions()) {
    if (one.supervision_id() != noted.supervision().supervision_id()) continue;
    one = noted.supervision();
    return;
  }
  *file.add_supervisions() = noted.supervision();
}

void Learn(jv1::CaseFile& file, const jv1::ParoleLearnt& learnt) {
  *file.mutable_parole() = learnt.parole();
  if (!learnt.is_from_unit()) return;
  file.clear_planned_release();
  if (learnt.has_planned_release()) *file.mutable_planned_release() = learnt.planned_release();
}

std::vector<exchange::NamedObligation> OwedByUnits(const jv1::CaseFile& file) {
  std::vector<exchange::NamedObligation> owed;
  for (const jv1::Supervision& one : file.supervisions()) {
    owed.push_back({one.supervision_id(), &one.erasure()});
  }
  return owed;
}

}  // namespace

const jv1::Supervision* RunningSupervision(const jv1::CaseFile& file) {
  return exchange::FindIn(file.supervisions(), &Runs);
}

const jv1::Supervision* ToldSupervision(const jv1::CaseFile& file) {
  const jv1::Supervision* const running = RunningSupervision(file);
  return running == nullptr || !running->seen().is_told() ? nullptr : running;
}

const jv1::Supervision* FindSupervision(const jv1::CaseFile& file,
                                        std::string_view supervision_id) {
  return exchange::FindIn(file.supervisions(), [&](const jv1::Supervision& one) {
    return one.supervision_id() == supervision_id;
  });
}

std::optional<Decision> NotOfWhoSupervises(const CaseLetter& letter) {
  const auto& [file, place, body, context] = letter;
  const jv1::Supervision* const supervision = FindSupervision(file, place.subject);
  if (supervision == nullptr || supervision->seen().unit() != place.sender) {
    return Decision::Refuse("letter.not_a_party",
                            "Only the unit that supervises the person says this, under its id.");
  }
  if (Runs(*supervision) && file.standing() == cv1::STANDING_RESPONSIBLE) return std::nullopt;
  return Decision::NoEffect("word_crossed_end");
}

bool IsConditionOfParole(const jv1::CaseFile& file) { return file.parole().is_condition(); }

std::optional<pv1::LegalBasis> BasisForSupervision(const jv1::CaseFile& file) {
  const auto basis = BasisFor(file, pv1::AUTHORITY_KIND_KRIMINALFORSORGEN);
  const bool rests_on_law = basis && *basis != pv1::LEGAL_BASIS_CONSENT;
  return IsConditionOfParole(file) && !rests_on_law ? pv1::LEGAL_BASIS_OTHER_LAW : basis;
}

void TakeInSupervision(jv1::CaseFile& file, const hv1::DossierPart& part,
                       const google::protobuf::Timestamp& since) {
  if (part.has_parole()) *file.mutable_parole() = part.parole();
  if (part.supervision_id().empty()) return;
  jv1::Supervision& supervision = *file.add_supervisions();
  supervision.set_supervision_id(part.supervision_id());
  supervision.mutable_seen()->set_unit(part.supervising_unit());
  *supervision.mutable_seen()->mutable_since() = since;
  supervision.mutable_seen()->set_is_told(true);
}

std::optional<Decision> ConfirmSupervisionErased(const CaseLetter& letter) {
  const jv1::Supervision* const supervision = FindSupervision(letter.state, letter.place.subject);
  if (supervision == nullptr) return std::nullopt;
  const auto* const owed = exchange::FindParty(supervision->erasure(), letter.place);
  if (owed == nullptr) return exchange::NotOrdered();
  if (owed->has_confirmed()) return Decision::NoEffect("erasure_confirmed_before");
  jv1::CaseEvent event;
  jv1::Supervision& erased = *event.mutable_supervision_noted()->mutable_supervision();
  erased = *supervision;
  exchange::Confirm(exchange::Confirmed(*owed, letter.context), *erased.mutable_erasure());
  return Decision().AddEvent(event);
}

std::vector<exchange::Recipient> WhoHoldsSupervision(const jv1::CaseFile& file) {
  kriminalforsorgen::v1::SupervisionEnded ended;
  ended.set_number(file.number());
  const auto order = std::make_shared<kriminalforsorgen::v1::SupervisionEnded>(ended);
  std::vector<exchange::Recipient> units;
  for (const jv1::Supervision& one : file.supervisions()) {
    const bool holds = Runs(one) ? one.seen().is_told() : !exchange::IsMet(one.erasure());
    if (!holds) continue;
    units.push_back(
        {one.seen().unit(), pv1::RELATION_KRIMINALFORSORGEN, one.supervision_id(), order});
  }
  return units;
}

void ShowSupervision(const jv1::CaseFile& file, cv1::Case& view) {
  view.clear_supervisions();
  for (const jv1::Supervision& one : file.supervisions()) {
    cv1::Supervision& shown = *view.add_supervisions();
    shown = one.seen();
    shown.set_erasure_confirmed(exchange::IsConfirmed(one.erasure()));
    if (one.precautions_owed().has_due()) {
      *shown.mutable_precautions_due() = one.precautions_owed().due();
    }
    shown.set_precautions_overdue(exchange::IsOverdue(one.precautions_owed()));
  }
  if (exchange::IsMet(file.attestation_owed())) return;
  *view.mutable_attestation_due() = file.attestation_owed().due();
  view.set_attestation_overdue(exchange::IsOverdue(file.attestation_owed()));
}

CasePart SupervisionPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme, &kHeldByMunicipality, &kNobodySupervises,
                     &kNotFrozen},
                    &StateSupervision))
      .Serve(OnCase({&kResponsible, &kSupervised, &kMayEnd, &kNotFrozen}, &End))
      .On(&OnParoleStated)
      .On(&OnBreach)
      .After(&LearnBreach)
      .After(&Replace)
      .After(&Learn)
      .Obligations("supervision.erasure_overdue", &OwedByUnits);
  return part;
}

}  // namespace exitbus::casework
