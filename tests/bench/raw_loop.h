// What the broker and librdkafka do without us: records of about our size through one partition,
// mTLS, an idempotent producer with acks=all, producer and consumer in this process.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/story/deployment.h"

namespace exitbus::bench {

class RawLoop {
 public:
  // With a topic of its own, which it makes. The producer has sent and the consumer received some
  // when this returns.
  static absl::StatusOr<std::unique_ptr<RawLoop>> Make(const story::Deployment& deployment);
  virtual ~RawLoop() = default;

  // From handing a record to librdkafka until the consumer has it.
  virtual absl::StatusOr<std::vector<absl::Duration>> Paced(int per_second, int count) = 0;
  // Records per second from the first handed over to the last received.
  virtual absl::StatusOr<double> Flood(int count) = 0;
};

}  // namespace exitbus::bench
