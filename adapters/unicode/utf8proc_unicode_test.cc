#include "adapters/unicode/utf8proc_unicode.h"

#include <gtest/gtest.h>

#include <vector>

namespace exitbus::adapters {
namespace {

const Utf8procUnicode kUnicode;

TEST(UnicodeTest, SpellingsOfOneNameFoldAlike) {
  const std::vector<std::vector<const char*>> names = {
      {"sørensen", "SØRENSEN", "Sørensen", " sørensen ", "Sø\u00adrensen", "\ufeffSØRENSEN\u200b"},
      {"åse", "ÅSE", "a\u030ase", "A\u030aSE", "\u212bse"},
      {"straße", "STRASSE", "Strasse"},
      {"σοφός", "ΣΟΦΌΣ", "σοφόσ"},
      {"anne marie", "Anne\u00a0Marie", "ANNE  MARIE", "Ａｎｎｅ Ｍａｒｉｅ"},
      {"", " ", "\u00a0\u200b"},
  };
  for (const auto& spellings : names) {
    for (const char* spelling : spellings) {
      EXPECT_EQ(kUnicode.Folded(spelling), kUnicode.Folded(spellings[0])) << spelling;
    }
  }
  for (std::size_t i = 1; i < names.size(); ++i) {
    EXPECT_NE(kUnicode.Folded(names[i][0]), kUnicode.Folded(names[i - 1][0])) << names[i][0];
  }
}

TEST(UnicodeTest, OtherNamesStayApart) {
  EXPECT_NE(kUnicode.Folded("sørensen"), kUnicode.Folded("sorensen"));
  EXPECT_NE(kUnicode.Folded("aase"), kUnicode.Folded("åse"));
  EXPECT_NE(kUnicode.Folded("annemarie"), kUnicode.Folded("anne marie"));
}

TEST(UnicodeTest, WhatIsNoUtf8StaysWhatItIs) {
  EXPECT_EQ(kUnicode.Folded("S\xf8rensen"), "S\xf8rensen");
  EXPECT_EQ(kUnicode.Folded("\xff"), "\xff");
}

}  // namespace
}  // namespace exitbus::adapters
