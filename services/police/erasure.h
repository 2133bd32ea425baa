// What a police unit does when a case is erased everywhere.
#pragma once

#include "exitbus/police_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/facts.h"

namespace exitbus::casework::v1 {
class ErasureOrdered;
}

namespace exitbus::exchange::v1 {
class Body;
}

namespace exitbus::police {

// While the unit is in charge, from the authority that answers for the case and from nobody else;
// afterwards also from one that answered for it. What came for a handover that ended for nothing
// goes by word of who had sent it.
exchange::Decision OnErasureOrdered(const police_journal::v1::SecurityFile&,
                                    const exchange::LetterPlace&,
                                    const casework::v1::ErasureOrdered&, const exchange::Facts&);

// A letter about a case that is erased here.
exchange::Decision OnLetterToErased(const police_journal::v1::SecurityFile&,
                                    const exchange::LetterPlace&, const exchange::v1::Body&,
                                    const exchange::Facts&);

}  // namespace exitbus::police
