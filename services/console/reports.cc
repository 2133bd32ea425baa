#include "services/console/reports.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "exitbus/operations/v1/message_path.pb.h"
#include "exitbus/operations/v1/overview.pb.h"
#include "exitbus/operations/v1/trace.pb.h"
#include "services/exchange/proto_time.h"

namespace exitbus::console {
namespace {

namespace ov1 = operations::v1;
using exchange::FromProto;

constexpr absl::Duration kRestartsShown = absl::Hours(1);
constexpr std::size_t kRestartsMax = 100;
constexpr std::size_t kClassBytesMax = 64;
constexpr char kOther[] = "other";

// A name as rules and failures have it: what an authority tells is shown to others.
bool IsClass(const std::string& text) {
  return text.size() <= kClassBytesMax && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' ||
                  c == '-';
         });
}

void KeepClasses(ov1::Standing& standing) {
  for (ov1::ChannelStanding& channel : *standing.mutable_channels()) {
    for (ov1::DeadClass& dead : *channel.mutable_dead()) {
      if (!IsClass(dead.failure_class())) dead.set_failure_class(kOther);
    }
  }
  if (!IsClass(standing.version())) standing.set_version(kOther);
}

}  // namespace

Reports::Reports(absl::Time started) : started_(started) {}
Reports::~Reports() = default;

void Reports::Take(const std::string& authority, const ov1::TraceRecord& told, absl::Time heard) {
  const auto [found, is_new] = told_.try_emplace(authority);
  Told& of = found->second;
  if (is_new || heard - of.heard > kSilentAfter) of.heard_since = heard;
  of.heard = std::max(of.heard, heard);
  const absl::Time started = FromProto(told.started());
  if (!is_new && started > of.started) {
    of.restarts.push_back(heard);
    if (of.restarts.size() > kRestartsMax) of.restarts.pop_front();
  }
  while (!of.restarts.empty() && heard - of.restarts.front() > kRestartsShown) {
    of.restarts.pop_front();
  }
  of.started = std::max(of.started, started);
  of.hops_left_out += told.hops_left_out();
  TakeHops(authority, told, of, heard);
  if (told.has_standing()) {
    of.standing = std::make_unique<ov1::Standing>(told.standing());
    KeepClasses(*of.standing);
  }
  if (told.has_standing() || told.hops_size() > 0 || is_new) changed_.insert(authority);
}

void Reports::TakeHops(const std::string& authority, const ov1::TraceRecord& told, Told& of,
                       absl::Time heard) {
  for (ov1::Hop hop : told.hops()) {
    if (!IsClass(hop.failure_class())) hop.set_failure_class(kOther);
    Recent& recent = of.recent[hop.channel()];
    recent.Count(hop.kind(), heard);
    if (const auto made = paths_.Add(authority, hop)) {
      recent.Took(FromProto(hop.time()) - *made, heard);
    }
    ov1::SeenHop& seen = hops_.emplace_back();
    seen.set_authority(authority);
    seen.set_hop_id(absl::BytesToHexString(hop.hop_id()));
    seen.set_channel(hop.channel());
    seen.set_kind(hop.kind());
    *seen.mutable_time() = hop.time();
    seen.set_failure_class(hop.failure_class());
    if (hops_.size() <= kHopsKept) continue;
    hops_.pop_front();
    ++first_hop_;
  }
}

const Told* Reports::Find(const std::string& authority) const {
  const auto found = told_.find(authority);
  return found == told_.end() ? nullptr : &found->second;
}

ov1::Presence Reports::PresenceOf(const std::string& authority, absl::Time now) const {
  const Told* told = Find(authority);
  if (told == nullptr) return ov1::PRESENCE_NEVER_HEARD;
  return now - told->heard > kSilentAfter ? ov1::PRESENCE_SILENT : ov1::PRESENCE_HEARD;
}

absl::Time Reports::PresenceSince(const std::string& authority, absl::Time now) const {
  const Told* told = Find(authority);
  if (told == nullptr) return started_;
  return now - told->heard > kSilentAfter ? told->heard : told->heard_since;
}

}  // namespace exitbus::console
