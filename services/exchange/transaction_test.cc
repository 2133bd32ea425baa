#include "services/exchange/transaction.h"

#include <gtest/gtest.h>

#include "adapters/memory/memory_store.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/attempt.h"

namespace exitbus::exchange {
namespace {

TEST(TransactionTest, SeesItsOwnWritesAndCommitsThemTogether) {
  adapters::MemoryStore store;
  ASSERT_TRUE(store
                  .Commit(Durability::kDurable,
                          {{Table::kIndex, "a/1", "old"}, {Table::kIndex, "a/2", "two"}})
                  .ok());
  Transaction transaction(&store);
  transaction.Put(Table::kIndex, "a/3", "three");
  transaction.Put(Table::kIndex, "a/1", "new");
  transaction.Erase(Table::kIndex, "a/2");
  EXPECT_EQ(transaction.Get(Table::kIndex, "a/1"), "new");
  EXPECT_EQ(transaction.Get(Table::kIndex, "a/2"), std::nullopt);
  const auto rows = transaction.Scan(Table::kIndex, "a/", "", 10);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].value, "new");
  EXPECT_EQ(rows[1].value, "three");
  EXPECT_EQ(transaction.Scan(Table::kIndex, "a/", "a/1", 10).size(), 1U);
  EXPECT_EQ(store.rows(Table::kIndex).at("a/1"), "old");
  ASSERT_TRUE(transaction.Commit(Durability::kDurable).ok());
  EXPECT_EQ(store.rows(Table::kIndex).size(), 2U);
}

TEST(TransactionTest, NeverCommitsAfterAReadThatFailed) {
  adapters::MemoryStore store;
  Transaction transaction(&store);
  store.FailNextReads(1);
  EXPECT_EQ(transaction.Get(Table::kIndex, "a"), std::nullopt);
  transaction.Put(Table::kIndex, "a", "decided on an absence that was none");
  EXPECT_TRUE(absl::IsUnavailable(transaction.Commit(Durability::kDurable)));
  EXPECT_TRUE(store.rows(Table::kIndex).empty());
}

TEST(TransactionTest, KnowsWhetherTheBusBringsItAllAgain) {
  const auto survives = [](Table table, std::optional<std::string> value) {
    adapters::MemoryStore store;
    EXPECT_TRUE(store.Commit(Durability::kDurable, {{table, "a", "old"}}).ok());
    Transaction transaction(&store);
    transaction.Put(Table::kPositions, "topic", "5");
    value ? transaction.Put(table, "a", *value) : transaction.Erase(table, "a");
    const bool again = transaction.MayBeRepeated();
    EXPECT_EQ(transaction.Commit(Durability::kMayBeRepeated).ok(), again);
    if (!again) {
      EXPECT_TRUE(transaction.Commit(Durability::kDurable).ok());
    }
    store.LosePower();
    const auto left = store.Get(table, "a").value();
    return left == value && store.Get(Table::kPositions, "topic").value().has_value();
  };
  for (int i = 0; i < kTableCount; ++i) {
    const auto table = static_cast<Table>(i);
    const bool may_be_lost = table == Table::kPositions || table == Table::kCorrespondencesOut;
    EXPECT_EQ(survives(table, "new"), !may_be_lost) << TableName(table);
    EXPECT_EQ(survives(table, std::nullopt), !may_be_lost && table != Table::kOutbox)
        << TableName(table);
  }
}

TEST(TransactionTest, GoesOverAllRowsAPageAtATimeAndSeesWhatIsWrittenMeanwhile) {
  adapters::MemoryStore store;
  for (const std::size_t rows : {0U, 1U, 2U, 3U, 4U}) {
    Transaction transaction(&store);
    for (std::size_t i = 0; i < rows; ++i) {
      transaction.Put(Table::kIndex, "a/" + std::to_string(i), "");
    }
    transaction.Put(Table::kIndex, "b/0", "");
    std::string seen;
    const auto take = [&](const Row& row) {
      seen += row.key.substr(2);
      transaction.Erase(Table::kIndex, row.key);
      if (seen == "0123") transaction.Put(Table::kIndex, "a/9", "");
    };
    transaction.ForEach(Table::kIndex, "a/", take, 2);
    EXPECT_EQ(seen, std::string("01239").substr(0, rows == 4 ? 5 : rows));
    EXPECT_EQ(transaction.Scan(Table::kIndex, "", "", 10).size(), 1U);
  }
}

