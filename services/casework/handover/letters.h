// One function per message kind and side, for DecideLetter. Internal to casework.
#pragma once

#include <string_view>

#include "exitbus/handover/v1/messages.pb.h"
#include "services/casework/rules.h"
#include "services/exchange/decision.h"
#include "services/exchange/facts.h"

namespace exitbus::casework {

using exchange::Decision;
using exchange::LetterPlace;

// What a letter's handler sees.
struct Letter {
  const jv1::CaseFile& file;
  const jv1::Handover& handover;
  const exchange::Facts& facts;
  const LetterPlace& place;
};

// The other side does not keep to the protocol, the stage does not allow this and no crossing
// explains it: refused by rule, alarmed at the sender.
Decision OutOfTurn();

// The event starts this wait, with the due time that the other side told.
void Await(jv1::CaseEvent& event, hv1::Side side, const google::protobuf::Timestamp& due);

// At the receiver, from the holder or the former one.
Decision OnRequested(const jv1::CaseFile& file, const LetterPlace& place,
                     const hv1::HandoverRequested& told, const exchange::Facts& facts);
Decision OnTermProposed(const Letter& letter, const hv1::AgreementTermProposed& told);
Decision OnIdentityReleased(const Letter& letter, const hv1::HandoverIdentityReleased& told);
Decision OnRecalled(const Letter& letter);
Decision OnDossierPart(const Letter& letter, const hv1::DossierPart& told);
Decision OnOffered(const Letter& letter, const hv1::HandoverOffered& told);
Decision OnRecallRequested(const Letter& letter, const hv1::RecallRequested& told);
Decision OnAcknowledged(const Letter& letter);
Decision OnLateFact(const Letter& letter, const hv1::LateFact& told);

// At the holder, from the receiver.
Decision OnTermObjected(const Letter& letter, const hv1::AgreementTermObjected& told);
Decision OnTermAgreed(const Letter& letter, const hv1::AgreementTermAgreed& told);
Decision OnAccepted(const Letter& letter);
Decision OnRejected(const Letter& letter, const hv1::HandoverRejected& told);
Decision OnDeclined(const Letter& letter, const hv1::OfferDeclined& told);
Decision OnRecallAnswered(const Letter& letter, const hv1::RecallAnswered& told);
Decision OnTakenOver(const Letter& letter, const hv1::CaseTakenOver& told);
Decision OnErased(const Letter& letter);

}  // namespace exitbus::casework
