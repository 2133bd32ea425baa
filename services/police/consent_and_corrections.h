// What a revoked consent and a correction make of a police unit's file: the person in it was named
// by the authority in charge of the case, on a ground that can end, and may have been named
// wrongly.
#pragma once

#include <string_view>

#include "exitbus/casework/v1/consent.pb.h"
#include "exitbus/police_journal/v1/journal.pb.h"

namespace exitbus::police {

namespace jv1 = police_journal::v1;

// Whether the sender answers or answered for the case, as far as is known here by now.
bool IsOrWasHolder(const jv1::SecurityFile& file, std::string_view sender);
// Whether the unit knows whom the file is about, and if not, why.
v1::Naming NamingIn(const jv1::SecurityFile& file);
// What is blocked, by name.
casework::v1::Blocked BlockedIn(const jv1::SecurityFile& file);

}  // namespace exitbus::police
