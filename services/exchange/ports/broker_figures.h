// What a broker tells of itself: who there is, which topics, and where they end. It reads no
// record.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "absl/status/statusor.h"

namespace exitbus::exchange {

struct TopicFigures {
  std::int64_t end = -1;  // the offset after its last record; -1: not told
  int replicas = 0;
  int replicas_in_step = 0;
};

struct BrokerFigures {
  int brokers = 0;                             // that are there now
  std::map<std::string, TopicFigures> topics;  // those the process may see
};

// Looks now and again, never on the executor's thread.
class BrokerLook {
 public:
  virtual ~BrokerLook() = default;
  // `tell` runs on the executor after each look, with what was found, or UNAVAILABLE,
  // PERMISSION_DENIED: why nothing was. Call it once.
  using Tell = std::function<void(absl::StatusOr<BrokerFigures>)>;
  virtual void Start(Tell tell) = 0;
};

}  // namespace exitbus::exchange
