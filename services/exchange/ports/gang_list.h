// NEC's gang list, where a police unit looks somebody up. It is no part of exitbus and is told
// nothing of it.
#pragma once

#include <string>

#include "absl/functional/any_invocable.h"

namespace exitbus::exchange {

enum class InGangList {
  kUnknown,  // it has not answered, whyever that is
  kYes,
  kNo,
};

// Thread-safe.
class GangList {
 public:
  virtual ~GangList() = default;
  // Never blocks; `done` runs once, on any thread, within seconds, also at once.
  virtual void LookUp(const std::string& cpr_number, absl::AnyInvocable<void(InGangList)> done) = 0;
};

}  // namespace exitbus::exchange
