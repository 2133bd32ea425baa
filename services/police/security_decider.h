// What a police unit's officers may do. One unit is in charge of a candidate's security at any
// time: the one whose district the case is in (SEC-01), until the case is taken over in another.
#pragma once

#include "exitbus/police_journal/v1/journal.pb.h"
#include "services/exchange/aggregate.h"
#include "services/exchange/decision_context.h"

namespace exitbus::police::v1 {
class DeliverAssessmentRequest;
class TransferAssessmentRequest;
}  // namespace exitbus::police::v1

namespace exitbus::police {

namespace jv1 = police_journal::v1;

exchange::Decision DeliverAssessment(const jv1::SecurityFile&, const v1::DeliverAssessmentRequest&,
                                     const exchange::DecisionContext&);
exchange::Decision TransferAssessment(const jv1::SecurityFile&,
                                      const v1::TransferAssessmentRequest&,
                                      const exchange::DecisionContext&);
exchange::Decision NotInCharge();
// Once the course is over.
exchange::Decision ProgrammeOver();

}  // namespace exitbus::police
