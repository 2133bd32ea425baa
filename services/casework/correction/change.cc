// The citizen moves, or gets another name or CPR number: nothing was wrong, it is so from a day on.
// It is told as a correction is, to whom it concerns still.
#include <algorithm>
#include <utility>

#include "exitbus/casework/v1/case_service.pb.h"
#include "services/casework/correction/correction.h"
#include "services/casework/correction/issue.h"
#include "services/casework/correction/notifications.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {

using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;

Decision ChangeDetails(const jv1::CaseFile& file, const v1::ChangeDetailsRequest& request,
                       const DecisionContext& context) {
  if (!request.has_valid_from()) {
    return Invalid("details.valid_from_required", "Say since when it is so.");
  }
  const absl::Time from = FromProto(request.valid_from());
  if (from > context.now) {
    return Invalid("details.in_the_future", "What is to come is not so yet. Record it when it is.");
  }
  if (from < OpeningOf(file, context)) {
    return Invalid("details.before_opening",
                   "It was so when the case was opened, so that the case has been wrong from the "
                   "beginning. Use CorrectCase.");
  }
  jv1::Corrected changed;
  jv1::Corrections& details = *changed.mutable_corrections();
  CompareDetails(file, request.person(), request.current_address(), details);
  if (details.ByteSizeLong() == 0) {
    return Invalid("details.nothing_to_change",
                   "Set at least one of address, name and CPR number to what it is now.");
  }
  const auto categories = NamesOf(details).categories;
  if (std::any_of(categories.begin(), categories.end(), [&](int category) {
        const auto* const since = ChangedSince(file, category);
        return since != nullptr && from <= FromProto(*since);
      })) {
    return Invalid(
        "details.before_the_last_change",
        "The case says already what came after that. Use CorrectCase if what it says now "
        "is wrong.");
  }
  *changed.mutable_correction()->mutable_changed_from() = request.valid_from();
  return Issue(file, std::move(changed), from, context);
}

}  // namespace exitbus::casework
