// The decision for a municipality (placering): it stands until it ends, is accepted by the
// municipality's final yes, and is completed when that answers for the case. At the contact point,
// the police unit and the authority in charge alike.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/time/time.h"
#include "exitbus/relocation/v1/relocation.pb.h"
#include "exitbus/relocation_journal/v1/journal.pb.h"

namespace exitbus::relocation {

namespace jv1 = relocation_journal::v1;

// About one request; the contact point counts them.
inline constexpr int kDecisionsMax = 20;

// The one that stands; null: none.
const v1::Placement* Standing(const v1::Relocation& seen);
// Of the decisions about it this one, if it stands; null: it does not.
const v1::Placement* Standing(const v1::Relocation& seen, std::uint32_t number);

// The last one for this municipality, whether it stands or not; null: there was none.
const v1::Placement* LastFor(const v1::Relocation& seen, std::string_view municipality);

// Of these decisions; null: none has this number.
const v1::Placement* ByNumber(const v1::Relocation& seen, std::uint32_t number);

// The authority in charge owes that it comes to a final answer, within twenty working days; there,
// that it asks for the handover within two.
enum class Owed { kFinalAnswer, kHandover };
jv1::Placed DecideFor(const jv1::Relocation& one, v1::Placement placement, Owed owed,
                      absl::Time now);
// Of the one that stands.
jv1::PlacementAccepted AcceptPlacement(const jv1::Relocation& one, absl::Time now);
jv1::PlacementEnded EndPlacement(const jv1::Relocation& one, v1::PlacementEnd end, absl::Time now);
jv1::Completed Complete(const jv1::Relocation& one, std::uint32_t number, absl::Time now);

void Evolve(const jv1::Placed& placed, jv1::Relocation& one);
void Evolve(const jv1::PlacementAccepted& accepted, jv1::Relocation& one);
void Evolve(const jv1::PlacementEnded& ended, jv1::Relocation& one);
void Evolve(const jv1::CitizenInformed& informed, jv1::Relocation& one);
// Also of one that had ended: that responsibility has moved is a fact.
void Evolve(const jv1::Completed& completed, jv1::Relocation& one);

}  // namespace exitbus::relocation
