// Who may tell NEC of a case: whoever its entry says is in charge, by the number it has it under.
#include "services/nec/entry.h"

#include <gtest/gtest.h>

#include "services/exchange/deciding_testing.h"
#include "services/nec/overview.h"

namespace exitbus::nec {
namespace {

namespace pv1 = policy::v1;
using exchange::Of;

constexpr char kInCharge[] = "municipality-0183";
constexpr char kFormer[] = "municipality-0461";
constexpr char kEntry[] = R"(overview_id: "the-entry" authority: "municipality-0183" number: 2)";

std::string Told(const std::string& entry, const char* sender, const std::string& body) {
  const exchange::Deciding at({"nec", pv1::AUTHORITY_KIND_NEC, "", "national", "", ""});
  const exchange::LetterPlace place{sender, pv1::EXCHANGE_NEC, "the-entry", 1};
  return exchange::OutcomeOf(OverviewEntries().decide_letter(
      Of<jv1::Entry>(entry), place, Of<exchange::v1::Body>(body), at.FactsFor()));
}

TEST(EntryLettersTest, AnEntryBeginsOnce) {
  EXPECT_EQ(Told("", kInCharge, "visitation_decided { number: 1 }"), "");
  EXPECT_EQ(Told(kEntry, kInCharge, "visitation_decided { number: 1 }"),
            "refused overview.entry_exists");
}

TEST(EntryLettersTest, OnlyTheAuthorityInChargeSpeaksUnderTheNumberItHasTheCaseUnder) {
  for (const std::string kind : {"agreement_signed", "citizen_withdrew", "correction_issued"}) {
    EXPECT_EQ(Told(kEntry, kInCharge, kind + " { number: 2 }"), "") << kind;
    EXPECT_EQ(Told(kEntry, kFormer, kind + " { number: 2 }"), "refused overview.not_the_holder")
        << kind;
    EXPECT_EQ(Told(kEntry, kInCharge, kind + " { number: 1 }"), "refused overview.not_the_holder")
        << kind;
    EXPECT_EQ(Told(kEntry, kFormer, kind + " { number: 3 }"), "waits")
        << kind << ": its take-over is on its way";
  }
  EXPECT_EQ(Told(kEntry, kFormer, "erasure_ordered { number: 2 }"),
            "refused overview.not_the_holder");
  EXPECT_EQ(Told(kEntry, kInCharge, "erasure_ordered { number: 2 }"), "");
}

TEST(EntryLettersTest, ATakeOverComesWithItsSlip) {
  EXPECT_EQ(Told(kEntry, kFormer, "case_taken_over { number: 3 }"), "refused slip.missing");
}

}  // namespace
}  // namespace exitbus::nec
