// The handover to the place that a relocation is decided for, at its receiver: it knows who it is
// before it accepts, and says no for what it could not know before.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/casework/case_files.h"
#include "services/casework/handover/given_testing.h"
#include "services/casework/handover/rules.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/keys.h"
#include "services/relocation/asked.h"
#include "tests/tables/inputs.h"

namespace exitbus::casework {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::kDesk;
using exchange::kFyn;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::kVestegnen;
using exchange::LetterPlace;
using tables::Inputs;

constexpr char kInquiry[] = "the-inquiry";

class ChosenTest : public testing::Test {
 protected:
  class Asked : public exchange::NoLookup {
   public:
    bool Exists(std::string_view key) const override {
      return key ==
             exchange::IndexKey{relocation::kInquiries, relocation::InquiryKey(kInquiry)}.Encode();
    }
  };
  static LetterPlace FromIshoej(const std::string& handover = "the-handover") {
    return {kIshoej.id, pv1::CHANNEL_HANDOVER, handover, 1, kIshoej.kind};
  }
  static Inputs Receiving() {
    Inputs inputs(CaseFiles(), FromIshoej());
    const std::string handover = R"(handover_id: "the-handover" )";
    inputs
        .Message("<HandoverRequested",
                 absl::StrCat("reason: HANDOVER_REASON_RELOCATION inquiry_id: \"", kInquiry, "\""))
        .Message("<HandoverRequested, of an unknown inquiry", R"(inquiry_id: "never-asked")")
        .Message("<HandoverIdentityReleased",
                 R"(case_id: "the-case" person { cpr_number: "6101900001" })")
        .Message("<HandoverRequested, decided by the holder",
                 "placed_by: DECISION_MODE_CENTRAL_DECISION")
        .Command("AcceptHandover", handover)
        .Command("DeclineOffer", handover)
        .Command("RejectHandover", handover + "rejection: REJECTION_CODE_STAFF_CONFLICT")
        .Command("RejectHandover, for want of room",
                 handover + "rejection: REJECTION_CODE_NO_CAPACITY");
    return inputs;
  }
  static jv1::CaseFile Chosen(const std::string& stage, lv1::DecisionMode mode) {
    jv1::CaseFile file = casework::Given("receiver", stage);
    file.mutable_handovers(0)->set_inquiry_id(kInquiry);
    file.mutable_handovers(0)->set_placed_by(mode);
    return file;
  }
  Decision Decide(const std::string& input, const jv1::CaseFile& file) {
    exchange::DecisionContext context = at_.DecisionContextFor();
    context.lookup = &asked_;
    return Receiving().Decide(input, file, context);
  }

  const exchange::Deciding at_{kOdense, {kIshoej, kVestegnen, kFyn, kDesk}};
  const Asked asked_{};
};

TEST_F(ChosenTest, OnlyWhoWasAskedIsTold) {
  EXPECT_EQ(OutcomeOf(Decide("<HandoverRequested", {})), "");
  EXPECT_EQ(OutcomeOf(Decide("<HandoverRequested, of an unknown inquiry", {})), "waits");
}

TEST_F(ChosenTest, KnowsWhoItIsBeforeItAccepts) {
  const jv1::CaseFile chosen = Chosen("TERMS_COORDINATED", lv1::DECISION_MODE_VOLUNTARY_AGREEMENT);
  const Decision learnt = Decide("<HandoverIdentityReleased", chosen);
  EXPECT_EQ(OutcomeOf(learnt), "");
  const auto knows =
      std::static_pointer_cast<const jv1::CaseFile>(learnt.After(chosen, CaseFiles().evolve));
  EXPECT_EQ(knows->person().cpr_number(), "6101900001");
  EXPECT_TRUE(IsBeforeAcceptance(knows->handovers(0)));
  EXPECT_EQ(OutcomeOf(Decide("<HandoverIdentityReleased",
                             Chosen("REQUESTED", lv1::DECISION_MODE_VOLUNTARY_AGREEMENT))),
            "no effect identity_crossed_terms");
  jv1::CaseFile asked = chosen;
  asked.mutable_handovers(0)->clear_inquiry_id();
  EXPECT_EQ(OutcomeOf(Decide("<HandoverIdentityReleased", asked)), "refused letter.out_of_turn")
      << "of every other handover it is told once it has accepted";
}

TEST_F(ChosenTest, SaysYesToSomebodyItKnows) {
  jv1::CaseFile chosen = Chosen("TERMS_COORDINATED", lv1::DECISION_MODE_VOLUNTARY_AGREEMENT);
  chosen.clear_person();
  EXPECT_EQ(OutcomeOf(Decide("AcceptHandover", chosen)), "refused handover.identity_on_its_way");
  chosen.mutable_person()->set_cpr_number("6101900001");
  EXPECT_EQ(OutcomeOf(Decide("AcceptHandover", chosen)), "");
}

// The final no: what it was told is destroyed, and that is confirmed.
TEST_F(ChosenTest, WhoSaysNoErasesAndConfirms) {
  const jv1::CaseFile chosen = Chosen("TERMS_COORDINATED", lv1::DECISION_MODE_VOLUNTARY_AGREEMENT);
  const auto knows = std::static_pointer_cast<const jv1::CaseFile>(
      Decide("<HandoverIdentityReleased", chosen).After(chosen, CaseFiles().evolve));
  const Decision no = Decide("RejectHandover", *knows);
  EXPECT_EQ(OutcomeOf(no), "");
  EXPECT_TRUE(no.erases());
  EXPECT_NE(Told(no, kIshoej.id, "ErasureConfirmed"), nullptr);
  const auto after =
      std::static_pointer_cast<const jv1::CaseFile>(no.After(*knows, CaseFiles().evolve));
  EXPECT_FALSE(after->has_person());
}

TEST_F(ChosenTest, ACentralDecisionIsNotRefusedForWantOfRoom) {
  const jv1::CaseFile decided = Chosen("TERMS_COORDINATED", lv1::DECISION_MODE_CENTRAL_DECISION);
  EXPECT_EQ(OutcomeOf(Decide("RejectHandover, for want of room", decided)),
            "refused handover.decided_centrally");
  EXPECT_EQ(OutcomeOf(Decide("RejectHandover", decided)), "");
  const jv1::CaseFile agreed = Chosen("TERMS_COORDINATED", lv1::DECISION_MODE_VOLUNTARY_AGREEMENT);
  EXPECT_EQ(OutcomeOf(Decide("RejectHandover, for want of room", agreed)), "");
  jv1::CaseFile offered = Chosen("OFFERED", lv1::DECISION_MODE_CENTRAL_DECISION);
  EXPECT_EQ(OutcomeOf(Decide("DeclineOffer", offered)), "refused handover.decided_centrally");
  offered.mutable_handovers(0)->set_recall_requested(true);
  EXPECT_EQ(OutcomeOf(Decide("DeclineOffer", offered)), "") << "the holder asks for it back";
}

// Only the contact point decides centrally, and names what it asked.
TEST_F(ChosenTest, AHolderForbidsNoRefusalByItself) {
  const Decision begun = Decide("<HandoverRequested, decided by the holder", {});
  const jv1::CaseFile nothing;
  const auto after =
      std::static_pointer_cast<const jv1::CaseFile>(begun.After(nothing, CaseFiles().evolve));
  EXPECT_EQ(after->handovers(0).placed_by(), lv1::DECISION_MODE_UNSPECIFIED);
}

}  // namespace
}  // namespace exitbus::casework
