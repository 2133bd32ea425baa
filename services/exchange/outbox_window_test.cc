#include "services/exchange/outbox_window.h"

#include <gtest/gtest.h>

#include <string>

#include "adapters/memory/memory_store.h"
#include "services/exchange/environment.h"
#include "services/exchange/keys.h"
#include "services/exchange/ports/store.h"

namespace exitbus::exchange {
namespace {

constexpr absl::Duration kBackOff = absl::Seconds(5);
constexpr std::size_t kMax = OutboxWindow::kRowsMax;

class OutboxWindowTest : public testing::Test {
 protected:
  OutboxWindowTest() { environment.store = &store; }

  OutboxKey Key(const std::string& peer, const std::string& subject, int number = 1) {
    return {{3, peer, subject}, static_cast<std::uint64_t>(number)};
  }
  OutboxKey Write(const OutboxKey& key) {
    EXPECT_TRUE(store.Commit(Durability::kDurable, {{Table::kOutbox, key.Encode(), "row"}}).ok());
    return key;
  }
  void WriteSubjects(const std::string& peer, std::size_t count, const std::string& begin = "s-") {
    for (std::size_t i = 0; i < count; ++i) Write(Key(peer, begin + std::to_string(100000 + i)));
  }
  // As if each had been published by now, and counted.
  std::size_t PublishAll() {
    std::size_t published = 0;
    for (auto& [key, copy] : window.rows()) {
      if (copy.published) continue;
      copy.published = now;
      ++published;
    }
    return published;
  }
  void Receipt(const OutboxKey& key) {
    EXPECT_TRUE(
        store.Commit(Durability::kDurable, {{Table::kOutbox, key.Encode(), std::nullopt}}).ok());
    window.Remove(key);
  }
  void UnitOfWork(absl::Duration by) { window.Turn(now += by); }

