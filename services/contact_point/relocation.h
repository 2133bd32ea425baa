// What a request for relocation is made of at the contact point: whether it is necessary. Internal
// to the contact point.
#pragma once

#include "exitbus/contact_point_journal/v1/relocation.pb.h"
#include "services/exchange/part.h"

namespace exitbus::contact_point {

namespace jv1 = contact_point_journal::v1;
using RelocationPart = exchange::Part<jv1::RequestedRelocation, jv1::RelocationEvent>;

// From the police unit that nominates and the authority in charge.
RelocationPart RelocationLetters();
RelocationPart RelocationEvents();
// What the desk's people do and read.
RelocationPart RelocationMethods();

}  // namespace exitbus::contact_point
