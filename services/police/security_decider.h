// What a police unit's officers may do, and what it makes of the letters it gets. One unit is in
// charge of a candidate's security at any time: the one whose district the case is in (SEC-01),
// until the case is taken over in another.
#pragma once

#include <string_view>

#include "exitbus/police_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/facts.h"

namespace exitbus::exchange::v1 {
class Body;
}

namespace exitbus::police::v1 {
class DeliverAssessmentRequest;
class TransferAssessmentRequest;
}  // namespace exitbus::police::v1

namespace exitbus::police {

namespace jv1 = police_journal::v1;

exchange::Decision DeliverAssessment(const jv1::SecurityFile&, const v1::DeliverAssessmentRequest&,
                                     const exchange::Facts&);
exchange::Decision TransferAssessment(const jv1::SecurityFile&,
                                      const v1::TransferAssessmentRequest&, const exchange::Facts&);

// Every message kind; late crossings are named no-ops.
exchange::Decision DecideLetter(const jv1::SecurityFile&, const exchange::LetterPlace&,
                                const exchange::v1::Body&, const exchange::Facts&);

// Precautions that `authority` has not acknowledged in time: shown in the list to the unit's
// leader, and operators are alarmed (SEC-09).
exchange::Decision DecideDeadline(const jv1::SecurityFile&, std::string_view authority,
                                  const exchange::Facts&);

}  // namespace exitbus::police
