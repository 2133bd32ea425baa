// A case of Ishøj's, and documents that are stored with it. For the tests of documents.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/document_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "tests/simulation/erasure_world.h"

namespace exitbus::simulation {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;

inline const std::string kDocuments = "exitbus.casework.v1.DocumentService.";
inline constexpr std::size_t kSlice = std::size_t{192} * 1024;
inline constexpr char kPlantedDocument[] = "canary-document";

// That many bytes, another text in each place.
inline std::string Content(std::size_t bytes) {
  std::string content = kPlantedDocument;
  while (content.size() < bytes) absl::StrAppend(&content, " ", content.size());
  return content.substr(0, bytes);
}

class DocumentWorld : public ErasureWorld {
 public:
  DocumentWorld() : case_id(EnrolledCase(world, ishoej)) { EXPECT_TRUE(world.Settle()); }

  absl::StatusOr<cv1::Document> Begin(Node& node, const std::string& content,
                                      pv1::Category category = pv1::CATEGORY_MEASURES,
                                      cv1::DocumentKind kind = cv1::DOCUMENT_KIND_REPORT) {
    cv1::BeginDocumentRequest request;
    request.set_request_id(world.RequestId());
    request.set_case_id(case_id);
    request.set_kind(kind);
    request.set_category(category);
    request.set_heading("Rapport om planen");
    request.set_media_type(cv1::MEDIA_TYPE_PDF);
    request.set_size(static_cast<std::uint32_t>(content.size()));
    request.set_sha256(world.crypto->Sha256(content));
    const auto answer =
        node.Call<cv1::BeginDocumentResponse>(kDocuments + "BeginDocument", request);
    if (!answer.ok()) return answer.status();
    return answer->document();
  }
  static cv1::StoreDocumentSliceRequest SliceOf(const std::string& case_id, const std::string& id,
                                                const std::string& content, std::uint32_t slice) {
    cv1::StoreDocumentSliceRequest request;
    request.set_request_id(absl::StrCat("slice-", slice, "-", id.substr(0, 8)));
    request.set_case_id(case_id);
    request.set_document_id(id);
    request.set_slice(slice);
    request.set_content(content.substr((slice - 1) * kSlice, kSlice));
    return request;
  }
  absl::StatusOr<cv1::Document> Send(Node& node, const cv1::StoreDocumentSliceRequest& request) {
    const auto answer =
        node.Call<cv1::StoreDocumentSliceResponse>(kDocuments + "StoreDocumentSlice", request);
    if (!answer.ok()) return answer.status();
    return answer->document();
  }
  // The id of one that is complete.
  std::string Store(Node& node, const std::string& content,
                    pv1::Category category = pv1::CATEGORY_MEASURES,
                    cv1::DocumentKind kind = cv1::DOCUMENT_KIND_REPORT) {
    auto document = Begin(node, content, category, kind);
    EXPECT_TRUE(document.ok()) << document.status();
    if (!document.ok()) return "";
    for (std::uint32_t slice = 1; slice <= document->slices(); ++slice) {
      const auto sent = Send(node, SliceOf(case_id, document->document_id(), content, slice));
      EXPECT_TRUE(sent.ok()) << sent.status();
      if (slice == document->slices() && sent.ok()) {
        EXPECT_EQ(sent->stage(), cv1::DOCUMENT_STAGE_COMPLETE);
      }
    }
    return document->document_id();
  }
  absl::StatusOr<cv1::CaseDocuments> List(Node& node) {
    cv1::ListDocumentsRequest request;
    request.set_case_id(case_id);
    const auto answer =
        node.Call<cv1::ListDocumentsResponse>(kDocuments + "ListDocuments", request);
    if (!answer.ok()) return answer.status();
    return answer->documents();
  }
  // "<category> <stage>" of each.
  std::vector<std::string> Listed(Node& node) {
    std::vector<std::string> all;
    const auto documents = List(node);
    EXPECT_TRUE(documents.ok()) << documents.status();
    if (!documents.ok()) return all;
    for (const cv1::Document& one : documents->documents()) {
      all.push_back(absl::StrCat(pv1::Category_Name(one.category()).substr(9), " ",
                                 cv1::DocumentStage_Name(one.stage()).substr(15)));
    }
    return all;
  }
  absl::StatusOr<std::string> ReadSlice(Node& node, const std::string& id, std::uint32_t slice) {
    cv1::ReadDocumentRequest request;
    request.set_case_id(case_id);
    request.set_document_id(id);
    request.set_slice(slice);
    const auto answer = node.Call<cv1::ReadDocumentResponse>(kDocuments + "ReadDocument", request);
    if (!answer.ok()) return answer.status();
    return answer->content().content();
  }
  std::string Read(Node& node, const std::string& id, std::uint32_t slices) {
    std::string whole;
    for (std::uint32_t slice = 1; slice <= slices; ++slice) {
      const auto content = ReadSlice(node, id, slice);
      EXPECT_TRUE(content.ok()) << content.status();
      if (content.ok()) whole += *content;
    }
    return whole;
  }
  absl::Status Give(Node& node, const std::string& id, const std::vector<pv1::Function>& units,
                    bool may_be_shown = false) {
    cv1::GiveDocumentRequest request;
    request.set_request_id(world.RequestId());
    request.set_case_id(case_id);
    request.set_document_id(id);
    for (const pv1::Function unit : units) request.add_units(unit);
    request.set_may_be_shown(may_be_shown);
    return node.Call<cv1::GiveDocumentResponse>(kDocuments + "GiveDocument", request).status();
  }
  absl::Status Remove(Node& node, const std::string& id) {
    cv1::RemoveDocumentRequest request;
    request.set_request_id(world.RequestId());
    request.set_case_id(case_id);
    request.set_document_id(id);
    return node.Call<cv1::RemoveDocumentResponse>(kDocuments + "RemoveDocument", request).status();
  }
  static std::size_t SlicesAt(Node& node) {
    return node.store().rows(exchange::Table::kAttachments).size();
  }
  // Whether the planted words stand anywhere in what lies on this disk.
  static bool LiesInTheClear(Node& node) {
    for (int table = 0; table < exchange::kTableCount; ++table) {
      for (const auto& [key, value] : node.store().rows(static_cast<exchange::Table>(table))) {
        if (value.find(kPlantedDocument) != std::string::npos) return true;
      }
    }
    return false;
  }
  std::string TakenOver(Node& receiver) {
    const std::string id = Offered(world, ishoej, case_id, receiver);
    EXPECT_TRUE(Do(world, receiver, "TakeOverCase", id).ok());
    EXPECT_TRUE(world.Settle());
    return id;
  }
  // Its slices leave once it is looked at what falls due.
  void Arrive() {
    world.Pass(absl::Seconds(3));
    EXPECT_TRUE(world.Settle());
  }

  std::string case_id;
};

}  // namespace exitbus::simulation
