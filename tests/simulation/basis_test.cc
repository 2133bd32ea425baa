// On what a case is handed over: a law that somebody recorded, or the citizen's consent. Without
// either, nobody is told who it is, and the holder hears what to record.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

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
using testing::IsSupersetOf;
using testing::SizeIs;

class BasisTest : public testing::Test {
 protected:
  BasisTest()
      : ishoej(world.Municipality("0183")),
        odense(world.Municipality("0461")),
        case_id(EnrolledCase(world, ishoej)) {
    EXPECT_TRUE(world.Settle());
  }

  // The citizen's consent is all that the case may be told on from now on.
  void OnConsentAlone() { EXPECT_TRUE(EndLaw(world, ishoej, case_id).ok()); }
  void OnNothing() {
    OnConsentAlone();
    EXPECT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
    EXPECT_TRUE(world.Settle());
  }

  void Step(Node& node, std::string_view rpc, const std::string& handover_id) {
    const auto done = Do(world, node, rpc, handover_id);
    ASSERT_TRUE(done.ok()) << rpc << done.status();
    ASSERT_TRUE(world.Settle());
  }

  void ExpectNothingRefused() {
    for (Node* node : {&ishoej, &odense}) {
      EXPECT_EQ(node->telemetry().Total("letters.refused_by_peer"), 0) << node->id();
      EXPECT_EQ(node->telemetry().Total("correspondences.stopped"), 0) << node->id();
    }
  }

  World world;
  Node& ishoej;
  Node& odense;
  std::string case_id;
};

TEST_F(BasisTest, WithoutABasisNothingIsHandedOver) {
  OnNothing();
  EXPECT_EQ(RuleOf(Request(world, ishoej, case_id, odense).status()), "handover.basis_required");
  ASSERT_TRUE(RecordLaw(world, ishoej, case_id).ok());
  EXPECT_TRUE(Request(world, ishoej, case_id, odense).ok());
}

