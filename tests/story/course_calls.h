// What a coordinator does about the course of a programme.
#pragma once

#include <string>

#include "exitbus/casework/v1/programme_service.pb.h"
#include "tests/story/actors.h"

namespace exitbus::story {

absl::StatusOr<cv1::Case> StartProgramme(Actor& at, const std::string& case_id);
// Whom the citizen turns to, of this authority.
absl::StatusOr<cv1::Case> NameContactPerson(Actor& at, const std::string& case_id);
absl::StatusOr<cv1::Case> PauseProgramme(Actor& at, const std::string& case_id,
                                         cv1::PauseReason reason);
absl::StatusOr<cv1::Case> ResumeProgramme(Actor& at, const std::string& case_id);
// `end` says how; the case is filled in.
absl::StatusOr<cv1::Case> EndProgramme(Actor& at, const std::string& case_id,
                                       cv1::EndProgrammeRequest end);
absl::StatusOr<cv1::Case> RecordFollowUp(Actor& at, const std::string& case_id,
                                         cv1::FollowUpWindow window, cv1::FollowUpAnswer answer);

}  // namespace exitbus::story
