// The decision table of how the desk decides for a place, relocation_decision.table; how often, and
// what counts on.
#include <gtest/gtest.h>

#include "services/contact_point/relocation_decision_testing.h"
#include "tests/tables/matrix.h"

namespace exitbus::contact_point {
namespace {

using namespace decision_testing;  // NOLINT: what is given, under the names of its table

std::string StageOf(const google::protobuf::Message& state) {
  const auto& request = static_cast<const jv1::RequestedRelocation&>(state);
  return lv1::RelocationStage_Name(request.relocation().seen().stage())
      .substr(sizeof("RELOCATION_STAGE_") - 1);
}

TEST(RelocationDecisionTest, HowItIsDecidedIsAsTheTableSays) {
  const exchange::Deciding desk(kDesk, {kIshoej, kOdense, kVestegnen});
  const tables::Inputs all = Inputs();
  const auto then = [&](const std::string&, const std::string& name, const std::string& input) {
    const jv1::RequestedRelocation request = Request(name);
    return tables::Said(all.Decide(input, request, desk.DecisionContextFor()), all.aggregate(),
                        request, &StageOf);
  };
  const std::string mistakes = tables::MistakesIn(
      "services/contact_point/relocation_decision.table",
      {{{"contact point",
         {"NOMINATED", "NOT_CLEAR", "CLEAR", "PUT", "NO", "YES", "STALE", "ROOM", "REVOKED",
          "DECIDED", "CENTRAL", "ACCEPTED", "COMPLETED", "WITHDRAWN"}}},
       all.Names(),
       then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

// While it decides centrally, by its configuration, it needs to have asked and no more.
TEST(RelocationDecisionTest, ACentralDecisionNeedsNoRoomButTheCitizensYes) {
  const exchange::Deciding desk(kDesk, {kIshoej, kOdense, kVestegnen});
  const auto decided = [&](const std::string& given, absl::Duration from, absl::Duration until) {
    exchange::DecisionContext context = desk.DecisionContextFor();
    context.central_decisions = {context.now + from, context.now + until};
    return OutcomeOf(Inputs().Decide("DecideRelocation", Request(given), context));
  };
  const absl::Duration day = absl::Hours(24);
  EXPECT_EQ(decided("STALE", -day, day), "");
  EXPECT_EQ(decided("YES", -day, day), "refused relocation.not_inquired");
  EXPECT_EQ(decided("NO", -day, day), "refused relocation.no_consent");
  EXPECT_EQ(decided("STALE", day, 2 * day), "refused relocation.no_room") << "not yet";
  EXPECT_EQ(decided("STALE", -day, absl::ZeroDuration()), "refused relocation.no_room")
      << "no more";
}

TEST(RelocationDecisionTest, ARequestHasAnEndOfDecisions) {
  const exchange::Deciding desk(kDesk, {kIshoej, kOdense, kVestegnen});
  jv1::RequestedRelocation request = Request("REVOKED");
  while (request.relocation().seen().placements_size() < 20) {
    const auto ended = request.relocation().seen().placements(0);
    *request.mutable_relocation()->mutable_seen()->add_placements() = ended;
  }
  EXPECT_EQ(OutcomeOf(Inputs().Decide("DecideRelocation", request, desk.DecisionContextFor())),
            "refused relocation.too_many_decisions");
}

// An answer that the final yes is waited for does not grow old.
TEST(RelocationDecisionTest, RoomThatIsDecidedForCountsOn) {
  const exchange::Aggregate requests = RequestedRelocations();
  const auto ages = [&](const std::string& given) {
    for (const auto& deadline : requests.deadlines(Request(given))) {
      if (deadline.name.starts_with("answer/")) return true;
    }
    return false;
  };
  EXPECT_TRUE(ages("ROOM"));
  EXPECT_FALSE(ages("DECIDED"));
  EXPECT_FALSE(ages("ACCEPTED"));
}

}  // namespace
}  // namespace exitbus::contact_point
