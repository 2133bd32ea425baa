// What was erased is searched for in every byte of every file of the store.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include "adapters/memory/test_folder.h"
#include "adapters/sqlite/sqlite_store.h"

namespace exitbus::adapters {
namespace {

using exchange::Table;

const SqliteOptions kNoTrace = {.leave_no_trace = true};
constexpr char kSecret[] = "planted-secret-value";

std::string AllBytes(const std::string& folder) {
  std::string bytes;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    bytes.append(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return bytes;
}

bool Holds(const std::string& folder, const std::string& what) {
  return AllBytes(folder).find(what) != std::string::npos;
}

// Another program in the middle of reading.
class Reader {
 public:
  explicit Reader(const std::string& path) {
    EXPECT_EQ(sqlite3_open(path.c_str(), &database_), SQLITE_OK);
    EXPECT_EQ(
        sqlite3_exec(database_, "BEGIN; SELECT * FROM sqlite_schema", nullptr, nullptr, nullptr),
        SQLITE_OK);
  }
  ~Reader() { sqlite3_close(database_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

 private:
  sqlite3* database_ = nullptr;
};

// Keys in no order, values of several lengths, one of them longer than a page.
std::string UnitOf(int row) { return "unit/" + std::to_string(row * 7919L % 1'000'003) + "/"; }
constexpr std::string_view kMark = "planted-";
std::string MarkOf(int row) { return std::string(kMark) + std::to_string(100'000 + row); }
std::string ValueOf(int row) {
  constexpr std::array<std::size_t, 4> kLengths = {0, 60, 300, 6000};
  return MarkOf(row) + std::string(kLengths[static_cast<std::size_t>(row) % 4], 'v');
}

// In one pass: the file is long and the marks are many.
std::set<std::string> MarksIn(const std::string& bytes) {
  std::set<std::string> marks;
  for (auto at = bytes.find(kMark); at != std::string::npos; at = bytes.find(kMark, at + 1)) {
    marks.insert(bytes.substr(at, MarkOf(0).size()));
  }
  return marks;
}

class SqliteErasureTest : public testing::Test {
 protected:
  std::unique_ptr<exchange::Store> Open(const SqliteOptions& options) {
    auto store = OpenSqliteStore(path_, options);
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }
  static void Plant(exchange::Store& store) {
    ASSERT_TRUE(
        store.Commit(exchange::Durability::kDurable, {{Table::kKeys, "unit", kSecret}}).ok());
  }
  static void Erase(exchange::Store& store) {
    ASSERT_TRUE(
        store.Commit(exchange::Durability::kDurable, {{Table::kKeys, "unit", std::nullopt}}).ok());
    ASSERT_EQ(store.Get(Table::kKeys, "unit").value(), std::nullopt);
  }

  const TestFolder folder_;
  const std::string path_ = folder_.path() + "/keys.sqlite";
};

TEST_F(SqliteErasureTest, NoTraceIsLeftWhileTheStoreIsOpen) {
  const auto store = Open(kNoTrace);
  Plant(*store);
  ASSERT_TRUE(Holds(folder_.path(), kSecret));
  Erase(*store);
  EXPECT_FALSE(Holds(folder_.path(), kSecret));
}

TEST_F(SqliteErasureTest, WithoutTheOptionTheLogStillHoldsIt) {
  const auto store = Open({});
  Plant(*store);
  Erase(*store);
  EXPECT_TRUE(Holds(folder_.path(), kSecret));
}

TEST_F(SqliteErasureTest, WhatACrashLeftInTheLogIsGoneOnceItIsOpenAgain) {
  const TestFolder crashed;
  {
    const auto store = Open(kNoTrace);
    Plant(*store);
    const Reader reader(path_);  // as if the process died before it emptied the log
    Erase(*store);
    std::filesystem::copy(folder_.path(), crashed.path());
  }
  ASSERT_TRUE(Holds(crashed.path(), kSecret));
  const auto store = OpenSqliteStore(crashed.path() + "/keys.sqlite", kNoTrace);
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_FALSE(Holds(crashed.path(), kSecret));
}

TEST_F(SqliteErasureTest, AFileOfTheOtherChoiceIsRefused) {
  Open({});
  EXPECT_EQ(OpenSqliteStore(path_, kNoTrace).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

// SQLite moves rows between pages as a table grows and shrinks, and what it leaves behind there
// secure deletion does not always overwrite: about one row in 2500.
TEST_F(SqliteErasureTest, NoTraceIsLeftAsTheTableGrowsAndShrinks) {
  const auto store = Open(kNoTrace);
  std::mt19937 random(7);
  std::vector<int> live, erased;
  for (int commit = 0, row = 0; commit < 300; ++commit) {
    std::vector<exchange::Write> writes;
    for (int i = 0; i < 20; ++i, ++row) {
      live.push_back(row);
      writes.push_back({Table::kKeys, UnitOf(row), ValueOf(row)});
    }
    std::shuffle(live.begin(), live.end(), random);
    for (int i = 0; i < 15; ++i) {
      erased.push_back(live.back());
      live.pop_back();
      writes.push_back({Table::kKeys, UnitOf(erased.back()), std::nullopt});
    }
    ASSERT_TRUE(store->Commit(exchange::Durability::kDurable, writes).ok());
  }
  const std::set<std::string> found = MarksIn(AllBytes(folder_.path()));
  for (const int row : live) EXPECT_TRUE(found.contains(MarkOf(row))) << row;
  for (const int row : erased) EXPECT_FALSE(found.contains(MarkOf(row))) << row;
}

}  // namespace
}  // namespace exitbus::adapters
