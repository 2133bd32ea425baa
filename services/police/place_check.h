// What other subjects use of the question whether a place is safe. Internal to the police.
#pragma once

#include <string_view>

#include "services/police/parts.h"

namespace exitbus::relocation::v1 {
class ConflictAnswered;
}

namespace exitbus::police {

// The one of which another district's unit is asked under this id; null: none is.
const jv1::PlaceCheck* FindConflictCheck(const jv1::SecurityFile& file,
                                         std::string_view conflict_id);
// By that unit, to this inquiry.
exchange::Decision OnPlaceConflictAnswered(const jv1::PlaceCheck& asked,
                                           const SecurityLetter& letter,
                                           const relocation::v1::ConflictAnswered& message);

}  // namespace exitbus::police
