// The one thread of the web gateway: everything about its connections happens there. Internal to
// this folder.
#pragma once

#include <memory>

#include "absl/functional/any_invocable.h"
#include "absl/time/time.h"

namespace exitbus::adapters {

// Whoever holds it may outlive the server; what is posted then is dropped.
class Loop {
 public:
  // One that is destroyed before it ran does not run. Destroyed on the loop's thread.
  class Timer {
   public:
    virtual ~Timer() = default;
  };

  virtual ~Loop() = default;
  // On any thread.
  virtual void Post(absl::AnyInvocable<void()> act) = 0;
  // On the loop's thread.
  virtual std::unique_ptr<Timer> After(absl::Duration delay, absl::AnyInvocable<void()> act) = 0;
};

}  // namespace exitbus::adapters
