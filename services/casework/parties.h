// Whom a case's events are told to, and as what.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/facts.h"

namespace exitbus::casework {

// The authority of this kind that takes part: the only one of its kind, or the police unit of a
// district. Null: the directory lists none, or lists it as removed.
std::shared_ptr<const exchange::DirectoryEntry> TheOne(policy::v1::AuthorityKind kind,
                                                       std::string_view district,
                                                       const exchange::Facts& facts);

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
