#include "services/exchange/relay.h"

#include <algorithm>
#include <utility>

#include "exitbus/exchange/v1/letter.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/environment.h"
#include "services/exchange/held_back.h"
#include "services/exchange/hop_ids.h"
#include "services/exchange/outbox_letter.h"
#include "services/exchange/outgoing.h"
#include "services/exchange/peer_keys.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/publisher.h"
#include "services/exchange/sealing.h"
#include "services/exchange/transaction.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;

// Of one record; a letter larger than that goes alone.
constexpr std::size_t kBatchLettersMax = 32;
constexpr std::size_t kBatchBytesMax = 64 * 1024;
constexpr std::size_t kReadAtOnce = 8;  // rows; one may hold a megabyte

pv1::Channel ChannelOf(const OutboxKey& key) {
  return static_cast<pv1::Channel>(key.correspondence.channel);
}

// Those from the `first` on.
void Fetch(Transaction& committed, const std::vector<OutboxKey>& keys, std::size_t first) {
  std::vector<RowName> rows;
  for (std::size_t i = first; i < std::min(keys.size(), first + kReadAtOnce); ++i) {
    rows.push_back({Table::kOutbox, keys[i].Encode()});
  }
  committed.ForgetFetched();
  committed.Fetch(rows);
}

// Whether `then` has come. One that lies further off than `ahead_max`, which is how far ahead it
// was set at most, was set by a clock that was ahead and is right again.
bool HasCome(absl::Time then, absl::Time now, absl::Duration ahead_max) {
  return then <= now || then - now > ahead_max;
}

}  // namespace

absl::Status Relay::Start() { return window_.Load(environment_->wall_clock->Now()); }

void Relay::TryLater(OutboxCopy& copy) {
  copy.published.reset();
  copy.next_try = environment_->wall_clock->Now() + copy.back_off;
  copy.ahead_max = copy.back_off;
  copy.back_off = std::min(copy.back_off * 2, kLastBackOff);
}

void Relay::Publish(const std::vector<OutboxKey>& keys) {
  const absl::Time now = environment_->wall_clock->Now();
  std::vector<OutboxKey> held;
  for (const OutboxKey& key : keys) {
    if (window_.Add(key, now) != nullptr) held.push_back(key);
  }
  PublishRows(held);
}

void Relay::Receipted(const std::vector<OutboxKey>& keys) {
  for (const OutboxKey& key : keys) {
    const CorrespondenceId& correspondence = key.correspondence;
    window_.Remove(key);
    const auto probe = probes_.find(correspondence);
    if (probe == probes_.end()) continue;
    const bool probed = probe->second.back_off > kFirstBackOff;
    probes_.erase(probe);
    if (!probed) continue;
    // It was the probe that got through: the copies after it are as gone as the first one was.
    auto& rows = window_.rows();
    for (auto it = rows.lower_bound({correspondence, 0});
         it != rows.end() && it->first.correspondence == correspondence; ++it) {
      it->second.published.reset();
      it->second.next_try = absl::InfinitePast();
    }
    window_.BeginSoon(key.correspondence.peer);
  }
  if (window_.HasRoom()) Tick();
}

void Relay::SendAgain(const std::string& peer, const std::set<std::string>& record_ids) {
  std::vector<OutboxKey> keys;
  std::set<std::string> found;
  const auto recipient = environment_->directory->Find(peer);
  for (auto& [key, copy] : window_.rows()) {
    if (key.correspondence.peer != peer || !record_ids.contains(copy.record_id)) continue;
    found.insert(copy.record_id);
    TryLater(copy);
    const bool knows_better =
        recipient && environment_->peer_keys->KeyOf(*recipient) != copy.sealed_to;
    if (knows_better && !copy.in_flight) keys.push_back(key);
  }
  if (found.size() < record_ids.size()) window_.BeginSoon(peer);
  PublishRows(keys);
}

void Relay::OnNewKey(const std::string& peer) {
  for (auto& [key, copy] : window_.rows()) {
    if (key.correspondence.peer != peer) continue;
    if (!copy.published) {
      copy.next_try = absl::InfinitePast();
    } else {
      // It may be that nothing since its renewal could be opened, or its word of that could not.
      probes_[key.correspondence] = {kFirstBackOff, environment_->wall_clock->Now()};
    }
  }
  window_.BeginAnew(peer);
  Tick();
}

