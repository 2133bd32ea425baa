// What the files of this folder share. What each side's people may do stands in request.cc,
// holder_commands.cc, receiver_commands.cc and take_over.cc, what each makes of the other's letters
// in holder_letters.cc and receiver_letters.cc. Internal to casework.
#pragma once

#include "services/casework/rules.h"
#include "services/exchange/decision.h"

namespace google::protobuf {
class Timestamp;
}
namespace exitbus::exchange::v1 {
class TakeOver;
}

namespace exitbus::casework {

using exchange::Decision;
using exchange::DecisionContext;

// By the receiver: the holder keeps the case, and hears why.
void Decline(const jv1::CaseFile& file, const jv1::Handover& handover, hv1::RejectionCode why,
             const DecisionContext& context, Decision& decision);
void Reject(const jv1::CaseFile& file, const jv1::Handover& handover, hv1::RejectionCode why,
            const DecisionContext& context, Decision& decision);

// By the holder: it asks no more.
void Recall(const jv1::CaseFile& file, const jv1::Handover& handover,
            const DecisionContext& context, Decision& decision);

// It asks the receiver, to whom it has offered the case, to let go.
void AskForRecall(const jv1::CaseFile& file, const jv1::Handover& handover,
                  const DecisionContext& context, Decision& decision);

// A relocation's receiver, that KnowsBeforeAccepting, says yes or no within these working days.
inline constexpr int kFinalAnswerDays = 2;
// Whatever was decided: until the offer, a receiver that is to know who it is is told as soon as
// there is a basis to, and again when that is another person, number or handlekommune, or when it
// has accepted. Before that, not where the person lives.
void ReleaseIdentity(const jv1::CaseFile& before, const DecisionContext& context,
                     Decision& decision);

// At the receiver it ends with this event: `notified` says so to everybody concerned.
void EndAndErase(const jv1::CaseFile& file, const jv1::Handover& handover, jv1::CaseEvent ended,
                 const google::protobuf::Message& message, const DecisionContext& context,
                 Decision& decision);

// Both sides' end of a handover that failed at the receiver: what it got is gone, and confirmed.
void EraseAndConfirm(const jv1::CaseFile& file, const jv1::Handover& handover,
                     const DecisionContext& context, Decision& decision);

// What happened as the receiver signed it.
jv1::TakenOver TakenOverAs(const std::string& signed_statement, const exchange::v1::TakeOver& said);

// To a reader that knows the case by an id of its own, with its slip.
void NotifyTakenOver(const exchange::Address& reader, const jv1::Handover& moved,
                     const DecisionContext& context, Decision& decision);

// What the authority now in charge does about a fact learnt while the case was on its way.
void ActOnLateFact(const jv1::CaseFile& file, const hv1::LateFact& fact,
                   const DecisionContext& context, Decision& decision);

// Dates are told to the month before identity is released: the Danish month, named by an instant
// that lies on its first in UTC as well.
google::protobuf::Timestamp FirstOfMonth(absl::Time time);

// An event of this handover; with a wait it starts a new one, without it the old one stands.
jv1::CaseEvent EventOf(const jv1::Handover& handover);
jv1::CaseEvent EventOf(const std::string& handover_id);  // that the file may not know yet
void WaitFor(jv1::CaseEvent& event, hv1::Side side, int working_days,
             const DecisionContext& context);
void WaitForNobody(jv1::CaseEvent& event);
// The answer to an offer, which cannot be taken before its earliest instant.
void WaitForAnswerToOffer(jv1::CaseEvent& event, absl::Time earliest,
                          const DecisionContext& context);
// After this event, by which the term is agreed: whoever has to move next, if that is another side
// now. `handover` is taken there.
void AgreeTerm(jv1::CaseEvent& event, jv1::Handover& handover, const std::string& term_id,
               const DecisionContext& context);
// At the holder it ends with this event, and the receiver owes that it erases what it got.
void EndAtHolder(const jv1::CaseFile& file, const jv1::Handover& handover,
                 const DecisionContext& context, jv1::CaseEvent& ended);

}  // namespace exitbus::casework
