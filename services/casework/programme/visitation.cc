// The visitation: decided by one employee, or proposed by one and decided by another (ACT-09).
#include "absl/time/civil_time.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/intake_service.pb.h"
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
using exchange::ToProto;

const std::vector<const Rule*> kBeforeIt = {
    &kResponsible,  &kInProgramme,         &kNotYetVisited,     &kHasBasis,
    &kOfAge,        &kBelongsHere,         &kConsented,         &kScreened,
    &kRiskScreened, &kPoliceHaveClarified, &kUnitsHaveAnswered, &kInterviewed,
    &kMotivated,    &kCriteriaAssessed,    &kCriteriaMet,       &kShown,
    &kJointlyAgreed};

const Rule kProposed{"visitation.not_proposed",
                     "Nobody has proposed a visitation: DecideVisitation.",
                     [](const Situation& s) { return s.file.intake().has_proposed_visitation(); }};

// A case keeps the rules by which it was visited (CF-1, TIM-10).
constexpr absl::CivilDay kLooserTies(2018, 12, 5);

// NEC hears of who is brought in from now on: what it counted before stays as it was.
Decision Decide(const jv1::CaseFile& file, const cv1::Visitation& visitation,
                const DecisionContext& context) {
  Decision decision;
  jv1::CaseEvent event;
  cv1::Visitation& made = *event.mutable_visitation_made()->mutable_visitation();
  made = visitation;
  made.clear_rule_set();
  if (!file.intake().has_brought_in() || !made.has_decided()) {
    *made.mutable_decided() = ToProto(context.now);
  }
  const absl::Time decided = exchange::FromProto(made.decided());
  if (decided > context.now) {
    return Invalid("visitation.decided_when", "A visitation was decided, not in the future.");
  }
  if (IsFramework(file.programme()) && exchange::DayOf(decided) < kLooserTies) {
    if (!file.intake().brought_in().nec_registered()) {
      return Decision::Refuse("visitation.registration_required",
                              "Before 5 December 2018 the national framework admitted only whom "
                              "NEC had registered. Say so when the case is brought in, or bring it "
                              "in in the municipality's own programme.");
    }
    made.set_rule_set(cv1::RULE_SET_EVU_2011);
  }
  decision.AddEvent(event);
  TellVisitation(*After(file, decision), ToProto(context.now), context, decision);
  TellPoliceStage(file, cv1::CASE_STAGE_VISITED, context, decision);
  return decision;
}

Decision DecideVisitation(const jv1::CaseFile& file, const v1::DecideVisitationRequest& request,
                          const DecisionContext& context) {
  const cv1::Visitation& given = request.visitation();
  if (given.affiliation().empty() || given.position().empty() || given.motivation().empty() ||
      given.risk_on_leaving().empty()) {
    return Invalid("visitation.incomplete",
                   "A visitation assesses affiliation, position, motivation and risk on leaving.");
  }
  if (context.visitation == nullptr || !context.visitation->by_two) {
    return Decide(file, given, context);
  }
  jv1::CaseEvent event;
  cv1::ProposedVisitation& proposed = *event.mutable_visitation_proposed()->mutable_proposed();
  *proposed.mutable_visitation() = given;
  proposed.mutable_visitation()->clear_rule_set();
  proposed.set_proposed_by(context.caller.employee);
  *proposed.mutable_proposed() = ToProto(context.now);
  return Decision().AddEvent(event);
}

Decision ConfirmVisitation(const jv1::CaseFile& file, const v1::ConfirmVisitationRequest& request,
                           const DecisionContext& context) {
  if (request.etag().empty()) {
    return Invalid("visitation.etag_required",
                   "Give the etag of the view in which you have read the proposal.");
  }
  const cv1::ProposedVisitation& proposed = file.intake().proposed_visitation();
  if (context.lookup->IsSameName(proposed.proposed_by(), context.caller.employee)) {
    return Decision::Refuse("visitation.second_person",
                            "Another employee than the one who proposed it decides with him.");
  }
  return Decide(file, proposed.visitation(), context);
}

void Propose(jv1::CaseFile& file, const jv1::VisitationProposed& proposed) {
  *file.mutable_intake()->mutable_proposed_visitation() = proposed.proposed();
}

std::vector<const Rule*> And(std::vector<const Rule*> rules, const Rule* last) {
  rules.push_back(last);
  return rules;
}

}  // namespace

CasePart VisitationPart() {
  CasePart part;
  part.Serve(OnCase(kBeforeIt, &DecideVisitation))
      .Serve(OnCase(And(kBeforeIt, &kProposed), &ConfirmVisitation))
      .After(&Propose);
  return part;
}

}  // namespace exitbus::casework
