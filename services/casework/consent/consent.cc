#include "services/casework/consent/consent.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/consent/basis.h"
#include "services/casework/handover/dossier.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/rules.h"
#include "services/casework/methods.h"
#include "services/exchange/proto_time.h"
#include "services/policy/plan.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::ToProto;
using google::protobuf::Timestamp;

// Who is told of a revocation, and over which correspondence.
struct Recipient {
  exchange::Address address;
  pv1::Channel channel;
  std::uint64_t receipted_through = 0;
};

void AddParties(const jv1::CaseFile& file, const jv1::Handover& handover,
                const exchange::DecisionContext& context, std::vector<Recipient>& recipients) {
  const bool knows_nothing = IsBeforeAcceptance(handover) && !handover.has_identity_on_consent();
  if (HasEnded(handover) || knows_nothing) return;
  // A former holder gave what it had; it holds something by consent if it sent something on it.
  if (handover.side() == hv1::SIDE_RECEIVER && handover.received_on_consent().empty()) return;
  recipients.push_back({CounterpartOf(file, handover), pv1::CHANNEL_HANDOVER});
  if (handover.side() != hv1::SIDE_HOLDER || !IsOpen(handover) || !CrossesUnits(handover)) return;
  if (auto unit = AddressOf(Whom::kReceivingPolice, file, &handover, context)) {
    recipients.push_back({unit->For(pv1::PURPOSE_SECURITY), pv1::CHANNEL_HANDOVER});
  }
}

// Everyone who may hold something on the file's consent but the one we have it from.
std::vector<Recipient> Recipients(const jv1::CaseFile& file, const std::string& heard_over,
                                  const exchange::DecisionContext& context) {
  std::vector<Recipient> recipients;
  for (const jv1::Handover& handover : file.handovers()) {
    if (handover.handover_id() != heard_over) AddParties(file, handover, context, recipients);
  }
  if (auto unit = AddressOf(Whom::kPolice, file, nullptr, context)) {
    recipients.push_back({*std::move(unit), pv1::CHANNEL_CASE});
  }
  return recipients;
}

// The file's consent ends here and everyone concerned is told, each with the boundary of his own
// correspondence. `passed_on_wrongly`: what we had of it was not ours to pass on.
void RevokeAndNotify(const jv1::CaseFile& file, const Timestamp& revoked,
                     const std::string& heard_over, bool passed_on_wrongly,
                     const exchange::DecisionContext& context, Decision& decision) {
  jv1::CaseEvent event;
  jv1::ConsentRevoked& happened = *event.mutable_consent_revoked();
  *happened.mutable_revoked() = revoked;
  std::vector<Recipient> recipients = Recipients(file, heard_over, context);
  for (Recipient& recipient : recipients) {
    const exchange::Party& to = recipient.address.to;
    if (!passed_on_wrongly) {
      recipient.receipted_through =
          context.lookup->ProgressWith(to.authority, recipient.channel, to.subject).receipted;
    }
    (*happened.mutable_receipted_through())[to.subject] = recipient.receipted_through;
  }
  decision.AddEvent(event);
  for (const Recipient& recipient : recipients) {
    cv1::ConsentRevoked message;
    *message.mutable_given() = file.consent().given();
    *message.mutable_revoked() = revoked;
    message.set_receipted_through(recipient.receipted_through);
    decision.Notify(recipient.address, message);
  }
}

// One that is narrower takes back the former for everybody: what has not left on that does not
// leave any more, and whoever has something on it is told.
Decision RecordConsent(const jv1::CaseFile& file, const v1::RecordConsentRequest& request,
                       const exchange::DecisionContext& context) {
  if (request.covers().empty()) {
    return Invalid("consent.covers_required",
                   "Say which kinds of authority the signed consent covers.");
  }
  Decision decision;
  const auto& covered = file.consent().covers();
  if (ConsentInForce(file) && !std::all_of(covered.begin(), covered.end(), [&](const int kind) {
        return Covers(request.covers(), kind);
      })) {
    RevokeAndNotify(file, ToProto(context.now), "", false, context, decision);
  }
  jv1::CaseEvent event;
  cv1::Consent& consent = *event.mutable_consent_given()->mutable_consent();
  *consent.mutable_given() = ToProto(context.now);
  *consent.mutable_covers() = request.covers();
  return decision.AddEvent(event);
}

