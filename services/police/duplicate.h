// A candidate whom NEC has found in two active entries, at the police unit.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/police/parts.h"

namespace exitbus::police {

// What NEC tells, what the unit answers.
SecurityPart Duplicates();

// "duplicate/<NEC's id of it>": by what NEC's letters name the file.
std::string DuplicateKey(const std::string& duplicate_id);
std::vector<std::string> DuplicateKeysOf(const jv1::SecurityFile& file);
// The key of the file whose person a letter of NEC's is about; of two in this district the first.
std::optional<std::string> FileOfPerson(const exchange::v1::Body& body,
                                        const exchange::Lookup& lookup);
// The file is erased: NEC waits for no answer from here.
void EndDuplicates(const jv1::SecurityFile& file, exchange::Decision& decision);

}  // namespace exitbus::police