OutboxKey Row(int number) { return {{1, "b", "s"}, static_cast<std::uint64_t>(number)}; }

TEST(TransactionTest, WhatWasFetchedAtOnceIsThereAndOwnWritesComeFirst) {
  adapters::MemoryStore store;
  ASSERT_TRUE(
      store.Commit(Durability::kDurable, {{Table::kIndex, "a", "1"}, {Table::kMeta, "a", "2"}})
          .ok());
  Transaction transaction(&store);
  transaction.Put(Table::kIndex, "own", "3");
  const std::int64_t reads = store.reads();
  const std::vector<RowName> rows = {
      {Table::kIndex, "a"}, {Table::kMeta, "a"}, {Table::kIndex, "none"}, {Table::kIndex, "own"}};
  transaction.Fetch(rows);
  transaction.Fetch(rows);
  EXPECT_EQ(transaction.Get(Table::kIndex, "a"), "1");
  EXPECT_EQ(transaction.Get(Table::kMeta, "a"), "2");
  EXPECT_EQ(transaction.Get(Table::kIndex, "none"), std::nullopt);
  EXPECT_EQ(transaction.Get(Table::kIndex, "own"), "3");
  EXPECT_EQ(store.reads(), reads + 1);
  {
    const Attempt given_up(transaction);
    transaction.Put(Table::kIndex, "a", "4");
    EXPECT_EQ(transaction.Get(Table::kIndex, "a"), "4");
  }
  EXPECT_EQ(transaction.Get(Table::kIndex, "a"), "1");
  EXPECT_TRUE(transaction.Commit(Durability::kDurable).ok());

  Transaction broken(&store);
  store.FailNextReads(1);
  broken.Fetch(rows);
  EXPECT_EQ(broken.Get(Table::kIndex, "a"), std::nullopt);
  EXPECT_TRUE(absl::IsUnavailable(broken.Commit(Durability::kDurable)));
}

TEST(TransactionTest, ARowThatCannotBeReadBreaksWhatMetItAndNothingElse) {
  adapters::MemoryStore store;
  ASSERT_TRUE(store
                  .Commit(Durability::kDurable,
                          {{Table::kStates, "bad", "\xff"}, {Table::kIndex, "a", "old"}})
                  .ok());
  Transaction transaction(&store);
  PostCommitActions actions;
  actions.new_rows = {Row(1)};
  {
    Attempt outer(transaction, &actions);
    transaction.Put(Table::kIndex, "kept", "1");
    {
      Attempt inner(transaction, &actions);
      transaction.Put(Table::kIndex, "a", "new");
      transaction.Put(Table::kIndex, "kept", "2");
      transaction.Erase(Table::kIndex, "kept");
      actions.new_rows.push_back(Row(9));  // not to be sent
      EXPECT_EQ(Load<store::v1::StateRow>(transaction, Table::kStates, "bad"), std::nullopt);
      EXPECT_TRUE(absl::IsDataLoss(transaction.status()));
      EXPECT_FALSE(inner.Keep());
    }
    EXPECT_EQ(LoadOrNone<store::v1::StateRow>(transaction, Table::kStates, "bad"), std::nullopt);
    actions.new_rows.push_back(Row(2));
    EXPECT_TRUE(outer.Keep());
  }
  {
    const Attempt unfinished(transaction);
    transaction.Put(Table::kIndex, "a", "given up");
  }
  EXPECT_EQ(actions.new_rows, (std::vector<OutboxKey>{Row(1), Row(2)}));
  EXPECT_EQ(transaction.Get(Table::kIndex, "a"), "old");
  EXPECT_EQ(transaction.Get(Table::kIndex, "kept"), "1");
  EXPECT_TRUE(transaction.Commit(Durability::kDurable).ok());

  Transaction broken(&store);
  EXPECT_EQ(Load<store::v1::StateRow>(broken, Table::kStates, "bad"), std::nullopt);
  broken.Put(Table::kIndex, "a", "decided on an absence that was none");
  EXPECT_TRUE(absl::IsDataLoss(broken.Commit(Durability::kDurable)));
}

}  // namespace
}  // namespace exitbus::exchange
