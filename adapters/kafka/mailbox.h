// What a connection's thread is told, and how it is woken: by the engine, by the monitor, and by
// librdkafka when one of its queues is no longer empty. Outlives the connection in the callbacks
// that hold it. Thread-safe. Internal to this folder.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"

namespace exitbus::adapters {

struct ReadTopic {
  std::string topic;
  std::optional<std::int64_t> offset;
  std::uint64_t generation;
};
struct ReadMore {
  std::string topic;
  std::uint64_t generation;
};
struct Pause {};
struct Resume {};
struct Renew {  // every client is made anew
  std::promise<absl::Status>* done;
  bool goes_on = false;  // with the same cluster: what is read goes on where it stands
};
struct EndConnection {};
using ConnectionCommand = std::variant<ReadTopic, ReadMore, Pause, Resume, Renew, EndConnection>;

class Mailbox {
 public:
  void Send(ConnectionCommand command) {
    const std::lock_guard<std::mutex> lock(mutex_);
    commands_.push_back(std::move(command));
    woken_ = true;
    changed_.notify_one();
  }

  void Wake() {
    const std::lock_guard<std::mutex> lock(mutex_);
    woken_ = true;
    changed_.notify_one();
  }

  // Returns when woken, at the latest after `limit`.
  std::vector<ConnectionCommand> Wait(std::chrono::milliseconds limit) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, limit, [this] { return woken_; });
    woken_ = false;
    return std::exchange(commands_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  std::vector<ConnectionCommand> commands_;
};

}  // namespace exitbus::adapters