void Relay::OnReturn(const std::set<std::string>& peers) {
  for (const std::string& peer : peers) window_.BeginAnew(peer);
  for (auto& [key, copy] : window_.rows()) {
    if (!peers.contains(key.correspondence.peer)) continue;
    copy.published.reset();  // what was there was dropped, or may have been
    copy.next_try = absl::InfinitePast();
    copy.back_off = kFirstBackOff;
    probes_.erase(key.correspondence);
  }
}

void Relay::Retry(const std::set<std::string>& peers) {
  if (peers.empty()) return;
  OnReturn(peers);
  Tick();
}

void Relay::OnCluster(const std::string& cluster_id) {
  if (cluster_id != cluster_id_ && !cluster_id_.empty()) {  // formatted anew
    for (auto& [key, copy] : window_.rows()) copy.published.reset();
    window_.BeginAnew();
  }
  cluster_id_ = cluster_id;
  OnOpen();
}

void Relay::OnOpen() {
  std::vector<OutboxKey> keys;
  for (auto& [key, copy] : window_.rows()) {
    copy.back_off = kFirstBackOff;
    if (!copy.published && !copy.in_flight) keys.push_back(key);
  }
  PublishRows(keys);
}

bool Relay::IsDue(const OutboxKey& key, const OutboxCopy& copy, bool first, absl::Time now) {
  if (copy.in_flight) return false;
  if (!copy.published) {
    return HasCome(copy.next_try, now, copy.ahead_max);
  }
  if (now - *copy.published > kCopyAgeMax) return true;
  if (!first) return false;
  Probe& probe =
      probes_.try_emplace(key.correspondence, Probe{kFirstBackOff, *copy.published + kFirstBackOff})
          .first->second;
  if (!HasCome(probe.due, now, probe.back_off)) return false;
  probe.back_off = std::min(probe.back_off * 2, kLastBackOff);
  probe.due = now + probe.back_off;
  return true;
}

void Relay::Tick() {
  ReportPaused();
  if (!environment_->publisher->open()) return;
  const absl::Time now = environment_->wall_clock->Now();
  window_.Turn(now);
  ForgetProbes();
  std::vector<OutboxKey> due;
  const CorrespondenceId* correspondence = nullptr;
  OutboxAddress address;
  bool paused = false;
  for (const auto& [key, copy] : window_.rows()) {
    const bool first = correspondence == nullptr || key.correspondence != *correspondence;
    correspondence = &key.correspondence;
    if (first && key.address() != address) {
      address = key.address();
      paused = !HeldBackBecause(*environment_, address).empty();
    }
    if (!paused && IsDue(key, copy, first, now)) due.push_back(key);
  }
  PublishRows(due);
}

void Relay::ForgetProbes() {
  const auto& rows = window_.rows();
  if (probes_.size() <= rows.size()) return;
  std::erase_if(probes_, [&](const auto& probe) {
    const auto row = rows.lower_bound({probe.first, 0});
    return row == rows.end() || row->first.correspondence != probe.first;
  });
}

struct Relay::Batch {
  std::vector<OutboxKey> rows;
  v1::LetterBatch letters;
  std::size_t bytes = 0;

  bool HasRoomFor(const v1::Letter& letter) const {
    return rows.empty() ||
           (rows.size() < kBatchLettersMax && bytes + letter.ByteSizeLong() <= kBatchBytesMax);
  }
};

void Relay::PublishRows(const std::vector<OutboxKey>& keys) {
  if (!environment_->publisher->open()) return;  // until OnCluster, or OnOpen
  // By priority, channel and peer: what is urgent goes first.
  std::map<OutboxAddress, std::vector<OutboxKey>> addressed;
  for (const OutboxKey& key : keys) addressed[key.address()].push_back(key);
  for (const auto& [address, rows] : addressed) {
    Batch batch;
    Transaction committed(*environment_);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const OutboxKey& key = rows[i];
      if (i % kReadAtOnce == 0) Fetch(committed, rows, i);
      std::optional<v1::Letter> letter = Ready(committed, key);
      if (!letter) continue;
      if (!batch.HasRoomFor(*letter)) Send(std::exchange(batch, {}));
      batch.bytes += letter->ByteSizeLong();
      batch.rows.push_back(key);
      *batch.letters.add_letters() = *std::move(letter);
    }
    if (!batch.rows.empty()) Send(std::move(batch));
  }
}

