// Who acts and who pays by where a person lives, cell by cell: dwelling.table; and disputes, in
// whichever order they are heard.
#include "services/relocation/dwelling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "services/exchange/deciding_testing.h"
#include "tests/tables/matrix.h"

namespace exitbus::relocation {
namespace {

namespace cv1 = casework::v1;
using exchange::Of;

constexpr char kFormer[] = "municipality-0183";
constexpr char kReceiving[] = "municipality-0461";

TEST(DwellingTest, WhoActsAndWhoPaysIsAsTheTableSays) {
  const std::map<std::string, cv1::StayPlaceKind> kinds = {
      {"not chosen yet", cv1::STAY_PLACE_KIND_UNSPECIFIED},
      {"ordinary dwelling", cv1::STAY_PLACE_KIND_DWELLING},
      {"boform", cv1::STAY_PLACE_KIND_BOFORM},
      {"institution", cv1::STAY_PLACE_KIND_INSTITUTION},
      {"safe house", cv1::STAY_PLACE_KIND_SAFE_HOUSE}};
  const std::map<std::string, std::string> befores = {
      {"FORMER", kFormer}, {"RECEIVING", kReceiving}, {"UNKNOWN", ""}};
  std::vector<std::string> inputs;
  for (const auto& [name, kind] : kinds) inputs.push_back(name);
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    const Responsibility by = ResponsibilityBy(kinds.at(input), befores.at(given), kReceiving);
    std::string text = by.handlekommune.empty()      ? "not known"
                       : by.handlekommune == kFormer ? "the former one"
                                                     : "the receiving one";
    if (by.refund == cv1::FUNDING_CLASS_FORMER_MUNICIPALITY) text += ", by refund";
    // Who pays is known as soon as a dwelling is, and whoever acts pays without a refund.
    const bool open = by.refund == cv1::FUNDING_CLASS_UNSPECIFIED;
    EXPECT_EQ(open, kinds.at(input) == cv1::STAY_PLACE_KIND_UNSPECIFIED && given != "RECEIVING");
    return text;
  };
  const std::string mistakes =
      tables::MistakesIn("services/relocation/dwelling.table",
                         {{{"handlekommune", {"FORMER", "RECEIVING", "UNKNOWN"}}}, inputs, then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

// What two sides may say of one number.
std::vector<cv1::Dispute> Words() {
  const std::string open = "number: 1 subject: DISPUTE_SUBJECT_HANDLEKOMMUNE";
  const std::string former = " acting: DISPUTE_PARTY_FORMER_HANDLEKOMMUNE raised { seconds: ";
  const std::string receiving = " acting: DISPUTE_PARTY_RECEIVING_MUNICIPALITY raised { seconds: ";
  const std::string settled = " outcome: DISPUTE_PARTY_RECEIVING_MUNICIPALITY settled { seconds: ";
  return {Of<cv1::Dispute>(open + receiving + "5 }"),
          Of<cv1::Dispute>(open + former + "7 } reference: \"24-1\""),
          Of<cv1::Dispute>(open + receiving + "5 }" + settled + "9 }"),
          Of<cv1::Dispute>(open + former + "7 } reference: \"24-2\"" +
                           " outcome: DISPUTE_PARTY_FORMER_HANDLEKOMMUNE settled { seconds: 9 }"),
          Of<cv1::Dispute>(open + former + "7 }" + settled + "8 }")};
}

TEST(DwellingTest, ADisputeComesToTheSameInWhicheverOrderItIsHeard) {
  const std::vector<cv1::Dispute> words = Words();
  std::vector<std::size_t> order = {0, 1, 2, 3, 4};
  int orders = 0;
  do {
    cv1::Dispute heard = words[order[0]];
    for (const std::size_t next : order) heard = Merged(heard, words[next]);
    EXPECT_EQ(heard.acting(), cv1::DISPUTE_PARTY_FORMER_HANDLEKOMMUNE);
    EXPECT_EQ(heard.reference(), "24-2");
    EXPECT_EQ(heard.raised().seconds(), 5);
    EXPECT_EQ(heard.settled().seconds(), 9);
    EXPECT_EQ(heard.outcome(), cv1::DISPUTE_PARTY_FORMER_HANDLEKOMMUNE) << "of one day";
    ++orders;
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(orders, 120);
}

TEST(DwellingTest, WhereBothSayTheSameItIsSo) {
  const cv1::Dispute word = Words()[0];
  EXPECT_EQ(Merged(word, word).acting(), cv1::DISPUTE_PARTY_RECEIVING_MUNICIPALITY);
  EXPECT_TRUE(IsUnsettled(word));
  EXPECT_FALSE(IsUnsettled(Merged(word, Words()[4])));
}

}  // namespace
}  // namespace exitbus::relocation
