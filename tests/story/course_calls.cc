#include "tests/story/course_calls.h"

#include <utility>

#include "tests/story/calls.h"

namespace exitbus::story {
namespace {

template <class Request>
absl::StatusOr<cv1::Case> OnCourse(Actor& at, const char* rpc, Request request,
                                   const std::string& case_id) {
  request.set_case_id(case_id);
  return at.Change<cv1::Case>(In("exitbus.casework.v1.ProgrammeService.", rpc), std::move(request));
}

}  // namespace

absl::StatusOr<cv1::Case> StartProgramme(Actor& at, const std::string& case_id) {
  return OnCourse(at, "StartProgramme", cv1::StartProgrammeRequest(), case_id);
}

absl::StatusOr<cv1::Case> PauseProgramme(Actor& at, const std::string& case_id,
                                         cv1::PauseReason reason) {
  cv1::PauseProgrammeRequest request;
  request.set_reason(reason);
  return OnCourse(at, "PauseProgramme", std::move(request), case_id);
}

absl::StatusOr<cv1::Case> ResumeProgramme(Actor& at, const std::string& case_id) {
  return OnCourse(at, "ResumeProgramme", cv1::ResumeProgrammeRequest(), case_id);
}

absl::StatusOr<cv1::Case> EndProgramme(Actor& at, const std::string& case_id,
                                       cv1::EndProgrammeRequest end) {
  return OnCourse(at, "EndProgramme", std::move(end), case_id);
}

absl::StatusOr<cv1::Case> RecordFollowUp(Actor& at, const std::string& case_id,
                                         cv1::FollowUpWindow window, cv1::FollowUpAnswer answer) {
  cv1::RecordFollowUpRequest request;
  request.set_window(window);
  request.set_answer(answer);
  return OnCourse(at, "RecordFollowUp", std::move(request), case_id);
}

}  // namespace exitbus::story
