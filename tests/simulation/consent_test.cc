// A consent is revoked: what rests on it and has not left is withheld; what left without a receipt
// is blocked where it went, and listed at both ends; everything else goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace pv1 = policy::v1;
using testing::Contains;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

const auto kConsentFields = UnorderedElementsAre(
    "consent.covers", "consent.given", "visitation.health_needs", "visitation.motivation");

class ConsentTest : public testing::Test {
 protected:
  ConsentTest()
      : ishoej(world.Municipality("0183")),
        odense(world.Municipality("0461")),
        nec(world.Nec()),
        case_id(EnrolledCase(world, ishoej)) {
    EXPECT_TRUE(world.Settle());
  }

  // An offer that the receiver has applied, and of whose receipt the holder knows nothing.
  std::string OfferedWithoutReceipt() {
    const std::string id = Accepted(world, ishoej, case_id, odense);
    world.Mute(odense, {"receipt"});
    EXPECT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
    world.Pass(absl::Seconds(30));
    EXPECT_EQ(GetHandover(odense, id)->stage(), hv1::HANDOVER_STAGE_OFFERED);
    return id;
  }

  void ExpectNothingRefused() {
    for (Node* node : {&ishoej, &odense, &nec}) {
      EXPECT_EQ(node->telemetry().Total("letters.refused_by_peer"), 0) << node->id();
      EXPECT_EQ(node->telemetry().Total("correspondences.stopped"), 0) << node->id();
    }
  }

  // Message kinds sent by this node so far, each with its legal basis.
  static std::vector<std::pair<std::string, pv1::LegalBasis>> Sent(Node& node) {
    std::vector<std::pair<std::string, pv1::LegalBasis>> sent;
    for (const auto& [key, value] : node.store().rows(exchange::Table::kDisclosures)) {
      store::v1::DisclosureRow row;
      EXPECT_TRUE(row.ParseFromString(value));
      if (row.recipient() == "caller") continue;
      sent.emplace_back(row.kind().substr(row.kind().rfind('.') + 1), row.legal_basis());
    }
    return sent;
  }

  World world;
  Node& ishoej;
  Node& odense;
  Node& nec;
  std::string case_id;
};

TEST_F(ConsentTest, WhatWasReceiptedStaysAndTheConsentIsShownAsRevoked) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  const auto taken = GetCase(odense, case_id);
  EXPECT_EQ(taken->visitation().motivation(), "real");
  EXPECT_TRUE(taken->consent().has_revoked());
  EXPECT_EQ(taken->consent().covers_size(), 2);
  EXPECT_THAT(taken->blocked(), IsEmpty());
  EXPECT_THAT(GetCase(ishoej, case_id)->blocked(), IsEmpty());
  ExpectNothingRefused();
}

TEST_F(ConsentTest, WhatWasNotReceiptedIsBlockedAndListedAtBothEnds) {
  const std::string id = OfferedWithoutReceipt();
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Heal());

  const auto at_receiver = GetHandover(odense, id);
  ASSERT_EQ(at_receiver->blocked_size(), 1);
  EXPECT_THAT(at_receiver->blocked(0).fields(), kConsentFields);
  EXPECT_EQ(at_receiver->blocked(0).counterpart(), ishoej.id());
  EXPECT_FALSE(at_receiver->blocked(0).sent());
  EXPECT_TRUE(at_receiver->blocked(0).has_disclosed());
  EXPECT_TRUE(at_receiver->blocked(0).has_blocked());

  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  const auto taken = GetCase(odense, case_id);
  EXPECT_EQ(taken->visitation().affiliation(), "loosely affiliated");  // on another basis
  EXPECT_EQ(taken->visitation().motivation(), "");
  EXPECT_EQ(taken->visitation().health_needs(), "");
  EXPECT_TRUE(taken->consent().has_revoked());
  ASSERT_EQ(taken->blocked_size(), 1);
  const auto sent = GetCase(ishoej, case_id);
  ASSERT_EQ(sent->blocked_size(), 1);
  EXPECT_TRUE(sent->blocked(0).sent());
  EXPECT_EQ(sent->blocked(0).counterpart(), odense.id());
  EXPECT_EQ(
      std::vector<std::string>(sent->blocked(0).fields().begin(), sent->blocked(0).fields().end()),
      std::vector<std::string>(taken->blocked(0).fields().begin(),
                               taken->blocked(0).fields().end()));
  EXPECT_EQ(sent->blocked(0).categories_size(), taken->blocked(0).categories_size());
  EXPECT_EQ(sent->blocked(0).blocked().seconds(), taken->blocked(0).blocked().seconds());
  EXPECT_THAT(taken->DebugString(), testing::Not(testing::HasSubstr("canary-health")));
  ExpectNothingRefused();
}

