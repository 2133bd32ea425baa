// Checkpoints: where an authority's books stood, told daily to the witnesses that the directory
// names for it, and kept by those. What a witness holds cannot be taken back, so that whoever
// writes its journal anew is found (exitctl evidence verify).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/exchange/aggregate.h"

namespace exitbus::exchange {

class Crypto;
class Transaction;

inline constexpr absl::Duration kCheckpointEvery = absl::Hours(24);
// A book of one author keeps this many; older ones go.
inline constexpr int kCheckpointsKept = 400;
// An author's next one, by its own clock, is not before this. Else it could push out in an hour
// what its witness has kept for a year.
inline constexpr absl::Duration kCheckpointApartMin = absl::Hours(1);

inline constexpr char kCheckpointAggregate[] = "checkpoints";
inline constexpr char kOwnBook[] = "own";

// One direction of one correspondence, as a checkpoint commits to it.
struct CorrespondenceMark {
  bool sent = false;
  int channel = 0;  // policy.v1.Channel
  std::string peer;
  std::string subject_digest;
  std::uint64_t through = 0;  // above 0
  std::string head_digest;
};

// One digest of all of them; in any order.
std::string DigestOf(const std::vector<CorrespondenceMark>& correspondences, const Crypto& crypto);

// Where the books stand, as this transaction sees them.
BooksMark Mark(Transaction& transaction, const Crypto& crypto);

// The newest checkpoint kept of an author (empty: our own), and our own digest under a number.
struct KeptCheckpoint {
  std::uint64_t number = 0;
  std::string digest;
};
std::optional<KeptCheckpoint> NewestCheckpoint(Transaction& transaction, std::string_view author);
std::optional<std::string> OwnCheckpointDigest(Transaction& transaction, std::uint64_t number);

// In our own book: numbers up to this one were used, though the checkpoints are not here.
Decision CheckpointsFollowed(std::uint64_t number);

// Every authority has it: its own book, and one per author it is a witness to.
// Rules: letter.not_for_this_authority, checkpoint.malformed, checkpoint.too_soon,
// checkpoint.out_of_turn, checkpoint.forked. Reports: checkpoint.no_witnesses once,
// checkpoint.forked at the witness.
Aggregate Checkpoints();

}  // namespace exitbus::exchange
