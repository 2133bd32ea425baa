#include "adapters/sqlite/sqlite_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>

#include "adapters/memory/store_contract.h"
#include "adapters/memory/test_folder.h"

namespace exitbus::adapters {
namespace {

using exchange::Table;
using testing::HasSubstr;

class SqliteHarness final : public StoreHarness {
 public:
  explicit SqliteHarness(const SqliteOptions& options) : options_(options), store_(Opened()) {}
  exchange::Store& store() override { return *store_; }
  void Reopen() override {
    store_.reset();
    store_ = Opened();
  }
  std::unique_ptr<exchange::Store> TakeOver() override { return Opened(); }

 private:
  std::unique_ptr<exchange::Store> Opened() const {
    auto store = OpenSqliteStore(folder_.path() + "/store.db", options_);
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }

  const SqliteOptions options_;
  const TestFolder folder_;
  std::unique_ptr<exchange::Store> store_;
};

std::unique_ptr<StoreHarness> MakePlain() {
  return std::make_unique<SqliteHarness>(SqliteOptions{});
}
std::unique_ptr<StoreHarness> MakeTraceless() {
  return std::make_unique<SqliteHarness>(SqliteOptions{.leave_no_trace = true});
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, testing::Values(&MakePlain, &MakeTraceless));

class SqliteStoreTest : public testing::Test {
 protected:
  std::unique_ptr<exchange::Store> Open() {
    auto store = OpenSqliteStore(path_);
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }
  void Alter(const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &database), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }
  absl::Status Refusal() { return OpenSqliteStore(path_).status(); }

