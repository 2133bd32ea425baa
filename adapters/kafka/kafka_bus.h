// The bus port on Kafka.
//
// A record is published when its delivery report says so. Positions live with the caller: nothing
// is committed to Kafka, partitions are assigned and never subscribed. The broker may be away at
// the start and at any time after; a broker that comes back formatted anew is noticed by its
// cluster id, and then every client is made anew before OnCluster() is called, and every topic must
// be read again. Certificate files that are replaced are taken into use within seconds, by new
// clients that go on where the old ones stood.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "adapters/kafka/kafka_options.h"
#include "services/exchange/ports/bus.h"

namespace exitbus::exchange {
class Executor;
class Telemetry;
}  // namespace exitbus::exchange

namespace exitbus::adapters {

// `executor` and `telemetry` must outlive the bus. Destroy the bus on the executor, or when the
// executor has stopped: the listener is not called after that, and callbacks that have not run are
// dropped. INVALID_ARGUMENT: options that cannot work, a file that cannot be read included.
//
// What Publish() reports, besides OK: PERMISSION_DENIED (no right to the topic), INVALID_ARGUMENT
// (record too large), OUT_OF_RANGE (its time stamp is refused), UNAVAILABLE (all else: no broker,
// no such topic, no report within 4 s; the record may or may not be there). A topic that does not
// exist (yet) is read as soon as it does.
absl::StatusOr<std::unique_ptr<exchange::Bus>> MakeKafkaBus(const KafkaOptions& options,
                                                            exchange::Executor* executor,
                                                            exchange::Telemetry* telemetry);

}  // namespace exitbus::adapters
