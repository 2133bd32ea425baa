// What the police want of this municipality's population register (folkeregister): that a person,
// and the children with him, are registered as of no fixed address. It is about no case.
#pragma once

#include "services/exchange/aggregate.h"

namespace exitbus::municipality {

exchange::Aggregate AddressDuties();

}  // namespace exitbus::municipality
