#include "services/exchange/transaction.h"

#include <algorithm>
#include <iterator>

#include "absl/algorithm/container.h"
#include "services/exchange/damaged_rows.h"
#include "services/exchange/environment.h"

namespace exitbus::exchange {

Transaction::Transaction(const Environment& environment)
    : store_(environment.store), damaged_(environment.damaged) {}

void Transaction::Fetch(const std::vector<RowName>& rows) {
  std::vector<RowName> asked;
  for (const RowName& row : rows) {
    const Key key(row.table, row.key);
    if (!writes_.contains(key) && fetched_.try_emplace(key).second) asked.push_back(row);
  }
  if (asked.empty()) return;
  auto values = store_->GetMany(asked);
  if (!values.ok()) return status_.Update(values.status());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    fetched_[{asked[i].table, std::move(asked[i].key)}] = std::move((*values)[i]);
  }
}

std::optional<std::string> Transaction::Get(Table table, std::string_view key) {
  ++touched_;
  const Key name(table, std::string(key));
  for (const auto* known : {&writes_, &fetched_}) {
    if (const auto found = known->find(name); found != known->end()) return found->second;
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

void Transaction::ForEach(Table table, std::string_view prefix,
                          absl::FunctionRef<void(const Row&)> take, std::size_t page) {
  std::string after;
  std::size_t found = page;
  while (found == page) {
    const auto rows = Scan(table, prefix, after, page);
    for (const Row& row : rows) take(row);
    found = rows.size();
    if (found > 0) after = rows.back().key;
  }
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

bool Transaction::MayBeRepeated() const {
  return absl::c_all_of(writes_, [](const auto& write) {
    return exchange::MayBeRepeated(write.first.first, !write.second);
  });
}

absl::Status Transaction::Commit(Durability durability) {
  if (absl::Status read = status(); !read.ok()) return read;
  std::vector<exchange::Write> writes;
  writes.reserve(writes_.size());
  for (auto& [key, value] : writes_) writes.push_back({key.first, key.second, value});
  return store_->Commit(durability, writes);
}

}  // namespace exitbus::exchange
