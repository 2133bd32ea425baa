#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "adapters/memory/test_folder.h"
#include "adapters/sqlite/sqlite_store.h"
#include "services/exchange/schema.h"
#include "tools/exitctl/run.h"

namespace exitbus::exitctl {
namespace {

using exchange::Table;
using testing::HasSubstr;

class BackupCommandTest : public testing::Test {
 protected:
  BackupCommandTest() {
    std::filesystem::create_directory(data_);
    journal_ = *adapters::OpenSqliteStore(adapters::JournalIn(data_));
    keys_ = *adapters::OpenSqliteStore(adapters::KeysIn(data_), {.leave_no_trace = true});
    EXPECT_TRUE(exchange::MigrateJournal(*journal_, data_).ok());
    EXPECT_TRUE(exchange::MigrateKeys(*keys_, data_).ok());
  }
  int Run(const std::vector<std::string>& arguments) {
    std::istringstream in;
    return exitctl::Run(arguments, [](const std::string&) { return nullptr; }, {in, out_, err_});
  }

  const adapters::TestFolder folder_;
  const std::string data_ = folder_.path() + "/data";
  const std::string copy_ = folder_.path() + "/copy";
  std::unique_ptr<exchange::Store> journal_;
  std::unique_ptr<exchange::Store> keys_;
  std::ostringstream out_;
  std::ostringstream err_;
};

// The service died, or is, between the commit that erases and the destruction of the key.
TEST_F(BackupCommandTest, AnErasureThatIsDecidedIsFinishedInTheCopy) {
  ASSERT_TRUE(journal_
                  ->Commit(exchange::Durability::kDurable,
                           {{Table::kMeta, "erase/gone", ""}, {Table::kMeta, "a", "b"}})
                  .ok());
  ASSERT_TRUE(keys_
                  ->Commit(exchange::Durability::kDurable,
                           {{Table::kKeys, "gone", "key"}, {Table::kKeys, "kept", "key"}})
                  .ok());
  ASSERT_EQ(Run({"backup", "--data-folder", data_, "--out", copy_}), kDone) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("of one moment"));
  const auto journal = adapters::OpenSqliteStore(adapters::JournalIn(copy_));
  const auto keys = adapters::OpenSqliteStore(adapters::KeysIn(copy_), {.leave_no_trace = true});
  ASSERT_TRUE(journal.ok() && keys.ok());
  EXPECT_EQ((*keys)->Get(Table::kKeys, "gone").value(), std::nullopt);
  EXPECT_EQ((*keys)->Get(Table::kKeys, "kept").value(), "key");
  EXPECT_EQ((*journal)->Get(Table::kMeta, "erase/gone").value(), std::nullopt);
  EXPECT_EQ((*journal)->Get(Table::kMeta, "a").value(), "b");
  EXPECT_EQ(keys_->Get(Table::kKeys, "gone").value(), "key");  // is the service's to destroy
}

TEST_F(BackupCommandTest, WhatCannotBeCopiedIsRefusedAndLeavesNothing) {
  EXPECT_EQ(Run({"backup", "--data-folder", data_}), kMisuse);
  EXPECT_EQ(Run({"backup", "--data-folder", folder_.path(), "--out", copy_}), kRefused);
  EXPECT_THAT(err_.str(), HasSubstr("journal.sqlite"));
  ASSERT_TRUE(
      journal_->Commit(exchange::Durability::kDurable, {{Table::kMeta, "schema", "7"}}).ok());
  EXPECT_EQ(Run({"backup", "--data-folder", data_, "--out", copy_}), kRefused);
  EXPECT_THAT(err_.str(), HasSubstr("store.newer_schema"));
  EXPECT_FALSE(std::filesystem::exists(copy_));
}

}  // namespace
}  // namespace exitbus::exitctl
