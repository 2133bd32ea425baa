// What must hold of the matrix whatever its cells say: denial by default, and the invariants that
// stand below it, in words of their own. (The cells are in tests/tables, see contracts_agree_test.)
#include "gtest/gtest.h"
#include "services/policy/viewer.h"
#include "tests/tables/policy_tables.h"

namespace exitbus::policy {
namespace {

// Every condition holds.
ConditionSet Everything() { return tables::AllConditionSets().back(); }

TEST(CategoryMatrix, DetailLeftOutMeansFull) {
  const Viewer contact_point{v1::READER_CONTACT_POINT};
  EXPECT_TRUE(MaySee(contact_point, v1::CATEGORY_NAME, v1::DETAIL_SUMMARY));
  EXPECT_FALSE(MaySee(contact_point, v1::CATEGORY_NAME, v1::DETAIL_UNSPECIFIED));
}

TEST(CategoryMatrix, NobodyIsNobodyAndNothingIsNothing) {
  EXPECT_FALSE(MaySee(Viewer{}, v1::CATEGORY_ENVELOPE, v1::DETAIL_CODE));
  EXPECT_FALSE(MaySee(Viewer{v1::READER_POLICE}, v1::CATEGORY_UNSPECIFIED, v1::DETAIL_CODE));
  EXPECT_FALSE(MaySee(Viewer{v1::READER_POLICE, v1::LEVEL_UNSPECIFIED}, v1::CATEGORY_ENVELOPE,
                      v1::DETAIL_CODE));
}

// The invariants that stand below the matrix, in words of their own.
TEST(Invariants, HealthNeverReachesPoliceOrNecAndTheContactPointOnlyACode) {
  const ConditionSet everything = Everything();
  for (v1::Reader reader : {v1::READER_POLICE, v1::READER_RECEIVING_POLICE, v1::READER_NEC_OVERVIEW,
                            v1::READER_NEC_GANG_LIST}) {
    EXPECT_FALSE(
        MaySee({reader, v1::LEVEL_FULL, everything}, v1::CATEGORY_HEALTH, v1::DETAIL_CODE));
  }
  const Viewer contact_point{v1::READER_CONTACT_POINT, v1::LEVEL_FULL, everything};
  EXPECT_FALSE(MaySee(contact_point, v1::CATEGORY_HEALTH, v1::DETAIL_SUMMARY));
}

TEST(Invariants, TheReceiverSeesNoIdentityBeforeAcceptance) {
  const Viewer before{v1::READER_RECEIVER, v1::LEVEL_FULL, {v1::CONDITION_LEGAL_BASIS}};
  for (v1::Category category : {v1::CATEGORY_CPR_NUMBER, v1::CATEGORY_NAME, v1::CATEGORY_ADDRESS}) {
    EXPECT_FALSE(MaySee(before, category, v1::DETAIL_CODE)) << v1::Category_Name(category);
  }
  EXPECT_FALSE(MaySee(before, v1::CATEGORY_CASE_ID, v1::DETAIL_FULL));
}

TEST(Invariants, TheNewAddressStaysWithThoseWhoNeedIt) {
  ConditionSet moved = Everything();
  moved.Remove(v1::CONDITION_UNTIL_TAKE_OVER);
  for (v1::Reader reader : {v1::READER_NEC_OVERVIEW, v1::READER_CONTACT_POINT, v1::READER_FORMER,
                            v1::READER_MENTOR, v1::READER_MUNICIPALITY}) {
    EXPECT_FALSE(MaySee({reader, v1::LEVEL_FULL, moved}, v1::CATEGORY_RELOCATION_DESTINATION,
                        v1::DETAIL_FULL))
        << v1::Reader_Name(reader);
  }
}

}  // namespace
}  // namespace exitbus::policy
