// Operators' orders, as files in the data folder's `orders`: NAME.order is taken once, and
// NAME.result says what became of it.
#pragma once

#include <functional>
#include <string>

namespace exitbus::exchange {
class Telemetry;
}

namespace exitbus::recovery::v1 {
class Order;
class OrderResult;
}  // namespace exitbus::recovery::v1

namespace exitbus::adapters {

// Not thread-safe.
class OrderFolder {
 public:
  using Execute = std::function<recovery::v1::OrderResult(const recovery::v1::Order&)>;

  explicit OrderFolder(const std::string& data_folder) : folder_(data_folder + "/orders") {}

  // Whatever lies there now, in order of name, a few at a time. A file that is no order is answered
  // so; nothing in it ends the process.
  void Take(const Execute& carry_out, exchange::Telemetry* telemetry);

 private:
  const std::string folder_;
};

}  // namespace exitbus::adapters
