// What is done with a case's documents.
#pragma once

#include <string>

#include "exitbus/casework/v1/document_service.pb.h"
#include "tests/story/actors.h"

namespace exitbus::story {

// A text of one slice.
absl::StatusOr<cv1::Document> StoreDocument(Actor& at, const std::string& case_id,
                                            const std::string& heading, const std::string& text);
// Once all of the case's documents are whole.
absl::StatusOr<Arrival<cv1::CaseDocuments>> AwaitDocuments(Actor& at, const std::string& case_id,
                                                           absl::Time since);
absl::StatusOr<cv1::DocumentContent> ReadDocument(Actor& at, const std::string& case_id,
                                                  const std::string& document_id);

}  // namespace exitbus::story
