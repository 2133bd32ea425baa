// What else becomes of a case, as the unit of Kriminalforsorgen hears of it that supervises the
// person: the whole as it is now, whenever it is not what the unit was told last, so that no way to
// change it is forgotten.
#include <string>

#include "exitbus/kriminalforsorgen/v1/supervision_messages.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/handover/rules.h"
#include "services/casework/relocation/relocation.h"
#include "services/casework/supervision/supervision.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/policy/copy.h"

namespace exitbus::casework {
namespace {

namespace kv1 = kriminalforsorgen::v1;
using exchange::Decision;
using exchange::DecisionContext;

void AddHandover(const jv1::CaseFile& file, const DecisionContext& context,
                 kv1::CaseMatters& matters) {
  if (file.handovers().empty()) return;
  const jv1::Handover& last = *file.handovers().rbegin();
  if (last.side() != hv1::SIDE_HOLDER) return;
  kv1::HandoverMatter& told = *matters.mutable_handover();
  policy::CopyAlike(last, told);
  told.set_receiver(ReceiverOf(last, context));
  told.set_overdue(last.escalated());
  if (IsOpen(last) && last.waiting_for() != hv1::SIDE_UNSPECIFIED) return;
  told.clear_waiting_for();
  told.clear_due();
  told.clear_overdue();
}

void AddRelocation(const jv1::CaseFile& file, kv1::CaseMatters& matters) {
  if (file.relocations().empty()) return;
  const auto& last = file.relocations().rbegin()->seen();
  kv1::RelocationMatter& told = *matters.mutable_relocation();
  policy::CopyAlike(last, told);
  if (last.placements().empty() || last.placements().rbegin()->has_ended()) return;
  told.set_municipality(last.placements().rbegin()->municipality());
  told.set_mode(last.placements().rbegin()->mode());
}

void AddPool(const jv1::CaseFile& file, kv1::CaseMatters& matters) {
  for (const auto& application : file.pool_applications()) {
    policy::CopyAlike(application.seen(), *matters.add_pool());
  }
}

// Of the last agreement, and whoever's they are; when one is over its time is the holder's to see.
void AddMeasures(const jv1::CaseFile& file, kv1::CaseMatters& matters) {
  if (file.agreement().version() == 0) return;
  *matters.mutable_agreement() = file.agreement();
  for (const jv1::MeasureProgress& progress : file.measures_moved()) {
    *matters.add_measure_progress() = progress.seen();
  }
}

void AddSecurity(const jv1::CaseFile& file, kv1::CaseMatters& matters) {
  if (file.security().version() == 0) return;
  cv1::SecurityPicture& told = *matters.mutable_security();
  told.set_version(file.security().version());
  told.set_threat_level(file.security().threat_level());
  *told.mutable_precautions() = file.security().precautions();
}

kv1::CaseMatters MattersOf(const jv1::CaseFile& file, const DecisionContext& context) {
  kv1::CaseMatters matters;
  AddMeasures(file, matters);
  AddSecurity(file, matters);
  AddHandover(file, context, matters);
  AddRelocation(file, matters);
  if (!file.stays().empty()) {
    policy::CopyAlike(file.stays().rbegin()->seen(), *matters.mutable_stay());
  }
  AddPool(file, matters);
  return matters;
}

// A newer version of the precautions is to be read there within the hour.
void OwePrecautions(const DecisionContext& context, kv1::CaseMatters& matters,
                    jv1::Supervision& told) {
  if (!matters.has_security() || matters.security().version() == told.seen().precautions_told()) {
    return;
  }
  const absl::Time due = context.now + exchange::kWithinTheHour;
  cv1::Supervision& seen = *told.mutable_seen();
  seen.set_precautions_told(matters.security().version());
  seen.clear_precautions_read_by();
  *told.mutable_precautions_owed() = exchange::OwedBy(seen.unit(), told.supervision_id(), due);
}

}  // namespace

void FollowMatters(const jv1::CaseFile& before, const DecisionContext& context,
                   Decision& decision) {
  if (!decision.accepted() || decision.events().empty()) return;
  const auto after = After(before, decision);
  if (after->has_erasure() || after->standing() != cv1::STANDING_RESPONSIBLE) return;
  const auto to = AddressOfToldUnit(*after, context);
  if (!to) return;
  jv1::Supervision told = *ToldSupervision(*after);
  kv1::CaseMatters matters = MattersOf(*after, context);
  const std::string said = matters.SerializeAsString();
  if (said.empty() && told.told_matters().empty()) return;
  const std::string digest = context.statements->Digest(said);
  if (digest == told.told_matters()) return;
  told.set_told_matters(digest);
  OwePrecautions(context, matters, told);
  if (matters.has_security()) {
    *matters.mutable_security()->mutable_due() = told.precautions_owed().due();
  }
  jv1::CaseEvent event;
  *event.mutable_supervision_noted()->mutable_supervision() = told;
  kv1::CaseMattersTold message;
  message.set_number(after->number());
  *message.mutable_matters() = matters;
  decision.AddEvent(event).Notify(to, message);
}

}  // namespace exitbus::casework
