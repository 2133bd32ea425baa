// What caseworkers do about a case, as it says itself.
#include <gtest/gtest.h>

#include <cstdint>
#include <iterator>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "exitbus/casework/v1/intake_service.pb.h"
#include "exitbus/casework/v1/measure_service.pb.h"
#include "exitbus/casework/v1/programme_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/colleagues.h"
#include "tests/simulation/year.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;

const std::string kCases = "exitbus.casework.v1.CaseService.";
const std::string kCourse = "exitbus.casework.v1.ProgrammeService.";
const std::string kIntake = "exitbus.casework.v1.IntakeService.";
const std::string kMeasures = "exitbus.casework.v1.MeasureService.";

constexpr int kActsAtOnce = 20;  // in one case: more than a course has one after the other
constexpr absl::Duration kWeek = absl::Hours(24 * 7);

// What is asked after three months, one and two years, answered in turn.
constexpr cv1::FollowUpAnswer kAnswers[] = {cv1::FOLLOW_UP_ANSWER_YES, cv1::FOLLOW_UP_ANSWER_NO,
                                            cv1::FOLLOW_UP_ANSWER_NO, cv1::FOLLOW_UP_ANSWER_UNKNOWN,
                                            cv1::FOLLOW_UP_ANSWER_OUT_OF_SCOPE};

cv1::Week WeekAbout(const std::string& about) {
  const std::vector<std::string> parts = absl::StrSplit(about, ' ');
  std::uint32_t year = 0, number = 0;
  EXPECT_TRUE(parts.size() == 2 && absl::SimpleAtoi(parts[0], &year) &&
              absl::SimpleAtoi(parts[1], &number))
      << about;
  cv1::Week week;
  week.set_year(year);
  week.set_number(number);
  return week;
}

bool IsDecidedByTwo(Node& node) { return node.environment().settings.visitation.by_two; }

}  // namespace

std::vector<cv1::NextAct> Year::WaitingNow(const Life& life, const Case& seen) {
  std::vector<cv1::NextAct> now;
  for (const cv1::NextAct& act : seen.next_acts()) {
    const bool is_to_come = act.has_since() && exchange::FromProto(act.since()) > Now();
    // By its day, or the Monday before it.
    const bool has_time = act.kind() == cv1::NEXT_ACT_KIND_END_MEASURE &&
                          exchange::FromProto(act.due()) > Now() + kWeek;
    const bool is_paused =
        act.kind() == cv1::NEXT_ACT_KIND_RESUME_PROGRAMME && life.paused_until > Now();
    const bool is_of_handover = act.kind() == cv1::NEXT_ACT_KIND_ACT_ON_HANDOVER ||
                                act.kind() == cv1::NEXT_ACT_KIND_HAND_OVER_AT_RELEASE;
    const bool is_under_way = is_of_handover && !life.handover.empty();
    if (!is_to_come && !has_time && !is_paused && !is_under_way) now.push_back(act);
  }
  return now;
}

bool Year::Act(Life& life) {
  for (int i = 0;; ++i) {
    EXPECT_LT(i, kActsAtOnce) << "what is done goes on waiting: " << life.case_id;
    if (i == kActsAtOnce) return false;
    const auto seen = GetCase(*life.holder, life.case_id);
    EXPECT_TRUE(seen.ok()) << seen.status();
    if (!seen.ok()) return false;
    const auto waiting = WaitingNow(life, *seen);
    if (waiting.empty()) return i > 0;
    Do(life, waiting.front(), *seen);
  }
}

void Year::DecideOnAdmission(Life& life) {
  const bool is_refused =
      IsInCustody(life) ? Chance(kRefusedInPrison, kAskedInPrison) : Chance(kTurnedAway);
  if (is_refused) return End(life, cv1::END_CODE_REJECTED);
  const bool by_two = IsDecidedByTwo(*life.holder);
  if (by_two) Prepare(life);
  cv1::DecideVisitationRequest request;
  cv1::Visitation& visitation = *request.mutable_visitation();
  visitation.set_affiliation("loosely affiliated");
  visitation.set_position("runner");
  visitation.set_motivation("real");
  visitation.set_risk_on_leaving("medium");
  const absl::Status decided =
      Ask<cv1::DecideVisitationResponse>(life, kCases + "DecideVisitation", request);
  EXPECT_TRUE(decided.ok()) << decided;
  if (!by_two) NoteVisited(life);
}

