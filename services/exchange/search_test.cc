// What a name is found by.
#include "services/exchange/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/exchange/deciding_testing.h"

namespace exitbus::exchange {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string RuleOf(const Sought& sought) {
  const auto refusal = RefuseSearch(sought);
  return refusal ? refusal->reason : "";
}

TEST(SearchTest, TheWordsOfANameAreItsLettersAndDigitsEachOnce) {
  EXPECT_THAT(WordsOf("lars møller-jensen, lars"), ElementsAre("jensen", "lars", "møller"));
  EXPECT_THAT(WordsOf("o'neil jr. 3"), ElementsAre("3", "jr", "neil", "o"));
  EXPECT_THAT(WordsOf(" - "), IsEmpty());
}

TEST(SearchTest, TwoSpellingsOfOneDanishLetterAreOneWord) {
  EXPECT_EQ(WordsOf("åse kjærgård"), WordsOf("aase kjærgaard"));
  EXPECT_NE(WordsOf("sørensen"), WordsOf("sorensen"));
}

TEST(SearchTest, OneOfTwoIsAskedForAndANameHasAWord) {
  EXPECT_EQ(RuleOf({}), "search.by_one");
  EXPECT_EQ(RuleOf({"0101701234", "Lars"}), "search.by_one");
  EXPECT_EQ(RuleOf({"", " - "}), "search.no_word");
  EXPECT_EQ(RuleOf({"", "- Å"}), "");
  EXPECT_EQ(RuleOf({"0101701234", ""}), "");
}

TEST(SearchTest, WhatIsFoundStandsBelowEachThatItIsFoundBy) {
  const NoLookup lookup;  // each is its own hash
  const auto below = SearchedBelow({"", "lars ås"}, lookup);
  EXPECT_THAT(below, ElementsAre("found/616173/", "found/6c617273/"));
  EXPECT_THAT(FoundBy({"0101701234", "lars"}, "the-case", lookup),
              ElementsAre("found/30313031373031323334/the-case", "found/6c617273/the-case"));
  EXPECT_THAT(SearchedBelow({}, lookup), IsEmpty());
}

}  // namespace
}  // namespace exitbus::exchange
