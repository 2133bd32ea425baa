// What lies in a Kafka broker's data folder, read from its files: record batches of format 2, not
// compressed, as our producers write them.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/exchange/ports/bus.h"

namespace exitbus::story {

struct StoredRecord {
  exchange::BusRecord record;
  std::string key;
  bool has_key = false;
};

// All records of topics whose name begins with `prefix`, by topic in their order. INTERNAL: a batch
// that is not as expected, so that none is overlooked.
absl::StatusOr<std::vector<StoredRecord>> ReadSegments(const std::string& data_folder,
                                                       const std::string& prefix);

}  // namespace exitbus::story
