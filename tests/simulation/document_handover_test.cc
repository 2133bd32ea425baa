// Documents of a case that moves: they follow it to who reads them, cross its end and its erasure,
// and are told of by digests where they are not read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "exitbus/nec/v1/overview_service.pb.h"
#include "services/exchange/event_store.h"
#include "services/exchange/keys.h"
#include "services/exchange/vault.h"
#include "tests/simulation/document_world.h"

namespace exitbus::simulation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class DocumentHandoverTest : public testing::Test, protected DocumentWorld {};

TEST_F(DocumentHandoverTest, GoesToWhoTakesTheCaseOver) {
  const std::string content = Content(2 * kSlice + 5);
  const std::string id = Store(ishoej, content);
  const std::string health =
      Store(ishoej, Content(11), pv1::CATEGORY_HEALTH, cv1::DOCUMENT_KIND_ASSESSMENT);
  const std::string handover = Offered(world, ishoej, case_id, odense);
  EXPECT_EQ(SlicesAt(odense), 0U) << "no byte before the take-over";
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", handover).ok());
  EXPECT_THAT(Listed(odense), ElementsAre("MEASURES ARRIVING", "HEALTH ARRIVING"));
  EXPECT_TRUE(absl::IsNotFound(ReadSlice(odense, id, 1).status())) << "it is not whole";
  Arrive();
  EXPECT_THAT(Listed(odense), ElementsAre("MEASURES COMPLETE", "HEALTH COMPLETE"));
  EXPECT_EQ(Read(odense, id, 3), content);
  EXPECT_EQ(Read(odense, health, 1), Content(11));
  EXPECT_FALSE(LiesInTheClear(odense));
  EXPECT_FALSE(LiesInTheClear(ishoej));
  EXPECT_EQ(Read(ishoej, id, 3), content) << "who let it go keeps what it held";
  EXPECT_EQ(RuleOf(Begin(ishoej, content).status()), "case.not_responsible");
}

TEST_F(DocumentHandoverTest, WithoutConsentThatPartDoesNotGo) {
  Store(ishoej, Content(10), pv1::CATEGORY_HEALTH, cv1::DOCUMENT_KIND_ASSESSMENT);
  Store(ishoej, Content(10));
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  TakenOver(odense);
  Arrive();
  EXPECT_THAT(Listed(odense), ElementsAre("MEASURES COMPLETE"));
}

