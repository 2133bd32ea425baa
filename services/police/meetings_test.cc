// Meetings that a unit is called to, and a pause that it asks for.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "exitbus/casework/v1/meeting_messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/police/security_file.h"
#include "services/police/security_files.h"
#include "tests/tables/inputs.h"

namespace exitbus::police {
namespace {

namespace cv1 = casework::v1;
using exchange::kIshoej;
using exchange::kVestegnen;
using exchange::Of;

tables::Inputs All() {
  const exchange::LetterPlace ishoej{kIshoej.id, policy::v1::CHANNEL_CASE, "the-security", 1,
                                     policy::v1::AUTHORITY_KIND_MUNICIPALITY};
  tables::Inputs all(SecurityFiles(), ishoej);
  const std::string called = R"(meeting { invitation_id: "i" kind: MEETING_KIND_AGREEMENT )";
  all.Message("<MeetingInvitation", called + "stage: MEETING_STAGE_CALLED at { seconds: 5 } }")
      .Message("<MeetingInvitation, moved",
               called + "stage: MEETING_STAGE_CALLED at { seconds: 6 } }")
      .Message("<MeetingInvitation, off",
               called + "stage: MEETING_STAGE_CANCELLED at { seconds: 6 } }")
      .Message("<PauseDeclined", "")
      .Message("<ProgrammeStageReached", "stage: CASE_STAGE_ACTIVE paused: true")
      .Message("<ProgrammeStageReached, resumed", "stage: CASE_STAGE_ACTIVE")
      .Command("AnswerMeeting", R"(invitation_id: "i" coming: COMING_YES)")
      .Command("AnswerMeeting, no", R"(invitation_id: "i" coming: COMING_NO)")
      .Command("RequestPause", "");
  return all;
}

class MeetingsTest : public testing::Test {
 protected:
  std::string Happens(const std::string& input) {
    decision = inputs.Decide(input, *file, vestegnen.DecisionContextFor());
    if (decision.accepted()) {
      file = std::static_pointer_cast<const jv1::SecurityFile>(
          decision.After(*file, inputs.aggregate().evolve));
    }
    return exchange::OutcomeOf(decision);
  }
  template <class Message>
  const Message* Told(const std::string& kind) const {
    return static_cast<const Message*>(exchange::Told(decision, kIshoej.id, kind));
  }

  const exchange::Deciding vestegnen{kVestegnen, {kIshoej}};
  const tables::Inputs inputs = All();
  std::shared_ptr<const jv1::SecurityFile> file =
      std::make_shared<jv1::SecurityFile>(Of<jv1::SecurityFile>(
          R"(security_id: "the-security" standing: POLICE_STANDING_IN_CHARGE
             holder: "municipality-0183" stage: CASE_STAGE_ACTIVE)"));
  exchange::Decision decision;
};

TEST_F(MeetingsTest, AnAnswerIsToldAndStandsForTheTimeItWasGivenFor) {
  EXPECT_EQ(Happens("AnswerMeeting"), "refused meeting.not_called");
  Happens("<MeetingInvitation");
  ASSERT_EQ(Happens("AnswerMeeting"), "");
  ASSERT_NE(Told<cv1::MeetingAnswered>("MeetingAnswered"), nullptr);
  EXPECT_EQ(Told<cv1::MeetingAnswered>("MeetingAnswered")->at().seconds(), 5);
  EXPECT_EQ(Happens("AnswerMeeting"), "refused meeting.answered_so");
  EXPECT_EQ(Happens("AnswerMeeting, no"), "") << "who has said yes may say no";
  Happens("<MeetingInvitation");
  EXPECT_EQ(file->meetings(0).coming(), cv1::COMING_NO) << "the same call once more";
  Happens("<MeetingInvitation, moved");
  ASSERT_EQ(file->meetings_size(), 1);
  EXPECT_EQ(file->meetings(0).coming(), cv1::COMING_UNSPECIFIED);
  Happens("<MeetingInvitation, off");
  EXPECT_EQ(Happens("AnswerMeeting"), "refused meeting.not_called");
}

TEST_F(MeetingsTest, APauseIsAskedForOnceUntilThereIsOne) {
  ASSERT_EQ(Happens("RequestPause"), "");
  ASSERT_NE(Told<cv1::PauseRequested>("PauseRequested"), nullptr);
  EXPECT_EQ(Told<cv1::PauseRequested>("PauseRequested")->reason(), cv1::PAUSE_REASON_SECURITY);
  EXPECT_EQ(Happens("RequestPause"), "refused pause.asked");
  Happens("<ProgrammeStageReached");
  EXPECT_FALSE(file->has_pause_requested());
  EXPECT_EQ(Happens("RequestPause"), "refused pause.is_paused");
  Happens("<ProgrammeStageReached, resumed");
  EXPECT_EQ(Happens("RequestPause"), "") << "for something new";
}

TEST_F(MeetingsTest, OneThatIsDeclinedIsSaidAndMayBeAskedForAnew) {
  EXPECT_EQ(Happens("<PauseDeclined"), "no effect pause_not_asked");
  ASSERT_EQ(Happens("RequestPause"), "");
  Happens("<PauseDeclined");
  EXPECT_FALSE(file->has_pause_requested());
  EXPECT_TRUE(file->has_pause_declined());
  ASSERT_EQ(Happens("RequestPause"), "");
  EXPECT_FALSE(file->has_pause_declined());
}

}  // namespace
}  // namespace exitbus::police
