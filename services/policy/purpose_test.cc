#include "services/policy/purpose.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace exitbus::policy {
namespace {

TEST(PurposeTest, InvestigationIsRecognisedHoweverItIsWritten) {
  const std::vector<std::string> investigations = {
      "efterforskning",
      "Efterforskning",
      "EFTERFORSKNING",
      "  efterforskning  ",
      "efter-forskning",
      "efter\u00ADforskning",
      "efter\u200Bforskning",
      "e f t e r f o r s k n i n g",
      "efterforskning af en konkret sag",
      "exit-support og efterforskning",
      "politiefterforskning",
      "at efterforske",
      "efterforskning hos Nationalt Efterforskningscenter",
      "straffesag",
      "Straffesager",
      "straffe-sag",
      "en verserende STRAFFESAG",
      "kriminalsag",
      "strafferetsforfølgning",
      "STRAFFERETSFORFØLGNING",
      "strafforfølgning",
      "tiltalerejsning",
      "investigation",
      "Investigation",
      "criminal investigation",
      "criminal_investigation",
      "PURPOSE_INVESTIGATION",
      "investigating a robbery",
      "criminal case",
      "Criminal Proceedings",
      "prosecution",
  };
  for (const std::string& purpose : investigations) {
    EXPECT_TRUE(IsInvestigation(purpose)) << purpose;
  }
}

TEST(PurposeTest, OtherPurposesAreNot) {
  const std::vector<std::string> others = {
      "",
      "exit support",
      "exit-support",
      "follow-up",
      "opfølgning",
      "overdragelse af sagen",
      "handover",
      "security",
      "sikkerhedsvurdering",
      "kriminalitetsforebyggelse",
      "crime prevention",
      "forskning",
      "orientering om en sigtelse",
      "national overview",
      "oversigten i Nationalt Efterforskningscenter",
      "supervisory control",
      "tilsyn",
      "party hearing in the citizen's case",
      "øæå ÆØÅ",
      "\xC3",  // cut UTF-8
  };
  for (const std::string& purpose : others) EXPECT_FALSE(IsInvestigation(purpose)) << purpose;
}

}  // namespace
}  // namespace exitbus::policy
