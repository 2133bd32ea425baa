// What is played on a release's programs: cases in all stages, with everything that this takes
// between seven authorities, whichever build each of them is run by. It asks for nothing that v0.2
// has not.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/story/actors.h"
#include "tests/story/deployment.h"

namespace exitbus::upgrade {

class RecordedStory {
 public:
  // On a deployment that is started and outlives it.
  // `to_older`: Odense is of an earlier release than Ishøj, which does what CHANGELOG.md says of
  // that before it hands on whom Kriminalforsorgen released.
  static absl::StatusOr<std::unique_ptr<RecordedStory>> Make(story::Deployment* deployment,
                                                             bool to_older = false);

  // All chapters, each to its end but the last one: that leaves handovers at several stages.
  absl::Status Play();
  // Goes on with what Play() left, and stops all processes: letters have left and are read by
  // nobody, or have not left yet. `ends`: told of each authority before its process is stopped.
  absl::Status LeaveOnTheWay(const std::function<absl::Status(story::Actor&)>& ends);
  // Instead of that: takes what Play() left to its end.
  absl::Status GoOn();

 private:
  RecordedStory(story::Deployment* deployment, bool to_older)
      : deployment_(deployment), to_older_(to_older) {}

  story::Actor& At(const char* id) { return *actors_.at(id); }
  absl::Status End(const char* id, const std::function<absl::Status(story::Actor&)>& ends);

  // The case of the nth person; enrolled: assessed by the police, visited, signed, told to NEC.
  absl::StatusOr<std::string> Opened(story::Actor& holder, int person);
  absl::StatusOr<std::string> Enrolled(story::Actor& holder, int person);
  absl::Status Assessed(story::Actor& holder, const std::string& case_id, int person);
  absl::Status Visited(story::Actor& holder, const std::string& case_id);
  // On which municipalities and Kriminalforsorgen may be told.
  absl::Status RecordLaw(story::Actor& holder, const std::string& case_id);
  // The unit assesses the nth person.
  absl::Status Assess(int person);

  // The handover's id, once both sides are there.
  absl::StatusOr<std::string> Requested(const char* holder, const std::string& case_id,
                                        const char* receiver, handover::v1::HandoverReason reason);
  absl::StatusOr<std::string> Agreed(const char* holder, const std::string& case_id,
                                     const char* receiver, handover::v1::HandoverReason reason);
  absl::StatusOr<std::string> Accepted(const char* holder, const std::string& case_id,
                                       const char* receiver, handover::v1::HandoverReason reason);
  absl::StatusOr<std::string> Offered(const char* holder, const std::string& case_id,
                                      const char* receiver, handover::v1::HandoverReason reason);
  // What is offered is taken over, acknowledged and closed.
  absl::Status Finish(const char* holder, const std::string& handover_id, const char* receiver);
  absl::Status Await(const char* authority, const std::string& handover_id,
                     handover::v1::HandoverStage stage);

  absl::Status PlayFarCase();     // from custody to Ishøj, to Odense, police to police
  absl::Status PlayOtherWay();    // from Odense to Ishøj
  absl::Status PlayEnded();       // rejected, recalled, withdrawn, erased
  absl::Status PlayUnanswered();  // the contact point nudges
  absl::Status PlayUnderWay();    // what is left for later

  story::Deployment* const deployment_;
  const bool to_older_;
  std::map<std::string, std::unique_ptr<story::Actor>> actors_;
  // By person: the first police unit that was asked, and its id of the case.
  std::map<int, std::pair<const char*, std::string>> security_files_;
  std::string in_custody_;  // a case at Kriminalforsorgen that is not visited yet
  std::string to_accept_;   // handovers from Ishøj to Odense, by what comes next
  std::string to_take_over_;
  std::string to_offer_;
  std::string to_request_;  // a case at Ishøj
  std::string to_ask_;      // likewise, of which its police unit does not know
  std::string to_nudge_;    // the contact point's id of a handover
};

}  // namespace exitbus::upgrade
