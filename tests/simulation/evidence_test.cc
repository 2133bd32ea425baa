// Forgeries, replays and rolled-back stores: each is refused or found, and the evidence says so.
#include <gtest/gtest.h>

#include <set>

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/casework/handover/responsibility.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/sealing.h"
#include "services/exchange/statements.h"
#include "services/exchange/vault.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/forgery.h"
#include "tests/simulation/in_file.h"

namespace exitbus::simulation {
namespace {

namespace hv1 = handover::v1;
namespace ev1 = exchange::v1;

class EvidenceTest : public testing::Test {
 protected:
  EvidenceTest()
      : ishoej(world.Municipality("0183")),
        odense(world.Municipality("0461")),
        aarhus(world.Municipality("0751")),
        nec(world.Nec()),
        case_id(EnrolledCase(world, ishoej)) {
    EXPECT_TRUE(world.Settle());
  }

  // A letter as its author's own key would sign it, put on the bus past the engine.
  void Forge(Node& author, Node& recipient, policy::v1::Channel channel, const std::string& subject,
             std::uint64_t number, const std::string& previous, const ev1::Body& body) {
    ev1::Packet packet;
    ev1::Content& content = *packet.mutable_letter()->mutable_content();
    content.set_salt(std::string(32, 's'));
    content.set_body(body.SerializeAsString());
    ev1::Link link;
    link.set_sender(author.id());
    link.set_recipient(recipient.id());
    link.set_channel(channel);
    link.set_subject(subject);
    link.set_number(number);
    link.set_previous_digest(previous);
    link.set_commitment(world.crypto->Digest(content.salt() + content.body()));
    packet.mutable_letter()->set_link(link.SerializeAsString());
    Send(author, recipient, channel, packet);
  }

  void ForgeReceipt(Node& author, Node& recipient, const std::string& subject,
                    std::uint64_t through) {
    ev1::Packet packet;
    ev1::Receipt& receipt = *packet.mutable_receipts()->add_receipts();
    receipt.set_channel(policy::v1::CHANNEL_HANDOVER);
    receipt.set_subject(subject);
    receipt.set_through(through);
    Send(author, recipient, policy::v1::CHANNEL_RECEIPT, packet);
  }

  void Send(Node& author, Node& recipient, policy::v1::Channel channel, const ev1::Packet& packet) {
    world.broker.Append(exchange::SealRecord(
        author.environment(), *world.directory.Find(recipient.id()), channel, packet));
    world.Pass(absl::Seconds(5));
  }

  std::string Signed(Node& signer, const ev1::Statement& statement) {
    return exchange::KeyedStatements(&signer.environment()).Sign(statement);
  }

  ev1::Statement TakeOver(Node& receiver, std::uint64_t number, const std::string& offer) {
    ev1::SignedStatement outer;
    outer.ParseFromString(offer);
    ev1::Statement statement;
    statement.mutable_take_over()->set_case_id(case_id);
    statement.mutable_take_over()->set_number(number);
    statement.mutable_take_over()->set_receiver(receiver.id());
    *statement.mutable_take_over()->mutable_instant() = exchange::ToProto(world.clock.Now());
    statement.mutable_take_over()->set_offer_digest(world.crypto->Digest(outer.statement()));
    return statement;
  }

  std::string OfferBy(Node& holder, Node& receiver, std::uint64_t number) {
    ev1::Statement statement;
    statement.mutable_offer()->set_case_id(case_id);
    statement.mutable_offer()->set_from_number(1);
    statement.mutable_offer()->set_number(number);
    statement.mutable_offer()->set_holder(holder.id());
    statement.mutable_offer()->set_receiver(receiver.id());
    return Signed(holder, statement);
  }

  std::string OpeningBy(Node& holder) {
    ev1::Statement statement;
    statement.mutable_opening()->set_case_id(case_id);
    statement.mutable_opening()->set_holder(holder.id());
    *statement.mutable_opening()->mutable_instant() = exchange::ToProto(opened);
    return Signed(holder, statement);
  }

  std::string ResponsibleNow(const std::vector<std::string>& statements) {
    const exchange::KeyedStatements keys(&nec.environment());
    const auto found = casework::ResponsibleAt(world.clock.Now(), statements, keys);
    return found.ok() ? found->authority : std::string(found.status().message());
  }

