// A consent is given and revoked. What rests on it leaves as a part of its own and is known by its
// number afterwards: a revocation withholds what has not left, and what left without a receipt is
// blocked where it went.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include "services/casework/handover/letters.h"
#include "services/casework/rules.h"
#include "services/exchange/decision.h"

namespace exitbus::casework::v1 {
class RecordConsentRequest;
class RevokeConsentRequest;
}  // namespace exitbus::casework::v1

namespace exitbus::policy {
struct View;
}

namespace exitbus::casework {

Decision RecordConsent(const jv1::CaseFile&, const v1::RecordConsentRequest&,
                       const exchange::Facts&);
// Also by the authority that let the case go: whoever it gave the case to acts on it.
Decision RevokeConsent(const jv1::CaseFile&, const v1::RevokeConsentRequest&,
                       const exchange::Facts&);

// From the other party of a handover: at the receiver from the holder or the former one, at the
// former holder from the one in charge. It is passed on to whoever else got something on it here.
Decision OnConsentRevoked(const PartyLetter& letter, const cv1::ConsentRevoked& told);

// Whether what was told on consent then may still leave: it is in force, and was not revoked since
// and given anew.
bool ConsentCovers(const jv1::CaseFile& file, absl::Time told);

// What of `message`, sent on consent under this number, the recipient's view shows, by name.
jv1::SentOnConsent OnConsent(const google::protobuf::Message& message, const policy::View& view,
                             std::uint64_t number, const exchange::Facts& facts);

// What the events do to the file.
void TakeInOnConsent(jv1::CaseFile& file, const jv1::ReceivedOnConsent& received);
void Revoke(jv1::CaseFile& file, const jv1::ConsentRevoked& revoked);
void Learn(jv1::CaseFile& file, jv1::Handover& handover, const jv1::RevocationLearnt& learnt);

// What is blocked, of one handover; and of the whole case, the police's included.
google::protobuf::RepeatedPtrField<cv1::Blocked> BlockedOf(const jv1::Handover& handover);
google::protobuf::RepeatedPtrField<cv1::Blocked> BlockedOf(const jv1::CaseFile& file);

}  // namespace exitbus::casework
