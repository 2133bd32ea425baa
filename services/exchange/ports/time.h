// Time, threads and chance as the engine sees them. Behind these the whole service can run in one
// thread on a simulated clock.
#pragma once

#include <cstddef>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"

namespace exitbus::exchange {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;  // thread-safe
};

// One logical thread: what is posted runs one at a time. The engine lives on one executor.
class Executor {
 public:
  using Task = absl::AnyInvocable<void()>;
  virtual ~Executor() = default;

  // Runs `task` after everything posted before it. Thread-safe.
  virtual void Post(Task task) = 0;

  // Runs `task` once, `delay` from now or later. Thread-safe. Tasks not yet due when the executor
  // stops are dropped: what must survive belongs in the store.
  virtual void PostAfter(absl::Duration delay, Task task) = 0;
};

class Random {
 public:
  virtual ~Random() = default;
  virtual std::string Bytes(std::size_t count) = 0;  // thread-safe; fit for keys in production
};

// A fresh version-4 UUID in lower case.
std::string FreshUuid(Random& random);

// Uniform in [0, limit).
absl::Duration RandomDelay(Random& random, absl::Duration limit);

}  // namespace exitbus::exchange