Decision RevokeConsent(const jv1::CaseFile& file, const v1::RevokeConsentRequest&,
                       const exchange::DecisionContext& context) {
  Decision decision;
  RevokeAndNotify(file, ToProto(context.now), "", false, context, decision);
  return decision;
}

Decision OnConsentRevoked(const PartyLetter& letter, const cv1::ConsentRevoked& message) {
  const jv1::CaseFile& file = letter.file;
  const jv1::Handover& handover = letter.handover;
  // A former holder is told the fact and no more.
  const Timestamp& revoked = message.has_revoked() ? message.revoked() : letter.body.valid_from();
  Decision decision;
  if (handover.side() == hv1::SIDE_HOLDER) {
    if (!HasMoved(handover)) return OutOfTurn();
    if (!ConsentInForce(file)) return Decision::NoEffect("revocation_known");
    RevokeAndNotify(file, revoked, handover.handover_id(), false, letter.context, decision);
    return decision;
  }
  if (HasEnded(handover)) return Decision::NoEffect("revocation_crossed_end");
  const auto& received = handover.received_on_consent();
  const bool is_named = handover.has_identity_on_consent() && !HasMoved(handover) &&
                        !handover.identity_on_consent().has_blocked();
  if (!is_named && std::none_of(received.begin(), received.end(),
                                [&](const auto& one) { return IsNewTo(one, message.given()); })) {
    return Decision::NoEffect("revocation_of_nothing_held");
  }
  jv1::CaseEvent event = EventOf(handover);
  jv1::RevocationLearnt& learnt = *event.mutable_revocation_learnt();
  *learnt.mutable_given() = message.given();
  *learnt.mutable_revoked() = revoked;
  learnt.set_receipted_through(message.receipted_through());
  decision.AddEvent(event);
  if (handover.stage() == hv1::HANDOVER_STAGE_OFFERED && RestsOnConsent(handover) &&
      !IsDossierWhole(*FindHandover(*After(file, decision), handover.handover_id()))) {
    Decline(file, handover, hv1::REJECTION_CODE_UNSPECIFIED, letter.context, decision);
    return decision;
  }
  // Taken over with the case, it is this file's consent that ends; a newer one stays in force.
  if (HasMoved(handover) && ConsentInForce(file) && Same(file.consent().given(), message.given())) {
    const bool blocks = std::any_of(received.begin(), received.end(), [&](const auto& one) {
      return one.number() > message.receipted_through();
    });
    RevokeAndNotify(file, revoked, handover.handover_id(), blocks, letter.context, decision);
  }
  return decision;
}

}  // namespace

CasePart ConsentPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme, &kNotFrozen}, &RecordConsent))
      .Serve(OnCase({&kHasOrHadCase, &kConsentInForce}, &RevokeConsent))
      .On(AtEitherSide(&OnConsentRevoked));
  return part;
}

bool ConsentCovers(const jv1::CaseFile& file, absl::Time notified) {
  return ConsentInForce(file) &&
         (!file.has_last_revoked() || notified > exchange::FromProto(file.last_revoked()));
}

bool Same(const Timestamp& a, const Timestamp& b) {
  return a.seconds() == b.seconds() && a.nanos() == b.nanos();
}

bool IsNewTo(const jv1::ReceivedOnConsent& received, const Timestamp& given) {
  return Same(received.part().consent().given(), given) && !received.has_blocked() &&
         !received.part().consent().has_revoked();
}

}  // namespace exitbus::casework
