// The five criteria: what each place is scored by, and which one comes first.
#include "services/relocation/ranking.h"

#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "services/exchange/deciding_testing.h"
#include "services/relocation/hearing.h"

namespace exitbus::relocation {
namespace {

using exchange::Of;

// Each as "code mean/known", best first.
std::vector<std::string> Ranked(const std::string& places,
                                const std::map<std::string, std::uint32_t>& received = {}) {
  const auto ranking = Rank(
      Of<jv1::Relocation>(places),
      [&](const std::string& municipality) {
        const auto found = received.find(municipality);
        return found == received.end() ? 0U : found->second;
      },
      absl::UnixEpoch());
  std::vector<std::string> ranked;
  for (const v1::RankedPlace& place : ranking.places()) {
    EXPECT_EQ(place.scores_size(), 5);
    ranked.push_back(absl::StrCat(place.municipality(), " ", place.mean(), "/", place.known()));
  }
  return ranked;
}

std::string Place(const std::string& code, const std::string& scores = "",
                  const std::string& safety = "CLEAR") {
  return absl::StrCat("places { seen { municipality: \"", code, "\" safety: PLACE_SAFETY_", safety,
                      " hearing { ", scores, " } } }");
}

std::string Score(const std::string& criterion, int score) {
  return absl::StrCat("scores { criterion: PLACE_CRITERION_", criterion, " score: ", score, " }");
}

TEST(RankingTest, WhatIsNotClearIsNotRanked) {
  EXPECT_EQ(
      Ranked(Place("0461") + Place("0101", "", "NOT_POSSIBLE") + Place("0751", "", "UNKNOWN")),
      std::vector<std::string>{"0461 500/2"});
}

// A place of which little is known is not worse than one of which it is known to be bad.
TEST(RankingTest, WhatIsNotKnownCountsNeitherWay) {
  EXPECT_EQ(Ranked(Place("0461") + Place("0751", Score("FAMILY_AND_NETWORK", 2))),
            (std::vector<std::string>{"0461 500/2", "0751 400/3"}));
  EXPECT_EQ(Ranked(Place("0461") + Place("0751", Score("FAMILY_AND_NETWORK", 5))),
            (std::vector<std::string>{"0751 500/3", "0461 500/2"}))
      << "of two alike, the one of which more is known";
}

TEST(RankingTest, WhoHasReceivedComesLater) {
  const std::string both = Place("0461") + Place("0751");
  EXPECT_EQ(Ranked(both, {{"0461", 1}}), (std::vector<std::string>{"0751 500/2", "0461 450/2"}));
  const std::vector<std::pair<std::uint32_t, std::string>> means = {
      {0, "500"}, {1, "450"}, {2, "400"}, {3, "400"},
      {4, "350"}, {7, "350"}, {8, "300"}, {90, "300"}};
  for (const auto& [received, mean] : means) {
    EXPECT_EQ(Ranked(Place("0461"), {{"0461", received}}),
              std::vector<std::string>{absl::StrCat("0461 ", mean, "/2")})
        << received;
  }
}

TEST(RankingTest, AlikeTheyStandByTheirCodes) {
  EXPECT_EQ(Ranked(Place("0751") + Place("0461")),
            (std::vector<std::string>{"0461 500/2", "0751 500/2"}));
}

// What is wrong with a hearing, by its rule; "" if nothing is.
std::string Fault(const std::string& text) {
  const auto fault = FaultIn(Of<v1::PlaceHearing>(text));
  return fault ? fault->reason : "";
}

TEST(HearingTest, BothHaveSaidSomethingAndScoreWhatIsTheirs) {
  const std::string both = "citizen: CITIZEN_ANSWER_YES holder_view: HOLDER_VIEW_FOR ";
  const auto score = [&](const std::string& criterion, int points, const std::string& reason) {
    return absl::StrCat(both, "scores { criterion: PLACE_CRITERION_", criterion, " score: ", points,
                        " reason: SCORE_REASON_", reason, " }");
  };
  EXPECT_EQ(Fault(both), "");
  EXPECT_EQ(Fault("citizen: CITIZEN_ANSWER_NO"), "relocation.holder_view_required");
  EXPECT_EQ(Fault("holder_view: HOLDER_VIEW_FOR"), "relocation.citizen_answer_required");
  EXPECT_EQ(Fault(score("FAMILY_AND_NETWORK", 5, "FAMILY_THERE")), "");
  EXPECT_EQ(Fault(score("FAMILY_AND_NETWORK", 5, "WORK_OFFERED")),
            "relocation.reason_of_another_criterion");
  EXPECT_EQ(Fault(score("FAMILY_AND_NETWORK", 5, "UNSPECIFIED")),
            "relocation.reason_of_another_criterion");
  EXPECT_EQ(Fault(score("FAMILY_AND_NETWORK", 0, "FAMILY_THERE")), "relocation.score_out_of_range");
  EXPECT_EQ(Fault(score("WORK_AND_EDUCATION", 6, "WORK_LIKELY")), "relocation.score_out_of_range");
  EXPECT_EQ(Fault(score("SOCIAL_EFFORT", 0, "NOT_KNOWN")), "");
  EXPECT_EQ(Fault(score("SOCIAL_EFFORT", 3, "NOT_KNOWN")), "relocation.score_out_of_range");
  EXPECT_EQ(Fault(score("SECURITY", 5, "FOUND_CLEAR")), "relocation.score_not_theirs");
  EXPECT_EQ(Fault(score("EVEN_DISTRIBUTION", 5, "RECEIVED_NONE")), "relocation.score_not_theirs");
  EXPECT_EQ(Fault(score("SOCIAL_EFFORT", 3, "EFFORT_OFFERED") +
                  "scores { criterion: PLACE_CRITERION_SOCIAL_EFFORT score: 2 "
                  "reason: SCORE_REASON_EFFORT_NOT_OFFERED }"),
            "relocation.scored_twice");
}

}  // namespace
}  // namespace exitbus::relocation
