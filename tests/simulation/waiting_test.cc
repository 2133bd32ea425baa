// What is decided is never dropped: what falls due is carried out, what cannot be addressed or
// understood yet waits where it is seen, and what waits is bounded.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/evidence_journal/v1/journal.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "exitbus/store/v1/waiting.pb.h"
#include "services/exchange/checkpoints.h"
#include "services/exchange/correspondence.h"
#include "services/exchange/event_store.h"
#include "services/exchange/incoming.h"
#include "services/exchange/keys.h"
#include "services/exchange/meta_keys.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/sealing.h"
#include "services/exchange/transaction.h"
#include "services/exchange/vault.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace ev1 = exchange::v1;
namespace pv1 = policy::v1;
using exchange::Table;
using testing::SizeIs;

// A store of tests knows how to fail; these do not.
void Write(Node& node, Table table, const std::string& key, std::optional<std::string> value) {
  ASSERT_TRUE(
      node.store().Commit(exchange::Durability::kDurable, {{table, key, std::move(value)}}).ok());
}

// Fast forward by days, in steps that meet the daily checkpoint as closely as asked.
class DeadlineTest : public testing::Test {
 protected:
  absl::Time Due() {
    exchange::Transaction transaction(&ishoej.store());
    const auto row = exchange::Load<store::v1::StateRow>(
        transaction, Table::kStates,
        exchange::StateKey{exchange::kCheckpointAggregate, exchange::kOwnBook}.Encode());
    evidence_journal::v1::Book book;
    EXPECT_TRUE(row && book.ParseFromString(row->sealed_state()));
    return exchange::FromProto(book.due());
  }

  // The next tick comes this long before the deadline.
  void MeetEarly(absl::Duration early) {
    world.domain_clock.Skip(Due() - world.domain_clock.Now() - absl::Seconds(1) - early);
    world.Pass(absl::Seconds(1));
  }

  World world;
  Node& ishoej = world.Municipality("0183");
};

TEST_F(DeadlineTest, NoneIsLostToATickThatMeetsItWithinItsMillisecond) {
  world.Pass(absl::Seconds(30));  // and the first checkpoint is made
  adapters::SeededRandom random(7);
  for (int i = 0; i < 2000; ++i) {
    const absl::Time due = Due();
    MeetEarly(absl::Nanoseconds(1) + exchange::RandomDelay(random, absl::Milliseconds(2)));
    ASSERT_EQ(Due(), due) << "it was not due yet";
    world.Pass(absl::Seconds(1));
    ASSERT_GT(Due(), due) << "day " << i;
  }
}

TEST_F(DeadlineTest, OneThatWasLostIsAwaitedAgainFromTheNextStartOn) {
  world.Pass(absl::Seconds(30));
  const absl::Time due = Due();
  for (const auto& [key, value] : std::map(ishoej.store().rows(Table::kTimers))) {
    Write(ishoej, Table::kTimers, key, std::nullopt);
  }
  ishoej.Crash();
  ishoej.Start();
  world.Pass(absl::Seconds(30));
  MeetEarly(absl::ZeroDuration());
  world.Pass(absl::Seconds(1));
  EXPECT_GT(Due(), due);
}

// A case goes from Ishøj, Vestegnen's district, to Odense, Fyn's; when Odense takes it over, its
// directory is an older one that does not list Fyn's police unit.
TEST(UnaddressedTest, WhatIsForWhoIsNotListedYetWaitsInSightAndGoesWhenItIs) {
  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  Node& vestegnen = world.Police("1469");
  Node& fyn = world.Police("1465");
  const std::string case_id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  const std::string id = Offered(world, ishoej, case_id, odense);
  adapters::MemoryDirectory older;
  for (const auto& entry : world.directory.All()) {
    if (entry->id != fyn.id()) older.Put(*entry);
  }
  odense.environment().directory = &older;
  odense.Crash();
  odense.Start();
  world.Pass(absl::Minutes(1));
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  world.Pass(absl::Hours(72));
  EXPECT_EQ(OnlyFile(vestegnen)->standing(), police::v1::POLICE_STANDING_FORMER);
  EXPECT_NE(OnlyFile(fyn)->standing(), police::v1::POLICE_STANDING_IN_CHARGE);
  EXPECT_GT(odense.telemetry().Gauge("outbox.unaddressed", {}), 0);
  EXPECT_THAT(odense.telemetry().LinesOf("outgoing.not_in_directory"), SizeIs(1));

  odense.Crash();  // it outlives that too
  odense.Start();
  older.Put(*world.directory.Find(fyn.id()));
  ASSERT_TRUE(world.Settle());
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(OnlyFile(fyn)->standing(), police::v1::POLICE_STANDING_IN_CHARGE);
  EXPECT_EQ(odense.telemetry().Gauge("outbox.unaddressed", {}), 0);
}

