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

// "case/<case id>", "handover/<handover id>" for each, LetterKeysOf(), "responsible/<case id>"
// while this authority answers for the case, and "person/<keyed hash>" while that is open.
std::vector<std::string> KeysOf(const casework_journal::v1::CaseFile& file,
                                const exchange::Lookup& lookup);

// By what letters name the file. Each kind of author knows it by ids of its own kind, which have a
// name space of their own: "party/<handover id>" for the other side, "police/<unit's id>" or
// "police/<handover id>", "contact/<contact point's id>", "overview/<NEC's id>".
std::vector<std::string> LetterKeysOf(const casework_journal::v1::CaseFile& file);
// The key in the name space of who wrote; empty: this kind of authority writes of no case.
std::string LetterKey(const exchange::LetterPlace& place);

// A case that came back has a file for each time it was here. Its ids are the newest one's.
bool Yields(const casework_journal::v1::CaseFile& older,
            const casework_journal::v1::CaseFile& newer);

// One per handover that waits for somebody, whose name is the handover's id; and those of
// break-glass.
std::vector<exchange::Deadline> DeadlinesOf(const casework_journal::v1::CaseFile& file);

}  // namespace exitbus::casework
