// The case file: what events make of it. Total and pure; the same events move both sides of a
// handover.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "services/exchange/aggregate.h"

namespace exitbus::casework {

// Cannot refuse: what is not the file's business leaves it as it is.
void Evolve(casework_journal::v1::CaseFile& file, const casework_journal::v1::CaseEvent& event);

// "case/<case id>", "handover/<handover id>" for each, "subject/<id>" for every id that letters
// name this file by (a handover's, the contact point's of it, the police unit's, NEC's), and
// "person/<keyed hash>" while this authority answers for a person's open case.
std::vector<std::string> KeysOf(const casework_journal::v1::CaseFile& file,
                                const exchange::Lookup& lookup);

// One per handover that waits for somebody, whose name is the handover's id; and those of
// break-glass.
std::vector<exchange::Deadline> DeadlinesOf(const casework_journal::v1::CaseFile& file);

}  // namespace exitbus::casework
