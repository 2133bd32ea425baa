// A store in ordered maps, with failures on demand. For tests.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/exchange/ports/store.h"

namespace exitbus::adapters {

// Thread safety: none, as the port says.
class MemoryStore final : public exchange::Store {
 public:
  MemoryStore() = default;

  // A copy of all rows, without the failures ordered: what a restored backup or the disk after a
  // crash holds.
  std::unique_ptr<MemoryStore> Snapshot() const;

  // The next `count` commits fail with UNAVAILABLE and change nothing.
  void FailNextCommits(int count) { commits_to_fail_ = count; }

  // Every commit fails from the `after`-th one from now on (0: from the next): the crash of a
  // process at a chosen commit. Ends with `AllowCommits`.
  void FailCommitsAfter(int after) { commits_until_failure_ = after; }
  void AllowCommits();
  // Every commit fails with RESOURCE_EXHAUSTED until AllowCommits.
  void FailCommitsBecauseFull() { full_ = true; }

  // The next `count` reads (Get or Scan) fail with UNAVAILABLE.
  void FailNextReads(int count) { reads_to_fail_ = count; }

  // Told of each scan.
  void ObserveScans(std::function<void(exchange::Table, std::string_view prefix)> observer) {
    observer_ = std::move(observer);
  }

  // Takes back what was committed unsynced since the last Commit().
  void LosePower();

  // Successful commits of both kinds, and the writes in them.
  std::int64_t commits() const { return commits_; }
  std::int64_t writes() const { return writes_; }

  // All rows of a table, for assertions.
  const std::map<std::string, std::string>& rows(exchange::Table table) const;

  absl::StatusOr<std::optional<std::string>> Get(exchange::Table table,
                                                 std::string_view key) override;
  absl::StatusOr<std::vector<exchange::Row>> Scan(exchange::Table table, std::string_view prefix,
                                                  std::string_view after,
                                                  std::size_t limit) override;
  absl::Status Commit(const std::vector<exchange::Write>& writes) override;
  absl::Status CommitUnsynced(const std::vector<exchange::Write>& writes) override;

 private:
  using Rows = std::map<std::string, std::string>;

  void Apply(const exchange::Write& write);
  bool ReadFails();
  bool CommitFails();

  std::array<Rows, exchange::kTableCount> tables_;
  std::function<void(exchange::Table, std::string_view)> observer_;
  std::vector<exchange::Write> unsynced_;  // what takes each unsynced write back
  bool full_ = false;
  int commits_to_fail_ = 0;
  std::optional<int> commits_until_failure_;
  int reads_to_fail_ = 0;
  std::int64_t commits_ = 0;
  std::int64_t writes_ = 0;
};

}  // namespace exitbus::adapters
