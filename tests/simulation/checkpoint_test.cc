// Evidence between authorities: what was altered, cut, forked or written anew is found and named,
// and nothing else is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "exitbus/evidence_journal/v1/journal.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/evidence/collect.h"
#include "services/evidence/verify.h"
#include "services/exchange/checkpoints.h"
#include "services/exchange/event_store.h"
#include "services/exchange/keys.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/transaction.h"
#include "services/exchange/vault.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace jv1 = evidence_journal::v1;
using exchange::Table;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CheckpointTest : public testing::Test {
 protected:
  CheckpointTest() {
    NameWitnesses(ishoej, {odense.id(), nec.id()});
    NameWitnesses(odense, {ishoej.id(), nec.id()});
    case_id = EnrolledCase(world, ishoej);
    EXPECT_TRUE(world.Settle());
  }

  void NameWitnesses(Node& author, std::vector<std::string> witnesses) {
    exchange::DirectoryEntry entry = *world.directory.Find(author.id());
    entry.witnesses = std::move(witnesses);
    world.directory.Put(entry);
  }

  evidence::v1::EvidenceFile Exported(Node& node, const std::string& only_with = "") {
    auto file =
        evidence::Collect(node.store(), *world.crypto, {node.id(), world.clock.Now(), only_with});
    EXPECT_TRUE(file.ok()) << file.status();
    return *std::move(file);
  }

  std::vector<std::string> Faults(const std::vector<evidence::v1::EvidenceFile>& files) {
    std::vector<std::string> faults;
    for (const auto& finding : evidence::Verify(files, *world.crypto)) {
      if (finding.fault) faults.push_back(finding.text);
    }
    return faults;
  }
  std::vector<std::string> Notes(const std::vector<evidence::v1::EvidenceFile>& files) {
    std::vector<std::string> notes;
    for (const auto& finding : evidence::Verify(files, *world.crypto)) {
      if (!finding.fault) notes.push_back(finding.text);
    }
    return notes;
  }
  std::vector<std::string> FaultsOfAll() {
    return Faults({Exported(ishoej), Exported(odense), Exported(nec)});
  }

  jv1::Book BookAt(Node& node, const std::string& id) {
    exchange::Transaction transaction(&node.store());
    const auto row = exchange::Load<store::v1::StateRow>(
        transaction, Table::kStates,
        exchange::StateKey{exchange::kCheckpointAggregate, id}.Encode());
    jv1::Book book;
    if (row) {
      EXPECT_TRUE(book.ParseFromString(row->sealed_state()));
    }
    return book;
  }

  void Write(Node& node, Table table, const std::string& key, std::optional<std::string> value) {
    ASSERT_TRUE(
        node.store().Commit(exchange::Durability::kDurable, {{table, key, std::move(value)}}).ok());
  }

  // The journal as if `changed` had stood at `number`, with the chain computed anew to its end, and
  // the own book with it: what one who may write everything in the store would leave.
  void WriteJournalAnew(Node& node, std::uint64_t number) {
    std::string digest;
    std::map<std::uint64_t, std::string> digests;
    for (const auto& [key, bytes] : std::map(node.store().rows(Table::kJournal))) {
      store::v1::JournalEntry entry;
      ASSERT_TRUE(entry.ParseFromString(bytes));
      entry.set_previous_digest(digest);
      if (entry.sequence() == number) entry.mutable_registered()->set_nanos(1);
      const std::string changed = entry.SerializeAsString();
      Write(node, Table::kJournal, key, changed);
      digest = world.crypto->Digest(changed);
      digests[entry.sequence()] = digest;
    }
    store::v1::JournalEntry head;
    head.set_sequence(digests.rbegin()->first);
    head.set_previous_digest(digest);
    Write(node, Table::kMeta, exchange::kJournalHeadKey, head.SerializeAsString());
    jv1::Book book = BookAt(node, exchange::kOwnBook);
    for (jv1::Checkpoint& checkpoint : *book.mutable_checkpoints()) {
      jv1::Opening opening;
      ASSERT_TRUE(opening.ParseFromString(checkpoint.opening()));
      opening.set_journal_head(digests[opening.journal_sequence()]);
      checkpoint.set_opening(opening.SerializeAsString());
      checkpoint.set_digest(world.crypto->Digest(checkpoint.opening()));
    }
    store::v1::StateRow row;
    row.set_version(1);
    row.set_scope(std::string(exchange::kClearScope));
    row.set_sealed_state(book.SerializeAsString());
    Write(node, Table::kStates,
          exchange::StateKey{exchange::kCheckpointAggregate, exchange::kOwnBook}.Encode(),
          row.SerializeAsString());
  }

  // The key of one number of the correspondence on the handover `subject`.
  std::string HandoverKey(Node& peer, const std::string& subject, std::uint64_t number) {
    return exchange::LetterKey{{policy::v1::CHANNEL_HANDOVER, peer.id(), subject}, number}.Encode();
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  Node& nec = world.Nec();
  std::string case_id;
};

TEST_F(CheckpointTest, OneADayGoesToTheTwoWitnesses) {
  world.Pass(absl::Hours(3 * 24 - 1));
  EXPECT_EQ(BookAt(ishoej, exchange::kOwnBook).checkpoints_size(), 3);
  for (Node* witness : {&odense, &nec}) {
    const auto file = Exported(*witness);
    int kept = 0;
    for (const auto& checkpoint : file.received()) {
      if (checkpoint.author() != ishoej.id()) continue;
      EXPECT_EQ(checkpoint.number(), static_cast<std::uint64_t>(++kept));
      EXPECT_TRUE(checkpoint.opening().empty());
    }
    EXPECT_EQ(kept, 3);
  }
  EXPECT_THAT(FaultsOfAll(), IsEmpty());
  EXPECT_EQ(ishoej.telemetry().Total("letters.refused_by_peer"), 0);
}

TEST_F(CheckpointTest, WithoutWitnessesThereIsNoneAndOneWarning) {
  world.Pass(absl::Hours(2 * 24));
  EXPECT_EQ(BookAt(nec, exchange::kOwnBook).checkpoints_size(), 0);
  EXPECT_EQ(nec.telemetry().Total("reports", {{"event", "checkpoint.no_witnesses"}}), 1);
  NameWitnesses(nec, {ishoej.id(), odense.id()});
  world.Pass(absl::Hours(25));
  EXPECT_EQ(BookAt(nec, exchange::kOwnBook).checkpoints_size(), 1);
  EXPECT_THAT(FaultsOfAll(), IsEmpty());
}

TEST_F(CheckpointTest, AJournalWrittenAnewIsFoundByTheWitness) {
  world.Pass(absl::Hours(30));
  ASSERT_TRUE(world.Settle());
  WriteJournalAnew(ishoej, 1);
  EXPECT_THAT(Faults({Exported(ishoej)}), IsEmpty());  // by itself it is a journal like another
  EXPECT_THAT(Faults({Exported(ishoej), Exported(nec)}),
              ElementsAre(AllOf(HasSubstr("checkpoint 1, kept by its witness nec"),
                                HasSubstr("written anew")),
                          HasSubstr("checkpoint 2, kept by its witness nec")));
}

TEST_F(CheckpointTest, AnAlteredOrMissingEntryIsNamed) {
  world.Pass(absl::Hours(30));
  const auto rows = ishoej.store().rows(Table::kJournal);
  const std::string third = exchange::NumberKey{3}.Encode();
  store::v1::JournalEntry entry;
  ASSERT_TRUE(entry.ParseFromString(rows.at(third)));
  entry.set_id("another");
  Write(ishoej, Table::kJournal, third, entry.SerializeAsString());
  EXPECT_THAT(Faults({Exported(ishoej)}),
              ElementsAre(HasSubstr("number 3 is not the entry that number 4 follows")));
  Write(ishoej, Table::kJournal, third, std::nullopt);
  EXPECT_THAT(Faults({Exported(ishoej)}), ElementsAre(HasSubstr("number 3 is missing")));
  Write(ishoej, Table::kJournal, third, rows.at(third));
  Write(ishoej, Table::kJournal, rows.rbegin()->first, std::nullopt);
  EXPECT_THAT(Faults({Exported(ishoej)}), ElementsAre(HasSubstr("its end was cut")));
  Write(ishoej, Table::kJournal, rows.rbegin()->first, "no entry at all");
  EXPECT_THAT(Faults({Exported(ishoej)}),
              AllOf(testing::Contains(HasSubstr("is damaged")),
                    testing::Contains(HasSubstr("its last entry, was altered"))));
}

TEST_F(CheckpointTest, ARecordThatIsAlteredOrMissingAtOneEndIsNamed) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  const std::string key = HandoverKey(ishoej, id, 1);
  const auto rows = odense.store().rows(Table::kInbox);
  store::v1::InboxRow row;
  ASSERT_TRUE(row.ParseFromString(rows.at(key)));
  row.set_link_digest(std::string(32, 'x'));
  Write(odense, Table::kInbox, key, row.SerializeAsString());
  EXPECT_THAT(
      Faults({Exported(ishoej), Exported(odense)}),
      ElementsAre(AllOf(HasSubstr("municipality-0183 -> municipality-0461, handover, subject"),
                        HasSubstr("number 1 differ at the two ends"))));
  Write(odense, Table::kInbox, key, std::nullopt);
  EXPECT_THAT(Faults({Exported(ishoej), Exported(odense)}),
              ElementsAre(HasSubstr("number 1 is missing"),
                          HasSubstr("number 1 missing at municipality-0461")));
  Write(odense, Table::kInbox, key, rows.at(key));
  Write(ishoej, Table::kSent, HandoverKey(odense, id, 1), std::nullopt);
  EXPECT_THAT(Faults({Exported(ishoej), Exported(odense)}),
              ElementsAre(HasSubstr("number 1 is missing"),
                          HasSubstr("number 1 missing at municipality-0183")));
}

