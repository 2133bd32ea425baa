// What stands before the engine of a unit that is connected to NEC's gang list: an officer's
// look-up goes there once the engine has admitted it, accounted for it, and said by which CPR
// number (nec_status.cc).
#pragma once

#include <memory>

#include "services/exchange/ports/api.h"
#include "services/exchange/ports/gang_list.h"

namespace exitbus::police {

// Neither is owned, and both outlive it and the calls that it was given.
std::unique_ptr<exchange::ApiHandler> LookingUp(exchange::ApiHandler* engine,
                                                exchange::GangList* list);

}  // namespace exitbus::police