std::optional<v1::Letter> Relay::Ready(Transaction& committed, const OutboxKey& key) {
  OutboxCopy* const found = window_.Find(key);
  // Until OnReturn, or a later tick.
  if (found == nullptr || !HeldBackBecause(*environment_, key.address()).empty()) {
    return std::nullopt;
  }
  OutboxCopy& copy = *found;
  const absl::Time now = environment_->wall_clock->Now();
  const std::string place = key.Encode();
  const auto row = Load<store::v1::OutboxRow>(committed, Table::kOutbox, place);
  if (!row) {
    TryLater(copy);  // the store could not be read; the row itself is there
    return std::nullopt;
  }
  const auto recipient = environment_->directory->Find(row->recipient());
  copy.ahead_max = recipient && Unlinks(recipient->kind, row->channel())
                       ? UnlinkingDelayMax(environment_->settings, row->blind_mornings())
                       : absl::ZeroDuration();
  const absl::Time not_before = FromProto(row->not_before());
  copy.delayed = !HasCome(not_before, now, copy.ahead_max);
  if (copy.delayed) {
    copy.since = not_before;
    copy.next_try = not_before;
    // For a night the ticks do.
    if (row->blind_mornings() == 0) {
      environment_->executor->PostAfter(not_before - now, [this] { Tick(); });
    }
    return std::nullopt;
  }
  auto letter = recipient ? LetterOf(*environment_, *service_, place, *row)
                          : absl::StatusOr<v1::Letter>(absl::UnavailableError("not_listed"));
  if (!letter.ok()) {
    environment_->telemetry->Log(Severity::kError, "relay.not_sent",
                                 {{"why", std::string(letter.status().message())}});
    TryLater(copy);
    return std::nullopt;
  }
  return *std::move(letter);
}

void Relay::Send(Batch batch) {
  const OutboxKey first = batch.rows.front();
  const auto recipient = environment_->directory->Find(first.correspondence.peer);
  if (!recipient) {  // no longer listed, just now
    for (const OutboxKey& key : batch.rows) TryLater(*window_.Find(key));
    return;
  }
  v1::Packet packet;
  if (batch.rows.size() == 1) {
    *packet.mutable_letter() = std::move(*batch.letters.mutable_letters(0));
  } else {
    *packet.mutable_letters() = std::move(batch.letters);
  }
  BusRecord record = SealRecord(*environment_, *recipient, ChannelOf(first), packet);
  for (const OutboxKey& key : batch.rows) {
    OutboxCopy& copy = *window_.Find(key);
    copy.in_flight = true;
    copy.record_id = RecordId(record);
    copy.sealed_to = environment_->peer_keys->KeyOf(*recipient);
  }
  environment_->publisher->Publish(
      first.address().urgent() ? Priority::kUrgent : Priority::kOrdinary, std::move(record),
      [this, rows = std::move(batch.rows)](const absl::StatusOr<PublishedAt>& result) {
        for (const OutboxKey& key : rows) OnPublished(key, result);
      });
}

void Relay::OnPublished(const OutboxKey& key, const absl::StatusOr<PublishedAt>& result) {
  OutboxCopy* const found = window_.Find(key);
  if (found == nullptr) return;  // receipted before the broker's acknowledgement came
  OutboxCopy& copy = *found;
  copy.in_flight = false;
  // An acknowledgement by a cluster that was formatted since is worth nothing.
  const std::string failure = !result.ok() ? std::string(result.status().message())
                              : result->cluster_id != cluster_id_ ? "cluster_formatted_anew"
                                                                  : "";
  if (failure.empty()) {
    copy.published = environment_->wall_clock->Now();
  } else {
    TryLater(copy);
  }
  environment_->telemetry->Record({HopId(*environment_, key), pv1::Channel_Name(ChannelOf(key)),
                                   failure.empty() ? "sent" : "not_sent",
                                   environment_->clock->Now(), failure});
}

}  // namespace exitbus::exchange
