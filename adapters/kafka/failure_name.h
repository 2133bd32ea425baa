// Why a record was not published, by a name of ours: Kafka's own text differs between versions, and
// names brokers and topics. Internal to this folder.
#pragma once

#include <librdkafka/rdkafka.h>

#include "absl/status/status.h"

namespace exitbus::adapters {

// A closed set, for labels and the log; "other" is what nobody can act on.
const char* FailureName(rd_kafka_resp_err_t error);

// As ToStatus, but with the name for its message. For what went wrong, not for OK.
absl::Status PublishFailure(rd_kafka_resp_err_t error);

}  // namespace exitbus::adapters