  const TestFolder folder_;
  const std::string path_ = folder_.path() + "/store.db";
};

TEST_F(SqliteStoreTest, FilesAreForTheirOwnerOnly) {
  const auto store = Open();
  ASSERT_TRUE(store->Commit(exchange::Durability::kDurable, {{Table::kMeta, "a", "1"}}).ok());
  int files = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
    EXPECT_EQ(file.status().permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
        << file.path();
    ++files;
  }
  EXPECT_EQ(files, 3);  // the file, its log, the log's index
}

TEST_F(SqliteStoreTest, AMissingFolderIsNamed) {
  const auto store = OpenSqliteStore(folder_.path() + "/absent/store.db");
  EXPECT_EQ(store.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(store.status().message()), HasSubstr("absent/store.db"));
}

TEST_F(SqliteStoreTest, WhatIsNoDatabaseIsRefused) {
  std::ofstream(path_) << std::string(4096, 'x');
  EXPECT_EQ(Refusal().code(), absl::StatusCode::kDataLoss);
}

TEST_F(SqliteStoreTest, AnotherProgramsDatabaseIsRefused) {
  Alter("CREATE TABLE t (x); PRAGMA application_id=7");
  EXPECT_EQ(Refusal().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(Refusal().message()), HasSubstr("another program"));
}

TEST_F(SqliteStoreTest, ANewerFormatIsRefused) {
  Open();
  Alter("PRAGMA user_version=2");
  EXPECT_EQ(Refusal().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(Refusal().message()), HasSubstr("format 2"));
}

TEST_F(SqliteStoreTest, AWriterInTheWayIsUnavailableAndLeavesNothing) {
  const auto store = Open();
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_EQ(store->Commit(exchange::Durability::kDurable, {{Table::kMeta, "a", "1"}}).code(),
            absl::StatusCode::kUnavailable);
  ASSERT_EQ(sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(other);
  EXPECT_EQ(store->Get(Table::kMeta, "a").value(), std::nullopt);
  EXPECT_TRUE(store->Commit(exchange::Durability::kDurable, {{Table::kMeta, "a", "2"}}).ok());
}

TEST_F(SqliteStoreTest, ATakeOverIsToldOfAndWhoReadsTakesNothingOver) {
  int told = 0;
  const auto first = OpenSqliteStore(path_, {.taken_over = [&] { ++told; }});
  ASSERT_TRUE(first.ok()) << first.status();
  const auto put = [&] {
    return (*first)->Commit(exchange::Durability::kDurable, {{Table::kMeta, "a", "1"}});
  };
  ASSERT_TRUE(put().ok());
  ASSERT_TRUE(OpenSqliteSnapshot(path_).ok());
  ASSERT_TRUE(put().ok());
  EXPECT_EQ(told, 0);
  const auto second = Open();
  EXPECT_TRUE(exchange::IsTakenOver(put()));
  EXPECT_EQ(told, 1);
}

// As a version wrote it that had no fence.
TEST_F(SqliteStoreTest, AStoreWithoutAFenceGetsOne) {
  ASSERT_NE(Open(), nullptr);
  Alter("DROP TABLE fence");
  ASSERT_TRUE(OpenSqliteSnapshot(path_).ok());
  const auto first = Open();
  const auto second = Open();
  EXPECT_TRUE(exchange::IsTakenOver(
      first->Commit(exchange::Durability::kDurable, {{Table::kMeta, "a", "1"}})));
  EXPECT_TRUE(second->Commit(exchange::Durability::kDurable, {{Table::kMeta, "a", "2"}}).ok());
}

TEST_F(SqliteStoreTest, TheLogStaysShortUnderLoad) {
  const auto store = Open();
  std::string value;
  for (int i = 0; i < 600; ++i) {  // 60 MB of writes to the same few rows
    // Another value each time: SQLite writes no page anew that stays the same.
    value = std::string(100'000, static_cast<char>('a' + i % 25));
    ASSERT_TRUE(store
                    ->Commit(exchange::Durability::kDurable,
                             {{Table::kStates, std::to_string(i % 7), value}})
                    .ok());
  }
  EXPECT_LT(std::filesystem::file_size(path_ + "-wal"), 48u << 20);
  EXPECT_EQ(store->Get(Table::kStates, std::to_string(599 % 7)).value(), value);
}

TEST_F(SqliteStoreTest, ErasedBytesAreOverwritten) {
  const std::string planted = "planted-secret-value";
  {
    const auto store = Open();
    ASSERT_TRUE(
        store->Commit(exchange::Durability::kDurable, {{Table::kKeys, "unit", planted}}).ok());
    ASSERT_TRUE(
        store->Commit(exchange::Durability::kDurable, {{Table::kKeys, "unit", std::nullopt}}).ok());
  }  // closing moves the log into the file
  std::ifstream file(path_, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_GT(bytes.size(), 4096u);
  EXPECT_EQ(bytes.find(planted), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(path_ + "-wal"));
}

TEST(SqliteSnapshotTest, ShowsOneMomentBesideTheWriter) {
  const TestFolder folder;
  const std::string path = folder.path() + "/store.db";
  EXPECT_TRUE(absl::IsNotFound(OpenSqliteSnapshot(path).status()));
  auto writer = OpenSqliteStore(path);
  ASSERT_TRUE(writer.ok()) << writer.status();
  ASSERT_TRUE(
      (*writer)->Commit(exchange::Durability::kDurable, {{Table::kIndex, "a", "first"}}).ok());
  const auto snapshot = OpenSqliteSnapshot(path);
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  ASSERT_TRUE(
      (*writer)->Commit(exchange::Durability::kDurable, {{Table::kIndex, "a", "second"}}).ok());
  EXPECT_EQ(**(*snapshot)->Get(Table::kIndex, "a"), "first");
  EXPECT_TRUE(absl::IsFailedPrecondition(
      (*snapshot)->Commit(exchange::Durability::kDurable, {{Table::kIndex, "a", "mine"}})));
  writer->reset();
  EXPECT_EQ(**(*snapshot)->Get(Table::kIndex, "a"), "first");
  const auto later = OpenSqliteSnapshot(path);  // nobody writes any more
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_EQ(**(*later)->Get(Table::kIndex, "a"), "second");
}

TEST(SqliteSnapshotTest, RefusesWhatIsNoStore) {
  const TestFolder folder;
  const std::string path = folder.path() + "/store.db";
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &other), SQLITE_OK);
  sqlite3_exec(other, "CREATE TABLE t (x)", nullptr, nullptr, nullptr);
  EXPECT_THAT(std::string(OpenSqliteSnapshot(path).status().message()),
              HasSubstr("is no store of this service"));
  sqlite3_close(other);
}

TEST(SqliteSnapshotTest, SaysThatAnOlderVersionWroteIt) {
  const TestFolder folder;
  const std::string path = folder.path() + "/store.db";
  ASSERT_TRUE(OpenSqliteStore(path).ok());
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &raw), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(raw, "DROP TABLE sent", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(raw);
  EXPECT_THAT(std::string(OpenSqliteSnapshot(path).status().message()),
              HasSubstr("no table \"sent\": an older version wrote it"));
}

}  // namespace
}  // namespace exitbus::adapters
