#include "services/exchange/receipts.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/attempt.h"
#include "services/exchange/confirmation.h"
#include "services/exchange/correspondence.h"
#include "services/exchange/environment.h"
#include "services/exchange/hop_ids.h"
#include "services/exchange/incoming.h"
#include "services/exchange/membership.h"
#include "services/exchange/ports/bus.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/publisher.h"
#include "services/exchange/sealing.h"
#include "services/exchange/unit_of_work.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;

constexpr std::size_t kRuleBytesMax = 64;
constexpr std::uint64_t kFetchedMax = 16;  // a row may hold a megabyte

// As a rule of ours is named; a peer may have written anything.
bool IsRuleName(const std::string& rule) {
  return rule.size() <= kRuleBytesMax &&
         rule.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == std::string::npos;
}

void Stop(UnitOfWork& work, const CorrespondenceId& id, store::v1::CorrespondenceOut& out,
          const std::string& why) {
  if (out.stopped()) return;  // told before
  out.set_stopped(true);
  work.actions().stopped_changed.insert(id);
  Keep(work.transaction(), id, out);
  Telemetry& telemetry = *work.environment().telemetry;
  telemetry.Log(Severity::kError, "correspondence.stopped",
                {{"channel", pv1::Channel_Name(id.channel)}, {"why", why}});
  telemetry.Count("correspondences.stopped", {{"why", why}});
}

// What it takes out of the outbox, at once.
void FetchCovered(Transaction& transaction, const CorrespondenceId& id,
                  const store::v1::CorrespondenceOut& out, std::uint64_t through) {
  std::vector<RowName> rows;
  const std::uint64_t last = std::min(through, out.receipted_through() + kFetchedMax);
  for (std::uint64_t number = out.receipted_through() + 1; number <= last; ++number) {
    rows.push_back({Table::kOutbox, OutboxKey{id, number}.Encode()});
  }
  transaction.Fetch(rows);
}

// What it covers is at its recipient, and goes.
void EraseCovered(UnitOfWork& work, const CorrespondenceId& id,
                  const store::v1::CorrespondenceOut& out, std::uint64_t through) {
  FetchCovered(work.transaction(), id, out, through);
  for (std::uint64_t number = out.receipted_through() + 1; number <= through; ++number) {
    OutboxKey place{id, number};
    const std::string key = place.Encode();
    if (!work.transaction().Get(Table::kOutbox, key)) continue;
    work.transaction().Erase(Table::kOutbox, key);
    work.environment().telemetry->Record({HopId(work.environment(), place),
                                          pv1::Channel_Name(id.channel), "receipted",
                                          work.environment().clock->Now(), ""});
    work.actions().receipted_rows.push_back(std::move(place));
  }
}

// Those of ours that the peer refused: what is new of it is told and counted.
void TakeRefused(Telemetry& telemetry, const v1::Receipt& receipt,
                 store::v1::CorrespondenceOut& out) {
  google::protobuf::RepeatedPtrField<v1::RefusedLetter> refused = receipt.refused();
  KeepLastRefused(refused);
  std::uint64_t message = 0;
  for (v1::RefusedLetter& letter : refused) {
    if (!IsRuleName(letter.rule())) letter.set_rule("not_a_name");
    if (letter.number() <= out.receipted_through()) continue;  // told before
    telemetry.Log(Severity::kError, "letter.refused_by_peer", {{"rule", letter.rule()}});
    ++message;
  }
  // More than are told one by one; of an older version none is counted, and never more than went.
  if (receipt.refused_count() > out.refused_count()) {
    message =
        std::max(message, std::min<std::uint64_t>(receipt.refused_count() - out.refused_count(),
                                                  receipt.through() - out.receipted_through()));
  }
  if (message > 0) telemetry.Count("letters.refused_by_peer", {}, static_cast<double>(message));
  out.set_refused_count(receipt.refused_count());
  *out.mutable_refused() = std::move(refused);
}

void ApplyReceipt(UnitOfWork& work, const std::string& peer, const v1::Receipt& receipt) {
  const Environment& environment = work.environment();
  Transaction& transaction = work.transaction();
  const CorrespondenceId id{receipt.channel(), peer, receipt.subject()};
  auto out =
      Load<store::v1::CorrespondenceOut>(transaction, Table::kCorrespondencesOut, id.Encode());
  if (!transaction.status().ok()) return;  // what was sent is not to be known
  const bool unsent = !out || receipt.through() > out->last_number();
  if (unsent && receipt.through() > 0 && environment.confirmation != nullptr &&
      environment.confirmation->TakeUnsent(work, peer)) {
    return;
  }
  if (!out) {  // no row, or a peer could fill our store and stop what has not begun
    environment.telemetry->Log(Severity::kError, "receipt.for_unsent", {{"peer", peer}});
    return environment.telemetry->Count("receipts.for_unsent", {});
  }
  if (unsent) return Stop(work, id, *out, "receipt_for_unsent");
  // Read again: what it said then is over, also that it had stopped, or followed another chain.
  if (receipt.through() < out->receipted_through()) return;
  const auto head = HeadAt(transaction, id, *out, receipt.through());
  if (receipt.stopped()) return Stop(work, id, *out, "peer_stopped");
  if (head && receipt.through() > 0 && *head != receipt.head_digest()) {
    return Stop(work, id, *out, "fork");
  }
  if (receipt.through() <= out->receipted_through()) return;
  EraseCovered(work, id, *out, receipt.through());
  TakeRefused(*environment.telemetry, receipt, *out);
  if (out->stopped() && head) {  // it takes what we send again
    out->set_stopped(false);
    work.actions().stopped_changed.insert(id);
  }
  out->set_receipted_through(receipt.through());
  Keep(transaction, id, *out);
}

}  // namespace