// What is looked at each second costs nothing while nothing waits.
TEST(UnaddressedTest, NobodyLooksForWhatWaitsWhereNothingDoes) {
  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  const std::string case_id = EnrolledCase(world, ishoej);
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  int looked = 0;
  ishoej.store().ObserveScans([&](Table table, std::string_view prefix) {
    if (table != Table::kMeta) return;
    looked += prefix == exchange::MetaKey{exchange::Meta::kAwaited, ""}.Encode() ? 1 : 0;
    looked += prefix == exchange::WaitingKey::Prefix(exchange::kAwaitsUpgrade) ? 1 : 0;
  });
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  world.Pass(absl::Minutes(1));
  EXPECT_EQ(looked, 0);
  ishoej.Crash();
  ishoej.Start();
  world.Pass(absl::Minutes(1));
  EXPECT_GT(looked, 0) << "what an earlier process left is looked for";
  EXPECT_LT(looked, 10);
}

// What Ishøj's program could send Odense's, rightly signed and sealed.
class FromOutsideTest : public testing::Test {
 protected:
  // Under a subject of its own; a kind that Odense's version does not know unless it has one.
  ev1::Letter LetterOf(const std::string& subject, ev1::Body body, std::uint64_t number = 1,
                       const std::string& previous_digest = "") {
    body.set_message_id("m-1");
    *body.mutable_registered() = exchange::ToProto(world.clock.Now());
    *body.mutable_valid_from() = body.registered();
    body.set_purpose(pv1::PURPOSE_HANDOVER);
    body.set_legal_basis(pv1::LEGAL_BASIS_FVL28);
    ev1::Letter letter;
    ev1::Content& content = *letter.mutable_content();
    content.set_salt(std::string(32, 's'));
    content.set_body(body.SerializeAsString());
    ev1::Link link;
    link.set_sender(sender->id());
    link.set_recipient(odense.id());
    link.set_channel(pv1::CHANNEL_HANDOVER);
    link.set_subject(subject);
    link.set_number(number);
    link.set_previous_digest(previous_digest);
    link.set_commitment(world.crypto->Digest(content.salt() + content.body()));
    letter.set_link(link.SerializeAsString());
    return letter;
  }
  static ev1::Body OfANewerVersion(std::size_t bytes = 10) {
    ev1::Body body;
    body.GetReflection()->MutableUnknownFields(&body)->AddLengthDelimited(19999,
                                                                          std::string(bytes, 'n'));
    return body;
  }
  ev1::Body ARequest() {
    ev1::Body body;
    handover::v1::HandoverRequested& requested = *body.mutable_handover_requested();
    requested.set_reason(handover::v1::HANDOVER_REASON_RELOCATION);
    requested.set_contact_id("c-1");
    *requested.mutable_expected() = exchange::ToProto(world.clock.Now());
    *requested.mutable_due() = exchange::ToProto(world.clock.Now() + absl::Hours(100));
    return body;
  }
  // About a handover that is not known, it waits for that.
  ev1::Body ARecall() {
    ev1::Body body;
    *body.mutable_handover_recalled()->mutable_recalled() = exchange::ToProto(world.clock.Now());
    return body;
  }
  // Refused, by whoever has no business with it.
  static ev1::Body ANudge() {
    ev1::Body body;
    body.mutable_handover_nudged();
    return body;
  }

