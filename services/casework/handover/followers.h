// Those who follow a handover besides its two parties, each under an id of its own: NEC, the police
// units of both districts, the contact point.
#pragma once

#include <string>
#include <vector>

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/facts.h"

namespace exitbus::casework {

// The police unit of this authority's district; empty if the directory lists none.
std::string PoliceOf(std::string_view authority, const exchange::Facts& facts);

// The holder and the receiver, by id.
std::string HolderOf(const casework_journal::v1::Handover& handover, const exchange::Facts& facts);
std::string ReceiverOf(const casework_journal::v1::Handover& handover,
                       const exchange::Facts& facts);

// Tells `fact`, as bare as the caller made it, to the police units of both districts.
void TellPolice(const casework_journal::v1::Handover& handover,
                const google::protobuf::Message& fact, exchange::Decision& decision);
void TellContactPoint(const casework_journal::v1::Handover& handover,
                      const google::protobuf::Message& fact, const exchange::Facts& facts,
                      exchange::Decision& decision);
// Whether the contact point hears how the handover goes on: across districts, and where it was told
// of a wait over its deadline.
bool IsFollowedByContactPoint(const casework_journal::v1::Handover& handover,
                              const exchange::Facts& facts);
// Both of them, the contact point if it follows.
void TellFollowers(const casework_journal::v1::Handover& handover,
                   const google::protobuf::Message& fact, const exchange::Facts& facts,
                   exchange::Decision& decision);

// Those who are told of a take-over with a slip of their own, as what they are once it has
// happened; the contact point only if it follows by then.
std::vector<exchange::Party> SlipReaders(const casework_journal::v1::CaseFile& file,
                                         const casework_journal::v1::Handover& handover,
                                         const exchange::Facts& facts);

}  // namespace exitbus::casework
