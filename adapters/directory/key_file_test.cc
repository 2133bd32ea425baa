#include "adapters/directory/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "adapters/directory/authority_keys.h"
#include "adapters/directory/files.h"
#include "adapters/memory/test_folder.h"
#include "adapters/sodium/sodium_crypto.h"

namespace exitbus::adapters {
namespace {

using config::v1::AuthorityKeys;
using testing::HasSubstr;

const absl::Time kDay = absl::FromUnixSeconds(2'000'000'000);

class KeyFileTest : public testing::Test {
 protected:
  KeyFileTest() { EXPECT_TRUE(WriteKeys(path_, keys_).ok()); }

  void Renew(absl::Time now) {
    RenewSealingKey(*crypto_, now, keys_);
    ASSERT_TRUE(ReplaceKeys(path_, keys_).ok());
  }

  const TestFolder folder_;
  const std::string path_ = folder_.path() + "/keys";
  const std::unique_ptr<exchange::Crypto> crypto_ = MakeSodiumCrypto();
  SodiumRandom random_;
  AuthorityKeys keys_ = NewAuthorityKeys(*crypto_, random_);
};

TEST_F(KeyFileTest, ARenewalIsTakenUp) {
  const auto file = KeyFile::Open(path_, true);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ((*file)->Refresh().value(), false);
  const std::string first = keys_.sealing_keys(0).public_key();
  Renew(kDay);
  EXPECT_EQ((*file)->Refresh().value(), true);
  const exchange::Secrets secrets = (*file)->Secrets();
  ASSERT_EQ(secrets.sealing.size(), 2U);
  EXPECT_EQ(secrets.sealing[0].pair.public_key, keys_.sealing_keys(0).public_key());
  EXPECT_EQ(secrets.sealing[0].created, kDay);
  EXPECT_EQ(secrets.sealing[1].pair.public_key, first);
  EXPECT_EQ((*file)->Refresh().value(), false);
}

TEST_F(KeyFileTest, WhatCannotBeUsedLeavesTheLastGoodOneInForce) {
  const auto file = KeyFile::Open(path_, true);
  ASSERT_TRUE(file.ok()) << file.status();
  const std::string before = (*file)->keys().SerializeAsString();
  ASSERT_EQ(chmod(path_.c_str(), 0644), 0);
  EXPECT_THAT(std::string((*file)->Refresh().status().message()), HasSubstr("chmod 600"));
  ASSERT_EQ(chmod(path_.c_str(), 0600), 0);
  std::ofstream(path_) << "nonsense";
  EXPECT_FALSE((*file)->Refresh().ok());
  std::remove(path_.c_str());
  EXPECT_TRUE(absl::IsNotFound((*file)->Refresh().status()));
  ASSERT_TRUE(WriteKeys(path_, NewAuthorityKeys(*crypto_, random_)).ok());
  EXPECT_THAT(std::string((*file)->Refresh().status().message()), HasSubstr("another identity"));
  EXPECT_EQ((*file)->keys().SerializeAsString(), before);
}

// A restart goes on with what a service that was not restarted would have in force.
TEST_F(KeyFileTest, ARestartWithAFileThatIsRefusedGoesOnWithTheLastGoodOne) {
  ASSERT_TRUE((*KeyFile::Open(path_, false))->Keep().ok());
  const auto expect_kept = [&](const std::string& why) {
    const auto file = KeyFile::Open(path_, true);
    ASSERT_TRUE(file.ok()) << why << ": " << file.status();
    EXPECT_EQ((*file)->keys().SerializeAsString(), keys_.SerializeAsString()) << why;
    EXPECT_FALSE((*file)->Refresh().ok()) << why << ": to be alarmed";
    EXPECT_NE(
        KeyFile::Open(path_, false).ok() &&
            (*KeyFile::Open(path_, false))->keys().SerializeAsString() == keys_.SerializeAsString(),
        true)
        << why << ": nothing is kept of one that never started";
  };
  std::ofstream(path_) << "nonsense";
  expect_kept("damaged");
  std::remove(path_.c_str());
  expect_kept("gone");
  ASSERT_TRUE(WriteKeys(path_, NewAuthorityKeys(*crypto_, random_)).ok());
  expect_kept("another authority's");
}

TEST_F(KeyFileTest, WhatIsKeptFollowsARenewalAndHoldsNoRetiredKey) {
  ASSERT_TRUE((*KeyFile::Open(path_, false))->Keep().ok());
  Renew(kDay);
  EXPECT_EQ(LoadKeys(KeptKeysFile(path_))->sealing_keys_size(), 2);
  ASSERT_EQ(RetireSealingKeys(kDay + absl::Hours(1), keys_), 1);
  ASSERT_TRUE(ReplaceKeys(path_, keys_).ok());
  EXPECT_EQ(LoadKeys(KeptKeysFile(path_))->SerializeAsString(), keys_.SerializeAsString());
}

TEST_F(KeyFileTest, ARenewalSupersedesAndCountsOnEvenOnAClockThatStoodStill) {
  Renew(kDay);
  Renew(kDay);
  ASSERT_EQ(keys_.sealing_keys_size(), 3);
  EXPECT_FALSE(keys_.sealing_keys(0).has_superseded());
  EXPECT_EQ(keys_.sealing_keys(0).created().seconds(), 2'000'000'001);
  EXPECT_EQ(keys_.sealing_keys(1).superseded().seconds(), 2'000'000'001);
  EXPECT_EQ(keys_.sealing_keys(2).superseded().seconds(), 2'000'000'000);
}

TEST_F(KeyFileTest, OnlyWhatWasSupersededLongAgoIsRetiredAndNeverTheNewest) {
  Renew(kDay);
  Renew(kDay + absl::Hours(24));
  EXPECT_EQ(RetireSealingKeys(kDay, keys_), 0);
  EXPECT_EQ(RetireSealingKeys(kDay + absl::Seconds(1), keys_), 1);
  EXPECT_EQ(RetireSealingKeys(absl::InfiniteFuture(), keys_), 1);
  EXPECT_EQ(RetireSealingKeys(absl::InfiniteFuture(), keys_), 0);
  EXPECT_EQ(keys_.sealing_keys_size(), 1);
}

TEST_F(KeyFileTest, WhatTheFileWasIsOverwrittenOnceItIsReplaced) {
  std::ifstream held(path_);  // the old one, though it has no name any more
  Renew(kDay);
  ASSERT_TRUE(LoadKeys(path_).ok());
  struct stat found {};
  ASSERT_EQ(stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777, 0600U);
  const std::string left((std::istreambuf_iterator<char>(held)), std::istreambuf_iterator<char>());
  EXPECT_FALSE(left.empty());
  EXPECT_EQ(left.find_first_not_of('\0'), std::string::npos);
}

}  // namespace
}  // namespace exitbus::adapters
