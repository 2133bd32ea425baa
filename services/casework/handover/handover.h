// Deciders of the handover: what each side's people may do, once no rule forbids it (part.cc).
// Responsibility moves in TakeOverCase and nowhere else.
#pragma once

#include <string_view>

#include "services/casework/rules.h"
#include "services/exchange/decision.h"

namespace exitbus::handover::v1 {
class AcceptHandoverRequest;
class AcknowledgeHandoverRequest;
class AgreeTermsRequest;
class AnswerRecallRequest;
class CloseHandoverRequest;
class DeclineOfferRequest;
class ObjectToTermRequest;
class OfferHandoverRequest;
class ProposeTermsRequest;
class RecallHandoverRequest;
class RecordLateFactRequest;
class RejectHandoverRequest;
class RequestHandoverRequest;
class RequestRecallRequest;
class TakeOverCaseRequest;
}  // namespace exitbus::handover::v1

namespace exitbus::casework {

using exchange::Decision;
using exchange::Facts;

// The holder's.
Decision RequestHandover(const jv1::CaseFile&, const hv1::RequestHandoverRequest&, const Facts&);
Decision ProposeTerms(const jv1::CaseFile&, const jv1::Handover&, const hv1::ProposeTermsRequest&,
                      const Facts&);
Decision RecallHandover(const jv1::CaseFile&, const jv1::Handover&,
                        const hv1::RecallHandoverRequest&, const Facts&);
Decision OfferHandover(const jv1::CaseFile&, const jv1::Handover&, const hv1::OfferHandoverRequest&,
                       const Facts&);
Decision RequestRecall(const jv1::CaseFile&, const jv1::Handover&, const hv1::RequestRecallRequest&,
                       const Facts&);
Decision AcknowledgeHandover(const jv1::CaseFile&, const jv1::Handover&,
                             const hv1::AcknowledgeHandoverRequest&, const Facts&);
Decision RecordLateFact(const jv1::CaseFile&, const jv1::Handover&,
                        const hv1::RecordLateFactRequest&, const Facts&);

// The receiver's.
Decision ObjectToTerm(const jv1::CaseFile&, const jv1::Handover&, const hv1::ObjectToTermRequest&,
                      const Facts&);
Decision AgreeTerms(const jv1::CaseFile&, const jv1::Handover&, const hv1::AgreeTermsRequest&,
                    const Facts&);
Decision AcceptHandover(const jv1::CaseFile&, const jv1::Handover&,
                        const hv1::AcceptHandoverRequest&, const Facts&);
Decision RejectHandover(const jv1::CaseFile&, const jv1::Handover&,
                        const hv1::RejectHandoverRequest&, const Facts&);
Decision AnswerRecall(const jv1::CaseFile&, const jv1::Handover&, const hv1::AnswerRecallRequest&,
                      const Facts&);
Decision DeclineOffer(const jv1::CaseFile&, const jv1::Handover&, const hv1::DeclineOfferRequest&,
                      const Facts&);
Decision TakeOverCase(const jv1::CaseFile&, const jv1::Handover&, const hv1::TakeOverCaseRequest&,
                      const Facts&);

// Either side's.
Decision CloseHandover(const jv1::CaseFile&, const jv1::Handover&, const hv1::CloseHandoverRequest&,
                       const Facts&);

// By the receiver: the holder keeps the case, and hears why.
void Decline(const jv1::CaseFile& file, const jv1::Handover& handover, hv1::RejectionCode why,
             const Facts& facts, Decision& decision);
void Reject(const jv1::CaseFile& file, const jv1::Handover& handover, hv1::RejectionCode why,
            const Facts& facts, Decision& decision);

// Both sides' end of a handover that failed at the receiver: what it got is gone, and confirmed.
void EraseAndConfirm(const jv1::CaseFile& file, const jv1::Handover& handover, const Facts& facts,
                     Decision& decision);

// To a reader that knows the case by an id of its own, with its slip.
void TellTakenOver(const exchange::Address& reader, const jv1::Handover& moved, const Facts& facts,
                   Decision& decision);

// What the authority now in charge does about a fact learnt while the case was on its way.
void ActOnLateFact(const jv1::CaseFile& file, const hv1::LateFact& fact, const Facts& facts,
                   Decision& decision);

// An event of this handover; with a wait it starts a new one, without it the old one stands.
jv1::CaseEvent EventOf(const jv1::Handover& handover);
void WaitFor(jv1::CaseEvent& event, hv1::Side side, int working_days, const Facts& facts);
void WaitForNobody(jv1::CaseEvent& event);

}  // namespace exitbus::casework
