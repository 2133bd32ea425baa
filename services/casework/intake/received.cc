// A case that is opened from a referral that came as a letter: what that says is not typed again,
// and its sender hears what became of it.
#include <memory>
#include <string>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/referral_journal/v1/referral.pb.h"
#include "services/casework/intake/intake.h"
#include "services/casework/rules.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/referral/referral.h"

namespace exitbus::casework {
namespace {

namespace rjv1 = referral_journal::v1;
namespace rv1 = referral::v1;
using exchange::Decision;
using exchange::DecisionContext;

cv1::Referral AsRecorded(const rv1::ReceivedReferral& received) {
  const rv1::ReferralBasis& basis = received.referral().basis();
  cv1::Referral recorded;
  recorded.set_source(received.source());
  recorded.set_referred_by(received.sender());
  *recorded.mutable_received() = received.received();
  recorded.set_citizen_agrees(basis.has_agreed());
  recorded.set_paragraph(basis.paragraph());
  recorded.set_unasked(basis.unasked());
  return recorded;
}

// How he may safely be reached, until he says otherwise.
jv1::CaseEvent Reached(const rv1::WayToReach& reach, const DecisionContext& context) {
  jv1::CaseEvent event;
  cv1::SafeContact& contact = *event.mutable_safe_contact_stated()->mutable_safe_contact();
  contact.set_way(reach.way());
  contact.set_details(reach.details());
  *contact.mutable_stated() = exchange::ToProto(context.now);
  return event;
}

}  // namespace

Decision OpenFromReferral(const v1::OpenCaseRequest& request, const DecisionContext& context,
                          Decision (*open)(const v1::OpenCaseRequest&, const DecisionContext&)) {
  const std::string key = referral::ReceivedKey(request.referral_id());
  const auto state = context.lookup->StateOf(referral::kReceived, key);
  const auto* const known = static_cast<const rjv1::ReceivedReferral*>(state.get());
  if (known == nullptr) {
    return Invalid("referral.unknown",
                   "No such referral has come here. Give its id as ListReceivedReferrals does, or "
                   "leave it out.");
  }
  if (known->seen().stage() != rv1::REFERRAL_STAGE_WAITING) {
    return Decision::Refuse(referral::NotWaiting());
  }
  if (request.has_referral()) {
    return Invalid("referral.said_twice",
                   "Leave out who referred him: the referral that is named says it.");
  }
  const cv1::Person& person = known->seen().referral().person();
  v1::OpenCaseRequest whole = request;
  if (whole.person().cpr_number().empty())
    whole.mutable_person()->set_cpr_number(person.cpr_number());
  if (whole.person().name().empty()) whole.mutable_person()->set_name(person.name());
  if (whole.person().cpr_number() != person.cpr_number()) {
    return Invalid("referral.of_another_person",
                   "The referral is of somebody with another CPR number. Return it, if that is "
                   "wrong, or leave the number out.");
  }
  *whole.mutable_referral() = AsRecorded(known->seen());
  Decision decision = open(whole, context);
  if (!decision.accepted()) return decision;
  return decision.AddEvent(Reached(known->seen().referral().reach(), context))
      .LetFallDue({referral::kReceived, key, exchange::KindName{referral::kOpened, ""}.Encode()});
}

}  // namespace exitbus::casework