  adapters::MemoryStore store;
  Environment environment;
  absl::Time now = absl::FromUnixSeconds(1'000'000);
  OutboxWindow window{&environment, kBackOff};
};

TEST_F(OutboxWindowTest, HoldsAllThereIsWhereThatIsLittle) {
  WriteSubjects("b", 10);
  ASSERT_TRUE(window.Load(absl::UnixEpoch()).ok());
  EXPECT_EQ(window.rows().size(), 10U);
  EXPECT_NE(window.Add(Write(Key("b", "new")), now), nullptr);
  EXPECT_EQ(window.total(), 11U);
  Receipt(Key("b", "new"));
  EXPECT_EQ(window.total(), 10U);
}

TEST_F(OutboxWindowTest, MovesOverAllInOrderAndThenRestsLongerAndLonger) {
  WriteSubjects("b", 3 * kMax + 10);
  ASSERT_TRUE(window.Load(absl::UnixEpoch()).ok());
  std::size_t published = 0;
  for (int i = 0; i < 4; ++i) {
    EXPECT_LE(window.rows().size(), kMax);
    published += PublishAll();
    UnitOfWork(absl::Seconds(1));
  }
  EXPECT_EQ(published, 3 * kMax + 10);
  EXPECT_EQ(window.total(), 3 * kMax + 10);
  UnitOfWork(absl::Seconds(30));
  EXPECT_EQ(PublishAll(), 0U) << "it rests";
  std::size_t again = 0;
  for (int minute = 0; minute < 24 * 60; ++minute) {
    UnitOfWork(absl::Minutes(1));
    again += PublishAll();
  }
  EXPECT_GE(again, 5 * 2 * kMax);
  EXPECT_LE(again, 11 * (3 * kMax + 10)) << "after 1, 2, 4, … minutes";
}

// What a subject may begin with sorts before the separator of keys, and after it.
TEST_F(OutboxWindowTest, MovesOverSubjectsThatBeginWithAnything) {
  for (const char* begin : {"-", "!", "s"}) WriteSubjects("b", kMax, begin);
  ASSERT_TRUE(window.Load(absl::UnixEpoch()).ok());
  std::size_t published = 0;
  for (int i = 0; i < 4; ++i) {
    published += PublishAll();
    UnitOfWork(absl::Seconds(1));
  }
  EXPECT_EQ(published, 3 * kMax);
}

TEST_F(OutboxWindowTest, WhatFailsAndFailsStandsInNobodysWay) {
  WriteSubjects("b", 2 * kMax);
  ASSERT_TRUE(window.Load(absl::UnixEpoch()).ok());
  for (auto& [key, copy] : window.rows()) copy.back_off = OutboxWindow::kFailsFor;
  UnitOfWork(absl::Seconds(1));
  EXPECT_EQ(PublishAll(), kMax) << "the others";
  UnitOfWork(absl::Seconds(1));
  UnitOfWork(absl::Minutes(2));
  EXPECT_GE(PublishAll(), kMax / 2) << "and the failing ones are come to again";
}

TEST_F(OutboxWindowTest, WhatIsUnderWayIsNeverLetGo) {
  WriteSubjects("b", 2 * kMax);
  ASSERT_TRUE(window.Load(absl::UnixEpoch()).ok());
  for (auto& [key, copy] : window.rows()) copy.in_flight = true;
  const OutboxKey first = window.rows().begin()->first;
  UnitOfWork(absl::Seconds(1));
  EXPECT_NE(window.Find(first), nullptr);
  EXPECT_EQ(window.rows().size(), kMax);
  EXPECT_EQ(window.Add(Write(Key("b", "a-new-one")), now), nullptr) << "no room";
  for (auto& [key, copy] : window.rows()) copy.in_flight = false;
  PublishAll();
  for (int i = 0; i < 4; ++i) {
    UnitOfWork(absl::Seconds(1));
    if (window.Find(Key("b", "a-new-one")) != nullptr) break;
    PublishAll();
  }
  EXPECT_NE(window.Find(Key("b", "a-new-one")), nullptr) << "it waits for no rest";
}

TEST_F(OutboxWindowTest, ANewRowGoesAtOnceBesideOnesThatAreStuck) {
  WriteSubjects("b", kMax + 5);
  ASSERT_TRUE(window.Load(absl::UnixEpoch()).ok());
  PublishAll();
  UnitOfWork(absl::Seconds(1));
  PublishAll();
  UnitOfWork(absl::Seconds(20));
  for (int i = 0; i < 3 * static_cast<int>(kMax); ++i) {
    now += absl::Seconds(10);
    OutboxCopy* copy = window.Add(Write(Key("b", "t-" + std::to_string(i))), now);
    ASSERT_NE(copy, nullptr) << i;
    copy->published = now;
    ASSERT_LE(window.rows().size(), kMax);
  }
}

// Its own correspondence has rows before it that have not gone.
TEST_F(OutboxWindowTest, ANewRowDoesNotOvertakeThoseBeforeIt) {
  WriteSubjects("b", kMax);
  for (int number = 1; number <= 3; ++number) Write(Key("b", "z", number));
  ASSERT_TRUE(window.Load(absl::UnixEpoch()).ok());
  Receipt(window.rows().begin()->first);  // there is room
  EXPECT_EQ(window.Add(Write(Key("b", "z", 4)), now), nullptr);
  PublishAll();
  UnitOfWork(absl::Seconds(1));
  for (int number = 1; number <= 4; ++number)
    EXPECT_NE(window.Find(Key("b", "z", number)), nullptr);
}

TEST_F(OutboxWindowTest, OneAddressTakesNoRoomFromAnother) {
  WriteSubjects("b", 4 * kMax);
  WriteSubjects("c", 3);
  ASSERT_TRUE(window.Load(absl::UnixEpoch()).ok());
  EXPECT_EQ(window.rows().size(), kMax + 3);
  EXPECT_NE(window.Find(Key("c", "s-100002")), nullptr);
  EXPECT_EQ(window.addresses().size(), 2U);
}

TEST_F(OutboxWindowTest, IsReadOnAsItIsReceipted) {
  WriteSubjects("b", 3 * kMax);
  ASSERT_TRUE(window.Load(absl::UnixEpoch()).ok());
  std::size_t seen = 0;
  while (window.total() > 0) {
    std::vector<OutboxKey> keys;
    for (const auto& [key, copy] : window.rows()) keys.push_back(key);
    ASSERT_FALSE(keys.empty());
    seen += keys.size();
    for (const OutboxKey& key : keys) Receipt(key);
    if (window.total() > 0) {
      ASSERT_TRUE(window.HasRoom());
    }
    UnitOfWork(absl::ZeroDuration());
  }
  EXPECT_EQ(seen, 3 * kMax);
  EXPECT_TRUE(window.addresses().empty());
}

TEST_F(OutboxWindowTest, WhatIsGoneFromTheBusIsComeToAtOnceOrSoon) {
  WriteSubjects("b", 2 * kMax);
  ASSERT_TRUE(window.Load(absl::UnixEpoch()).ok());
  const auto all_of_it = [&] {
    std::size_t published = 0;
    for (int i = 0; i < 4; ++i) {
      published += PublishAll();
      UnitOfWork(absl::Seconds(1));
    }
    return published;
  };
  EXPECT_EQ(all_of_it(), 2 * kMax);
  for (int i = 0; i < 10; ++i) {  // it has come to rest for long
    UnitOfWork(absl::Hours(20));
    all_of_it();
  }
  EXPECT_EQ(all_of_it(), 0U);
  window.BeginAnew("another");
  UnitOfWork(absl::Seconds(1));
  EXPECT_EQ(all_of_it(), 0U);
  window.BeginAnew("b");
  UnitOfWork(absl::Seconds(1));
  EXPECT_GE(all_of_it(), kMax) << "those that were let go";
  window.BeginSoon("b");
  UnitOfWork(absl::Minutes(2));
  EXPECT_GE(all_of_it(), kMax);
}

}  // namespace
}  // namespace exitbus::exchange
