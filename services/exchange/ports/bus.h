// The message bus as the engine sees it: topics of one partition, read by position.
// Delivery is at least once and may forget everything (a wiped broker); the channel protocol
// above makes it exactly once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace exitbus::exchange {

// Two priorities throughout, so that security matters never wait behind ordinary ones. Each has its
// own producer and consumer.
enum class Priority { kUrgent, kOrdinary };

// A record in a topic. Everything here is in the clear for the broker's operator.
struct BusRecord {
  std::string topic;
  std::vector<std::pair<std::string, std::string>> headers;  // CloudEvents binary mode, "ce_…"
  std::string payload;                                       // sealed
  absl::Time timestamp;                                      // whole seconds
  std::int64_t offset = -1;                                  // set on what is read
};

struct PublishedAt {
  std::int64_t offset = -1;
  std::string cluster_id;
};

class BusListener {
 public:
  virtual ~BusListener() = default;

  // The cluster answers; `cluster_id` differs from the last one if the broker was formatted anew.
  // Called again after every reconnect. Before the first call nothing is read.
  virtual void OnCluster(const std::string& cluster_id) = 0;

  // No broker answers, or it refuses us; `why` is for the log and the health report.
  virtual void OnUnavailable(const absl::Status& why) = 0;

  // Records of one topic in offset order. The next batch of this topic comes after `more` ran
  // (so a slow engine is never flooded); call it exactly once.
  virtual void OnRecords(std::vector<BusRecord> records, absl::AnyInvocable<void()> more) = 0;

  // What this topic held when it was first read from after Read has all come, and `more` was asked
  // for after the last of it. Once for each Read.
  virtual void OnCaughtUp(const std::string& topic) = 0;
};

// Thread safety: methods are called on the engine's thread; the listener and the callbacks are
// called on the engine's executor.
class Bus {
 public:
  virtual ~Bus() = default;

  virtual void Start(BusListener* listener) = 0;

  // Reads `topic` from `offset` (nullopt: the earliest there is; also when `offset` is out of
  // range). Replaces an earlier assignment of the topic.
  virtual void Read(Priority priority, const std::string& topic,
                    std::optional<std::int64_t> offset) = 0;

  // Hands a record to the broker. `done` runs once: OK with where it stands, or an error, after
  // which it may or may not be in the topic; its message is a name of ours. PERMISSION_DENIED: the
  // broker's ACL says no. OUT_OF_RANGE: it does not take this time stamp, so that one of the two
  // clocks is wrong.
  using Done = absl::AnyInvocable<void(absl::StatusOr<PublishedAt>)>;
  virtual void Publish(Priority priority, BusRecord record, Done done) = 0;
};

}  // namespace exitbus::exchange
