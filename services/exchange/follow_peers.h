// The way back of a store that is behind: it follows what the others hold. Of each correspondence
// it takes over how far that goes there; of each case, what the signed statements say that they
// show. What cannot be had back is listed.
#pragma once

#include "services/exchange/aggregate.h"

namespace exitbus::recovery::v1 {
class Order;
class OrderResult;
}  // namespace exitbus::recovery::v1

namespace exitbus::exchange {

class Confirmation;
class UnitOfWork;

// Carries the order out. Rules: recovery.not_behind; recovery.unheard, with who holds more and has
// not answered since this start.
recovery::v1::OrderResult FollowPeers(UnitOfWork& work, const Service& service,
                                      Confirmation& confirmation, const recovery::v1::Order& order);

}  // namespace exitbus::exchange
