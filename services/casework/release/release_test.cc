// A release that moves or goes away, cell by cell: release.table, told.table; and that what was
// offered for it can be offered anew.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/case_given_testing.h"
#include "services/casework/handover/given_testing.h"
#include "services/casework/rules.h"
#include "services/exchange/deciding_testing.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::kIshoej;
using exchange::kOdense;
using tables::Inputs;

constexpr std::int64_t kPlanned = 1'900'000'000;

jv1::CaseFile GivenRelease(const std::string& side, const std::string& given) {
  jv1::CaseFile file;
  if (given == "UNPLANNED" || given == "PLANNED" || given == "OUT") {
    file = GivenCase("ENROLLED");
  } else {
    file = Given(side, given == "TOLD" ? "OFFERED" : given);
    file.mutable_handovers(0)->set_reason(hv1::HANDOVER_REASON_RELEASE);
    file.mutable_handovers(0)->set_release_change_told(given == "TOLD");
  }
  if (given == "OUT") file.mutable_released()->set_acts(kIshoej.id);
  if (given != "UNPLANNED" && side == "holder") {
    file.mutable_planned_release()->set_seconds(kPlanned);
    file.mutable_acceptance_owed()->mutable_due()->set_seconds(kPlanned);
  }
  return file;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::CaseFile&>(state);
  if (file.handovers().empty()) return "none";
  if (file.handovers(0).release_change_told()) return "TOLD";
  return hv1::HandoverStage_Name(file.handovers(0).stage()).substr(sizeof("HANDOVER_STAGE_") - 1);
}

exchange::LetterPlace At(const std::string& counterpart,
                         pv1::AuthorityKind kind = pv1::AUTHORITY_KIND_MUNICIPALITY) {
  return {counterpart, pv1::CHANNEL_HANDOVER, "the-handover", 1, kind};
}

Inputs AtHolder() {
  const std::string plan = "PlanRelease", cancel = "CancelRelease", parole = "StateParoleCondition",
                    answered = "<RecallAnswered", released = "RecordReleased";
  const std::string out = "released { ground: RELEASE_GROUND_COURT ",
                    own = R"(acts: "municipality-0183" })";
  const std::string moved = "planned_release { seconds: 1910000000 } ";
  Inputs all(CaseFiles({ReleasePart()}), At(kOdense.id));
  all.Command(plan, "planned_release { seconds: 1900000000 }")
      .Command(plan + ", moved", moved + "change: RELEASE_CHANGE_CONFLICT")
      .Command(plan + ", moved, no code", moved)
      .Command(plan + ", that he is out", moved + "change: RELEASE_CHANGE_RELEASED")
      .Command(plan + ", for yesterday", "planned_release { seconds: 1 }")
      .Command(plan + ", without a date", "")
      .Command(cancel, "change: RELEASE_CHANGE_PAROLE_REFUSED")
      .Command(cancel + ", no code", "")
      .Command(released, out + own)
      .Command(released + ", who acts is not said", out + "}")
      .Command(released + ", another prison acts", out + R"(acts: "kriminalforsorgen-02" })")
      .Command(released + ", by nothing", "released { " + own)
      .Command(released + ", tomorrow", out + "released { seconds: 1900000000 } " + own)
      .Command(released + ", a month ago", out + "released { seconds: 1 } " + own)
      .Command(parole, R"(is_condition: true paragraph: "p")")
      .Command(parole + ", by no law", "is_condition: true")
      .Command(parole + ", that none is", "")
      .Message(answered + ", the offer is returned", "returned_number: 2")
      .Message(answered + ", another offer is returned", "returned_number: 1");
  return all;
}

Inputs Told() {
  const std::string changed = "<ReleaseDateChanged", released = "<PersonReleased";
  Inputs all(CaseFiles(), At(kIshoej.id, pv1::AUTHORITY_KIND_KRIMINALFORSORGEN));
  all.Message(changed, "expected { seconds: 1 } planned_release { seconds: 1910000000 }")
      .Message(changed + ", there is none left", "")
      .Message(released, R"(released { released { seconds: 1 } acts: "municipality-0183" }
                            due { seconds: 2 })")
      .Message(released + ", that nobody acts", "released { released { seconds: 1 } }");
  return all;
}

class ReleaseTest : public testing::Test {
 protected:
  const exchange::Deciding ishoej{kIshoej, {kOdense}};
  const exchange::Deciding odense{kOdense, {kIshoej}};
  const Inputs holders = AtHolder();
  const Inputs receivers = Told();
};

TEST_F(ReleaseTest, EachCellIsAsTheTableSays) {
  const auto then = [&](const std::string& side, const std::string& given,
                        const std::string& input) {
    const Inputs& inputs = side == "holder" ? holders : receivers;
    const exchange::Deciding& at = side == "holder" ? ishoej : odense;
    const jv1::CaseFile file = GivenRelease(side, given);
    return tables::Said(inputs.Decide(input, file, at.DecisionContextFor()), inputs.aggregate(),
                        file, &StageOf);
  };
  const std::vector<std::string> at_holder = {"UNPLANNED", "PLANNED",    "OUT",
                                              "REQUESTED", "ACCEPTED",   "OFFERED",
                                              "TOLD",      "TAKEN_OVER", "RECALLED"};
  const std::string mistakes =
      absl::StrCat(tables::MistakesIn("services/casework/release/release.table",
                                      {{{"holder", at_holder}}, holders.Names(), then}),
                   tables::MistakesIn("services/casework/release/told.table",
                                      {{{"receiver", kStages}}, receivers.Names(), then}));
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

// Nothing of the offer that was returned is left, and its number is never used again.
TEST_F(ReleaseTest, OfAnOfferThatIsReturnedNothingIsLeftButItsNumber) {
  for (const std::string side : {"holder", "receiver"}) {
    const bool holds = side == "holder";
    jv1::CaseFile file = GivenRelease(side, holds ? "TOLD" : "OFFERED");
    file.set_highest_number(2);
    const Inputs& inputs = holds ? holders : receivers;
    const exchange::Decision decision =
        inputs.Decide(holds ? "<RecallAnswered, the offer is returned" : "<ReleaseDateChanged",
                      file, (holds ? ishoej : odense).DecisionContextFor());
    const auto after = After(file, decision);
    const jv1::Handover& handover = after->handovers(0);
    EXPECT_EQ(handover.stage(), hv1::HANDOVER_STAGE_ACCEPTED);
    EXPECT_TRUE(handover.offer().empty() && handover.slips().empty()) << side;
    EXPECT_EQ(handover.offered_number(), 0U) << side;
    EXPECT_TRUE(handover.dossier().empty() && handover.received_on_consent().empty()) << side;
    EXPECT_FALSE(handover.release_change_told()) << side;
    EXPECT_EQ(after->highest_number(), 2U) << side;
  }
}

}  // namespace
}  // namespace exitbus::casework
