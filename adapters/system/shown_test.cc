#include "adapters/system/shown.h"

#include <gtest/gtest.h>

#include <sstream>

#include "absl/strings/str_cat.h"

namespace exitbus::adapters {
namespace {

std::string Utf8(std::uint32_t code) {
  const auto byte = [](std::uint32_t value) { return std::string(1, static_cast<char>(value)); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) return byte(0xC0U | code >> 6U) + byte(0x80U | (code & 0x3FU));
  return byte(0xE0U | code >> 12U) + byte(0x80U | (code >> 6U & 0x3FU)) +
         byte(0x80U | (code & 0x3FU));
}

bool LeavesAlone(std::uint32_t code) { return Shown(Utf8(code)) == Utf8(code); }

TEST(Shown, EscapesEveryCharacterThatSteersATerminalOrTurnsTextAround) {
  for (std::uint32_t code = 0; code < 0x20; ++code) EXPECT_FALSE(LeavesAlone(code)) << code;
  for (std::uint32_t code = 0x7F; code <= 0x9F; ++code) EXPECT_FALSE(LeavesAlone(code)) << code;
  for (const std::uint32_t code : {0x061C, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B, 0x202C,
                                   0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069}) {
    EXPECT_FALSE(LeavesAlone(code)) << code;
  }
  EXPECT_EQ(Shown("a\x1b[2Jb"), "a\\u001b[2Jb");
  EXPECT_EQ(Shown(Utf8(0x9B) + "31m"), "\\u009b31m");
  EXPECT_EQ(Shown(Utf8(0x202E) + "txt"), "\\u202etxt");
  EXPECT_EQ(Shown("two\nlines\tand a tab"), "two\\nlines\\tand a tab");
}

TEST(Shown, LeavesLettersAlone) {
  for (std::uint32_t code = 0x20; code < 0x7F; ++code) EXPECT_TRUE(LeavesAlone(code)) << code;
  for (std::uint32_t code = 0xA0; code < 0x0600; ++code) EXPECT_TRUE(LeavesAlone(code)) << code;
  EXPECT_EQ(Shown("Sørensen, Åse · „ – 😀"), "Sørensen, Åse · „ – 😀");
}

TEST(Shown, ShowsBytesThatAreNoText) {
  EXPECT_EQ(Shown("S\xf8rensen"), "S\\xf8rensen");
  EXPECT_EQ(Shown("\x9b"), "\\x9b");
  EXPECT_EQ(Shown("\xc0\x9b"), "\\xc0\\x9b");           // overlong
  EXPECT_EQ(Shown("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate
  EXPECT_EQ(Shown("cut \xe2\x80"), "cut \\xe2\\x80");
}

TEST(ShownStream, KeepsLinesAndCutsNoCharacterInTwo) {
  std::ostringstream out;
  {
    ShownStream stream(out);
    stream << "a\tb" << std::endl;
    EXPECT_EQ(out.str(), "a\tb\n");
    stream << "\xe2"
           << "\x80" << '\xae' << "x" << std::flush;
    EXPECT_EQ(out.str(), "a\tb\n\\u202ex");
    stream << "left over";
  }
  EXPECT_EQ(out.str(), "a\tb\n\\u202exleft over");
}

TEST(ShownStream, TellsWhenItsStreamFails) {
  std::ostringstream out;
  ShownStream stream(out);
  out.setstate(std::ios::badbit);
  stream << "a line\n" << std::flush;
  EXPECT_FALSE(stream.good());
}

}  // namespace
}  // namespace exitbus::adapters
