// Where an end-to-end test's deployment lives: in the build tree, by the test's name. What a run
// that was cut short left running there is ended by the next one.
#pragma once

#include <filesystem>
#include <string>

#include "tests/story/deployment.h"

namespace exitbus::story {

// An empty folder with nothing running in it.
inline absl::StatusOr<std::string> FreshState(const std::string& name) {
  const std::string state = Deployment::Program("../e2e/" + name);
  absl::Status stopped = Deployment::StopAll(state);
  if (!stopped.ok()) return stopped;
  std::error_code error;
  std::filesystem::remove_all(state, error);
  if (error) return absl::UnavailableError(state + ": " + error.message());
  return state;
}

}  // namespace exitbus::story
