// From the bus to the engine: where each topic was read to (the database rules), and what each
// record is worth once verified and opened.
//
// A position is believed only if the record at it still is the one that was consumed last; if it is
// absent or different, the topic is read from its earliest record. What was
// taken is known by its number.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/exchange/ports/bus.h"

namespace exitbus::exchange {

class Announcer;
class Incoming;
class UnitOfWork;
class PeerClocks;
class PeerKeys;
class ReceiptSender;
struct Environment;

// Lives on the engine's thread.
class Inbox {
 public:
  // What the urgent topics hold is taken before the others are read, for this long at most.
  static constexpr absl::Duration kUrgentHeadStart = absl::Seconds(2);

  static Priority PriorityOf(const std::string& topic);

  Inbox(const Environment* environment, ReceiptSender* receipts, Announcer* announcer,
        PeerKeys* peer_keys, PeerClocks* peer_clocks)
      : environment_(environment),
        receipts_(receipts),
        announcer_(announcer),
        peer_keys_(peer_keys),
        peer_clocks_(peer_clocks) {}

  // Reads all our topics, each from where it was read to, the urgent ones first. Again after the
  // cluster was formatted.
  void Assign(const std::string& cluster_id);

  // What was in the topic when it was assigned has been taken.
  void CaughtUp(const std::string& topic);
  // Whether that is so of every topic.
  bool IsCaughtUp() const { return !cluster_id_.empty() && behind_.empty(); }
  // Of which it is not so.
  const std::set<std::string>& unread() const { return behind_; }

  // The records that are new in this batch, or nothing if the position turned out to be false (then
  // the topic is being read again from the start).
  std::vector<BusRecord> Verified(std::vector<BusRecord> records);

  // Takes one record within a unit of work; what cannot be verified or parsed becomes a dead
  // letter. What comes from one who is suspended or removed is dropped, unanswered and counted.
  void Take(UnitOfWork& work, Incoming& incoming, const BusRecord& record);

  // The position after a batch, in the same transaction as what the batch did.
  void KeepPosition(UnitOfWork& work, const BusRecord& last);

 private:
  void Read(const std::string& topic, std::optional<std::int64_t> offset);
  void ReadOrdinary();
  void TakeAnnouncement(UnitOfWork& work, const BusRecord& record);
  // What could not be taken: dropped, or a dead letter. Whether its sender may be answered.
  bool Discard(UnitOfWork& work, const BusRecord& record, const absl::Status& why);
  void DeadLetter(UnitOfWork& work, const BusRecord& record, const std::string& reason);

  const Environment* environment_;
  ReceiptSender* receipts_;
  Announcer* announcer_;
  PeerKeys* peer_keys_;
  PeerClocks* peer_clocks_;
  std::string cluster_id_;
  std::set<std::string> behind_;  // topics with more in them when they were assigned
  std::map<std::string, std::optional<std::int64_t>> ordinary_;  // yet to be read, from where
  struct Expected {
    std::int64_t offset;
    std::string record_id;
  };
  std::map<std::string, Expected> expected_;  // topics whose position is yet to be confirmed
};

}  // namespace exitbus::exchange
