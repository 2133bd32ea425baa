// The contract of the Store port as a suite: every store passes it. Include it in one test file
// and name the store's harness:
//
//   INSTANTIATE_TEST_SUITE_P(Memory, StoreContract, testing::Values(&MakeMemoryHarness));
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/exchange/ports/store.h"

namespace exitbus::adapters {

// One empty store, a way to close and open it again, and one to open it beside, as another process
// would.
class StoreHarness {
 public:
  virtual ~StoreHarness() = default;
  virtual exchange::Store& store() = 0;
  virtual void Reopen() = 0;
  virtual std::unique_ptr<exchange::Store> TakeOver() = 0;
};

using MakeStoreHarness = std::unique_ptr<StoreHarness> (*)();

class StoreContract : public testing::TestWithParam<MakeStoreHarness> {
 protected:
  using Table = exchange::Table;
  using Write = exchange::Write;
  static constexpr auto kDurable = exchange::Durability::kDurable;
  static constexpr auto kMayBeRepeated = exchange::Durability::kMayBeRepeated;

  exchange::Store& store() { return harness_->store(); }

  std::optional<std::string> Get(Table table, const std::string& key) {
    auto value = store().Get(table, key);
    EXPECT_TRUE(value.ok()) << value.status();
    return value.ok() ? *value : std::nullopt;
  }

  std::vector<std::string> Keys(Table table, std::string_view prefix, std::string_view after,
                                std::size_t limit) {
    auto rows = store().Scan(table, prefix, after, limit);
    EXPECT_TRUE(rows.ok()) << rows.status();
    std::vector<std::string> keys;
    if (rows.ok()) {
      for (const exchange::Row& row : *rows) keys.push_back(row.key);
    }
    return keys;
  }

  void Commit(const std::vector<Write>& writes) {
    const absl::Status committed = store().Commit(kDurable, writes);
    ASSERT_TRUE(committed.ok()) << committed;
  }