// NEC hears of those two programmes; of a municipality's own, as the world has configured it.
void Year::NoteVisited(Life& life) {
  life.is_known_to_nec = life.volume->programme == cv1::PROGRAMME_NATIONAL_FRAMEWORK ||
                         life.volume->programme == cv1::PROGRAMME_MUNICIPAL_EXIT;
}

// All that is required before a visitation.
void Year::Prepare(const Life& life) {
  cv1::RecordScreeningRequest screening;
  screening.set_crime(cv1::CRIME_KIND_GANG);
  EXPECT_TRUE(Ask<cv1::RecordScreeningResponse>(life, kIntake + "RecordScreening", screening).ok());
  cv1::AskUnitRequest question;
  question.set_function(pv1::FUNCTION_JOBCENTRE);
  EXPECT_TRUE(Ask<cv1::AskUnitResponse>(life, kIntake + "AskUnit", question).ok());
  {
    const Speaking unit(*life.holder, "jobcentre", "employee-9");
    EXPECT_TRUE(Ask<cv1::AnswerUnitQuestionResponse>(life, kIntake + "AnswerUnitQuestion",
                                                     cv1::AnswerUnitQuestionRequest())
                    .ok());
  }
  cv1::RecordInterviewRequest interview;
  interview.mutable_interview()->set_most_pressing("canary-interview");
  interview.mutable_interview()->set_motivation_is_real(true);
  EXPECT_TRUE(Ask<cv1::RecordInterviewResponse>(life, kIntake + "RecordInterview", interview).ok());
  EXPECT_TRUE(Ask<cv1::RecordShownToCitizenResponse>(life, kIntake + "RecordShownToCitizen",
                                                     cv1::RecordShownToCitizenRequest())
                  .ok());
}

void Year::Confirm(Life& life, const std::string& etag) {
  const Speaking colleague(*life.holder, "exit-coordinator", "employee-2");
  cv1::ConfirmVisitationRequest request;
  request.set_etag(etag);
  EXPECT_TRUE(
      Ask<cv1::ConfirmVisitationResponse>(life, kIntake + "ConfirmVisitation", request).ok());
  NoteVisited(life);
}

void Year::SignOrNot(Life& life) {
  const bool never =
      IsInCustody(life) ? Chance(kNoAgreementInPrison, kAskedInPrison) : Chance(kNeverBegins);
  if (never) return End(life, cv1::END_CODE_NEVER_STARTED);
  const absl::Status status = SignAgreement(
      world, *life.holder, life.case_id,
      {MeasureOf(cv1::MEASURE_TYPE_HOUSING, cv1::MODULE_HOUSING, *life.holder, "canary-measure")});
  EXPECT_TRUE(status.ok()) << status;
  Note("SignAgreement");
}

void Year::FollowUp(const Life& life, const std::string& window) {
  cv1::RecordFollowUpRequest request;
  cv1::FollowUpWindow asked;
  ASSERT_TRUE(cv1::FollowUpWindow_Parse(window, &asked)) << window;
  request.set_window(asked);
  request.set_answer(kAnswers[random_() % std::size(kAnswers)]);
  EXPECT_TRUE(Ask<cv1::RecordFollowUpResponse>(life, kCourse + "RecordFollowUp", request).ok());
  ++followed_up_[{window, cv1::FollowUpAnswer_Name(request.answer())}];
}