TEST_F(CheckpointTest, RecordsTakenAwayWithTheirCorrespondenceAreFoundByTheOwnCheckpoint) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  world.Pass(absl::Hours(30));
  const exchange::CorrespondenceId to{policy::v1::CHANNEL_HANDOVER, odense.id(), id};
  Write(ishoej, Table::kCorrespondencesOut, to.Encode(), std::nullopt);
  for (const auto& [key, value] : std::map(ishoej.store().rows(Table::kSent))) {
    if (exchange::LetterKey::Decode(key)->correspondence == to)
      Write(ishoej, Table::kSent, key, std::nullopt);
  }
  EXPECT_THAT(Faults({Exported(ishoej)}),
              ElementsAre(AllOf(HasSubstr("checkpoint 2"),
                                HasSubstr("correspondences are not those it committed to"))));
  const auto both = Faults({Exported(ishoej), Exported(odense)});
  EXPECT_THAT(both,
              testing::Contains(HasSubstr("missing at municipality-0183, which had sent it")));
}

TEST_F(CheckpointTest, AForkedCorrespondenceIsNamedAtBothEnds) {
  const auto requested = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  auto backup = ishoej.store().Snapshot();
  ASSERT_TRUE(Do(world, ishoej, "RecallHandover", requested->handover_id()).ok());
  ASSERT_TRUE(world.Settle());
  // Nobody is there who could tell it what it has forgotten.
  odense.Crash();
  world.broker.Wipe();
  ishoej.Restore(std::move(backup));
  ASSERT_TRUE(Do(world, ishoej, "ProposeTerms", requested->handover_id()).ok());
  world.Pass(absl::Minutes(1));
  odense.Start();
  world.Pass(absl::Minutes(10));
  const auto faults = Faults({Exported(ishoej), Exported(odense)});
  EXPECT_THAT(faults,
              testing::Contains(AllOf(HasSubstr("municipality-0183: "), HasSubstr("was stopped"))));
  EXPECT_THAT(faults,
              testing::Contains(AllOf(HasSubstr("municipality-0461: "), HasSubstr("was stopped"))));
  EXPECT_THAT(faults, testing::Contains(HasSubstr("differ at the two ends")));
}

