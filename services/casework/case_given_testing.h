// What is given in the decision tables of a case's subjects: a case of Ishøj's, by the name that it
// has there.
#pragma once

#include <string>

#include "exitbus/casework_journal/v1/journal.pb.h"

namespace exitbus::casework {

// "VISITED" and the like. The name of a programme: enrolled in it, and known to the police unit;
// after "REFERRED_": before the visitation.
casework_journal::v1::CaseFile GivenCase(const std::string& given);

}  // namespace exitbus::casework