// The next holder does not read a sentence in full, so no document of it goes there.
TEST_F(DocumentHandoverTest, WhatTheNextHolderMayNotReadDoesNotGo) {
  case_id = EnrolledCase(world, prison, "6202900002");
  Store(prison, Content(10), pv1::CATEGORY_SENTENCE);
  Store(prison, Content(10), pv1::CATEGORY_AGREEMENT, cv1::DOCUMENT_KIND_AGREEMENT);
  EXPECT_THAT(Listed(prison), ElementsAre("SENTENCE COMPLETE", "AGREEMENT COMPLETE"));
  const std::string handover = Offered(world, prison, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", handover).ok());
  ASSERT_TRUE(world.Settle());
  Arrive();
  EXPECT_THAT(Listed(odense), ElementsAre("AGREEMENT COMPLETE"));
  EXPECT_EQ(SlicesAt(odense), 1U);
}

TEST_F(DocumentHandoverTest, WhileTheCaseIsOfferedNothingIsStored) {
  const std::string content = Content(2 * kSlice);
  const std::string id = Begin(ishoej, content)->document_id();
  ASSERT_TRUE(Send(ishoej, SliceOf(case_id, id, content, 1)).ok());
  const std::string handover = Offered(world, ishoej, case_id, odense);
  EXPECT_EQ(RuleOf(Send(ishoej, SliceOf(case_id, id, content, 2)).status()),
            "handover.offered_freezes_agreement");
  EXPECT_EQ(RuleOf(Begin(ishoej, content).status()), "handover.offered_freezes_agreement");
  ASSERT_TRUE(Do(world, odense, "DeclineOffer", handover).ok());
  ASSERT_TRUE(world.Settle());
  auto again = SliceOf(case_id, id, content, 2);
  again.set_request_id("again");
  EXPECT_EQ(Send(ishoej, again)->stage(), cv1::DOCUMENT_STAGE_COMPLETE);
}

TEST_F(DocumentHandoverTest, WhatIsHalfStoredStaysBehind) {
  const std::string content = Content(2 * kSlice);
  const std::string id = Begin(ishoej, content)->document_id();
  ASSERT_TRUE(Send(ishoej, SliceOf(case_id, id, content, 1)).ok());
  TakenOver(odense);
  Arrive();
  EXPECT_THAT(Listed(odense), IsEmpty());
  world.Skip(absl::Hours(25));
  EXPECT_EQ(SlicesAt(ishoej), 0U);
}

// A handover that fails leaves nothing of them where they were named.
TEST_F(DocumentHandoverTest, ADeclinedOfferTakesThemAlong) {
  const std::string id = Store(ishoej, Content(kSlice + 5));
  const std::string handover = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "DeclineOffer", handover).ok());
  ASSERT_TRUE(world.Settle());
  Arrive();
  EXPECT_EQ(SlicesAt(odense), 0U);
  EXPECT_FALSE(List(odense).ok());
  EXPECT_EQ(Read(ishoej, id, 2), Content(kSlice + 5));
  // Another one takes the case, and gets them.
  const std::string next = Offered(world, ishoej, case_id, albertslund);
  ASSERT_TRUE(Do(world, albertslund, "TakeOverCase", next).ok());
  ASSERT_TRUE(world.Settle());
  Arrive();
  EXPECT_THAT(Listed(albertslund), ElementsAre("MEASURES COMPLETE"));
}

TEST_F(DocumentHandoverTest, ACaseIsNotOfferedOnBeforeItsDocumentsAreThere) {
  const std::string id = Store(ishoej, Content(kSlice + 5));
  const std::string handover = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", handover).ok());
  world.broker.Stop();
  EXPECT_THAT(Listed(odense), ElementsAre("MEASURES ARRIVING"));
  world.broker.Start();
  ASSERT_TRUE(world.Settle());
  Arrive();
  EXPECT_THAT(Listed(odense), ElementsAre("MEASURES COMPLETE"));
  // And on to a third authority, as they came.
  const std::string on = Offered(world, odense, case_id, albertslund);
  ASSERT_TRUE(Do(world, albertslund, "TakeOverCase", on).ok());
  ASSERT_TRUE(world.Settle());
  Arrive();
  EXPECT_EQ(Read(albertslund, id, 2), Content(kSlice + 5));
}

// As a former holder's store may have it that was put back, or altered by who has its keys.
TEST_F(DocumentHandoverTest, WhatComesOtherwiseThanItWasNamedIsDamaged) {
  const std::string id = Store(ishoej, Content(2 * kSlice));
  const auto [key, value] = *ishoej.store().rows(exchange::Table::kAttachments).rbegin();
  const auto of = exchange::AttachmentKey::Decode(key);
  const std::string other = ishoej.environment().vault->Encrypt(
      exchange::ErasureScopeOf(of->aggregate, of->id), {exchange::Table::kAttachments, key},
      std::string(kSlice, '!'));
  ASSERT_TRUE(
      ishoej.store()
          .Commit(exchange::Durability::kDurable, {{exchange::Table::kAttachments, key, other}})
          .ok());
  TakenOver(odense);
  Arrive();
  EXPECT_THAT(Listed(odense), ElementsAre("MEASURES DAMAGED"));
  EXPECT_EQ(odense.telemetry().LinesOf("document.damaged").size(), 1U);
  EXPECT_EQ(SlicesAt(odense), 0U);
  EXPECT_TRUE(absl::IsNotFound(ReadSlice(odense, id, 1).status()));
}

