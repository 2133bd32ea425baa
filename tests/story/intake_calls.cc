#include "tests/story/intake_calls.h"

#include <utility>

#include "services/exchange/proto_time.h"
#include "tests/story/calls.h"

namespace exitbus::story {
namespace {

constexpr std::string_view kIntake = "exitbus.casework.v1.IntakeService.";
constexpr std::string_view kMeetings = "exitbus.casework.v1.MeetingService.";

}  // namespace

absl::StatusOr<cv1::Case> RecordScreening(Actor& at, const std::string& case_id,
                                          cv1::CrimeKind crime) {
  cv1::RecordScreeningRequest request;
  request.set_crime(crime);
  return ChangeCase(at, In(kIntake, "RecordScreening"), std::move(request), case_id);
}

absl::StatusOr<cv1::Case> AskUnit(Actor& at, const std::string& case_id,
                                  policy::v1::Function function) {
  cv1::AskUnitRequest request;
  request.set_function(function);
  return ChangeCase(at, In(kIntake, "AskUnit"), std::move(request), case_id);
}

absl::StatusOr<cv1::Case> AnswerUnitQuestion(Actor& unit, const std::string& case_id,
                                             const cv1::UnitAnswer& answer) {
  cv1::AnswerUnitQuestionRequest request;
  *request.mutable_answer() = answer;
  return ChangeCase(unit, In(kIntake, "AnswerUnitQuestion"), std::move(request), case_id);
}

absl::StatusOr<cv1::Case> RecordInterview(Actor& at, const std::string& case_id,
                                          const cv1::Interview& interview) {
  cv1::RecordInterviewRequest request;
  *request.mutable_interview() = interview;
  return ChangeCase(at, In(kIntake, "RecordInterview"), std::move(request), case_id);
}

absl::StatusOr<cv1::Case> GetForCitizen(Actor& at, const std::string& case_id) {
  cv1::GetForCitizenRequest request;
  request.set_case_id(case_id);
  return at.Ask<cv1::Case>(In(kIntake, "GetForCitizen"), request);
}

absl::StatusOr<cv1::Case> RecordShownToCitizen(Actor& at, const std::string& case_id,
                                               const std::string& remark) {
  cv1::RecordShownToCitizenRequest request;
  request.set_remark(remark);
  return ChangeCase(at, In(kIntake, "RecordShownToCitizen"), std::move(request), case_id);
}

absl::StatusOr<std::string> CallMeeting(Actor& at, const std::string& case_id,
                                        cv1::MeetingKind kind, absl::Time when) {
  cv1::CallMeetingRequest request;
  request.set_kind(kind);
  *request.mutable_at() = exchange::ToProto(when);
  ASSIGN_OR_RETURN(const cv1::Case called,
                   ChangeCase(at, In(kMeetings, "CallMeeting"), std::move(request), case_id));
  return called.meetings(called.meetings_size() - 1).meeting_id();
}

absl::StatusOr<cv1::Case> RecordMeeting(Actor& at, const std::string& case_id,
                                        const std::string& meeting_id, cv1::TermsKept terms_kept,
                                        const std::string& words) {
  cv1::RecordMeetingRequest request;
  request.set_meeting_id(meeting_id);
  request.mutable_finding()->set_terms_kept(terms_kept);
  request.mutable_finding()->set_words(words);
  request.mutable_finding()->set_plan_has_to_change(!words.empty());
  return ChangeCase(at, In(kMeetings, "RecordMeeting"), std::move(request), case_id);
}

}  // namespace exitbus::story
