#include "services/policy/text.h"

#include <gtest/gtest.h>

#include <string>

namespace exitbus::policy {
namespace {

constexpr TextLimits kLine{40};
constexpr TextLimits kLines{40, true};

TEST(TextTest, TakesWhatPeopleWrite) {
  for (const std::string text :
       {"", "Søren Ærø", "sag", "Ünal", "العربية", "日本", "👩‍👩‍👧", "a\u200cb"}) {
    EXPECT_EQ(FaultInText(text, kLine), "") << text;
  }
  EXPECT_EQ(FaultInText("one\nand\ttwo\r\n", kLines), "");
}

// Every byte that cannot begin or stand alone in UTF-8, and forms that decoders have been fooled
// by.
TEST(TextTest, RefusesWhatIsNotUtf8) {
  for (int byte = 0x80; byte <= 0xff; ++byte) {
    EXPECT_NE(FaultInText(std::string("a") + static_cast<char>(byte), kLine), "") << byte;
    EXPECT_NE(FaultInText(std::string(1, static_cast<char>(byte)) + "b", kLine), "") << byte;
  }
  for (const char* bytes : {"\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                            "\xf5\x80\x80\x80", "a\xc3", "\xe2\x82"}) {
    EXPECT_NE(FaultInText(bytes, kLine), "");
  }
}

TEST(TextTest, RefusesControlsAndWhatShowsNothing) {
  for (int byte = 0; byte < 0x20; ++byte) {
    EXPECT_NE(FaultInText(std::string("a") + static_cast<char>(byte), kLine), "") << byte;
  }
  for (const char* text : {"a\u001b[2J", "a\u007f", "a\u009b", "a\u2028", "a\u202e", "a\u2066",
                           "a\U000e0041", "a\uffff", "a\ufdd0"}) {
    EXPECT_EQ(FaultInText(text, kLines), "has control characters") << text;
  }
  for (const char* text :
       {" ", "\u00a0", "\u200b", "\ufeff", "\u3164", "\u2800", " \u00ad\u3000"}) {
    EXPECT_EQ(FaultInText(text, kLine), "shows nothing but blanks") << text;
  }
  EXPECT_EQ(FaultInText(" \n\t", kLines), "shows nothing but blanks");
}

TEST(TextTest, RefusesMoreThanThereIsRoomFor) {
  EXPECT_EQ(FaultInText(std::string(40, 'a'), kLine), "");
  EXPECT_EQ(FaultInText(std::string(41, 'a'), kLine), "is too long");
}

TEST(TextTest, AnIdIsPrintableAsciiWithoutBlankOrSlash) {
  EXPECT_EQ(FaultInId("8d0c-A_1.x:~", 40), "");
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool may = byte > ' ' && byte < 0x7f && c != '/';
    EXPECT_EQ(FaultInId(std::string("a") + c, 40).empty(), may) << byte;
  }
  EXPECT_NE(FaultInId(std::string(41, 'a'), 40), "");
}

}  // namespace
}  // namespace exitbus::policy
