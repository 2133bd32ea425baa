// The custody track: exit is a condition of parole, the release moves and then vanishes while the
// case is offered, and in the end Kriminalforsorgen hears how he goes on at Ishøj. The clock of all
// is moved on.
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/proto_time.h"
#include "tests/story/checks.h"
#include "tests/story/course_calls.h"
#include "tests/story/operations.h"
#include "tests/story/parole_calls.h"
#include "tests/story/readiness_calls.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

std::string DayOf(absl::Time day) { return absl::FormatTime("%d.%m.%Y", day, absl::UTCTimeZone()); }

std::string LastStep(const krv1::SupervisedCase& seen) {
  if (seen.steps().empty()) return "";
  const krv1::SupervisedStep& last = *seen.steps().rbegin();
  return absl::StrCat(krv1::CourseStep_Name(last.step()).substr(sizeof("COURSE_STEP_") - 1),
                      ", by ",
                      krv1::CourseCause_Name(last.cause()).substr(sizeof("COURSE_CAUSE_") - 1));
}

}  // namespace

class ParoleStory {
 public:
  explicit ParoleStory(Story* story)
      : story_(*story), say_(*story->say_), kif_(*story->kif_), ishoj_(*story->ishoj_) {}
  absl::Status Play();

 private:
  absl::Status InCustody();
  absl::StatusOr<absl::Time> Plan();
  absl::Status MattersAreTold();
  absl::Status UnitIsCalled();
  absl::Status TermsAreBreached();
  absl::Status ReleaseMoves(const Story::Handing& handing, absl::Time day);
  absl::Status ReleaseVanishes(const Story::Handing& handing, absl::Time day);
  absl::Status ReleasedNow(const Story::Handing& handing);
  absl::Status Supervision(const Story::Handing& handing);
  absl::Status KifHears(const std::string& step, const std::string& letter);

  Story& story_;
  Narrator& say_;
  Actor& kif_;
  Actor& ishoj_;
};

absl::Status Story::PlayParole() { return ParoleStory(this).Play(); }

// The Køreplan for god løsladelse: a plan within four weeks, and a municipality that hears of him a
// year before.
absl::Status ParoleStory::InCustody() {
  say_.Chapter("Whom to turn to: Ishøj says who plans releases there");
  RETURN_IF_ERROR(PublishContacts(ishoj_, readiness::v1::CONTACT_PURPOSE_RELEASE,
                                  "Løsladelsesteamet (opdigtet)"));
  say_.Did("ishoj", "publishes whom to turn to", ishoj_.took());
  ASSIGN_OR_RETURN(
      const auto whom,
      AwaitContact(kif_, kIshoj, readiness::v1::CONTACT_PURPOSE_RELEASE, ishoj_.sent()));
  say_.Hop("ishoj", "kif", "ReadinessPublished", whom.took);
  say_.Chapter("In custody: he is paroled only if he takes part in exit");
  RETURN_IF_ERROR(story_.BeginAt(&kif_));
  ASSIGN_OR_RETURN(const absl::Time today, story_.deployment_->Today());
  ASSIGN_OR_RETURN(const cv1::Case stated,
                   StateCustody(kif_, story_.case_id_, today - 7 * kDay, today + 120 * kDay));
  say_.Did("kif", "states since when he is in custody, and when parole is possible", kif_.took());
  RETURN_IF_ERROR(Check(stated.custody().has_contact_due(),
                        "a municipality is to hear of him at once", stated));
  ASSIGN_OR_RETURN(const cv1::Case told,
                   RecordMunicipalityContacted(kif_, story_.case_id_, kIshoj));
  say_.Did("kif", "calls Ishøj there, and records that it has heard", kif_.took());
  return Check(!told.custody().has_contact_due(), "a municipality has heard", told);
}

