#include "exitbus/casework/v1/erasure.pb.h"
#include "exitbus/casework/v1/erasure_service.pb.h"
#include "services/casework/erasure/erasure.h"
#include "services/casework/handover/handover.h"
#include "services/casework/methods.h"
#include "services/exchange/erasure.h"
#include "services/exchange/obligation.h"

namespace exitbus::casework {
namespace {

using exchange::Message;
using exchange::Needs;

std::string ById(const v1::GetErasureRequest& request) { return "erasure/" + request.erasure_id(); }

std::unique_ptr<Message> ListView(const jv1::CaseFile& file, std::string_view,
                                  const v1::ListErasuresRequest& wanted) {
  const auto& tombstone = file.erasure();
  if (!wanted.of_case().empty() && wanted.of_case() != tombstone.case_id()) return nullptr;
  if (wanted.outstanding_only() && exchange::IsMet(tombstone.orders())) return nullptr;
  return ErasureView(file);
}

// From the receiver of a handover that came to nothing, of what it had got; its end may still be on
// its way. Nothing else was ordered: what is erased itself hears confirmations as a tombstone.
Decision OnErasureConfirmed(const CaseLetter& letter, const v1::ErasureConfirmed&) {
  const jv1::Handover* handover = FindHandover(letter.state, letter.place.subject);
  if (handover == nullptr || handover->counterpart() != letter.place.sender ||
      handover->side() != hv1::SIDE_HOLDER || HasMoved(*handover)) {
    return exchange::NotOrdered();
  }
  if (IsBeforeOffer(*handover)) return Decision::Park();
  jv1::CaseEvent event = EventOf(*handover);
  event.mutable_peer_erased();
  return Decision().Happened(event);
}

}  // namespace

CasePart ErasurePart() {
  CasePart part;
  part.Serve<v1::EraseCaseRequest>({.target = &ByCase,
                                    .decide = &EraseCase,
                                    .view = &ErasureView,
                                    .guarded = &CaseView,
                                    .needs = Needs::kConfirmedHead})
      .Serve<v1::GetErasureRequest>({.target = &ById, .view = &ErasureView})
      .List<v1::ListErasuresRequest>({.prefix = "erasure/", .view = &ListView})
      .On(&OnErasureOrdered)
      .On(&OnErasureConfirmed);
  return part;
}

}  // namespace exitbus::casework
