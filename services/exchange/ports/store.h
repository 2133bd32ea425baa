// Where an authority keeps everything it must not lose: an ordered key-value store with one way
// to write. It is this narrow on purpose: what a row means is the engine's business
// (exitbus/store/v1/rows.proto), so every implementation passes one small contract suite.
//
// Thread safety: none; the engine's thread is the only user.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace exitbus::exchange {

// One value per kind of row. Stored by name, so the order here may change.
enum class Table {
  kJournal,             // sequence number → JournalEntry, append-only and hash-chained
  kStates,              // aggregate type / id → StateRow
  kAttachments,         // aggregate type / id / name → sealed bytes that its state names
  kOutbox,              // priority / correspondence / number → OutboxRow, until receipted
  kCorrespondencesOut,  // correspondence → CorrespondenceOut
  kCorrespondencesIn,   // correspondence → CorrespondenceIn
  kSent,                // correspondence / number → SentRow: digest of what was sent
  kInbox,        // correspondence / number → InboxRow: digest and outcome of what was applied
  kParked,       // subject / channel / peer / number → ParkedLetter
  kPositions,    // topic → Position
  kOutcomes,     // keyed hash of caller and request id → Outcome
  kTimers,       // due time / aggregate / id / name → nothing more
  kDisclosures,  // subject / sequence → DisclosureRow
  kIndex,        // keyed hash or other secondary key → id
  kChanges,      // list as a reader sees it / resource → Change, and the same in order of change
  kDeadLetters,  // sequence → DeadLetter, bounded
  kKeys,         // erasure scope → wrapped key (a store file of its own)
  kMeta,         // name → single values: counters, heads, cluster id
};
inline constexpr int kTableCount = static_cast<int>(Table::kMeta) + 1;

// The table's stored name, e.g. "outbox".
std::string_view TableName(Table table);

// A row by its place.
struct RowName {
  Table table;
  std::string key;
};

struct Write {
  Table table;
  std::string key;
  std::optional<std::string> value;  // nullopt erases the row; erasing an absent row is no error
};

struct Row {
  std::string key;
  std::string value;
};

// Whether a power cut may take a commit.
enum class Durability {
  // It is there for good when Commit returns OK, and so is every commit before it.
  kDurable,
  // The next durable commit makes it so too. Until then it may be lost, and all after it of its
  // kind; reading the bus again leads to it once more.
  kMayBeRepeated,
};

// Whether the table's schema lets such a write be lost and repeated.
bool MayBeRepeated(Table table, bool erases);

// ABORTED, `store.taken_over`: another process has opened the store for writing since.
absl::Status TakenOver();
bool IsTakenOver(const absl::Status& status);

// Whoever opens a store for writing takes it over: it raises the store's epoch, and no commit of an
// earlier epoch is carried out any more.
class Store {
 public:
  virtual ~Store() = default;

  // The row's value, nullopt if there is none. UNAVAILABLE: the medium failed.
  virtual absl::StatusOr<std::optional<std::string>> Get(Table table, std::string_view key) = 0;

  // The same of several rows, in their order, all as they were at one moment.
  virtual absl::StatusOr<std::vector<std::optional<std::string>>> GetMany(
      const std::vector<RowName>& rows) = 0;

  // Up to `limit` rows whose key starts with `prefix` and is greater than `after` (empty: from the
  // first), in byte order of the key.
  virtual absl::StatusOr<std::vector<Row>> Scan(Table table, std::string_view prefix,
                                                std::string_view after, std::size_t limit) = 0;

  // All of `writes` or none, in order. On an error nothing is visible. RESOURCE_EXHAUSTED: the
  // medium is full; ABORTED: see TakenOver(); INTERNAL, `store.not_repeatable`: one of `writes`
  // must not be lost, but may be as it was said.
  absl::Status Commit(Durability durability, const std::vector<Write>& writes);

 private:
  virtual absl::Status CommitAll(Durability durability, const std::vector<Write>& writes) = 0;
};

}  // namespace exitbus::exchange
