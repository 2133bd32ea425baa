// From the bus to the engine: where each topic was read to (the database rules), and what each
// record is worth once verified and opened.
//
// A position is believed only if the record at it still is the one that was consumed last; if it is
// absent or different, the topic is read from its earliest record. Repeats are harmless.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "services/exchange/ports/bus.h"

namespace exitbus::exchange {

class Incoming;
class Pass;
class ReceiptSender;
struct Context;

// Lives on the engine's thread.
class Inbox {
 public:
  Inbox(const Context* context, ReceiptSender* receipts) : context_(context), receipts_(receipts) {}

  // Reads all our topics, each from where it was read to. Again after the cluster was formatted.
  void Assign(const std::string& cluster_id);

  // The records that are new in this batch, or nothing if the position turned out to be false (then
  // the topic is being read again from the start).
  std::vector<BusRecord> Verified(std::vector<BusRecord> records);

  // Takes one record within a pass; what cannot be verified or parsed becomes a dead letter.
  void Take(Pass& pass, Incoming& incoming, const BusRecord& record);

  // The position after a batch, in the same transaction as what the batch did.
  void KeepPosition(Pass& pass, const BusRecord& last);

 private:
  void DeadLetter(Pass& pass, const BusRecord& record, const std::string& reason);

  const Context* context_;
  ReceiptSender* receipts_;
  std::string cluster_id_;
  struct Expected {
    std::int64_t offset;
    std::string record_id;
  };
  std::map<std::string, Expected> expected_;  // topics whose position is yet to be confirmed
};

}  // namespace exitbus::exchange
