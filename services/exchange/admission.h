// What a call needs before it is queued: the right to the method, for a purpose, and a request
// whose shape can mean something. None of it asks for a state. All of it is thread-safe.
#pragma once

#include <optional>
#include <string>

#include "services/exchange/ports/api.h"

namespace exitbus::exchange {

struct DirectoryEntry;
struct Laws;

// A method that no aggregate here has.
Refusal NotServed();

// Whether the caller, with its purpose, may call the method at all. nullopt: it may.
std::optional<Refusal> RefuseCaller(const std::string& method, const Caller& caller,
                                    const DirectoryEntry* self, const Laws& laws);

// Whether the request, or a message of a watch's client, holds what its fields cannot mean.
std::optional<Refusal> RefuseValues(const google::protobuf::Message& request);

// RefuseCaller, and what else needs no state: the shape of the request.
std::optional<Refusal> RefuseAdmission(const Call& call, const DirectoryEntry* self,
                                       const Laws& laws);

}  // namespace exitbus::exchange