TEST_F(CheckpointTest, WhatIsOnlyOnItsWayIsNoFault) {
  odense.Crash();
  ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok());
  world.Pass(absl::Minutes(1));
  const std::vector files = {Exported(ishoej), Exported(odense)};
  EXPECT_THAT(Faults(files), IsEmpty());
  EXPECT_THAT(Notes(files), ElementsAre(HasSubstr("not yet received by municipality-0461")));
  odense.Start();
  ASSERT_TRUE(world.Settle());
  world.Pass(absl::Seconds(1));
  // Odense's file is later than Ishøj's now, and holds what that one calls unsent.
  EXPECT_THAT(Faults({files[0], Exported(odense)}), IsEmpty());
  EXPECT_THAT(Faults({Exported(ishoej), files[1]}), IsEmpty());
  EXPECT_THAT(Notes({Exported(ishoej), files[1]}),
              testing::Contains(HasSubstr("later than municipality-0461's file")));
  EXPECT_THAT(Notes({Exported(ishoej), Exported(odense)}), IsEmpty());
}

TEST_F(CheckpointTest, AStoreSetBackIsFoundByWhatTheOthersHold) {
  world.Pass(absl::Hours(25));
  auto backup = ishoej.store().Snapshot();
  world.Pass(absl::Hours(24));
  ASSERT_TRUE(world.Settle());
  const auto kept = Exported(nec);
  ishoej.Crash();
  const auto set_back =
      evidence::Collect(*backup, *world.crypto, {ishoej.id(), world.clock.Now(), ""});
  ASSERT_TRUE(set_back.ok());
  EXPECT_THAT(Faults({*set_back}), IsEmpty());
  EXPECT_THAT(Faults({*set_back, kept}),
              testing::Contains(AllOf(HasSubstr("checkpoint 3"), HasSubstr("cut or set back"))));
}