absl::Status ParoleStory::Play() {
  RETURN_IF_ERROR(InCustody());
  RETURN_IF_ERROR(
      StateParoleCondition(kif_, story_.case_id_, "straffeloven § 38, stk. 6").status());
  say_.Did("kif", "states that exit is a condition of his parole", kif_.took());
  ASSIGN_OR_RETURN(const absl::Time day, Plan());
  ASSIGN_OR_RETURN(const Story::Handing handing,
                   story_.Request(&kif_, &ishoj_, hv1::HANDOVER_REASON_RELEASE));
  RETURN_IF_ERROR(story_.Agree(handing));
  RETURN_IF_ERROR(story_.Accept(handing));
  RETURN_IF_ERROR(ReleaseMoves(handing, day + 14 * kDay));
  RETURN_IF_ERROR(ReleaseVanishes(handing, day + 14 * kDay));
  RETURN_IF_ERROR(Supervision(handing));
  return CompareBooks(*story_.deployment_, absl::Seconds(60)).status();
}

absl::StatusOr<absl::Time> ParoleStory::Plan() {
  ASSIGN_OR_RETURN(const absl::Time today, story_.deployment_->Today());
  const absl::Time day = today + 120 * kDay;
  ASSIGN_OR_RETURN(const cv1::Case planned, kif_.PlanRelease(story_.case_id_, day));
  say_.Did("kif", absl::StrCat("plans the release, for ", DayOf(day)), kif_.took());
  RETURN_IF_ERROR(Check(exchange::FromProto(planned.attestation_due()) == day - 42 * kDay,
                        "a statement is owed six weeks before", planned));
  RETURN_IF_ERROR(
      AttestParticipation(kif_, story_.case_id_, "Har deltaget i alle samtaler (opdigtet)")
          .status());
  say_.Did("kif", "attests what he has taken part in, six weeks before at the latest", kif_.took());
  return day;
}

absl::Status ParoleStory::ReleaseMoves(const Story::Handing& handing, absl::Time day) {
  say_.Chapter("The release moves: Ishøj has accepted, and hears the new day");
  RETURN_IF_ERROR(MoveRelease(kif_, story_.case_id_, day, cv1::RELEASE_CHANGE_PLAN).status());
  say_.Did("kif", absl::StrCat("moves the release to ", DayOf(day), ": PLAN"), kif_.took());
  ASSIGN_OR_RETURN(const auto heard,
                   ishoj_.AwaitHandover(handing.id, kif_.sent(), "the new day is known",
                                        [&](const hv1::Handover& seen) {
                                          return exchange::FromProto(seen.planned_release()) == day;
                                        }));
  say_.Hop("kif", "ishoj", "ReleaseDateChanged", heard.took);
  RETURN_IF_ERROR(Check(heard.view.stage() == hv1::HANDOVER_STAGE_ACCEPTED,
                        "the handover goes on waiting", heard.view));
  // Without the late fact that goes with the offer which is taken up: it comes along once.
  RETURN_IF_ERROR(kif_.Offer(handing.id, day).status());
  say_.Did("kif", "offers the case for that day", kif_.took());
  ASSIGN_OR_RETURN(const auto offered,
                   ishoj_.AwaitHandover(handing.id, kif_.sent(), "the offer is there",
                                        [](const hv1::Handover& seen) {
                                          return seen.stage() == hv1::HANDOVER_STAGE_OFFERED;
                                        }));
  say_.Hop("kif", "ishoj", "2 × DossierPart, HandoverOffered with the slips", offered.took);
  return absl::OkStatus();
}

