// One unit of work on the store: reads see what was written before in it, and all of it is
// committed in one step or not at all.
//
// Errors are sticky: a failed read answers "absent", marks the transaction broken, and Commit
// returns that error. So a decision never has to look at the medium, and none is committed on it.
// A row that cannot be read is such an error too, unless an Attempt takes back what met it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "services/exchange/ports/store.h"

namespace exitbus::exchange {

class DamagedRows;
struct Environment;

class Transaction {
 public:
  explicit Transaction(Store* store) : store_(store) {}
  // On the authority's store; rows that cannot be read are reported.
  explicit Transaction(const Environment& environment);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Reads all of these at once, for the Gets to come.
  void Fetch(const std::vector<RowName>& rows);
  // Lets go of what was fetched, of which a long list would gather much.
  void ForgetFetched() { fetched_.clear(); }
  std::optional<std::string> Get(Table table, std::string_view key);
  // As Store::Scan, with this transaction's own writes seen.
  std::vector<Row> Scan(Table table, std::string_view prefix, std::string_view after,
                        std::size_t limit);
  // Each row whose key starts with `prefix`, in order, a page at a time; what `take` writes after
  // the row it has is seen too.
  void ForEach(Table table, std::string_view prefix, absl::FunctionRef<void(const Row&)> take,
               std::size_t page = 500);
  void Put(Table table, std::string key, std::string value) {
    Write(table, std::move(key), std::move(value));
  }
  void Erase(Table table, std::string key) { Write(table, std::move(key), std::nullopt); }

  // This row is there and cannot be read.
  void Unreadable(Table table, std::string_view key);
  // Something else that this rests on failed.
  void Fail(const absl::Status& why) { status_.Update(why); }

  bool empty() const { return writes_.empty(); }
  // Rows asked for, found and written so far, by attempts that were taken back too: what all this
  // costs, whatever the clock says.
  std::size_t rows_touched() const { return touched_; }
  // DATA_LOSS: a row could not be read.
  absl::Status status() const;
  // Of all that is written; some of it may have to be durable.
  bool MayBeRepeated() const;
  absl::Status Commit(Durability durability);

 private:
  friend class Attempt;
  using Key = std::pair<Table, std::string>;
  using Value = std::optional<std::string>;  // nullopt: erased

  // How many writes there were, for EndAttempt to go back to.
  std::size_t BeginAttempt();
  void EndAttempt(std::size_t writes, bool keep);
  void Write(Table table, std::string key, Value value);

  Store* store_;
  DamagedRows* damaged_ = nullptr;
  absl::Status status_;
  std::size_t touched_ = 0;
  std::size_t unreadable_ = 0;  // rows met, less those of attempts that were taken back
  std::map<Key, Value> writes_;
  std::map<Key, Value> fetched_;                            // as they are in the store
  int attempts_ = 0;                                        // under way
  std::vector<std::pair<Key, std::optional<Value>>> undo_;  // what each write of theirs replaced
};

// The row at `key`; absent too, and noted, if it is not to be read.
template <class Proto>
std::optional<Proto> Load(Transaction& transaction, Table table, std::string_view key) {
  const std::optional<std::string> bytes = transaction.Get(table, key);
  if (!bytes) return std::nullopt;
  std::optional<Proto> row(std::in_place);
  if (row->ParseFromString(*bytes)) return row;
  transaction.Unreadable(table, key);
  return std::nullopt;
}

}  // namespace exitbus::exchange
