#include "tests/story/course_calls.h"

#include <utility>

#include "tests/story/calls.h"

namespace exitbus::story {
namespace {

constexpr std::string_view kProgrammes = "exitbus.casework.v1.ProgrammeService.";

}  // namespace

absl::StatusOr<cv1::Case> StartProgramme(Actor& at, const std::string& case_id) {
  return ChangeCase(at, In(kProgrammes, "StartProgramme"), cv1::StartProgrammeRequest(), case_id);
}

absl::StatusOr<cv1::Case> NameContactPerson(Actor& at, const std::string& case_id) {
  cv1::NameContactPersonRequest request;
  request.mutable_contact_person()->set_authority(at.id());
  request.mutable_contact_person()->set_function(policy::v1::FUNCTION_MENTOR);
  request.mutable_contact_person()->set_reached_by("70 00 00 02, 8-20 (opdigtet)");
  return ChangeCase(at, In(kCaseService, "NameContactPerson"), std::move(request), case_id);
}

absl::StatusOr<cv1::Case> PauseProgramme(Actor& at, const std::string& case_id,
                                         cv1::PauseReason reason) {
  cv1::PauseProgrammeRequest request;
  request.set_reason(reason);
  return ChangeCase(at, In(kProgrammes, "PauseProgramme"), std::move(request), case_id);
}

absl::StatusOr<cv1::Case> ResumeProgramme(Actor& at, const std::string& case_id) {
  return ChangeCase(at, In(kProgrammes, "ResumeProgramme"), cv1::ResumeProgrammeRequest(), case_id);
}

absl::StatusOr<cv1::Case> EndProgramme(Actor& at, const std::string& case_id,
                                       cv1::EndProgrammeRequest end) {
  return ChangeCase(at, In(kProgrammes, "EndProgramme"), std::move(end), case_id);
}

absl::StatusOr<cv1::Case> RecordFollowUp(Actor& at, const std::string& case_id,
                                         cv1::FollowUpWindow window, cv1::FollowUpAnswer answer) {
  cv1::RecordFollowUpRequest request;
  request.set_window(window);
  request.set_answer(answer);
  return ChangeCase(at, In(kProgrammes, "RecordFollowUp"), std::move(request), case_id);
}

}  // namespace exitbus::story