// Between the offer and its day.
absl::Status ParoleStory::ReleaseVanishes(const Story::Handing& handing, absl::Time day) {
  say_.Chapter("The release vanishes, though the case is offered: nobody declines");
  RETURN_IF_ERROR(AdvanceClock(*story_.deployment_, 100 * kDay));
  say_.Did("!", "the clock of all is moved on by 100 days", absl::ZeroDuration());
  RETURN_IF_ERROR(CancelRelease(kif_, story_.case_id_, cv1::RELEASE_CHANGE_CONFLICT).status());
  const absl::Time sent = kif_.sent();
  say_.Did("kif", "cancels the release: CONFLICT, which it keeps to itself", kif_.took());
  const auto is_back = [](const hv1::Handover& seen) {
    return seen.stage() == hv1::HANDOVER_STAGE_ACCEPTED;
  };
  ASSIGN_OR_RETURN(const auto there,
                   ishoj_.AwaitHandover(handing.id, sent, "the offer is gone", is_back));
  say_.Hop("kif", "ishoj", "ReleaseDateChanged: there is none", there.took);
  ASSIGN_OR_RETURN(const auto here,
                   kif_.AwaitHandover(handing.id, sent, "the offer is back", is_back));
  say_.Hop("ishoj", "kif", "RecallAnswered, by Ishøj's service itself", here.took);
  RETURN_IF_ERROR(
      story_.CheckRefusal(ishoj_.TakeOver(handing.id).status(), "handover.no_offer_stands"));
  RETURN_IF_ERROR(
      story_.CheckRefusal(kif_.Offer(handing.id, day).status(), "release.plan_required"));
  ASSIGN_OR_RETURN(const cv1::Case held, kif_.GetCase(story_.case_id_));
  RETURN_IF_ERROR(Check(held.standing() == cv1::STANDING_RESPONSIBLE && held.releases_size() == 3,
                        "Kriminalforsorgen answers for the case, and keeps each plan", held));
  say_.Holds("Kriminalforsorgen answers for the case; the offer's number is never used again");
  return absl::OkStatus();
}

absl::Status ParoleStory::KifHears(const std::string& step, const std::string& letter) {
  ASSIGN_OR_RETURN(
      const auto heard,
      AwaitSupervised(kif_, story_.person_.cpr_number(), ishoj_.sent(), step,
                      [&](const krv1::SupervisedCase& seen) { return LastStep(seen) == step; }));
  say_.Hop("ishoj", "kif", absl::StrCat(letter, step.empty() ? "" : ": ", step), heard.took);
  return Check(heard.view.holder() == kIshoj && heard.view.parole().is_condition() &&
                   heard.view.person().cpr_number() == story_.person_.cpr_number(),
               "it is he, and exit is a condition", heard.view);
}

// The unit hears what else becomes of the case; a programme that asks no police has no precautions.
absl::Status ParoleStory::MattersAreTold() {
  ASSIGN_OR_RETURN(const auto told,
                   AwaitSupervised(kif_, story_.person_.cpr_number(), ishoj_.sent(),
                                   "the agreement is known", [](const krv1::SupervisedCase& seen) {
                                     return seen.matters().has_agreement();
                                   }));
  say_.Hop("ishoj", "kif", "CaseMattersTold: the agreement and its measures", told.took);
  return Check(told.view.matters().agreement().measures_size() > 0, "each measure is there",
               told.view);
}

absl::Status ParoleStory::UnitIsCalled() {
  ASSIGN_OR_RETURN(const absl::Time today, story_.deployment_->Today());
  RETURN_IF_ERROR(
      CallSupervisingUnit(ishoj_, story_.case_id_, today + 7 * kDay, "rådhuset (opdigtet)")
          .status());
  say_.Did("ishoj", "calls the unit to a follow-up, in a week", ishoj_.took());
  ASSIGN_OR_RETURN(
      const auto called,
      AwaitSupervised(kif_, story_.person_.cpr_number(), ishoj_.sent(), "a meeting is called",
                      [](const krv1::SupervisedCase& seen) { return seen.meetings_size() == 1; }));
  say_.Hop("ishoj", "kif", "MeetingInvitation", called.took);
  RETURN_IF_ERROR(
      ComeToMeeting(kif_, called.view.supervision_id(), called.view.meetings(0).invitation_id()));
  say_.Did("kif", "will come", kif_.took());
  ASSIGN_OR_RETURN(
      const auto answered,
      ishoj_.AwaitCase(story_.case_id_, kif_.sent(), "it comes", [](const cv1::Case& seen) {
        return seen.meetings_size() == 1 && seen.meetings(0).called_size() == 1 &&
               seen.meetings(0).called(0).coming() == cv1::COMING_YES;
      }));
  say_.Hop("kif", "ishoj", "MeetingAnswered", answered.took);
  return absl::OkStatus();
}

