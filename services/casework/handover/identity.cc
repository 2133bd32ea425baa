// The receiver is told who it is: at its acceptance, or before it where a relocation is decided for
// it. Only on a basis that is recorded; once there is one, whoever waits for it is told.
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/consent/basis.h"
#include "services/casework/consent/consent.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/rules.h"
#include "services/casework/parts.h"
#include "services/exchange/proto_time.h"
#include "services/policy/viewer.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;

// Whether the receiver may know, before an offer, who it is.
bool IsToBeTold(const jv1::Handover& handover) {
  return KnowsBeforeAccepting(handover) || handover.stage() == hv1::HANDOVER_STAGE_ACCEPTED;
}

// Before the receiver has accepted, not where the person lives.
hv1::HandoverIdentityReleased IdentityFor(const jv1::CaseFile& file,
                                          const jv1::Handover& handover) {
  hv1::HandoverIdentityReleased message;
  message.set_case_id(file.case_id());
  *message.mutable_person() = file.person();
  if (!IsBeforeAcceptance(handover)) {
    message.set_current_address(file.current_address());
    message.set_handlekommune(file.handlekommune());  // it may be where the person lives
  }
  return message;
}

// What the receiver has been told is not what it would be told now.
bool IsOutdated(const jv1::CaseFile& before, const jv1::Handover& was, const jv1::CaseFile& after,
                const jv1::Handover& now) {
  // Once it has accepted it is told what is corrected as everybody is.
  const bool is_corrected =
      KnowsBeforeAccepting(was) && KnowsBeforeAccepting(now) &&
      after.person().SerializeAsString() != before.person().SerializeAsString();
  const bool is_stated = now.stage() == hv1::HANDOVER_STAGE_ACCEPTED &&
                         after.handlekommune() != before.handlekommune();
  return was.stage() != now.stage() || is_corrected || is_stated;
}

}  // namespace

void ReleaseIdentity(const jv1::CaseFile& before, const DecisionContext& context,
                     Decision& decision) {
  const jv1::Handover* const open = OpenHandover(before);
  if (open == nullptr || open->side() != hv1::SIDE_HOLDER) return;
  const auto after = After(before, decision);
  const jv1::Handover& now = *FindHandover(*after, open->handover_id());
  if (!IsToBeTold(now)) return;
  const auto basis = BasisForCounterpart(*after, now, context);
  if (!basis) return;
  // What went on consent goes anew on a law: a revocation takes that no more.
  const bool rests_on_law = *basis != pv1::LEGAL_BASIS_CONSENT;
  if (now.identity_released() && !(now.has_identity_on_consent() && rests_on_law) &&
      !IsOutdated(before, *open, *after, now)) {
    return;
  }
  // What is of the very instant of a revocation is withheld: it goes with what happens next.
  if (!rests_on_law && after->has_last_revoked() &&
      exchange::FromProto(after->last_revoked()) >= context.now) {
    return;
  }
  const hv1::HandoverIdentityReleased message = IdentityFor(*after, now);
  const exchange::Address to = CounterpartOf(*after, now);
  jv1::CaseEvent event = EventOf(now);
  jv1::IdentityReleased& released = *event.mutable_identity_released();
  if (!rests_on_law) {
    *released.mutable_on_consent() = OnConsent(
        message, {pv1::READER_RECEIVER, pv1::LEVEL_FULL, to.to.satisfied},
        NextNumber(to.to.authority, pv1::CHANNEL_HANDOVER, to.to.subject, decision, context),
        context);
  }
  if (IsBeforeAcceptance(now)) {
    WaitFor(event, hv1::SIDE_RECEIVER, kFinalAnswerDays, context);
  } else if (AllTermsAgreed(now)) {
    WaitForNobody(event);
  }
  decision.AddEvent(event).Notify(to.On(*basis), message);
}

}  // namespace exitbus::casework
