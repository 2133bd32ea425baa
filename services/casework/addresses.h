// Who is told of a case, as what, in which conditions and on what ground: computed here from what
// the file says at the time, and nowhere else.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"
#include "services/policy/condition_set.h"

namespace exitbus::casework {

// Each knows the case, or the handover, by an id of its own.
enum class Whom {
  kPolice,           // the unit of the case, or of the holder's district
  kReceivingPolice,  // the unit of the receiver's district; it may be the same one
  kContactPoint,
  kNec,
};

// nullopt: there is none, as far as this file and the directory say. `handover` null: about the
// case itself. The ground is the usual one of this reader (Address::On for another).
std::optional<exchange::Address> AddressOf(Whom whom, const casework_journal::v1::CaseFile& file,
                                           const casework_journal::v1::Handover* handover,
                                           const exchange::DecisionContext& context);

// Whether this reader was ever told anything under its id over that channel.
bool WasSent(const exchange::Address& address, policy::v1::Channel over,
             const exchange::DecisionContext& context);

// The unit of Kriminalforsorgen that supervises the person, under its own id.
exchange::Address AddressOfSupervision(const casework_journal::v1::CaseFile& file,
                                       const casework_journal::v1::Supervision& supervision);

exchange::Address CounterpartOf(const casework_journal::v1::CaseFile& file,
                                const casework_journal::v1::Handover& handover);

// Whether the two districts have units of their own, which both follow the handover.
bool CrossesUnits(const casework_journal::v1::Handover& handover);

// Whether the contact point hears how the handover goes on: across districts, and where it was told
// of a wait over its deadline.
bool IsMonitoredByContactPoint(const casework_journal::v1::Handover& handover,
                               const exchange::DecisionContext& context);

// Those who are told of a take-over with a slip of their own: NEC, the police units, the contact
// point; until it has happened, a unit of Kriminalforsorgen that goes on supervising the person.
std::vector<exchange::Address> SlipReaders(const casework_journal::v1::CaseFile& file,
                                           const casework_journal::v1::Handover& handover,
                                           const exchange::DecisionContext& context);

// Tells `fact`, as bare as the caller made it, to the police units of both districts; to the
// contact point too, if it follows.
void NotifyPolice(const casework_journal::v1::CaseFile& file,
                  const casework_journal::v1::Handover& handover,
                  const google::protobuf::Message& fact, const exchange::DecisionContext& context,
                  exchange::Decision& decision);
void NotifyFollowers(const casework_journal::v1::CaseFile& file,
                     const casework_journal::v1::Handover& handover,
                     const google::protobuf::Message& fact,
                     const exchange::DecisionContext& context, exchange::Decision& decision);

// The contact point; empty if the directory lists none.
std::string ContactPoint(const exchange::DecisionContext& context);

// The police unit of this authority's district; empty if the directory lists none.
std::string PoliceOf(std::string_view authority, const exchange::DecisionContext& context);

// The conditions that hold for this authority's own callers who see the whole case. Each is granted
// here by name; one that is not holds for nobody. What lies in its file they read as its own part
// (docs/decisions/0040-who-holds-a-case-reads-its-own-part.md).
policy::ConditionSet SatisfiedForCallers(const casework_journal::v1::CaseFile& file);

// The holder and the receiver, by id.
std::string HolderOf(const casework_journal::v1::Handover& handover,
                     const exchange::DecisionContext& context);
std::string ReceiverOf(const casework_journal::v1::Handover& handover,
                       const exchange::DecisionContext& context);

}  // namespace exitbus::casework
