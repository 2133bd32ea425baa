#include "services/casework/correction/issue.h"

#include <utility>

#include "exitbus/exchange/v1/statement.pb.h"
#include "services/casework/correction/notifications.h"
#include "services/casework/programme/programme.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {

using exchange::Decision;
using exchange::DecisionContext;

void CompareDetails(const jv1::CaseFile& file, const cv1::Person& person,
                    const std::string& current_address, jv1::Corrections& to) {
  if (!person.cpr_number().empty() && person.cpr_number() != file.person().cpr_number()) {
    to.mutable_person()->set_cpr_number(person.cpr_number());
  }
  if (!person.name().empty() && person.name() != file.person().name()) {
    to.mutable_person()->set_name(person.name());
  }
  if (current_address != file.current_address()) to.set_current_address(current_address);
}

absl::Time OpeningOf(const jv1::CaseFile& file, const DecisionContext& context) {
  exchange::v1::SignedStatement outer;
  exchange::v1::Statement opening;
  if (file.statements().empty() || !outer.ParseFromString(file.statements(0)) ||
      !opening.ParseFromString(outer.statement()) || !opening.has_opening()) {
    return context.now;
  }
  return exchange::FromProto(opening.opening().instant());
}

Decision Issue(const jv1::CaseFile& file, jv1::Corrected corrected, absl::Time valid_from,
               const DecisionContext& context) {
  const jv1::Corrections& corrections = corrected.corrections();
  const std::string& cpr = corrections.person().cpr_number();
  if (!cpr.empty() && !IsOver(file.stage()) && PersonHasCase(*context.lookup, cpr)) {
    return Decision::Refuse("case.person_has_open_case",
                            "Another open case here has this CPR number. Find it with FindCases.",
                            absl::StatusCode::kAlreadyExists);
  }
  jv1::Correction& correction = *corrected.mutable_correction();
  correction.set_correction_id(context.lookup->FreshId());
  *correction.mutable_corrected() = exchange::ToProto(context.now);
  *correction.mutable_categories() = NamesOf(corrections).categories;
  correction.set_issuer(context.self->id);
  CorrectionNotifications notifications(file, context, correction);
  notifications.ToAll(corrections);
  jv1::CaseEvent event;
  *event.mutable_corrected() = std::move(corrected);
  Decision decision;
  decision.AddEvent(event).ValidFrom(valid_from);
  notifications.NotifyAll(decision);
  return decision;
}

}  // namespace exitbus::casework
