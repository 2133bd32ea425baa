#include "services/exchange/transaction.h"

#include <algorithm>
#include <iterator>

#include "absl/algorithm/container.h"
#include "services/exchange/context.h"
#include "services/exchange/damaged_rows.h"

namespace exitbus::exchange {
namespace {

// Where reading the bus again leads to once more, and what nobody was told of: a row taken out of
// the outbox, the receipt that did it, and how far a topic was read.
bool ComesAgain(const exchange::Write& write) {
  switch (write.table) {
    case Table::kPositions:
    case Table::kCorrespondencesOut:
      return true;
    case Table::kOutbox:
      return !write.value;
    default:
      return false;
  }
}

}  // namespace

Transaction::Transaction(const Context& context)
    : store_(context.store), damaged_(context.damaged) {}

std::optional<std::string> Transaction::Get(Table table, std::string_view key) {
  ++touched_;
  if (const auto found = writes_.find(Key(table, std::string(key))); found != writes_.end()) {
    return found->second;
  }
  auto value = store_->Get(table, key);
  if (!value.ok()) {
    status_.Update(value.status());
    return std::nullopt;
  }
  return *std::move(value);
}

std::vector<Row> Transaction::Scan(Table table, std::string_view prefix, std::string_view after,
                                   std::size_t limit) {
  // The store may hold rows that this transaction erased; ask for that many more.
  const auto own_first = writes_.lower_bound(Key(table, std::string(prefix)));
  std::map<std::string, std::optional<std::string>> own;
  for (auto it = own_first;
       it != writes_.end() && it->first.first == table && it->first.second.starts_with(prefix);
       ++it) {
    if (it->first.second > after) own.emplace(it->first.second, it->second);
  }
  auto stored = store_->Scan(table, prefix, after, limit + own.size());
  if (!stored.ok()) {
    status_.Update(stored.status());
    return {};
  }
  for (Row& row : *stored) own.emplace(std::move(row.key), std::move(row.value));
  std::vector<Row> rows;
  for (auto& [key, value] : own) {
    if (rows.size() == limit) break;
    if (value) rows.push_back({key, *std::move(value)});
  }
  touched_ += 1 + rows.size();
  return rows;
}

void Transaction::Put(Table table, std::string key, std::string value) {
  Write(table, std::move(key), std::move(value));
}

void Transaction::Erase(Table table, std::string key) {
  Write(table, std::move(key), std::nullopt);
}

void Transaction::Write(Table table, std::string key, Value value) {
  ++touched_;
  const auto [at, is_new] = writes_.try_emplace(Key(table, std::move(key)));
  if (attempts_ > 0) {
    auto& [undone, before] = undo_.emplace_back(at->first, std::nullopt);
    if (!is_new) before.emplace(std::move(at->second));
  }
  at->second = std::move(value);
}

std::size_t Transaction::BeginAttempt() {
  ++attempts_;
  return undo_.size();
}

void Transaction::EndAttempt(std::size_t writes, bool keep) {
  --attempts_;
  for (; !keep && undo_.size() > writes; undo_.pop_back()) {
    auto& [key, before] = undo_.back();
    if (before) {
      writes_[key] = *std::move(before);
    } else {
      writes_.erase(key);
    }
  }
  if (attempts_ == 0) undo_.clear();
}

void Transaction::Unreadable(Table table, std::string_view key) {
  ++unreadable_;
  if (damaged_ != nullptr) damaged_->Found(table, key);
}

absl::Status Transaction::status() const {
  if (status_.ok() && unreadable_ > 0) return absl::DataLossError("store.unreadable");
  return status_;
}

absl::Status Transaction::Commit() {
  if (absl::Status read = status(); !read.ok()) return read;
  std::vector<exchange::Write> writes;
  writes.reserve(writes_.size());
  for (auto& [key, value] : writes_) writes.push_back({key.first, key.second, value});
  return absl::c_all_of(writes, ComesAgain) ? store_->CommitUnsynced(writes)
                                            : store_->Commit(writes);
}

std::string SortableNumber(unsigned long long number) {
  std::string bytes(kSortableNumberBytes, '\0');
  for (int i = 7; i >= 0; --i, number >>= 8) bytes[i] = static_cast<char>(number & 0xff);
  return bytes;
}

std::string NumberedKey(std::string_view key, unsigned long long number) {
  return std::string(key) + "/" + SortableNumber(number);
}

std::uint64_t SortedNumber(std::string_view bytes) {
  if (bytes.size() < kSortableNumberBytes) return 0;
  std::uint64_t number = 0;
  for (const char byte : bytes.substr(bytes.size() - kSortableNumberBytes)) {
    number = number << 8 | static_cast<unsigned char>(byte);
  }
  return number;
}

}  // namespace exitbus::exchange
