// What the contact point makes of letters that it gets twice, or too late: they come from both
// sides of a handover, in any order between the two.
#include "services/contact_point/followed.h"

#include <gtest/gtest.h>

#include "services/contact_point/desk.h"
#include "services/exchange/deciding_testing.h"

namespace exitbus::contact_point {
namespace {

namespace pv1 = policy::v1;
using exchange::Of;

constexpr char kHolder[] = "municipality-0183";
constexpr char kReceiver[] = "municipality-0461";
constexpr char kKnown[] =
    R"(contact_id: "the-contact" holder: "municipality-0183" receiver: "municipality-0461" )";

std::string Told(const std::string& followed, const char* sender, const std::string& body) {
  const exchange::Deciding at(
      {"contact-point", pv1::AUTHORITY_KIND_CONTACT_POINT, "", "national", "", ""});
  const exchange::LetterPlace place{sender, pv1::EXCHANGE_HANDOVER, "the-contact", 1};
  return exchange::OutcomeOf(FollowedHandovers().decide_letter(
      Of<jv1::Followed>(followed), place, Of<exchange::v1::Body>(body), at.FactsFor()));
}

TEST(FollowedLettersTest, ARequestThatAnEscalationCameBeforeIsKnown) {
  const std::string requested = R"(handover_requested { receiver: "municipality-0461" })";
  EXPECT_EQ(Told("", kHolder, requested), "");
  EXPECT_EQ(Told(absl::StrCat(kKnown, "stage: FOLLOWED_STAGE_OPEN"), kHolder, requested),
            "no effect handover_known");
}

TEST(FollowedLettersTest, AnAnswerIsToWhatStillWaits) {
  const std::string answered = "handover_escalated { answered { seconds: 2 } }";
  const std::string open = absl::StrCat(kKnown, "stage: FOLLOWED_STAGE_OPEN ");
  EXPECT_EQ(Told(open + "escalations { due { seconds: 1 } }", kHolder, answered), "");
  EXPECT_EQ(Told(open, kHolder, answered), "no effect answer_known_or_over");
  EXPECT_EQ(Told(open + "escalations { answered { seconds: 1 } }", kHolder, answered),
            "no effect answer_known_or_over");
}

TEST(FollowedLettersTest, AHandoverEndsOnce) {
  const std::string known = kKnown;
  for (const auto& [sender, end] : {std::pair{kReceiver, "handover_rejected {}"},
                                    {kReceiver, "offer_declined {}"},
                                    {kHolder, "handover_recalled {}"}}) {
    EXPECT_EQ(Told(known + "stage: FOLLOWED_STAGE_OPEN", sender, end), "");
    EXPECT_EQ(Told(known + "stage: FOLLOWED_STAGE_ENDED", sender, end),
              "no effect end_known_or_over");
    EXPECT_EQ(Told(known + "stage: FOLLOWED_STAGE_TAKEN_OVER", sender, end),
              "no effect end_known_or_over");
  }
}

TEST(FollowedLettersTest, ATakeOverComesWithItsSlipAndWhileTheHandoverIsOpen) {
  const std::string taken = "case_taken_over { number: 2 }";
  EXPECT_EQ(Told(absl::StrCat(kKnown, "stage: FOLLOWED_STAGE_OPEN"), kReceiver, taken),
            "refused slip.missing");
  EXPECT_EQ(Told(absl::StrCat(kKnown, "stage: FOLLOWED_STAGE_ENDED"), kReceiver, taken),
            "refused letter.out_of_turn");
}

}  // namespace
}  // namespace exitbus::contact_point
