// States, and the journal of what led to them. Events are appended to one hash chain and evolve the
// state in the same transaction; index keys and timers follow from the state.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "services/exchange/aggregate.h"

namespace exitbus::exchange {

class Crypto;
class Directory;
class Transaction;
class Vault;

struct Loaded {
  std::string id;
  std::shared_ptr<const Message> state;
  std::uint64_t version = 0;  // 0: it does not exist yet
  std::string scope;          // erasure scope
};

class EventStore {
 public:
  EventStore(Transaction* transaction, Vault* vault, const Crypto* crypto)
      : transaction_(transaction), vault_(vault), crypto_(crypto) {}

  // By id; a fresh empty state if there is none. One that cannot be read breaks the attempt, and so
  // does an id that is none, as a row that was altered may hold.
  Loaded Load(const Aggregate& aggregate, std::string_view id);
  // Of what carries this index key; nullopt if nothing does.
  std::optional<std::string> IdOf(const Aggregate& aggregate, std::string_view index_key);
  // By index key; nullopt if nothing carries it.
  std::optional<Loaded> Find(const Aggregate& aggregate, std::string_view index_key);
  // What the correspondences with `peer` about `subject` are about.
  std::optional<Loaded> FindAbout(const Aggregate& aggregate, const Directory& directory,
                                  const std::string& peer, const std::string& subject);

  // Appends what happened and stores the state after it, which `loaded` has then. If the decision
  // erases, what was kept under the aggregate's own scope is given up: the state that remains
  // (`evolve` cleared it) goes under the authority's scope. The caller destroys the scope's key
  // after the commit. Returns every index key that the aggregate had or has. nullopt: it would
  // carry a name of another that does not yield; nothing is stored.
  std::optional<std::set<std::string>> Append(const Aggregate& aggregate, Loaded& loaded,
                                              const Decision& decision, const Lookup& lookup,
                                              const Times& times);

  // Lets it be found by all that it is called: a newer version of this program may call it more.
  void NameAnew(const Aggregate& aggregate, const Loaded& loaded, const Lookup& lookup);

  // Lets a deadline of an aggregate that does not exist yet fall due. Nothing if it exists.
  void Await(const Aggregate& aggregate, std::string_view id, const Deadline& deadline);

 private:
  void AppendEntry(const Aggregate& aggregate, const Loaded& loaded, const Message& event,
                   const Times& times);
  // What an append reads, at once.
  void FetchFor(const Aggregate& aggregate, const std::set<std::string>& added,
                const std::set<std::string>& gone);
  // Whether one of `keys` is another's, which keeps it against what this one is `after` that.
  bool IsInUse(const Aggregate& aggregate, std::string_view id, const Message& after,
               const std::set<std::string>& keys);
  void ReplaceKeys(const Aggregate& aggregate, const Loaded& loaded,
                   const std::set<std::string>& gone, const std::set<std::string>& added);

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

// Whether this was the journal's last entry once: false in a store that was put back to an earlier
// state, even if it has grown again since.
bool HadHead(Transaction& transaction, const Crypto& crypto, const JournalHead& head);

// The scope of an aggregate's personal data.
std::string ErasureScopeOf(std::string_view aggregate, std::string_view id);

}  // namespace exitbus::exchange
