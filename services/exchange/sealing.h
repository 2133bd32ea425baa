// Between a Packet and what lies on the bus. Outside in: CloudEvents headers in the clear, a
// signature by the sender over headers, topic and ciphertext, and the ciphertext: the packet,
// padded to a size class, sealed to the recipient with the headers authenticated.
//
// In the clear stands nothing that joins two records: a fresh id, a fresh trace, source, channel,
// the second, versions.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/exchange/ports/bus.h"

namespace exitbus::policy::v1 {
enum Channel : int;
}

namespace exitbus::exchange::v1 {
class KeyAnnounced;
class Packet;
}  // namespace exitbus::exchange::v1

namespace exitbus::operations::v1 {
class TraceRecord;
}

namespace exitbus::exchange {

struct Environment;
struct DirectoryEntry;

// A record for `recipient`, addressed and ready to publish.
BusRecord SealRecord(const Environment& environment, const DirectoryEntry& recipient,
                     policy::v1::Channel channel, const v1::Packet& packet);

// A record that announces our sealing key to `recipient`, in the clear.
BusRecord AnnounceRecord(const Environment& environment, const DirectoryEntry& recipient,
                         const v1::KeyAnnounced& announced);

// The record's id, as in its headers; empty if it has none.
std::string RecordId(const BusRecord& record);
// The authority it says it is from; to be believed only after OpenRecord.
std::string RecordSource(const BusRecord& record);

// What OpenRecord says of a record sealed to a key that is gone.
inline constexpr char kKeyRetired[] = "key_retired";

// Verifies and opens. UNAUTHENTICATED: unknown sender, bad signature or headers: never answered.
// PERMISSION_DENIED: from one who is suspended or removed: not heard. FAILED_PRECONDITION:
// verified, but sealed to a key we do not have. INVALID_ARGUMENT: verified and opened, but it does
// not parse.
absl::StatusOr<v1::Packet> OpenRecord(const Environment& environment, const BusRecord& record);

// Whether it is an announcement instead; to be believed only after VerifyAnnouncement.
bool IsAnnouncement(const BusRecord& record);
// Errors as of OpenRecord. INVALID_ARGUMENT: verified, but not an announcement to us.
absl::StatusOr<v1::KeyAnnounced> VerifyAnnouncement(const Environment& environment,
                                                    const BusRecord& record);

// A record for the console (Settings::console_key), on this authority's own trace topic.
BusRecord SealTrace(const Environment& environment, const operations::v1::TraceRecord& told);
// The console's side of it. Errors as of OpenRecord, but one who is suspended or removed is heard.
// INVALID_ARGUMENT: on another's topic, or it does not parse.
absl::StatusOr<operations::v1::TraceRecord> OpenTrace(const Environment& environment,
                                                      const BusRecord& record);

// The next size class: 512 bytes and its doubles. Exposed for tests.
std::size_t SizeClass(std::size_t plain_bytes);

}  // namespace exitbus::exchange
