// Letters of a newer version than this program's: what it does not know waits whole, or is left
// out; either is said.
#pragma once

#include <cstdint>

namespace exitbus::exchange {

struct CorrespondenceId;
struct Environment;
class Transaction;

// What a letter that only a newer version knows waits for, beside index keys.
inline constexpr char kAwaitsUpgrade[] = "awaits_upgrade";

// In how many correspondences one does.
std::uint64_t AwaitingUpgrade(Transaction& transaction);

// A letter has begun to wait for the upgrade.
void SayAwaitsUpgrade(const Environment& environment, const CorrespondenceId& id);
// One of a known kind was taken without the fields that only a newer version knows.
void SayLeftOut(const Environment& environment, const CorrespondenceId& id);

}  // namespace exitbus::exchange
