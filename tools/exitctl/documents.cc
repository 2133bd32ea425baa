#include "tools/exitctl/documents.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/grpc/grpc_client.h"
#include "adapters/sodium/sodium_crypto.h"
#include "exitbus/casework/v1/document_service.pb.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/ports/time.h"

namespace exitbus::exitctl {
namespace {

namespace cv1 = casework::v1;

constexpr std::size_t kSliceBytes = std::size_t{192} * 1024;

template <class Response>
absl::StatusOr<Response> Ask(const Service& service, const std::string& rpc,
                             const google::protobuf::Message& request) {
  ASSIGN_OR_RETURN(const auto reply,
                   service.client.Call("exitbus.casework.v1.DocumentService." + rpc, request,
                                       OptionsOf(service.profile)));
  Response response;
  if (response.ParseFromString(reply->SerializeAsString())) return response;
  return absl::InternalError("the answer is none of " + rpc);
}

std::string Sha256(const std::string& bytes) { return adapters::MakeSodiumCrypto()->Sha256(bytes); }

}  // namespace

absl::StatusOr<cv1::Document> BeginUpload(const Service& service, cv1::BeginDocumentRequest request,
                                          const std::string& bytes) {
  if (request.request_id().empty()) request.set_request_id(exchange::FreshUuid(service.random));
  request.set_size(static_cast<std::uint32_t>(bytes.size()));
  request.set_sha256(Sha256(bytes));
  ASSIGN_OR_RETURN(auto begun, Ask<cv1::BeginDocumentResponse>(service, "BeginDocument", request));
  return std::move(*begun.mutable_document());
}

absl::StatusOr<cv1::Document> DocumentAt(const Service& service, const std::string& case_id,
                                         const std::string& document_id) {
  cv1::ListDocumentsRequest request;
  request.set_case_id(case_id);
  ASSIGN_OR_RETURN(auto listed, Ask<cv1::ListDocumentsResponse>(service, "ListDocuments", request));
  for (cv1::Document& document : *listed.mutable_documents()->mutable_documents()) {
    if (document.document_id() == document_id) return std::move(document);
  }
  return absl::NotFoundError("the case has no such document that you may see");
}

absl::StatusOr<cv1::Document> Upload(const Service& service, const std::string& case_id,
                                     cv1::Document document, const std::string& bytes) {
  if (document.size() != bytes.size() || document.sha256() != Sha256(bytes)) {
    return absl::InvalidArgumentError("the file is not the one that was begun");
  }
  while (document.stage() == cv1::DOCUMENT_STAGE_UPLOADING) {
    cv1::StoreDocumentSliceRequest request;
    request.set_request_id(exchange::FreshUuid(service.random));
    request.set_case_id(case_id);
    request.set_document_id(document.document_id());
    request.set_slice(document.slices_here() + 1);
    request.set_content(bytes.substr(document.slices_here() * kSliceBytes, kSliceBytes));
    ASSIGN_OR_RETURN(auto stored,
                     Ask<cv1::StoreDocumentSliceResponse>(service, "StoreDocumentSlice", request));
    if (stored.document().slices_here() <= document.slices_here()) {
      return absl::InternalError("the service took a slice and has not one more");
    }
    document = std::move(*stored.mutable_document());
  }
  return document;
}

absl::StatusOr<std::string> Download(const Service& service, const std::string& case_id,
                                     const cv1::Document& document) {
  std::string bytes;
  for (std::uint32_t slice = 1; slice <= document.slices(); ++slice) {
    cv1::ReadDocumentRequest request;
    request.set_case_id(case_id);
    request.set_document_id(document.document_id());
    request.set_slice(slice);
    ASSIGN_OR_RETURN(const auto read,
                     Ask<cv1::ReadDocumentResponse>(service, "ReadDocument", request));
    bytes += read.content().content();
  }
  if (Sha256(bytes) == document.sha256()) return bytes;
  return absl::DataLossError("what was read is not what the document's digest says");
}

}  // namespace exitbus::exitctl
