#include "adapters/directory/authority_keys.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "adapters/memory/test_folder.h"
#include "adapters/sodium/sodium_crypto.h"

namespace exitbus::adapters {
namespace {

using config::v1::AuthorityKeys;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class AuthorityKeysTest : public testing::Test {
 protected:
  // Writes `keys` past all checks and loads them.
  absl::Status Load(const AuthorityKeys& keys) {
    std::string text;
    google::protobuf::TextFormat::PrintToString(keys, &text);
    return LoadText(text);
  }
  absl::Status LoadText(const std::string& text) {
    std::ofstream(path_) << text;
    chmod(path_.c_str(), 0600);
    return LoadKeys(path_).status();
  }
  std::string Message(const absl::Status& status) { return std::string(status.message()); }

  const TestFolder folder_;
  const std::string path_ = folder_.path() + "/keys.textproto";
  const std::unique_ptr<exchange::Crypto> crypto_ = MakeSodiumCrypto();
  SodiumRandom random_;
  AuthorityKeys keys_ = NewAuthorityKeys(*crypto_, random_);
};

TEST_F(AuthorityKeysTest, WhatIsWrittenIsLoaded) {
  ASSERT_TRUE(WriteKeys(path_, keys_).ok());
  const auto loaded = LoadKeys(path_);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*loaded, keys_));
}

TEST_F(AuthorityKeysTest, NewKeysWorkAndDiffer) {
  const std::string signature = crypto_->Sign(keys_.identity_secret_key(), "text");
  EXPECT_TRUE(crypto_->Verify(keys_.identity_public_key(), "text", signature));
  const auto& sealing = keys_.sealing_keys(0);
  EXPECT_TRUE(crypto_
                  ->OpenSealed({sealing.public_key(), exchange::SecretBytes(sealing.secret_key())},
                               "h", crypto_->Seal(sealing.public_key(), "h", "plain"))
                  .ok());
  EXPECT_NE(keys_.master_key(), keys_.index_key());
  EXPECT_NE(NewAuthorityKeys(*crypto_, random_).master_key(), keys_.master_key());
}

TEST_F(AuthorityKeysTest, KeysAreNeverOverwritten) {
  ASSERT_TRUE(WriteKeys(path_, keys_).ok());
  const absl::Status again = WriteKeys(path_, NewAuthorityKeys(*crypto_, random_));
  EXPECT_EQ(again.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(LoadKeys(path_)->master_key(), keys_.master_key());
}

TEST_F(AuthorityKeysTest, NobodyReadsAlongThroughAFileThatWaitsInTheNewOnesPlace) {
  ASSERT_TRUE(WriteKeys(path_, keys_).ok());
  const std::string waiting = path_ + ".new";
  std::ofstream(waiting) << "here before";
  chmod(waiting.c_str(), 0644);
  std::ifstream reader(waiting);
  ASSERT_TRUE(ReplaceKeys(path_, NewAuthorityKeys(*crypto_, random_)).ok());
  EXPECT_TRUE(LoadKeys(path_).ok()) << LoadKeys(path_).status();
  std::string read;
  std::getline(reader, read);
  EXPECT_EQ(read, "here before");
}

TEST_F(AuthorityKeysTest, WipedKeysAreZeros) {
  AuthorityKeys keys = keys_;
  WipeKeys(keys);
  for (const std::string* key : {&keys.identity_secret_key(), &keys.master_key(), &keys.index_key(),
                                 &keys.sealing_keys(0).secret_key()}) {
    EXPECT_EQ(*key, std::string(key->size(), '\0'));
  }
  EXPECT_EQ(keys.identity_public_key(), keys_.identity_public_key());
}

TEST_F(AuthorityKeysTest, AnyOtherModeIsRefusedWithTheRemedy) {
  ASSERT_TRUE(WriteKeys(path_, keys_).ok());
  for (const mode_t mode : {0644, 0640, 0604, 0700, 0660}) {
    chmod(path_.c_str(), mode);
    const absl::Status refused = LoadKeys(path_).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition) << mode;
    EXPECT_THAT(Message(refused), HasSubstr("chmod 600 " + path_));
  }
}

TEST_F(AuthorityKeysTest, EveryKeyOfTheWrongSizeIsNamedAndNoneQuoted) {
  AuthorityKeys keys = keys_;
  keys.set_identity_secret_key("planted-secret");
  keys.clear_master_key();
  keys.mutable_sealing_keys(0)->set_secret_key("planted-secret");
  const absl::Status refused = Load(keys);
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Message(refused),
              AllOf(HasSubstr(path_ + ": 3 mistakes"),
                    HasSubstr("identity_secret_key: has 14 bytes, not 64"),
                    HasSubstr("master_key: has 0 bytes, not 32"),
                    HasSubstr("sealing_keys[0].secret_key"), Not(HasSubstr("planted-secret"))));
}

TEST_F(AuthorityKeysTest, AnIdentityOfTwoPairsIsRefused) {
  AuthorityKeys keys = keys_;
  keys.set_identity_public_key(crypto_->NewSigningKey().public_key);
  EXPECT_THAT(Message(Load(keys)), HasSubstr("identity_public_key: is not the public half"));
}

TEST_F(AuthorityKeysTest, AKeyFileWithoutSealingKeysIsRefused) {
  AuthorityKeys keys = keys_;
  keys.clear_sealing_keys();
  EXPECT_THAT(Message(Load(keys)), HasSubstr("sealing_keys: is missing"));
}

TEST_F(AuthorityKeysTest, ABrokenTextIsPlacedButNotQuoted) {
  const absl::Status refused = LoadText("master_key: \"a\"\nindex_key: plantedsecret\n");
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Message(refused),
              AllOf(HasSubstr("near line 2: cannot be read"), Not(HasSubstr("plantedsecret"))));
}

TEST_F(AuthorityKeysTest, AMissingFileIsNamed) {
  const absl::Status refused = LoadKeys(path_).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(Message(refused), HasSubstr(path_));
}

}  // namespace
}  // namespace exitbus::adapters
