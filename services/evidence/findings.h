// What a check of evidence finds, one line each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "exitbus/evidence/v1/evidence_file.pb.h"

namespace exitbus::evidence {

struct Finding {
  // False: worth knowing, and nothing is wrong; what is still on its way, for instance.
  bool fault = true;
  std::string text;  // names authorities, channel, subject's digest and numbers, and what to do
};

class Findings {
 public:
  void Fault(std::string text) { all_.push_back({true, std::move(text)}); }
  void Note(std::string text) { all_.push_back({false, std::move(text)}); }
  std::vector<Finding> Take() { return std::move(all_); }

 private:
  std::vector<Finding> all_;
};

// "number 4", "numbers 4-9": runs of `numbers`, which are in order, joined by ", ".
std::string NumbersText(const std::vector<std::uint64_t>& numbers);

// "municipality-0183 -> municipality-0461, handover, subject 1a2b3c4d5e6f7788".
std::string NameOf(const std::string& sender, const std::string& recipient,
                   const v1::Correspondence& correspondence);

}  // namespace exitbus::evidence
