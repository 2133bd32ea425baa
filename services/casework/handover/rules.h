// The rules of a handover, and where one stands.
#pragma once

#include <string>
#include <string_view>

#include "services/casework/rules.h"

namespace exitbus::casework {

// Whose move it is, and where it stands.
extern const Rule kHolderMoves;
extern const Rule kReceiverMoves;
extern const Rule kNotEnded;
extern const Rule kRecallable;
extern const Rule kRejectable;
extern const Rule kBeforeOffer;
extern const Rule kTermsAgreed;
extern const Rule kTermsMatchAgreement;
extern const Rule kNotYetAccepted;
extern const Rule kKnowsWhom;
extern const Rule kAccepted;
extern const Rule kHasAccepted;  // or is further
extern const Rule kOffered;
extern const Rule kRecallAsked;
extern const Rule kRecallNotAsked;
extern const Rule kNotTakenOver;
extern const Rule kNotDeclined;
extern const Rule kReceiverNotRemoved;
extern const Rule kReceiverMayBeTold;
extern const Rule kEarliestReached;
extern const Rule kToBeAcknowledged;
extern const Rule kAcknowledged;
// Of facts learnt late.
extern const Rule kNothingNewerToFormer;
extern const Rule kNotCalledOff;

// The handover with this id, null if the file has none; the open one (requested to offered).
const jv1::Handover* FindHandover(const jv1::CaseFile& file, std::string_view handover_id);
const jv1::Handover* OpenHandover(const jv1::CaseFile& file);
bool IsOpen(const jv1::Handover& handover);
// Where a handover stands: taken over or later; ended without that; before its acceptance; before
// its offer.
bool HasMoved(const jv1::Handover& handover);
bool HasEnded(const jv1::Handover& handover);
bool IsBeforeAcceptance(const jv1::Handover& handover);
// A relocation is decided for the receiver and all terms are agreed: it is told who it is.
bool KnowsBeforeAccepting(const jv1::Handover& handover);
bool IsBeforeOffer(const jv1::Handover& handover);
bool AllTermsAgreed(const jv1::Handover& handover);
// Which side has to move before the offer, by the terms; unspecified: all are agreed and accepted,
// and the holder offers when it is time.
hv1::Side MovesNextByTerms(const jv1::Handover& handover);
// What the holder calls a measure of its agreement in this handover; empty: it has not asked about
// it. And the term, if the receiver was asked about just what the measure is now; or null.
std::string TermIdOf(const jv1::Handover& handover, const cv1::Measure& measure);
const hv1::Term* TermAsAsked(const jv1::Handover& handover, const cv1::Measure& measure);

}  // namespace exitbus::casework
