// What a citizen is written: his own matters, by the way that is safe, and nothing that others have
// told of him or that shows what it is about from outside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/citizen_letter_service.pb.h"
#include "exitbus/casework/v1/meeting_service.pb.h"
#include "tests/simulation/intake_world.h"
#include "tests/simulation/stay_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kLetters = "exitbus.casework.v1.CitizenLetterService.";
constexpr char kGuidance[] = "canary-guidance";

class CitizenLetterTest : public testing::Test, protected IntakeWorld {
 protected:
  void SetUp() override {
    ishoej.Crash();
    ishoej.environment().settings.complaint_guidance = kGuidance;
    ishoej.Start();
    ASSERT_TRUE(world.Settle());
  }
  absl::StatusOr<cv1::CitizenLetter> Draft(const std::string& id, cv1::CitizenLetterKind kind,
                                           const std::string& about = "") {
    cv1::DraftLetterRequest request;
    request.set_case_id(id);
    request.set_kind(kind);
    request.set_about(about);
    const auto answer = ishoej.Call<cv1::DraftLetterResponse>(kLetters + "DraftLetter", request);
    if (!answer.ok()) return answer.status();
    return answer->letter();
  }
  std::string Reach(const std::string& id) {
    cv1::StateSafeContactRequest request;
    request.mutable_contact()->set_way(cv1::CONTACT_WAY_PHONE);
    request.mutable_contact()->set_details("canary-number");
    return Do<cv1::StateSafeContactRequest, cv1::StateSafeContactResponse>(
        ishoej, id, kLetters + "StateSafeContact", request);
  }
  std::string Sent(const std::string& id, cv1::CitizenLetterKind kind, const std::string& text) {
    cv1::RecordLetterSentRequest request;
    request.set_kind(kind);
    request.set_text(text);
    return Do<cv1::RecordLetterSentRequest, cv1::RecordLetterSentResponse>(
        ishoej, id, kLetters + "RecordLetterSent", request);
  }
  std::string Lapsed() {
    std::string id = CaseKnownToPolice(world, ishoej);
    EXPECT_TRUE(Assess(world, vestegnen, {"canary-precaution"}).ok());
    EXPECT_TRUE(world.Settle());
    EXPECT_EQ(End(ishoej, id, cv1::END_CODE_LAPSED), "");
    return id;
  }
};

// As it lies on a doormat.
TEST_F(CitizenLetterTest, TitleAndSenderSayNothingAndTheTextIsHisOwn) {
  const std::string id = Lapsed();
  const auto draft = Draft(id, cv1::CITIZEN_LETTER_KIND_LAPSE);
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_EQ(draft->title(), "Brev om din sag");
  EXPECT_THAT(draft->sender_line(), AllOf(Not(HasSubstr("xit")), Not(HasSubstr("oliti"))));
  EXPECT_THAT(draft->text(),
              AllOf(HasSubstr("Canary Name"), HasSubstr("did not come"), HasSubstr(kGuidance)));
  EXPECT_THAT(draft->text(), AllOf(Not(HasSubstr("canary-precaution")), Not(HasSubstr("exit")),
                                   Not(HasSubstr("politi")), Not(HasSubstr("bande"))));
}