TEST_F(DocumentHandoverTest, WhatDoesNotArriveIsTakenOutBeforeTheCaseGoesOn) {
  const std::string id = Store(ishoej, Content(2 * kSlice));
  const std::string key = ishoej.store().rows(exchange::Table::kAttachments).rbegin()->first;
  ASSERT_TRUE(ishoej.store()
                  .Commit(exchange::Durability::kDurable,
                          {{exchange::Table::kAttachments, key, std::nullopt}})
                  .ok());
  TakenOver(odense);
  Arrive();
  EXPECT_EQ(ishoej.telemetry().LinesOf("document.slice_missing").size(), 1U);
  EXPECT_THAT(Listed(odense), ElementsAre("MEASURES ARRIVING"));
  const std::string on = Accepted(world, odense, case_id, albertslund);
  EXPECT_EQ(RuleOf(Do(world, odense, "OfferHandover", on).status()), "handover.documents_arriving");
  ASSERT_TRUE(Remove(odense, id).ok());
  EXPECT_EQ(SlicesAt(odense), 0U);
  EXPECT_TRUE(Do(world, odense, "OfferHandover", on).ok());
}

TEST_F(DocumentHandoverTest, AnErasureLeavesNothingOfThemAnywhere) {
  const std::string id = Store(ishoej, Content(kSlice + 5));
  const std::string half = Begin(ishoej, Content(2 * kSlice))->document_id();
  ASSERT_TRUE(Send(ishoej, SliceOf(case_id, half, Content(2 * kSlice), 1)).ok());
  TakenOver(odense);
  Arrive();
  ASSERT_EQ(SlicesAt(ishoej), 3U);
  ASSERT_EQ(SlicesAt(odense), 2U);
  ASSERT_TRUE(Withdraw(odense, case_id).ok());
  ASSERT_TRUE(Erase(odense, case_id).ok());
  EXPECT_EQ(SlicesAt(odense), 0U) << "at once";
  EXPECT_TRUE(absl::IsNotFound(ReadSlice(odense, id, 1).status()));
  ASSERT_TRUE(world.Settle());
  ExpectNothingLeft();
  EXPECT_EQ(SlicesAt(ishoej), 0U);
}

// The take-over is told, and the case erased before a slice was sent, or while some are under way.
TEST_F(DocumentHandoverTest, AnErasureCrossesTheSlices) {
  Store(ishoej, Content(3 * kSlice));
  const std::string handover = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", handover).ok());
  ASSERT_TRUE(Withdraw(odense, case_id).ok());
  ASSERT_TRUE(Erase(odense, case_id).ok());
  ASSERT_TRUE(world.Settle());
  Arrive();
  ExpectNothingLeft();
  for (Node* node : {&ishoej, &odense}) EXPECT_EQ(SlicesAt(*node), 0U) << node->id();
}

TEST_F(DocumentHandoverTest, WhoReadsNothingOfTheAgreementCanProveThatItIsTheSame) {
  const std::string core = Content(kSlice + 5);
  Store(ishoej, core, pv1::CATEGORY_AGREEMENT, cv1::DOCUMENT_KIND_AGREEMENT);
  Store(ishoej, Content(7), pv1::CATEGORY_HEALTH, cv1::DOCUMENT_KIND_AGREEMENT_ANNEX);
  Store(ishoej, Content(8));
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(SignAgreement(world, ishoej, case_id,
                            {MeasureOf(cv1::MEASURE_TYPE_HOUSING, cv1::MODULE_HOUSING, ishoej,
                                       "another flat")})
                  .ok());
  ASSERT_TRUE(world.Settle());
  const auto entry = OnlyEntry(nec);
  ASSERT_TRUE(entry.ok()) << entry.status();
  const auto file = OnlyFile(vestegnen);
  ASSERT_TRUE(file.ok()) << file.status();
  const auto documents = List(ishoej)->documents();
  for (const auto& digests : {entry->document_digests(), file->document_digests()}) {
    ASSERT_THAT(digests, SizeIs(2));
    EXPECT_EQ(digests[0], world.crypto->Sha256(documents[0].salt() + core));
    EXPECT_EQ(digests[1], documents[1].salted_sha256());
  }
}

}  // namespace
}  // namespace exitbus::simulation
