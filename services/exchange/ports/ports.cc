#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "absl/strings/escaping.h"
#include "services/exchange/ports/store.h"
#include "services/exchange/ports/time.h"

namespace exitbus::exchange {

namespace {

// What of a table may be lost with the power and comes again by reading the bus, nobody having been
// told of it: how far a topic was read, the receipts that were in it, and that a row was taken out
// of the outbox by one.
enum class Repeats { kNothing, kErasures, kEverything };

struct Schema {
  std::string_view name;
  Repeats repeats = Repeats::kNothing;
};

const Schema& SchemaOf(Table table) {
  static constexpr std::array<Schema, kTableCount> kSchemas = {
      {{"journal"},
       {"states"},
       {"attachments"},
       {"outbox", Repeats::kErasures},
       {"correspondences_out", Repeats::kEverything},
       {"correspondences_in"},
       {"sent"},
       {"inbox"},
       {"parked"},
       {"positions", Repeats::kEverything},
       {"outcomes"},
       {"timers"},
       {"disclosures"},
       {"index"},
       {"changes"},
       {"dead_letters"},
       {"keys"},
       {"meta"}}};
  return kSchemas[static_cast<std::size_t>(table)];
}

}  // namespace

std::string_view TableName(Table table) { return SchemaOf(table).name; }

bool MayBeRepeated(Table table, bool erases) {
  const Repeats repeats = SchemaOf(table).repeats;
  return repeats == Repeats::kEverything || (repeats == Repeats::kErasures && erases);
}

absl::Status TakenOver() {
  return absl::AbortedError("store.taken_over: another process has opened the store for writing");
}

bool IsTakenOver(const absl::Status& status) { return absl::IsAborted(status); }

absl::Status Store::Commit(Durability durability, const std::vector<Write>& writes) {
  if (durability == Durability::kMayBeRepeated) {
    const auto kept = std::find_if_not(writes.begin(), writes.end(), [](const Write& write) {
      return MayBeRepeated(write.table, !write.value);
    });
    if (kept != writes.end()) {
      return absl::InternalError("store.not_repeatable: nothing brings back what is lost of " +
                                 std::string(TableName(kept->table)));
    }
  }
  return CommitAll(durability, writes);
}

std::string FreshUuid(Random& random) {
  std::string bytes = random.Bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string uuid = absl::BytesToHexString(bytes);
  for (const std::size_t after : {20, 16, 12, 8}) uuid.insert(after, "-");
  return uuid;
}

absl::Duration RandomDelay(Random& random, absl::Duration limit) {
  const std::string bytes = random.Bytes(sizeof(std::uint32_t));
  std::uint32_t drawn = 0;
  std::memcpy(&drawn, bytes.data(), sizeof(drawn));
  return limit * (static_cast<double>(drawn) / 4294967296.0);
}

}  // namespace exitbus::exchange
