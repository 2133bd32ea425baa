#include "adapters/system/thread_executor.h"

#include <algorithm>

#include "services/exchange/ports/fault.h"

namespace exitbus::adapters {
namespace {

// Far beyond any process's life, and far within what the clock can count.
constexpr absl::Duration kDelayMax = absl::Hours(24 * 3650);

}  // namespace

ThreadExecutor::ThreadExecutor() : thread_([this] { Run(); }) {}

ThreadExecutor::~ThreadExecutor() { Stop(); }

void ThreadExecutor::Post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    due_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void ThreadExecutor::PostAfter(absl::Duration delay, Task task) {
  const absl::Duration clamped = std::clamp(delay, absl::ZeroDuration(), kDelayMax);
  const Instant due = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(clamped);
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    delayed_.emplace(std::make_pair(due, posted_++), std::move(task));
  }
  changed_.notify_one();
}

void ThreadExecutor::Stop() {
  if (std::this_thread::get_id() == thread_.get_id()) {
    exchange::ProgramFault("the executor is stopped on its own thread");
  }
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
  // What was dropped is destroyed outside the lock: a task may own anything.
  std::map<std::pair<Instant, std::int64_t>, Task> dropped;
  const std::lock_guard lock(mutex_);
  dropped.swap(delayed_);
}

void ThreadExecutor::MoveDue() {
  const Instant now = std::chrono::steady_clock::now();
  while (!delayed_.empty() && delayed_.begin()->first.first <= now) {
    due_.push_back(std::move(delayed_.begin()->second));
    delayed_.erase(delayed_.begin());
  }
}

std::deque<exchange::Executor::Task> ThreadExecutor::TakeDue() {
  std::unique_lock lock(mutex_);
  std::deque<Task> taken;
  if (last_taken_) return taken;
  for (;;) {
    MoveDue();
    last_taken_ = stopped_;
    if (!due_.empty() || stopped_) break;
    if (delayed_.empty()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, delayed_.begin()->first.first);
    }
  }
  taken.swap(due_);
  return taken;
}

void ThreadExecutor::Run() {
  for (;;) {
    std::deque<Task> tasks = TakeDue();
    if (tasks.empty()) return;
    for (Task& task : tasks) {
      std::move(task)();
      task = nullptr;  // frees what it holds before the next one runs
    }
  }
}

}  // namespace exitbus::adapters
