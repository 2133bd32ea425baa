// From the room that a municipality has to the take-over there: the citizen and the authority in
// charge are heard, the contact point decides, the chosen municipality learns who it is and says
// its final yes; and what ends a decision.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/exchange/proto_time.h"
#include "tests/simulation/decision_world.h"

namespace exitbus::simulation {
namespace {

namespace hv1 = handover::v1;
namespace lv1 = relocation::v1;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class DecisionTest : public testing::Test, protected DecisionWorld {
 protected:
  lv1::Placement LastAt(Node& node) {
    const lv1::Relocation seen = At(node, id);
    return seen.placements().empty() ? lv1::Placement() : *seen.placements().rbegin();
  }
};

TEST_F(DecisionTest, ACasesWholeWayToANewMunicipality) {
  const auto ranking = Rank();
  ASSERT_TRUE(ranking.ok()) << ranking.status();
  ASSERT_THAT(ranking->places(), SizeIs(1));
  EXPECT_EQ(ranking->places(0).mean(), 466U) << "5, 4 and 5: two are not known";
  EXPECT_EQ(ranking->places(0).known(), 3U);
  Asked();
  ExpectEverywhere(id, "DECIDED");
  EXPECT_EQ(LastAt(desk).ranking().places_size(), 1) << "what was advised is kept";
  EXPECT_FALSE(LastAt(holder).has_ranking());
  EXPECT_EQ(GetHandover(odense, handover)->inquiry_id(), InquiriesAt(odense)[0].inquiry_id());
  EXPECT_FALSE(GetHandover(odense, handover)->has_person()) << "not before the terms are agreed";
  ASSERT_TRUE(Do(world, odense, "AgreeTerms", handover).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(GetHandover(odense, handover)->has_person());
  EXPECT_EQ(GetHandover(odense, handover)->stage(), hv1::HANDOVER_STAGE_TERMS_COORDINATED);
  EXPECT_EQ(BalanceOf(kOdenseCode).active(), 1U);
  ASSERT_TRUE(Do(world, odense, "AcceptHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "ACCEPTED");
  ASSERT_TRUE(Do(world, holder, "OfferHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(TakeOver().ok());
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "COMPLETED");
  EXPECT_EQ(GetCase(odense, case_id)->responsible(), odense.id());
  EXPECT_EQ(BalanceOf(kOdenseCode).active(), 0U);
  EXPECT_EQ(BalanceOf(kOdenseCode).received(), 1U);
  EXPECT_EQ(BalanceOf("0183").sent(), 1U);
  EXPECT_EQ(InquiriesAt(odense)[0].stage(), lv1::INQUIRY_STAGE_ENDED);
  EXPECT_TRUE(ConflictsAt(fyn)[0].has_ended());
  ExpectSound();
}

// The desk coordinates and never learns of whom.
TEST_F(DecisionTest, TheContactPointLearnsOfNobody) {
  Offered();
  ASSERT_TRUE(TakeOver().ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(PlantedAt(desk), IsEmpty());
}

TEST_F(DecisionTest, WithoutTheCitizensYesNothingIsDecided) {
  ASSERT_TRUE(RecordHearing(kOdenseCode, lv1::CITIZEN_ANSWER_NO).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(RuleOf(Decide(kOdenseCode)), "relocation.no_consent");
  ASSERT_TRUE(RecordHearing(kOdenseCode, lv1::CITIZEN_ANSWER_YES).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(Decide(kOdenseCode).ok());
}

TEST_F(DecisionTest, ARevokedConsentTakesTheYesBack) {
  Asked();
  ASSERT_TRUE(RevokeConsent(world, holder, case_id).ok());
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "NECESSARY");
  EXPECT_EQ(LastAt(desk).end(), lv1::PLACEMENT_END_CITIZEN_DECLINES);
  EXPECT_EQ(PlaceAt(desk, kOdenseCode).hearing().citizen(), lv1::CITIZEN_ANSWER_CONSENT_REVOKED);
  EXPECT_EQ(GetHandover(holder, handover)->stage(), hv1::HANDOVER_STAGE_RECALLED);
  EXPECT_EQ(RuleOf(RecordHearing(kOdenseCode, lv1::CITIZEN_ANSWER_YES)), "relocation.no_consent");
  EXPECT_EQ(RuleOf(Decide(kOdenseCode)), "relocation.no_consent");
  ExpectSound();
}

// The chosen municipality says no when it knows who it is: it erases, and the desk may ask the
// next.
TEST_F(DecisionTest, AFinalNoLeavesNothingThere) {
  Agreed();
  ASSERT_TRUE(Do(world, odense, "RejectHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "NECESSARY");
  EXPECT_EQ(LastAt(desk).end(), lv1::PLACEMENT_END_HANDOVER_REJECTED);
  EXPECT_TRUE(GetHandover(holder, handover)->erasure_confirmed());
  EXPECT_THAT(PlantedAt(odense), IsEmpty());
  EXPECT_EQ(PlaceAt(desk, kOdenseCode).inquiry(), lv1::INQUIRY_STAGE_ENDED);
  EXPECT_EQ(RuleOf(Decide(kOdenseCode)), "relocation.no_room") << "it is asked anew";
  EXPECT_EQ(BalanceOf(kOdenseCode).active(), 0U);
  ExpectSound();
}

TEST_F(DecisionTest, WhatIsRuledOutAfterTheAcceptanceIsCalledOff) {
  Accepted();
  ASSERT_TRUE(State({"1465"}).ok());
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "NECESSARY");
  EXPECT_EQ(GetHandover(holder, handover)->stage(), hv1::HANDOVER_STAGE_RECALLED);
  EXPECT_THAT(PlantedAt(odense), IsEmpty());
  EXPECT_THAT(PlantedAt(fyn), IsEmpty());
  ExpectSound();
}

// What nobody makes use of is asked about after 60 days. One says that it holds, and not the other:
// it lapses, and everybody hears.
TEST_F(DecisionTest, AnAcceptanceOfWhichNobodyMakesUseLapsesOpenly) {
  Accepted();
  Questioned();
  ASSERT_TRUE(Confirm(odense).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(GetHandover(holder, handover)->acceptance().confirmed_there());
  world.Skip(absl::Hours(14 * 24));
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "NECESSARY");
  EXPECT_EQ(LastAt(desk).end(), lv1::PLACEMENT_END_LAPSED);
  EXPECT_EQ(GetHandover(holder, handover)->stage(), hv1::HANDOVER_STAGE_RECALLED);
  EXPECT_EQ(RuleOf(Confirm(holder)), "handover.ended");
  EXPECT_THAT(PlantedAt(odense), IsEmpty());
  EXPECT_EQ(BalanceOf(kOdenseCode).active(), 0U);
  ExpectSound();
}

TEST_F(DecisionTest, AnAcceptanceThatBothConfirmLastsAnew) {
  Accepted();
  EXPECT_EQ(RuleOf(Confirm(odense)), "handover.acceptance_not_asked");
  const auto asked_from = GetHandover(holder, handover)->acceptance().asked_from();
  Questioned();
  ASSERT_TRUE(Confirm(odense).ok());
  EXPECT_EQ(RuleOf(Confirm(odense)), "handover.acceptance_confirmed");
  ASSERT_TRUE(Confirm(holder).ok());
  ASSERT_TRUE(world.Settle());
  ExpectAcceptanceAgreed();
  EXPECT_FALSE(GetHandover(odense, handover)->has_acceptance()) << "nobody asks any more";
  EXPECT_GE(GetHandover(holder, handover)->acceptance().asked_from().seconds(),
            asked_from.seconds() + 60 * 24 * 3600);
  world.Skip(absl::Hours(59 * 24));
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "ACCEPTED");
  EXPECT_TRUE(Depart().ok());
}

// After the offer only the receiver can let go. If it has taken over before, somebody has to know.
TEST_F(DecisionTest, WhatIsRuledOutAfterTheOfferIsAskedBack) {
  Offered();
  ASSERT_TRUE(State({"1465"}).ok());
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "NECESSARY");
  EXPECT_TRUE(GetHandover(odense, handover)->recall_requested());
  ASSERT_TRUE(TakeOver().ok());
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "COMPLETED");
  EXPECT_THAT(vestegnen.telemetry().LinesOf("relocation.moved_to_place_not_clear"), SizeIs(1));
  EXPECT_EQ(BalanceOf(kOdenseCode).received(), 1U);
  ExpectSound();
}

// The desk's machine is down: the unit ends what it rules out, and nobody moves there.
TEST_F(DecisionTest, WhatIsRuledOutWaitsForNoDesk) {
  Agreed();
  desk.Crash();
  ASSERT_TRUE(State({"1465"}).ok());
  world.Pass(absl::Minutes(2));
  EXPECT_EQ(StageAt(holder, id), "NECESSARY");
  EXPECT_EQ(GetHandover(holder, handover)->stage(), hv1::HANDOVER_STAGE_RECALLED);
  desk.Start();
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "NECESSARY");
  ExpectSound();
}

// Nor is anybody told of a citizen who has said no meanwhile.
TEST_F(DecisionTest, AfterANoNobodyIsToldWhoItIs) {
  Asked();
  desk.Crash();
  ASSERT_TRUE(RecordHearing(kOdenseCode, lv1::CITIZEN_ANSWER_NO).ok());
  (void)Do(world, odense, "AgreeTerms", handover);
  world.Pass(absl::Minutes(2));
  EXPECT_THAT(PlantedAt(odense), IsEmpty());
  desk.Start();
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "NECESSARY");
  EXPECT_THAT(PlantedAt(odense), IsEmpty());
  ExpectSound();
}

TEST_F(DecisionTest, AHandoverThatBeganBeforeGivesWayToTheDecision) {
  const auto before = Request(world, holder, case_id, odense);
  ASSERT_TRUE(before.ok()) << before.status();
  ASSERT_TRUE(world.Settle());
  Asked();
  EXPECT_EQ(GetHandover(holder, before->handover_id())->stage(), hv1::HANDOVER_STAGE_RECALLED);
  EXPECT_NE(GetHandover(holder, handover)->inquiry_id(), "");
  ExpectSound();
}

// Before the final yes it learns who would come, and not where he lives.
TEST_F(DecisionTest, TheAddressComesWithTheAcceptance) {
  Agreed();
  EXPECT_THAT(PlantedAt(odense), Not(Contains("Canary Street")));
  ASSERT_TRUE(Do(world, odense, "AcceptHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(PlantedAt(odense), Contains("Canary Street"));
}

// Nobody who has acted in time is alarmed of.
TEST_F(DecisionTest, AWayThatTakesItsTimeAlarmsNobody) {
  Asked();
  Sleep(absl::Hours(24 * 4));
  ASSERT_TRUE(world.Settle());
  for (Node* node : {&holder, &vestegnen, &desk}) {
    EXPECT_THAT(node->telemetry().LinesOf("relocation.overdue"), IsEmpty()) << node->id();
  }
}

// What was offered by a decision that was revoked ends when another stands for the same place.
TEST_F(DecisionTest, AnOldRecallSaysNothingOfANewDecision) {
  Offered();
  ASSERT_TRUE(Revoke().ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Decide(kOdenseCode).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, odense, "AnswerRecall", handover).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(holder, handover)->stage(), hv1::HANDOVER_STAGE_OFFER_DECLINED);
  ExpectEverywhere(id, "DECIDED");
  EXPECT_EQ(LastAt(desk).number(), 2U);
  ASSERT_TRUE(Request(world, holder, case_id, odense).ok());
  ASSERT_TRUE(world.Settle());
  ExpectSound();
}

TEST_F(DecisionTest, ADeclineEndsWhatRestsOnAgreement) {
  Asked();
  ASSERT_TRUE(Decline(odense).ok());
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "NECESSARY");
  EXPECT_EQ(LastAt(holder).end(), lv1::PLACEMENT_END_NO_ROOM);
  EXPECT_EQ(GetHandover(holder, handover)->stage(), hv1::HANDOVER_STAGE_RECALLED);
  EXPECT_EQ(BalanceOf(kOdenseCode).declined(), 1U);
  ExpectSound();
}

TEST_F(DecisionTest, ACentralDecisionStandsAndIsExplained) {
  desk.environment().settings.central_decisions.from = absl::InfinitePast();
  desk.Crash();
  desk.Start();
  ASSERT_TRUE(world.Settle());
  Decided();
  EXPECT_EQ(LastAt(holder).mode(), lv1::DECISION_MODE_CENTRAL_DECISION);
  EXPECT_EQ(RuleOf(Request(world, holder, case_id, odense).status()),
            "relocation.citizen_not_informed");
  ASSERT_TRUE(InformCitizen().ok());
  ASSERT_TRUE(Decline(odense).ok());
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "DECIDED");
  const auto asked = Request(world, holder, case_id, odense);
  ASSERT_TRUE(asked.ok()) << asked.status();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(RuleOf(Do(world, odense, "RejectHandover", asked->handover_id()).status()),
            "handover.decided_centrally");
  ExpectSound();
}

// What would end with it is said first, and ended by who answers for it.
TEST_F(DecisionTest, NoRequestIsWithdrawnUnderAHandoverThatIsOpen) {
  Asked();
  for (Node* node : {&holder, &vestegnen}) {
    EXPECT_EQ(RuleOf(WithdrawRequest(*node, id)), "relocation.handover_open") << node->id();
  }
  ASSERT_TRUE(Do(world, holder, "RecallHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "NECESSARY");
  ASSERT_TRUE(WithdrawRequest(vestegnen, id).ok());
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "WITHDRAWN");
  ExpectSound();
}

// Odense has received one; the next request for it ranks it lower.
TEST_F(DecisionTest, WhatTheBalanceSaysCountsForTheNext) {
  Offered();
  ASSERT_TRUE(TakeOver().ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Rank()->places(0).received(), 0U) << "a request does not count for itself";
  ASSERT_TRUE(AskPolice(world, ishoej, EnrolledCase(world, ishoej, "6101900009")).ok());
  ASSERT_TRUE(world.Settle());
  for (const auto& file : FilesAt(vestegnen)) {
    if (file.standing() != police::v1::POLICE_STANDING_IN_CHARGE) continue;
    const auto assessment = AssessmentOf(world, file.security_id(), {"precautions"});
    ASSERT_TRUE(
        vestegnen.Call<police::v1::DeliverAssessmentResponse>(kDeliverAssessment, assessment).ok());
    id = Nominate(file.security_id()).value_or("");
  }
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Assess(id, lv1::ASSESSMENT_OUTCOME_NECESSARY).ok());
  ASSERT_TRUE(world.Settle());
  ClearOdense();
  const auto ranking = Rank();
  ASSERT_TRUE(ranking.ok()) << ranking.status();
  ASSERT_THAT(ranking->places(), SizeIs(1));
  EXPECT_EQ(ranking->places(0).received(), 1U);
  EXPECT_EQ(ranking->places(0).mean(), 450U) << "5 and 4";
}

}  // namespace
}  // namespace exitbus::simulation
