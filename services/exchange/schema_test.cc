#include "services/exchange/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/memory/memory_store.h"
#include "services/exchange/transaction.h"

namespace exitbus::exchange {
namespace {

using testing::HasSubstr;

constexpr char kFile[] = "data/journal.sqlite";

// Made-up versions of the program: 2 renames a row, 3 doubles what is in it.
void Rename(Transaction& transaction) {
  const auto value = transaction.Get(Table::kMeta, "old");
  transaction.Put(Table::kMeta, "new", value.value_or("none"));
  transaction.Erase(Table::kMeta, "old");
}
void Double(Transaction& transaction) {
  const std::string value = transaction.Get(Table::kMeta, "new").value_or("none");
  transaction.Put(Table::kMeta, "new", value + value);
}
constexpr Migration kSteps[] = {Rename, Double};
constexpr Schema kVersion2{1, {kSteps, 1}};
constexpr Schema kVersion3{1, {kSteps, 2}};
// One that reads nothing from before 3 any more.
constexpr Schema kFrozen{3, {}};

std::string ValueOf(adapters::MemoryStore& store, const std::string& key) {
  return store.Get(Table::kMeta, key)->value_or("absent");
}

TEST(SchemaTest, AnOlderStoreIsBroughtUpToDateStepByStepAndOnce) {
  adapters::MemoryStore store;
  ASSERT_TRUE(store.Commit(Durability::kDurable, {{Table::kMeta, "old", "x"}})
                  .ok());  // of before versions were noted
  ASSERT_TRUE(Migrate(store, kFile, kVersion2).ok());
  EXPECT_EQ(ValueOf(store, "new"), "x");
  EXPECT_EQ(ValueOf(store, "old"), "absent");
  for (int start = 0; start < 2; ++start) {
    ASSERT_TRUE(Migrate(store, kFile, kVersion3).ok());
    EXPECT_EQ(ValueOf(store, "new"), "xx");
  }
}

TEST(SchemaTest, AStepThatIsNotCommittedIsTakenAgain) {
  adapters::MemoryStore store;
  ASSERT_TRUE(store.Commit(Durability::kDurable, {{Table::kMeta, "old", "x"}}).ok());
  store.FailCommitsAfter(1);  // the power goes between the two steps
  EXPECT_FALSE(Migrate(store, kFile, kVersion3).ok());
  store.AllowCommits();
  ASSERT_TRUE(Migrate(store, kFile, kVersion3).ok());
  EXPECT_EQ(ValueOf(store, "new"), "xx");
}

TEST(SchemaTest, ANewStoreIsOfTheNewestVersion) {
  adapters::MemoryStore store;
  ASSERT_TRUE(Migrate(store, kFile, kVersion3).ok());
  EXPECT_EQ(ValueOf(store, "new"), "absent");
  ASSERT_TRUE(Migrate(store, kFile, kVersion3).ok());
  EXPECT_EQ(ValueOf(store, "new"), "absent");
}

TEST(SchemaTest, ANewerStoreIsRefusedByNameAndLeftAsItIs) {
  adapters::MemoryStore store;
  ASSERT_TRUE(store.Commit(Durability::kDurable, {{Table::kMeta, "old", "x"}}).ok());
  ASSERT_TRUE(Migrate(store, kFile, kVersion3).ok());
  const std::int64_t commits = store.commits();
  const absl::Status refused = Migrate(store, kFile, kVersion2);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()),
              testing::AllOf(HasSubstr(kFile), HasSubstr("store.newer_schema"),
                             HasSubstr("schema 3, this one knows 2")));
  EXPECT_THAT(std::string(CheckJournalSchema(store, kFile).message()),
              HasSubstr("store.newer_schema"));
  EXPECT_EQ(store.commits(), commits);
}

TEST(SchemaTest, AStoreOfBeforeTheFreezeIsRefusedByNameAndLeftAsItIs) {
  adapters::MemoryStore store;
  ASSERT_TRUE(store.Commit(Durability::kDurable, {{Table::kMeta, "old", "x"}}).ok());
  const std::int64_t commits = store.commits();
  for (const absl::Status& refused :
       {Migrate(store, kFile, kFrozen), MigrateJournal(store, kFile), MigrateKeys(store, kFile),
        CheckJournalSchema(store, kFile)}) {
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(refused.message()),
                testing::AllOf(HasSubstr(kFile), HasSubstr("store.older_schema"),
                               HasSubstr("schema 1"), HasSubstr("--new-store")));
  }
  EXPECT_EQ(store.commits(), commits);
  ASSERT_TRUE(Migrate(store, kFile, kVersion3).ok());
  EXPECT_TRUE(Migrate(store, kFile, kFrozen).ok());
}

TEST(SchemaTest, AVersionThatIsNoNumberIsDamage) {
  adapters::MemoryStore store;
  ASSERT_TRUE(store.Commit(Durability::kDurable, {{Table::kMeta, "schema", "\xff"}}).ok());
  EXPECT_EQ(Migrate(store, kFile, kVersion2).code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace exitbus::exchange
