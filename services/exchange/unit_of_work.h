// One transaction's worth of deciding: what is decided in it is appended, sent and accounted for
// together, and becomes visible together.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "services/exchange/aggregate.h"
#include "services/exchange/event_store.h"
#include "services/exchange/post_commit_actions.h"
#include "services/exchange/statements.h"
#include "services/exchange/transaction.h"

namespace exitbus::exchange {

class ChangeIndex;
struct Environment;

class UnitOfWork {
 public:
  UnitOfWork(const Environment* environment, const ChangeIndex* changes);
  // What was not committed never was, its new keys included.
  ~UnitOfWork();

  Transaction& transaction() { return transaction_; }
  const Transaction& transaction() const { return transaction_; }
  EventStore& event_store() { return event_store_; }
  PostCommitActions& actions() { return actions_; }
  const Environment& environment() const { return *environment_; }

  // What a decider may know, now, about a call by this caller (or about a letter or deadline).
  DecisionContext DecisionContextFor(const Caller& caller = {}) const;

  // Appends what an accepted decision says happened, notes what that changes for whoever watches,
  // and writes whom it tells; `loaded` is then what it has become. Returns the index keys of the
  // state, old and new, if anything happened. nullopt: nothing is carried out, for it would take a
  // name that is another's (IdInUse()).
  std::optional<std::set<std::string>> Execute(const Aggregate& aggregate, Loaded& loaded,
                                               Decision decision);

  // Keys first, then everything else in one step. An error is logged.
  absl::Status Commit(Durability durability);

 private:
  class StoreLookup;

  // Of another aggregate, now.
  void Await(const FallsDue& what, absl::Time now);

  const Environment* environment_;
  const ChangeIndex* changes_;
  std::shared_ptr<const DirectoryEntry> self_;
  Transaction transaction_;
  EventStore event_store_;
  PostCommitActions actions_;
  std::unique_ptr<StoreLookup> lookup_;
  KeyedStatements statements_;
};

// What would take a name that another case carries here.
Refusal IdInUse();

// Destroys the keys of scopes whose erasure is committed: right after the commit, and again before
// the service serves, in case a crash came between. Idempotent.
absl::Status FinishErasures(const Environment& environment);

}  // namespace exitbus::exchange