  const std::unique_ptr<StoreHarness> harness_ = GetParam()();
};

TEST_P(StoreContract, AnEmptyStoreHasNoRows) {
  for (int table = 0; table < exchange::kTableCount; ++table) {
    EXPECT_EQ(Get(static_cast<Table>(table), "key"), std::nullopt);
    EXPECT_THAT(Keys(static_cast<Table>(table), "", "", 10), testing::IsEmpty());
  }
}

TEST_P(StoreContract, TablesAreApart) {
  std::vector<Write> writes;
  for (int table = 0; table < exchange::kTableCount; ++table) {
    writes.push_back({static_cast<Table>(table), "key", "value " + std::to_string(table)});
  }
  Commit(writes);
  for (int table = 0; table < exchange::kTableCount; ++table) {
    EXPECT_EQ(Get(static_cast<Table>(table), "key"), "value " + std::to_string(table));
  }
}

TEST_P(StoreContract, AWriteReplacesAndAnEraseRemoves) {
  Commit({{Table::kMeta, "a", "1"}, {Table::kMeta, "b", "1"}});
  Commit({{Table::kMeta, "a", "2"}, {Table::kMeta, "b", std::nullopt}});
  EXPECT_EQ(Get(Table::kMeta, "a"), "2");
  EXPECT_EQ(Get(Table::kMeta, "b"), std::nullopt);
  Commit({{Table::kMeta, "absent", std::nullopt}});
  EXPECT_THAT(Keys(Table::kMeta, "", "", 10), testing::ElementsAre("a"));
}

TEST_P(StoreContract, WritesOfOneCommitApplyInOrder) {
  Commit({{Table::kMeta, "a", "1"}, {Table::kMeta, "a", std::nullopt}, {Table::kMeta, "a", "3"}});
  EXPECT_EQ(Get(Table::kMeta, "a"), "3");
  Commit({{Table::kMeta, "a", "4"}, {Table::kMeta, "a", std::nullopt}});
  EXPECT_EQ(Get(Table::kMeta, "a"), std::nullopt);
}

TEST_P(StoreContract, AnEmptyCommitIsFine) { Commit({}); }

TEST_P(StoreContract, KeysAndValuesAreAnyBytes) {
  const std::string key("k\0\xff/", 4);
  const std::string value("\0v\0\xfe", 4);
  const std::string large(1 << 20, '\x80');
  Commit(
      {{Table::kStates, key, value}, {Table::kStates, "empty", ""}, {Table::kStates, "l", large}});
  EXPECT_EQ(Get(Table::kStates, key), value);
  EXPECT_EQ(Get(Table::kStates, "empty"), "");
  EXPECT_EQ(Get(Table::kStates, "l"), large);
  EXPECT_EQ(Get(Table::kStates, "k"), std::nullopt);
}

TEST_P(StoreContract, ScanGoesInByteOrder) {
  const std::string zero("\0", 1);
  Commit({{Table::kTimers, "\xff", "5"},
          {Table::kTimers, "a", "2"},
          {Table::kTimers, "b", "4"},
          {Table::kTimers, zero, "1"},
          {Table::kTimers, "aa", "3"}});
  EXPECT_THAT(Keys(Table::kTimers, "", "", 10), testing::ElementsAre(zero, "a", "aa", "b", "\xff"));
}

TEST_P(StoreContract, ScanKeepsToPrefixAfterAndLimit) {
  Commit({{Table::kOutbox, "o/1", ""},
          {Table::kOutbox, "o/2", ""},
          {Table::kOutbox, "o/3", ""},
          {Table::kOutbox, "n/9", ""},
          {Table::kOutbox, "p", ""}});
  EXPECT_THAT(Keys(Table::kOutbox, "o/", "", 10), testing::ElementsAre("o/1", "o/2", "o/3"));
  EXPECT_THAT(Keys(Table::kOutbox, "o/", "o/1", 10), testing::ElementsAre("o/2", "o/3"));
  EXPECT_THAT(Keys(Table::kOutbox, "o/", "o/1", 1), testing::ElementsAre("o/2"));
  EXPECT_THAT(Keys(Table::kOutbox, "o/", "o/", 1), testing::ElementsAre("o/1"));
  EXPECT_THAT(Keys(Table::kOutbox, "o/", "a", 10), testing::SizeIs(3));
  EXPECT_THAT(Keys(Table::kOutbox, "o/", "p", 10), testing::IsEmpty());
  EXPECT_THAT(Keys(Table::kOutbox, "o/", "", 0), testing::IsEmpty());
  EXPECT_THAT(Keys(Table::kOutbox, "", "o/3", 10), testing::ElementsAre("p"));
}

TEST_P(StoreContract, ScanFindsAPrefixOfHighestBytes) {
  Commit(
      {{Table::kIndex, "\xfe", ""}, {Table::kIndex, "\xff\xff", ""}, {Table::kIndex, "\xff", ""}});
  EXPECT_THAT(Keys(Table::kIndex, "\xff", "", 10), testing::ElementsAre("\xff", "\xff\xff"));
  EXPECT_THAT(Keys(Table::kIndex, "\xff", "\xff", 10), testing::ElementsAre("\xff\xff"));
  EXPECT_THAT(Keys(Table::kIndex, "\xfe", "", 10), testing::ElementsAre("\xfe"));
}

TEST_P(StoreContract, ScanPagesThroughEverythingOnce) {
  std::vector<Write> writes;
  for (int i = 0; i < 1000; ++i) {
    writes.push_back({Table::kJournal, "j" + std::to_string(1000 + i), std::to_string(i)});
  }
  Commit(writes);
  std::string after;
  int seen = 0;
  for (;;) {
    auto rows = store().Scan(Table::kJournal, "j", after, 7);
    ASSERT_TRUE(rows.ok()) << rows.status();
    if (rows->empty()) break;
    for (const exchange::Row& row : *rows) EXPECT_EQ(row.value, std::to_string(seen++));
    after = rows->back().key;
  }
  EXPECT_EQ(seen, 1000);
}

TEST_P(StoreContract, WhatMayBeRepeatedShowsAtOnceAndKeepsItsPlaceAmongTheOthers) {
  Commit({{Table::kPositions, "a", "1"}, {Table::kOutbox, "b", "1"}});
  ASSERT_TRUE(
      store()
          .Commit(kMayBeRepeated, {{Table::kPositions, "a", "2"}, {Table::kOutbox, "b", {}}})
          .ok());
  EXPECT_EQ(Get(Table::kPositions, "a"), "2");
  EXPECT_EQ(Get(Table::kOutbox, "b"), std::nullopt);
  Commit({{Table::kOutbox, "b", "3"}});
  ASSERT_TRUE(store().Commit(kMayBeRepeated, {{Table::kPositions, "a", "4"}}).ok());
  harness_->Reopen();
  EXPECT_EQ(Get(Table::kPositions, "a"), "4");
  EXPECT_EQ(Get(Table::kOutbox, "b"), "3");
}

TEST_P(StoreContract, WhatNothingBringsBackMustBeDurable) {
  const auto may = [](Table table, bool erases) {
    return table == Table::kPositions || table == Table::kCorrespondencesOut ||
           (table == Table::kOutbox && erases);
  };
  for (int i = 0; i < exchange::kTableCount; ++i) {
    const auto table = static_cast<Table>(i);
    SCOPED_TRACE(exchange::TableName(table));
    for (const bool erases : {false, true}) {
      Commit({{table, "key", "before"}});
      const auto value = erases ? std::nullopt : std::optional<std::string>("after");
      const absl::Status said =
          store().Commit(kMayBeRepeated, {{Table::kPositions, "p", "1"}, {table, "key", value}});
      EXPECT_EQ(said.ok(), may(table, erases)) << said;
      EXPECT_EQ(Get(table, "key"), said.ok() ? value : "before");
      if (said.ok()) continue;
      EXPECT_THAT(std::string(said.message()), testing::StartsWith("store.not_repeatable: "));
      EXPECT_TRUE(store().Commit(kDurable, {{table, "key", value}}).ok());
      EXPECT_EQ(Get(table, "key"), value);
    }
  }
}

TEST_P(StoreContract, WhoOpensItTakesItOver) {
  Commit({{Table::kMeta, "a", "first"}});
  const auto second = harness_->TakeOver();
  for (const auto durability : {kDurable, kMayBeRepeated}) {
    const absl::Status refused = store().Commit(durability, {{Table::kPositions, "p", "first"}});
    EXPECT_TRUE(exchange::IsTakenOver(refused)) << refused;
    EXPECT_THAT(std::string(refused.message()), testing::HasSubstr("store.taken_over"));
  }
  EXPECT_EQ(Get(Table::kPositions, "p"), std::nullopt);
  EXPECT_TRUE(second->Commit(kDurable, {{Table::kMeta, "a", "second"}}).ok());
  const auto third = harness_->TakeOver();
  EXPECT_TRUE(exchange::IsTakenOver(second->Commit(kDurable, {{Table::kMeta, "a", "second"}})));
  EXPECT_TRUE(third->Commit(kMayBeRepeated, {{Table::kPositions, "p", "third"}}).ok());
  EXPECT_EQ(Get(Table::kMeta, "a"), "second") << "reading goes on";
  EXPECT_EQ(Get(Table::kPositions, "p"), "third");
}

TEST_P(StoreContract, ManyRowsAreReadInTheOrderAsked) {
  Commit({{Table::kMeta, "a", "1"}, {Table::kStates, "a", "2"}, {Table::kMeta, "b", ""}});
  const auto read = [&](const std::vector<exchange::RowName>& rows) {
    auto values = store().GetMany(rows);
    EXPECT_TRUE(values.ok()) << values.status();
    return *std::move(values);
  };
  EXPECT_THAT(read({}), testing::IsEmpty());
  EXPECT_THAT(read({{Table::kStates, "a"}}), testing::ElementsAre("2"));
  EXPECT_THAT(read({{Table::kMeta, "b"},
                    {Table::kStates, "b"},
                    {Table::kMeta, "a"},
                    {Table::kMeta, "b"},
                    {Table::kStates, "a"}}),
              testing::ElementsAre("", std::nullopt, "1", "", "2"));
  Commit({{Table::kMeta, "a", "3"}});
  EXPECT_THAT(read({{Table::kMeta, "a"}, {Table::kMeta, "b"}}), testing::ElementsAre("3", ""));
}

TEST_P(StoreContract, ReopeningKeepsEverything) {
  for (int i = 0; i < 50; ++i) {
    Commit({{Table::kJournal, "j" + std::to_string(i), "event"},
            {Table::kMeta, "head", std::to_string(i)}});
  }
  Commit({{Table::kJournal, "j7", std::nullopt}});
  harness_->Reopen();
  EXPECT_THAT(Keys(Table::kJournal, "", "", 100), testing::SizeIs(49));
  EXPECT_EQ(Get(Table::kMeta, "head"), "49");
  EXPECT_EQ(Get(Table::kJournal, "j7"), std::nullopt);
  Commit({{Table::kMeta, "head", "50"}});
  EXPECT_EQ(Get(Table::kMeta, "head"), "50");
}

}  // namespace exitbus::adapters
