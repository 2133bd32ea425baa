// Who holds a case, or held it, reads back what it wrote itself; a prison too, which as a party in
// another's case is told less.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulation/colleagues.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;
using testing::Contains;
using testing::Not;

class OwnPartTest : public testing::Test {
 protected:
  void ExpectReadInFull(const cv1::Case& seen) {
    EXPECT_EQ(seen.person().cpr_number(), "6202900002");
    EXPECT_EQ(seen.person().name(), "Canary Name");
    EXPECT_EQ(seen.current_address(), "Canary Street 1");
    EXPECT_EQ(seen.visitation().affiliation(), "loosely affiliated");
    EXPECT_EQ(seen.visitation().position(), "runner");
    EXPECT_EQ(seen.visitation().motivation(), "real");
    EXPECT_EQ(seen.visitation().risk_on_leaving(), "medium");
    EXPECT_EQ(seen.visitation().health_needs(), "canary-health");
    EXPECT_EQ(seen.agreement().measures_size(), 2);
    for (const pv1::Category category : {pv1::CATEGORY_ADDRESS, pv1::CATEGORY_CLARIFICATION_FORM}) {
      EXPECT_THAT(seen.withheld(), Not(Contains(category)));
    }
  }

  World world;
  Node& municipality = world.Municipality("0183");
  Node& prison = world.Kriminalforsorgen("kif-1469");
};

TEST_F(OwnPartTest, EachReadsBackWhatItWrote) {
  for (Node* node : {&municipality, &prison}) {
    SCOPED_TRACE(node->id());
    const std::string case_id = EnrolledCase(world, *node, "6202900002");
    const auto seen = GetCase(*node, case_id);
    ASSERT_TRUE(seen.ok()) << seen.status();
    ExpectReadInFull(*seen);
  }
}

TEST_F(OwnPartTest, APrisonReadsItAfterItLetTheCaseGo) {
  const std::string case_id = EnrolledCase(world, prison, "6202900002");
  const std::string id = Offered(world, prison, case_id, municipality);
  ASSERT_TRUE(Do(world, municipality, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(GetCase(prison, case_id)->standing(), cv1::STANDING_FORMER);
  ExpectReadInFull(*GetCase(prison, case_id));
}

// The motivation goes on consent.
TEST_F(OwnPartTest, WhatCameToAPrisonOnARevokedConsentItReadsNoMore) {
  const std::string own = EnrolledCase(world, prison, "6202900002");
  ASSERT_TRUE(RevokeConsent(world, prison, own).ok());
  EXPECT_EQ(GetCase(prison, own)->visitation().motivation(), "real");

  const std::string case_id = EnrolledCase(world, municipality);
  ASSERT_TRUE(Cover(world, municipality, case_id,
                    {pv1::AUTHORITY_KIND_MUNICIPALITY, pv1::AUTHORITY_KIND_KRIMINALFORSORGEN})
                  .ok());
  const std::string id = Offered(world, municipality, case_id, prison);
  ASSERT_TRUE(Do(world, prison, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(prison, case_id)->current_address(), "Canary Street 1");
  EXPECT_EQ(GetCase(prison, case_id)->visitation().motivation(), "real");
  ASSERT_TRUE(RevokeConsent(world, prison, case_id).ok());
  EXPECT_EQ(GetCase(prison, case_id)->visitation().motivation(), "");
  EXPECT_EQ(GetCase(prison, case_id)->visitation().position(), "runner");
  EXPECT_THAT(GetCase(prison, case_id)->withheld(), Contains(pv1::CATEGORY_CLARIFICATION_FORM));
}

}  // namespace
}  // namespace exitbus::simulation
