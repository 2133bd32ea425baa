// Letters past the two ends that judge them, on the real bus: one that its sender's kind may not
// send is not believed, though it is rightly sealed and signed; one that waits is looked at again
// before it goes. Last of the program: what is refused here both ends keep, and one row waits for
// good.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/directory/config.h"
#include "adapters/directory/key_file.h"
#include "adapters/sodium/file_master_key.h"
#include "adapters/sodium/sodium_crypto.h"
#include "adapters/sqlite/sqlite_store.h"
#include "exitbus/config/v1/config.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/vault.h"
#include "services/policy/topics.h"
#include "tests/e2e/environment.h"
#include "tests/e2e/operator.h"
#include "tests/separation/forger.h"
#include "tests/separation/opened.h"
#include "tests/separation/overfull_row.h"
#include "tests/separation/own_broker.h"
#include "tests/separation/tally.h"
#include "tests/tables/policy_tables.h"

namespace exitbus::story {
namespace {

namespace pv1 = policy::v1;
namespace ev1 = exchange::v1;
using exchange::Table;

constexpr char kNotFromThisKind[] = "letter.not_from_this_kind";
constexpr int kLettersInARecord = 32;
constexpr char kPerson[] = "6401840001";
constexpr char kMeasure[] = "Kanarie-overfull-measure.";

// One of each kind; those who forge are not those who are forged to.
const char* const kForgers[] = {kKif, kOdense, kNec, kFyn, kContactPoint};
const char* const kVictims[] = {kKif, kIshoj, kNec, kVestegnen, kContactPoint};

std::string TopicOf(const Member& member, pv1::Channel channel) {
  return policy::TopicName(channel, member.kind, member.code);
}

class LettersTest : public ::testing::Test {
 protected:
  LettersTest() {
    auto wire = KafkaWire::Connect(BrokerClient(TheDeployment().broker_address(), "provisioner"));
    EXPECT_TRUE(wire.ok()) << wire.status();
    broker_ = *std::move(wire);
  }

  // Sends the victim each message that the table does not let the forger's kind send it over this
  // channel, each about a subject of its own; the keys of their correspondences.
  std::vector<std::string> Forge(const Member& forger, const Member& victim, pv1::Channel channel) {
    std::vector<std::string> keys;
    ev1::Packet packet;
    const auto publish = [&] {
      const auto record = SealedBy(forger.id, *EntryOf(victim.id), packet, channel);
      EXPECT_TRUE(broker_->Publish(TopicOf(victim, channel), record).ok());
      packet.Clear();
    };
    for (const auto& [name, body] : EveryMessage()) {
      if (tables::FlowTable::Get().Sends(name, forger.kind, channel, victim.kind)) continue;
      const std::string subject = FreshId();
      *packet.mutable_letters()->add_letters() =
          LetterSaying(body, forger.id, victim.id, channel, subject);
      keys.push_back(exchange::CorrespondenceId{channel, forger.id, subject}.Encode());
      if (packet.letters().letters_size() == kLettersInARecord) publish();
    }
    if (packet.has_letters()) publish();
    return keys;
  }

  // What lies in the topic and opens to its reader's keys.
  std::vector<ev1::Letter> LettersTo(const Member& reader, pv1::Channel channel) {
    const std::string topic = TopicOf(reader, channel);
    const auto records = broker_->ReadAll(topic);
    EXPECT_TRUE(records.ok()) << records.status();
    std::vector<exchange::BusRecord> read;
    for (const WireRecord& record : *records) read.push_back(AsRead(topic, record));
    const auto opened = OpenRecords(TheDeployment(), reader, read);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return LettersIn(*opened);
  }

