// The broker's figures by Kafka's admin and offset requests, every few seconds on a thread of its
// own.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "adapters/kafka/kafka_options.h"
#include "services/exchange/ports/broker_figures.h"

namespace exitbus::exchange {
class Executor;
class Telemetry;
}  // namespace exitbus::exchange

namespace exitbus::adapters {

// Needs DESCRIBE on the topics it is to see. `executor` and `telemetry` outlive it.
// INVALID_ARGUMENT: options that cannot work. Certificate files that are replaced are taken into
// use.
absl::StatusOr<std::unique_ptr<exchange::BrokerLook>> MakeKafkaLook(const KafkaOptions& options,
                                                                    exchange::Executor* executor,
                                                                    exchange::Telemetry* telemetry);

}  // namespace exitbus::adapters
