#include "exitbus/casework/v1/erasure_service.pb.h"
#include "services/casework/erasure/erasure.h"
#include "services/casework/methods.h"
#include "services/exchange/erasure.h"

namespace exitbus::casework {
namespace {

using exchange::Message;
using exchange::Needs;

std::string ById(const v1::GetErasureRequest& request) { return "erasure/" + request.erasure_id(); }

std::unique_ptr<Message> ListView(const jv1::CaseFile& file, std::string_view,
                                  const v1::ListErasuresRequest& wanted) {
  const auto& tombstone = file.erasure();
  if (!wanted.of_case().empty() && wanted.of_case() != tombstone.case_id()) return nullptr;
  if (wanted.outstanding_only() && exchange::IsComplete(tombstone)) return nullptr;
  return ErasureView(file);
}

// What is erased hears confirmations as a tombstone; nothing else ordered anything.
Decision OnCaseErasureConfirmed(const CaseLetter&, const v1::CaseErasureConfirmed&) {
  return exchange::NotOrdered();
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
      .On(&OnCaseErasureConfirmed);
  return part;
}

}  // namespace exitbus::casework
