#include "services/exchange/hop_ids.h"

#include <functional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/exchange/environment.h"
#include "services/exchange/framed.h"
#include "services/exchange/ports/crypto.h"
#include "services/exchange/transaction.h"
#include "services/exchange/use_keys.h"

namespace exitbus::exchange {
namespace {

constexpr std::size_t kHopIdBytes = 16;
constexpr std::size_t kTraceCodeBytes = 10;

std::string ShortHex(std::string_view digest, std::size_t bytes) {
  return absl::BytesToHexString(std::string(digest.substr(0, bytes)));
}

using Matches = std::function<bool(const TracedLetter&)>;

// Among the letters of a correspondence up to `through`.
std::optional<TracedLetter> FindAmong(const Row& row, std::uint64_t through, bool sent,
                                      const Matches& matches) {
  const auto id = CorrespondenceId::Decode(row.key);
  if (!id) return std::nullopt;
  for (std::uint64_t number = 1; number <= through; ++number) {
    if (TracedLetter traced{{*id, number}, sent}; matches(traced)) return traced;
  }
  return std::nullopt;
}

}  // namespace

std::string HopId(const Environment& environment, const TracedLetter& traced) {
  const std::string named =
      Framed("exitbus.hop.v1", {traced.sent ? "sent" : "received", traced.letter.Encode()});
  return ShortHex(environment.crypto->Digest(named, KeyFor(environment, KeyUse::kHops)),
                  kHopIdBytes);
}

std::string HopId(const Environment& environment, const OutboxKey& sent) {
  return HopId(environment, TracedLetter{{sent.correspondence, sent.number}, true});
}

std::string TraceCode(const Environment& environment, const TracedLetter& traced) {
  const CorrespondenceId& id = traced.letter.correspondence;
  const std::string& sender = traced.sent ? environment.self : id.peer;
  const std::string& recipient = traced.sent ? id.peer : environment.self;
  return ShortHex(environment.crypto->Digest(Framed(
                      "exitbus.trace-code.v1", {sender, recipient, absl::StrCat(id.channel),
                                                id.subject, absl::StrCat(traced.letter.number)})),
                  kTraceCodeBytes);
}

std::optional<TracedLetter> FindTraced(const Environment& environment, Transaction& transaction,
                                       std::string_view hop_id_or_code) {
  const bool is_code = hop_id_or_code.size() == 2 * kTraceCodeBytes;
  const Matches matches = [&](const TracedLetter& traced) {
    return hop_id_or_code ==
           (is_code ? TraceCode(environment, traced) : HopId(environment, traced));
  };
  std::optional<TracedLetter> found;
  transaction.ForEach(Table::kCorrespondencesOut, "", [&](const Row& row) {
    store::v1::CorrespondenceOut out;
    if (!found && out.ParseFromString(row.value)) {
      found = FindAmong(row, out.last_number(), true, matches);
    }
  });
  transaction.ForEach(Table::kCorrespondencesIn, "", [&](const Row& row) {
    store::v1::CorrespondenceIn in;
    if (!found && in.ParseFromString(row.value)) {
      found = FindAmong(row, in.through(), false, matches);
    }
  });
  transaction.ForEach(Table::kParked, "", [&](const Row& row) {
    const auto key = ParkedKey::Decode(row.key);
    if (found || !key) return;
    TracedLetter parked{{key->correspondence, key->number}, false};
    if (matches(parked)) found = std::move(parked);
  });
  return found;
}

}  // namespace exitbus::exchange
