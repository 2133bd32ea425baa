#include "adapters/memory/memory_store.h"

#include "absl/status/status.h"

namespace exitbus::adapters {

using exchange::Durability;
using exchange::Row;
using exchange::RowName;
using exchange::Table;
using exchange::Write;

std::unique_ptr<MemoryStore> MemoryStore::Snapshot() const {
  auto copy = std::make_unique<MemoryStore>();
  copy->medium_->tables = medium_->tables;
  return copy;
}

std::unique_ptr<MemoryStore> MemoryStore::TakeOver() {
  auto other = std::make_unique<MemoryStore>();
  other->medium_ = medium_;
  other->epoch_ = ++medium_->epoch;
  return other;
}

void MemoryStore::AllowCommits() {
  full_ = false;
  commits_to_fail_ = 0;
  commits_until_failure_.reset();
}

const std::map<std::string, std::string>& MemoryStore::rows(Table table) const {
  return medium_->tables[static_cast<std::size_t>(table)];
}

bool MemoryStore::ReadFails() {
  ++reads_;
  if (reads_to_fail_ == 0) return false;
  --reads_to_fail_;
  return true;
}

bool MemoryStore::CommitFails() {
  if (commits_to_fail_ > 0) {
    --commits_to_fail_;
    return true;
  }
  if (!commits_until_failure_.has_value()) return false;
  if (*commits_until_failure_ == 0) return true;
  --*commits_until_failure_;
  return false;
}

std::optional<std::string> MemoryStore::Find(Table table, std::string_view key) const {
  const Rows& rows = this->rows(table);
  const auto found = rows.find(std::string(key));
  return found == rows.end() ? std::nullopt : std::optional(found->second);
}

absl::StatusOr<std::optional<std::string>> MemoryStore::Get(Table table, std::string_view key) {
  ++rows_read_;
  if (ReadFails()) return absl::UnavailableError("the read was made to fail");
  return Find(table, key);
}

absl::StatusOr<std::vector<std::optional<std::string>>> MemoryStore::GetMany(
    const std::vector<RowName>& rows) {
  rows_read_ += static_cast<std::int64_t>(rows.size());
  if (ReadFails()) return absl::UnavailableError("the read was made to fail");
  std::vector<std::optional<std::string>> values;
  for (const RowName& row : rows) values.push_back(Find(row.table, row.key));
  return values;
}

absl::StatusOr<std::vector<Row>> MemoryStore::Scan(Table table, std::string_view prefix,
                                                   std::string_view after, std::size_t limit) {
  if (observer_ != nullptr) observer_(table, prefix);
  if (ReadFails()) return absl::UnavailableError("the read was made to fail");
  const Rows& rows = this->rows(table);
  std::vector<Row> result;
  const bool from_after = !after.empty() && after >= prefix;
  auto row =
      from_after ? rows.upper_bound(std::string(after)) : rows.lower_bound(std::string(prefix));
  for (; row != rows.end() && result.size() < limit; ++row) {
    if (!std::string_view(row->first).starts_with(prefix)) break;
    result.push_back({row->first, row->second});
  }
  return result;
}

void MemoryStore::Apply(const Write& write) {
  Rows& rows = medium_->tables[static_cast<std::size_t>(write.table)];
  if (write.value.has_value()) {
    rows[write.key] = *write.value;
  } else {
    rows.erase(write.key);
  }
}

void MemoryStore::LosePower() {
  std::vector<Write>& unsynced = medium_->unsynced;
  for (auto undo = unsynced.rbegin(); undo != unsynced.rend(); ++undo) Apply(*undo);
  unsynced.clear();
}

absl::Status MemoryStore::CommitAll(Durability durability, const std::vector<Write>& writes) {
  if (full_) return absl::ResourceExhaustedError("the store was made to be full");
  if (CommitFails()) return absl::UnavailableError("the commit was made to fail");
  if (epoch_ != medium_->epoch) return exchange::TakenOver();
  for (const Write& write : writes) {
    medium_->unsynced.push_back({write.table, write.key, Find(write.table, write.key)});
    Apply(write);
  }
  if (durability == Durability::kDurable) medium_->unsynced.clear();
  ++commits_;
  writes_ += static_cast<std::int64_t>(writes.size());
  return absl::OkStatus();
}

}  // namespace exitbus::adapters
