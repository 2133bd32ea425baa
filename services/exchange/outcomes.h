// What each change got, for its repeats.
//
// A digest of the request lies with the answer, under the key of the scope that it was about, and
// is gone with it: from then on nobody can try out on the row what was asked. Which request it was
// and whether it was accepted stays, under the authority's own key. Not even the row's name tells.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "services/exchange/ports/api.h"

namespace exitbus::exchange {

class UnitOfWork;
struct Environment;

inline constexpr absl::Duration kOutcomesKept = absl::Hours(30 * 24);

struct Outcome {
  std::string aggregate_id;
  std::optional<Refusal> refusal;  // nullopt: it was accepted
  std::string resource;            // the whole view, serialised; empty if refused or `erased`
  bool erased = false;             // and with it all but whether it was accepted
};

// The key of the request's row in Table::kOutcomes.
std::string OutcomeRow(const Environment& environment, const Call& call);

// What the request got before: neither if nothing yet, or if it cannot be read, which breaks the
// attempt; a Refusal if its request_id was another request's.
struct Before {
  std::optional<Outcome> outcome;
  std::optional<Refusal> refusal;
};
Before OutcomeOf(UnitOfWork& work, const Call& call, const std::string& row);

// Keeps it; `scope` is that of what it is about.
void KeepOutcome(UnitOfWork& work, const Call& call, const std::string& row, std::string_view scope,
                 const Outcome& outcome);

}  // namespace exitbus::exchange
