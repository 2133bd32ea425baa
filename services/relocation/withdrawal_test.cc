// What a withdrawal would end, line by line.
#include "services/relocation/withdrawal.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "services/relocation/request_testing.h"

namespace exitbus::relocation {
namespace {

std::string Word(absl::string_view name, absl::string_view prefix) {
  return std::string(name.substr(prefix.size()));
}

// A line each: its level, what, what becomes of it, where, and the handover.
std::string Told(const jv1::Relocation& one, const AroundRequest& around = {}) {
  std::string told;
  const auto tree = WithdrawalOf(one, around);
  for (const v1::WithdrawalLine& line : tree.lines()) {
    absl::StrAppend(&told, line.level(), " ",
                    Word(v1::WithdrawalSubject_Name(line.subject()), "WITHDRAWAL_SUBJECT_"), " ",
                    Word(v1::WithdrawalEffect_Name(line.effect()), "WITHDRAWAL_EFFECT_"), " ",
                    line.municipality(), line.handover_id(), "\n");
  }
  return told;
}

jv1::Relocation With(const std::string& more) {
  jv1::Relocation one = GivenRequest("NECESSARY");
  one.MergeFrom(exchange::Of<jv1::Relocation>(more));
  return one;
}

constexpr char kPlaces[] = R"(
    places { seen { municipality: "0461" safety: PLACE_SAFETY_CLEAR conflict_id: "asked" } }
    places { seen { municipality: "0165" safety: PLACE_SAFETY_ASKED } }
    places { seen { municipality: "0167" safety: PLACE_SAFETY_NOT_POSSIBLE } }
    places { seen { municipality: "0851" safety: PLACE_SAFETY_NOT_POSSIBLE conflict_id: "too" } } )";
constexpr char kDecided[] =
    R"(seen { stage: RELOCATION_STAGE_DECIDED placements { number: 1 municipality: "0461" } } )";

TEST(WithdrawalTest, OfARequestAloneTheRequestEnds) {
  EXPECT_EQ(Told(GivenRequest("NOMINATED")), "0 REQUEST ENDS \n");
}

TEST(WithdrawalTest, OfOneThatHasEndedNothing) {
  EXPECT_EQ(Told(GivenRequest("WITHDRAWN"), {.has_temporary_place = true}), "");
}

TEST(WithdrawalTest, TheQuestionsAboutPlacesEnd) {
  EXPECT_EQ(Told(With(kPlaces)),
            "0 REQUEST ENDS \n"
            "1 PLACE ENDS 0461\n"
            "2 CONFLICT_QUESTION ENDS 0461\n"
            "1 PLACE ENDS 0165\n"
            "1 PLACE ENDS 0851\n"
            "2 CONFLICT_QUESTION ENDS 0851\n");
}

TEST(WithdrawalTest, TheDecisionEndsUnlessTheCaseIsOnItsWay) {
  EXPECT_EQ(Told(With(kDecided)),
            "0 REQUEST ENDS \n"
            "1 DECISION ENDS 0461\n");
  EXPECT_EQ(Told(With(kDecided), {.open_handover_id = " by it"}),
            "0 REQUEST ENDS \n"
            "1 DECISION ENDS 0461\n"
            "2 HANDOVER BLOCKS 0461 by it\n");
}

TEST(WithdrawalTest, WhoIsOnTheWayIsMissedAllTheSameAndATemporaryPlaceStays) {
  EXPECT_EQ(
      Told(GivenRequest("NECESSARY"),
           {.is_under_way = true, .has_temporary_place = true, .temporary_municipality = "0851"}),
      "0 REQUEST ENDS \n"
      "1 JOURNEY STAYS \n"
      "1 TEMPORARY_PLACE STAYS 0851\n");
}

}  // namespace
}  // namespace exitbus::relocation
