// Why this service changes nothing for now, whoever asks for whatever.
#pragma once

#include <optional>

#include "services/exchange/aggregate.h"
#include "services/exchange/ports/api.h"

namespace exitbus::exchange {

struct Environment;

// nullopt: it does what needs that much. What protects people needs nothing.
std::optional<Refusal> NotNow(const Environment& environment, Needs needs);

// The store's disk is full.
Refusal DiskFull();

}  // namespace exitbus::exchange
