// Where who moves will live, from what the new municipality finds to who acts after the take-over.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulation/decision_world.h"

namespace exitbus::simulation {
namespace {

class WhereHeLivesTest : public testing::Test, protected DecisionWorld {};

// A boform leaves the former municipality in its place. The two disagree; the take-over goes on.
TEST_F(WhereHeLivesTest, TheKindOfDwellingSaysWhoActsAndADisputeStopsNothing) {
  Found();
  ASSERT_TRUE(Choose("a-boform").ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(holder, handover)->dwelling().handlekommune(), holder.id());
  EXPECT_EQ(GetHandover(holder, handover)->dwelling().refund(),
            casework::v1::FUNDING_CLASS_FORMER_MUNICIPALITY);
  ASSERT_TRUE(RaiseDispute(holder, casework::v1::DISPUTE_PARTY_RECEIVING_MUNICIPALITY).ok());
  ASSERT_TRUE(Do(world, holder, "OfferHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(odense, handover)->dwelling().acting(), odense.id());
  ASSERT_TRUE(TakeOver().ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(odense, case_id)->handlekommune(), holder.id());
  EXPECT_EQ(GetCase(odense, case_id)->dwelling().acting(), odense.id());
  ASSERT_TRUE(SettleDispute(odense).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(holder, handover)->disputes(0).outcome(),
            casework::v1::DISPUTE_PARTY_FORMER_HANDLEKOMMUNE);
  EXPECT_EQ(GetCase(odense, case_id)->dwelling().acting(), "") << "nobody disagrees any more";
  ExpectDwellingAgreed();
  ExpectSound();
}

// A dispute is raised until the handover is closed, and settled after it too.
TEST_F(WhereHeLivesTest, ADisputeOutlivesTheHandover) {
  Found();
  ASSERT_TRUE(Choose("a-flat").ok());
  ASSERT_TRUE(Do(world, holder, "OfferHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(TakeOver().ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, holder, "AcknowledgeHandover", handover).ok());
  ASSERT_TRUE(RaiseDispute(holder, casework::v1::DISPUTE_PARTY_RECEIVING_MUNICIPALITY).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, holder, "CloseHandover", handover).ok());
  ASSERT_TRUE(Do(world, odense, "CloseHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(odense, case_id)->handlekommune(), odense.id());
  ASSERT_TRUE(SettleDispute(holder).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(odense, case_id)->handlekommune(), holder.id()) << "as it was decided";
  EXPECT_EQ(RuleOf(RaiseDispute(holder, casework::v1::DISPUTE_PARTY_RECEIVING_MUNICIPALITY)),
            "handover.ended");
  ExpectDwellingAgreed();
  ExpectSound();
}

// What the leaving municipality was told of the dwelling is its kind; of the address nothing.
TEST_F(WhereHeLivesTest, TheLeavingMunicipalityNeverHearsWhich) {
  Found();
  ASSERT_TRUE(Choose("a-flat").ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Choose("a-boform").ok());
  ASSERT_TRUE(world.Settle());
  const auto told = GetHandover(holder, handover);
  EXPECT_EQ(told->dwelling().kind(), casework::v1::STAY_PLACE_KIND_BOFORM);
  EXPECT_EQ(told->ShortDebugString().find("a-boform"), std::string::npos);
  ASSERT_TRUE(Do(world, odense, "RejectHandover", handover).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_FALSE(GetHandover(holder, handover)->has_dwelling()) << "nobody moves there any more";
  EXPECT_TRUE(GetHandover(odense, handover)->dwellings().empty()) << "erased with the person";
  ExpectSound();
}

}  // namespace
}  // namespace exitbus::simulation
