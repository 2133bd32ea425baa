#include "adapters/sqlite/sqlite_backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "adapters/memory/test_folder.h"
#include "adapters/sqlite/sqlite_store.h"

namespace exitbus::adapters {
namespace {

using exchange::Store;
using exchange::Table;
using testing::HasSubstr;

constexpr char kErasing[] = "erase/";

// Both stores of a data folder, written in the engine's order.
class Authority {
 public:
  explicit Authority(const std::string& folder) {
    std::filesystem::create_directories(folder);
    auto journal = OpenSqliteStore(JournalIn(folder));
    auto keys = OpenSqliteStore(KeysIn(folder), {.leave_no_trace = true});
    if (!journal.ok() || !keys.ok()) std::abort();
    journal_ = *std::move(journal);
    keys_ = *std::move(keys);
  }
  bool Open(const std::string& unit) {
    return keys_->Commit(exchange::Durability::kDurable, {{Table::kKeys, unit, "key of " + unit}})
               .ok() &&
           journal_->Commit(exchange::Durability::kDurable, {{Table::kStates, unit, "state"}}).ok();
  }
  bool Erase(const std::string& unit) {
    return journal_
               ->Commit(exchange::Durability::kDurable,
                        {{Table::kStates, unit, std::nullopt}, {Table::kMeta, kErasing + unit, ""}})
               .ok() &&
           keys_->Commit(exchange::Durability::kDurable, {{Table::kKeys, unit, std::nullopt}})
               .ok() &&
           journal_
               ->Commit(exchange::Durability::kDurable,
                        {{Table::kMeta, kErasing + unit, std::nullopt}})
               .ok();
  }

 private:
  std::unique_ptr<Store> journal_;
  std::unique_ptr<Store> keys_;
};

std::set<std::string> KeysOf(Store& store, Table table, std::string_view prefix = "") {
  std::set<std::string> keys;
  const auto rows = store.Scan(table, prefix, "", 1'000'000);
  for (const exchange::Row& row : *rows) {
    keys.insert(row.key.substr(prefix.size()));
  }
  return keys;
}

class SqliteBackupTest : public testing::Test {
 protected:
  std::string At(const std::string& name) const { return folder_.path() + "/" + name; }

  const TestFolder folder_;
};

TEST_F(SqliteBackupTest, BothStoresAreOfOneMomentWhileTheServiceWrites) {
  Authority authority(At("data"));
  std::atomic<bool> stop = false;
  std::atomic<int> opened = 0;
  std::thread service([&] {
    for (int i = 0; !stop; ++i) {
      if (!authority.Open(std::to_string(i))) std::abort();
      if (i % 3 == 2 && !authority.Erase(std::to_string(i - 2))) std::abort();
      opened = i;
    }
  });
  for (int copy = 0; copy < 12; ++copy) {
    const int before = opened;
    const absl::Status copied = CopyStores(At("data"), At(std::to_string(copy)));
    ASSERT_TRUE(copied.ok()) << copied;
    const auto journal = OpenSqliteStore(JournalIn(At(std::to_string(copy))));
    const auto keys = OpenSqliteStore(KeysIn(At(std::to_string(copy))), {.leave_no_trace = true});
    ASSERT_TRUE(journal.ok() && keys.ok());
    const std::set<std::string> needed = KeysOf(**journal, Table::kStates);
    const std::set<std::string> held = KeysOf(**keys, Table::kKeys);
    const std::set<std::string> erasing = KeysOf(**journal, Table::kMeta, kErasing);
    for (const std::string& unit : needed) EXPECT_TRUE(held.contains(unit)) << unit;
    int unneeded = 0;
    for (const std::string& unit : held) {
      unneeded += !needed.contains(unit) && !erasing.contains(unit);
    }
    EXPECT_LE(unneeded, 1);  // made for the commit that was to come
    EXPECT_GE(needed.size() + 3, static_cast<std::size_t>(before) * 2 / 3);
  }
  stop = true;
  service.join();
}

TEST_F(SqliteBackupTest, TheCopyIsItsOwnersAloneAndWithoutTheService) {
  { EXPECT_TRUE(Authority(At("data")).Open("a")); }
  ASSERT_TRUE(CopyStores(At("data"), At("copy")).ok());
  namespace fs = std::filesystem;
  EXPECT_EQ(fs::status(At("copy")).permissions(), fs::perms::owner_all);
  for (const std::string& file : {JournalIn(At("copy")), KeysIn(At("copy"))}) {
    EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  }
  const auto copy = OpenSqliteSnapshot(JournalIn(At("copy")));
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_EQ((*copy)->Get(Table::kStates, "a")->value_or(""), "state");
}

TEST_F(SqliteBackupTest, WhatWasErasedIsInNoByteOfTheCopy) {
  Authority authority(At("data"));
  ASSERT_TRUE(authority.Open("a") && authority.Open("b") && authority.Erase("a"));
  ASSERT_TRUE(CopyStores(At("data"), At("copy")).ok());
  std::ifstream file(KeysIn(At("copy")), std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_EQ(bytes.find("key of a"), std::string::npos);
  EXPECT_NE(bytes.find("key of b"), std::string::npos);
}

TEST_F(SqliteBackupTest, NothingIsOverwrittenAndNothingHalfMadeIsLeft) {
  const Authority authority(At("data"));
  ASSERT_TRUE(std::filesystem::create_directory(At("there")));
  EXPECT_TRUE(absl::IsAlreadyExists(CopyStores(At("data"), At("there"))));
  EXPECT_TRUE(absl::IsUnavailable(CopyStores(At("data"), At("absent/copy"))));
  std::filesystem::create_directory(At("empty"));
  const absl::Status none = CopyStores(At("empty"), At("copy"));
  EXPECT_TRUE(absl::IsNotFound(none));
  EXPECT_THAT(std::string(none.message()), HasSubstr("empty/journal.sqlite"));
  EXPECT_FALSE(std::filesystem::exists(At("copy")));
}

}  // namespace
}  // namespace exitbus::adapters
