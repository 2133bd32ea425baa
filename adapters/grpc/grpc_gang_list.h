// NEC's gang list over gRPC (exitbus.gang_list.v1): one CPR number goes there, with a client
// certificate of the district's and no metadata.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "adapters/grpc/grpc_client.h"
#include "services/exchange/ports/gang_list.h"

namespace exitbus::exchange {
class Telemetry;
}

namespace exitbus::adapters {

inline constexpr absl::Duration kGangListAnswersIn = absl::Seconds(2);
inline constexpr int kLookUpsMax = 16;

// Of more look-ups than kLookUpsMax at a time, and of whatever fails, it is not known; which is
// counted as gang_list.look_ups{outcome}, without the person. Destroying it waits for the look-ups
// under way, so it is never to be destroyed from their `done`. INVALID_ARGUMENT: a file that cannot
// be read.
absl::StatusOr<std::unique_ptr<exchange::GangList>> MakeGrpcGangList(
    const GrpcClientOptions& options, exchange::Telemetry* telemetry);

}  // namespace exitbus::adapters
