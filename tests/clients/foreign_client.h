// A client of Ishøj's in another language.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/clients/foreign.h"
#include "tests/story/child.h"

namespace exitbus::story {

// With the variables of Ishøj's profile. Ends with this what it has started.
class ForeignClient {
 public:
  explicit ForeignClient(const Foreign& program);
  ForeignClient(const ForeignClient&) = delete;
  ForeignClient& operator=(const ForeignClient&) = delete;
  ~ForeignClient();

  // Runs it to its end; what it said. Another status than 0 is INTERNAL, with the end of what it
  // said. `variables` replace those of the profile.
  absl::StatusOr<std::string> Run(const std::vector<std::string>& words,
                                  const std::vector<std::string>& variables = {}) const;

  // Lets it open a case; it goes on by itself until it is answered. Once only.
  absl::Status StartOpening(const std::vector<std::string>& words);
  // Lets it follow the handovers; started again, it goes on from its token.
  absl::Status StartAnswering();
  void KillAnswering();  // kill -9

  // What it said, by line, since it was first started.
  std::vector<std::string> Opening() const;
  std::vector<std::string> Answering() const;

 private:
  std::vector<std::string> Command(const std::vector<std::string>& words,
                                   const std::vector<std::string>& variables) const;

  const Foreign program_;
  const std::string files_;  // what their names begin with
  Daemon opening_;
  Daemon answering_;
};

}  // namespace exitbus::story
