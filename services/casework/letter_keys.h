// By what letters name a case file. Each kind of author knows it by ids of its own kind, which have
// a name space of their own.
#pragma once

#include <string>
#include <vector>

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "services/exchange/decision_context.h"

namespace exitbus::casework {

// "party/<handover id>" for the other side, "police/<unit's id>" or "police/<handover id>",
// "contact/<contact point's id>", "overview/<NEC's id>".
std::vector<std::string> LetterKeysOf(const casework_journal::v1::CaseFile& file);
// The key in the name space of who wrote; empty: this kind of authority writes of no case.
std::string LetterKey(const exchange::LetterPlace& place);

}  // namespace exitbus::casework
