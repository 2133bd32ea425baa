// A police unit brings somebody in danger elsewhere: how long until those who must know have it
// durably, the unit of the place and, without the place, the contact point.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/bench/commits.h"
#include "tests/story/deployment.h"

namespace exitbus::story {
class Actor;
}

namespace exitbus::bench {

class Emergencies {
 public:
  // Of persons whom Ishøj has told Vestegnen's unit of, and that has assessed.
  static absl::StatusOr<std::unique_ptr<Emergencies>> Make(const story::Deployment& deployment);
  ~Emergencies();

  // From the unit's call: until it is answered, and until each of the two has committed it.
  struct Times {
    std::vector<absl::Duration> answered, at_unit, at_desk;
  };
  // One after the other, so many or until `enough`.
  absl::StatusOr<Times> Place(int count, const std::function<bool()>& enough);

 private:
  Emergencies();
  absl::Status Prepare(story::Actor& holder, int person);
  // Brings this person elsewhere, and ends that again.
  absl::Status PlaceOnce(const std::string& security_id, Times& times);

  std::unique_ptr<story::Actor> police_;
  std::unique_ptr<Commits> unit_, desk_;  // their inboxes
  std::vector<std::string> files_;
};

}  // namespace exitbus::bench
