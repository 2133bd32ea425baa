// A record as it lies on the bus, and what else is bound so that it means one thing only.
#include "services/exchange/sealing.h"

#include <gtest/gtest.h>

#include <set>

#include "adapters/memory/memory_directory.h"
#include "adapters/memory/seeded_random.h"
#include "adapters/memory/simulated_time.h"
#include "adapters/sodium/sodium_crypto.h"
#include "exitbus/exchange/v1/keys.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/environment.h"
#include "services/exchange/framed.h"
#include "services/exchange/statements.h"
#include "services/exchange/use_keys.h"

namespace exitbus::exchange {
namespace {

class SealingTest : public testing::Test {
 protected:
  SealingTest() {
    for (Environment* environment : {&sender, &recipient}) {
      environment->crypto = crypto.get();
      environment->random = &random;
      environment->wall_clock = &clock;
      environment->directory = &directory;
    }
    Enter(sender, "municipality-0183", "0183");
    Enter(recipient, "municipality-0461", "0461");
    packet.mutable_letter()->set_link("a link");
  }

  void Enter(Environment& environment, const std::string& id, const std::string& code) {
    const KeyPair identity = crypto->NewSigningKey();
    const KeyPair sealing = crypto->NewSealingKey();
    environment.self = id;
    environment.secrets = {identity.secret_key, {{sealing}}, ""};
    directory.Put({id, policy::v1::AUTHORITY_KIND_MUNICIPALITY, id, code, identity.public_key,
                   sealing.public_key});
  }

  BusRecord Sealed() {
    return SealRecord(sender, *directory.Find(recipient.self), policy::v1::CHANNEL_HANDOVER,
                      packet);
  }

  std::unique_ptr<Crypto> crypto = adapters::MakeSodiumCrypto();
  adapters::SeededRandom random{1};
  adapters::SimulatedClock clock;
  adapters::MemoryDirectory directory;
  Environment sender, recipient;
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

// As a peer writes whose release has other contracts, with its signature.
TEST_F(SealingTest, ARecordOfAnotherVersionIsRefusedByName) {
  for (const char* type : {"exitbus.handover.v1", "exitbus.handover.v3", "exitbus.handover"}) {
    BusRecord record = Sealed();
    std::string bound = Framed(
        "exitbus.record.v1", {record.topic, std::to_string(absl::ToUnixSeconds(record.timestamp))});
    for (auto& [name, value] : record.headers) {
      if (name == "ce_type") value = type;
      AppendFramed(bound, name);
      AppendFramed(bound, value);
    }
    v1::Record read;
    ASSERT_TRUE(read.ParseFromString(record.payload));
    read.set_signature(
        crypto->Sign(sender.secrets.identity_key,
                     Framed("exitbus.sealed-record.v1",
                            {bound, read.sealing_key_id(), crypto->Digest(read.sealed())})));
    record.payload = read.SerializeAsString();
    EXPECT_EQ(OpenRecord(recipient, record).status().message(), "sender_of_another_version");
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
  Environment environment;
  environment.crypto = crypto.get();
  environment.secrets.index_key.assign(kKeyBytes, 'i');
  std::set<std::string> keys = {std::string(environment.secrets.index_key)};
  for (const KeyUse use : {KeyUse::kPersons, KeyUse::kAccounts, KeyUse::kPageTokens,
                           KeyUse::kWatchTokens, KeyUse::kRequests}) {
    EXPECT_EQ(KeyFor(environment, use).size(), kKeyBytes);
    EXPECT_TRUE(keys.insert(std::string(KeyFor(environment, use))).second);
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
