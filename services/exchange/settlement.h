// How a stopped correspondence goes on, or the handover it is about ends: the operators of both
// authorities agree, on a statement that both services sign and that they carry between them. It
// needs no bus, and nothing moves at one end before the other has bound itself.
#pragma once

#include <string>
#include <vector>

#include "services/exchange/aggregate.h"

namespace exitbus::recovery::v1 {
class Order;
class OrderResult;
}  // namespace exitbus::recovery::v1

namespace exitbus::exchange {

class UnitOfWork;

// Each is one step, at the proposer, at the agreer and at the proposer again; the result of the
// first two holds what goes to the other side. A refused step changes nothing. Rules:
// settlement.peer_unknown, .bad_subject, .nothing_stopped, .not_for_us, .not_signed, .done_before,
// .stale, .moved_on, .no_handover, and those of the handover.
recovery::v1::OrderResult Propose(UnitOfWork& work, const Service& service,
                                  const recovery::v1::Order& order);
recovery::v1::OrderResult Agree(UnitOfWork& work, const Service& service,
                                const recovery::v1::Order& order);
recovery::v1::OrderResult Finish(UnitOfWork& work, const Service& service,
                                 const recovery::v1::Order& order);

// What a unit of work stopped, or let go on, is shown where the correspondence belongs.
void ShowStopped(UnitOfWork& work, const Service& service);

}  // namespace exitbus::exchange
