// States, and the journal of what led to them. Events are appended to one hash chain and evolve the
// state in the same transaction; index keys and timers follow from the state.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/exchange/aggregate.h"

namespace exitbus::exchange {

class Crypto;
class Directory;
class Transaction;
class Vault;

struct Loaded {
  std::string id;
  std::unique_ptr<Message> state;
  std::uint64_t version = 0;  // 0: it does not exist yet
  std::string unit;           // erasure unit
};

class Ledger {
 public:
  Ledger(Transaction* transaction, Vault* vault, const Crypto* crypto)
      : transaction_(transaction), vault_(vault), crypto_(crypto) {}

  // By id; a fresh empty state if there is none. One that cannot be read breaks the attempt, and so
  // does an id that is none, as a row that was altered may hold.
  Loaded Load(const Aggregate& aggregate, std::string_view id);
  // Of what carries this index key; nullopt if nothing does.
  std::optional<std::string> IdOf(const Aggregate& aggregate, std::string_view index_key);
  // By index key; nullopt if nothing carries it.
  std::optional<Loaded> Find(const Aggregate& aggregate, std::string_view index_key);

  // Appends the events and stores the evolved state. With `erase`, what was kept under the
  // aggregate's own unit is given up: the state that remains (`evolve` cleared it) goes under the
  // authority's unit. The caller destroys the unit's key after the commit. Returns every index key
  // that the aggregate had or has, each once. nullopt: it would carry a name of another that does
  // not yield; nothing is stored, and `loaded` is of no use any more.
  std::optional<std::vector<std::string>> Append(
      const Aggregate& aggregate, Loaded& loaded,
      const std::vector<std::shared_ptr<const Message>>& events, bool erase, const Lookup& lookup,
      const Times& times);

  // Lets a deadline of an aggregate that does not exist yet fall due. Nothing if it exists.
  void Await(const Aggregate& aggregate, std::string_view id, const Deadline& deadline);

 private:
  void AppendEntry(const Aggregate& aggregate, const Loaded& loaded, const Message& event,
                   const Times& times);
  // What an append reads, at once.
  void FetchFor(const Aggregate& aggregate, const std::vector<std::string>& added,
                const std::vector<std::string>& gone);
  // Whether one of `keys` is another's, which keeps it.
  bool IsInUse(const Aggregate& aggregate, const Loaded& loaded,
               const std::vector<std::string>& keys);
  void ReplaceKeys(const Aggregate& aggregate, const Loaded& loaded,
                   const std::vector<std::string>& gone, const std::vector<std::string>& added);

  Transaction* transaction_;
  Vault* vault_;
  const Crypto* crypto_;
};

// Where the journal ends: its last entry and that one's digest. 0 and empty: it has none.
struct JournalHead {
  std::uint64_t sequence = 0;
  std::string digest;
};
inline constexpr char kJournalHeadKey[] = "journal_head";  // in Table::kMeta
JournalHead JournalHeadOf(Transaction& transaction);

// The index key of what the correspondences with `peer` about `subject` are about.
std::string CorrespondenceKey(const Aggregate& aggregate, const Directory& directory,
                              const std::string& peer, const std::string& subject);

// Whether this was the journal's last entry once: false in a store that was put back to an earlier
// state, even if it has grown again since.
bool HadHead(Transaction& transaction, const Crypto& crypto, const JournalHead& head);

// The unit of an aggregate's personal data.
std::string UnitOf(std::string_view aggregate, std::string_view id);

// Walks the journal from the start: every entry names its predecessor's digest. DATA_LOSS names the
// first sequence number that does not. Reads ciphertext only, so it holds after an erasure.
absl::Status VerifyJournal(Transaction& transaction, const Crypto& crypto);

}  // namespace exitbus::exchange