// The receiver accepts; who it is goes once there is something to tell it on, and it is the holder
// that is waited for until then.
TEST_F(BasisTest, WhoeverAcceptsIsToldOnceThereIsABasis) {
  const std::string id = Agreed(world, ishoej, case_id, odense);
  OnNothing();
  Step(odense, "AcceptHandover", id);
  const auto waiting = GetHandover(ishoej, id);
  EXPECT_EQ(waiting->stage(), hv1::HANDOVER_STAGE_ACCEPTED);
  EXPECT_FALSE(waiting->identity_released());
  EXPECT_EQ(waiting->waiting_for(), hv1::SIDE_HOLDER);
  EXPECT_TRUE(waiting->has_due());
  EXPECT_FALSE(GetHandover(odense, id)->has_person());
  EXPECT_EQ(RuleOf(Do(world, ishoej, "OfferHandover", id).status()), "handover.basis_required");
  cv1::CorrectCaseRequest correction;
  correction.set_case_id(case_id);
  correction.set_reason("misspelt");
  correction.mutable_person()->set_name("Canary Corrected");
  ASSERT_TRUE(Correct(world, ishoej, correction).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_FALSE(GetHandover(odense, id)->has_person());

  ASSERT_TRUE(RecordLaw(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(odense, id)->person().name(), "Canary Corrected");
  EXPECT_TRUE(GetHandover(ishoej, id)->identity_released());
  EXPECT_EQ(GetHandover(ishoej, id)->waiting_for(), hv1::SIDE_UNSPECIFIED);
  Step(ishoej, "OfferHandover", id);
  Step(odense, "TakeOverCase", id);
  ExpectNothingRefused();
}

TEST_F(BasisTest, WhatWasRecordedGoesOnAsItIs) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  Step(odense, "TakeOverCase", id);
  const auto taken = GetCase(odense, case_id);
  ASSERT_THAT(taken->bases(), SizeIs(1));
  EXPECT_EQ(taken->bases(0).legal_basis(), pv1::LEGAL_BASIS_FVL28);
  EXPECT_EQ(taken->bases(0).recorded_by(), ishoej.id());
  EXPECT_EQ(taken->bases(0).covers_size(), 2);
  // It says nothing of the police; the consent did.
  ASSERT_TRUE(RevokeConsent(world, odense, case_id).ok());
  EXPECT_EQ(RuleOf(AskPolice(world, odense, case_id)), "police.basis_required");
}

TEST_F(BasisTest, OnConsentAloneAllOfItGoesOnThat) {
  OnConsentAlone();
  const std::string id = Offered(world, ishoej, case_id, odense);
  for (const auto& [key, value] : ishoej.store().rows(exchange::Table::kDisclosures)) {
    store::v1::DisclosureRow row;
    ASSERT_TRUE(row.ParseFromString(value));
    if (row.kind().ends_with("DossierPart") || row.kind().ends_with("HandoverIdentityReleased")) {
      EXPECT_EQ(row.legal_basis(), pv1::LEGAL_BASIS_CONSENT) << row.kind();
    }
  }
  Step(odense, "TakeOverCase", id);
  const auto taken = GetCase(odense, case_id);
  EXPECT_EQ(taken->person().name(), "Canary Name");
  EXPECT_EQ(taken->agreement().measures_size(), 2);
  EXPECT_EQ(taken->visitation().motivation(), "real");
  EXPECT_TRUE(taken->consent().has_given());
  EXPECT_THAT(taken->bases(), IsEmpty());
  // It answers for the case, and may tell nobody of it any more.
  ASSERT_TRUE(RevokeConsent(world, odense, case_id).ok());
  ASSERT_TRUE(Do(world, ishoej, "AcknowledgeHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(RuleOf(Request(world, odense, case_id, world.Municipality("0165")).status()),
            "handover.basis_required");
  ExpectNothingRefused();
}

// All that it would answer for is blocked before it has taken over: it declines by itself.
TEST_F(BasisTest, AnOfferWhoseBasisIsRevokedBeforeItsReceiptIsDeclined) {
  OnConsentAlone();
  const std::string id = Accepted(world, ishoej, case_id, odense);
  world.Mute(odense, {"receipt"});
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  world.Pass(absl::Seconds(30));
  ASSERT_EQ(GetHandover(odense, id)->stage(), hv1::HANDOVER_STAGE_OFFERED);
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Heal());
  EXPECT_EQ(GetHandover(ishoej, id)->stage(), hv1::HANDOVER_STAGE_OFFER_DECLINED);
  EXPECT_EQ(GetCase(ishoej, case_id)->standing(), cv1::STANDING_RESPONSIBLE);
  EXPECT_FALSE(GetHandover(odense, id)->has_person());
  EXPECT_TRUE(GetHandover(ishoej, id)->erasure_confirmed());
  ExpectNothingRefused();
}

// It had not left: the offer comes without what it is of.
TEST_F(BasisTest, AnOfferThatIsWithheldIsDeclined) {
  OnConsentAlone();
  const std::string id = Accepted(world, ishoej, case_id, odense);
  world.broker.Stop();
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  world.broker.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(ishoej, id)->stage(), hv1::HANDOVER_STAGE_OFFER_DECLINED);
  EXPECT_EQ(GetCase(ishoej, case_id)->standing(), cv1::STANDING_RESPONSIBLE);
  EXPECT_EQ(odense.telemetry().Total("reports", {{"event", "dossier.not_whole"}}), 0);
  ExpectNothingRefused();
}

// The receiver has taken over and the holder has not heard: it keeps what it answers for.
TEST_F(BasisTest, ARevocationThatCrossesTheTakeOverLeavesTheCase) {
  OnConsentAlone();
  const std::string id = Accepted(world, ishoej, case_id, odense);
  world.Mute(odense, {"receipt", "handover", "nec"});
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  world.Pass(absl::Seconds(30));
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Heal());
  const auto taken = GetCase(odense, case_id);
  EXPECT_EQ(taken->standing(), cv1::STANDING_RESPONSIBLE);
  EXPECT_EQ(taken->person().name(), "Canary Name");
  EXPECT_EQ(taken->agreement().measures_size(), 2);
  EXPECT_EQ(taken->visitation().motivation(), "");
  EXPECT_TRUE(taken->consent().has_revoked());
  EXPECT_EQ(GetCase(ishoej, case_id)->standing(), cv1::STANDING_FORMER);
  ExpectNothingRefused();
}

