// Who looked at what, and did what: each look is stored before it is answered. The newest
// kLooksKept are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace exitbus::exchange {
class Store;
}
namespace exitbus::operations::v1 {
class Look;
}

namespace exitbus::console {

struct Viewer;

struct LookAt {
  std::string_view method;
  std::string subject;
  std::string refused_by;
};

class Account {
 public:
  static constexpr std::uint64_t kLooksKept = 1'000'000;

  // `store` outlives it.
  explicit Account(exchange::Store* store) : store_(store) {}

  absl::Status Load();
  // Durable when it returns OK.
  absl::Status Record(const Viewer& viewer, const LookAt& look, absl::Time now);
  // Up to `limit`, the newest first, before `before` (0: from the newest), which this viewer may
  // see.
  absl::StatusOr<std::vector<operations::v1::Look>> Newest(const Viewer& viewer,
                                                           std::uint64_t before,
                                                           std::size_t limit) const;

 private:
  exchange::Store* const store_;
  std::uint64_t last_ = 0;
};

}  // namespace exitbus::console
