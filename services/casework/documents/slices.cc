// A document's slices, and what becomes of a document by what happens to it.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/casework/documents/documents.h"
#include "services/casework/parts.h"
#include "services/exchange/repeated.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;
using exchange::DecisionContext;

cv1::Document* MutableDocument(jv1::CaseFile& file, std::string_view document_id) {
  return exchange::FindIn(*file.mutable_documents(), [&](const cv1::Document& document) {
    return document.document_id() == document_id;
  });
}

void Begin(jv1::CaseFile& file, const jv1::DocumentBegun& begun) {
  *file.add_documents() = begun.document();
}

void KeepSlice(jv1::CaseFile& file, const jv1::DocumentSliceKept& kept) {
  cv1::Document* const document = MutableDocument(file, kept.document_id());
  if (document == nullptr) return;
  document->set_slices_here(document->slices_here() + 1);
  if (kept.salt().empty()) return;
  document->set_stage(cv1::DOCUMENT_STAGE_COMPLETE);
  document->set_salt(kept.salt());
  document->set_salted_sha256(kept.salted_sha256());
}

void Remove(jv1::CaseFile& file, const jv1::DocumentRemoved& removed) {
  exchange::EraseFrom(*file.mutable_documents(), [&](const cv1::Document& document) {
    return document.document_id() == removed.document_id();
  });
}

void Give(jv1::CaseFile& file, const jv1::DocumentGiven& given) {
  cv1::Document* const document = MutableDocument(file, given.document_id());
  if (document == nullptr) return;
  *document->mutable_units() = given.units();
  document->set_may_be_shown(given.may_be_shown());
}

void Damage(jv1::CaseFile& file, const jv1::DocumentDamaged& damaged) {
  cv1::Document* const document = MutableDocument(file, damaged.document_id());
  if (document == nullptr) return;
  document->set_stage(cv1::DOCUMENT_STAGE_DAMAGED);
  document->clear_slices_here();
}

}  // namespace

const cv1::Document* FindDocument(const jv1::CaseFile& file, std::string_view document_id) {
  return exchange::FindIn(file.documents(), [&](const cv1::Document& document) {
    return document.document_id() == document_id;
  });
}

bool IsForCitizen(const cv1::Document& document) {
  return document.may_be_shown() && document.stage() == cv1::DOCUMENT_STAGE_COMPLETE;
}

std::uint32_t SlicesOf(std::size_t bytes) {
  return static_cast<std::uint32_t>((bytes + kDocumentSliceBytes - 1) / kDocumentSliceBytes);
}

std::size_t NextSliceBytes(const cv1::Document& document) {
  const std::size_t here = document.slices_here() * kDocumentSliceBytes;
  return here >= document.size() ? 0 : std::min(kDocumentSliceBytes, document.size() - here);
}

std::string SliceName(std::string_view document_id, std::uint32_t slice) {
  return absl::StrCat(std::string(document_id), "/", slice);
}

void DropSlices(const cv1::Document& document, Decision& decision) {
  for (std::uint32_t slice = 1; slice <= document.slices_here(); ++slice) {
    decision.Drop(SliceName(document.document_id(), slice));
  }
}

std::optional<Decision> KeepNext(const cv1::Document& document, const std::string& content,
                                 std::string_view key, const DecisionContext& context) {
  jv1::CaseEvent event;
  jv1::DocumentSliceKept& kept = *event.mutable_document_slice_kept();
  kept.set_document_id(document.document_id());
  const std::uint32_t slice = document.slices_here() + 1;
  if (slice == document.slices()) {
    std::string whole;
    whole.reserve(document.size());
    for (std::uint32_t i = 1; i < slice; ++i) {
      whole += context.lookup->Attachment(kFiles, key, SliceName(document.document_id(), i))
                   .value_or("");
    }
    whole += content;
    if (context.lookup->Sha256(whole) != document.sha256()) return std::nullopt;
    kept.set_salt(document.salt().empty() ? context.lookup->FreshId() + context.lookup->FreshId()
                                          : document.salt());
    kept.set_salted_sha256(context.lookup->Sha256(kept.salt() + whole));
  }
  return Decision().AddEvent(event).Keep(SliceName(document.document_id(), slice), content);
}

google::protobuf::RepeatedPtrField<std::string> AgreementDigests(const jv1::CaseFile& file) {
  google::protobuf::RepeatedPtrField<std::string> digests;
  for (const cv1::Document& document : file.documents()) {
    const bool is_of_agreement = document.kind() == cv1::DOCUMENT_KIND_AGREEMENT ||
                                 document.kind() == cv1::DOCUMENT_KIND_AGREEMENT_ANNEX;
    if (is_of_agreement && document.stage() == cv1::DOCUMENT_STAGE_COMPLETE) {
      *digests.Add() = document.salted_sha256();
    }
  }
  return digests;
}

CasePart DocumentEvents() {
  CasePart part;
  part.After(&Begin).After(&KeepSlice).After(&Remove).After(&Give).After(&Damage);
  return part;
}

}  // namespace exitbus::casework
