// A call to a simulated authority that goes on where its process has died meanwhile.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "tests/simulation/world.h"

namespace exitbus::simulation {

inline constexpr int kAttempts = 5;

// Repeats while there is no answer; the node may have been restarted in between.
template <class Response, class Request>
absl::StatusOr<Response> Insist(Node& node, const std::string& method, const Request& request) {
  absl::StatusOr<Response> answer = absl::UnavailableError("");
  for (int i = 0; i < kAttempts && absl::IsUnavailable(answer.status()); ++i) {
    if (!node.running()) node.Start();
    answer = node.Call<Response>(method, request);
  }
  return answer;
}

}  // namespace exitbus::simulation
