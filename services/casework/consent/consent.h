// A consent is given and revoked. What rests on it leaves as a part of its own and is known by its
// number afterwards: a revocation withholds what has not left, and what left without a receipt is
// blocked where it went.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <cstdint>
#include <string_view>

#include "services/casework/handover/letters.h"
#include "services/casework/rules.h"
#include "services/exchange/decision.h"

namespace exitbus::policy {
struct Viewer;
}
namespace exitbus::policy::v1 {
enum Channel : int;
}

namespace exitbus::casework {

// Whether what was told on consent then may still leave: it is in force, and was not revoked since
// and given anew.
bool ConsentCovers(const jv1::CaseFile& file, absl::Time notified);

// What of `message`, sent on consent under this number, the recipient's viewer shows, by name.
jv1::SentOnConsent OnConsent(const google::protobuf::Message& message, const policy::Viewer& viewer,
                             std::uint64_t number, const exchange::DecisionContext& context);

// The number that the next message gets in this correspondence, after those decided on.
std::uint64_t NextNumber(std::string_view authority, policy::v1::Channel channel,
                         std::string_view subject, const exchange::Decision& decided,
                         const exchange::DecisionContext& context);

// How the receiver of a handover sees what is sent to it on consent.
policy::Viewer TheReceiver();

// What nothing but consent opens goes, as this part brought it; what this authority has written
// there itself since stays, and so does what it answers for.
void MoveOut(jv1::CaseFile& file, const hv1::DossierPart& part,
             const google::protobuf::Timestamp& revoked);

// Whether it came on the consent given then, which has not been revoked here.
bool IsNewTo(const jv1::ReceivedOnConsent& received, const google::protobuf::Timestamp& given);
bool Same(const google::protobuf::Timestamp& a, const google::protobuf::Timestamp& b);

// What is blocked, of one handover; and of the whole case, the police's included.
google::protobuf::RepeatedPtrField<cv1::Blocked> BlockedOf(const jv1::Handover& handover);
google::protobuf::RepeatedPtrField<cv1::Blocked> BlockedOf(const jv1::CaseFile& file);

}  // namespace exitbus::casework
