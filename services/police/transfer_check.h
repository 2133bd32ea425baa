// What other subjects use of the question whether another prison is safe. Internal to the police.
#pragma once

#include "services/police/parts.h"

namespace exitbus::relocation::v1 {
class ConflictAnswered;
}

namespace exitbus::police {

// By the other district's unit, to the inquiry that is open of it.
exchange::Decision OnTransferConflictAnswered(const SecurityLetter& letter,
                                              const relocation::v1::ConflictAnswered& message);

}  // namespace exitbus::police
