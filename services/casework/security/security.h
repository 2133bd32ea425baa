// What the case's police unit tells, and what is done about it here. Security is assessed by the
// police (SEC-01); the authority in charge of the case reads conclusions and precautions, and
// acknowledges these by name (SEC-09).
#pragma once

#include "services/casework/parts.h"
#include "services/casework/rules.h"
#include "services/exchange/decision.h"
#include "services/exchange/facts.h"

namespace exitbus::casework::v1 {
class AcknowledgePrecautionsRequest;
class RequestPoliceClarificationRequest;
}  // namespace exitbus::casework::v1

namespace exitbus::handover::v1 {
class AcknowledgePrecautionsRequest;
}

namespace exitbus::police::v1 {
class PoliceClarificationDelivered;
class SecurityPictureChanged;
}  // namespace exitbus::police::v1

namespace exitbus::casework {

using exchange::Decision;
using exchange::Facts;
using exchange::LetterPlace;

Decision RequestPoliceClarification(const jv1::CaseFile&,
                                    const v1::RequestPoliceClarificationRequest&, const Facts&);
// Of the case; and, by the receiver of a handover, what its own district's unit told it.
Decision AcknowledgePrecautions(const jv1::CaseFile&, const v1::AcknowledgePrecautionsRequest&,
                                const Facts&);
Decision AcknowledgeReceivedPrecautions(const jv1::CaseFile&, const jv1::Handover&,
                                        const hv1::AcknowledgePrecautionsRequest&, const Facts&);

Decision OnClarified(const CaseLetter&, const police::v1::PoliceClarificationDelivered&);
Decision OnSecurityPicture(const CaseLetter&, const police::v1::SecurityPictureChanged&);

}  // namespace exitbus::casework
