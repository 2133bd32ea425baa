// What leaves with an offer: the dossier's parts, each of one legal basis, the signed offer that
// names them, and the slips for readers that know the case by ids of their own.
#pragma once

#include <string>
#include <vector>

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "services/exchange/decision_context.h"

namespace exitbus::casework {

// As the receiver will see them: what it will answer for, on the law that it may be told on, in
// slices if one letter does not hold it; and what consent alone opens, while one that covers it is
// in force. Without such a law all of it rests on that consent. Empty: there is no basis at all.
std::vector<handover::v1::DossierPart> DossierFor(const casework_journal::v1::CaseFile& file,
                                                  const casework_journal::v1::Handover& handover,
                                                  const exchange::DecisionContext& context);

// Signed: this holder offers the case under a number never used before.
std::string SignOffer(const casework_journal::v1::CaseFile& file,
                      const casework_journal::v1::Handover& handover, std::uint64_t number,
                      const google::protobuf::Timestamp& earliest,
                      const std::vector<handover::v1::DossierPart>& dossier,
                      const exchange::DecisionContext& context);

// One per reader that knows the case by an id of its own.
std::vector<std::string> SignSlips(const casework_journal::v1::CaseFile& file,
                                   const casework_journal::v1::Handover& handover,
                                   std::uint64_t number, const exchange::DecisionContext& context);

// The part of what has come that says what the case is; null: none has come.
const handover::v1::DossierPart* LeadingPart(const casework_journal::v1::Handover& handover);

// At the receiver: whether all that it will answer for has come on consent; whether the whole of it
// is there, and none of it blocked.
bool RestsOnConsent(const casework_journal::v1::Handover& handover);
bool IsDossierWhole(const casework_journal::v1::Handover& handover);

// At the receiver: whether an offer is this holder's, for us, names every part that came, comes
// after the whole dossier, and brings the slips without which its readers would refuse the
// take-over.
bool IsOfferFor(const handover::v1::HandoverOffered& message,
                const casework_journal::v1::CaseFile& file,
                const casework_journal::v1::Handover& handover,
                const exchange::DecisionContext& context);

// The slip for this reader; empty if the holder gave none that fits.
std::string SlipFor(const google::protobuf::RepeatedPtrField<std::string>& slips,
                    std::string_view reader, const casework_journal::v1::Handover& handover,
                    const exchange::DecisionContext& context);

// The digest by which a take-over names its offer.
std::string OfferDigest(const std::string& offer, const exchange::DecisionContext& context);

}  // namespace exitbus::casework