  World world;
  Node& ishoej;
  Node& odense;
  Node& aarhus;
  Node& nec;
  std::string case_id;
  absl::Time opened = world.clock.Now();
};

TEST_F(EvidenceTest, AForgedSecondHolderIsFound) {
  const std::string first = OfferBy(ishoej, odense, 2);
  const std::string second = OfferBy(ishoej, aarhus, 2);
  const std::string taken_by_odense = Signed(odense, TakeOver(odense, 2, first));
  const std::string taken_by_aarhus = Signed(aarhus, TakeOver(aarhus, 2, second));
  const std::string opening = OpeningBy(ishoej);
  EXPECT_EQ(ResponsibleNow({opening}), ishoej.id());
  EXPECT_EQ(ResponsibleNow({taken_by_odense, first, opening}), odense.id());
  EXPECT_EQ(ResponsibleNow({opening, first, taken_by_odense, second, taken_by_aarhus}),
            "evidence.two_holders: number 2");
}

TEST_F(EvidenceTest, TwoNumbersTakenFromOneHolderAreFoundToo) {
  const std::string first = OfferBy(ishoej, odense, 2);
  const std::string second = OfferBy(ishoej, aarhus, 3);
  EXPECT_EQ(
      ResponsibleNow({OpeningBy(ishoej), first, second, Signed(odense, TakeOver(odense, 2, first)),
                      Signed(aarhus, TakeOver(aarhus, 3, second))}),
      "evidence.two_holders: number 1");
}

TEST_F(EvidenceTest, ATakeOverWithoutAnOfferProvesNothing) {
  const std::string foreign = OfferBy(aarhus, odense, 2);  // by one who never held the case
  EXPECT_EQ(
      ResponsibleNow({OpeningBy(ishoej), foreign, Signed(odense, TakeOver(odense, 2, foreign))}),
      "evidence.broken: an offer is not by the holder before it");
  EXPECT_EQ(ResponsibleNow({OpeningBy(ishoej), Signed(odense, TakeOver(odense, 2, foreign))}),
            "evidence.broken: a take-over answers no offer");
}

// Offers are kept for good. The same dossier offered twice has no digest in common, so that none of
// them confirms a guess at what it held. The leading part has two: v0.2 does not read all of it.
TEST_F(EvidenceTest, AnOffersDigestsConfirmNobodysGuess) {
  const auto digests = [&] {
    const std::string id = Offered(world, ishoej, case_id, odense);
    ev1::SignedStatement outer;
    ev1::Statement statement;
    EXPECT_TRUE(outer.ParseFromString(InFile(ishoej, id).offer()));
    EXPECT_TRUE(statement.ParseFromString(outer.statement()));
    EXPECT_TRUE(Do(world, odense, "DeclineOffer", id).ok());
    EXPECT_TRUE(world.Settle());
    const auto& all = statement.offer().dossier_digests();
    return std::set<std::string>(all.begin(), all.end());
  };
  std::set<std::string> first = digests();
  EXPECT_EQ(first.size(), 3U);
  first.merge(digests());
  EXPECT_EQ(first.size(), 6U);
}

TEST_F(EvidenceTest, ATakeOverInAnothersNameIsRefusedByTheHolder) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ev1::Body body;
  body.mutable_case_taken_over()->set_take_over(
      Signed(aarhus, TakeOver(odense, 2, OfferBy(ishoej, odense, 2))));
  body.mutable_case_taken_over()->set_number(2);
  // Aarhus is no party of this handover; under its own name it is refused by rule …
  Forge(aarhus, ishoej, policy::v1::CHANNEL_HANDOVER, id, 1, "", body);
  EXPECT_EQ(GetHandover(ishoej, id)->stage(), hv1::HANDOVER_STAGE_OFFERED);
  EXPECT_EQ(GetCase(ishoej, case_id)->standing(), casework::v1::STANDING_RESPONSIBLE);
  // … and what is really taken over still goes through.
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(ishoej, case_id)->standing(), casework::v1::STANDING_FORMER);
}

TEST_F(EvidenceTest, AReplayedTakeOverChangesNothing) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  const auto before = GetHandover(ishoej, id);
  const auto states = ishoej.store().rows(exchange::Table::kStates);
  for (const std::string& topic : world.broker.Topics()) {
    for (const exchange::BusRecord& record : world.broker.Records(topic)) {
      world.broker.Append(record);
    }
  }
  world.Pass(absl::Minutes(1));
  EXPECT_EQ(ishoej.store().rows(exchange::Table::kStates), states);
  EXPECT_EQ(GetHandover(ishoej, id)->stage(), before->stage());
  EXPECT_EQ(ishoej.telemetry().Total("correspondences.stopped"), 0);
}