TEST_F(CitizenLetterTest, ARefusalGivesReasonsAndWhereHeIsSentAndNoCode) {
  const std::string id = Opened(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  EXPECT_EQ(Draft(id, cv1::CITIZEN_LETTER_KIND_REFUSAL).status().code(),
            absl::StatusCode::kNotFound);
  cv1::EndProgrammeRequest request;
  request.set_code(cv1::END_CODE_REDIRECTED);
  request.set_ground(cv1::REJECTION_GROUND_STAFF_SAFETY);
  request.set_redirected_to(cv1::REDIRECT_TARGET_PSYCHIATRY);
  request.set_reasons("canary-reasons");
  ASSERT_EQ((Do<cv1::EndProgrammeRequest, cv1::EndProgrammeResponse>(
                ishoej, id, kCourseMethods + "EndProgramme", request)),
            "");
  const auto draft = Draft(id, cv1::CITIZEN_LETTER_KIND_REFUSAL);
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_THAT(draft->text(), AllOf(HasSubstr("canary-reasons"), HasSubstr("psykiatrien"),
                                   HasSubstr(kGuidance), Not(HasSubstr("STAFF"))));
}

TEST_F(CitizenLetterTest, AnInvitationNamesTheDayAsItIsInDenmark) {
  const std::string id = Enrolled(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  cv1::CallMeetingRequest call;
  call.set_kind(cv1::MEETING_KIND_FOLLOW_UP);
  *call.mutable_at() =
      exchange::ToProto(absl::FromCivil(absl::CivilMinute(2026, 7, 3, 8, 5), absl::UTCTimeZone()));
  ASSERT_EQ((Do<cv1::CallMeetingRequest, cv1::CallMeetingResponse>(
                ishoej, id, kMeetingMethods + "CallMeeting", call)),
            "");
  const auto draft =
      Draft(id, cv1::CITIZEN_LETTER_KIND_INVITATION, GetCase(ishoej, id)->meetings(0).meeting_id());
  ASSERT_TRUE(draft.ok()) << draft.status();
  EXPECT_THAT(draft->text(), HasSubstr("den 3. juli 2026 kl. 10.05"));
}

TEST_F(CitizenLetterTest, ItIsSentByTheWayThatIsSafeAndKeptWithTheCase) {
  const std::string id = Lapsed();
  EXPECT_EQ(Sent(id, cv1::CITIZEN_LETTER_KIND_LAPSE, "canary-text"), "letter.no_safe_contact");
  ASSERT_EQ(Reach(id), "");
  EXPECT_EQ(Sent(id, cv1::CITIZEN_LETTER_KIND_LAPSE, "canary-text"), "letter.guidance_required");
  const std::string text = absl::StrCat("canary-text\n", kGuidance);
  ASSERT_EQ(Sent(id, cv1::CITIZEN_LETTER_KIND_LAPSE, text), "");
  const Case seen = *GetCase(ishoej, id);
  ASSERT_EQ(seen.letters_size(), 1);
  EXPECT_EQ(seen.letters(0).way().details(), "canary-number");
  EXPECT_EQ(seen.letters(0).text(), text);
  EXPECT_FALSE(seen.letters(0).sent_by().empty());
  for (Node* const node : All()) {
    EXPECT_THAT(node->telemetry().LinesOf("letter.refused"), testing::IsEmpty());
  }
  EXPECT_EQ(OnlyFile(vestegnen)->DebugString().find("canary-text"), std::string::npos);
}

// The home that he has left is no place to write to.
TEST_F(CitizenLetterTest, OnceHeHasMovedHeIsAskedAgain) {
  const std::string id = Enrolled(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_EQ(Reach(id), "");
  cv1::CorrectCaseRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(id);
  request.set_current_address("Another Street 1");
  request.set_reason("r");
  ASSERT_TRUE(Correct(world, ishoej, request).ok());
  EXPECT_TRUE(GetCase(ishoej, id)->safe_contact().outdated());
  EXPECT_EQ(Sent(id, cv1::CITIZEN_LETTER_KIND_ADMISSION, "text"), "letter.no_safe_contact");
  ASSERT_EQ(Reach(id), "");
  EXPECT_EQ(Sent(id, cv1::CITIZEN_LETTER_KIND_ADMISSION, "text"), "");
}

class AwayTest : public testing::Test, protected StayWorld {
 protected:
  void Reach() {
    cv1::StateSafeContactRequest request;
    request.set_case_id(case_id);
    request.mutable_contact()->set_way(cv1::CONTACT_WAY_LETTER);
    request.mutable_contact()->set_details("where he is now");
    EXPECT_TRUE(
        Insist<cv1::StateSafeContactResponse>(holder, kLetters + "StateSafeContact", request).ok());
    EXPECT_FALSE(IsOutdated());
  }
  bool IsOutdated() {
    EXPECT_TRUE(world.Settle());
    return GetCase(holder, case_id)->safe_contact().outdated();
  }
};

// Nobody writes to the home that he fled, nor to the shelter that he has left.
TEST_F(AwayTest, WhereverHeIsBroughtHeIsAskedAgain) {
  ASSERT_TRUE(AskForAPlace().ok());
  Reach();
  ASSERT_TRUE(PlaceAway().ok());
  EXPECT_TRUE(IsOutdated());
  Reach();
  ASSERT_TRUE(EndStay().ok());
  EXPECT_TRUE(IsOutdated());
}

TEST_F(AwayTest, WhoIsUnderWayIsAskedAgain) {
  Offered();
  Reach();
  ASSERT_TRUE(Depart().ok());
  EXPECT_TRUE(IsOutdated());
}

TEST_F(CitizenLetterTest, WhoHasLetTheCaseGoReadsNoMoreHowHeIsReached) {
  const std::string id = EnrolledCase(world, ishoej);
  ASSERT_EQ(Reach(id), "");
  ASSERT_EQ(Sent(id, cv1::CITIZEN_LETTER_KIND_ADMISSION, "canary-text"), "");
  TakenOver(ishoej, id, odense);
  const Case seen = *GetCase(ishoej, id);
  ASSERT_EQ(seen.letters_size(), 1);
  EXPECT_THAT(seen.ShortDebugString(), Not(HasSubstr("canary-number")));
}

TEST_F(CitizenLetterTest, WithoutGuidanceNoRefusalGoesOut) {
  ishoej.Crash();
  ishoej.environment().settings.complaint_guidance.clear();
  ishoej.Start();
  ASSERT_TRUE(world.Settle());
  const std::string id = Lapsed();
  ASSERT_EQ(Reach(id), "");
  EXPECT_EQ(Sent(id, cv1::CITIZEN_LETTER_KIND_LAPSE, "text"), "letter.no_guidance");
}

// It is for who handles the case.
TEST_F(CitizenLetterTest, AUnitDraftsNoneAndSeesNone) {
  const std::string id = Enrolled(ishoej, cv1::PROGRAMME_MUNICIPAL_EXIT);
  ASSERT_EQ(Reach(id), "");
  ASSERT_EQ(Sent(id, cv1::CITIZEN_LETTER_KIND_ADMISSION, "canary-text"), "");
  ASSERT_TRUE(Involve(world, ishoej, id, policy::v1::FUNCTION_JOBCENTRE).ok());
  EXPECT_THAT(SeenBy("jobcentre", id), Not(HasSubstr("canary-text")));
  EXPECT_THAT(SeenBy("jobcentre", id), Not(HasSubstr("canary-number")));
  EXPECT_THAT(SeenBy("exit-coordinator", id), HasSubstr("canary-text"));
}

}  // namespace
}  // namespace exitbus::simulation
