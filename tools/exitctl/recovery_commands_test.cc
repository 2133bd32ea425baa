#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <thread>

#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "adapters/memory/test_folder.h"
#include "adapters/sqlite/sqlite_store.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/meta_keys.h"
#include "tools/exitctl/run.h"

namespace exitbus::exitctl {
namespace {

namespace fs = std::filesystem;
namespace rv1 = recovery::v1;
using exchange::Table;
using testing::AllOf;
using testing::HasSubstr;

class RecoveryCommandsTest : public testing::Test {
 protected:
  int Run(const std::vector<std::string>& arguments) {
    out_.str("");
    err_.str("");
    return exitctl::Run(arguments, [](const std::string&) { return nullptr; }, {in_, out_, err_});
  }
  std::string At(const std::string& name) const { return folder_.path() + "/" + name; }
  std::unique_ptr<exchange::Store> Journal() {
    auto store = adapters::OpenSqliteStore(At("journal.sqlite"));
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }

  // Runs a command while a service would take its order and answer it so.
  int RunAnswered(std::vector<std::string> arguments, const rv1::OrderResult& result) {
    arguments.insert(arguments.end(), {"--data-folder", folder_.path(), "--authority", "nec",
                                       "--by", "operator-1", "--reason", "agreed"});
    std::thread service([&] {
      for (int i = 0; i < 1000 && order_.order_id().empty(); ++i) {
        std::error_code none_yet;
        for (const auto& entry : fs::directory_iterator(At("orders"), none_yet)) {
          if (entry.path().extension() != ".order") continue;
          order_.ParseFromString(adapters::ReadFile(entry.path().string()).value_or(""));
          fs::path answer = entry.path();
          answer.replace_extension(".result");
          EXPECT_TRUE(adapters::ReplaceFile(answer.string(), result.SerializeAsString()).ok());
          fs::remove(entry.path());
          break;
        }
        absl::SleepFor(absl::Milliseconds(10));
      }
    });
    const int status = Run(arguments);
    service.join();
    return status;
  }

  const adapters::TestFolder folder_;
  std::istringstream in_;
  std::ostringstream out_;
  std::ostringstream err_;
  rv1::Order order_;
};

TEST_F(RecoveryCommandsTest, StatusNamesWhoHoldsMore) {
  ASSERT_NE(Journal(), nullptr);
  EXPECT_EQ(Run({"recovery", "status", "--data-folder", folder_.path()}), kDone) << err_.str();
  store::v1::Behind behind;
  behind.set_letters(3);
  behind.set_why("correspondences");
  behind.mutable_newest()->set_seconds(1790000000);
  ASSERT_TRUE(Journal()
                  ->Commit(exchange::Durability::kDurable,
                           {{Table::kMeta,
                             exchange::MetaKey{exchange::Meta::kBehind, "police-1469"}.Encode(),
                             behind.SerializeAsString()}})
                  .ok());
  EXPECT_EQ(Run({"recovery", "status", "--data-folder", folder_.path()}), kRefused);
  EXPECT_THAT(out_.str(), AllOf(HasSubstr("police-1469 holds 3"), HasSubstr("2026-09-21")));
}

TEST_F(RecoveryCommandsTest, AnOrderIsGivenAndItsResultTold) {
  rv1::OrderResult result;
  result.set_carried_out(true);
  result.set_text("done as ordered");
  EXPECT_EQ(RunAnswered({"recovery", "accept"}, result), kDone) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("done as ordered"));
  EXPECT_TRUE(order_.has_accept_unheard());
  EXPECT_EQ(order_.authority(), "nec");
  EXPECT_EQ(order_.operator_(), "operator-1");
}

TEST_F(RecoveryCommandsTest, AChannelIsPausedAndLettersGoOnceMoreByOrder) {
  rv1::OrderResult result;
  result.set_carried_out(true);
  EXPECT_EQ(RunAnswered({"letters", "pause", "handover", "10"}, result), kDone) << err_.str();
  EXPECT_EQ(order_.pause_channel().channel(), policy::v1::CHANNEL_HANDOVER);
  EXPECT_EQ(order_.pause_channel().minutes(), 10U);
  order_.Clear();
  EXPECT_EQ(RunAnswered({"letters", "resume", "nec"}, result), kDone) << err_.str();
  EXPECT_EQ(order_.resume_channel(), policy::v1::CHANNEL_NEC);
  order_.Clear();
  EXPECT_EQ(RunAnswered({"letters", "retry", "police-1469", "--dry-run"}, result), kDone);
  EXPECT_EQ(order_.retry_letters().peer(), "police-1469");
  EXPECT_TRUE(order_.retry_letters().only_look());
  order_.Clear();
  EXPECT_EQ(RunAnswered({"maintenance", "begin", "30"}, result), kDone) << err_.str();
  EXPECT_EQ(order_.maintenance().minutes(), 30U);
  order_.Clear();
  EXPECT_EQ(RunAnswered({"maintenance", "end"}, result), kDone) << err_.str();
  EXPECT_EQ(order_.maintenance().minutes(), 0U);
}

TEST_F(RecoveryCommandsTest, MinutesAreANumber) {
  for (const char* wrong : {"soon", "-1", ""}) {
    EXPECT_EQ(Run({"letters", "pause", "handover", wrong, "--data-folder", folder_.path(),
                   "--authority", "nec", "--by", "o", "--reason", "r"}),
              kMisuse)
        << wrong;
  }
}

TEST_F(RecoveryCommandsTest, ARefusedOrderIsARefusal) {
  rv1::OrderResult result;
  result.set_text("recovery.not_behind: nothing to follow");
  EXPECT_EQ(RunAnswered({"recovery", "follow"}, result), kRefused);
  EXPECT_THAT(err_.str(), HasSubstr("recovery.not_behind"));
  EXPECT_TRUE(order_.has_follow_peers());
}

TEST_F(RecoveryCommandsTest, WhatHasStoppedIsListed) {
  const std::string key =
      exchange::CorrespondenceId{policy::v1::CHANNEL_HANDOVER, "nec", "a-subject"}.Encode();
  store::v1::CorrespondenceIn in;
  in.set_stopped(true);
  ASSERT_TRUE(Journal()
                  ->Commit(exchange::Durability::kDurable,
                           {{Table::kCorrespondencesIn, key, in.SerializeAsString()}})
                  .ok());
  EXPECT_EQ(Run({"correspondence", "list", "--data-folder", folder_.path()}), kDone) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("from nec  handover  a-subject"));
}

