#include "services/casework/handover/slices.h"

#include <cstdint>
#include <utility>

#include "services/casework/access/units.h"
#include "services/policy/values.h"

namespace exitbus::casework {
namespace {

using handover::v1::DossierPart;

constexpr int kItemsMax = 200;        // of any list in a letter (exitbus/policy/v1/value.proto)
constexpr int kStatementsMax = 2000;  // of this one

// Whether it is more than one letter may say, however long.
bool HasTooMany(const DossierPart& part) {
  return part.agreement().measures_size() > kItemsMax || part.precautions_size() > kItemsMax ||
         part.statements_size() > kStatementsMax;
}

bool Fits(const DossierPart& part) {
  return part.ByteSizeLong() <= kSliceBytesMax && !HasTooMany(part);
}

class Slicer {
 public:
  // What is not divided further, and always fits.
  void Add(const DossierPart& piece) {
    const std::size_t bytes = piece.ByteSizeLong();
    DossierPart* last = slices_.empty() ? nullptr : &slices_.back();
    const bool is_full = last == nullptr || bytes_ + bytes > kSliceBytesMax ||
                         last->agreement().measures_size() == kItemsMax ||
                         last->precautions_size() == kItemsMax ||
                         last->statements_size() == kStatementsMax;
    if (is_full) {
      last = &slices_.emplace_back();
      bytes_ = 0;
    }
    last->MergeFrom(piece);
    bytes_ += bytes;
  }

  std::vector<DossierPart> Numbered(policy::v1::LegalBasis legal_basis) && {
    for (std::size_t i = 0; i < slices_.size(); ++i) {
      slices_[i].set_legal_basis(legal_basis);
      slices_[i].set_slice(static_cast<std::uint32_t>(i + 1));
      slices_[i].set_slices(static_cast<std::uint32_t>(slices_.size()));
    }
    return std::move(slices_);
  }

 private:
  std::vector<DossierPart> slices_;
  std::size_t bytes_ = 0;  // of the last one, at most
};

}  // namespace

std::vector<DossierPart> Sliced(const DossierPart& part) {
  if (Fits(part)) return {part};
  Slicer slicer;
  DossierPart rest = part;
  rest.clear_visitation();
  rest.clear_precautions();
  rest.clear_statements();
  if (rest.has_agreement()) rest.mutable_agreement()->clear_measures();
  slicer.Add(rest);
  DossierPart piece;
  if (part.has_visitation()) {
    *piece.mutable_visitation() = part.visitation();
    slicer.Add(piece);
  }
  for (const casework::v1::Measure& measure : part.agreement().measures()) {
    piece.Clear();
    *piece.mutable_agreement()->add_measures() = measure;
    slicer.Add(piece);
  }
  for (const std::string& precaution : part.precautions()) {
    piece.Clear();
    piece.add_precautions(precaution);
    slicer.Add(piece);
  }
  for (const std::string& statement : part.statements()) {
    piece.Clear();
    piece.add_statements(statement);
    slicer.Add(piece);
  }
  return std::move(slicer).Numbered(part.legal_basis());
}

bool IsWhole(const google::protobuf::RepeatedPtrField<DossierPart>& parts) {
  if (parts.empty()) return false;
  const bool is_sliced = parts[0].slices() > 0;
  if (!is_sliced && (parts.size() > 1 || parts[0].slice() > 0)) return false;
  casework::v1::Agreement agreement;
  for (int i = 0; i < parts.size(); ++i) {
    if (is_sliced && (parts[i].slices() != static_cast<std::uint32_t>(parts.size()) ||
                      parts[i].slice() != static_cast<std::uint32_t>(i + 1) ||
                      parts[i].legal_basis() != parts[0].legal_basis())) {
      return false;
    }
    TakeInAgreement(parts[i], agreement);
  }
  return !policy::FaultIn(agreement);
}

void TakeInAgreement(const DossierPart& part, casework::v1::Agreement& agreement) {
  if (part.slice() <= 1) agreement.Clear();
  agreement.MergeFrom(WithoutUnits(part.agreement()));
}

}  // namespace exitbus::casework