// Who it is has left and is not receipted: the receiver knows it no more, until there is a law.
TEST_F(BasisTest, AnIdentityRevokedBeforeItsReceiptIsForgotten) {
  OnConsentAlone();
  const std::string id = Agreed(world, ishoej, case_id, odense);
  world.Mute(odense, {"receipt"});
  ASSERT_TRUE(Do(world, odense, "AcceptHandover", id).ok());
  world.Pass(absl::Seconds(30));
  ASSERT_EQ(GetHandover(odense, id)->person().name(), "Canary Name");
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Heal());
  EXPECT_FALSE(GetHandover(odense, id)->has_person());
  EXPECT_FALSE(GetHandover(ishoej, id)->identity_released());
  for (Node* node : {&ishoej, &odense}) {
    const auto blocked = GetHandover(*node, id);
    ASSERT_EQ(blocked->blocked_size(), 1) << node->id();
    EXPECT_THAT(blocked->blocked(0).fields(),
                IsSupersetOf({"person.cpr_number", "person.name", "current_address"}));
    EXPECT_EQ(blocked->blocked(0).sent(), node == &ishoej);
  }
  ASSERT_TRUE(RecordLaw(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(odense, id)->person().name(), "Canary Name");
  EXPECT_THAT(GetHandover(odense, id)->blocked(), IsEmpty());
  ExpectNothingRefused();
}

// A narrower consent takes the former back, for whoever has not receipted: it is told on the new
// one.
TEST_F(BasisTest, AnIdentityGoesAnewOnTheConsentThatReplacesItsOwn) {
  OnConsentAlone();
  const std::string id = Agreed(world, ishoej, case_id, odense);
  world.Mute(odense, {"receipt"});
  ASSERT_TRUE(Do(world, odense, "AcceptHandover", id).ok());
  world.Pass(absl::Seconds(30));
  cv1::RecordConsentRequest narrower;
  narrower.set_request_id(world.RequestId());
  narrower.set_case_id(case_id);
  narrower.add_covers(pv1::AUTHORITY_KIND_MUNICIPALITY);
  ASSERT_TRUE(ishoej
                  .Call<cv1::RecordConsentResponse>("exitbus.casework.v1.CaseService.RecordConsent",
                                                    narrower)
                  .ok());
  ASSERT_TRUE(world.Heal());
  EXPECT_FALSE(GetHandover(odense, id)->has_person());
  EXPECT_FALSE(GetHandover(ishoej, id)->identity_released());
  world.Pass(absl::Seconds(1));
  ASSERT_TRUE(Do(world, ishoej, "RecordLateFact", id).ok());  // whatever happens next
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(odense, id)->person().name(), "Canary Name");
  EXPECT_TRUE(GetHandover(ishoej, id)->identity_released());
  ExpectNothingRefused();
}

TEST_F(BasisTest, ARevocationTakesBackNothingThatWasReceipted) {
  OnConsentAlone();
  const std::string id = Agreed(world, ishoej, case_id, odense);
  Step(odense, "AcceptHandover", id);
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(odense, id)->person().name(), "Canary Name");
  EXPECT_THAT(GetHandover(odense, id)->blocked(), IsEmpty());
  EXPECT_EQ(RuleOf(Do(world, ishoej, "OfferHandover", id).status()), "handover.basis_required");
}

// What rests on a law is taken back by no revocation, also where it went on consent before.
TEST_F(BasisTest, WhatWentOnConsentGoesAnewOnALaw) {
  OnConsentAlone();
  const std::string id = Agreed(world, ishoej, case_id, odense);
  world.Mute(odense, {"receipt"});
  ASSERT_TRUE(Do(world, odense, "AcceptHandover", id).ok());
  world.Pass(absl::Seconds(30));
  ASSERT_TRUE(RecordLaw(world, ishoej, case_id).ok());
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Heal());
  EXPECT_EQ(GetHandover(odense, id)->person().name(), "Canary Name");
  EXPECT_TRUE(GetHandover(ishoej, id)->identity_released());
  ExpectNothingRefused();
}

}  // namespace
}  // namespace exitbus::simulation
