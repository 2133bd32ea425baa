// The rules of casework as named values. A decider lists those its command needs, in the order a
// caseworker should hear of them; the first that is broken refuses, by name and with what to do.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/facts.h"

namespace exitbus::casework {

namespace jv1 = casework_journal::v1;
namespace cv1 = casework::v1;
namespace hv1 = handover::v1;

// What a rule looks at. `handover` is the one the command names; null if it names none.
struct Situation {
  const jv1::CaseFile& file;
  const jv1::Handover* handover;
  const exchange::Facts& facts;
};

struct Rule {
  std::string_view name;
  std::string_view remedy;
  bool (*holds)(const Situation&);
  absl::StatusCode code = absl::StatusCode::kFailedPrecondition;
};

std::optional<exchange::Refusal> FirstBroken(std::initializer_list<const Rule*> rules,
                                             const Situation& situation);

// Bad input, refused by name.
exchange::Decision Invalid(std::string_view rule, std::string_view remedy);

// The case.
extern const Rule kResponsible;
extern const Rule kInProgramme;
extern const Rule kNoWithdrawalOnItsWay;
extern const Rule kHasBasis;
extern const Rule kConsentInForce;
extern const Rule kNotYetVisited;
extern const Rule kVisited;
extern const Rule kEnrolled;
extern const Rule kNotFrozen;
extern const Rule kNoOpenHandover;
extern const Rule kPoliceNotInvolved;

// A handover: whose move it is, and where it stands.
extern const Rule kHolderMoves;
extern const Rule kReceiverMoves;
extern const Rule kNotEnded;
extern const Rule kRecallable;
extern const Rule kRejectable;
extern const Rule kBeforeOffer;
extern const Rule kTermsAgreed;
extern const Rule kTermsMatchAgreement;
extern const Rule kNotYetAccepted;
extern const Rule kAccepted;
extern const Rule kOffered;
extern const Rule kRecallAsked;
extern const Rule kRecallNotAsked;
extern const Rule kNotTakenOver;
extern const Rule kNotDeclined;
extern const Rule kEarliestReached;
extern const Rule kToBeAcknowledged;
extern const Rule kAcknowledged;

// Nothing has happened in it yet.
bool IsNew(const jv1::CaseFile& file);
// The handover with this id, null if the file has none; the open one (requested to offered).
const jv1::Handover* FindHandover(const jv1::CaseFile& file, std::string_view handover_id);
const jv1::Handover* OpenHandover(const jv1::CaseFile& file);
bool IsOpen(const jv1::Handover& handover);
// Where a handover stands: taken over or later; ended without that; before its acceptance; before
// its offer.
bool HasMoved(const jv1::Handover& handover);
bool HasEnded(const jv1::Handover& handover);
bool IsBeforeAcceptance(const jv1::Handover& handover);
bool IsBeforeOffer(const jv1::Handover& handover);
bool AllTermsAgreed(const jv1::Handover& handover);
// What the holder calls a measure of its agreement in this handover; empty: it has not asked about
// it. And the term, if the receiver was asked about just what the measure is now; or null.
std::string TermIdOf(const jv1::Handover& handover, const cv1::Measure& measure);
const hv1::Term* TermAsAsked(const jv1::Handover& handover, const cv1::Measure& measure);
bool ConsentInForce(const jv1::CaseFile& file);

}  // namespace exitbus::casework
