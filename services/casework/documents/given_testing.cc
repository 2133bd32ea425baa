#include "services/casework/documents/given_testing.h"

#include "services/casework/case_given_testing.h"
#include "services/casework/documents/documents.h"
#include "services/casework/handover/given_testing.h"

namespace exitbus::casework {
namespace {

// The digest is what tables have for one: the text.
void AddDocument(cv1::DocumentStage stage, jv1::CaseFile& file) {
  cv1::Document& document = *file.add_documents();
  document.set_document_id("the-document");
  document.set_category(policy::v1::CATEGORY_MEASURES);
  document.set_size(32);
  document.set_sha256("0123456789abcdef0123456789abcdef");
  document.set_slices(1);
  document.set_stage(stage);
  if (stage == cv1::DOCUMENT_STAGE_COMPLETE) document.set_slices_here(1);
}

}  // namespace

std::optional<jv1::CaseFile> GivenDocuments(const std::string& given) {
  jv1::CaseFile file;
  if (given == "STORING" || given == "STORED" || given == "FULL") {
    file = GivenCase("REFERRED");
    AddDocument(given == "STORING" ? cv1::DOCUMENT_STAGE_UPLOADING : cv1::DOCUMENT_STAGE_COMPLETE,
                file);
    for (int i = 1; given == "FULL" && i < kDocumentsMax; ++i) {
      file.add_documents()->set_document_id("another");
    }
    return file;
  }
  if (given != "ARRIVING" && given != "ARRIVING_AT_FORMER") return std::nullopt;
  file = Given("receiver", "CLOSED");
  if (given == "ARRIVING_AT_FORMER") file.set_standing(cv1::STANDING_FORMER);
  AddDocument(cv1::DOCUMENT_STAGE_ARRIVING, file);
  return file;
}

}  // namespace exitbus::casework
