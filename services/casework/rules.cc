#include "services/casework/rules.h"

#include <algorithm>

#include "services/casework/consent/basis.h"
#include "services/casework/handover/rules.h"

namespace exitbus::casework {
std::optional<exchange::Refusal> FirstBroken(const std::vector<const Rule*>& rules,
                                             const Situation& situation) {
  for (const Rule* rule : rules) {
    if (!rule->holds(situation)) return exchange::RefusedBy(rule->name, rule->remedy, rule->code);
  }
  return std::nullopt;
}

exchange::Decision Invalid(std::string_view rule, std::string_view remedy) {
  return exchange::Decision::Refuse(
      exchange::RefusedBy(rule, remedy, absl::StatusCode::kInvalidArgument));
}

const Rule kResponsible{
    "case.not_responsible", "Only the authority that answers for the case can do this.",
    [](const Situation& s) { return s.file.standing() == cv1::STANDING_RESPONSIBLE; }};

const Rule kHasOrHadCase{"case.not_responsible",
                         "Only the authority that answers for the case, or did, can do this.",
                         [](const Situation& s) {
                           return s.file.standing() == cv1::STANDING_RESPONSIBLE ||
                                  s.file.standing() == cv1::STANDING_FORMER;
                         }};

const Rule kInProgramme{
    "case.programme_ended",
    "The citizen has left the programme, or it has ended. Open a new case if that changes.",
    [](const Situation& s) { return !IsOver(s.file.stage()); }};

const Rule kNoWithdrawalOnItsWay{
    "case.withdrawal_recorded",
    "The withdrawal is recorded; whoever holds the case after the offer acts on it.",
    [](const Situation& s) {
      const jv1::Handover* open = OpenHandover(s.file);
      return open == nullptr || std::none_of(open->late_facts().begin(), open->late_facts().end(),
                                             [](const hv1::LateFact& fact) {
                                               return fact.kind() == hv1::LATE_FACT_KIND_WITHDRAWAL;
                                             });
    }};

const Rule kHasBasis{"case.basis_required",
                     "Record the citizen's consent (RecordConsent), or the law that the case is "
                     "handled on (RecordLegalBasis).",
                     [](const Situation& s) { return HasBasis(s.file); }};

const Rule kConsentInForce{"consent.none_in_force", "There is no consent to revoke.",
                           [](const Situation& s) { return ConsentInForce(s.file); }};

const Rule kNotYetVisited{
    "case.already_visited", "The visitation is decided. Change the agreement instead.",
    [](const Situation& s) { return s.file.stage() == cv1::CASE_STAGE_REFERRED; }};

const Rule kVisited{
    "case.visitation_required", "Decide the visitation first.", [](const Situation& s) {
      return s.file.stage() == cv1::CASE_STAGE_VISITED || IsEnrolled(s.file.stage());
    }};

const Rule kEnrolled{"handover.agreement_required",
                     "Sign the cooperation agreement first; its terms are what is coordinated.",
                     [](const Situation& s) { return IsEnrolled(s.file.stage()); }};

const Rule kNotFrozen{
    "handover.offered_freezes_agreement",
    "The case is offered to another authority, which freezes agreement and measures. Wait for its "
    "answer, or ask for a recall.",
    [](const Situation& s) { return !IsFrozen(s.file); }};

const Rule kNotOffered{"correction.frozen_while_offered",
                       "The case is offered to another authority, and the offer names what it gets "
                       "by digest. Wait for its answer; whoever then holds the case corrects it.",
                       [](const Situation& s) { return kNotFrozen.holds(s); }};

const Rule kNoOpenHandover{"handover.one_at_a_time",
                           "Another handover of this case is open. End it first.",
                           [](const Situation& s) { return OpenHandover(s.file) == nullptr; }};

const Rule kPoliceMayBeAsked{
    "police.already_asked",
    "The police unit has been asked and has not answered yet; it tells of every change by itself.",
    [](const Situation& s) {
      return !s.file.has_police_asked() || s.file.police_on_consent().has_blocked() ||
             s.file.clarification().version() > s.file.police_asked().told_version();
    }};

bool IsEnrolled(cv1::CaseStage stage) {
  return stage == cv1::CASE_STAGE_ENROLLED || stage == cv1::CASE_STAGE_ACTIVE;
}

bool IsFrozen(const jv1::CaseFile& file) {
  const jv1::Handover* const open = OpenHandover(file);
  return open != nullptr && open->stage() == hv1::HANDOVER_STAGE_OFFERED;
}

bool IsOver(cv1::CaseStage stage) {
  return stage == cv1::CASE_STAGE_WITHDRAWN || stage == cv1::CASE_STAGE_ENDED ||
         stage == cv1::CASE_STAGE_CLOSED;
}

bool IsOursToPursue(const jv1::CaseFile& file) {
  return file.standing() == cv1::STANDING_RESPONSIBLE && !IsOver(file.stage());
}

bool IsNew(const jv1::CaseFile& file) { return file.standing() == cv1::STANDING_UNSPECIFIED; }

bool ConsentInForce(const jv1::CaseFile& file) {
  return file.consent().has_given() && !file.consent().has_revoked();
}

}  // namespace exitbus::casework
