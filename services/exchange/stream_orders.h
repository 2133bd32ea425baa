// What operators order of letters on their way, and of changes, while they work on something.
#pragma once

#include "services/exchange/orders.h"

namespace exitbus::exchange {

// As Execute, each of the order's own kind.
recovery::v1::OrderResult Pause(UnitOfWork& work, const Service& service,
                                const recovery::v1::Order& order);
recovery::v1::OrderResult Resume(UnitOfWork& work, const Service& service,
                                 const recovery::v1::Order& order);
recovery::v1::OrderResult Retry(UnitOfWork& work, const Service& service,
                                const recovery::v1::Order& order);
recovery::v1::OrderResult Maintain(UnitOfWork& work, const Service& service,
                                   const recovery::v1::Order& order);

}  // namespace exitbus::exchange
