#include <optional>
#include <string>
#include <utility>

#include "exitbus/casework/v1/case_service.pb.h"
#include "services/casework/correction/issue.h"
#include "services/casework/methods.h"
#include "services/exchange/repeated.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;

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
  CompareDetails(file, request.person(), request.current_address(), to);
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

Decision CorrectCase(const jv1::CaseFile& file, const v1::CorrectCaseRequest& request,
                     const DecisionContext& context) {
  if (request.reason().empty() || request.reason().size() > kReasonBytesMax) {
    return Invalid("correction.reason_required",
                   "Say in at most 4000 bytes what was wrong; it stays here.");
  }
  jv1::Corrected corrected;
  jv1::Corrections& corrections = *corrected.mutable_corrections();
  if (auto refused = Compare(file, request, corrections)) return *std::move(refused);
  if (corrections.ByteSizeLong() == 0) {
    return Invalid("correction.nothing_to_correct",
                   "Set at least one field to what it should have been.");
  }
  corrected.mutable_correction()->set_reason(request.reason());
  return Issue(file, std::move(corrected), OpeningOf(file, context), context);
}

}  // namespace

CasePart CorrectionMethods() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kNotOffered}, &CorrectCase))
      .Serve(OnCase({&kResponsible, &kInProgramme, &kNotOffered}, &ChangeDetails));
  return part;
}

}  // namespace exitbus::casework
