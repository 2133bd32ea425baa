// Part of a transaction that counts whole or not at all: one command, one letter, one deadline, one
// row of a list. One that met a row that cannot be read is taken back, and the others go on.
// Attempts nest.
#pragma once

#include <cstddef>

#include "services/exchange/post_commit_actions.h"
#include "services/exchange/transaction.h"

namespace exitbus::exchange {

class UnitOfWork;

class Attempt {
 public:
  // What is left to be done after the commit goes with it, if `actions` is given. Both outlive it.
  explicit Attempt(Transaction& transaction, PostCommitActions* actions = nullptr);
  explicit Attempt(UnitOfWork& work);
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;
  // Without Keep() nothing of it stays.
  ~Attempt();

  // Ends it. What was done stays if all that was read could be; returns whether.
  bool Keep();

 private:
  void End(bool keep);

  Transaction& transaction_;
  PostCommitActions* const actions_;
  PostCommitActions before_;
  const std::size_t writes_before_;
  const std::size_t unreadable_before_;
  bool ended_ = false;
};

// As Load(), where others can go on without the row: one that cannot be read is absent too.
template <class Proto>
std::optional<Proto> LoadOrNone(Transaction& transaction, Table table, std::string_view key) {
  const Attempt look(transaction);
  return Load<Proto>(transaction, table, key);
}

}  // namespace exitbus::exchange
