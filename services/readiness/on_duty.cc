#include "services/readiness/on_duty.h"

#include "exitbus/casework/v1/case.pb.h"
#include "services/exchange/proto_time.h"
#include "services/readiness/contacts.h"

namespace exitbus::readiness {
namespace {

constexpr absl::Duration kEach = absl::Minutes(15);
constexpr std::uint32_t kAskedMax = 4 * 24;  // a day; operators are alarmed after an hour

}  // namespace

std::vector<exchange::Deadline> NextToAsk(const Precautions& precautions) {
  const casework::v1::SecurityPicture& picture = precautions.picture;
  if (picture.threat_level() != casework::v1::THREAT_LEVEL_HIGH ||
      !picture.acknowledged_by().empty() || precautions.asked >= kAskedMax) {
    return {};
  }
  // Each has his 15 minutes, also where this service stood still meanwhile.
  if (picture.asked().has_since()) {
    return {{"", exchange::FromProto(picture.asked().since()) + kEach}};
  }
  return {{"", precautions.learnt + precautions.asked * kEach}};
}

casework::v1::OnDuty OnDutyNow(std::uint32_t asked, const exchange::DecisionContext& context) {
  casework::v1::OnDuty next;
  const std::vector<v1::Contact> on_duty =
      ContactsFor(context.self->id, v1::CONTACT_PURPOSE_PRECAUTIONS, context);
  if (on_duty.empty()) return next;
  const v1::Contact& one = on_duty[asked % on_duty.size()];
  next.set_unit(one.unit());
  next.set_phone(one.phone());
  *next.mutable_since() = exchange::ToProto(context.now);
  return next;
}

void ReportAsked(std::uint32_t asked, const casework::v1::OnDuty& next,
                 exchange::Decision& decision) {
  if (next.has_since()) {
    if (asked > 0) decision.Report(exchange::Severity::kWarning, "precautions.passed_on");
  } else if (asked == 0) {
    decision.Report(exchange::Severity::kWarning, "precautions.nobody_on_duty");
  }
}

}  // namespace exitbus::readiness
