// Lets the two ends of a correspondence go on from one chain after they held two, or after one of
// them forgot a part of it. The end that receives is the measure: what it holds stays, and what is
// yet to come follows its last number.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/exchange/keys.h"

namespace exitbus::exchange {

class UnitOfWork;
class Transaction;
struct Environment;

// The next letter to `id.peer` follows `through`, whose head is `head`; those that are not
// receipted come after it, in their order, under new numbers.
void ContinueSendingFrom(UnitOfWork& work, const CorrespondenceId& id, std::uint64_t through,
                         const std::string& head);

// What was to go to `id.peer` and is not receipted goes no more.
void Withdraw(UnitOfWork& work, const CorrespondenceId& id);

// The next letter from `id.peer` is the one after `through`. What waited for its turn is forgotten:
// its sender has it still.
void ContinueReceivingFrom(Transaction& transaction, const CorrespondenceId& id,
                           std::uint64_t through, const std::string& head);

// A correspondence that one of its ends has stopped.
struct StoppedCorrespondence {
  CorrespondenceId id;
  bool sent = false;  // by us; else received
};
std::vector<StoppedCorrespondence> AllStopped(Transaction& transaction);
// How many there are, as a gauge, and in the log if there are any.
void MeasureStopped(const Environment& environment);

}  // namespace exitbus::exchange
