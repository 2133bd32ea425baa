#include "adapters/memory/memory_store.h"

#include <gtest/gtest.h>

#include "adapters/memory/store_contract.h"

namespace exitbus::adapters {
namespace {

using exchange::Table;

class MemoryHarness final : public StoreHarness {
 public:
  exchange::Store& store() override { return *store_; }
  void Reopen() override { store_ = store_->Snapshot(); }
  std::unique_ptr<exchange::Store> TakeOver() override { return store_->TakeOver(); }

 private:
  std::unique_ptr<MemoryStore> store_ = std::make_unique<MemoryStore>();
};

std::unique_ptr<StoreHarness> MakeMemoryHarness() { return std::make_unique<MemoryHarness>(); }

INSTANTIATE_TEST_SUITE_P(Memory, StoreContract, testing::Values(&MakeMemoryHarness));

TEST(MemoryStoreTest, AFailedCommitChangesNothing) {
  MemoryStore store;
  ASSERT_TRUE(store.Commit(exchange::Durability::kDurable, {{Table::kMeta, "a", "1"}}).ok());
  store.FailNextCommits(2);
  EXPECT_EQ(store.Commit(exchange::Durability::kDurable, {{Table::kMeta, "a", "2"}}).code(),
            absl::StatusCode::kUnavailable);
  EXPECT_FALSE(
      store.Commit(exchange::Durability::kDurable, {{Table::kMeta, "a", std::nullopt}}).ok());
  EXPECT_EQ(store.Get(Table::kMeta, "a").value(), "1");
  EXPECT_TRUE(store.Commit(exchange::Durability::kDurable, {{Table::kMeta, "a", "3"}}).ok());
  EXPECT_EQ(store.commits(), 2);
}

TEST(MemoryStoreTest, CommitsFailFromAChosenOneOn) {
  MemoryStore store;
  store.FailCommitsAfter(2);
  EXPECT_TRUE(store.Commit(exchange::Durability::kDurable, {{Table::kMeta, "a", "1"}}).ok());
  EXPECT_TRUE(store.Commit(exchange::Durability::kDurable, {{Table::kMeta, "a", "2"}}).ok());
  EXPECT_FALSE(store.Commit(exchange::Durability::kDurable, {{Table::kMeta, "a", "3"}}).ok());
  EXPECT_FALSE(store.Commit(exchange::Durability::kDurable, {{Table::kMeta, "a", "4"}}).ok());
  EXPECT_EQ(store.rows(Table::kMeta).at("a"), "2");
  store.AllowCommits();
  EXPECT_TRUE(store.Commit(exchange::Durability::kDurable, {{Table::kMeta, "a", "5"}}).ok());
}

TEST(MemoryStoreTest, LosingPowerTakesBackWhatNothingDurableFollowed) {
  MemoryStore store;
  ASSERT_TRUE(
      store.Commit(exchange::Durability::kMayBeRepeated, {{Table::kPositions, "a", "1"}}).ok());
  ASSERT_TRUE(store.Commit(exchange::Durability::kDurable, {{Table::kOutbox, "b", "1"}}).ok());
  ASSERT_TRUE(store
                  .Commit(exchange::Durability::kMayBeRepeated,
                          {{Table::kPositions, "a", "2"}, {Table::kPositions, "c", "1"}})
                  .ok());
  ASSERT_TRUE(store
                  .Commit(exchange::Durability::kMayBeRepeated,
                          {{Table::kPositions, "a", "3"}, {Table::kOutbox, "b", {}}})
                  .ok());
  store.LosePower();
  EXPECT_EQ(store.rows(Table::kPositions), (std::map<std::string, std::string>{{"a", "1"}}));
  EXPECT_EQ(store.rows(Table::kOutbox), (std::map<std::string, std::string>{{"b", "1"}}));
}

TEST(MemoryStoreTest, ReadsFailOnDemand) {
  MemoryStore store;
  store.FailNextReads(2);
  EXPECT_EQ(store.Get(Table::kMeta, "a").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(store.Scan(Table::kMeta, "", "", 1).ok());
  EXPECT_TRUE(store.Get(Table::kMeta, "a").ok());
}

TEST(MemoryStoreTest, ASnapshotIsApart) {
  MemoryStore store;
  ASSERT_TRUE(store.Commit(exchange::Durability::kDurable, {{Table::kMeta, "a", "1"}}).ok());
  const std::unique_ptr<MemoryStore> snapshot = store.Snapshot();
  ASSERT_TRUE(store.Commit(exchange::Durability::kDurable, {{Table::kMeta, "a", "2"}}).ok());
  EXPECT_EQ(snapshot->rows(Table::kMeta).at("a"), "1");
}

}  // namespace
}  // namespace exitbus::adapters
