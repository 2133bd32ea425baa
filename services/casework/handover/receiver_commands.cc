#include <algorithm>
#include <optional>
#include <utility>

#include "exitbus/casework/v1/erasure.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/rules.h"
#include "services/casework/methods.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"

namespace exitbus::casework {
namespace {

using exchange::Needs;
using exchange::ToProto;

const hv1::Term* FindTerm(const jv1::Handover& handover, std::string_view term_id) {
  return exchange::FindIn(handover.terms(),
                          [&](const hv1::Term& term) { return term.term_id() == term_id; });
}

Decision NoSuchTerm() {
  return Invalid("handover.term_unknown", "No such term; GetHandover lists them with their ids.");
}

Decision ObjectToTerm(const jv1::CaseFile& file, const jv1::Handover& handover,
                      const hv1::ObjectToTermRequest& request, const DecisionContext& context) {
  if (FindTerm(handover, request.term_id()) == nullptr) return NoSuchTerm();
  if (request.objection() == hv1::OBJECTION_CODE_UNSPECIFIED) {
    return Invalid("handover.objection_required",
                   "Say why as a code, so that the holder can change the term.");
  }
  jv1::CaseEvent event = EventOf(handover);
  event.mutable_term_objected()->set_term_id(request.term_id());
  event.mutable_term_objected()->set_objection(request.objection());
  WaitFor(event, hv1::SIDE_HOLDER, context.deadline_days.terms, context);
  hv1::AgreementTermObjected message;
  message.set_term_id(request.term_id());
  message.set_agreement_version(handover.agreement_version());
  message.set_objection(request.objection());
  return Decision().AddEvent(event).Notify(CounterpartOf(file, handover), message);
}

Decision AgreeTerms(const jv1::CaseFile& file, const jv1::Handover& handover,
                    const hv1::AgreeTermsRequest& request, const DecisionContext& context) {
  const auto& named = request.term_ids();
  for (const std::string& term_id : named) {
    if (FindTerm(handover, term_id) == nullptr) return NoSuchTerm();
  }
  Decision decision;
  jv1::Handover after = handover;
  for (const hv1::Term& term : handover.terms()) {
    const bool meant = named.empty()
                           ? term.status() == hv1::TERM_STATUS_PROPOSED
                           : std::find(named.begin(), named.end(), term.term_id()) != named.end();
    if (!meant || term.status() == hv1::TERM_STATUS_AGREED) continue;
    jv1::CaseEvent event = EventOf(handover);
    AgreeTerm(event, after, term.term_id(), context);
    hv1::AgreementTermAgreed message;
    message.set_term_id(term.term_id());
    message.set_agreement_version(handover.agreement_version());
    decision.AddEvent(event).Notify(CounterpartOf(file, handover), message);
  }
  if (decision.events().empty()) {
    return Decision::Refuse("handover.nothing_to_agree",
                            "None of these terms is open. A term that was objected to "
                            "waits for the holder's new proposal, or agree to it by id.");
  }
  return decision;
}

Decision AcceptHandover(const jv1::CaseFile& file, const jv1::Handover& handover,
                        const hv1::AcceptHandoverRequest&, const DecisionContext& context) {
  jv1::CaseEvent event = EventOf(handover);
  event.mutable_accepted();
  WaitForNobody(event);
  hv1::HandoverAccepted message;
  *message.mutable_accepted() = ToProto(context.now);
  Decision decision;
  decision.AddEvent(event).Notify(CounterpartOf(file, handover), message);
  NotifyPolice(file, handover, message, context, decision);
  return decision;
}

// What the contact point has decided is refused for what it could not know, unless the holder
// itself asks for it back.
std::optional<exchange::Refusal> DecidedCentrally(const jv1::Handover& handover,
                                                  hv1::RejectionCode why) {
  const bool could_not_know =
      why == hv1::REJECTION_CODE_TERMS_NOT_AGREED || why == hv1::REJECTION_CODE_UNSAFE ||
      why == hv1::REJECTION_CODE_STAFF_CONFLICT || why == hv1::REJECTION_CODE_NEEDS_CANNOT_BE_MET;
  if (handover.placed_by() != relocation::v1::DECISION_MODE_CENTRAL_DECISION || could_not_know ||
      handover.recall_requested()) {
    return std::nullopt;
  }
  return exchange::RefusedBy("handover.decided_centrally",
                             "The contact point has decided this. Give TERMS_NOT_AGREED, UNSAFE, "
                             "STAFF_CONFLICT or NEEDS_CANNOT_BE_MET, or take the case.");
}

Decision RejectHandover(const jv1::CaseFile& file, const jv1::Handover& handover,
                        const hv1::RejectHandoverRequest& request, const DecisionContext& context) {
  if (request.rejection() == hv1::REJECTION_CODE_UNSPECIFIED) {
    return Invalid("handover.rejection_required", "Say why as a code.");
  }
  if (auto refused = DecidedCentrally(handover, request.rejection())) {
    return Decision::Refuse(*std::move(refused));
  }
  Decision decision;
  Reject(file, handover, request.rejection(), context, decision);
  return decision;
}

Decision AnswerRecall(const jv1::CaseFile& file, const jv1::Handover& handover,
                      const hv1::AnswerRecallRequest& request, const DecisionContext& context) {
  hv1::RecallAnswered message;
  message.set_granted(request.granted());
  Decision decision;
  decision.Notify(CounterpartOf(file, handover), message);
  if (request.granted()) {
    Decline(file, handover, hv1::REJECTION_CODE_UNSPECIFIED, context, decision);
    return decision;
  }
  jv1::CaseEvent event = EventOf(handover);
  event.mutable_recall_refused();
  WaitForAnswerToOffer(event, exchange::FromProto(handover.earliest()), context);
  return decision.AddEvent(event);
}

Decision DeclineOffer(const jv1::CaseFile& file, const jv1::Handover& handover,
                      const hv1::DeclineOfferRequest& request, const DecisionContext& context) {
  if (auto refused = DecidedCentrally(handover, request.rejection())) {
    return Decision::Refuse(*std::move(refused));
  }
  Decision decision;
  Decline(file, handover, request.rejection(), context, decision);
  return decision;
}

Decision CloseHandover(const jv1::CaseFile&, const jv1::Handover& handover,
                       const hv1::CloseHandoverRequest&, const DecisionContext&) {
  jv1::CaseEvent event = EventOf(handover);
  event.mutable_closed();
  WaitForNobody(event);
  return Decision().AddEvent(event);
}

}  // namespace

CasePart ReceiverMethods() {
  CasePart part;
  part.Serve(OnHandover({&kReceiverMoves, &kNotEnded, &kBeforeOffer}, &ObjectToTerm))
      .Serve(OnHandover({&kReceiverMoves, &kNotEnded, &kBeforeOffer}, &AgreeTerms))
      .Serve(OnHandover({&kReceiverMoves, &kNotEnded, &kNotTakenOver, &kNotYetAccepted,
                         &kTermsAgreed, &kKnowsWhom},
                        &AcceptHandover))
      .Serve(
          OnHandover({&kReceiverMoves, &kNotEnded, &kNotTakenOver, &kRejectable}, &RejectHandover))
      .Serve(OnHandover({&kReceiverMoves, &kNotEnded, &kNotTakenOver, &kOffered, &kRecallAsked},
                        &AnswerRecall, Needs::kConfirmedHead))
      .Serve(OnHandover({&kReceiverMoves, &kNotTakenOver, &kNotDeclined, &kNotEnded, &kOffered},
                        &DeclineOffer, Needs::kConfirmedHead))
      .Serve(OnHandover({&kNotEnded, &kAcknowledged}, &CloseHandover));
  return part;
}

void Decline(const jv1::CaseFile& file, const jv1::Handover& handover, hv1::RejectionCode why,
             const DecisionContext& context, Decision& decision) {
  jv1::CaseEvent event = EventOf(handover);
  event.mutable_declined()->set_rejection(why);
  hv1::OfferDeclined message;
  message.set_number(handover.offered_number());
  message.set_rejection(why);
  EndAndErase(file, handover, std::move(event), message, context, decision);
}

void Reject(const jv1::CaseFile& file, const jv1::Handover& handover, hv1::RejectionCode why,
            const DecisionContext& context, Decision& decision) {
  jv1::CaseEvent event = EventOf(handover);
  event.mutable_rejected()->set_rejection(why);
  hv1::HandoverRejected message;
  message.set_rejection(why);
  EndAndErase(file, handover, std::move(event), message, context, decision);
}

void EndAndErase(const jv1::CaseFile& file, const jv1::Handover& handover, jv1::CaseEvent ended,
                 const google::protobuf::Message& message, const DecisionContext& context,
                 Decision& decision) {
  WaitForNobody(ended);
  decision.AddEvent(ended).Notify(CounterpartOf(file, handover), message);
  NotifyFollowers(file, handover, message, context, decision);
  EraseAndConfirm(file, handover, context, decision);
}

void EraseAndConfirm(const jv1::CaseFile& file, const jv1::Handover& handover,
                     const DecisionContext& context, Decision& decision) {
  jv1::CaseEvent event;
  event.mutable_erased();
  cv1::ErasureConfirmed message;
  *message.mutable_erased() = ToProto(context.now);
  decision.AddEvent(event).Notify(CounterpartOf(file, handover), message).EraseReceived();
}

}  // namespace exitbus::casework
