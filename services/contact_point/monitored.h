// What a monitored handover is made of. Internal to the contact point.
#pragma once

#include <string>

#include "exitbus/contact_point_journal/v1/journal.pb.h"
#include "services/exchange/part.h"

namespace exitbus::contact_point {

namespace jv1 = contact_point_journal::v1;
using MonitoredPart = exchange::Part<jv1::Monitored, jv1::MonitoredEvent>;

// From the holder and the receiver of a handover, under the contact point's own id of it, in any
// order between the two.
MonitoredPart MonitoredLetters();
// What becomes of it, and by what it is found.
MonitoredPart MonitoredEvents();
// What the contact point's own people do and read.
MonitoredPart MonitoredMethods();

// "monitored/<contact point's id>".
std::string MonitoredKey(const std::string& contact_id);
// Of what was erased before anybody had told of it, the letters of those who ordered that find a
// tombstone, and nobody else's: who is waited for in a handover knows its id here, and may not
// silence the other side.
bool IsUnheardOf(const jv1::Monitored& monitored);
const jv1::Monitored& SeenBy(const std::string& sender, const jv1::Monitored& monitored);
// The wait that is over its deadline and not answered; null: none.
const v1::Escalation* OpenEscalation(const jv1::Monitored& monitored);

}  // namespace exitbus::contact_point
