// Looks again and again, while things happen, who says that it answers for a case.
#pragma once

#include <atomic>
#include <memory>
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
                                                      const std::string& case_id);
  ~Watch();

  // OK if at every look exactly one authority answered for the case: whoever says so under the
  // highest number. One whose offer was taken over, and that has not learnt it yet, may still say
  // so under its lower, frozen number; it is counted in `overlaps`. Else what was seen first.
  absl::Status Stop();
  int looks() const { return looks_; }
  int overlaps() const { return overlaps_; }

 private:
  explicit Watch(std::string case_id) : case_id_(std::move(case_id)) {}
  void Run();
  // What is wrong; empty if nothing is.
  std::string Look();

  const std::string case_id_;
  std::vector<std::unique_ptr<Actor>> actors_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> looks_ = 0;
  std::atomic<int> overlaps_ = 0;
  std::uint64_t highest_ = 0;
  std::string wrong_;
  std::thread thread_;
};

}  // namespace exitbus::story
