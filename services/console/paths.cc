#include "services/console/paths.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/escaping.h"
#include "exitbus/operations/v1/message_path.pb.h"
#include "exitbus/operations/v1/trace.pb.h"
#include "services/exchange/hex.h"
#include "services/exchange/proto_time.h"

namespace exitbus::console {
namespace {

namespace ov1 = operations::v1;

constexpr std::size_t kNamesMax = 5000;  // the directory has no more authorities

}  // namespace

std::size_t Paths::HashOf::operator()(const Id& id) const {
  std::size_t hash = 0;
  std::memcpy(&hash, id.data(), sizeof(hash));
  return hash;
}

std::uint16_t Paths::NumberOf(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::uint16_t>(found - names.begin());
  if (names.size() == kNamesMax) return static_cast<std::uint16_t>(kNamesMax - 1);
  names.push_back(name);
  return static_cast<std::uint16_t>(names.size() - 1);
}

void Paths::ForgetOldest() {
  letters_.erase(in_order_.front());
  in_order_.pop_front();
}

std::optional<absl::Time> Paths::Add(const std::string& authority, const ov1::Hop& hop) {
  Id id{};
  if (hop.hop_id().size() != id.size()) return std::nullopt;
  std::memcpy(id.data(), hop.hop_id().data(), id.size());
  const std::uint16_t number = NumberOf(authorities_, authority);
  const auto [found, is_new] = letters_.try_emplace(id);
  Letter& letter = found->second;
  if (is_new) {
    letter.authority = number;
    letter.channel = static_cast<std::uint8_t>(hop.channel());
    in_order_.push_back(id);
  } else if (letter.authority != number) {
    return std::nullopt;  // an id is of one authority: nobody adds to another's
  }
  const absl::Time time = exchange::FromProto(hop.time());
  const Step step = {absl::ToUnixMicros(time), NumberOf(failures_, hop.failure_class()),
                     static_cast<std::uint8_t>(hop.kind())};
  std::optional<absl::Time> made;
  if (hop.kind() == ov1::HOP_KIND_RECEIPTED && !letter.steps.empty() &&
      letter.steps.front().kind == ov1::HOP_KIND_CREATED) {
    made = absl::FromUnixMicros(letter.steps.front().time_us);
  }
  if (letter.steps.size() == kHopsMax) {
    letter.left_out = true;
    letter.steps.erase(letter.steps.begin() + 1);
  }
  letter.steps.push_back(step);
  if (letters_.size() > letters_max_) ForgetOldest();
  return made;
}

std::optional<ov1::MessagePath> Paths::Find(std::string_view hop_id) const {
  Id id{};
  const auto bytes = exchange::FromHex(hop_id);
  if (!bytes || bytes->size() != id.size()) return std::nullopt;
  std::memcpy(id.data(), bytes->data(), id.size());
  const auto found = letters_.find(id);
  if (found == letters_.end()) return std::nullopt;
  const Letter& letter = found->second;
  ov1::MessagePath path;
  path.set_hop_id(absl::BytesToHexString(*bytes));
  path.set_authority(authorities_[letter.authority]);
  path.set_channel(static_cast<policy::v1::Channel>(letter.channel));
  path.set_hops_left_out(letter.left_out);
  for (const Step& step : letter.steps) {
    ov1::SeenHop& hop = *path.add_hops();
    hop.set_authority(path.authority());
    hop.set_hop_id(path.hop_id());
    hop.set_channel(path.channel());
    hop.set_kind(static_cast<ov1::HopKind>(step.kind));
    *hop.mutable_time() = exchange::ToProto(absl::FromUnixMicros(step.time_us));
    hop.set_failure_class(failures_[step.failure]);
  }
  return path;
}

}  // namespace exitbus::console
