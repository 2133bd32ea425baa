// The engine's small parts, each by itself: transaction, vault, journal, sealing.
#include <gtest/gtest.h>

#include <set>

#include "adapters/memory/memory_directory.h"
#include "adapters/memory/memory_store.h"
#include "adapters/memory/seeded_random.h"
#include "adapters/memory/simulated_time.h"
#include "adapters/sodium/file_master_key.h"
#include "adapters/sodium/sodium_crypto.h"
#include "exitbus/exchange/v1/keys.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/attempt.h"
#include "services/exchange/context.h"
#include "services/exchange/framed.h"
#include "services/exchange/sealing.h"
#include "services/exchange/statements.h"
#include "services/exchange/use_keys.h"
#include "services/exchange/vault.h"

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
  Effects effects;
  effects.new_rows = {Row(1)};
  {
    Attempt outer(transaction, &effects);
    transaction.Put(Table::kIndex, "kept", "1");
    {
      Attempt inner(transaction, &effects);
      transaction.Put(Table::kIndex, "a", "new");
      transaction.Put(Table::kIndex, "kept", "2");
      transaction.Erase(Table::kIndex, "kept");
      effects.new_rows.push_back(Row(9));  // not to be sent
      EXPECT_EQ(Load<store::v1::StateRow>(transaction, Table::kStates, "bad"), std::nullopt);
      EXPECT_TRUE(absl::IsDataLoss(transaction.status()));
      EXPECT_FALSE(inner.Keep());
    }
    EXPECT_EQ(LoadOrNone<store::v1::StateRow>(transaction, Table::kStates, "bad"), std::nullopt);
    effects.new_rows.push_back(Row(2));
    EXPECT_TRUE(outer.Keep());
  }
  {
    const Attempt unfinished(transaction);
    transaction.Put(Table::kIndex, "a", "given up");
  }
  EXPECT_EQ(effects.new_rows, (std::vector<OutboxKey>{Row(1), Row(2)}));
  EXPECT_EQ(transaction.Get(Table::kIndex, "a"), "old");
  EXPECT_EQ(transaction.Get(Table::kIndex, "kept"), "1");
  EXPECT_TRUE(transaction.Commit(Durability::kDurable).ok());

  Transaction broken(&store);
  EXPECT_EQ(Load<store::v1::StateRow>(broken, Table::kStates, "bad"), std::nullopt);
  broken.Put(Table::kIndex, "a", "decided on an absence that was none");
  EXPECT_TRUE(absl::IsDataLoss(broken.Commit(Durability::kDurable)));
}

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
  const auto opens = [&](std::string_view unit, const Place& place) {
    return !absl::IsDataLoss(vault.Decrypt(unit, place, cipher).status());
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
  absl::StatusOr<std::string> Wrap(std::string_view unit, std::string_view key) override {
    if (away) return absl::UnavailableError("the master key's keeper does not answer");
    return master_->Wrap(unit, key);
  }
  absl::StatusOr<SecretBytes> Unwrap(std::string_view unit, std::string_view wrapped) override {
    return master_->Unwrap(unit, wrapped);
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

class SealingTest : public testing::Test {
 protected:
  SealingTest() {
    for (Context* context : {&sender, &recipient}) {
      context->crypto = crypto.get();
      context->random = &random;
      context->wall_clock = &clock;
      context->directory = &directory;
    }
    Enter(sender, "municipality-0183", "0183");
    Enter(recipient, "municipality-0461", "0461");
    packet.mutable_letter()->set_link("a link");
  }

  void Enter(Context& context, const std::string& id, const std::string& code) {
    const KeyPair identity = crypto->NewSigningKey();
    const KeyPair sealing = crypto->NewSealingKey();
    context.self = id;
    context.secrets = {identity.secret_key, {{sealing}}, ""};
    directory.Put({id, policy::v1::AUTHORITY_KIND_MUNICIPALITY, id, code, identity.public_key,
                   sealing.public_key});
  }

  BusRecord Sealed() {
    return SealRecord(sender, *directory.Find(recipient.self), policy::v1::EXCHANGE_HANDOVER,
                      packet);
  }

  std::unique_ptr<Crypto> crypto = adapters::MakeSodiumCrypto();
  adapters::SeededRandom random{1};
  adapters::SimulatedClock clock;
  adapters::MemoryDirectory directory;
  Context sender, recipient;
  v1::Packet packet;
};

TEST_F(SealingTest, TheRecipientOpensItAndNobodyElse) {
  const BusRecord record = Sealed();
  EXPECT_EQ(record.topic, "exitbus.v1.handover.municipality.0461");
  const auto opened = OpenRecord(recipient, record);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->letter().link(), "a link");
  EXPECT_EQ(OpenRecord(sender, record).status().message(), "key_retired");
}

TEST_F(SealingTest, AnyChangeIsFound) {
  const BusRecord record = Sealed();
  for (std::size_t i = 0; i < record.payload.size(); i += 7) {
    BusRecord changed = record;
    changed.payload[i] ^= 1;
    EXPECT_FALSE(OpenRecord(recipient, changed).ok()) << "byte " << i;
  }
  for (std::size_t h = 0; h < record.headers.size(); ++h) {
    BusRecord changed = record;
    changed.headers[h].second += "x";
    EXPECT_TRUE(absl::IsUnauthenticated(OpenRecord(recipient, changed).status()))
        << record.headers[h].first;
  }
  BusRecord moved = record;
  moved.topic = "exitbus.v1.nec.nec.national";
  EXPECT_TRUE(absl::IsUnauthenticated(OpenRecord(recipient, moved).status()));
  BusRecord later = record;
  later.timestamp += absl::Seconds(1);
  EXPECT_TRUE(absl::IsUnauthenticated(OpenRecord(recipient, later).status()));
}

// Whatever this authority signs, put in the place of everything else that it signs.
TEST_F(SealingTest, WhatIsSignedPassesForNothingElse) {
  v1::KeyAnnounced announced;
  announced.set_sealing_key(crypto->NewSealingKey().public_key);
  const BusRecord announcement = AnnounceRecord(sender, *directory.Find(recipient.self), announced);
  const auto payload = [](const BusRecord& record) {
    v1::Record read;
    EXPECT_TRUE(read.ParseFromString(record.payload));
    return read;
  };
  // The bytes of an announcement as ciphertext, alone or with what used to stand before them.
  for (const char* before : {"", "12:announcement"}) {
    BusRecord posed = announcement;
    v1::Record read = payload(announcement);
    read.set_sealed(before + read.announcement());
    read.clear_announcement();
    posed.payload = read.SerializeAsString();
    EXPECT_TRUE(absl::IsUnauthenticated(OpenRecord(recipient, posed).status())) << before;
  }
  BusRecord posed = Sealed();
  v1::Record read = payload(posed);
  read.set_announcement(read.sealed());
  read.clear_sealed();
  posed.payload = read.SerializeAsString();
  EXPECT_TRUE(absl::IsUnauthenticated(VerifyAnnouncement(recipient, posed).status()));

  v1::Statement statement;
  statement.mutable_slip()->set_holder(sender.self);
  v1::SignedStatement signed_statement;
  signed_statement.ParseFromString(KeyedStatements(&sender).Sign(statement));
  for (const BusRecord& record : {Sealed(), announcement}) {
    posed = record;
    read = payload(record);
    read.set_signature(signed_statement.signature());
    posed.payload = read.SerializeAsString();
    EXPECT_TRUE(absl::IsUnauthenticated(OpenRecord(recipient, posed).status()));
    signed_statement.set_signature(payload(record).signature());
    EXPECT_FALSE(
        KeyedStatements(&recipient).Verified(signed_statement.SerializeAsString(), sender.self));
  }
}

TEST_F(SealingTest, WhichKeyItIsSealedToIsSignedToo) {
  BusRecord record = Sealed();
  v1::Record read;
  ASSERT_TRUE(read.ParseFromString(record.payload));
  read.set_sealing_key_id("another1");
  record.payload = read.SerializeAsString();
  EXPECT_TRUE(absl::IsUnauthenticated(OpenRecord(recipient, record).status()));
}

TEST(FramedTest, SaysWhereOnePartEndsAndTheNextBegins) {
  EXPECT_NE(Framed("a", {"bc", "d"}), Framed("a", {"b", "cd"}));
  EXPECT_NE(Framed("a", {"b", ""}), Framed("a", {"b"}));
  EXPECT_NE(Framed("ab", {"c"}), Framed("a", {"bc"}));
  EXPECT_NE(Framed("a", {Framed("b", {"c"})}), Framed("a", {"b", "c"}));
}

TEST(UseKeysTest, NoTwoUsesShareAKey) {
  const auto crypto = adapters::MakeSodiumCrypto();
  Context context;
  context.crypto = crypto.get();
  context.secrets.index_key.assign(kKeyBytes, 'i');
  std::set<std::string> keys = {std::string(context.secrets.index_key)};
  for (const KeyUse use : {KeyUse::kPersons, KeyUse::kAccounts, KeyUse::kPageTokens,
                           KeyUse::kWatchTokens, KeyUse::kRequests}) {
    EXPECT_EQ(KeyFor(context, use).size(), kKeyBytes);
    EXPECT_TRUE(keys.insert(std::string(KeyFor(context, use))).second);
  }
}

TEST_F(SealingTest, SizesFallIntoClasses) {
  EXPECT_EQ(SizeClass(1), 512U);
  EXPECT_EQ(SizeClass(512), 512U);
  EXPECT_EQ(SizeClass(513), 1024U);
  const std::size_t small = Sealed().payload.size();
  packet.mutable_letter()->set_link(std::string(400, 'l'));
  EXPECT_EQ(Sealed().payload.size(), small);
}

TEST_F(SealingTest, ASenderWhoIsNoLongerListedIsNotBelieved) {
  const BusRecord record = Sealed();
  directory.Remove(sender.self);
  EXPECT_EQ(OpenRecord(recipient, record).status().message(), "sender_not_in_directory");
}

}  // namespace
}  // namespace exitbus::exchange
