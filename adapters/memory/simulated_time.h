// Time and threads for tests: everything runs in the calling thread, in the order of its due time,
// on a clock that only the test moves. Same seed, same run.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/time/time.h"
#include "services/exchange/ports/time.h"

namespace exitbus::adapters {

// Thread-safe.
class SimulatedClock final : public exchange::Clock {
 public:
  // Starts on Monday 2 March 2026, 09:00 UTC, if not told.
  SimulatedClock();
  explicit SimulatedClock(absl::Time start) : now_(start) {}

  absl::Time Now() const override;

  // Moves forward only. A SimulatedExecutor on this clock does it itself.
  void AdvanceTo(absl::Time time);
  void Advance(absl::Duration by) { AdvanceTo(Now() + by); }

 private:
  mutable std::mutex mutex_;  // guards all below
  absl::Time now_;
};

// Runs what is posted when the test says so. Posting is thread-safe; one thread runs.
// `clock` outlives the executor.
class SimulatedExecutor final : public exchange::Executor {
 public:
  explicit SimulatedExecutor(SimulatedClock* clock);
  ~SimulatedExecutor() override;

  void Post(Task task) override { PostAfter(absl::ZeroDuration(), std::move(task)); }
  void PostAfter(absl::Duration delay, Task task) override;

  // An executor on the same timeline whose tasks are forgotten when it is destroyed, as those of a
  // crashed process are. This executor outlives it.
  std::unique_ptr<exchange::Executor> NewProcess();

  // Runs all that is due now, and what that posts, without moving the clock. Aborts after ten
  // million tasks: they post each other for ever.
  void RunUntilIdle();

  // Runs all that falls due within `duration`, moving the clock to each task's time, and at last
  // to the end of it.
  void RunFor(absl::Duration duration);

  // Runs task by task, moving the clock, until `reached` is true; false if it is not within
  // `limit`. With the answer true the clock stands where it became so.
  [[nodiscard]] bool RunUntil(const std::function<bool()>& reached, absl::Duration limit);

  // Tasks waiting, due or not.
  std::size_t pending() const;

 private:
  // Runs the next task due by `end`; false if there is none.
  bool RunNext(absl::Time end);

  SimulatedClock* const clock_;
  mutable std::mutex mutex_;  // guards all below
  std::int64_t posted_ = 0;
  std::map<std::pair<absl::Time, std::int64_t>, Task> tasks_;
};

}  // namespace exitbus::adapters
