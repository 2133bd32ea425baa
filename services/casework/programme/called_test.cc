// Other authorities that are called to a meeting; and a pause that they ask for.
#include "services/casework/programme/called.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/algorithm/container.h"
#include "exitbus/casework/v1/meeting_messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/case_given_testing.h"
#include "services/casework/handover/given_testing.h"
#include "services/casework/views.h"
#include "services/exchange/deciding_testing.h"
#include "tests/tables/inputs.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DirectoryEntry;
using exchange::kIshoej;
using exchange::kVestegnen;
using exchange::Of;

const DirectoryEntry kUnit{
    "kriminalforsorgen-1469", pv1::AUTHORITY_KIND_KRIMINALFORSORGEN, "", "1469", "", "", "1469"};
constexpr char kKnown[] = R"(police: "police-1469" security_id: "the-security" )";
constexpr char kSupervised[] =
    R"(supervisions { supervision_id: "the-supervision"
                      seen { unit: "kriminalforsorgen-1469" since {} is_told: true } } )";
constexpr char kAt[] = "at { seconds: 1772528400 } ";
constexpr char kThen[] = "at { seconds: 1772614800 } ";

tables::Inputs All() {
  const auto police = [](const std::string& sender, const std::string& subject) {
    return exchange::LetterPlace{sender, pv1::CHANNEL_CASE, subject, 1, pv1::AUTHORITY_KIND_POLICE};
  };
  const exchange::LetterPlace unit{kUnit.id, pv1::CHANNEL_CASE, "the-supervision", 1,
                                   pv1::AUTHORITY_KIND_KRIMINALFORSORGEN};
  const std::string call = "CallMeeting", pause = "<PauseRequested", answer = "<MeetingAnswered";
  const std::string kind = "kind: MEETING_KIND_AGREEMENT ";
  const std::string yes = R"(invitation_id: "fresh" coming: COMING_YES )";
  tables::Inputs all(CaseFiles({ReleasePart()}), police(kVestegnen.id, "the-security"));
  all.Command(call, kind + kAt)
      .Command(call + ", the police", kind + kAt + "police: true")
      .Command(call + ", the unit", kind + kAt + "supervising_unit: true")
      .Command(call + ", moved",
               kind + kThen + R"(police: true meeting_id: "fresh" place: "the town hall")")
      .Command(call + ", without the police", kind + kAt + R"(meeting_id: "fresh")")
      .Command(call + ", of none", kind + kAt + R"(meeting_id: "none")")
      .Command("CancelMeeting", R"(meeting_id: "fresh")")
      .Command("DeclinePause", "")
      .Command("PauseProgramme", "reason: PAUSE_REASON_SECURITY")
      .Message(answer, yes + kAt)
      .Message(answer + ", of the new time", yes + kThen)
      .Message(answer + ", of another", R"(invitation_id: "i" coming: COMING_YES )")
      .MessageFrom(police("police-1465", "the-security"), answer + ", by another unit", yes + kAt)
      .Message(pause, "reason: PAUSE_REASON_SECURITY")
      .Message(pause + ", for custody", "reason: PAUSE_REASON_CUSTODY")
      .MessageFrom(unit, pause + ", by the unit", "reason: PAUSE_REASON_CUSTODY");
  return all;
}

class CalledTest : public testing::Test {
 protected:
  static jv1::CaseFile With(jv1::CaseFile file, const std::string& more) {
    file.MergeFrom(Of<jv1::CaseFile>(more));
    return file;
  }
  std::string Happens(const std::string& input) {
    decision = inputs.Decide(input, file, ishoej.DecisionContextFor());
    if (decision.accepted()) {
      inputs.aggregate().conclude(file, ishoej.DecisionContextFor(), decision);
      file = *After(file, decision);
    }
    return exchange::OutcomeOf(decision);
  }
  // What this authority was told of a meeting with what happened last; null: nothing.
  const cv1::CalledMeeting* Told(const DirectoryEntry& to) const {
    const auto* const told = exchange::Told(decision, to.id, "MeetingInvitation");
    return told == nullptr ? nullptr : &static_cast<const cv1::MeetingInvitation*>(told)->meeting();
  }
  cv1::Case Shown() const {
    cv1::Case shown;
    shown.CopyFrom(*CaseView(file));
    return shown;
  }

  const exchange::Deciding ishoej{kIshoej, {kVestegnen, exchange::kFyn, kUnit}};
  const tables::Inputs inputs = All();
  jv1::CaseFile file = With(GivenCase("ENROLLED"), std::string(kKnown) + kSupervised);
  Decision decision;
};

