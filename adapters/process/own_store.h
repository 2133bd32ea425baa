// Whether a data folder holds this authority's store, whole. Asked at the start: a volume that is
// not mounted looks like a new authority, and a new authority in the place of an old one is the
// worst backup there is.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace exitbus::exchange {
class Store;
}

namespace exitbus::adapters {

// Before anything is opened, and so made. FAILED_PRECONDITION with the remedy: there is no store
// and none is to be begun.
absl::Status CheckStoreIsThere(const std::string& data_folder, bool begin);

// Both files' owner, written where a store is begun. FAILED_PRECONDITION with the remedy: another
// authority's, or never begun, or begun already while `begin` asks for a new one, or one of the two
// without the other.
absl::Status CheckStoreIsOwn(const std::string& data_folder, const std::string& authority,
                             exchange::Store& journal, exchange::Store& keys, bool begin);

}  // namespace exitbus::adapters