// The receiver took over and the holder has not heard: whoever holds the case acts on it.
TEST_F(ConsentTest, ARevocationThatCrossesTheTakeOverBlocksWhatHasBecomePartOfTheFile) {
  const std::string id = OfferedWithoutReceipt();
  world.Mute(odense, {"receipt", "handover", "nec"});
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  EXPECT_EQ(GetCase(odense, case_id)->visitation().motivation(), "real");
  ASSERT_EQ(GetCase(ishoej, case_id)->standing(), cv1::STANDING_RESPONSIBLE);
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Heal());
  const auto taken = GetCase(odense, case_id);
  EXPECT_EQ(taken->visitation().motivation(), "");
  EXPECT_EQ(taken->visitation().position(), "runner");
  EXPECT_TRUE(taken->consent().has_given());
  EXPECT_TRUE(taken->consent().has_revoked());
  EXPECT_EQ(taken->consent().covers_size(), 0);  // that came with it
  EXPECT_EQ(taken->blocked_size(), 1);
  EXPECT_EQ(GetCase(ishoej, case_id)->standing(), cv1::STANDING_FORMER);
  EXPECT_EQ(GetCase(ishoej, case_id)->blocked_size(), 1);
  ExpectNothingRefused();
}

TEST_F(ConsentTest, WhatIsBlockedIsNotHandedOn) {
  const std::string id = OfferedWithoutReceipt();
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Heal());
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, ishoej, "AcknowledgeHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  Node& albertslund = world.Municipality("0165");
  const std::string onward = Offered(world, odense, case_id, albertslund);
  ASSERT_TRUE(Do(world, albertslund, "TakeOverCase", onward).ok());
  ASSERT_TRUE(world.Settle());
  const auto third = GetCase(albertslund, case_id);
  EXPECT_EQ(third->visitation().motivation(), "");
  EXPECT_FALSE(third->consent().has_given());
  EXPECT_THAT(third->blocked(), IsEmpty());  // it never had any of it
}

// It had passed on what was not its to have: there, too, all of it is blocked.
TEST_F(ConsentTest, WhatWasPassedOnBeforeItWasBlockedIsBlockedThereToo) {
  Node& albertslund = world.Municipality("0165");
  world.Pass(absl::Seconds(5));  // it has heard from Odense since its start
  const std::string id = OfferedWithoutReceipt();
  world.Mute(odense, {"receipt"});
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  world.Pass(absl::Minutes(2));
  ASSERT_TRUE(Do(world, ishoej, "AcknowledgeHandover", id).ok());
  world.Pass(absl::Minutes(2));
  const auto requested = Request(world, odense, case_id, albertslund);
  ASSERT_TRUE(requested.ok()) << requested.status();
  const std::string onward = requested->handover_id();
  const auto step = [&](Node& node, std::string_view rpc) {
    world.Pass(absl::Minutes(2));
    const auto done = Do(world, node, rpc, onward);
    ASSERT_TRUE(done.ok()) << rpc << done.status();
  };
  step(albertslund, "AgreeTerms");
  step(albertslund, "AcceptHandover");
  step(odense, "OfferHandover");
  step(albertslund, "TakeOverCase");
  world.Pass(absl::Minutes(2));
  ASSERT_EQ(GetCase(albertslund, case_id)->visitation().motivation(), "real");
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Heal());
  EXPECT_EQ(GetCase(odense, case_id)->visitation().motivation(), "");
  EXPECT_EQ(GetCase(odense, case_id)->blocked_size(), 2);  // received, and sent
  EXPECT_EQ(GetCase(albertslund, case_id)->visitation().motivation(), "");
  EXPECT_EQ(GetCase(albertslund, case_id)->blocked_size(), 1);
}

TEST_F(ConsentTest, TheFormerHolderMayRevokeAndTheHolderActsOnIt) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(GetCase(odense, case_id)->consent().has_revoked());
  EXPECT_EQ(GetCase(odense, case_id)->visitation().motivation(), "real");
  EXPECT_EQ(RuleOf(RevokeConsent(world, odense, case_id).status()), "consent.none_in_force");
  ExpectNothingRefused();
}

TEST_F(ConsentTest, TheFormerHolderHearsThatTheConsentItGotIsRevoked) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(RevokeConsent(world, odense, case_id).ok());
  ASSERT_TRUE(world.Settle());
  const auto former = GetCase(ishoej, case_id);
  EXPECT_TRUE(former->consent().has_revoked());
  EXPECT_EQ(former->visitation().motivation(), "real");  // its own, from before
  EXPECT_THAT(former->blocked(), IsEmpty());
  ExpectNothingRefused();
}

TEST_F(ConsentTest, ANewerConsentStaysInForce) {
  const std::string id = OfferedWithoutReceipt();
  world.Mute(odense, {"receipt", "handover", "nec"});
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  cv1::RecordConsentRequest consent;
  consent.set_request_id(world.RequestId());
  consent.set_case_id(case_id);
  consent.add_covers(pv1::AUTHORITY_KIND_MUNICIPALITY);
  ASSERT_TRUE(odense
                  .Call<cv1::RecordConsentResponse>("exitbus.casework.v1.CaseService.RecordConsent",
                                                    consent)
                  .ok());
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Heal());
  const auto taken = GetCase(odense, case_id);
  EXPECT_FALSE(taken->consent().has_revoked());
  EXPECT_EQ(taken->consent().covers_size(), 1);
  EXPECT_EQ(taken->visitation().motivation(), "");  // what the old one brought is blocked
  EXPECT_EQ(taken->blocked_size(), 1);
}

