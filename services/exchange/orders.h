// What operators order where the service cannot decide for itself. Each order is carried out once,
// and stands in the journal and in the log with who gave it and why.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/exchange/aggregate.h"

namespace exitbus::recovery::v1 {
class Order;
class OrderResult;
}  // namespace exitbus::recovery::v1

namespace exitbus::recovery_journal::v1 {
class Acts;
}

namespace exitbus::exchange {

class Confirmation;
class UnitOfWork;

inline constexpr char kActsAggregate[] = "operators";

// Every authority has it: what its operators ordered.
Aggregate Acts();

// What stands in the journal of an order that is carried out.
struct Act {
  std::string what;
  std::vector<std::string> authorities;
  std::string settlement_id = {};
  int channel = 0;                          // of what lasts
  absl::Time until = absl::InfinitePast();  // likewise, by the wall clock
};
// The newest, the last one last.
recovery_journal::v1::Acts ActsOrdered(UnitOfWork& work, const Service& service);
void RecordAct(UnitOfWork& work, const Service& service, const recovery::v1::Order& order,
               const Act& act);
// Whether this step of a settlement was taken before.
bool WasCarriedOut(UnitOfWork& work, const Service& service, std::string_view what,
                   std::string_view settlement_id);
recovery::v1::OrderResult RefusedOrder(std::string_view rule, std::string_view remedy);
recovery::v1::OrderResult CarriedOut(std::string text);

// Carries an order out within the unit of work. One that was carried out before is not again. What
// is refused is told with the rule's name and the remedy.
recovery::v1::OrderResult Execute(UnitOfWork& work, const Service& service,
                                  Confirmation& confirmation, const recovery::v1::Order& order);

}  // namespace exitbus::exchange
