#include "tests/story/document_calls.h"

#include <algorithm>
#include <utility>

#include "adapters/sodium/sodium_crypto.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/story/calls.h"

namespace exitbus::story {
namespace {

constexpr std::string_view kDocuments = "exitbus.casework.v1.DocumentService.";

}  // namespace

absl::StatusOr<cv1::Document> StoreDocument(Actor& at, const std::string& case_id,
                                            const std::string& heading, const std::string& text) {
  cv1::BeginDocumentRequest begin;
  begin.set_case_id(case_id);
  begin.set_kind(cv1::DOCUMENT_KIND_PLAN);
  begin.set_category(policy::v1::CATEGORY_MEASURES);
  begin.set_heading(heading);
  begin.set_media_type(cv1::MEDIA_TYPE_TEXT);
  begin.set_size(static_cast<std::uint32_t>(text.size()));
  begin.set_sha256(adapters::MakeSodiumCrypto()->Sha256(text));
  ASSIGN_OR_RETURN(const auto begun,
                   at.Change<cv1::Document>(In(kDocuments, "BeginDocument"), std::move(begin)));
  cv1::StoreDocumentSliceRequest slice;
  slice.set_case_id(case_id);
  slice.set_document_id(begun.document_id());
  slice.set_slice(1);
  slice.set_content(text);
  return at.Change<cv1::Document>(In(kDocuments, "StoreDocumentSlice"), std::move(slice));
}

absl::StatusOr<Arrival<cv1::CaseDocuments>> AwaitDocuments(Actor& at, const std::string& case_id,
                                                           absl::Time since) {
  cv1::ListDocumentsRequest list;
  list.set_case_id(case_id);
  return Await<cv1::CaseDocuments>(
      [&] { return at.Ask<cv1::CaseDocuments>(In(kDocuments, "ListDocuments"), list); }, since,
      "the documents are there",
      [](const cv1::CaseDocuments& seen) {
        const auto& all = seen.documents();
        return !all.empty() && std::all_of(all.begin(), all.end(), [](const cv1::Document& one) {
          return one.stage() == cv1::DOCUMENT_STAGE_COMPLETE;
        });
      });
}

absl::StatusOr<cv1::DocumentContent> ReadDocument(Actor& at, const std::string& case_id,
                                                  const std::string& document_id) {
  cv1::ReadDocumentRequest read;
  read.set_case_id(case_id);
  read.set_document_id(document_id);
  read.set_slice(1);
  return at.Ask<cv1::DocumentContent>(In(kDocuments, "ReadDocument"), read);
}

}  // namespace exitbus::story