  std::unique_ptr<KafkaWire> broker_;
};

// The rule by which the first letter of a correspondence was refused; nullopt: none has come.
std::optional<std::string> RefusedBy(exchange::Store& store, const std::string& key) {
  const auto value = store.Get(Table::kCorrespondencesIn, key);
  EXPECT_TRUE(value.ok()) << value.status();
  if (!value.ok() || !*value) return std::nullopt;
  store::v1::CorrespondenceIn row;
  EXPECT_TRUE(row.ParseFromString(**value));
  return row.refused_size() == 1 ? row.refused(0).rule() : "";
}

std::unique_ptr<exchange::Store> StoreOf(const Member& member) {
  auto store = adapters::OpenSqliteSnapshot(TheDeployment().places().journal(member));
  EXPECT_TRUE(store.ok()) << store.status();
  return *std::move(store);
}

// What it has decided on and set aside: rows of its journal, states, parked letters.
std::size_t RowsOf(const Member& member) {
  const auto store = StoreOf(member);
  std::size_t rows = 0;
  for (const Table table : {Table::kJournal, Table::kStates, Table::kParked}) {
    const auto found = store->Scan(table, "", "", 1'000'000);
    EXPECT_TRUE(found.ok()) << found.status();
    rows += found.ok() ? found->size() : 0;
  }
  return rows;
}

// What the tests before this one set off has come to rest: letters to NEC wait for a while, and
// on a busy machine one quiet second is none.
void AwaitRest() {
  constexpr int kQuietLooks = 5;
  std::size_t seen = 0;
  int quiet = 0;
  EXPECT_TRUE(Operator::Eventually([&] {
    absl::SleepFor(absl::Seconds(1));
    std::size_t now = 0;
    for (const char* victim : kVictims) now += RowsOf(MemberNamed(victim));
    quiet = std::exchange(seen, now) == now ? quiet + 1 : 0;
    return quiet == kQuietLooks;
  }));
}

TEST_F(LettersTest, NobodyIsBelievedWhatItsKindMayNotSend) {
  AwaitRest();
  for (const char* victim_id : kVictims) {
    const Member& victim = MemberNamed(victim_id);
    const std::size_t before = RowsOf(victim);
    std::vector<std::string> keys;
    for (const char* forger_id : kForgers) {
      const Member& forger = MemberNamed(forger_id);
      for (int i = 1; i <= pv1::Channel_MAX; ++i) {
        const auto channel = static_cast<pv1::Channel>(i);
        // What the broker lets it write.
        if (forger.id == victim.id) continue;
        if (!tables::FlowTable::Get().Sends(forger.kind, channel, victim.kind)) continue;
        const auto forged = Forge(forger, victim, channel);
        keys.insert(keys.end(), forged.begin(), forged.end());
      }
    }
    ASSERT_FALSE(keys.empty());
    ASSERT_TRUE(Operator::Eventually([&] {
      const auto store = StoreOf(victim);
      return absl::c_all_of(keys, [&](const auto& key) { return RefusedBy(*store, key); });
    })) << "not all came to "
        << victim.id;
    int refused = 0;
    const auto store = StoreOf(victim);
    for (const std::string& key : keys) refused += RefusedBy(*store, key) == kNotFromThisKind;
    EXPECT_EQ(refused, static_cast<int>(keys.size())) << victim.id;
    EXPECT_EQ(RowsOf(victim), before) << victim.id;
    Tally::Count("bus: message × sender's kind × recipient's, forged",
                 static_cast<int>(keys.size()), refused);
  }
}

// While its service does not run.
bool SpoilOutboxOf(const Member& member) {
  const auto config = adapters::LoadConfig(TheDeployment().places().config(member));
  const auto keys = adapters::KeyFile::Open(config->keys_file(), false);
  const auto crypto = adapters::MakeSodiumCrypto();
  adapters::SodiumRandom random;
  const auto master = adapters::MakeFileMasterKey(
      crypto.get(), exchange::SecretBytes((*keys)->keys().master_key()));
  const auto journal = adapters::OpenSqliteStore(TheDeployment().places().journal(member));
  const auto scope_keys =
      adapters::OpenSqliteStore(config->data_folder() + "/keys.sqlite", {.leave_no_trace = true});
  exchange::Vault vault(scope_keys->get(), crypto.get(), &random, master.get());
  return LeaveAMeasureIn(**journal, vault, kMeasure);
}

TEST_F(LettersTest, WhatWaitsIsLookedAtAgainBeforeItGoes) {
  const Member& ishoj = MemberNamed(kIshoj);
  const Member& police = MemberNamed(kVestegnen);
  const Member& nec = MemberNamed(kNec);
  Deployment& deployment = TheDeployment();
  const auto is_named = [&] {
    return absl::c_any_of(LettersTo(police, pv1::CHANNEL_CASE), [](const ev1::Letter& letter) {
      return absl::StrContains(letter.content().body(), kPerson);
    });
  };
  // Two letters without a receipt: one that rests on consent, one about an agreement.
  for (const Member* reader : {&police, &nec}) ASSERT_TRUE(deployment.KillService(*reader).ok());
  const auto holder = Actor::Make(ishoj, deployment.ClientOf(ishoj));
  ASSERT_TRUE(holder.ok()) << holder.status();
  const std::string case_id = EnrolledCase(**holder, kPerson);
  ASSERT_TRUE((*holder)->AskPolice(case_id).ok());
  ASSERT_TRUE(Operator::Eventually(is_named)) << "or nothing would be seen below";
  cv1::RevokeConsentRequest revoke;
  revoke.set_request_id(FreshId());
  revoke.set_case_id(case_id);
  ASSERT_TRUE((*holder)->Call("exitbus.casework.v1.CaseService.RevokeConsent", revoke).ok());
  // The copies on the bus are lost, and somebody's fault is in the sender's store.
  ASSERT_TRUE(deployment.KillService(ishoj).ok());
  ASSERT_TRUE(broker_->Empty(TopicOf(police, pv1::CHANNEL_CASE)).ok());
  ASSERT_TRUE(SpoilOutboxOf(ishoj));

  const std::size_t gone_to_nec = LettersTo(nec, pv1::CHANNEL_NEC).size();
  const Log log(ishoj);
  ASSERT_TRUE(deployment.StartService(ishoj).ok());
  EXPECT_TRUE(log.Await("relay.not_sent", "projection leak: agreement.measures is present"));
  // The revocation follows what it is about.
  EXPECT_TRUE(
      Operator::Eventually([&] { return LettersTo(police, pv1::CHANNEL_CASE).size() >= 2; }));
  const auto letters = LettersTo(police, pv1::CHANNEL_CASE);
  EXPECT_EQ(letters.at(0).withheld(), ev1::WITHHELD_REASON_CONSENT_REVOKED);
  EXPECT_FALSE(is_named());
  EXPECT_TRUE(
      Operator::Eventually([&] { return LettersTo(nec, pv1::CHANNEL_NEC).size() > gone_to_nec; }));
  for (const ev1::Letter& letter : LettersTo(nec, pv1::CHANNEL_NEC)) {
    EXPECT_FALSE(absl::StrContains(letter.content().body(), kMeasure));
  }
  for (const Member* reader : {&police, &nec}) ASSERT_TRUE(deployment.StartService(*reader).ok());
  for (const Member* reader : {&police, &nec}) ASSERT_TRUE(deployment.AwaitServing(*reader).ok());
  const auto unit = Actor::Make(police, deployment.ClientOf(police));
  ASSERT_TRUE(unit.ok()) << unit.status();
  EXPECT_TRUE(absl::IsNotFound((*unit)->FindFileInCharge(kPerson).status()));
  Tally::Count("bus: letters that may go no more, or not as they are", 2, 2);
}

}  // namespace
}  // namespace exitbus::story
