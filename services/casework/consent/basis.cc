#include "services/casework/consent/basis.h"

#include <algorithm>
#include <string>

#include "exitbus/casework/v1/case_service.pb.h"
#include "services/casework/methods.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::FromProto;
using exchange::ToProto;

bool IsOf(const cv1::RecordedBasis& basis, pv1::LegalBasis law) {
  return basis.legal_basis() == law;
}

Decision RecordLegalBasis(const jv1::CaseFile&, const v1::RecordLegalBasisRequest& request,
                          const DecisionContext& context) {
  jv1::CaseEvent event;
  cv1::RecordedBasis& basis = *event.mutable_basis_recorded()->mutable_basis();
  basis.set_legal_basis(request.legal_basis());
  basis.set_paragraph(request.paragraph());
  *basis.mutable_covers() = request.covers();
  *basis.mutable_holds_from() =
      request.has_holds_from() ? request.holds_from() : ToProto(context.now);
  basis.set_recorded_by(context.self->id);
  if (auto refused = RefuseLaw(basis)) return *std::move(refused);
  if (request.covers().empty()) {
    return Invalid("basis.covers_required",
                   "Say which kinds of authority the case may be told to on this law.");
  }
  if (request.has_holds_from() && FromProto(request.holds_from()) > context.now) {
    return Invalid("basis.from_in_the_future",
                   "A law is recorded once it holds: give an instant that has come, or none.");
  }
  return Decision().AddEvent(event);
}

Decision EndLegalBasis(const jv1::CaseFile& file, const v1::EndLegalBasisRequest& request,
                       const DecisionContext&) {
  if (std::none_of(file.bases().begin(), file.bases().end(),
                   [&](const auto& basis) { return IsOf(basis, request.legal_basis()); })) {
    return Decision::Refuse("basis.none_of_this_law",
                            "This law is not recorded in the case; GetCase lists those that are.");
  }
  jv1::CaseEvent event;
  event.mutable_basis_ended()->set_legal_basis(request.legal_basis());
  return Decision().AddEvent(event);
}

void End(jv1::CaseFile& file, const jv1::BasisEnded& ended) {
  exchange::EraseFrom(*file.mutable_bases(), [&](const cv1::RecordedBasis& basis) {
    return IsOf(basis, ended.legal_basis());
  });
}

void Record(jv1::CaseFile& file, const jv1::BasisRecorded& recorded) {
  for (cv1::RecordedBasis& basis : *file.mutable_bases()) {
    if (!IsOf(basis, recorded.basis().legal_basis())) continue;
    basis = recorded.basis();
    return;
  }
  *file.add_bases() = recorded.basis();
}

}  // namespace

CasePart BasisPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kNotFrozen}, &RecordLegalBasis))
      .Serve(OnCase({&kResponsible, &kNotFrozen}, &EndLegalBasis))
      .After(&Record)
      .After(&End);
  return part;
}

bool HasBasis(const jv1::CaseFile& file) { return ConsentInForce(file) || !file.bases().empty(); }

bool Covers(const google::protobuf::RepeatedField<int>& covers, int kind) {
  return std::find(covers.begin(), covers.end(), kind) != covers.end();
}

std::optional<pv1::LegalBasis> BasisFor(const jv1::CaseFile& file, int kind) {
  for (const cv1::RecordedBasis& basis : file.bases()) {
    if (basis.covers().empty() || Covers(basis.covers(), kind)) return basis.legal_basis();
  }
  if (!ConsentInForce(file) || !Covers(file.consent().covers(), kind)) return std::nullopt;
  return pv1::LEGAL_BASIS_CONSENT;
}

std::optional<pv1::LegalBasis> BasisForCounterpart(const jv1::CaseFile& file,
                                                   const jv1::Handover& handover,
                                                   const DecisionContext& context) {
  const auto listed = context.directory->Find(handover.counterpart());
  return listed ? BasisFor(file, listed->kind) : std::nullopt;
}

std::optional<Decision> RefuseLaw(const cv1::RecordedBasis& basis) {
  if (basis.legal_basis() <= pv1::LEGAL_BASIS_CONSENT) {
    return Invalid("basis.not_a_law",
                   "Say which law it is. A consent is recorded by RecordConsent.");
  }
  if (basis.legal_basis() == pv1::LEGAL_BASIS_OTHER_LAW && basis.paragraph().empty()) {
    return Invalid("basis.paragraph_required",
                   "Cite the law and its paragraph: RecordLegalBasis takes them.");
  }
  return std::nullopt;
}

}  // namespace exitbus::casework
