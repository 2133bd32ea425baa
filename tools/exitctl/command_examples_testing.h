// What is typed, and the request that it makes. For tests.
#pragma once

#include <string>
#include <vector>

namespace exitbus::exitctl {

struct Example {
  std::vector<std::string> arguments;
  std::string json;
};

// At 1 March 2026.
const std::vector<Example>& Examples();

}  // namespace exitbus::exitctl
