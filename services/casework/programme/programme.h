// Deciders of the case itself: referral, visitation, agreement, withdrawal, release.
// decide(state, command, facts) → decision; pure.
#pragma once

#include <string>

#include "services/casework/rules.h"
#include "services/exchange/decision.h"

namespace exitbus::casework::v1 {
class DecideVisitationRequest;
class OpenCaseRequest;
class RecordWithdrawalRequest;
class SignAgreementRequest;
}  // namespace exitbus::casework::v1

namespace exitbus::kriminalforsorgen::v1 {
class PlanReleaseRequest;
}

namespace exitbus::casework {

using exchange::Decision;
using exchange::Facts;

Decision OpenCase(const jv1::CaseFile&, const v1::OpenCaseRequest&, const Facts&);
Decision DecideVisitation(const jv1::CaseFile&, const v1::DecideVisitationRequest&, const Facts&);
Decision SignAgreement(const jv1::CaseFile&, const v1::SignAgreementRequest&, const Facts&);
Decision RecordWithdrawal(const jv1::CaseFile&, const v1::RecordWithdrawalRequest&, const Facts&);
Decision PlanRelease(const jv1::CaseFile&, const kriminalforsorgen::v1::PlanReleaseRequest&,
                     const Facts&);

// The programme ends here: the event, and NEC told. Also used when a withdrawal was learnt while
// the case was on its way.
void Withdraw(const jv1::CaseFile& file, std::uint64_t number, const Facts& facts,
              Decision& decision);

}  // namespace exitbus::casework
