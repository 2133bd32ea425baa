// Rows of the store that cannot be read: altered, another program's, or under a key that is gone.
// Each stays where it is and is used by nobody; it is reported once and counted, by a digest of
// its key, since a key may be an id. What it belongs to is refused; everything else goes on.
//
// Thread safety: any() may be called from any thread; Found() on the engine's.
#pragma once

#include <atomic>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "services/exchange/ports/store.h"

namespace exitbus::exchange {

class Crypto;
class Telemetry;
struct Refusal;

class DamagedRows {
 public:
  // Both outlive it.
  DamagedRows(const Crypto* crypto, Telemetry* telemetry)
      : crypto_(crypto), telemetry_(telemetry) {}

  void Found(Table table, std::string_view key);
  // Since this process began. A restart forgets what was restored meanwhile.
  bool any() const { return any_; }

 private:
  const Crypto* crypto_;
  Telemetry* telemetry_;
  std::atomic<bool> any_ = false;
  std::map<Table, std::set<std::string>> found_;
};

// What is answered where such a row is needed.
Refusal Unreadable();

}  // namespace exitbus::exchange
