// Which municipality acts in matters of social law (handlekommune), which need not be who answers
// for the case: said by people, or by the dwelling with a take-over.
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/handover/rules.h"
#include "services/casework/methods.h"
#include "services/casework/relocation/relocation.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/repeated.h"
#include "services/relocation/dwelling.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;
using relocation::Responsibility;

// Who it was before the person moves, or moved.
const std::string& HandlekommuneBefore(const jv1::CaseFile& file, const jv1::Handover& handover) {
  return HasMoved(handover) ? handover.former_handlekommune() : file.handlekommune();
}

// What a settled dispute says stands against the rule.
Responsibility ResponsibilityOf(const jv1::Handover& handover, const std::string& before,
                                const std::string& receiving) {
  Responsibility by =
      relocation::ResponsibilityBy(handover.chosen_dwelling().kind(), before, receiving);
  for (const cv1::Dispute& dispute : handover.disputes()) {
    if (relocation::IsUnsettled(dispute)) continue;
    const bool former = dispute.outcome() == cv1::DISPUTE_PARTY_FORMER_HANDLEKOMMUNE;
    if (dispute.subject() == cv1::DISPUTE_SUBJECT_HANDLEKOMMUNE) {
      by.handlekommune = former ? before : receiving;
    } else {
      by.refund = former ? cv1::FUNDING_CLASS_FORMER_MUNICIPALITY
                         : cv1::FUNDING_CLASS_RESIDENCE_MUNICIPALITY;
    }
  }
  return by;
}

bool HasOutcome(const jv1::Handover& handover, cv1::DisputeSubject subject) {
  return exchange::FindIn(handover.disputes(), [subject](const cv1::Dispute& dispute) {
           return dispute.subject() == subject && !relocation::IsUnsettled(dispute);
         }) != nullptr;
}

cv1::DwellingStage StageOf(const jv1::Handover& handover) {
  if (handover.has_chosen_dwelling()) return cv1::DWELLING_STAGE_CHOSEN;
  const auto is_fit = [](const cv1::Dwelling& dwelling) { return IsVerified(dwelling); };
  if (exchange::FindIn(handover.dwellings(), is_fit) != nullptr) {
    return cv1::DWELLING_STAGE_VERIFIED;
  }
  return handover.dwellings().empty() ? cv1::DWELLING_STAGE_UNSPECIFIED
                                      : cv1::DWELLING_STAGE_PROPOSED;
}

// As it is known here; nothing, where nothing is.
cv1::DwellingSummary SummaryOf(const jv1::CaseFile& file, const jv1::Handover& handover) {
  cv1::DwellingSummary summary;
  summary.set_stage(StageOf(handover));
  summary.set_kind(handover.chosen_dwelling().kind());
  if (handover.chosen_dwelling().has_available_from()) {
    *summary.mutable_available_from() = handover.chosen_dwelling().available_from();
  }
  // Unset: nothing is chosen or disputed yet.
  const std::string& receiving = handover.receiving_municipality();
  if (receiving.empty()) return summary;
  const std::string& before = HandlekommuneBefore(file, handover);
  const Responsibility by = ResponsibilityOf(handover, before, receiving);
  summary.set_handlekommune(by.handlekommune);
  summary.set_refund(by.refund);
  const auto* const open = exchange::FindIn(handover.disputes(), &relocation::IsUnsettled);
  if (open != nullptr) {
    const bool former = open->acting() == cv1::DISPUTE_PARTY_FORMER_HANDLEKOMMUNE;
    summary.set_acting(former ? before : receiving);  // empty: nobody has said who it was
  }
  return summary;
}

template <class View>
bool ShowIn(const jv1::CaseFile& file, const jv1::Handover& handover, View& view) {
  cv1::DwellingSummary summary = SummaryOf(file, handover);
  if (summary.ByteSizeLong() == 0) return false;
  *view.mutable_dwelling() = std::move(summary);
  return true;
}

Decision StateHandlekommune(const jv1::CaseFile&, const cv1::StateHandlekommuneRequest& request,
                            const DecisionContext& context) {
  if (!IsMunicipality(request.handlekommune(), context)) {
    return Invalid("handlekommune.not_a_municipality",
                   "Name a municipality by its id, as the directory has it.");
  }
  jv1::CaseEvent event;
  event.mutable_handlekommune_stated()->set_handlekommune(request.handlekommune());
  return Decision().AddEvent(event);
}

void State(jv1::CaseFile& file, const jv1::HandlekommuneStated& stated) {
  file.set_handlekommune(stated.handlekommune());
}

}  // namespace

bool IsMunicipality(const std::string& authority, const DecisionContext& context) {
  const auto listed = context.directory->Find(authority);
  return listed && listed->kind == policy::v1::AUTHORITY_KIND_MUNICIPALITY;
}

bool AreTwoMunicipalities(const jv1::CaseFile& file, const jv1::Handover& handover,
                          const std::string& receiving, const DecisionContext& context) {
  return IsMunicipality(receiving, context) && HandlekommuneBefore(file, handover) != receiving;
}

void MoveHandlekommune(const std::string& receiver, jv1::CaseFile& file, jv1::Handover& handover) {
  handover.set_former_handlekommune(file.handlekommune());
  // A prison's municipality does not become it; and who leaves one has no dwelling yet.
  if (handover.reason() == hv1::HANDOVER_REASON_CUSTODY) return;
  const bool says_nothing =
      !handover.has_chosen_dwelling() && !HasOutcome(handover, cv1::DISPUTE_SUBJECT_HANDLEKOMMUNE);
  if (handover.reason() == hv1::HANDOVER_REASON_RELEASE && says_nothing) return;
  file.set_handlekommune(
      ResponsibilityOf(handover, handover.former_handlekommune(), receiver).handlekommune);
}

void FollowOutcome(jv1::CaseFile& file, const jv1::Handover& handover) {
  if (&handover != exchange::FindLastIn(file.handovers(), &HasMoved)) return;
  if (handover.reason() == hv1::HANDOVER_REASON_CUSTODY) return;
  file.set_handlekommune(SummaryOf(file, handover).handlekommune());
}

void ShowDwelling(const jv1::CaseFile& file, const jv1::Handover& handover, hv1::Handover& view) {
  (void)ShowIn(file, handover, view);
}

void ShowDwelling(const jv1::CaseFile& file, cv1::Case& view) {
  const auto& handovers = file.handovers();
  for (auto handover = handovers.rbegin(); handover != handovers.rend(); ++handover) {
    if (!HasEnded(*handover) && ShowIn(file, *handover, view)) return;
  }
}

CasePart HandlekommunePart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme, &kNotFrozen}, &StateHandlekommune))
      .After(&State);
  return part;
}

}  // namespace exitbus::casework
