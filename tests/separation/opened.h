// What an authority can read with all the keys it has: its whole store, and the records on the bus
// that open to its sealing key. Knows neither tables nor messages: every piece of bytes is tried
// with every key, so that what is stored tomorrow is opened too.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "services/exchange/ports/bus.h"
#include "tests/story/deployment.h"

namespace exitbus::story {

struct Opened {
  std::string stored;  // keys and values of all rows, as they lie there
  std::string plain;   // what they hold, decrypted, and the packets of the records
  int rows = 0;
  int decrypted = 0;                // pieces under the key of an erasure scope
  std::vector<std::string> topics;  // of each of the records that opened
};

// While the service does not run.
absl::StatusOr<Opened> OpenEverything(const Deployment& deployment, const Member& member,
                                      const std::vector<exchange::BusRecord>& records);

struct OpenedRecord {
  std::string topic;
  exchange::v1::Packet packet;
};

// Those of these records that are in order and open to the keys of `member`, whose service may run.
absl::StatusOr<std::vector<OpenedRecord>> OpenRecords(
    const Deployment& deployment, const Member& member,
    const std::vector<exchange::BusRecord>& records);

// The letters in these, each by itself; the other packets are receipts.
std::vector<exchange::v1::Letter> LettersIn(const std::vector<OpenedRecord>& opened);

}  // namespace exitbus::story
