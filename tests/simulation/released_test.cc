// A person who is out of custody before anybody had planned it (N-10): who hears of it, how soon,
// and that one authority answers for him at any time; and what a planned release owes until then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "tests/simulation/supervision_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace kv1 = kriminalforsorgen::v1;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;

constexpr absl::Duration kDay = absl::Hours(24);

class ReleasedTest : public testing::Test, protected SupervisionWorld {
 protected:
  ReleasedTest() : id(EnrolledCase(world, kif)) {
    EXPECT_EQ(Plan(id, Now() + 90 * kDay, cv1::RELEASE_CHANGE_PLAN), "");
  }
  void Ask(Node& receiver) {
    const auto asked = Request(world, kif, id, receiver);
    ASSERT_TRUE(asked.ok()) << asked.status();
    handover = asked->handover_id();
    ASSERT_TRUE(world.Settle());
  }
  void Accept(Node& receiver) {
    ASSERT_TRUE(simulation::Do(world, receiver, "AgreeTerms", handover).ok());
    ASSERT_TRUE(simulation::Do(world, receiver, "AcceptHandover", handover).ok());
    ASSERT_TRUE(world.Settle());
  }
  std::string Release(const Node& acts) {
    kv1::RecordReleasedRequest request;
    request.mutable_released()->set_ground(cv1::RELEASE_GROUND_COURT);
    request.mutable_released()->set_acts(acts.id());
    return Do<kv1::RecordReleasedRequest, kv1::RecordReleasedResponse>(
        kif, id, kRelease + "RecordReleased", request);
  }
  std::vector<cv1::NextActKind> Acts() {
    std::vector<cv1::NextActKind> kinds;
    const Case seen = *GetCase(kif, id);
    for (const cv1::NextAct& act : seen.next_acts()) kinds.push_back(act.kind());
    return kinds;
  }
  std::size_t Alarms() { return kif.telemetry().LinesOf("release.handover_overdue").size(); }

  std::string id, handover;
};

TEST_F(ReleasedTest, WhoIsAskedAndTheUnitsOfBothDistrictsHearItAtOnce) {
  ASSERT_TRUE(AskPolice(world, kif, id).ok());
  Ask(odense);
  ASSERT_EQ(Release(vestegnen), "");
  const hv1::Handover asked = *GetHandover(odense, handover);
  EXPECT_EQ(asked.released().acts(), vestegnen.id());
  EXPECT_EQ(asked.released().ground(), cv1::RELEASE_GROUND_UNSPECIFIED)
      << "it tells of a sentence, before the acceptance";
  EXPECT_LE(exchange::FromProto(asked.due()), Now() + 4 * kDay) << "the next working day";
  EXPECT_EQ(asked.due().seconds(), GetHandover(kif, handover)->due().seconds());
  for (Node* unit : {&vestegnen, &fyn}) {
    EXPECT_EQ(OnlyFile(*unit)->released().acts(), vestegnen.id()) << unit->id();
  }
  EXPECT_EQ(GetCase(kif, id)->standing(), cv1::STANDING_RESPONSIBLE) << "who acts is no holder";
  ASSERT_EQ(Release(odense), "") << "the next night somebody else acts";
  EXPECT_EQ(OnlyFile(fyn)->released().acts(), odense.id());
  EXPECT_EQ(GetHandover(odense, handover)->released().acts(), odense.id());
  ExpectNothingRefused();
}

// Who hears nothing of it does not act.
TEST_F(ReleasedTest, WhoActsTakesPart) {
  EXPECT_EQ(Release(ishoej), "release.who_acts");
  EXPECT_EQ(Release(vestegnen), "release.who_acts") << "it does not know the case";
  Ask(ishoej);
  EXPECT_EQ(Release(odense), "release.who_acts");
  EXPECT_EQ(Release(ishoej), "");
}

