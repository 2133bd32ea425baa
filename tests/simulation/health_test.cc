// What a case says of health (D15): for who answers for it, on consent; for nobody who did not
// write it himself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulation/colleagues.h"

namespace exitbus::simulation {
namespace {

namespace pv1 = policy::v1;
using testing::Contains;

class HealthTest : public testing::Test {
 protected:
  World world;
  Node& node = world.Municipality("0183");
};

// What the coordinator wrote of health is no unit's own, whether or not there is a consent.
TEST_F(HealthTest, HealthThatAUnitDidNotWriteItNeverSees) {
  const std::string case_id = EnrolledCase(world, node);
  ASSERT_TRUE(Involve(world, node, case_id, pv1::FUNCTION_FAMILY_CENTRE).ok());
  ASSERT_TRUE(Involve(world, node, case_id, pv1::FUNCTION_CITIZEN_SERVICE).ok());
  const auto expect_none = [&] {
    for (const char* function : {"family-centre", "citizen-service"}) {
      const Speaking unit(node, function, "employee-2");
      const auto seen = GetCase(node, case_id);
      ASSERT_TRUE(seen.ok()) << seen.status();
      EXPECT_EQ(seen->person().name(), "Canary Name") << function;
      EXPECT_EQ(seen->visitation().health_needs(), "") << function;
      EXPECT_THAT(seen->withheld(), Contains(pv1::CATEGORY_HEALTH)) << function;
    }
  };
  ASSERT_EQ(GetCase(node, case_id)->visitation().health_needs(), "canary-health");
  expect_none();
  ASSERT_TRUE(RevokeConsent(world, node, case_id).ok());
  ASSERT_EQ(GetCase(node, case_id)->visitation().health_needs(), "");
  expect_none();
}

// What a prison wrote of health itself is its own; what came on consent is there as long as that.
TEST_F(HealthTest, APrisonKeepsWhatItWroteOfHealthAndNotWhatCameOnARevokedConsent) {
  Node& prison = world.Kriminalforsorgen("kif");
  const std::string own = EnrolledCase(world, prison, "6202900002");
  ASSERT_TRUE(RevokeConsent(world, prison, own).ok());
  EXPECT_EQ(GetCase(prison, own)->visitation().health_needs(), "canary-health");
  const std::string case_id = EnrolledCase(world, node);
  ASSERT_TRUE(Cover(world, node, case_id,
                    {pv1::AUTHORITY_KIND_MUNICIPALITY, pv1::AUTHORITY_KIND_KRIMINALFORSORGEN})
                  .ok());
  const std::string id = Offered(world, node, case_id, prison);
  ASSERT_TRUE(Do(world, prison, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(prison, case_id)->visitation().health_needs(), "canary-health");
  ASSERT_TRUE(RevokeConsent(world, prison, case_id).ok());
  EXPECT_EQ(GetCase(prison, case_id)->visitation().health_needs(), "");
  EXPECT_THAT(GetCase(prison, case_id)->withheld(), Contains(pv1::CATEGORY_HEALTH));
}

}  // namespace
}  // namespace exitbus::simulation
