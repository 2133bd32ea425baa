// When a store's process has committed something, seen from outside: a read-only connection that
// looks for it every 0.1 ms. SQLite shows a commit to readers only after its log was synced, so
// what is seen is durable; seeing it late adds 0.1 to 0.2 ms to what is measured.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace exitbus::bench {

// Looks at a store's table, beside the process whose it is. Thread-safe but for the destructor.
class Commits {
 public:
  // Of `table`, in the file `journal`.
  static absl::StatusOr<std::unique_ptr<Commits>> Watch(const std::string& journal,
                                                        const std::string& table);
  ~Commits();

  // The row `key` is due since `since`.
  void Await(std::string key, absl::Time since);
  // How long each awaited row took until it was seen; DEADLINE_EXCEEDED if some never come.
  absl::StatusOr<std::vector<absl::Duration>> Take(std::size_t count, absl::Duration limit);
  // Until no row's key has this in it; by default, until the table is empty.
  absl::Status AwaitNone(absl::Duration limit, const std::string& part = "");

 private:
  struct Close {
    void operator()(sqlite3* database) const;
    void operator()(sqlite3_stmt* statement) const;
  };
  struct Awaited {
    std::string key;
    absl::Time since;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Close>;

  Commits() = default;
  absl::StatusOr<Statement> Prepare(const std::string& sql);
  bool Has(const std::string& key);
  void Run();

  std::unique_ptr<sqlite3, Close> database_;
  Statement find_;
  Statement any_;
  std::mutex mutex_;  // guards all below
  std::vector<Awaited> awaited_;
  std::vector<absl::Duration> took_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace exitbus::bench
