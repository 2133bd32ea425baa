// What Kriminalforsorgen does about a release and a condition of parole, and what it hears of whom
// it supervises; and what a coordinator attests for it.
#pragma once

#include <functional>
#include <string>

#include "exitbus/casework/v1/supervision.pb.h"
#include "exitbus/kriminalforsorgen/v1/supervision.pb.h"
#include "tests/story/actors.h"

namespace exitbus::story {

namespace krv1 = kriminalforsorgen::v1;

absl::StatusOr<cv1::Case> StateParoleCondition(Actor& at, const std::string& case_id,
                                               const std::string& paragraph);
absl::StatusOr<cv1::Case> StateCustody(Actor& at, const std::string& case_id, absl::Time imprisoned,
                                       absl::Time possible_parole);
absl::StatusOr<cv1::Case> RecordMunicipalityContacted(Actor& at, const std::string& case_id,
                                                      const std::string& municipality);
// Terms were breached, by whom the unit supervises.
absl::Status ReportBreach(Actor& at, const std::string& supervision_id, absl::Time breached);
absl::StatusOr<cv1::Case> MoveRelease(Actor& at, const std::string& case_id, absl::Time day,
                                      cv1::ReleaseChange why);
absl::StatusOr<cv1::Case> CancelRelease(Actor& at, const std::string& case_id,
                                        cv1::ReleaseChange why);
// He is out now, and this authority acts for him.
absl::StatusOr<cv1::Case> RecordReleased(Actor& at, const std::string& case_id,
                                         cv1::ReleaseGround ground, const std::string& acts);
absl::StatusOr<cv1::Case> AttestParticipation(Actor& at, const std::string& case_id,
                                              const std::string& text);
// The unit that supervises him is called to a follow-up; and comes.
absl::StatusOr<cv1::Case> CallSupervisingUnit(Actor& at, const std::string& case_id,
                                              absl::Time when, const std::string& place);
absl::Status ComeToMeeting(Actor& at, const std::string& supervision_id,
                           const std::string& invitation_id);
// The only person the unit supervises.
absl::StatusOr<Arrival<krv1::SupervisedCase>> AwaitSupervised(
    Actor& at, const std::string& cpr_number, absl::Time since, const std::string& what,
    const std::function<bool(const krv1::SupervisedCase&)>& holds);

}  // namespace exitbus::story
