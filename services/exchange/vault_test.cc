#include "services/exchange/vault.h"

#include <gtest/gtest.h>

#include "adapters/memory/memory_store.h"
#include "adapters/memory/seeded_random.h"
#include "adapters/sodium/file_master_key.h"
#include "adapters/sodium/sodium_crypto.h"

namespace exitbus::exchange {
namespace {

class VaultTest : public testing::Test {
 protected:
  static constexpr Place kPlace{Table::kStates, "file/1", 3};

  adapters::MemoryStore keys;
  std::unique_ptr<Crypto> crypto = adapters::MakeSodiumCrypto();
  adapters::SeededRandom random{1};
  std::unique_ptr<MasterKey> master =
      adapters::MakeFileMasterKey(crypto.get(), SecretBytes(kKeyBytes, 'm'));
};

TEST_F(VaultTest, OpensWhatItLockedHoweverManyUnitsThereAre) {
  constexpr int kUnits = 5000;  // more than it keeps open
  Vault vault(&keys, crypto.get(), &random, master.get());
  std::vector<std::string> ciphers;
  for (int i = 0; i < kUnits; ++i) {
    ciphers.push_back(vault.Encrypt("file/" + std::to_string(i), kPlace, "secret"));
  }
  EXPECT_EQ(vault.Decrypt("file/0", kPlace, ciphers[0]).value(), "secret");
  ASSERT_TRUE(vault.Flush().ok());
  for (int i = 0; i < kUnits; ++i) {
    ASSERT_EQ(vault.Decrypt("file/" + std::to_string(i), kPlace, ciphers[i]).value(), "secret");
  }
  ciphers.push_back(vault.Encrypt("file/new", kPlace, "secret"));
  EXPECT_EQ(vault.Decrypt("file/new", kPlace, ciphers.back()).value(), "secret");
}

TEST_F(VaultTest, OpensWhatItLockedAlsoAfterARestart) {
  Vault vault(&keys, crypto.get(), &random, master.get());
  const std::string cipher = vault.Encrypt("file/1", kPlace, "secret");
  EXPECT_EQ(cipher.find("secret"), std::string::npos);
  ASSERT_TRUE(vault.Flush().ok());
  Vault again(&keys, crypto.get(), &random, master.get());
  EXPECT_EQ(again.Decrypt("file/1", kPlace, cipher).value(), "secret");
}

TEST_F(VaultTest, ADestroyedUnitOpensNothing) {
  Vault vault(&keys, crypto.get(), &random, master.get());
  const std::string erased = vault.Encrypt("file/1", kPlace, "secret");
  const std::string kept = vault.Encrypt("file/2", kPlace, "other");
  ASSERT_TRUE(vault.Flush().ok());
  ASSERT_TRUE(vault.Destroy("file/1").ok());
  EXPECT_TRUE(absl::IsNotFound(vault.Decrypt("file/1", kPlace, erased).status()));
  EXPECT_EQ(vault.Decrypt("file/2", kPlace, kept).value(), "other");
  EXPECT_EQ(keys.rows(Table::kKeys).size(), 1U);
}

TEST_F(VaultTest, OpensNothingInAnotherPlaceThanItsOwn) {
  Vault vault(&keys, crypto.get(), &random, master.get());
  const std::string cipher = vault.Encrypt("file/1", kPlace, "secret");
  vault.Encrypt("file/2", kPlace, "other");
  ASSERT_EQ(vault.Decrypt("file/1", kPlace, cipher).value(), "secret");
  const auto opens = [&](std::string_view scope, const Place& place) {
    return !absl::IsDataLoss(vault.Decrypt(scope, place, cipher).status());
  };
  EXPECT_FALSE(opens("file/2", kPlace));
  EXPECT_FALSE(opens("file/1", {Table::kJournal, kPlace.key, kPlace.version}));
  EXPECT_FALSE(opens("file/1", {kPlace.table, "file/2", kPlace.version}));
  EXPECT_FALSE(opens("file/1", {kPlace.table, kPlace.key, kPlace.version + 1}));
  EXPECT_FALSE(opens("file/1", {kPlace.table, kPlace.key}));
}

TEST_F(VaultTest, WhatIsAlteredIsDataLossAndEndsNothing) {
  Vault vault(&keys, crypto.get(), &random, master.get());
  std::string cipher = vault.Encrypt("file/1", kPlace, "secret");
  vault.Encrypt("file/2", kPlace, "other");
  ASSERT_TRUE(vault.Flush().ok());
  cipher.back() ^= 1;
  EXPECT_TRUE(absl::IsDataLoss(vault.Decrypt("file/1", kPlace, cipher).status()));

  ASSERT_TRUE(keys.Commit(Durability::kDurable, {{Table::kKeys, "file/2", "no wrapped key"}}).ok());
  Vault again(&keys, crypto.get(), &random, master.get());
  EXPECT_TRUE(again.CheckMasterKey().ok()) << "one key is damaged, the other is not";
  EXPECT_TRUE(absl::IsDataLoss(again.Decrypt("file/2", kPlace, cipher).status()));
  again.Encrypt("file/2", kPlace, "would be lost");
  EXPECT_TRUE(absl::IsDataLoss(again.Flush()));
  EXPECT_EQ(keys.rows(Table::kKeys).at("file/2"), "no wrapped key");
  EXPECT_TRUE(again.Flush().ok()) << "what was taken back fails no more";

  keys.FailNextReads(1);
  EXPECT_TRUE(absl::IsUnavailable(again.Decrypt("file/3", kPlace, cipher).status()));
}

TEST_F(VaultTest, AnotherAuthoritysMasterKeyIsNoticedBeforeAnythingIsServed) {
  Vault vault(&keys, crypto.get(), &random, master.get());
  EXPECT_TRUE(vault.CheckMasterKey().ok()) << "there is no key yet";
  vault.Encrypt("file/1", kPlace, "secret");
  ASSERT_TRUE(vault.Flush().ok());
  const auto other = adapters::MakeFileMasterKey(crypto.get(), SecretBytes(kKeyBytes, 'n'));
  Vault wrong(&keys, crypto.get(), &random, other.get());
  EXPECT_TRUE(absl::IsFailedPrecondition(wrong.CheckMasterKey()));
}

// A keeper of the master key that does not answer, as a hardware module may for a while.
class AwayMasterKey : public MasterKey {
 public:
  explicit AwayMasterKey(MasterKey* master) : master_(master) {}
  absl::StatusOr<std::string> Wrap(std::string_view scope, std::string_view key) override {
    if (away) return absl::UnavailableError("the master key's keeper does not answer");
    return master_->Wrap(scope, key);
  }
  absl::StatusOr<SecretBytes> Unwrap(std::string_view scope, std::string_view wrapped) override {
    return master_->Unwrap(scope, wrapped);
  }

  bool away = false;

 private:
  MasterKey* master_;
};

TEST_F(VaultTest, KeysThatCannotBeWrappedAreNotDurableAndNotLost) {
  AwayMasterKey keeper(master.get());
  Vault vault(&keys, crypto.get(), &random, &keeper);
  keeper.away = true;
  const std::string cipher = vault.Encrypt("file/1", kPlace, "secret");
  EXPECT_TRUE(absl::IsUnavailable(vault.Flush()));
  EXPECT_TRUE(keys.rows(Table::kKeys).empty());
  keeper.away = false;
  ASSERT_TRUE(vault.Flush().ok());
  Vault again(&keys, crypto.get(), &random, &keeper);
  EXPECT_EQ(again.Decrypt("file/1", kPlace, cipher).value(), "secret");
}

}  // namespace
}  // namespace exitbus::exchange
