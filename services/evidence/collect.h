// An authority's evidence out of its own store: digests, numbers and times. Needs no key and reads
// no payload, so it is the same before and after an erasure.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "exitbus/evidence/v1/evidence_file.pb.h"

namespace exitbus::exchange {
class Crypto;
class Store;
}  // namespace exitbus::exchange

namespace exitbus::evidence {

struct CollectOptions {
  std::string authority;  // whose store it is
  absl::Time now;
  // Set: only the correspondences with this peer, and its checkpoints. Whoever is given the file
  // does not learn whom else the authority writes to.
  std::string only_with;
};

// All of it as the store shows it in one moment; `store` must stand still meanwhile. Rows that are
// damaged are named in the file, they end nothing. UNAVAILABLE, …: the store cannot be read.
absl::StatusOr<v1::EvidenceFile> Collect(exchange::Store& store, const exchange::Crypto& crypto,
                                         const CollectOptions& options);

}  // namespace exitbus::evidence
