// What LS/RNR says of the person's risk and needs (VIS-16, INT-01), made by somebody trained for
// it.
#include "exitbus/casework/v1/intake_service.pb.h"
#include "services/casework/intake/intake.h"
#include "services/casework/methods.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;

Decision RecordRiskScreening(const jv1::CaseFile&, const v1::RecordRiskScreeningRequest& request,
                             const DecisionContext& context) {
  cv1::RiskScreening screening = request.screening();
  if (screening.level() == cv1::RISK_LEVEL_UNSPECIFIED) {
    return Invalid("risk.level_required", "Say whether the risk is low, medium or high.");
  }
  if (!screening.has_screened()) *screening.mutable_screened() = exchange::ToProto(context.now);
  if (exchange::FromProto(screening.screened()) > context.now) {
    return Invalid("risk.screened_when", "A screening was made, not in the future.");
  }
  *screening.mutable_recorded() = exchange::ToProto(context.now);
  jv1::CaseEvent event;
  *event.mutable_risk_screened()->mutable_screening() = screening;
  return Decision().AddEvent(event);
}

void Screen(jv1::CaseFile& file, const jv1::RiskScreened& screened) {
  *file.mutable_intake()->mutable_risk_screening() = screened.screening();
}

}  // namespace

const Rule kRiskScreened{"visitation.risk_screening_required",
                         "This authority screens risk and needs first: RecordRiskScreening.",
                         [](const Situation& s) {
                           return !Requires(s.context, cv1::INTAKE_STEP_RISK_SCREENING) ||
                                  s.file.intake().has_risk_screening();
                         }};

CasePart RiskPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme}, &RecordRiskScreening)).After(&Screen);
  return part;
}

}  // namespace exitbus::casework
