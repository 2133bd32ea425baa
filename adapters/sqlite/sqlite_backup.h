// A copy of an authority's two stores, taken while its service runs or without it.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace exitbus::adapters {

// Copies journal and keys of `data_folder` into `out`, a new folder that only its owner may use, as
// both were at one moment between two commits of the journal: no key that the journal needs is
// missing, and no state is there whose key an erasure has destroyed. On the disk when it returns.
// The service's commits wait for none of it. ALREADY_EXISTS: `out` is there; NOT_FOUND,
// FAILED_PRECONDITION: no stores of this version are in `data_folder`; UNAVAILABLE: the medium
// failed, or the service wrote without a pause. After an error nothing is left of `out`.
absl::Status CopyStores(const std::string& data_folder, const std::string& out);

}  // namespace exitbus::adapters
