// What changed in the lists that can be watched, for each reader as it sees them, kept beside the
// states in the transaction of the events. Of a resource only its newest change is kept.
//
// What is compared is the projected view: a change that a reader may not see is none to it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/exchange/aggregate.h"
#include "services/exchange/meta_keys.h"
#include "services/exchange/ports/store.h"

namespace exitbus::policy::v1 {
enum Reader : int;
}

namespace exitbus::exchange {

class UnitOfWork;
class Transaction;
struct Environment;
struct DecisionContext;
struct Loaded;

// A token that is older than this may have to begin anew with a snapshot.
inline constexpr absl::Duration kGoneKept = absl::Hours(30 * 24);

// A list that can be watched.
struct WatchedList {
  const Aggregate* aggregate = nullptr;
  const Method* list = nullptr;
  std::vector<policy::v1::Reader> readers;    // who may watch it here
  std::shared_ptr<const Message> everything;  // the list's request without a filter
};

// The newest change of a resource.
struct ChangedResource {
  std::uint64_t sequence = 0;
  std::string key;  // index key
};

class ChangeIndex {
 public:
  // Both outlive it.
  ChangeIndex(const Environment* environment, const Service* service);

  // The list that `method` follows; null if none.
  const WatchedList* Find(std::string_view method) const;
  // What sequence numbers and tokens count in.
  static StreamName StreamOf(const WatchedList& list, policy::v1::Reader reader);

  // After events were appended to `loaded`: what that changed in the lists its `keys` stand in.
  void Note(UnitOfWork& work, const DecisionContext& context, const Aggregate& aggregate,
            const Loaded& loaded, const std::set<std::string>& keys) const;

  // Compares everything with what the index says, after an upgrade or a change of the policy.
  // Before the service serves. Idempotent, in bounded commits.
  absl::Status BringUpToDate() const;

  // Gives up what is gone for longer than kGoneKept.
  void Forget(Transaction& transaction, absl::Time now) const;

  // The last change there was, and up to which one some may be missing.
  struct Extent {
    std::uint64_t last = 0;
    std::uint64_t forgotten_through = 0;
  };
  static Extent ExtentOf(Transaction& transaction, const StreamName& stream);

  // Up to `limit` changes after `sequence`, in order.
  static std::vector<ChangedResource> Changes(Transaction& transaction, const StreamName& stream,
                                              std::uint64_t sequence, std::size_t limit);
  // What the last change made of a resource: the aggregate it is in, and whether it is gone.
  struct Whereabouts {
    std::string id;
    bool gone = false;
  };
  static Whereabouts Where(Transaction& transaction, const StreamName& stream,
                           const std::string& key);
  // Of one that could not be read, somebody was not told: what it is when it next can be is a
  // change, whatever it was like before.
  static void TellAnew(Transaction& transaction, const StreamName& stream, const std::string& key);

 private:
  struct Seen;

  // What is looked at for one resource, at once.
  void FetchFor(Transaction& transaction, const WatchedList& list, const std::string& key) const;
  void NoteKey(UnitOfWork& work, const DecisionContext& context, const WatchedList& list,
               const Loaded& loaded, const std::string& key) const;
  void Record(UnitOfWork& work, const Seen& seen) const;
  // Each row below `prefix`, as one attempt each, in passes of a page.
  absl::Status ForEach(Table table, const std::string& prefix,
                       absl::FunctionRef<void(UnitOfWork&, const Row&)> compare) const;
  void CompareListed(UnitOfWork& work, const WatchedList& list, const Row& row) const;
  void CompareGone(UnitOfWork& work, const WatchedList& list, const StreamName& stream,
                   const Row& row) const;

  const Environment* environment_;
  std::vector<WatchedList> lists_;
};

}  // namespace exitbus::exchange
