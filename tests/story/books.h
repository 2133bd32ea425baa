// What the authorities' own stores say about the letters between them, read from outside while they
// run: numbers, digests and outcomes, which are in the clear there; no bodies.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/exchange/keys.h"
#include "tests/story/deployment.h"

namespace exitbus::story {

// One direction of one correspondence, as one end has it.
struct Correspondence {
  std::uint64_t through = 0;  // the last number sent, or applied
  std::string head;           // the digest of the chain there
  std::uint64_t receipted = 0;
  int refused = 0;
  int outcomes = 0;  // at the recipient: numbers with an outcome, each of them once
  bool stopped = false;
};

struct Books {
  std::map<exchange::CorrespondenceId, Correspondence> sent;
  std::map<exchange::CorrespondenceId, Correspondence> received;
  int outbox = 0;  // not yet receipted
  int parked = 0;
  int dead_letters = 0;

  std::uint64_t letters_sent() const;
  std::uint64_t letters_received() const;
};

// By authority.
using AllBooks = std::map<std::string, Books>;

absl::StatusOr<Books> ReadBooks(const std::string& journal);

// Waits until everybody has a receipt for each of its letters: nothing is on its way any more,
// whatever became of it. False: not within `limit`.
[[nodiscard]] bool AwaitAllReceipted(const Deployment& deployment, absl::Duration limit);

// Waits until every letter is receipted, then compares both ends: every number that was sent has
// exactly one outcome at its recipient, none was refused, the chains' heads are equal, nothing is
// parked or dead. INTERNAL: what is lost, twice or different. `but`: an authority that forges with
// its own keys; its correspondences are not looked at, nor what others set aside.
absl::StatusOr<AllBooks> CompareBooks(const Deployment& deployment, absl::Duration limit,
                                      const std::string& but = "");

}  // namespace exitbus::story
