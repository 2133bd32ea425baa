// The table of municipalities holds together.
#include "services/relocation/municipalities.h"

#include <gtest/gtest.h>

#include <set>

namespace exitbus::relocation {
namespace {

TEST(MunicipalitiesTest, AreNinetyEightInTwelveDistricts) {
  std::set<std::string_view> codes, districts;
  for (const Municipality& one : Municipalities()) {
    EXPECT_EQ(one.code.size(), 4U) << one.code;
    EXPECT_EQ(one.district.size(), 4U) << one.code;
    EXPECT_EQ(FindMunicipality(one.code), &one) << one.code;
    EXPECT_TRUE(IsPoliceDistrict(one.district)) << one.code;
    EXPECT_FALSE(IsPoliceDistrict(one.code)) << one.code;
    codes.insert(one.code);
    districts.insert(one.district);
  }
  EXPECT_EQ(codes.size(), 98U);
  EXPECT_EQ(districts.size(), 12U);
}

// Who is named as a neighbour exists and says the same.
TEST(MunicipalitiesTest, AreNeighboursOfEachOther) {
  int pairs = 0;
  for (const Municipality& one : Municipalities()) {
    for (std::size_t at = 0; at < one.beside.size(); at += 5) {
      const std::string_view other = one.beside.substr(at, 4);
      EXPECT_NE(other, one.code);
      EXPECT_TRUE(AreNeighbours(one.code, other)) << one.code << " " << other;
      EXPECT_TRUE(AreNeighbours(other, one.code)) << one.code << " " << other;
      ++pairs;
    }
  }
  EXPECT_EQ(pairs, 2 * (186 + 6)) << "borders on land, and bridges where there is none";
}

TEST(MunicipalitiesTest, AreNeighboursOnLandAndOverABridge) {
  EXPECT_TRUE(AreNeighbours("0101", "0147"));
  EXPECT_TRUE(AreNeighbours("0410", "0607")) << "across Lillebælt";
  EXPECT_FALSE(AreNeighbours("0101", "0461"));
  EXPECT_FALSE(AreNeighbours("0101", "0101"));
}

TEST(MunicipalitiesTest, OfWhatIsNoCodeNothingIsKnown) {
  for (const std::string_view code : {"", "0411", "101", "0147 0157", "9999", "1470"}) {
    EXPECT_EQ(FindMunicipality(code), nullptr) << code;
    EXPECT_FALSE(AreNeighbours("0101", code)) << code;
    EXPECT_FALSE(AreNeighbours(code, "0101")) << code;
    EXPECT_FALSE(AreNeighbours("0400", code)) << code << ": Bornholm has none beside it";
  }
  EXPECT_FALSE(IsPoliceDistrict(""));
  EXPECT_FALSE(IsPoliceDistrict("1472"));
}

}  // namespace
}  // namespace exitbus::relocation