// The bare fact goes to Ishøj; what follows from it is Kriminalforsorgen's own.
absl::Status ParoleStory::TermsAreBreached() {
  ASSIGN_OR_RETURN(const auto known,
                   AwaitSupervised(kif_, story_.person_.cpr_number(), ishoj_.sent(), "he is known",
                                   [](const krv1::SupervisedCase&) { return true; }));
  ASSIGN_OR_RETURN(const absl::Time today, story_.deployment_->Today());
  RETURN_IF_ERROR(ReportBreach(kif_, known.view.supervision_id(), today - kDay));
  say_.Did("kif", "reports that terms of the parole were breached", kif_.took());
  ASSIGN_OR_RETURN(
      const auto heard,
      ishoj_.AwaitCase(story_.case_id_, kif_.sent(), "the breach is known",
                       [](const cv1::Case& seen) { return seen.breaches_size() == 1; }));
  say_.Hop("kif", "ishoj", "BreachOfConditions, the day alone", heard.took);
  return Check(heard.view.stage() == cv1::CASE_STAGE_ACTIVE,
               "in the course nothing follows from it by itself", heard.view);
}

absl::Status ParoleStory::ReleasedNow(const Story::Handing& handing) {
  say_.Chapter(
      "A court lets him out tonight: Ishøj goes on, and Kriminalforsorgen hears of each step");
  RETURN_IF_ERROR(
      RecordReleased(kif_, story_.case_id_, cv1::RELEASE_GROUND_COURT, kif_.id()).status());
  say_.Did("kif", "records that he is out, and that it acts for him tonight", kif_.took());
  ASSIGN_OR_RETURN(
      const auto heard,
      ishoj_.AwaitHandover(handing.id, kif_.sent(), "that he is out is known",
                           [](const hv1::Handover& seen) { return seen.has_released(); }));
  say_.Hop("kif", "ishoj", "PersonReleased: since when, by what, and who acts", heard.took);
  ASSIGN_OR_RETURN(const cv1::Case held, kif_.GetCase(story_.case_id_));
  return Check(heard.view.released().acts() == held.responsible() &&
                   held.standing() == cv1::STANDING_RESPONSIBLE,
               "Kriminalforsorgen acts, and answers for the case", held);
}

absl::Status ParoleStory::Supervision(const Story::Handing& handing) {
  RETURN_IF_ERROR(ReleasedNow(handing));
  ASSIGN_OR_RETURN(const absl::Time today, story_.deployment_->Today());
  RETURN_IF_ERROR(story_.Offer(handing, today));
  RETURN_IF_ERROR(story_.TakeOver(handing));
  RETURN_IF_ERROR(story_.Finish(handing));
  RETURN_IF_ERROR(KifHears("", "SupervisionStated"));
  RETURN_IF_ERROR(MattersAreTold());
  RETURN_IF_ERROR(UnitIsCalled());
  RETURN_IF_ERROR(StartProgramme(ishoj_, story_.case_id_).status());
  say_.Did("ishoj", "the first measure has begun", ishoj_.took());
  RETURN_IF_ERROR(KifHears("STARTED, by AUTHORITY", "ParoleCourseReached"));
  RETURN_IF_ERROR(PauseProgramme(ishoj_, story_.case_id_, cv1::PAUSE_REASON_SECURITY).status());
  say_.Did("ishoj", "pauses the course: he is not safe there", ishoj_.took());
  RETURN_IF_ERROR(KifHears("PAUSED, by SAFETY", "ParoleCourseReached"));
  RETURN_IF_ERROR(ResumeProgramme(ishoj_, story_.case_id_).status());
  say_.Did("ishoj", "resumes it", ishoj_.took());
  RETURN_IF_ERROR(KifHears("RESUMED, by SAFETY", "ParoleCourseReached"));
  RETURN_IF_ERROR(TermsAreBreached());
  ASSIGN_OR_RETURN(const auto former, kif_.GetCase(story_.case_id_));
  return Check(former.standing() == cv1::STANDING_FORMER && !former.has_paused() &&
                   former.stage() == cv1::CASE_STAGE_ENROLLED,
               "the case that it let go shows nothing newer", former);
}

}  // namespace exitbus::story
