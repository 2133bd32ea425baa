#include <optional>
#include <string>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "services/casework/correction/correction.h"
#include "services/casework/correction/notifications.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programme.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"

namespace exitbus::casework {
namespace {

using exchange::DecisionContext;
using exchange::ToProto;

constexpr std::size_t kReasonBytesMax = 4000;

// Copies a text that is given and differs from what is there. False: there is nothing to correct.
bool TakeText(const std::string& given, const std::string& now, std::string* corrected) {
  if (given.empty() || given == now) return true;
  if (now.empty()) return false;
  *corrected = given;
  return true;
}

// What the request changes; or why it cannot.
std::optional<Decision> Compare(const jv1::CaseFile& file, const v1::CorrectCaseRequest& request,
                                jv1::Corrections& to) {
  const cv1::Person& person = request.person();
  if (!person.cpr_number().empty() && person.cpr_number() != file.person().cpr_number()) {
    to.mutable_person()->set_cpr_number(person.cpr_number());
  }
  if (!person.name().empty() && person.name() != file.person().name()) {
    to.mutable_person()->set_name(person.name());
  }
  if (request.current_address() != file.current_address()) {
    to.set_current_address(request.current_address());
  }
  const cv1::Visitation& given = request.visitation();
  const cv1::Visitation& now = file.visitation();
  cv1::Visitation text;
  if (!TakeText(given.affiliation(), now.affiliation(), text.mutable_affiliation()) ||
      !TakeText(given.position(), now.position(), text.mutable_position()) ||
      !TakeText(given.motivation(), now.motivation(), text.mutable_motivation()) ||
      !TakeText(given.risk_on_leaving(), now.risk_on_leaving(), text.mutable_risk_on_leaving()) ||
      !TakeText(given.health_needs(), now.health_needs(), text.mutable_health_needs())) {
    return Invalid("correction.nothing_there",
                   "The file says nothing there that could be wrong. Leave that field out.");
  }
  if (text.ByteSizeLong() > 0) *to.mutable_visitation() = text;
  for (const v1::MeasureCorrection& measure : request.measures()) {
    const auto* const known =
        exchange::FindIn(file.agreement().measures(), [&](const cv1::Measure& candidate) {
          return candidate.measure_id() == measure.measure_id();
        });
    if (known == nullptr) {
      return Invalid("correction.measure_unknown",
                     "The agreement in force has no such measure; GetCase lists them.");
    }
    if (!measure.description().empty() && measure.description() != known->description()) {
      (*to.mutable_measure_descriptions())[measure.measure_id()] = measure.description();
    }
  }
  return std::nullopt;
}

// Valid time of a correction: what is corrected was never otherwise.
absl::Time OpeningOf(const jv1::CaseFile& file, const DecisionContext& context) {
  exchange::v1::SignedStatement outer;
  exchange::v1::Statement opening;
  if (file.statements().empty() || !outer.ParseFromString(file.statements(0)) ||
      !opening.ParseFromString(outer.statement()) || !opening.has_opening()) {
    return context.now;
  }
  return exchange::FromProto(opening.opening().instant());
}

Decision CorrectCase(const jv1::CaseFile& file, const v1::CorrectCaseRequest& request,
                     const DecisionContext& context) {
  if (request.reason().empty() || request.reason().size() > kReasonBytesMax) {
    return Invalid("correction.reason_required",
                   "Say in at most 4000 bytes what was wrong; it stays here.");
  }
  jv1::CaseEvent event;
  jv1::Corrections& corrections = *event.mutable_corrected()->mutable_corrections();
  if (auto refused = Compare(file, request, corrections)) return *std::move(refused);
  if (corrections.ByteSizeLong() == 0) {
    return Invalid("correction.nothing_to_correct",
                   "Set at least one field to what it should have been.");
  }
  const std::string& cpr = corrections.person().cpr_number();
  if (!cpr.empty() && file.stage() != cv1::CASE_STAGE_WITHDRAWN &&
      PersonHasCase(*context.lookup, cpr)) {
    return Decision::Refuse("case.person_has_open_case",
                            "Another open case here has this CPR number. Find it with FindCases.",
                            absl::StatusCode::kAlreadyExists);
  }
  jv1::Correction& correction = *event.mutable_corrected()->mutable_correction();
  correction.set_correction_id(context.lookup->FreshId());
  *correction.mutable_corrected() = ToProto(context.now);
  *correction.mutable_categories() = NamesOf(corrections).categories;
  correction.set_issuer(context.self->id);
  correction.set_reason(request.reason());
  CorrectionNotifications notifications(file, context, correction);
  notifications.ToAll(corrections);
  Decision decision;
  decision.AddEvent(event).ValidFrom(OpeningOf(file, context));
  notifications.NotifyAll(decision);
  return decision;
}

}  // namespace

CasePart CorrectionMethods() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kNotOffered}, &CorrectCase));
  return part;
}

}  // namespace exitbus::casework
