// What the central pool makes of a stay, and what waits for its end.
#include "services/police/stay_testing.h"

namespace exitbus::police {
namespace {

TEST_F(StayTest, WhereThePoolSaysNoItEndsWithinTwoWeeks) {
  BecomesAs("CLEAR");
  later = absl::Hours(3);
  const exchange::Decision refused = Happens("<PoolApplicationDecided, refused");
  EXPECT_EQ(StageOf(*state), "WAY_BACK");
  EXPECT_EQ(EndDue(), Now().now + absl::Hours(14 * 24));
  EXPECT_NE(HeardBy(kFyn, refused, "StayPlaced").find("WAY_BACK"), std::string::npos);
  EXPECT_NE(HeardBy(kIshoej, refused, "TemporaryRelocationTold").find("STAY_PAYER_POLICE"),
            std::string::npos);
  ids.id = "second";
  Happens("ExtendStay, with the pool");
  EXPECT_EQ(StageOf(*state), "WAY_BACK") << "to apply anew gives no more time";
  Happens("<PoolApplicationDecided, the second one granted");
  EXPECT_EQ(StageOf(*state), "PLACED");
  EXPECT_EQ(EndDue(), vestegnen.Now() + absl::Hours(30 * 24));
}

TEST_F(StayTest, WhatNobodyHasDecidedSendsNobodyBack) {
  BecomesAs("CLEAR");
  Happens("<PoolApplicationDecided, refused by its system");
  EXPECT_EQ(StageOf(*state), "PLACED");
}

TEST_F(StayTest, EachApplicationPaysForItsOwnTime) {
  const auto extended = [&] {
    BecomesAs("CLEAR");
    ids.id = "second";
    Happens("ExtendStay, with the pool");
    ids.id = "fresh";
  };
  extended();
  Happens("<PoolApplicationDecided, granted");
  later = absl::Hours(24);
  Happens("<PoolApplicationDecided, the second one refused");
  EXPECT_EQ(EndDue(), vestegnen.Now() + absl::Hours(20 * 24)) << "what the first one pays for";
  later = absl::ZeroDuration();
  extended();
  Happens("<PoolApplicationDecided, refused");
  EXPECT_EQ(EndDue(), vestegnen.Now() + absl::Hours(14 * 24)) << "the first one, the second open";
  Happens("<PoolApplicationDecided, the second one granted");
  EXPECT_EQ(EndDue(), vestegnen.Now() + absl::Hours(30 * 24));
}

// A payment that crossed the withdrawal pays; a grant that was taken back does not.
TEST_F(StayTest, WhatIsPaidCountsAndWhatIsTakenBackDoesNot) {
  const auto extended = [&] {
    BecomesAs("CLEAR");
    ids.id = "second";
    Happens("ExtendStay, with the pool");
    ids.id = "fresh";
  };
  extended();
  Happens("WithdrawStayApplication");
  Happens("<PoolGrantPaid");
  Happens("<PoolApplicationDecided, the second one refused");
  EXPECT_EQ(EndDue(), vestegnen.Now() + absl::Hours(20 * 24));
  extended();
  Happens("<PoolApplicationDecided, granted");
  Happens("WithdrawStayApplication");
  Happens("<PoolApplicationDecided, the second one refused");
  EXPECT_EQ(EndDue(), vestegnen.Now() + absl::Hours(14 * 24));
}

TEST_F(StayTest, ANoLateInTheStayMakesItNoLonger) {
  BecomesAs("CLEAR");
  later = absl::Hours(10 * 24);
  Happens("<PoolApplicationDecided, refused");
  EXPECT_EQ(EndDue(), vestegnen.Now() + absl::Hours(20 * 24));
}

TEST_F(StayTest, AnErasureWaitsUntilNobodyIsThere) {
  const auto ordered = [&] {
    Inputs order(SecurityFiles(), {kIshoej.id, pv1::CHANNEL_EVIDENCE, "the-file", 1, kIshoej.kind});
    order.Message("<ErasureOrdered", "");
    return exchange::OutcomeOf(order.Decide("<ErasureOrdered", *state, Now()));
  };
  BecomesAs("PAID");
  EXPECT_EQ(ordered(), "waits");
  Happens("EndStay");
  Happens("ReturnStayAccount");
  EXPECT_EQ(ordered(), "waits") << "the unit there has not erased it";
  Happens("<StayAnswered, all is erased");
  EXPECT_EQ(ordered(), "");
  BecomesAs("REQUESTED");
  EXPECT_EQ(ordered(), "waits");
}

TEST_F(StayTest, AFileHasNoEndOfStays) {
  BecomesAs("ERASED");
  auto file = std::make_shared<jv1::SecurityFile>(File());
  while (file->stays_size() < kStaysOfOneFileMax) *file->add_stays() = Stay();
  state = file;
  EXPECT_EQ(exchange::OutcomeOf(Decided("PlaceTemporarily")), "refused stay.too_many_of_case");
  const exchange::Decision answered = Decided("<TemporaryRelocationRequested, another one");
  EXPECT_TRUE(answered.events().empty());
  EXPECT_NE(HeardBy(kIshoej, answered, "TemporaryRelocationTold").find("NOT_PLACED"),
            std::string::npos);
}

TEST_F(StayTest, AStayHasNoEndOfApplications) {
  BecomesAs("CLEAR");
  auto file = std::make_shared<jv1::SecurityFile>(File());
  while (file->stays(0).funding_size() < kApplicationsOfOneStayMax) {
    file->mutable_stays(0)->add_funding();
  }
  state = file;
  EXPECT_EQ(exchange::OutcomeOf(Decided("ExtendStay, with the pool")),
            "refused stay.too_many_applications");
  EXPECT_EQ(exchange::OutcomeOf(Decided("ExtendStay")), "");
}

TEST_F(StayTest, WithoutAContactPointNothingIsAppliedFor) {
  BecomesAs("NONE");
  const exchange::Deciding alone(kVestegnen, {kIshoej, kFyn});
  const auto place = [&](const std::string& input) {
    return exchange::OutcomeOf(inputs.Decide(input, *state, alone.DecisionContextFor()));
  };
  EXPECT_EQ(place("PlaceTemporarily"), "refused pool.none_listed");
  EXPECT_EQ(place("PlaceTemporarily, without the pool"), "");
}

}  // namespace
}  // namespace exitbus::police