TEST_F(ConsentTest, ARevocationThatCrossesADeclineIsTheHoldersAlone) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  world.Mute(odense, {"handover"});
  ASSERT_TRUE(Do(world, odense, "DeclineOffer", id).ok());
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Heal());
  EXPECT_EQ(GetHandover(ishoej, id)->stage(), hv1::HANDOVER_STAGE_OFFER_DECLINED);
  EXPECT_TRUE(GetCase(ishoej, case_id)->consent().has_revoked());
  EXPECT_FALSE(GetCase(odense, case_id).ok());
  EXPECT_EQ(
      odense.telemetry().Total("letters.without_effect", {{"name", "revocation_crossed_end"}}), 1);
  ExpectNothingRefused();
}

TEST_F(ConsentTest, ARevocationThatCrossesARecallIsTheHoldersAlone) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, ishoej, "RequestRecall", id).ok());
  ASSERT_TRUE(world.Settle());
  world.Mute(odense, {"handover"});
  ASSERT_TRUE(Do(world, odense, "AnswerRecall", id).ok());
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Heal());
  EXPECT_TRUE(GetCase(ishoej, case_id)->consent().has_revoked());
  EXPECT_EQ(GetHandover(ishoej, id)->stage(), hv1::HANDOVER_STAGE_OFFER_DECLINED);
  ExpectNothingRefused();
}

TEST_F(ConsentTest, BeforeTheOfferNothingWentOnConsentAndNothingWill) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  EXPECT_EQ(GetCase(odense, case_id)->visitation().motivation(), "");
  EXPECT_THAT(GetCase(odense, case_id)->blocked(), IsEmpty());
  EXPECT_EQ(
      odense.telemetry().Total("letters.without_effect", {{"name", "revocation_of_nothing_held"}}),
      1);
}

// The receiver is down, the broker loses everything, and all is sent anew after the revocation:
// what rests on consent without its body, what rests on another basis in full, and so marked.
TEST_F(ConsentTest, ARedriveWithholdsWhatRestsOnConsentAndNothingElse) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  odense.Crash();
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  world.Pass(absl::Seconds(10));
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(Do(world, ishoej, "RecordLateFact", id).ok());
  world.broker.Stop();
  world.broker.Wipe();
  world.broker.Start();
  ishoej.Crash();
  ishoej.Start();
  odense.Start();
  ASSERT_TRUE(world.Settle());

  int withheld = 0;
  for (const auto& [key, value] : odense.store().rows(exchange::Table::kInbox)) {
    store::v1::InboxRow row;
    ASSERT_TRUE(row.ParseFromString(value));
    withheld += row.outcome() == "withheld";
  }
  EXPECT_EQ(withheld, 1);
  EXPECT_THAT(Sent(ishoej), Contains(Pair("DossierPart", pv1::LEGAL_BASIS_CONSENT)));
  EXPECT_THAT(Sent(ishoej), Contains(Pair("DossierPart", pv1::LEGAL_BASIS_FVL28)));
  EXPECT_THAT(Sent(ishoej), Contains(Pair("ConsentRevoked", pv1::LEGAL_BASIS_FVL28)));
  EXPECT_THAT(Sent(ishoej), Contains(Pair("LateFact", pv1::LEGAL_BASIS_FVL28)));

  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  const auto taken = GetCase(odense, case_id);
  EXPECT_EQ(taken->visitation().motivation(), "");
  EXPECT_EQ(taken->visitation().affiliation(), "loosely affiliated");
  EXPECT_THAT(taken->precautions(), Contains("canary-precaution"));
  EXPECT_THAT(taken->blocked(), IsEmpty());                // it never had any of it
  EXPECT_EQ(GetCase(ishoej, case_id)->blocked_size(), 1);  // as far as was known here then
  ExpectNothingRefused();
}

// The copy that was in the topic before the revocation is in full; it is blocked by what follows.
TEST_F(ConsentTest, AReceiverThatReadsTheOldCopyBlocksItInTheSameBreath) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  odense.Crash();
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  world.Pass(absl::Seconds(1));
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  world.Pass(absl::Seconds(1));
  odense.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(odense, id)->blocked_size(), 1);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  EXPECT_EQ(GetCase(odense, case_id)->visitation().motivation(), "");
}

TEST_F(ConsentTest, PrecautionsStillGoAfterARevocation) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(Do(world, ishoej, "RecordLateFact", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  EXPECT_THAT(GetCase(odense, case_id)->precautions(), Contains("canary-precaution"));
}

}  // namespace
}  // namespace exitbus::simulation
