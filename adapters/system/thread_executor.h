// An executor with one thread of its own. Delays follow the steady clock: setting the machine's
// clock neither hurries nor holds them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "services/exchange/ports/time.h"

namespace exitbus::adapters {

// Thread-safe.
class ThreadExecutor final : public exchange::Executor {
 public:
  ThreadExecutor();
  ~ThreadExecutor() override;  // stops

  void Post(Task task) override;
  void PostAfter(absl::Duration delay, Task task) override;

  // Runs what is due already, but not what that posts, then ends the thread. Everything else, and
  // everything posted from now on, is dropped. Not to be called on the executor's own thread.
  void Stop();

 private:
  using Instant = std::chrono::steady_clock::time_point;

  void Run();
  // Waits for tasks and takes them in order; empty: the end.
  std::deque<Task> TakeDue();
  void MoveDue();  // with mutex_ held

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> due_;
  std::map<std::pair<Instant, std::int64_t>, Task> delayed_;
  std::int64_t posted_ = 0;
  bool stopped_ = false;
  bool last_taken_ = false;
  std::thread thread_;
};

}  // namespace exitbus::adapters