TEST_F(RecoveryCommandsTest, AProposalIsKeptForTheOtherSide) {
  rv1::OrderResult result;
  result.set_carried_out(true);
  result.set_settlement("signed");
  EXPECT_EQ(RunAnswered({"correspondence", "propose", "--peer", "municipality-0461", "--channel",
                         "handover", "--subject", "h", "--end-handover", "--out", At("proposal")},
                        result),
            kDone)
      << err_.str();
  EXPECT_EQ(adapters::ReadFile(At("proposal")).value_or(""), "signed");
  EXPECT_EQ(order_.propose().channel(), policy::v1::CHANNEL_HANDOVER);
  EXPECT_TRUE(order_.propose().end_handover());
}

TEST_F(RecoveryCommandsTest, WhatTheOtherSideSentIsAgreedToOrFinished) {
  ASSERT_TRUE(adapters::ReplaceFile(At("theirs"), "their bytes").ok());
  rv1::OrderResult result;
  result.set_carried_out(true);
  EXPECT_EQ(RunAnswered({"correspondence", "agree", At("theirs"), "--out", At("answer")}, result),
            kDone)
      << err_.str();
  EXPECT_EQ(order_.agree(), "their bytes");
  order_.Clear();
  EXPECT_EQ(RunAnswered({"correspondence", "finish", At("theirs")}, result), kDone) << err_.str();
  EXPECT_EQ(order_.finish(), "their bytes");
}

TEST_F(RecoveryCommandsTest, MisuseIsTold) {
  EXPECT_EQ(Run({"recovery"}), kMisuse);
  EXPECT_EQ(Run({"recovery", "status"}), kMisuse);
  EXPECT_EQ(Run({"recovery", "accept", "--data-folder", folder_.path()}), kMisuse);
  EXPECT_THAT(err_.str(), HasSubstr("--reason"));
  EXPECT_EQ(Run({"recovery", "accept", "--folder", "x"}), kMisuse);
  EXPECT_EQ(Run({"correspondence"}), kMisuse);
  EXPECT_EQ(Run({"correspondence", "list"}), kMisuse);
  EXPECT_EQ(Run({"correspondence", "agree", "file"}), kMisuse);
}

}  // namespace
}  // namespace exitbus::exitctl
