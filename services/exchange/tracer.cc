#include "services/exchange/tracer.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "absl/strings/match.h"
#include "exitbus/operations/v1/trace.pb.h"
#include "services/exchange/hex.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/proto_time.h"

namespace exitbus::exchange {
namespace {

namespace ov1 = operations::v1;

constexpr absl::Duration kClocksDifferBy = absl::Minutes(5);
// A sealing key is to be renewed by then (docs/operation.md).
constexpr absl::Duration kSealingKeyLife = absl::Hours(30 * 24);

bool IsTold(std::string_view gauge) {
  static const auto* const told =
      new std::set<std::string_view>{"certificates.end_timestamp_seconds",
                                     "certificates.refused",
                                     "clock.peer_ahead_seconds",
                                     "correspondences.stopped_now",
                                     "directory.end_timestamp_seconds",
                                     "directory.refused",
                                     "keys.refused",
                                     "keys.sealing_key_created_timestamp_seconds",
                                     "letters.awaiting_upgrade",
                                     "outbox.unaddressed",
                                     "process.max_fds",
                                     "process.open_fds",
                                     "process.resident_memory_bytes",
                                     "store.behind_peers",
                                     "store.disk_free_bytes",
                                     "store.disk_full",
                                     "store.unreadable"};
  return told->contains(gauge);
}

ov1::HopKind KindOf(std::string_view hop) {
  if (hop == "created") return ov1::HOP_KIND_CREATED;
  if (hop == "sent") return ov1::HOP_KIND_SENT;
  if (hop == "not_sent") return ov1::HOP_KIND_NOT_SENT;
  if (hop == "receipted") return ov1::HOP_KIND_RECEIPTED;
  if (hop == "parked") return ov1::HOP_KIND_PARKED;
  if (hop == "applied") return ov1::HOP_KIND_APPLIED;
  if (hop == "refused") return ov1::HOP_KIND_REFUSED;
  return ov1::HOP_KIND_UNSPECIFIED;
}

// What alarms that somebody has not done in time what he was to do (docs/alarms.md).
bool IsMissedDeadline(std::string_view event) {
  return absl::EndsWith(std::string(event), "overdue") ||
         absl::EndsWith(std::string(event), "unanswered");
}

std::string Label(const Labels& labels, std::string_view name) {
  for (const auto& [key, value] : labels) {
    if (key == name) return value;
  }
  return "";
}

ov1::PaperKind PaperOf(const Labels& labels) {
  const bool ca = Label(labels, "paper") == "ca";
  if (Label(labels, "of") == "api") {
    return ca ? ov1::PAPER_KIND_API_CA : ov1::PAPER_KIND_API_CERTIFICATE;
  }
  return ca ? ov1::PAPER_KIND_KAFKA_CA : ov1::PAPER_KIND_KAFKA_CERTIFICATE;
}

}  // namespace

void Tracer::Log(Severity severity, std::string_view event, const Labels& fields) {
  next_->Log(severity, event, fields);
}

void Tracer::Count(std::string_view counter, const Labels& labels, double by) {
  if (counter == "reports" && IsMissedDeadline(Label(labels, "event"))) {
    const std::lock_guard lock(mutex_);
    ++missed_;
  }
  next_->Count(counter, labels, by);
}

void Tracer::Set(std::string_view gauge, const Labels& labels, double value) {
  if (IsTold(gauge)) {
    const std::lock_guard lock(mutex_);
    gauges_[std::string(gauge)][labels] = value;
  }
  next_->Set(gauge, labels, value);
}

void Tracer::Record(const Hop& hop) {
  {
    const std::lock_guard lock(mutex_);
    if (hops_.size() == kHopsKept) {
      ++left_out_;
    } else {
      hops_.push_back(hop);
      hops_.back().time = clock_->Now();
    }
  }
  next_->Record(hop);
}

void Tracer::TakeHops(std::size_t hops_max, ov1::TraceRecord& told) {
  const std::lock_guard lock(mutex_);
  const std::size_t taken = std::min(hops_max, hops_.size());
  for (std::size_t i = 0; i < taken; ++i) {
    policy::v1::Channel channel = {};
    const ov1::HopKind kind = KindOf(hops_[i].hop);
    if (kind == ov1::HOP_KIND_UNSPECIFIED ||
        !policy::v1::Channel_Parse(hops_[i].channel, &channel)) {
      continue;
    }
    ov1::Hop& hop = *told.add_hops();
    hop.set_hop_id(FromHex(hops_[i].hop_id).value_or(""));
    hop.set_channel(channel);
    hop.set_kind(kind);
    *hop.mutable_time() = ToProto(hops_[i].time);
    hop.set_failure_class(hops_[i].failure_class);
  }
  hops_.erase(hops_.begin(), hops_.begin() + static_cast<std::ptrdiff_t>(taken));
  told.set_hops_left_out(std::exchange(left_out_, 0));
}

std::optional<double> Tracer::Gauge(std::string_view name) const {
  const auto found = gauges_.find(name);
  if (found == gauges_.end()) return std::nullopt;
  double sum = 0;
  for (const auto& [labels, value] : found->second) sum += value;
  return sum;
}

void Tracer::TellPapers(ov1::Standing& standing) const {
  const auto add = [&](ov1::PaperKind kind, double ends_s, bool refused) {
    ov1::Paper& paper = *standing.add_papers();
    paper.set_kind(kind);
    *paper.mutable_ends() = ToProto(absl::FromUnixSeconds(std::llround(ends_s)));
    paper.set_replacement_refused(refused);
  };
  if (const auto certificates = gauges_.find("certificates.end_timestamp_seconds");
      certificates != gauges_.end()) {
    const auto refused = gauges_.find("certificates.refused");
    for (const auto& [labels, ends_s] : certificates->second) {
      const auto of = refused == gauges_.end()
                          ? std::map<Labels, double>::const_iterator()
                          : refused->second.find({{"of", Label(labels, "of")}});
      const bool is_refused =
          refused != gauges_.end() && of != refused->second.end() && of->second > 0;
      add(PaperOf(labels), ends_s, is_refused);
    }
  }
  if (const auto ends_s = Gauge("directory.end_timestamp_seconds")) {
    add(ov1::PAPER_KIND_DIRECTORY, *ends_s, Gauge("directory.refused").value_or(0) > 0);
  }
  if (const auto created_s = Gauge("keys.sealing_key_created_timestamp_seconds")) {
    add(ov1::PAPER_KIND_SEALING_KEY, *created_s + absl::ToDoubleSeconds(kSealingKeyLife),
        Gauge("keys.refused").value_or(0) > 0);
  }
}

void Tracer::TellClocks(ov1::Standing& standing) const {
  const auto clocks = gauges_.find("clock.peer_ahead_seconds");
  if (clocks == gauges_.end()) return;
  double worst = 0;
  std::uint32_t differ = 0;
  for (const auto& [peer, ahead] : clocks->second) {
    if (std::abs(ahead) > std::abs(worst)) worst = ahead;
    if (std::abs(ahead) > absl::ToDoubleSeconds(kClocksDifferBy)) ++differ;
  }
  standing.set_clock_ahead_seconds(worst);
  standing.set_clocks_over_five_minutes(differ);
}

void Tracer::Tell(ov1::Standing& standing) const {
  const std::lock_guard lock(mutex_);
  TellPapers(standing);
  TellClocks(standing);
  const auto count = [this](std::string_view gauge) {
    return static_cast<std::uint64_t>(Gauge(gauge).value_or(0));
  };
  ov1::ProcessStanding& process = *standing.mutable_process();
  if (Gauge("process.resident_memory_bytes"))
    process.set_memory_bytes(count("process.resident_memory_bytes"));
  if (Gauge("store.disk_free_bytes")) process.set_disk_free_bytes(count("store.disk_free_bytes"));
  if (Gauge("store.disk_full")) process.set_disk_full(count("store.disk_full") > 0);
  if (Gauge("process.open_fds")) {
    process.set_descriptors_open(static_cast<std::uint32_t>(count("process.open_fds")));
    process.set_descriptors_max(static_cast<std::uint32_t>(count("process.max_fds")));
  }
  // Set where there is something to tell; 0 until then.
  ov1::StoreStanding& store = *standing.mutable_store();
  store.set_unreadable_rows(count("store.unreadable"));
  store.set_peers_that_hold_more(count("store.behind_peers"));
  store.set_stopped_correspondences(count("correspondences.stopped_now"));
  store.set_letters_awaiting_upgrade(count("letters.awaiting_upgrade"));
  store.set_notices_to_unlisted(count("outbox.unaddressed"));
  standing.mutable_deadlines()->set_missed(missed_);
}

}  // namespace exitbus::exchange
