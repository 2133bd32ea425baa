// Who has turned to this authority about exit before there is a case: counted, and nobody named.
#pragma once

#include "services/exchange/aggregate.h"

namespace exitbus::casework {

exchange::Aggregate FirstContacts();

}  // namespace exitbus::casework
