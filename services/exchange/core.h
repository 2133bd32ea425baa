// What a process runs: the engine of an authority, or the exchange's console. It answers calls and
// watches, hears the bus, and is told what its operators change.
//
// Thread safety: what ApiHandler says, and caught_up and unread, from any thread; everything else
// happens on the executor's.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/exchange/ports/api.h"

namespace exitbus::recovery::v1 {
class Order;
class OrderResult;
}  // namespace exitbus::recovery::v1

namespace exitbus::exchange {

struct Environment;
struct SealingKey;

class Core : public ApiHandler {
 public:
  // Before the API serves. An error means: do not serve.
  virtual absl::Status Start() = 0;

  // The sealing keys that are there from now on, newest first and at least one.
  virtual void SetSealingKeys(std::vector<SealingKey> keys) = 0;
  // The store's disk is full, or no more.
  virtual void SetDiskFull(bool full) = 0;
  // Carries out an operator's order.
  virtual recovery::v1::OrderResult TakeOrder(const recovery::v1::Order& order) = 0;

  virtual bool bus_available() const = 0;
  // Whether all that is stored can be read, and is the newest there is.
  virtual bool store_is_good() const = 0;
  // Whether it may serve what it has: what stood in its topics at the start has been read. True
  // once, it stays so.
  virtual bool caught_up() const = 0;
  // The topics that have not been, for the log.
  virtual std::string unread() const = 0;
};

// Called once, before Start.
using MakeCore = std::function<std::unique_ptr<Core>(Environment)>;

}  // namespace exitbus::exchange
