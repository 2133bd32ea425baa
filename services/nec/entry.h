// What an entry of the overview is made of. Internal to NEC.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "exitbus/nec_journal/v1/journal.pb.h"
#include "services/exchange/part.h"

namespace exitbus::nec {

namespace jv1 = nec_journal::v1;
using EntryPart = exchange::Part<jv1::Entry, jv1::EntryEvent>;

inline constexpr char kEntries[] = "entry";  // the aggregate's name

// Letters of several holders are ordered by responsibility number, then by their number in their
// correspondence: a take-over waits for what its slip says was sent before it. A take-over without
// the slip of the holder NEC knows is refused.
EntryPart EntryLetters();
// What becomes of an entry, and by what it is found.
EntryPart EntryEvents();
// What NEC's own people read.
EntryPart EntryMethods();

// "entry/<NEC's id>".
std::string EntryKey(const std::string& overview_id);

}  // namespace exitbus::nec
