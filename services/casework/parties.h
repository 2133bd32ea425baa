// Whom a case's events are told to, and as what.
#pragma once

#include <optional>

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/facts.h"

namespace exitbus::casework {

// NEC's exit overview under the case's overview id; nullopt if the directory lists none.
std::optional<exchange::Party> NecOf(const casework_journal::v1::CaseFile& file,
                                     const exchange::Facts& facts);

// The other side of a handover, as this side must address it at this stage.
exchange::Party CounterpartOf(const casework_journal::v1::CaseFile& file,
                              const casework_journal::v1::Handover& handover);
// What this side is in the notification matrix when it speaks to its counterpart.
policy::v1::Relation SpeakingAs(const casework_journal::v1::Handover& handover);

// The ground other than consent that a dossier goes on: RPL § 115 (KSP) from custody, FVL § 28
// otherwise.
policy::v1::LegalBasis StatutoryBasis(const casework_journal::v1::CaseFile& file,
                                      const exchange::Facts& facts);

}  // namespace exitbus::casework