TEST_F(CheckpointTest, ItHoldsAfterAnErasure) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  world.Pass(absl::Hours(25));
  ASSERT_TRUE(Do(world, ishoej, "RecallHandover", id).ok());  // Odense erases what it got
  ASSERT_TRUE(world.Settle());
  world.Pass(absl::Hours(25));
  ASSERT_EQ(GetHandover(odense, id)->stage(), handover::v1::HANDOVER_STAGE_RECALLED);
  EXPECT_THAT(FaultsOfAll(), IsEmpty());
}

TEST_F(CheckpointTest, AFileForOnePeerTellsOfNoOther) {
  Node& aarhus = world.Municipality("0751");
  ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok());
  ASSERT_TRUE(world.Settle());
  const auto file = Exported(ishoej, odense.id());
  EXPECT_EQ(file.SerializeAsString().find(nec.id()), std::string::npos);
  EXPECT_THAT(Faults({file, Exported(odense)}), IsEmpty());
  EXPECT_THAT(Notes({file, Exported(aarhus)}), ElementsAre(HasSubstr("is not compared")));
}

TEST_F(CheckpointTest, NoFileHoldsAPersonOrAnId) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  world.Pass(absl::Hours(30));
  for (Node* node : {&ishoej, &odense, &nec}) {
    const std::string bytes = Exported(*node).SerializeAsString();
    for (const std::string& secret :
         {id, case_id, std::string("6101900001"), std::string("Canary"), std::string("canary")}) {
      EXPECT_EQ(bytes.find(secret), std::string::npos) << secret;
    }
  }
}

TEST_F(CheckpointTest, TwoHistoriesToldToWitnessesAreKeptAndFound) {
  world.Pass(absl::Hours(25));
  ASSERT_TRUE(world.Settle());
  // Ishøj's own book says something else now; its correspondences go on as they were.
  WriteJournalAnew(ishoej, 1);
  const auto mine = BookAt(ishoej, exchange::kOwnBook).checkpoints(0);
  const exchange::Aggregate books = exchange::Checkpoints();
  exchange::v1::Body body;
  body.mutable_evidence_checkpoint()->set_number(mine.number());
  body.mutable_evidence_checkpoint()->set_digest(mine.digest());
  *body.mutable_evidence_checkpoint()->mutable_made() = mine.made();
  jv1::Book kept;
  kept.set_author(ishoej.id());
  const auto held = Exported(nec);
  for (const auto& checkpoint : held.received()) {
    if (checkpoint.author() != ishoej.id()) continue;
    kept.add_checkpoints()->set_number(checkpoint.number());
    kept.mutable_checkpoints()->rbegin()->set_digest(checkpoint.digest());
  }
  const exchange::LetterPlace place{ishoej.id(), policy::v1::CHANNEL_EVIDENCE, "checkpoints", 3};
  exchange::Decision decision = books.decide_letter(kept, place, body, {});
  ASSERT_TRUE(decision.accepted());
  ASSERT_EQ(decision.events().size(), 1U);
  EXPECT_THAT(decision.reports(),
              ElementsAre(std::pair(exchange::Severity::kError, std::string("checkpoint.forked"))));
  books.evolve(kept, *decision.events()[0]);
  EXPECT_EQ(books.decide_letter(kept, place, body, {}).no_effect(), "checkpoint_known");
  body.mutable_evidence_checkpoint()->set_digest(std::string(32, 'z'));
  EXPECT_EQ(books.decide_letter(kept, place, body, {}).refusal()->reason, "checkpoint.forked");

  auto file = held;
  auto other = Exported(odense);
  for (auto& checkpoint : *other.mutable_received()) {
    if (checkpoint.number() == mine.number()) checkpoint.set_digest(mine.digest());
  }
  EXPECT_THAT(Faults({file, other}),
              testing::Contains(HasSubstr("told its witnesses nec and municipality-0461 different "
                                          "histories as checkpoint 1")));
  *file.add_received() = other.received(0);
  EXPECT_THAT(Faults({file}), ElementsAre(HasSubstr("two histories as checkpoint 1")));
}

}  // namespace
}  // namespace exitbus::simulation