TEST_F(EvidenceTest, NecBelievesATakeOverByTheSlipOfTheHolderForNecAlone) {
  const auto entry = OnlyEntry(nec);
  ASSERT_TRUE(entry.ok()) << entry.status();
  ev1::Statement right;
  right.mutable_slip()->set_reader(nec.id());
  right.mutable_slip()->set_reader_subject(entry->overview_id());
  right.mutable_slip()->set_from_number(1);
  right.mutable_slip()->set_number(2);
  right.mutable_slip()->set_holder(ishoej.id());
  right.mutable_slip()->set_receiver(aarhus.id());
  const auto refused_by = [&](const std::string& slip) -> std::string {
    ev1::Body body;
    body.mutable_case_taken_over()->set_number(2);
    body.mutable_case_taken_over()->set_slip(slip);
    nec.telemetry().Clear();
    simulation::Forge(world, {aarhus, nec, policy::v1::CHANNEL_NEC, entry->overview_id(), body});
    EXPECT_EQ(OnlyEntry(nec)->authority(), ishoej.id());
    const auto lines = nec.telemetry().LinesOf("letter.refused");
    return lines.size() == 1 ? lines[0].fields[0].second : "not refused";
  };
  EXPECT_EQ(refused_by(""), "slip.missing");
  EXPECT_EQ(refused_by(Signed(aarhus, right)), "slip.not_signed");
  ev1::Statement of_another = right;
  of_another.mutable_slip()->set_receiver(odense.id());
  EXPECT_EQ(refused_by(Signed(ishoej, of_another)), "slip.for_another");
  ev1::Statement by_itself = right;
  by_itself.mutable_slip()->set_holder(aarhus.id());
  EXPECT_EQ(refused_by(Signed(aarhus, by_itself)), "slip.not_by_holder");
}

TEST_F(EvidenceTest, WhatItsKindMayNotSendIsRefusedWhoeverSignedIt) {
  Node& police = world.Police("1465");
  ev1::Body body;
  body.mutable_security_assessment_transferred()->mutable_person()->set_name("Forged Name");
  Forge(odense, police, policy::v1::CHANNEL_SECURITY, "a-handover", 1, "", body);
  const auto& outcomes = police.store().rows(exchange::Table::kInbox);
  ASSERT_EQ(outcomes.size(), 1U);
  store::v1::InboxRow row;
  ASSERT_TRUE(row.ParseFromString(outcomes.begin()->second));
  EXPECT_EQ(row.outcome(), "letter.not_from_this_kind");
  EXPECT_TRUE(police.store().rows(exchange::Table::kParked).empty());
}

TEST_F(EvidenceTest, AReceiptForWhatWasNeverSentStopsNothingButItsOwnCorrespondence) {
  const auto& sent = ishoej.store().rows(exchange::Table::kCorrespondencesOut);
  const auto before = sent;
  ForgeReceipt(odense, ishoej, "ab000000-0000-4000-8000-000000000000", 1);
  EXPECT_EQ(sent, before);
  EXPECT_EQ(ishoej.telemetry().Total("receipts.for_unsent"), 1);
  EXPECT_EQ(ishoej.telemetry().LinesOf("receipt.for_unsent").size(), 1U);

  const auto requested = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  ForgeReceipt(odense, ishoej, requested->handover_id(), 99);
  EXPECT_EQ(ishoej.telemetry().Total("correspondences.stopped", {{"why", "receipt_for_unsent"}}),
            1);
  EXPECT_EQ(ishoej.telemetry().LinesOf("correspondence.stopped").size(), 1U);
}

TEST_F(EvidenceTest, AFlippedBitIsADeadLetterAndNothingElse) {
  const auto requested = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  exchange::BusRecord record = world.broker.Records("exitbus.v1.handover.municipality.0461")[0];
  record.payload[record.payload.size() / 2] ^= 1;
  world.broker.Append(record);
  world.Pass(absl::Seconds(5));
  EXPECT_EQ(odense.telemetry().Total("dead_letters", {{"reason", "bad_signature"}}), 1);
  EXPECT_EQ(GetHandover(odense, requested->handover_id())->stage(), hv1::HANDOVER_STAGE_REQUESTED);
}

// Whoever is behind says nothing once it knows. This one could not be told.
TEST_F(EvidenceTest, ARestoredBackupThatNobodyToldStopsTheCorrespondence) {
  const auto requested = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  auto backup = ishoej.store().Snapshot();
  ASSERT_TRUE(Do(world, ishoej, "RecallHandover", requested->handover_id()).ok());
  ASSERT_TRUE(world.Settle());
  odense.Crash();
  world.broker.Wipe();
  ishoej.Restore(std::move(backup));
  // The restored holder says something else under the number it has used already.
  ASSERT_TRUE(Do(world, ishoej, "ProposeTerms", requested->handover_id()).ok());
  world.Pass(absl::Minutes(1));
  odense.Start();
  world.Pass(absl::Minutes(10));
  for (Node* node : {&ishoej, &odense}) {
    EXPECT_GT(node->telemetry().Total("correspondences.stopped"), 0) << node->id();
    EXPECT_FALSE(node->telemetry().LinesOf("correspondence.stopped").empty()) << node->id();
  }
  EXPECT_EQ(GetHandover(odense, requested->handover_id())->stage(), hv1::HANDOVER_STAGE_RECALLED);
}

}  // namespace
}  // namespace exitbus::simulation
