// Carries out one call within a pass: the right to the method was checked before it was queued;
// here come repeats, the right to this very case (no right is answered exactly as absence), the
// caller's etag, the decision, and the answer projected for the caller.
#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "services/exchange/aggregate.h"
#include "services/exchange/ports/api.h"

namespace exitbus::exchange {

class Pass;
struct Loaded;

struct BoundMethod {
  const Aggregate* aggregate = nullptr;
  const Method* method = nullptr;
};

// The answer, to be given only after the pass has committed.
Answer CarryOut(Pass& pass, const BoundMethod& bound, const Call& call);

// A method that no aggregate here has.
Refusal NotServed();
// The store's disk is full.
Refusal DiskFull();

// Whether the caller, with its purpose, may call the method at all. nullopt: it may. Thread-safe.
std::optional<Refusal> RefuseCaller(const std::string& method, const Caller& caller,
                                    const DirectoryEntry* self);

// Whether the request, or a message of a watch's client, holds what its fields cannot mean.
// Thread-safe.
std::optional<Refusal> RefuseValues(const Message& request);

// RefuseCaller, and what else needs no state: the shape of the request. Thread-safe.
std::optional<Refusal> RefuseAtTheDoor(const Call& call, const DirectoryEntry* self);

}  // namespace exitbus::exchange
