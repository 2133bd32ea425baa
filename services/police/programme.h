// What the authority in charge tells of how the case goes. Internal to the police.
#pragma once

#include <optional>

#include "services/police/parts.h"

namespace exitbus::police {

// What becomes of such a letter where it is not for this unit, or not from who is in charge;
// nullopt: it is.
std::optional<exchange::Decision> NotOfCaseInCharge(const SecurityLetter& letter);

}  // namespace exitbus::police
