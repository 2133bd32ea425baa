// What a coordinator, and a unit that is asked, do before a visitation; and meetings.
#pragma once

#include <string>

#include "exitbus/casework/v1/intake_service.pb.h"
#include "exitbus/casework/v1/meeting_service.pb.h"
#include "tests/story/actors.h"

namespace exitbus::story {

absl::StatusOr<cv1::Case> RecordScreening(Actor& at, const std::string& case_id,
                                          cv1::CrimeKind crime);
absl::StatusOr<cv1::Case> AskUnit(Actor& at, const std::string& case_id,
                                  policy::v1::Function function);
absl::StatusOr<cv1::Case> AnswerUnitQuestion(Actor& unit, const std::string& case_id,
                                             const cv1::UnitAnswer& answer);
absl::StatusOr<cv1::Case> RecordInterview(Actor& at, const std::string& case_id,
                                          const cv1::Interview& interview);
absl::StatusOr<cv1::Case> GetForCitizen(Actor& at, const std::string& case_id);
absl::StatusOr<cv1::Case> RecordShownToCitizen(Actor& at, const std::string& case_id,
                                               const std::string& remark);

// The meeting's id.
absl::StatusOr<std::string> CallMeeting(Actor& at, const std::string& case_id,
                                        cv1::MeetingKind kind, absl::Time when);
absl::StatusOr<cv1::Case> RecordMeeting(Actor& at, const std::string& case_id,
                                        const std::string& meeting_id, cv1::TermsKept terms_kept,
                                        const std::string& words);

}  // namespace exitbus::story