// The unit knows such a case by the id of the handover that brought it.
TEST_F(ReleasedTest, TheUnitOfACaseThatCameFromAnotherDistrictHearsItToo) {
  id = EnrolledCase(world, odense, kAnother);
  ASSERT_TRUE(AskPolice(world, odense, id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Assess(world, fyn).ok());
  ASSERT_TRUE(world.Settle());
  TakenOver(odense, id, kif);
  ASSERT_EQ(Release(kif), "");
  EXPECT_EQ(OnlyFile(vestegnen)->released().acts(), kif.id());
  ExpectNothingRefused();
}

// Nobody is told that an answer came because a person did.
TEST_F(ReleasedTest, AWaitThatIsLateGoesOnBeingLate) {
  Ask(odense);
  Days(20);
  ASSERT_TRUE(GetHandover(kif, handover)->escalated());
  const auto due = GetHandover(kif, handover)->due();
  ASSERT_EQ(Release(kif), "");
  EXPECT_TRUE(GetHandover(kif, handover)->escalated());
  EXPECT_EQ(GetHandover(kif, handover)->due().seconds(), due.seconds());
  EXPECT_EQ(GetHandover(odense, handover)->due().seconds(), due.seconds());
}

// The receiver has not heard by then that there is no release any more.
TEST_F(ReleasedTest, ReleasedWhileTheCancelledOfferIsOnItsWayBack) {
  ASSERT_EQ(Plan(id, Now()), "");
  handover = Offered(world, kif, id, ishoej);
  ASSERT_TRUE(CancelAtOnce(id).ok());
  ASSERT_EQ(Release(kif), "");
  EXPECT_EQ(GetHandover(kif, handover)->stage(), hv1::HANDOVER_STAGE_ACCEPTED);
  ASSERT_TRUE(simulation::Do(world, kif, "OfferHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(simulation::Do(world, ishoej, "TakeOverCase", handover).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(ishoej, id)->standing(), cv1::STANDING_RESPONSIBLE);
  EXPECT_FALSE(GetCase(kif, id)->has_released()) << "it acts for him no more";
}

TEST_F(ReleasedTest, WhoIsAskedLaterHearsItWithTheRequest) {
  ASSERT_EQ(Release(kif), "");
  EXPECT_THAT(Acts(), Contains(cv1::NEXT_ACT_KIND_HAND_OVER_AT_RELEASE));
  Ask(ishoej);
  EXPECT_EQ(GetHandover(ishoej, handover)->released().acts(), kif.id());
  EXPECT_LE(exchange::FromProto(GetHandover(ishoej, handover)->due()), Now() + 4 * kDay);
  Accept(ishoej);
  ASSERT_TRUE(simulation::Do(world, kif, "OfferHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(simulation::Do(world, ishoej, "TakeOverCase", handover).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(ishoej, id)->standing(), cv1::STANDING_RESPONSIBLE);
  EXPECT_EQ(GetCase(kif, id)->standing(), cv1::STANDING_FORMER);
  Days(30);
  EXPECT_EQ(Alarms(), 0U);
  ExpectNothingRefused();
}

// What was offered for a later day is offered anew for now; nobody declines.
TEST_F(ReleasedTest, AnOfferForALaterDayIsOfferedAnewAndTakenOverTheSameDay) {
  Ask(ishoej);
  Accept(ishoej);
  hv1::OfferHandoverRequest offer;
  offer.set_request_id(world.RequestId());
  offer.set_handover_id(handover);
  *offer.mutable_earliest() = exchange::ToProto(Now() + 90 * kDay);
  ASSERT_TRUE(kif.Call<hv1::OfferHandoverResponse>(
                     "exitbus.handover.v1.HandoverService.OfferHandover", offer)
                  .ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(Release(kif), "");
  EXPECT_EQ(GetHandover(ishoej, handover)->stage(), hv1::HANDOVER_STAGE_ACCEPTED);
  ASSERT_TRUE(simulation::Do(world, kif, "OfferHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(simulation::Do(world, ishoej, "TakeOverCase", handover).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(ishoej, id)->standing(), cv1::STANDING_RESPONSIBLE);
  ExpectNothingRefused();
}

TEST_F(ReleasedTest, BackInCustodyHeIsNotReleasedAnyMore) {
  Ask(ishoej);
  ASSERT_EQ(Release(kif), "");
  EXPECT_EQ(Plan(id, Now() + 90 * kDay), "release.released");
  EXPECT_EQ(Cancel(id), "release.released");
  kv1::StateCustodyRequest custody;
  *custody.mutable_imprisoned() = exchange::ToProto(Now());
  ASSERT_EQ((Do<kv1::StateCustodyRequest, kv1::StateCustodyResponse>(
                kif, id, kRelease + "StateCustody", custody)),
            "");
  EXPECT_FALSE(GetCase(kif, id)->has_released());
  EXPECT_FALSE(GetCase(kif, id)->has_handover_due());
  EXPECT_TRUE(GetCase(kif, id)->custody().has_plan_due()) << "for this time in custody";
  EXPECT_FALSE(GetHandover(ishoej, handover)->has_expected());
  Days(20);
  EXPECT_EQ(Alarms(), 0U);
  EXPECT_EQ(Plan(id, Now() + 90 * kDay), "");
}

TEST_F(ReleasedTest, NobodyHasAcceptedTenWorkingDaysBeforeIsAlarmedOnce) {
  EXPECT_TRUE(GetCase(kif, id)->has_handover_due());
  Ask(ishoej);
  Days(70);
  EXPECT_EQ(Alarms(), 0U);
  Days(10);
  EXPECT_EQ(Alarms(), 1U);
  EXPECT_TRUE(GetCase(kif, id)->handover_overdue());
  Accept(ishoej);
  EXPECT_FALSE(GetCase(kif, id)->handover_overdue()) << "now the offer is owed, by the day";
  Days(15);
  EXPECT_EQ(Alarms(), 2U) << "the day has come, and nothing is offered";
  ASSERT_TRUE(simulation::Do(world, kif, "OfferHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_FALSE(GetCase(kif, id)->has_handover_due());
  EXPECT_THAT(Acts(), Not(Contains(cv1::NEXT_ACT_KIND_HAND_OVER_AT_RELEASE)));
}

TEST_F(ReleasedTest, ADayThatGoesAwayOwesNothing) {
  ASSERT_EQ(Cancel(id), "");
  EXPECT_FALSE(GetCase(kif, id)->has_handover_due());
  Days(120);
  EXPECT_EQ(Alarms(), 0U);
}

}  // namespace
}  // namespace exitbus::simulation
