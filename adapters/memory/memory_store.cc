#include "adapters/memory/memory_store.h"

#include "absl/status/status.h"

namespace exitbus::adapters {

using exchange::Row;
using exchange::Table;
using exchange::Write;

std::unique_ptr<MemoryStore> MemoryStore::Snapshot() const {
  auto copy = std::make_unique<MemoryStore>();
  copy->tables_ = tables_;
  return copy;
}

void MemoryStore::AllowCommits() {
  full_ = false;
  commits_to_fail_ = 0;
  commits_until_failure_.reset();
}

const std::map<std::string, std::string>& MemoryStore::rows(Table table) const {
  return tables_[static_cast<std::size_t>(table)];
}

bool MemoryStore::ReadFails() {
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

absl::StatusOr<std::optional<std::string>> MemoryStore::Get(Table table, std::string_view key) {
  if (ReadFails()) return absl::UnavailableError("the read was made to fail");
  const Rows& rows = this->rows(table);
  const auto found = rows.find(std::string(key));
  if (found == rows.end()) return std::nullopt;
  return found->second;
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
  Rows& rows = tables_[static_cast<std::size_t>(write.table)];
  if (write.value.has_value()) {
    rows[write.key] = *write.value;
  } else {
    rows.erase(write.key);
  }
}

void MemoryStore::LosePower() {
  for (auto undo = unsynced_.rbegin(); undo != unsynced_.rend(); ++undo) Apply(*undo);
  unsynced_.clear();
}

absl::Status MemoryStore::Commit(const std::vector<Write>& writes) {
  const absl::Status committed = CommitUnsynced(writes);
  if (committed.ok()) unsynced_.clear();
  return committed;
}

absl::Status MemoryStore::CommitUnsynced(const std::vector<Write>& writes) {
  if (full_) return absl::ResourceExhaustedError("the store was made to be full");
  if (CommitFails()) return absl::UnavailableError("the commit was made to fail");
  for (const Write& write : writes) {
    const Rows& rows = this->rows(write.table);
    const auto before = rows.find(write.key);
    unsynced_.push_back({write.table, write.key, std::nullopt});
    if (before != rows.end()) unsynced_.back().value = before->second;
    Apply(write);
  }
  ++commits_;
  writes_ += static_cast<std::int64_t>(writes.size());
  return absl::OkStatus();
}

}  // namespace exitbus::adapters
