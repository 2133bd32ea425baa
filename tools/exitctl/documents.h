// Files to and from a case, in slices.
#pragma once

#include <string>

#include "tools/exitctl/call.h"

namespace exitbus::casework::v1 {
class BeginDocumentRequest;
class Document;
}  // namespace exitbus::casework::v1

namespace exitbus::exitctl {

// A service, and who calls it.
struct Service {
  adapters::GrpcClient& client;
  const Profile& profile;
  exchange::Random& random;
};

// The document that was begun with this request for these bytes, whose size and digest it is given.
absl::StatusOr<casework::v1::Document> BeginUpload(const Service& service,
                                                   casework::v1::BeginDocumentRequest request,
                                                   const std::string& bytes);

// What the service has of it. NOT_FOUND: it has none of this id.
absl::StatusOr<casework::v1::Document> DocumentAt(const Service& service,
                                                  const std::string& case_id,
                                                  const std::string& document_id);

// Sends the slices that are not there yet; the document as it is then. INVALID_ARGUMENT: these are
// not its bytes.
absl::StatusOr<casework::v1::Document> Upload(const Service& service, const std::string& case_id,
                                              casework::v1::Document document,
                                              const std::string& bytes);

// Its bytes, which are as its digest says; DATA_LOSS otherwise.
absl::StatusOr<std::string> Download(const Service& service, const std::string& case_id,
                                     const casework::v1::Document& document);

}  // namespace exitbus::exitctl
