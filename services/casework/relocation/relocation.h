// A case's requests for relocation. Internal to casework.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "exitbus/casework_journal/v1/journal.pb.h"
#include "services/casework/parts.h"
#include "services/casework/rules.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"
#include "services/relocation/party.h"

namespace exitbus::casework::v1 {
class Case;
class Dwelling;
class TemporaryRelocation;
}  // namespace exitbus::casework::v1
namespace exitbus::handover::v1 {
class Handover;
}

namespace exitbus::casework {

// A case has one request at a time.
extern const Rule kNoOpenRelocation;

inline const std::string& CaseOfRequest(const jv1::CaseFile& file) { return file.case_id(); }
using RelocationViews = relocation::Views<jv1::CaseFile, &CaseOfRequest, &relocation::HolderIn>;

// What becomes of a letter that is not from the unit of the case, or comes after the case has left:
// who let it go has nothing open of it. nullopt: it counts.
std::optional<exchange::Decision> NotOfUnit(const CaseLetter& letter);

// From the unit of the case, about one request; null: it is not here.
template <class Contents>
CasePart::Decider<Contents> FromUnit(exchange::Decision (*decide)(
    const CaseLetter&, const relocation::jv1::Relocation*, const Contents&)) {
  return [decide](const CaseLetter& letter, const Contents& message) {
    if (auto instead = NotOfUnit(letter)) return *std::move(instead);
    return decide(letter, relocation::Find(letter.state.relocations(), message.relocation_id()),
                  message);
  };
}

// A handover begins. If a relocation is decided for this receiver it is told so, by the inquiry
// that it answered; a refusal if that may not be yet.
std::optional<exchange::Refusal> FollowDecision(const jv1::CaseFile& file,
                                                const exchange::DecisionContext& context,
                                                jv1::HandoverBegun& begun);

// The open request whose standing decision this handover follows; null: none stands. Each request
// counts its decisions for itself, so that the number alone would be another one's.
const relocation::jv1::Relocation* FollowedBy(const jv1::CaseFile& file,
                                              const jv1::Handover& handover);

// By which the case is being handed over to the place that is decided for; null: it is not.
const jv1::Handover* OnItsWay(const jv1::CaseFile& file, const relocation::jv1::Relocation& one,
                              const exchange::DecisionContext& context);
// The last decision for whoever has taken the case over, whether it stands or not; null: there was
// none.
const relocation::v1::Placement* MovedTo(const jv1::CaseFile& after,
                                         const relocation::jv1::Relocation& one,
                                         const exchange::DecisionContext& context);

// The temporary place that the police have been asked for, or have found; null: none.
const cv1::TemporaryRelocation* OpenStay(const jv1::CaseFile& file);

// What the decision that stands comes to here, of which the police unit hears; UNSPECIFIED: the
// municipality's final yes.
void AnswerDecision(const jv1::CaseFile& file, const relocation::jv1::Relocation& one,
                    relocation::v1::PlacementEnd end, const exchange::DecisionContext& context,
                    exchange::Decision& decision);

// Whatever was decided: what the handover comes to is told of the relocation, and one to a place
// that it is not decided for any more is called off. A consent that does not cover it any more
// takes a yes back, and a decision without the yes ends.
void FollowPlacement(const jv1::CaseFile& before, const exchange::DecisionContext& context,
                     exchange::Decision& decision);

// Whatever was decided: when it is asked whether an acceptance still holds; a question that has got
// its answer, or is none any more, is taken back.
void FollowAcceptance(const jv1::CaseFile& before, const exchange::DecisionContext& context,
                      exchange::Decision& decision);
// How long it lasts, as this side's people see it: nothing, if nobody is ever asked.
void ShowAcceptance(const jv1::Handover& handover, handover::v1::Handover& view);

// Somebody has found that it exists, fits and is free.
bool IsVerified(const cv1::Dwelling& dwelling);
// What kind is chosen, and what follows from it; nothing, where nothing is known. Of the case: by
// the last handover that has something.
void ShowDwelling(const jv1::CaseFile& file, const jv1::Handover& handover,
                  handover::v1::Handover& view);
void ShowDwelling(const jv1::CaseFile& file, cv1::Case& view);
bool IsMunicipality(const std::string& authority, const exchange::DecisionContext& context);
// This one, to which the person moves, is a municipality and was not handlekommune before.
bool AreTwoMunicipalities(const jv1::CaseFile& file, const jv1::Handover& handover,
                          const std::string& receiving, const exchange::DecisionContext& context);
// With a take-over by this receiver; and with the outcome of a dispute after it.
void MoveHandlekommune(const std::string& receiver, jv1::CaseFile& file, jv1::Handover& handover);
void FollowOutcome(jv1::CaseFile& file, const jv1::Handover& handover);

// Nobody is at a temporary place, and what was paid for one is accounted for.
extern const Rule kNoStayToEnd;
// As the authority's people see where the police have brought the person.
std::vector<cv1::TemporaryRelocation> StaysOf(const jv1::CaseFile& file);

// Who has departed has arrived; and nobody has departed by any handover of the case, or by another
// one than this, of whom nobody says where he is.
extern const Rule kHasArrived;
extern const Rule kNobodyUnderWay;
extern const Rule kNobodyElsewhere;
// Under a threat nobody departs before the police unit of the place says that his address is taken
// care of there.
extern const Rule kAddressSecured;
// Who is under a threat, or of whom the police have not said that he is not.
bool IsUnderThreat(const jv1::CaseFile& file);
// Whatever was decided: who has departed by a handover that ends without a take-over has to come
// back.
void FollowJourney(const jv1::CaseFile& before, const exchange::DecisionContext& context,
                   exchange::Decision& decision);

// Whatever was decided: if the programme has ended, what is open is withdrawn, and the police unit
// hears it. If the case has moved it ends here, completed or withdrawn; the unit hears of that from
// the new holder.
void EndRelocation(const jv1::CaseFile& before, const exchange::DecisionContext& context,
                   exchange::Decision& decision);

}  // namespace exitbus::casework
