// A whole course at one municipality: from the referral, by way of the police's assessment and the
// agreement, to what became of the person two years after its end. The clock of all is moved on.
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/proto_time.h"
#include "tests/story/checks.h"
#include "tests/story/course_calls.h"
#include "tests/story/intake_calls.h"
#include "tests/story/operations.h"
#include "tests/story/referral_calls.h"
#include "tests/story/story.h"
#include "tests/story/weekly_reports.h"

namespace exitbus::story {
namespace {

constexpr int kDaysOfCourse = 455;  // fifteen months, as they take on the average

struct Question {
  cv1::FollowUpWindow window;
  cv1::FollowUpAnswer answer;
  const char* asked;
};

constexpr Question kQuestions[] = {
    {cv1::FOLLOW_UP_WINDOW_OCCUPIED_AFTER_3_MONTHS, cv1::FOLLOW_UP_ANSWER_YES,
     "three months after: in work or education"},
    {cv1::FOLLOW_UP_WINDOW_CHARGED_AFTER_1_YEAR, cv1::FOLLOW_UP_ANSWER_NO,
     "a year after: not charged with anything serious"},
    {cv1::FOLLOW_UP_WINDOW_CONVICTED_AFTER_2_YEARS, cv1::FOLLOW_UP_ANSWER_NO,
     "two years after: not convicted of person-endangering crime"}};

absl::Status DaysPass(const Deployment& deployment, Narrator& say, int days,
                      const std::string& what) {
  const absl::Time began = absl::Now();
  RETURN_IF_ERROR(AdvanceClock(deployment, absl::Hours(24) * days));
  say.Did("!", absl::StrCat(what, ": the clock of all is moved on by ", days, " days"),
          absl::Now() - began);
  return absl::OkStatus();
}

// The citizen's one, and the police unit hears who it is.
absl::Status ContactPersonIsNamed(Narrator& say, Actor& ishoj, const std::string& case_id,
                                  Actor& police, const std::string& file) {
  RETURN_IF_ERROR(NameContactPerson(ishoj, case_id).status());
  say.Did("ishoj", "names the citizen's one contact person, a mentor", ishoj.took());
  ASSIGN_OR_RETURN(const auto told, police.AwaitSecurityFile(
                                        file, ishoj.sent(), "who the contact person is",
                                        [&](const plv1::SecurityFile& seen) {
                                          return seen.contact_person().authority() == ishoj.id();
                                        }));
  say.Hop("ishoj", "vestegnen", "ContactPersonNamed", told.took);
  return absl::OkStatus();
}

}  // namespace

absl::Status Story::PlayCourse() {
  Actor* const ishoj = ishoj_.get();
  say_->Chapter("Referral: somebody wants out, the police refer him, and Ishøj opens a case");
  ASSIGN_OR_RETURN(const absl::Time begins, deployment_->Today());
  ASSIGN_OR_RETURN(const std::string referral, Refer(*vestegnen_, person_, *ishoj, begins));
  say_->Did("vestegnen", "refers him to Ishøj: he agrees to it", vestegnen_->took());
  RETURN_IF_ERROR(AwaitReferral(*say_, *vestegnen_, *ishoj, referral));
  RETURN_IF_ERROR(OpenAt(ishoj, cv1::PROGRAMME_NATIONAL_FRAMEWORK, referral));
  RETURN_IF_ERROR(
      AwaitOutcome(*say_, *vestegnen_, *ishoj, referral, referral::v1::REFERRAL_OUTCOME_OPENED));
  RETURN_IF_ERROR(Intake());
  say_->Chapter("The cooperation meeting: the visitation, and the agreement is signed");
  ASSIGN_OR_RETURN(const absl::Time today, deployment_->Today());
  ASSIGN_OR_RETURN(
      const std::string meeting,
      CallMeeting(*ishoj, case_id_, cv1::MEETING_KIND_AGREEMENT, today + absl::Hours(24 * 7)));
  say_->Did("ishoj", "calls the citizen to the cooperation meeting", ishoj->took());
  RETURN_IF_ERROR(DaysPass(*deployment_, *say_, 8, "the day comes"));
  RETURN_IF_ERROR(
      RecordMeeting(*ishoj, case_id_, meeting, cv1::TERMS_KEPT_UNSPECIFIED, "").status());
  RETURN_IF_ERROR(VisitAt(ishoj));
  RETURN_IF_ERROR(EnrolAt(ishoj));
  RETURN_IF_ERROR(Course());
  RETURN_IF_ERROR(FollowUps());
  return CompareBooks(*deployment_, absl::Seconds(60)).status();
}

// No reason is told to anybody.
absl::Status Story::CourseIs(cv1::CaseStage stage, bool paused, cv1::EndCode end) {
  const absl::Time since = ishoj_->sent();
  const std::string name = cv1::CaseStage_Name(stage).substr(sizeof("CASE_STAGE_") - 1);
  const auto entry = nec_->AwaitEntry(
      person_.cpr_number(), since, "where the course stands", [&](const nv1::OverviewEntry& seen) {
        return nv1::EntryStage_Name(seen.stage()) == "ENTRY_STAGE_" + name &&
               seen.overview_id() == overview_id_ && seen.paused() == paused && seen.end() == end;
      });
  RETURN_IF_ERROR(entry.status());
  say_->Hop("ishoj", "nec", "ProgrammeStageReached", entry->took);
  const auto file = in_charge_.police->AwaitSecurityFile(
      in_charge_.file, since, "where the course stands", [&](const plv1::SecurityFile& seen) {
        return seen.stage() == stage && seen.paused() == paused && seen.end() == end;
      });
  RETURN_IF_ERROR(file.status());
  say_->Hop("ishoj", Nick(in_charge_.police), "ProgrammeStageReached", file->took);
  return absl::OkStatus();
}

absl::Status Story::Course() {
  say_->Chapter("The course: started, paused, resumed, agreed anew");
  Actor& ishoj = *ishoj_;
  RETURN_IF_ERROR(StartProgramme(ishoj, case_id_).status());
  say_->Did("ishoj", "the first measure has begun", ishoj.took());
  RETURN_IF_ERROR(CourseIs(cv1::CASE_STAGE_ACTIVE, false, cv1::END_CODE_UNSPECIFIED));
  RETURN_IF_ERROR(
      ContactPersonIsNamed(*say_, ishoj, case_id_, *in_charge_.police, in_charge_.file));
  RETURN_IF_ERROR(DaysPass(*deployment_, *say_, 90, "three months pass"));
  RETURN_IF_ERROR(WeeksAreReported(*say_, *in_charge_.police, in_charge_.file, ishoj, case_id_));
  RETURN_IF_ERROR(PauseProgramme(ishoj, case_id_, cv1::PAUSE_REASON_CITIZENS_WISH).status());
  say_->Did("ishoj", "pauses the course, and says why to nobody else", ishoj.took());
  RETURN_IF_ERROR(CourseIs(cv1::CASE_STAGE_ACTIVE, true, cv1::END_CODE_UNSPECIFIED));
  RETURN_IF_ERROR(DaysPass(*deployment_, *say_, 14, "two weeks pass"));
  RETURN_IF_ERROR(ResumeProgramme(ishoj, case_id_).status());
  say_->Did("ishoj", "resumes it", ishoj.took());
  RETURN_IF_ERROR(CourseIs(cv1::CASE_STAGE_ACTIVE, false, cv1::END_CODE_UNSPECIFIED));
  ASSIGN_OR_RETURN(const absl::Time today, deployment_->Today());
  ASSIGN_OR_RETURN(
      const std::string meeting,
      CallMeeting(ishoj, case_id_, cv1::MEETING_KIND_FOLLOW_UP, today + absl::Hours(1)));
  RETURN_IF_ERROR(DaysPass(*deployment_, *say_, 1, "a follow-up is called, and held"));
  RETURN_IF_ERROR(RecordMeeting(ishoj, case_id_, meeting, cv1::TERMS_KEPT_PARTLY,
                                "Praktikken skal forlænges (opdigtet)")
                      .status());
  say_->Did("ishoj", "finds that the terms are kept in part, and the plan has to change",
            ishoj.took());
  RETURN_IF_ERROR(SignNext(&ishoj, 36));

  say_->Chapter("Completion: the course is evaluated with the citizen, and ends");
  RETURN_IF_ERROR(DaysPass(*deployment_, *say_, kDaysOfCourse, "a year and three months pass"));
  ASSIGN_OR_RETURN(const absl::Time now, deployment_->Today());
  cv1::EndProgrammeRequest end;
  end.set_code(cv1::END_CODE_COMPLETED);
  RETURN_IF_ERROR(
      CheckRefusal(EndProgramme(ishoj, case_id_, end).status(), "programme.not_evaluated"));
  *end.mutable_evaluated() = exchange::ToProto(now - absl::Hours(24));
  end.set_reasons("Har arbejde og bolig (opdigtet)");
  RETURN_IF_ERROR(EndProgramme(ishoj, case_id_, end).status());
  say_->Did("ishoj", "ends the course: completed", ishoj.took());
  RETURN_IF_ERROR(CourseIs(cv1::CASE_STAGE_ENDED, false, cv1::END_CODE_COMPLETED));
  RETURN_IF_ERROR(CheckRefusal(
      in_charge_.police->Assess(in_charge_.file, AssessmentOf(in_charge_.version + 1)).status(),
      "security.programme_over"));
  ASSIGN_OR_RETURN(const nv1::EntryCounts counts, nec_->CountEntries());
  say_->Holds(absl::StrCat("NEC counts ", counts.persons(), " in exit now"));
  return absl::OkStatus();
}

absl::Status Story::FollowUps() {
  say_->Chapter("What became of him");
  Actor& ishoj = *ishoj_;
  RETURN_IF_ERROR(CheckRefusal(
      RecordFollowUp(ishoj, case_id_, kQuestions[0].window, kQuestions[0].answer).status(),
      "follow_up.too_early"));
  for (const Question& question : kQuestions) {
    ASSIGN_OR_RETURN(const cv1::Case seen, ishoj.GetCase(case_id_));
    absl::Time from = absl::InfiniteFuture();
    for (const cv1::FollowUp& one : seen.follow_ups()) {
      if (one.window() == question.window) from = exchange::FromProto(one.from());
    }
    ASSIGN_OR_RETURN(const absl::Time now, deployment_->Today());
    const auto days = static_cast<int>((from - now) / absl::Hours(24)) + 1;
    RETURN_IF_ERROR(DaysPass(*deployment_, *say_, days, "it is time to ask"));
    RETURN_IF_ERROR(RecordFollowUp(ishoj, case_id_, question.window, question.answer).status());
    say_->Did("ishoj", absl::StrCat("records it, ", question.asked), ishoj.took());
  }
  RETURN_IF_ERROR(CourseIs(cv1::CASE_STAGE_CLOSED, false, cv1::END_CODE_COMPLETED));
  ASSIGN_OR_RETURN(const cv1::Case closed, ishoj.GetCase(case_id_));
  say_->Sees("ishoj", ShownIn(closed));
  return Check(closed.stage() == cv1::CASE_STAGE_CLOSED && closed.responsible() == kIshoj,
               "the case is closed, and Ishøj still answers for it", closed);
}

}  // namespace exitbus::story
