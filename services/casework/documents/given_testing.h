// A case with documents, for its decision table. For tests.
#pragma once

#include <optional>
#include <string>

#include "exitbus/casework_journal/v1/journal.pb.h"

namespace exitbus::casework {

// nullopt: nothing of documents is called so.
std::optional<casework_journal::v1::CaseFile> GivenDocuments(const std::string& given);

}  // namespace exitbus::casework
