// What is typed, and the request that it makes. For tests.
#pragma once

#include <string>
#include <vector>

namespace exitbus::exitctl {

struct Example {
  std::vector<std::string> arguments;
  std::string json;
};

// At 1 March 2026. All: of what is done before a visitation and in a course, and of documents; of
// referrals by letter; and the others.
const std::vector<Example>& Examples();
const std::vector<Example>& IntakeExamples();
const std::vector<Example>& ReferralExamples();
const std::vector<Example>& OtherExamples();

}  // namespace exitbus::exitctl