void ApplyReceipts(UnitOfWork& work, const std::string& peer, const v1::ReceiptBatch& batch) {
  std::vector<RowName> rows;
  for (const v1::Receipt& receipt : batch.receipts()) {
    rows.push_back({Table::kCorrespondencesOut,
                    CorrespondenceId{receipt.channel(), peer, receipt.subject()}.Encode()});
  }
  work.transaction().Fetch(rows);
  for (const v1::Receipt& receipt : batch.receipts()) {
    Attempt attempt(work);
    ApplyReceipt(work, peer, receipt);
    attempt.Keep();  // else the letters stay unreceipted, and are sent and receipted again
  }
  for (const v1::FailedRecord& failed : batch.failed()) {
    if (failed.record_id().empty()) continue;  // what has not gone yet has none
    work.actions().failed_records[peer].insert(failed.record_id());
  }
}

void ReceiptSender::Due(const std::set<CorrespondenceId>& correspondences) {
  due_.insert(correspondences.begin(), correspondences.end());
}

void ReceiptSender::Failed(const std::string& peer, const std::string& record_id,
                           const std::string& reason) {
  failed_.push_back({peer, {record_id, reason}});
}

void ReceiptSender::Flush() {
  if (!environment_->publisher->open()) return;  // again when it is
  std::map<std::string, std::pair<std::vector<CorrespondenceId>, std::vector<FailedRecord>>> peers;
  for (auto id = due_.begin(); id != due_.end();) {
    const MembershipStatus status = MembershipStatusOf(*environment_->directory, id->peer);
    if (status != MembershipStatus::kNotListed && !MayWriteTo(*environment_, id->peer)) {
      ++id;  // waits until both take part again
      continue;
    }
    peers[id->peer].first.push_back(*id);
    id = due_.erase(id);
  }
  // What failed and is not told now comes again by itself.
  for (auto& [peer, record] : failed_) {
    if (MayWriteTo(*environment_, peer)) peers[peer].second.push_back(std::move(record));
  }
  failed_.clear();
  for (auto& [peer, what] : peers) {
    Publish(peer, std::move(what.first), std::move(what.second));
  }
}

v1::ReceiptBatch ReceiptSender::Compose(const std::vector<CorrespondenceId>& ids,
                                        const std::vector<FailedRecord>& failed) {
  Transaction committed(*environment_);
  std::vector<RowName> rows;
  for (const CorrespondenceId& id : ids) rows.push_back({Table::kCorrespondencesIn, id.Encode()});
  committed.Fetch(rows);
  v1::ReceiptBatch batch;
  for (const CorrespondenceId& id : ids) {
    Attempt attempt(committed);
    const store::v1::CorrespondenceIn in = InOf(committed, id);
    if (!attempt.Keep()) continue;  // how far it has come is not known
    v1::Receipt* receipt = batch.add_receipts();
    receipt->set_channel(static_cast<pv1::Channel>(id.channel));
    receipt->set_subject(id.subject);
    receipt->set_through(in.through());
    receipt->set_head_digest(in.head_digest());
    receipt->set_stopped(in.stopped());
    *receipt->mutable_refused() = in.refused();
    receipt->set_refused_count(in.refused_count());
  }
  for (const FailedRecord& record : failed) {
    v1::FailedRecord* out = batch.add_failed();
    out->set_record_id(record.id);
    out->set_reason(record.reason);
  }
  return batch;
}

void ReceiptSender::Publish(const std::string& peer, std::vector<CorrespondenceId> ids,
                            std::vector<FailedRecord> failed) {
  const auto recipient = environment_->directory->Find(peer);
  if (!recipient) return;  // no longer listed: it is sent nothing
  if (ids.size() > kBatchMax) {
    due_.insert(ids.begin() + kBatchMax, ids.end());
    ids.resize(kBatchMax);
    environment_->executor->Post([this] { Flush(); });
  }
  v1::Packet packet;
  *packet.mutable_receipts() = Compose(ids, failed);
  environment_->publisher->Publish(
      Priority::kOrdinary, SealRecord(*environment_, *recipient, pv1::CHANNEL_RECEIPT, packet),
      [this, ids = std::move(ids)](absl::StatusOr<PublishedAt> result) {
        if (result.ok()) return;
        due_.insert(ids.begin(), ids.end());
        environment_->executor->PostAfter(kRetryAfter, [this] { Flush(); });
      });
}

}  // namespace exitbus::exchange
