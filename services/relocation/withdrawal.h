// What ends with a request, told to whoever is about to withdraw it (R12).
#pragma once

#include <string>

#include "exitbus/relocation/v1/relocation_service.pb.h"
#include "exitbus/relocation_journal/v1/journal.pb.h"

namespace exitbus::relocation {

// What a party knows beside the request.
struct AroundRequest {
  std::string open_handover_id = {};  // to the place that is decided for; empty: none is open
  bool is_under_way = false;          // departed or to come back, and nobody has said where he is
  bool has_temporary_place = false;   // asked for or placed
  std::string temporary_municipality = {};  // its code; empty: not known yet
};

// Without lines: it has ended.
v1::WithdrawalTree WithdrawalOf(const relocation_journal::v1::Relocation& one,
                                const AroundRequest& around);

}  // namespace exitbus::relocation
