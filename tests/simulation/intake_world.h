// Steps before a visitation, and who sees what of them.
#pragma once

#include <string>

#include "exitbus/casework/v1/intake_service.pb.h"
#include "exitbus/casework/v1/meeting_service.pb.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/programme_world.h"

namespace exitbus::simulation {

inline const std::string kIntakeMethods = "exitbus.casework.v1.IntakeService.";
inline const std::string kMeetingMethods = "exitbus.casework.v1.MeetingService.";
inline constexpr char kInterviewCanary[] = "canary-interview";

class IntakeWorld : public ProgrammeWorld {
 public:
  // As its process reads it at a start.
  void Configure(const exchange::VisitationSettings& settings) {
    ishoej.Crash();
    ishoej.environment().settings.visitation = settings;
    ishoej.Start();
    EXPECT_TRUE(world.Settle());
  }
  std::string Screen(const std::string& id, casework::v1::CrimeKind crime) {
    casework::v1::RecordScreeningRequest request;
    request.set_crime(crime);
    return Do<casework::v1::RecordScreeningRequest, casework::v1::RecordScreeningResponse>(
        ishoej, id, kIntakeMethods + "RecordScreening", request);
  }
  std::string Ask(const std::string& id, policy::v1::Function function) {
    casework::v1::AskUnitRequest request;
    request.set_function(function);
    request.set_question("canary-question");
    return Do<casework::v1::AskUnitRequest, casework::v1::AskUnitResponse>(
        ishoej, id, kIntakeMethods + "AskUnit", request);
  }
  std::string Answer(const std::string& id, bool may_be_shown) {
    const Speaking unit(ishoej, "jobcentre", "employee-9");
    casework::v1::AnswerUnitQuestionRequest request;
    request.mutable_answer()->set_has_casework(true);
    request.mutable_answer()->set_employment("canary-employment");
    request.mutable_answer()->set_may_be_shown(may_be_shown);
    return Do<casework::v1::AnswerUnitQuestionRequest, casework::v1::AnswerUnitQuestionResponse>(
        ishoej, id, kIntakeMethods + "AnswerUnitQuestion", request);
  }
  std::string Interview(const std::string& id, bool motivated = true) {
    casework::v1::RecordInterviewRequest request;
    request.mutable_interview()->set_most_pressing(kInterviewCanary);
    request.mutable_interview()->set_substances("canary-substances");
    request.mutable_interview()->set_motivation_is_real(motivated);
    return Do<casework::v1::RecordInterviewRequest, casework::v1::RecordInterviewResponse>(
        ishoej, id, kIntakeMethods + "RecordInterview", request);
  }
  std::string Show(const std::string& id) {
    return Do<casework::v1::RecordShownToCitizenRequest,
              casework::v1::RecordShownToCitizenResponse>(
        ishoej, id, kIntakeMethods + "RecordShownToCitizen", {});
  }
  std::string Confirm(const std::string& id, const std::string& employee) {
    const Speaking colleague(ishoej, "exit-coordinator", employee);
    casework::v1::ConfirmVisitationRequest request;
    request.set_etag(GetCase(ishoej, id)->etag());
    return Do<casework::v1::ConfirmVisitationRequest, casework::v1::ConfirmVisitationResponse>(
        ishoej, id, kIntakeMethods + "ConfirmVisitation", request);
  }
  std::string ForCitizen(const std::string& id) {
    casework::v1::GetForCitizenRequest request;
    request.set_case_id(id);
    return BytesOf(ishoej.Ask(kIntakeMethods + "GetForCitizen", request));
  }
  std::string SeenBy(const char* function, const std::string& id) {
    const Speaking unit(ishoej, function, "employee-9");
    casework::v1::GetCaseRequest request;
    request.set_case_id(id);
    return BytesOf(ishoej.Ask(kCaseMethods + "GetCase", request));
  }
  std::string Call(const std::string& id, casework::v1::MeetingKind kind,
                   policy::v1::Function invited) {
    casework::v1::CallMeetingRequest request;
    request.set_kind(kind);
    *request.mutable_at() = exchange::ToProto(Now() + absl::Hours(48));
    request.add_invited(invited);
    return Do<casework::v1::CallMeetingRequest, casework::v1::CallMeetingResponse>(
        ishoej, id, kMeetingMethods + "CallMeeting", request);
  }
};

}  // namespace exitbus::simulation
