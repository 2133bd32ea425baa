#include "services/exchange/hex.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace exitbus::exchange {
namespace {

TEST(FromHex, ReadsPairsOfDigitsAndNothingElse) {
  EXPECT_EQ(FromHex("00fFa0"), std::string("\x00\xff\xa0", 3));
  EXPECT_EQ(FromHex(""), "");
  for (const char* bad : {"0", "000", "0g", "g0", "-1", "+1", " 1", "1 ", "0x"}) {
    EXPECT_EQ(FromHex(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace exitbus::exchange
