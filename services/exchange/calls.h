// Carries out one call within a unit of work: the right to the method was checked before it was
// queued; here come repeats, the right to this very case (no right is answered exactly as absence),
// the caller's etag, the decision, and the answer projected for the caller.
#pragma once

#include "services/exchange/aggregate.h"
#include "services/exchange/ports/api.h"

namespace exitbus::exchange {

class UnitOfWork;

struct BoundMethod {
  const Aggregate* aggregate = nullptr;
  const Method* method = nullptr;
};

// The answer, to be given only after the unit of work has committed.
Answer Execute(UnitOfWork& work, const BoundMethod& bound, const Call& call);

}  // namespace exitbus::exchange
