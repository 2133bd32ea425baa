// What a handover's two sides make of each other's messages: a function for each kind, registered
// for the side that gets it (holder_letters.cc, receiver_letters.cc). Order within a correspondence
// is the engine's business, so a stage that a letter does not fit is a crossing (both acted at
// once: a named no-op) or a fault (refused by rule, alarmed at the sender). Internal to casework.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "exitbus/handover/v1/messages.pb.h"
#include "services/casework/handover/rules.h"
#include "services/casework/parts.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"

namespace exitbus::casework {

using exchange::Decision;
using exchange::DecisionContext;
using exchange::LetterPlace;

// What the handler of a letter between the two parties of a handover sees.
struct PartyLetter {
  const jv1::CaseFile& file;
  const jv1::Handover& handover;
  const LetterPlace& place;
  const exchange::v1::Body& body;
  const DecisionContext& context;
};

// Why a letter is not one between the parties that this side takes. It may come from another topic
// than the request it belongs to; then it waits for that.
std::optional<Decision> NotBetweenParties(const CaseLetter& letter, hv1::Side side);

template <class Contents>
CasePart::Decider<Contents> At(hv1::Side side,
                               Decision (*decide)(const PartyLetter&, const Contents&)) {
  return [side, decide](const CaseLetter& letter, const Contents& message) {
    if (auto other = NotBetweenParties(letter, side)) return *std::move(other);
    const jv1::Handover& handover = *FindHandover(letter.state, letter.place.subject);
    return decide({letter.state, handover, letter.place, letter.body, letter.context}, message);
  };
}
template <class Contents>
CasePart::Decider<Contents> AtHolder(Decision (*decide)(const PartyLetter&, const Contents&)) {
  return At(hv1::SIDE_HOLDER, decide);
}
template <class Contents>
CasePart::Decider<Contents> AtReceiver(Decision (*decide)(const PartyLetter&, const Contents&)) {
  return At(hv1::SIDE_RECEIVER, decide);
}
template <class Contents>
CasePart::Decider<Contents> AtEitherSide(Decision (*decide)(const PartyLetter&, const Contents&)) {
  return At(hv1::SIDE_UNSPECIFIED, decide);
}

// The other side does not keep to the protocol, the stage does not allow this and no crossing
// explains it: refused by rule, alarmed at the sender.
Decision OutOfTurn();

// The event starts this wait, with the due time that the other side told.
void Await(jv1::CaseEvent& event, hv1::Side side, const google::protobuf::Timestamp& due);

// At the holder; also what the operators of both sides agree on (stopped.h).
Decision OnRejected(const PartyLetter&, const hv1::HandoverRejected&);
Decision OnDeclined(const PartyLetter&, const hv1::OfferDeclined&);

}  // namespace exitbus::casework