  void Publish(const ev1::Packet& packet) {
    world.broker.Append(exchange::SealRecord(
        sender->environment(), *world.directory.Find(odense.id()), pv1::CHANNEL_HANDOVER, packet));
    world.executor.RunUntilIdle();
  }
  void Publish(const ev1::Letter& letter) {
    ev1::Packet packet;
    *packet.mutable_letter() = letter;
    Publish(packet);
  }
  // Odense is upgraded: what the first parked letter holds is a kind that is known now.
  void KnowsNow(const ev1::Letter& letter) {
    const auto [key, value] = *odense.store().rows(Table::kParked).begin();
    store::v1::ParkedLetter row;
    ASSERT_TRUE(row.ParseFromString(value));
    row.set_sealed_letter(odense.environment().vault->Encrypt(
        exchange::kAuthorityScope, {Table::kParked, key}, letter.SerializeAsString()));
    Write(odense, Table::kParked, key, row.SerializeAsString());
    odense.Crash();
    odense.Start();
  }
  std::size_t Rows(Table table) { return odense.store().rows(table).size(); }
  // How far Odense has taken what Ishøj sent.
  std::uint64_t Taken(const std::string& subject) {
    exchange::Transaction transaction(&odense.store());
    return exchange::InOf(transaction, {pv1::CHANNEL_HANDOVER, ishoej.id(), subject}).through();
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  Node* sender = &ishoej;
};

TEST_F(FromOutsideTest, AKindOfANewerVersionParksInSightAndIsNotReceipted) {
  Publish(LetterOf("h-1", OfANewerVersion()));
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(Rows(Table::kParked), 1U);
  EXPECT_EQ(Rows(Table::kInbox), 0U) << "neither applied nor refused";
  EXPECT_EQ(odense.telemetry().Gauge("letters.awaiting_upgrade", {}), 1);
  EXPECT_THAT(odense.telemetry().LinesOf("letter.of_newer_version"), SizeIs(1));
  Publish(LetterOf("h-1", OfANewerVersion()));  // it comes again, as it is not receipted
  EXPECT_THAT(odense.telemetry().LinesOf("letter.of_newer_version"), SizeIs(1));
  EXPECT_EQ(odense.telemetry().Total("letters.of_newer_version"), 1);
  odense.Crash();
  odense.Start();
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(Rows(Table::kParked), 1U);
  EXPECT_EQ(odense.telemetry().Gauge("letters.awaiting_upgrade", {}), 1);
}

TEST_F(FromOutsideTest, WhatParkedForAnUpgradeIsTakenUpByTheVersionThatKnowsIt) {
  Publish(LetterOf("h-1", OfANewerVersion()));
  ASSERT_EQ(Rows(Table::kParked), 1U);
  KnowsNow(LetterOf("h-1", ARequest()));
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(Rows(Table::kParked), 0U);
  EXPECT_TRUE(GetHandover(odense, "h-1").ok());
  EXPECT_EQ(odense.telemetry().Gauge("letters.awaiting_upgrade", {}), 0);
}

// What it had parked is of another chain. That is alarmed at once, and only once.
TEST_F(FromOutsideTest, AParkedLetterOfAnotherChainStopsItOnce) {
  Publish(LetterOf("h-1", ANudge(), 2, "another chain"));
  Publish(LetterOf("h-1", ARequest()));
  sender = &world.Municipality("0751");
  Publish(LetterOf("h-1", ANudge()));
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(odense.telemetry().Total("correspondences.stopped"), 1);
  EXPECT_EQ(Taken("h-1"), 1U);
}

TEST_F(FromOutsideTest, AStoppedCorrespondenceDoesNotGoOnByWhatIsParked) {
  const ev1::Letter first = LetterOf("h-1", ANudge());
  Publish(first);
  Publish(LetterOf("h-1", ARecall(), 2, world.crypto->Digest(first.link())));
  ASSERT_EQ(Rows(Table::kParked), 1U);
  Publish(LetterOf("h-1", ARequest()));  // another one of the first's number
  ASSERT_EQ(odense.telemetry().Total("correspondences.stopped"), 1);
  sender = &world.Municipality("0751");
  Publish(LetterOf("h-1", ARequest()));  // what the parked one waits for
  world.Pass(absl::Seconds(2));
  ASSERT_TRUE(GetHandover(odense, "h-1").ok());
  EXPECT_EQ(Taken("h-1"), 1U);
}

TEST_F(FromOutsideTest, APeerCannotFillTheStoreWithWhatIsParked) {
  constexpr std::size_t kEach = 900 * 1024;
  for (int i = 0; i < 100; ++i) {
    Publish(LetterOf("h-" + std::to_string(i), OfANewerVersion(kEach)));
  }
  std::size_t bytes = 0;
  for (const auto& [key, value] : odense.store().rows(Table::kParked)) bytes += value.size();
  EXPECT_LE(bytes, 65U << 20);
  EXPECT_GT(odense.telemetry().Total("letters.parked_full"), 0);
  EXPECT_THAT(odense.telemetry().LinesOf("letters.parked_full"), testing::Not(SizeIs(0)));
}

TEST_F(FromOutsideTest, WhatAnUpgradeTakesUpIsShownWhereItStops) {
  const auto [first, second] =
      std::pair(LetterOf("h-1", OfANewerVersion()), LetterOf("h-1", ARecall(), 2, "another chain"));
  Publish(first);
  Publish(second);
  ASSERT_EQ(Rows(Table::kParked), 2U);
  KnowsNow(LetterOf("h-1", ARequest()));
  world.Pass(absl::Seconds(2));
  ASSERT_EQ(odense.telemetry().Total("correspondences.stopped"), 1);
  ASSERT_TRUE(GetHandover(odense, "h-1").ok());
  EXPECT_TRUE(GetHandover(odense, "h-1")->correspondence_stopped());
}

TEST_F(FromOutsideTest, OfRefusedLettersTheLastAreKeptAndAllAreCounted) {
  std::string previous;
  for (int number = 1; number <= 100; ++number) {
    const ev1::Letter letter = LetterOf("h-1", ANudge(), number, previous);
    previous = world.crypto->Digest(letter.link());
    Publish(letter);
  }
  EXPECT_EQ(Rows(Table::kInbox), 100U);
  store::v1::CorrespondenceIn in;
  ASSERT_TRUE(in.ParseFromString(odense.store().rows(Table::kCorrespondencesIn).begin()->second));
  EXPECT_LE(in.refused_size(), 16);
  EXPECT_EQ(in.refused().rbegin()->number(), 100U);
}

TEST_F(FromOutsideTest, ARecordWithMoreLettersThanOneHoldsIsRefused) {
  ev1::Packet packet;
  for (int i = 0; i < 65; ++i) {
    *packet.mutable_letters()->add_letters() = LetterOf("h-" + std::to_string(i), ARequest());
  }
  Publish(packet);
  EXPECT_EQ(Rows(Table::kInbox), 0U);
  EXPECT_EQ(odense.telemetry().Total("dead_letters", {{"reason", "too_many_letters"}}), 1);
  packet.mutable_letters()->mutable_letters()->RemoveLast();
  Publish(packet);
  EXPECT_EQ(Rows(Table::kInbox), 64U);
}

TEST_F(FromOutsideTest, DeadLettersAreARingOfShortRows) {
  for (int i = 0; i < 1100; ++i) {
    exchange::BusRecord record;
    record.topic = "exitbus.v1.handover.municipality.0461";
    record.timestamp = world.clock.Now();
    record.headers = {{"ce_id", std::string(20000, 'i') + std::to_string(i)},
                      {"ce_source", "urn:exitbus:" + std::string(20000, 's')}};
    record.payload = "x";
    world.broker.Append(std::move(record));
  }
  world.executor.RunUntilIdle();
  const auto& rows = odense.store().rows(Table::kDeadLetters);
  EXPECT_EQ(rows.size(), 1000U);
  for (const auto& [key, value] : rows) ASSERT_LT(key.size() + value.size(), 1000U);
  EXPECT_EQ(odense.telemetry().Total("dead_letters"), 1100);
}

TEST_F(FromOutsideTest, WhatAPeerBeginsInADayIsBoundedAndAlarmed) {
  store::v1::NewSubjects begun;
  begun.set_day(absl::ToUnixSeconds(world.domain_clock.Now()) / (24 * 60 * 60));
  begun.set_count(exchange::Incoming::kNewSubjectsPerDayMax - 20);
  Write(odense, Table::kMeta, exchange::MetaKey{exchange::Meta::kNewSubjects, ishoej.id()}.Encode(),
        begun.SerializeAsString());
  const auto publish_all = [&] {
    for (int i = 0; i < 30; ++i) Publish(LetterOf("h-" + std::to_string(i), ARequest()));
  };
  publish_all();
  EXPECT_EQ(Rows(Table::kCorrespondencesIn), 20U);
  EXPECT_THAT(odense.telemetry().LinesOf("inbox.too_many_new_subjects"), SizeIs(1));
  EXPECT_EQ(odense.telemetry().Total("letters.new_subject_refused"), 10);
  world.Skip(absl::Hours(24));
  publish_all();  // nothing was lost: it comes again, as it is not receipted
  EXPECT_EQ(Rows(Table::kCorrespondencesIn), 30U);
}

// As a clock that was hours ahead, so that the broker refused what it stamped, and was set right.
class ClockTest : public testing::Test {
 protected:
  ClockTest() {
    case_id = EnrolledCase(world, ishoej);
    EXPECT_TRUE(world.Settle());
    ishoej.environment().wall_clock = &wall;
    ishoej.Crash();
    ishoej.Start();
    wall.Skip(absl::Hours(2));
    world.Mute(ishoej, {"handover", "nec"});
    EXPECT_TRUE(Request(world, ishoej, case_id, odense).ok());
    EXPECT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
    world.Pass(absl::Minutes(1));
    EXPECT_GT(ishoej.unreceipted(), 0U);
    wall.Skip(-absl::Hours(2));
  }

  void ExpectAllToArrive() {
    world.broker.SetPublishFault(nullptr);
    world.Pass(absl::Minutes(3));
    EXPECT_EQ(ishoej.unreceipted(), 0U);
  }

  World world;
  DomainClock wall{&world.clock};
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  std::string case_id;
};

TEST_F(ClockTest, LettersDoNotWaitForWhatAWrongClockSaid) { ExpectAllToArrive(); }

TEST_F(ClockTest, NorDoTheyAfterARestart) {
  ishoej.Crash();
  ishoej.Start();
  ExpectAllToArrive();
}

}  // namespace
}  // namespace exitbus::simulation
