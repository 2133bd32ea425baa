// The outbox relay: publishes rows when they are committed and keeps each until its recipient's
// receipt covers it, not until the broker's acknowledgement. A broker that loses its disk loses
// nothing. While its recipient, or this authority itself, is suspended or removed, it is held.
//
// A row is published: when it is new and its time has come; again when publishing failed, when the
// cluster was formatted anew, when its copy nears the topic's retention, when its recipient asks;
// and otherwise the first unreceipted row of each correspondence as a probe, with back-off from 5 s
// to 1 h, for ever. Repeats are harmless: the recipient knows every number it had. No more is
// looked at than the window holds, and nothing while the way out is closed (Publisher).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/exchange/aggregate.h"
#include "services/exchange/keys.h"
#include "services/exchange/outbox_window.h"
#include "services/exchange/ports/bus.h"

namespace exitbus::exchange::v1 {
class Letter;
}

namespace exitbus::exchange {

class Transaction;
struct Environment;

// Lives on the engine's thread.
class Relay {
 public:
  static constexpr absl::Duration kFirstBackOff = absl::Seconds(5);
  static constexpr absl::Duration kLastBackOff = absl::Hours(1);
  static constexpr absl::Duration kCopyAgeMax = absl::Hours(6 * 24);  // topics keep 7 days

  Relay(const Environment* environment, const Service* service)
      : environment_(environment), service_(service), window_(environment, kFirstBackOff) {}

  absl::Status Start();                                // with what is unreceipted
  void Publish(const std::vector<OutboxKey>& keys);    // new rows, after their commit
  void Receipted(const std::vector<OutboxKey>& keys);  // rows that are gone
  // The peer could not open these of what was sent to it.
  void SendAgain(const std::string& peer, const std::set<std::string>& record_ids);
  void OnNewKey(const std::string& peer);             // what it could not open it may now
  void OnReturn(const std::set<std::string>& peers);  // they take part again: all at once
  void Retry(const std::set<std::string>& peers);     // operators say so: now
  void OnCluster(const std::string& cluster_id);
  void OnOpen();  // the way out is open again: what waited for it goes
  void Tick();    // each second: what is due

  const OutboxWindow& window() const { return window_; }

 private:
  struct Probe {
    absl::Duration back_off = kFirstBackOff;
    absl::Time due;
  };

  // Letters on their way in one record.
  struct Batch;
  // Those whose time has come; what is ready together for one recipient in one channel shares a
  // record, and with it sealing and signature.
  void PublishRows(const std::vector<OutboxKey>& keys);
  // The row's letter, if it may go now; what keeps it is seen to.
  std::optional<v1::Letter> Ready(Transaction& committed, const OutboxKey& key);
  void Send(Batch batch);
  // No copy on the bus: tried again after this row's own back-off.
  void TryLater(OutboxCopy& copy);
  // Whether an unpublished row's time to be tried has come, or a published one's to be repeated.
  bool IsDue(const OutboxKey& key, const OutboxCopy& copy, bool first, absl::Time now);
  // Of correspondences that the window has left nothing is known.
  void ForgetProbes();
  void ReportPaused();
  void OnPublished(const OutboxKey& key, const absl::StatusOr<PublishedAt>& result);

  const Environment* environment_;
  const Service* service_;
  OutboxWindow window_;
  std::string cluster_id_;
  std::map<CorrespondenceId, Probe> probes_;
};

}  // namespace exitbus::exchange
