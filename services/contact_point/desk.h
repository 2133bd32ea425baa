// The contact point's desk as a table: handovers across districts, and those whose wait has passed
// its deadline. It lists, nudges and records; responsibility it cannot move: it has no way to.
#pragma once

#include <string>
#include <string_view>

#include "exitbus/contact_point_journal/v1/journal.pb.h"
#include "services/exchange/aggregate.h"

namespace exitbus::exchange::v1 {
class Body;
}

namespace exitbus::contact_point::v1 {
class NudgeHandoverRequest;
class RecordNoteRequest;
}  // namespace exitbus::contact_point::v1

namespace exitbus::contact_point {

namespace jv1 = contact_point_journal::v1;

// Total and pure.
void Evolve(jv1::Followed& followed, const jv1::FollowedEvent& event);

// By what letters name a handover.
std::string LetterKey(std::string_view contact_id);

exchange::Decision NudgeHandover(const jv1::Followed&, const v1::NudgeHandoverRequest&,
                                 const exchange::Facts&);
exchange::Decision RecordNote(const jv1::Followed&, const v1::RecordNoteRequest&,
                              const exchange::Facts&);
exchange::Decision DecideLetter(const jv1::Followed&, const exchange::LetterPlace&,
                                const exchange::v1::Body&, const exchange::Facts&);

exchange::Aggregate FollowedHandovers();

}  // namespace exitbus::contact_point
