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

  // The same rows, opened by another process, which takes them over from this one.
  std::unique_ptr<MemoryStore> TakeOver();

  // The next `count` commits fail with UNAVAILABLE and change nothing.
  void FailNextCommits(int count) { commits_to_fail_ = count; }

  // Every commit fails from the `after`-th one from now on (0: from the next): the crash of a
  // process at a chosen commit. Ends with `AllowCommits`.
  void FailCommitsAfter(int after) { commits_until_failure_ = after; }
  void AllowCommits();
  // Every commit fails with RESOURCE_EXHAUSTED until AllowCommits.
  void FailCommitsBecauseFull() { full_ = true; }

  // The next `count` reads (Get, GetMany or Scan) fail with UNAVAILABLE.
  void FailNextReads(int count) { reads_to_fail_ = count; }

  // Told of each scan.
  void ObserveScans(std::function<void(exchange::Table, std::string_view prefix)> observer) {
    observer_ = std::move(observer);
  }

  // Takes back what was committed since the last durable commit.
  void LosePower();

  // Successful commits of both kinds, and the writes in them.
  std::int64_t commits() const { return commits_; }
  std::int64_t writes() const { return writes_; }
  // Reads, each of one row, several or a scan; and the rows that were asked for by name.
  std::int64_t reads() const { return reads_; }
  std::int64_t rows_read() const { return rows_read_; }

  // All rows of a table, for assertions.
  const std::map<std::string, std::string>& rows(exchange::Table table) const;

  absl::StatusOr<std::optional<std::string>> Get(exchange::Table table,
                                                 std::string_view key) override;
  absl::StatusOr<std::vector<std::optional<std::string>>> GetMany(
      const std::vector<exchange::RowName>& rows) override;
  absl::StatusOr<std::vector<exchange::Row>> Scan(exchange::Table table, std::string_view prefix,
                                                  std::string_view after,
                                                  std::size_t limit) override;

 private:
  using Rows = std::map<std::string, std::string>;

  // What outlives a process.
  struct Medium {
    std::array<Rows, exchange::kTableCount> tables;
    std::vector<exchange::Write> unsynced;  // what takes back each write that may be lost
    std::uint64_t epoch = 1;
  };

  absl::Status CommitAll(exchange::Durability durability,
                         const std::vector<exchange::Write>& writes) override;
  std::optional<std::string> Find(exchange::Table table, std::string_view key) const;
  void Apply(const exchange::Write& write);
  bool ReadFails();
  bool CommitFails();

  std::shared_ptr<Medium> medium_ = std::make_shared<Medium>();
  std::uint64_t epoch_ = 1;
  std::function<void(exchange::Table, std::string_view)> observer_;
  bool full_ = false;
  int commits_to_fail_ = 0;
  std::optional<int> commits_until_failure_;
  int reads_to_fail_ = 0;
  std::int64_t commits_ = 0;
  std::int64_t writes_ = 0;
  std::int64_t reads_ = 0;
  std::int64_t rows_read_ = 0;
};

}  // namespace exitbus::adapters
