// One unit of work on the store: reads see what was written before in it, and all of it is
// committed in one durable step or not at all.
//
// Errors are sticky: a failed read answers "absent", marks the transaction broken, and Commit
// returns that error. So a decision never has to look at the medium, and none is committed on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "services/exchange/ports/store.h"

namespace exitbus::exchange {

class Transaction {
 public:
  explicit Transaction(Store* store) : store_(store) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  std::optional<std::string> Get(Table table, std::string_view key);
  // As Store::Scan, with this transaction's own writes seen.
  std::vector<Row> Scan(Table table, std::string_view prefix, std::string_view after,
                        std::size_t limit);
  void Put(Table table, std::string key, std::string value);
  void Erase(Table table, std::string key);

  bool empty() const { return writes_.empty(); }
  const absl::Status& status() const { return status_; }
  // Without a sync where all of it comes again by reading the bus, as receipts do.
  absl::Status Commit();

 private:
  using Key = std::pair<Table, std::string>;

  Store* store_;
  absl::Status status_;
  std::map<Key, std::optional<std::string>> writes_;
};

// Parses a stored row; a row that does not parse is a programmer error and ends the process.
template <class Proto>
std::optional<Proto> Load(Transaction& transaction, Table table, std::string_view key) {
  const std::optional<std::string> bytes = transaction.Get(table, key);
  if (!bytes) return std::nullopt;
  std::optional<Proto> row(std::in_place);
  if (!row->ParseFromString(*bytes)) std::abort();
  return row;
}

// A big-endian number sorts as it counts.
std::string SortableNumber(unsigned long long number);
inline constexpr std::size_t kSortableNumberBytes = 8;
// The number at the end of `bytes`, which are at least that long.
std::uint64_t SortedNumber(std::string_view bytes);

// The key of one number of what `key` names, e.g. of a correspondence; sorts by number.
std::string NumberedKey(std::string_view key, unsigned long long number);

}  // namespace exitbus::exchange
