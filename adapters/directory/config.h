// A service's configuration on disk (exitbus/config/v1/config.proto, text format).
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "adapters/directory/signed_directory.h"
#include "exitbus/config/v1/config.pb.h"

namespace exitbus::adapters {

// The configuration with every default filled in. INVALID_ARGUMENT: names file, field, problem and
// remedy of every mistake at once, in the text and in the files it names. NOT_FOUND, UNAVAILABLE:
// the configuration itself cannot be read.
absl::StatusOr<config::v1::ServiceConfig> LoadConfig(const std::string& path);

// Where a service's journal lies, beside its keys in `data_folder`.
std::string JournalFile(const config::v1::ServiceConfig& config);
// Whether this authority's service ran before on its data folder.
bool StartedBefore(const config::v1::ServiceConfig& config);

// `directory_signers` and `directory_threshold` of a configuration that LoadConfig returned.
DirectoryTrust TrustOf(const config::v1::ServiceConfig& config);

}  // namespace exitbus::adapters