TEST_F(CalledTest, ThePoliceHearWhenItIsMovedAndThatItDoesNotTakePlace) {
  ASSERT_EQ(Happens("CallMeeting, the police"), "");
  ASSERT_NE(Told(kVestegnen), nullptr);
  EXPECT_EQ(Told(kVestegnen)->stage(), cv1::MEETING_STAGE_CALLED);
  EXPECT_EQ(Happens("<MeetingAnswered"), "");
  EXPECT_EQ(Told(kVestegnen), nullptr) << "an answer is no news to who gave it";
  ASSERT_EQ(Shown().meetings(0).called_size(), 1);
  EXPECT_EQ(Shown().meetings(0).called(0).coming(), cv1::COMING_YES);
  EXPECT_EQ(Happens("CallMeeting, moved"), "");
  ASSERT_NE(Told(kVestegnen), nullptr);
  EXPECT_EQ(Told(kVestegnen)->place(), "the town hall");
  EXPECT_EQ(Shown().meetings_size(), 1);
  EXPECT_EQ(Shown().meetings(0).called(0).coming(), cv1::COMING_UNSPECIFIED)
      << "it was said of another time";
  EXPECT_EQ(Happens("<MeetingAnswered"), "no effect meeting_moved_since");
  EXPECT_EQ(Happens("<MeetingAnswered, of the new time"), "");
  EXPECT_EQ(Happens("CancelMeeting"), "");
  ASSERT_NE(Told(kVestegnen), nullptr);
  EXPECT_EQ(Told(kVestegnen)->stage(), cv1::MEETING_STAGE_CANCELLED);
}

TEST_F(CalledTest, WhoIsNotCalledAnyMoreHearsThatOnce) {
  Happens("CallMeeting, the police");
  ASSERT_EQ(Happens("CallMeeting, without the police"), "");
  ASSERT_NE(Told(kVestegnen), nullptr);
  EXPECT_EQ(Told(kVestegnen)->stage(), cv1::MEETING_STAGE_CANCELLED);
  EXPECT_EQ(Shown().meetings(0).called_size(), 0);
  EXPECT_EQ(Happens("<MeetingAnswered"), "no effect meeting_over");
  EXPECT_EQ(Happens("CancelMeeting"), "");
  EXPECT_EQ(Told(kVestegnen), nullptr);
}

TEST_F(CalledTest, TheUnitThatSupervisesIsCalledOnItsBasis) {
  ASSERT_EQ(Happens("CallMeeting, the unit"), "");
  EXPECT_NE(Told(kUnit), nullptr);
  EXPECT_EQ(Told(kVestegnen), nullptr);
}

TEST_F(CalledTest, NobodyIsCalledWhoDoesNotTakePart) {
  file = GivenCase("ENROLLED");
  EXPECT_EQ(Happens("CallMeeting, the police"), "refused meeting.no_police");
  EXPECT_EQ(Happens("CallMeeting, the unit"), "refused meeting.no_supervision");
  EXPECT_EQ(Happens("CallMeeting, of none"), "refused meeting.not_called");
}

// AGR-03.
TEST_F(CalledTest, TheAgreementWithWhoIsThreatenedIsMadeWithThePolice) {
  file = With(file, "security { version: 1 threat_level: THREAT_LEVEL_HIGH }");
  EXPECT_EQ(Happens("CallMeeting"), "refused meeting.police_required");
  EXPECT_EQ(Happens("CallMeeting, the police"), "");
}

TEST_F(CalledTest, OnlyWhoTakesPartAnswers) {
  Happens("CallMeeting, the police");
  EXPECT_EQ(Happens("<MeetingAnswered, by another unit"), "refused letter.not_a_party");
  EXPECT_EQ(Happens("<MeetingAnswered, of another"), "no effect meeting_over");
  file = With(Given("holder", "CLOSED"), kKnown);
  EXPECT_EQ(Happens("<MeetingAnswered"), "no effect word_crossed_take_over");
}

TEST_F(CalledTest, APauseIsAskedForAndDecidedHere) {
  EXPECT_EQ(Happens("DeclinePause"), "refused programme.no_pause_asked");
  EXPECT_EQ(Happens("<PauseRequested, for custody"), "refused pause.reason");
  ASSERT_EQ(Happens("<PauseRequested"), "");
  EXPECT_EQ(Shown().pause_requested().asked_by(), kVestegnen.id);
  const auto is_next = [&] {
    const cv1::Case shown = Shown();
    return absl::c_any_of(shown.next_acts(), [](const cv1::NextAct& act) {
      return act.kind() == cv1::NEXT_ACT_KIND_DECIDE_PAUSE;
    });
  };
  EXPECT_TRUE(is_next());
  EXPECT_EQ(Happens("DeclinePause"), "");
  EXPECT_FALSE(is_next());
  ASSERT_EQ(Happens("<PauseRequested, by the unit"), "");
  EXPECT_EQ(Happens("PauseProgramme"), "");
  EXPECT_FALSE(Shown().has_pause_requested());
  EXPECT_EQ(Happens("<PauseRequested"), "no effect pause_crossed_course");
}

}  // namespace
}  // namespace exitbus::casework
