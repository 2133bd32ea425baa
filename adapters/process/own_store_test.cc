#include "adapters/process/own_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "adapters/memory/memory_store.h"
#include "adapters/memory/test_folder.h"

namespace exitbus::adapters {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string Said(const absl::Status& status) { return std::string(status.message()); }

class OwnStoreTest : public testing::Test {
 protected:
  absl::Status Check(bool begin, const std::string& authority = "municipality-0183") {
    return CheckStoreIsOwn("/data", authority, journal, keys, begin);
  }

  MemoryStore journal;
  MemoryStore keys;
};

TEST(StoreIsThere, AFolderWithoutAStoreIsRefusedUnlessItIsToBeBegun) {
  const TestFolder folder;
  const std::string data = folder.path() + "/data";
  EXPECT_THAT(Said(CheckStoreIsThere(data, false)),
              AllOf(HasSubstr(data), HasSubstr("Mount the volume"), HasSubstr("--new-store")));
  EXPECT_TRUE(CheckStoreIsThere(data, true).ok());
  // One of the two is none.
  std::filesystem::create_directories(data);
  std::ofstream(data + "/journal.sqlite") << "x";
  EXPECT_THAT(Said(CheckStoreIsThere(data, false)), HasSubstr("keys.sqlite"));
  std::ofstream(data + "/keys.sqlite") << "x";
  EXPECT_TRUE(CheckStoreIsThere(data, false).ok());
}

TEST_F(OwnStoreTest, ItIsBegunOnceAndThenItsOwn) {
  EXPECT_THAT(Said(Check(false)), HasSubstr("--new-store"));
  EXPECT_TRUE(Check(true).ok());
  EXPECT_TRUE(Check(false).ok());
  EXPECT_THAT(Said(Check(true)), HasSubstr("already"));
  EXPECT_THAT(Said(Check(false, "municipality-0461")),
              AllOf(HasSubstr("municipality-0183"), HasSubstr("data_folder")));
}

TEST_F(OwnStoreTest, AJournalWithoutItsKeysIsNeverBegunAnew) {
  ASSERT_TRUE(Check(true).ok());
  MemoryStore empty;
  for (const bool begin : {false, true}) {
    EXPECT_THAT(Said(CheckStoreIsOwn("/data", "municipality-0183", journal, empty, begin)),
                HasSubstr("/data/keys.sqlite"));
  }
}

// A start that ended between the two is made good by saying so again.
TEST_F(OwnStoreTest, ABeginningThatWasCutShort) {
  journal.FailNextCommits(1);
  EXPECT_FALSE(Check(true).ok());
  EXPECT_FALSE(Check(false).ok());
  EXPECT_TRUE(Check(true).ok());
}

TEST_F(OwnStoreTest, AMediumThatFailsIsNoEmptyStore) {
  ASSERT_TRUE(Check(true).ok());
  journal.FailNextReads(1);
  EXPECT_EQ(Check(false).code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace exitbus::adapters
