// What falls due about documents, and what a case that is handed on waits for. What people and
// letters bring about is in the table.
#include "services/casework/documents/documents.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/casework/case_files.h"
#include "services/casework/handover/given_testing.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"
#include "tests/tables/inputs.h"

namespace exitbus::casework {
namespace {

constexpr char kId[] = "the-document";

// What lies beside the file, by name.
class Kept : public exchange::NoLookup {
 public:
  std::optional<std::string> Attachment(std::string_view, std::string_view,
                                        std::string_view name) const override {
    const auto found = slices.find(std::string(name));
    return found == slices.end() ? std::nullopt : std::optional(found->second);
  }
  std::map<std::string, std::string> slices;
};

class DocumentsTest : public testing::Test {
 protected:
  // A case that was handed on, and has this document still to send.
  DocumentsTest() : file(Given("holder", "TAKEN_OVER")) {
    cv1::Document& document = *file.add_documents();
    document.set_document_id(kId);
    document.set_category(policy::v1::CATEGORY_MEASURES);
    document.set_stage(cv1::DOCUMENT_STAGE_COMPLETE);
    document.set_slices(2);
    document.set_slices_here(2);
    jv1::DocumentOwed& owed = *file.mutable_handovers(0)->add_documents_owed();
    owed.set_document_id(kId);
    owed.set_legal_basis(policy::v1::LEGAL_BASIS_FVL28);
  }
  std::string Falls(const std::string& deadline) {
    exchange::DecisionContext context = ishoej.DecisionContextFor();
    context.lookup = &kept;
    const exchange::Decision decision = files.decide_deadline(file, deadline, context);
    return tables::Said(decision, files, file, [](const auto&) { return std::string(); });
  }
  std::string Owed() {
    return absl::StrCat("document/", file.handovers(0).handover_id(), "/", kId);
  }

  const exchange::Aggregate files = CaseFiles();
  const exchange::Deciding ishoej{exchange::kIshoej, {exchange::kOdense}};
  Kept kept;
  jv1::CaseFile file;
};

TEST_F(DocumentsTest, WhatIsOwedFallsDueAtOnceAndGoesSliceBySlice) {
  kept.slices = {{SliceName(kId, 1), "a"}, {SliceName(kId, 2), "b"}};
  const auto due = files.deadlines(file);
  EXPECT_TRUE(std::any_of(due.begin(), due.end(),
                          [&](const exchange::Deadline& one) { return one.name == Owed(); }));
  EXPECT_EQ(
      Falls(Owed()),
      "document handed on, tells DocumentSlice to the receiver, DocumentSlice to the receiver");
}

TEST_F(DocumentsTest, WhatLacksASliceIsReported) {
  kept.slices = {{SliceName(kId, 1), "a"}};
  EXPECT_EQ(Falls(Owed()),
            "document handed on, tells DocumentSlice to the receiver, reports "
            "document.slice_missing");
}

TEST_F(DocumentsTest, WhatWentOnConsentStaysOnceThatIsRevoked) {
  kept.slices = {{SliceName(kId, 1), "a"}, {SliceName(kId, 2), "b"}};
  file.mutable_handovers(0)->mutable_documents_owed(0)->set_legal_basis(
      policy::v1::LEGAL_BASIS_CONSENT);
  *file.mutable_consent()->mutable_revoked() = exchange::ToProto(exchange::Deciding::Now());
  EXPECT_EQ(Falls(Owed()), "document handed on");
}

TEST_F(DocumentsTest, WhatHasGoneFallsDueNoMore) {
  file.mutable_handovers(0)->clear_documents_owed();
  EXPECT_EQ(Falls(Owed()), "no effect document_not_owed");
}

TEST_F(DocumentsTest, AnUploadHasADay) {
  cv1::Document& document = *file.mutable_documents(0);
  document.set_stage(cv1::DOCUMENT_STAGE_UPLOADING);
  *document.mutable_begun() = exchange::ToProto(exchange::Deciding::Now() - absl::Hours(23));
  const std::string deadline = absl::StrCat("upload/", kId);
  EXPECT_EQ(Falls(deadline), "no effect upload_over");
  *document.mutable_begun() = exchange::ToProto(exchange::Deciding::Now() - absl::Hours(24));
  EXPECT_EQ(Falls(deadline), "document removed");
}

TEST(DocumentsOnTheirWayTest, KeepTheCaseFromBeingOfferedOn) {
  jv1::CaseFile file = Given("holder", "ACCEPTED");
  const std::string offered = Then(file, "OfferHandover");
  cv1::Document& document = *file.add_documents();
  document.set_document_id(kId);
  document.set_stage(cv1::DOCUMENT_STAGE_ARRIVING);
  EXPECT_EQ(Then(file, "OfferHandover"), "refused handover.documents_arriving");
  document.set_stage(cv1::DOCUMENT_STAGE_DAMAGED);
  EXPECT_EQ(Then(file, "OfferHandover"), offered);
}

}  // namespace
}  // namespace exitbus::casework
