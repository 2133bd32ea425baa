// A request for permanent relocation, as the authority in charge, its police unit and the contact
// point all keep it: what happened, whose act is next until when, and how it is shown. A state that
// holds several has them in `relocations`.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exitbus/relocation/v1/relocation.pb.h"
#include "exitbus/relocation_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/obligation.h"
#include "services/relocation/hearing.h"
#include "services/relocation/placement.h"
#include "services/relocation/places.h"

namespace exitbus::relocation {

namespace jv1 = relocation_journal::v1;
using Relocations = google::protobuf::RepeatedPtrField<jv1::Relocation>;

// A case has at most so many, ended ones among them.
inline constexpr int kOfOneCaseMax = 50;

// Both who proposes or nominates and who gets it hold it to the same; nullopt: each criterion is
// answered, and one is met.
std::optional<exchange::Refusal> FaultIn(const v1::Nomination& nomination);

const jv1::Relocation* Find(const Relocations& all, std::string_view relocation_id);
// The one that has not ended; null: none.
const jv1::Relocation* FindOpen(const Relocations& all);
bool HasEnded(v1::RelocationStage stage);

// The name it is found by: "relocation/<relocation id>".
std::string Key(std::string_view relocation_id);

// How a request begins at this authority, in whichever stage.
v1::Relocation Begin(std::string_view relocation_id, std::string_view holder,
                     std::string_view police, absl::Time now);
// What happens to it, with the act that is next. `assessor` is the contact point.
jv1::Proposed Propose(v1::Relocation begun, const v1::Nomination& nomination, absl::Time now);
jv1::Nominated Nominate(v1::Relocation before, const v1::Nomination& nomination,
                        std::string_view assessor, absl::Time now);
jv1::Asked Ask(const jv1::Relocation& before, absl::Time information_due, absl::Time now);
jv1::Withdrawn Withdraw(const jv1::Relocation& before, v1::RelocationWithdrawalReason reason,
                        absl::Time now);
// Whether a list of codes has any, each of which means something.
template <class Codes>
bool SaysSomething(const Codes& codes) {
  return !codes.empty() && std::find(codes.begin(), codes.end(), 0) == codes.end();
}
// Until when what is asked for now is to be given.
absl::Time InformationDue(absl::Time now);

void Evolve(const jv1::Proposed& proposed, jv1::Relocation& relocation);
void Evolve(const jv1::Nominated& nominated, jv1::Relocation& relocation);
void Evolve(const jv1::Asked& asked, jv1::Relocation& relocation);
void Evolve(const jv1::Assessed& assessed, jv1::Relocation& relocation);
void Evolve(const jv1::Withdrawn& withdrawn, jv1::Relocation& relocation);

// At the authority in charge: the handover that follows this inquiry's decision is asked for, which
// was its next act.
void HandoverAsked(Relocations& all, std::string_view inquiry_id);

// With what is due next, as `self` sees it. `case_id` is what the case is called there; empty: it
// has no name there.
std::unique_ptr<v1::Relocation> Shown(const jv1::Relocation& relocation, std::string_view case_id,
                                      std::string_view self);

inline const std::string& IdIn(const jv1::Proposed& what) {
  return what.relocation().relocation_id();
}
inline const std::string& IdIn(const jv1::Nominated& what) {
  return what.relocation().relocation_id();
}
template <class What>
const std::string& IdIn(const What& what) {
  return what.relocation_id();
}

// For Part::After and Part::Obligations, of a state that holds several.
template <class State, class What>
void Change(State& state, const What& what) {
  Relocations& all = *state.mutable_relocations();
  auto* known = const_cast<jv1::Relocation*>(Find(all, IdIn(what)));
  Evolve(what, known != nullptr ? *known : *all.Add());
}
template <class State>
std::vector<exchange::NamedObligation> ActsOwed(const State& state) {
  std::vector<exchange::NamedObligation> owed;
  for (const jv1::Relocation& one : state.relocations()) {
    owed.push_back({one.seen().relocation_id(), &one.next()});
    AddOwed(one, owed);
  }
  return owed;
}
template <class State>
std::vector<std::string> Names(const State& state) {
  std::vector<std::string> names;
  for (const jv1::Relocation& one : state.relocations()) {
    names.push_back(Key(one.seen().relocation_id()));
  }
  return names;
}

}  // namespace exitbus::relocation
