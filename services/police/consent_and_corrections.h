// What a revoked consent and a correction make of a police unit's file: the person in it was named
// by the authority in charge of the case, on a ground that can end, and may have been named
// wrongly.
#pragma once

#include "exitbus/casework/v1/consent.pb.h"
#include "exitbus/police_journal/v1/journal.pb.h"

namespace exitbus::police {

namespace jv1 = police_journal::v1;

// Whether the unit knows whom the file is about, and if not, why.
v1::Naming NamingIn(const jv1::SecurityFile& file);
// What is blocked, by name.
casework::v1::Blocked BlockedIn(const jv1::SecurityFile& file);

}  // namespace exitbus::police
