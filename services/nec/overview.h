// NEC's exit overview as a table: who is in exit and which authority answers for them. It reads no
// gang list and writes none (NEC-04, NEC-05): it has no way to.
#pragma once

#include "exitbus/nec_journal/v1/journal.pb.h"
#include "services/exchange/aggregate.h"

namespace exitbus::exchange::v1 {
class Body;
}

namespace exitbus::nec {

namespace jv1 = nec_journal::v1;

// Total and pure.
void Evolve(jv1::Entry& entry, const jv1::EntryEvent& event);

// Messages of several holders are ordered by responsibility number, then by their number in their
// correspondence: a take-over waits for what its slip says was sent before it. A take-over without
// the slip of the holder NEC knows is refused.
exchange::Decision DecideLetter(const jv1::Entry& entry, const exchange::LetterPlace& place,
                                const exchange::v1::Body& body, const exchange::Facts& facts);

exchange::Aggregate OverviewEntries();

}  // namespace exitbus::nec
