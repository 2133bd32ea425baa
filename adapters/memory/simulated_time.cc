#include "adapters/memory/simulated_time.h"

#include <algorithm>

#include "services/exchange/ports/fault.h"

namespace exitbus::adapters {
namespace {

constexpr int kTasksWithoutRestMax = 10'000'000;

// Holds a token that its tasks watch: gone, they do nothing.
class SimulatedProcess final : public exchange::Executor {
 public:
  explicit SimulatedProcess(SimulatedExecutor* timeline) : timeline_(timeline) {}

  void Post(Task task) override { PostAfter(absl::ZeroDuration(), std::move(task)); }
  void PostAfter(absl::Duration delay, Task task) override {
    timeline_->PostAfter(delay,
                         [alive = std::weak_ptr<int>(alive_), task = std::move(task)]() mutable {
                           if (!alive.expired()) task();
                         });
  }

 private:
  SimulatedExecutor* const timeline_;
  const std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

}  // namespace

SimulatedClock::SimulatedClock()
    : SimulatedClock(absl::FromCivil(absl::CivilSecond(2026, 3, 2, 9, 0, 0), absl::UTCTimeZone())) {
}

absl::Time SimulatedClock::Now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

void SimulatedClock::AdvanceTo(absl::Time time) {
  const std::lock_guard lock(mutex_);
  now_ = std::max(now_, time);
}

SimulatedExecutor::SimulatedExecutor(SimulatedClock* clock) : clock_(clock) {}
SimulatedExecutor::~SimulatedExecutor() = default;

void SimulatedExecutor::PostAfter(absl::Duration delay, Task task) {
  const absl::Time due = clock_->Now() + std::max(delay, absl::ZeroDuration());
  const std::lock_guard lock(mutex_);
  tasks_.emplace(std::make_pair(due, posted_++), std::move(task));
}

std::unique_ptr<exchange::Executor> SimulatedExecutor::NewProcess() {
  return std::make_unique<SimulatedProcess>(this);
}

bool SimulatedExecutor::RunNext(absl::Time end) {
  Task task;
  {
    const std::lock_guard lock(mutex_);
    if (tasks_.empty() || tasks_.begin()->first.first > end) return false;
    auto first = tasks_.extract(tasks_.begin());
    clock_->AdvanceTo(first.key().first);
    task = std::move(first.mapped());
  }
  task();
  return true;
}

void SimulatedExecutor::RunUntilIdle() {
  const absl::Time now = clock_->Now();
  for (int run = 0; RunNext(now); ++run) {
    if (run < kTasksWithoutRestMax) continue;
    exchange::ProgramFault("the simulation's tasks post each other for ever");
  }
}

void SimulatedExecutor::RunFor(absl::Duration duration) {
  const absl::Time end = clock_->Now() + duration;
  while (RunNext(end)) {
  }
  clock_->AdvanceTo(end);
}

bool SimulatedExecutor::RunUntil(const std::function<bool()>& reached, absl::Duration limit) {
  const absl::Time end = clock_->Now() + limit;
  while (!reached()) {
    if (!RunNext(end)) {
      clock_->AdvanceTo(end);
      return false;
    }
  }
  return true;
}

std::size_t SimulatedExecutor::pending() const {
  const std::lock_guard lock(mutex_);
  return tasks_.size();
}

}  // namespace exitbus::adapters
