// A police unit's service as a table: its files on candidates' security.
#pragma once

#include "services/exchange/aggregate.h"

namespace exitbus::police {

exchange::Aggregate SecurityFiles();

}  // namespace exitbus::police
