// Receipts: cumulative, signed by being sealed like everything else, batched per peer, not
// receipted themselves. A lost one costs a repeat, never a letter.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "services/exchange/keys.h"

namespace exitbus::exchange::v1 {
class Receipt;
class ReceiptBatch;
}  // namespace exitbus::exchange::v1

namespace exitbus::exchange {

class UnitOfWork;
struct Environment;

// Applies what `peer` receipts: the rows it covers are gone, refusals are kept. A head that is not
// ours, or numbers never sent, mean that one of the two was rolled back: the correspondence stops.
void ApplyReceipts(UnitOfWork& work, const std::string& peer, const v1::ReceiptBatch& batch);

// Sends receipts for what was taken. Lives on the engine's thread. What is due is not durable: a
// sender that misses a receipt asks again by repeating.
class ReceiptSender {
 public:
  explicit ReceiptSender(const Environment* environment) : environment_(environment) {}

  void Due(const std::set<CorrespondenceId>& correspondences);
  void Failed(const std::string& peer, const std::string& record_id, const std::string& reason);
  // One batch per peer with what is due.
  void Flush();

 private:
  struct FailedRecord {
    std::string id;
    std::string reason;
  };
  static constexpr std::size_t kBatchMax = 100;
  static constexpr absl::Duration kRetryAfter = absl::Seconds(2);

  v1::ReceiptBatch Compose(const std::vector<CorrespondenceId>& ids,
                           const std::vector<FailedRecord>& failed);
  void Publish(const std::string& peer, std::vector<CorrespondenceId> ids,
               std::vector<FailedRecord> failed);

  const Environment* environment_;
  std::set<CorrespondenceId> due_;
  std::vector<std::pair<std::string, FailedRecord>> failed_;  // peer first
};

}  // namespace exitbus::exchange
