// Who on duty is asked to read the precautions of somebody who is threatened: every 15 minutes the
// next of those that this authority has published for it, for a day, until somebody has read them.
#include <vector>

#include "services/casework/parts.h"
#include "services/casework/rules.h"
#include "services/exchange/proto_time.h"
#include "services/readiness/contacts.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;

constexpr absl::Duration kEach = absl::Minutes(15);
constexpr std::uint32_t kAskedMax = 4 * 24;  // a day; operators are alarmed after an hour

bool IsUnread(const jv1::CaseFile& file) {
  return file.standing() == cv1::STANDING_RESPONSIBLE && file.has_security_learnt() &&
         file.security().threat_level() == cv1::THREAT_LEVEL_HIGH &&
         file.security().acknowledged_by().empty() && file.precautions_asked() < kAskedMax;
}

std::vector<exchange::Deadline> NextOf(const jv1::CaseFile& file) {
  if (!IsUnread(file)) return {};
  const cv1::OnDuty& asked = file.security().asked();
  // Each has his 15 minutes, also where this service stood still meanwhile.
  if (asked.has_since()) return {{"", exchange::FromProto(asked.since()) + kEach}};
  return {{"", exchange::FromProto(file.security_learnt()) + file.precautions_asked() * kEach}};
}

Decision AskNext(const jv1::CaseFile& file, std::string_view, const DecisionContext& context) {
  const auto next = NextOf(file);
  if (next.empty() || next.front().due > context.now) return Decision::NoEffect("precautions_read");
  const std::vector<readiness::v1::Contact> on_duty =
      readiness::ContactsFor(context.self->id, readiness::v1::CONTACT_PURPOSE_PRECAUTIONS, context);
  jv1::CaseEvent event;
  jv1::PrecautionsPassedOn& passed_on = *event.mutable_precautions_passed_on();
  Decision decision;
  if (on_duty.empty()) {
    decision.AddEvent(event);
    if (file.precautions_asked() > 0) return decision;
    return decision.Report(exchange::Severity::kWarning, "precautions.nobody_on_duty");
  }
  const readiness::v1::Contact& next_one = on_duty[file.precautions_asked() % on_duty.size()];
  passed_on.mutable_asked()->set_unit(next_one.unit());
  passed_on.mutable_asked()->set_phone(next_one.phone());
  *passed_on.mutable_asked()->mutable_since() = exchange::ToProto(context.now);
  decision.AddEvent(event);
  if (file.precautions_asked() > 0) {
    decision.Report(exchange::Severity::kWarning, "precautions.passed_on");
  }
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