bool Year::DoInCourse(Life& life, const cv1::NextAct& act) {
  switch (act.kind()) {
    case cv1::NEXT_ACT_KIND_START_PROGRAMME:
      return Ask<cv1::StartProgrammeResponse>(life, kCourse + "StartProgramme",
                                              cv1::StartProgrammeRequest())
          .ok();
    case cv1::NEXT_ACT_KIND_RESUME_PROGRAMME:
      return Ask<cv1::ResumeProgrammeResponse>(life, kCourse + "ResumeProgramme",
                                               cv1::ResumeProgrammeRequest())
          .ok();
    case cv1::NEXT_ACT_KIND_NAME_CONTACT_PERSON: {
      cv1::NameContactPersonRequest request;
      request.mutable_contact_person()->set_authority(life.holder->id());
      request.mutable_contact_person()->set_function(pv1::FUNCTION_CASE_OFFICER);
      request.mutable_contact_person()->set_reached_by("12345678");
      return Ask<cv1::NameContactPersonResponse>(life, kCases + "NameContactPerson", request).ok();
    }
    case cv1::NEXT_ACT_KIND_START_MEASURE: {
      cv1::StartMeasureRequest request;
      request.set_measure_id(act.about());
      return Ask<cv1::StartMeasureResponse>(life, kMeasures + "StartMeasure", request).ok();
    }
    case cv1::NEXT_ACT_KIND_END_MEASURE: {
      cv1::CompleteMeasureRequest request;
      request.set_measure_id(act.about());
      return Ask<cv1::CompleteMeasureResponse>(life, kMeasures + "CompleteMeasure", request).ok();
    }
    case cv1::NEXT_ACT_KIND_READ_WEEKLY_REPORT: {
      cv1::AcknowledgeWeeklyReportRequest request;
      *request.mutable_week() = WeekAbout(act.about());
      return Ask<cv1::AcknowledgeWeeklyReportResponse>(life, kCourse + "AcknowledgeWeeklyReport",
                                                       request)
          .ok();
    }
    default:
      return false;
  }
}

void Year::Do(Life& life, const cv1::NextAct& act, const Case& seen) {
  Node& node = *life.holder;
  switch (act.kind()) {
    case cv1::NEXT_ACT_KIND_RECORD_BASIS:
      EXPECT_TRUE(RecordLaw(world, node, life.case_id).ok());
      EXPECT_TRUE(Cover(world, node, life.case_id,
                        {pv1::AUTHORITY_KIND_MUNICIPALITY, pv1::AUTHORITY_KIND_KRIMINALFORSORGEN,
                         pv1::AUTHORITY_KIND_POLICE})
                      .ok());
      return Note("RecordLegalBasis");
    case cv1::NEXT_ACT_KIND_ASK_POLICE:
      EXPECT_TRUE(AskPolice(world, node, life.case_id).ok());
      return Note("RequestPoliceClarification");
    case cv1::NEXT_ACT_KIND_STATE_RELOCATION_NEED:
      EXPECT_TRUE(StateNoRelocation(world, node, life.case_id).ok());
      return Note("StateRelocationNeed");
    case cv1::NEXT_ACT_KIND_DECIDE_VISITATION:
      return DecideOnAdmission(life);
    case cv1::NEXT_ACT_KIND_CONFIRM_VISITATION:
      return Confirm(life, seen.etag());
    case cv1::NEXT_ACT_KIND_SIGN_AGREEMENT:
      return SignOrNot(life);
    case cv1::NEXT_ACT_KIND_RECORD_FOLLOW_UP:
      return FollowUp(life, act.about());
    case cv1::NEXT_ACT_KIND_READ_PRECAUTIONS: {
      cv1::AcknowledgePrecautionsRequest request;
      request.set_version(seen.security().version());
      EXPECT_TRUE(
          Ask<cv1::AcknowledgePrecautionsResponse>(life, kCases + "AcknowledgePrecautions", request)
              .ok());
      return;
    }
    default:
      EXPECT_TRUE(DoInCourse(life, act)) << cv1::NextActKind_Name(act.kind());
  }
}

}  // namespace exitbus::simulation
