// Looks again and again, while things happen, who says that it answers for a case, and which police
// unit that it is in charge of the person's security.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/story/actors.h"
#include "tests/story/deployment.h"

namespace exitbus::story {

// Looks on a thread of its own from Start to Stop.
class Watch {
 public:
  static absl::StatusOr<std::unique_ptr<Watch>> Start(const Deployment& deployment,
                                                      const std::string& case_id,
                                                      const std::string& cpr_number);
  ~Watch();

  // OK if at every look exactly one authority answered for the case: whoever says so under the
  // highest number. One whose offer was taken over, and that has not learnt it yet, may still say
  // so under its lower, frozen number. And if exactly one police unit was in charge: the former
  // holder's until a take-over, the new one's after it. The two units are told of a take-over in a
  // letter each: looks at which one had it and the other not are counted. Else what was seen first.
  absl::Status Stop();
  // After Stop(): what was seen, in a sentence.
  std::string Told() const;

 private:
  Watch(std::string case_id, std::string cpr_number)
      : case_id_(std::move(case_id)), cpr_number_(std::move(cpr_number)) {}
  void Run();
  // What is wrong; empty if nothing is.
  std::string Look();
  // Which units say that they are in charge; nullopt: one could not be asked.
  std::optional<std::set<std::string>> UnitsInCharge();
  std::string JudgeUnits(const std::set<std::string>& units, const std::string& district);

  const std::string case_id_;
  const std::string cpr_number_;
  std::vector<std::unique_ptr<Actor>> actors_;
  std::vector<std::unique_ptr<Actor>> police_;
  std::atomic<bool> stopping_ = false;
  int looks_ = 0;
  int overlaps_ = 0;
  std::uint64_t highest_ = 0;
  // Of the police: whose the case was at first, and what was seen after it moved.
  std::string first_district_;
  bool units_changed_ = false;
  int without_unit_ = 0;
  int with_both_units_ = 0;
  std::string wrong_;
  std::thread thread_;
};

}  // namespace exitbus::story
