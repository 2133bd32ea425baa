// The handovers of a relocation that the tables of the dwelling and of disputes are given. For
// tests.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "services/casework/handover/given_testing.h"
#include "services/casework/rules.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/working_days.h"

namespace exitbus::casework {

inline constexpr char kInCharge[] = "authority in charge";
inline constexpr char kChosen[] = "chosen municipality";
inline constexpr char kBoform[] = R"(dwelling_id: "the-dwelling" kind: STAY_PLACE_KIND_BOFORM )";
inline constexpr char kFlat[] = R"(dwelling_id: "another" kind: STAY_PLACE_KIND_DWELLING )";
inline constexpr char kSeen[] = R"(verified { seconds: 1 } verified_by: "employee-1" )";

inline std::int64_t Today() { return absl::ToUnixSeconds(exchange::Deciding::Now()); }

inline std::int64_t DaysAgo(int days) {
  return absl::ToUnixSeconds(
      exchange::StartOfDay(exchange::Deciding::Now() - days * absl::Hours(24)));
}

// A dispute's words: who acts, meanwhile the receiving one.
inline std::string Raised(int number) {
  return absl::Substitute(
      R"(number: $0 subject: DISPUTE_SUBJECT_HANDLEKOMMUNE reference: "24-1"
         acting: DISPUTE_PARTY_RECEIVING_MUNICIPALITY raised { seconds: $1 } )",
      number, DaysAgo(9));
}
inline std::string Settled(std::int64_t day = DaysAgo(5)) {
  return absl::Substitute("outcome: DISPUTE_PARTY_FORMER_HANDLEKOMMUNE settled { seconds: $0 } ",
                          day);
}

inline std::string StageGiven(const std::string& side, const std::string& given) {
  static const std::set<std::string> stages = {"TERMS_COORDINATED", "OFFERED", "TAKEN_OVER",
                                               "CLOSED", "REJECTED"};
  if (given == "ENDED") return side == kInCharge ? "RECALLED" : "REJECTED";
  if (given == "MOVED_RAISED") return "TAKEN_OVER";
  if (given == "CLOSED_RAISED") return "CLOSED";
  return stages.contains(given) ? given : "ACCEPTED";
}

// What is recorded in the handover beside its stage.
inline std::string HandoverGiven(const std::string& side, const std::string& given) {
  const bool holder = side == kInCharge;
  std::string text;
  const auto add_dwelling = [&](const std::string& dwelling, const std::string& more = "") {
    if (!holder) absl::StrAppend(&text, "dwellings { ", dwelling, more, " } ");
  };
  if (given == "PROPOSED") add_dwelling(kBoform);
  if (given == "UNFIT") add_dwelling(kBoform, absl::StrCat(kSeen, "unfit: UNFIT_REASON_TAKEN"));
  if (given == "VERIFIED") add_dwelling(kBoform, kSeen);
  if (given == "CHOSEN" || given == "UNDER_WAY") {
    add_dwelling(kBoform, absl::StrCat(kSeen, "chosen { seconds: 1 }"));
    add_dwelling(kFlat, kSeen);
    absl::StrAppend(&text, "chosen_dwelling { kind: STAY_PLACE_KIND_BOFORM } ",
                    R"(receiving_municipality: "municipality-0461" )");
  }
  if (given == "UNDER_WAY") {
    text += "journey { seen { stage: JOURNEY_STAGE_UNDER_WAY number: 1 departed { seconds: 1 } } }";
  }
  for (int i = 0; given == "TWENTY" && i < 20; ++i) {
    add_dwelling(absl::Substitute(R"(dwelling_id: "dwelling-$0")", i));
  }
  if (given.ends_with("RAISED")) text += absl::StrCat("disputes { ", Raised(1), " } ");
  for (int i = 1; i <= (given == "TEN" ? 10 : given == "SETTLED" ? 1 : 0); ++i) {
    absl::StrAppend(&text, "disputes { ", Raised(i), Settled(), " } ");
  }
  return text;
}

inline jv1::CaseFile File(const std::string& side, const std::string& given) {
  jv1::CaseFile file = Given(side == kInCharge ? "holder" : "receiver", StageGiven(side, given));
  file.clear_corrections();
  const std::string before = given == "UNKNOWN" ? ""
                             : given == "SAME"  ? exchange::kOdense.id
                                                : exchange::kIshoej.id;
  file.set_handlekommune(before);
  jv1::Handover& handover = *file.mutable_handovers(0);
  handover.set_former_handlekommune(before);
  handover.set_police(exchange::kVestegnen.id);
  handover.set_receiving_police(exchange::kFyn.id);
  if (given != "UNDECIDED") handover.set_inquiry_id("the-inquiry");
  handover.MergeFrom(exchange::Of<jv1::Handover>(HandoverGiven(side, given)));
  return file;
}

}  // namespace exitbus::casework
