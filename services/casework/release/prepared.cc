// What a planned release owes from the day it is planned: that a municipality has accepted the case
// ten working days before, and that it is offered when the day has come.
#include <algorithm>
#include <vector>

#include "services/casework/handover/rules.h"
#include "services/casework/parts.h"
#include "services/casework/release/release.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"

namespace exitbus::casework {
namespace {

constexpr int kDaysBefore = 10;
constexpr int kAtOnceDays = 1;
constexpr char kAcceptance[] = "acceptance";
constexpr char kOffer[] = "offer";

bool IsOfRelease(const jv1::Handover& handover) {
  return handover.side() == hv1::SIDE_HOLDER && handover.reason() == hv1::HANDOVER_REASON_RELEASE;
}

bool IsAccepted(const jv1::CaseFile& file) {
  const jv1::Handover* const open = OpenHandover(file);
  return open != nullptr && IsOfRelease(*open) && !IsBeforeAcceptance(*open);
}

bool IsOffered(const jv1::CaseFile& file) {
  return IsAccepted(file) && OpenHandover(file)->stage() != hv1::HANDOVER_STAGE_ACCEPTED;
}

std::vector<exchange::NamedObligation> Owed(const jv1::CaseFile& file) {
  std::vector<exchange::NamedObligation> owed;
  if (!IsOursToPursue(file)) return owed;
  if (file.has_acceptance_owed() && !IsAccepted(file)) {
    owed.push_back({kAcceptance, &file.acceptance_owed()});
  }
  if (file.has_offer_owed() && !IsOffered(file)) owed.push_back({kOffer, &file.offer_owed()});
  return owed;
}

// What is planned late is owed at once, and alarms nobody who has just planned it.
absl::Time AtOnce(const exchange::DecisionContext& context) {
  return exchange::AddWorkingDays(context.now, kAtOnceDays);
}

}  // namespace

exchange::ov1::Obligation AcceptanceOwed(absl::Time release,
                                         const exchange::DecisionContext& context) {
  return exchange::OwedBy(
      context.self->id, kAcceptance,
      std::max(exchange::WorkingDaysBefore(release, kDaysBefore), AtOnce(context)));
}

exchange::ov1::Obligation OfferOwed(absl::Time release, const exchange::DecisionContext& context) {
  return exchange::OwedBy(context.self->id, kOffer, std::max(release, AtOnce(context)));
}

const exchange::ov1::Obligation* HandoverOwed(const jv1::CaseFile& file) {
  const auto owed = Owed(file);
  return owed.empty() ? nullptr : owed.front().obligation;
}

void ShowHandoverOwed(const jv1::CaseFile& file, cv1::Case& view) {
  const auto* const owed = HandoverOwed(file);
  if (owed == nullptr) return;
  *view.mutable_handover_due() = owed->due();
  view.set_handover_overdue(exchange::IsOverdue(*owed));
}

CasePart PreparedPart() {
  CasePart part;
  part.Obligations("release.handover_overdue", &Owed);
  return part;
}

}  // namespace exitbus::casework
