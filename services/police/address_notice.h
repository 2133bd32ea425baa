// A notice (underretning, CPR Act § 6 (6)) to a population register of this district: that a
// person, and the children with him, are to be registered as of no fixed address. It is of a person
// and not of a case, and outlives the case's file. Which move of a case it is for, the file's keys
// say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/exchange/aggregate.h"

namespace exitbus::handover::v1 {
enum AddressProtection : int;
}

namespace exitbus::police {

exchange::Aggregate AddressNotices();

// The notices for the move by this handover of which the person has not come yet, by id.
std::vector<std::string> NoticesFor(const std::string& handover_id, const exchange::Lookup& lookup);

// How it is with the address of whose move it is, by its notices alone.
handover::v1::AddressProtection ProtectionOf(const std::string& handover_id,
                                             const exchange::Lookup& lookup);

// The register is told that whom this notice names does not come.
void TellCalledOff(const std::string& municipality, const std::string& notice_id,
                   exchange::Decision& decision);

}  // namespace exitbus::police
