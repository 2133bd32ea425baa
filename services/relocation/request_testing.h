// The requests that decision tables are given. For tests.
#pragma once

#include <map>
#include <string>

#include "absl/strings/substitute.h"
#include "services/exchange/deciding_testing.h"
#include "services/relocation/request.h"

namespace exitbus::relocation {

inline constexpr char kComplete[] =
    "nomination { security: SECURITY_GROUND_THREAT leaving: LEAVING_GROUND_NONE "
    "elsewhere: ELSEWHERE_GROUND_FAMILY age_band: AGE_BAND_25_TO_34 "
    "profile { household: HOUSEHOLD_ALONE efforts: EFFORT_EMPLOYMENT from_month: 202603 } } ";
inline constexpr char kIncomplete[] = "nomination { security: SECURITY_GROUND_THREAT } ";
inline constexpr char kTheRequest[] = R"(relocation_id: "the-request" )";
inline constexpr char kAnother[] = R"(relocation_id: "another" )";

// By the name of a column.
inline const std::map<std::string, std::string>& GivenStages() {
  static const auto* const all = new std::map<std::string, std::string>{
      {"PROPOSED", "PROPOSED"},
      {"NOMINATED", "NOMINATED version: 1"},
      {"ASKED", "INFORMATION_ASKED version: 1 asked: NOMINATION_PART_LEAVING paused_days: 3"},
      {"AGAIN", "NOMINATED version: 2 asked: NOMINATION_PART_LEAVING"},
      {"NECESSARY", "NECESSARY version: 1"},
      {"NOT_NECESSARY", "NOT_NECESSARY version: 1"},
      {"WITHDRAWN", "WITHDRAWN version: 1"}};
  return *all;
}

// "the-request", of Ishøj's case and Vestegnen's police unit.
inline jv1::Relocation GivenRequest(const std::string& column) {
  return exchange::Of<jv1::Relocation>(absl::Substitute(
      R"(seen { $0 holder: "municipality-0183" police: "police-1469" stage: RELOCATION_STAGE_$1 }
         next { due { seconds: 1772784000 } parties { authority: "contact-point" } }
         assessor: "$2")",
      kTheRequest, GivenStages().at(column), column == "PROPOSED" ? "" : "contact-point"));
}

}  // namespace exitbus::relocation
