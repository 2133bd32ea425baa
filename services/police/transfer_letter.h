// A letter about a handover that a police unit follows. Internal to the police.
#pragma once

#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"
#include "services/police/parts.h"
#include "services/police/security_file.h"

namespace exitbus::police {

inline exchange::Decision NotAParty() {
  return exchange::Decision::Refuse("letter.not_a_party",
                                    "The sender is not the party that tells this.");
}

struct TransferLetter {
  const jv1::SecurityFile& file;
  const jv1::Transfer& transfer;
  const exchange::LetterPlace& place;
  const exchange::DecisionContext& context;

  bool from_holder() const { return place.sender == transfer.seen().holder(); }
  bool from_receiver() const { return place.sender == transfer.seen().receiver(); }
  bool from_counterpart() const { return place.sender == transfer.seen().counterpart(); }
  // Of ours, to the other district; otherwise the case stays in this one, or may come here.
  bool leaves() const { return !transfer.incoming() && !transfer.seen().counterpart().empty(); }
};

// One that is not known waits for its request, which comes from another sender.
template <class Contents>
SecurityPart::Decider<Contents> OfKnown(exchange::Decision (*decide)(const TransferLetter&,
                                                                     const Contents&)) {
  return [decide](const SecurityLetter& letter, const Contents& message) {
    const jv1::Transfer* transfer = FindTransfer(letter.state, letter.place.subject);
    return transfer == nullptr
               ? exchange::Decision::Park()
               : decide({letter.state, *transfer, letter.place, letter.context}, message);
  };
}

}  // namespace exitbus::police
