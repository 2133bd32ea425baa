// Places that are considered for a relocation, between the contact point, the police units of two
// districts and municipalities that are not told for whom: the way through, what ends it, and each
// crossing with a death at each commit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "absl/strings/str_cat.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "tests/simulation/places_world.h"

namespace exitbus::simulation {
namespace {

namespace lv1 = relocation::v1;
using testing::IsEmpty;
using testing::SizeIs;

constexpr auto kClear = lv1::PLACE_SAFETY_CLEAR;
constexpr auto kNotPossible = lv1::PLACE_SAFETY_NOT_POSSIBLE;
constexpr auto kUnknown = lv1::PLACE_SAFETY_UNKNOWN;

class PlacesTest : public testing::Test, protected PlacesWorld {};

TEST_F(PlacesTest, ThePoliceSayWhereItIsSafeAndAMunicipalityThatItHasRoom) {
  ASSERT_TRUE(AskPlaces({"0183", kOdenseCode, kAlbertslundCode}).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(PlaceAt(desk, kOdenseCode).waiting_for(), vestegnen.id());
  EXPECT_EQ(RuleOf(Inquire(kOdenseCode)), "relocation.place_not_clear");
  EXPECT_EQ(RuleOf(AnswerPlace(kOdenseCode, kClear)), "relocation.statement_required");
  ASSERT_TRUE(State().ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(PlaceAt(desk, "0183").safety(), kNotPossible) << "where he comes from";
  EXPECT_EQ(PlaceAt(vestegnen, kOdenseCode).waiting_for(), fyn.id());
  EXPECT_EQ(PlaceAt(vestegnen, kAlbertslundCode).waiting_for(), vestegnen.id());
  ASSERT_TRUE(AnswerConflict(kClear).ok());
  ASSERT_TRUE(AnswerPlace(kAlbertslundCode, kClear).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Inquire(kAlbertslundCode).ok());
  EXPECT_EQ(RuleOf(Inquire(kOdenseCode)), "relocation.one_at_a_time");
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Decline(albertslund).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(PlaceAt(desk, kAlbertslundCode).declined(), lv1::DECLINE_CODE_NO_CAPACITY);
  ASSERT_TRUE(Inquire(kOdenseCode).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(GiveRoom(odense).ok());
  ASSERT_TRUE(world.Settle());
  const lv1::RelocationPlace place = PlaceAt(desk, kOdenseCode);
  EXPECT_EQ(place.inquiry(), lv1::INQUIRY_STAGE_CAPACITY);
  EXPECT_EQ(place.capacity().households(), 1U);
  EXPECT_THAT(At(holder, id).places(), IsEmpty());
  ExpectSound();
}

// Nobody who is asked learns of whom, and the contact point not why a place is ruled out.
TEST_F(PlacesTest, WhoIsAskedLearnsOfNobody) {
  AskOdense();
  ASSERT_TRUE(State({kAlbertslundCode}).ok());
  ASSERT_TRUE(AskPlaces({kAlbertslundCode}).ok());
  ASSERT_TRUE(world.Settle());
  const lv1::RelocationPlace ruled_out = PlaceAt(desk, kAlbertslundCode);
  EXPECT_EQ(ruled_out.safety(), kNotPossible);
  EXPECT_EQ(ruled_out.excluded(), lv1::EXCLUSION_REASON_UNSPECIFIED);
  EXPECT_EQ(PlaceAt(vestegnen, kAlbertslundCode).excluded(), lv1::EXCLUSION_REASON_UNSAFE);
  EXPECT_FALSE(At(desk, id).has_statement());
  EXPECT_EQ(PlaceAt(desk, kOdenseCode).conflict_id(), "");
  ASSERT_THAT(InquiriesAt(odense), SizeIs(1));
  EXPECT_EQ(InquiriesAt(odense)[0].profile().household(), lv1::HOUSEHOLD_ALONE);
  ASSERT_THAT(ConflictsAt(fyn), SizeIs(1));
  const std::set<std::string> ids = {id, InquiriesAt(odense)[0].inquiry_id(),
                                     ConflictsAt(fyn)[0].conflict_id()};
  EXPECT_THAT(ids, SizeIs(3)) << "none is known by another's";
  for (Node* node : {&odense, &fyn, &desk}) EXPECT_THAT(PlantedAt(*node), IsEmpty()) << node->id();
}

TEST_F(PlacesTest, APlaceThatIsRuledOutLaterEndsWhatWasAsked) {
  AskOdense();
  ASSERT_TRUE(State({"1465"}).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(PlaceAt(desk, kOdenseCode).safety(), kNotPossible);
  EXPECT_EQ(PlaceAt(desk, kOdenseCode).inquiry(), lv1::INQUIRY_STAGE_ENDED);
  EXPECT_EQ(InquiriesAt(odense)[0].stage(), lv1::INQUIRY_STAGE_ENDED);
  EXPECT_FALSE(InquiriesAt(odense)[0].has_profile());
  EXPECT_TRUE(ConflictsAt(fyn)[0].has_ended());
  EXPECT_THAT(ConflictsAt(fyn)[0].groups(), IsEmpty());
  ExpectSound();
}

TEST_F(PlacesTest, AUnitThatKnowsBetterAnswersAnew) {
  AskOdense();
  ASSERT_TRUE(AnswerConflict(kUnknown).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(PlaceAt(desk, kOdenseCode).inquiry(), lv1::INQUIRY_STAGE_ENDED);
  ASSERT_TRUE(AnswerConflict(kClear).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(Inquire(kOdenseCode).ok()) << "under an id of its own";
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(InquiriesAt(odense), SizeIs(2));
  ExpectSound();
}

TEST_F(PlacesTest, WhoDoesNotAnswerIsSeenAndTheNextIsAsked) {
  AskOdense();
  const absl::Time due = exchange::EndOfDay(exchange::AddWorkingDays(world.domain_clock.Now(), 5));
  Sleep(due - world.domain_clock.Now() + absl::Minutes(1));
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(PlaceAt(desk, kOdenseCode).inquiry(), lv1::INQUIRY_STAGE_NO_ANSWER);
  EXPECT_TRUE(PlaceAt(desk, kOdenseCode).overdue());
  for (Node* node : {&desk, &odense}) {
    EXPECT_THAT(node->telemetry().LinesOf("relocation.overdue"), SizeIs(1)) << node->id();
  }
  ASSERT_TRUE(AskPlaces({kAlbertslundCode}).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(AnswerPlace(kAlbertslundCode, kClear).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(Inquire(kAlbertslundCode).ok());
  EXPECT_TRUE(GiveRoom(odense).ok()) << "late, and it counts";
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(PlaceAt(desk, kOdenseCode).inquiry(), lv1::INQUIRY_STAGE_CAPACITY);
  Sleep(absl::Hours(24 * 15));
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(PlaceAt(desk, kOdenseCode).inquiry(), lv1::INQUIRY_STAGE_STALE);
  ExpectSound();
}

class MorningTest : public testing::Test, protected PlacesWorld {
 protected:
  MorningTest() : PlacesWorld(1, true) { ClearOdense(); }
};

TEST_F(MorningTest, WhatIsAskedBlindlyLeavesWithAllOthersOfItsDay) {
  ASSERT_TRUE(Inquire(kOdenseCode).ok());
  const absl::Time morning = exchange::NextMorning(world.clock.Now());
  Sleep(morning - world.clock.Now() - absl::Minutes(5));
  EXPECT_THAT(InquiriesAt(odense), IsEmpty());
  Sleep(absl::Minutes(2));
  ASSERT_THAT(InquiriesAt(odense), SizeIs(1));
  const absl::Time due = exchange::FromProto(InquiriesAt(odense)[0].due());
  EXPECT_EQ(due, exchange::StartOfDay(due)) << "told in days";
  EXPECT_EQ(due, exchange::FromProto(PlaceAt(desk, kOdenseCode).due())) << "and by both alike";
  ExpectSound();
}

TEST_F(MorningTest, WhatEndedBeforeIsNeverAsked) {
  ASSERT_TRUE(Inquire(kOdenseCode).ok());
  ASSERT_TRUE(State({"1465"}).ok());
  world.Pass(absl::Minutes(1));
  PassNights(6);
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(PlaceAt(desk, kOdenseCode).safety(), kNotPossible);
  EXPECT_THAT(InquiriesAt(odense), IsEmpty());
  ExpectSound();
}

TEST_F(MorningTest, AndNoUnitAboutAPlaceThatIsOut) {
  ASSERT_TRUE(AskPlaces({"0430"}).ok());
  world.Pass(absl::Minutes(1));
  EXPECT_EQ(PlaceAt(vestegnen, "0430").waiting_for(), fyn.id());
  ASSERT_TRUE(State({"0430"}).ok());
  PassNights(6);
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(ConflictsAt(fyn), SizeIs(1)) << "about Odense";
  ExpectSound();
}

// How a request ends that a municipality and a unit are asked for.
class EndTest : public testing::TestWithParam<std::function<void(PlacesWorld&)>> {};

TEST_P(EndTest, IsHeardByAllWhoWereAsked) {
  PlacesWorld at(1, true);
  at.AskOdense();
  GetParam()(at);
  at.PassNights(6);
  ASSERT_TRUE(at.world.Settle());
  EXPECT_EQ(at.InquiriesAt(at.odense)[0].stage(), lv1::INQUIRY_STAGE_ENDED);
  EXPECT_FALSE(at.InquiriesAt(at.odense)[0].has_profile());
  EXPECT_TRUE(at.ConflictsAt(at.fyn)[0].has_ended());
  EXPECT_EQ(at.ConflictsAt(at.fyn)[0].municipality(), "");
  at.ExpectSound();
}

INSTANTIATE_TEST_SUITE_P(
    By, EndTest,
    testing::Values([](PlacesWorld& at) { (void)at.WithdrawRequest(at.vestegnen, at.id); },
                    [](PlacesWorld& at) { (void)at.WithdrawRequest(at.ishoej, at.id); },
                    [](PlacesWorld& at) { (void)at.Withdraw(at.ishoej, at.case_id); },
                    [](PlacesWorld& at) {
                      (void)at.Withdraw(at.ishoej, at.case_id);
                      (void)at.Erase(at.ishoej, at.case_id);
                    },
                    [](PlacesWorld& at) {
                      const auto handover =
                          Offered(at.world, at.ishoej, at.case_id, at.albertslund);
                      (void)Do(at.world, at.albertslund, "TakeOverCase", handover);
                    }));

// Two acts at the same time, whoever dies of it: nobody is asked or waited for any more where the
// place is out, and what each of the two sides has of it agrees.
struct Crossing {
  std::string name;
  std::function<void(PlacesWorld&)> given, one, other;
};

void Asked(PlacesWorld& at) { at.AskOdense(); }
void Cleared(PlacesWorld& at) {
  EXPECT_TRUE(at.State().ok());
  EXPECT_TRUE(at.AskPlaces({kOdenseCode}).ok());
  EXPECT_TRUE(at.world.Settle());
  EXPECT_TRUE(at.AnswerConflict(kClear).ok());
  EXPECT_TRUE(at.world.Settle());
}
void Inquire(PlacesWorld& at) { (void)at.Inquire(kOdenseCode); }
void GiveRoom(PlacesWorld& at) { (void)at.GiveRoom(at.odense); }
void Decline(PlacesWorld& at) { (void)at.Decline(at.odense); }
void RuleOut(PlacesWorld& at) { (void)at.State({"1465"}); }
void Doubt(PlacesWorld& at) { (void)at.AnswerConflict(kUnknown); }
void EndIt(PlacesWorld& at) { (void)at.EndInquiry(kOdenseCode); }
void Leave(PlacesWorld& at) { (void)at.WithdrawRequest(at.vestegnen, at.id); }

const std::vector<Crossing>& Crossings() {
  static const auto* const all =
      new std::vector<Crossing>{{"exclusion_and_inquiry", &Cleared, &RuleOut, &Inquire},
                                {"exclusion_and_room", &Asked, &RuleOut, &GiveRoom},
                                {"exclusion_and_doubt", &Asked, &RuleOut, &Doubt},
                                {"doubt_and_room", &Asked, &Doubt, &GiveRoom},
                                {"end_and_room", &Asked, &EndIt, &GiveRoom},
                                {"end_and_decline", &Asked, &EndIt, &Decline},
                                {"withdrawal_and_inquiry", &Cleared, &Leave, &Inquire},
                                {"withdrawal_and_room", &Asked, &Leave, &GiveRoom},
                                {"withdrawal_and_exclusion", &Asked, &Leave, &RuleOut}};
  return *all;
}

class PlacesCrossingTest : public testing::TestWithParam<Crossing> {
 protected:
  static void Cross(PlacesWorld& at, int victim, int nth, bool durable, bool turned) {
    GetParam().given(at);
    Node* const all[] = {&at.vestegnen, &at.fyn, &at.desk, &at.odense};
    all[victim]->DieAtCommit(nth, durable);
    (turned ? GetParam().other : GetParam().one)(at);
    (turned ? GetParam().one : GetParam().other)(at);
    EXPECT_TRUE(at.world.Settle());
    ExpectAgreement(at);
    at.ExpectSound();
  }

  static void ExpectAgreement(PlacesWorld& at) {
    const lv1::RelocationPlace seen = at.PlaceAt(at.desk, kOdenseCode);
    const bool open = at.StageAt(at.desk, at.id) == "NECESSARY";
    EXPECT_EQ(at.StageAt(at.vestegnen, at.id), at.StageAt(at.desk, at.id));
    if (open) {
      EXPECT_EQ(at.PlaceAt(at.vestegnen, kOdenseCode).safety(), seen.safety());
    }
    int asked = 0;
    for (const auto& inquiry : at.InquiriesAt(at.odense)) {
      if (inquiry.stage() == lv1::INQUIRY_STAGE_ENDED) continue;
      ++asked;
      EXPECT_EQ(inquiry.inquiry_id(), seen.inquiry_id());
      EXPECT_EQ(inquiry.stage(), seen.inquiry());
      EXPECT_EQ(inquiry.has_due(), seen.waiting_for() == at.odense.id()) << "waited for at both";
    }
    EXPECT_LE(asked, open && seen.safety() == kClear ? 1 : 0);
    for (const auto& conflict : at.ConflictsAt(at.fyn)) {
      if (conflict.has_ended()) continue;
      EXPECT_TRUE(open);
      EXPECT_EQ(conflict.conflict_id(), at.PlaceAt(at.vestegnen, kOdenseCode).conflict_id());
    }
  }
};

TEST_P(PlacesCrossingTest, NobodyIsAskedForAPlaceThatIsOut) {
  for (const int victim : {0, 1, 2, 3}) {
    for (int nth = 1; nth <= 2; ++nth) {
      for (const bool durable : {false, true}) {
        for (const bool turned : {false, true}) {
          SCOPED_TRACE(absl::StrCat(victim, " ", nth, durable ? " after" : " before",
                                    turned ? " turned" : ""));
          PlacesWorld at(static_cast<std::uint64_t>(nth));
          Cross(at, victim, nth, durable, turned);
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Of, PlacesCrossingTest, testing::ValuesIn(Crossings()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace exitbus::simulation
