// Who on duty is asked to read the precautions of somebody who is threatened.
#include "services/readiness/on_duty.h"

#include <vector>

#include "services/casework/parts.h"
#include "services/casework/rules.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;

std::vector<exchange::Deadline> NextOf(const jv1::CaseFile& file) {
  if (file.standing() != cv1::STANDING_RESPONSIBLE || !file.has_security_learnt()) return {};
  return readiness::NextToAsk(
      {file.security(), exchange::FromProto(file.security_learnt()), file.precautions_asked()});
}

Decision AskNext(const jv1::CaseFile& file, std::string_view, const DecisionContext& context) {
  const auto next = NextOf(file);
  if (next.empty() || next.front().due > context.now) return Decision::NoEffect("precautions_read");
  const cv1::OnDuty on_duty = readiness::OnDutyNow(file.precautions_asked(), context);
  jv1::CaseEvent event;
  jv1::PrecautionsPassedOn& passed_on = *event.mutable_precautions_passed_on();
  if (on_duty.has_since()) *passed_on.mutable_asked() = on_duty;
  Decision decision;
  decision.AddEvent(event);
  readiness::ReportAsked(file.precautions_asked(), on_duty, decision);
  return decision;
}

void PassOn(jv1::CaseFile& file, const jv1::PrecautionsPassedOn& passed_on) {
  file.set_precautions_asked(file.precautions_asked() + 1);
  file.mutable_security()->clear_asked();
  if (passed_on.has_asked()) *file.mutable_security()->mutable_asked() = passed_on.asked();
}

}  // namespace

CasePart OnDutyPart() {
  CasePart part;
  part.After(&PassOn).Due("on_duty", &NextOf, &AskNext);
  return part;
}

}  // namespace exitbus::casework
