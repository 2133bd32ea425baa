#include <string>

#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/consent/consent.h"
#include "services/casework/documents/documents.h"
#include "services/casework/handover/dossier.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/rules.h"
#include "services/casework/handover/slices.h"
#include "services/casework/methods.h"
#include "services/casework/release/release.h"
#include "services/casework/relocation/relocation.h"
#include "services/exchange/proto_time.h"
#include "services/policy/viewer.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::FromProto;
using exchange::Needs;
using exchange::ToProto;

constexpr std::size_t kNoteBytesMax = 4000;

Decision RecallHandover(const jv1::CaseFile& file, const jv1::Handover& handover,
                        const hv1::RecallHandoverRequest&, const DecisionContext& context) {
  Decision decision;
  Recall(file, handover, context, decision);
  return decision;
}

Decision OfferHandover(const jv1::CaseFile& file, const jv1::Handover& handover,
                       const hv1::OfferHandoverRequest& request, const DecisionContext& context) {
  const absl::Time earliest = request.has_earliest() ? FromProto(request.earliest()) : context.now;
  if (handover.reason() == hv1::HANDOVER_REASON_RELEASE &&
      earliest < FromProto(file.planned_release())) {
    return Decision::Refuse(
        "release.before_planned",
        "Kriminalforsorgen answers for the person until the release. Offer the case with an "
        "earliest instant at or after the planned release, or plan the release anew.");
  }
  const std::uint64_t number = file.highest_number() + 1;
  const auto dossier = DossierFor(file, handover, context);
  if (dossier.front().slices() > kSlicesMax) {
    return Decision::Refuse("handover.dossier_too_large",
                            "What has gathered in this case is more than a dossier holds (some "
                            "8 MB). Shorten the agreement's descriptions, then offer it anew.");
  }
  const exchange::Address to = CounterpartOf(file, handover);

  jv1::CaseEvent event = EventOf(handover);
  jv1::Offered& offered = *event.mutable_offered();
  offered.set_number(number);
  *offered.mutable_earliest() = ToProto(earliest);
  offered.set_offer(SignOffer(file, handover, number, offered.earliest(), dossier, context));
  for (std::string& slip : SignSlips(file, handover, number, context)) {
    offered.add_slips(std::move(slip));
  }
  // The parts go first: when the offer is applied, all of the dossier has been.
  std::uint64_t place =
      NextNumber(to.to.authority, pv1::CHANNEL_HANDOVER, to.to.subject, {}, context);
  for (const hv1::DossierPart& part : dossier) {
    if (part.legal_basis() == pv1::LEGAL_BASIS_CONSENT) {
      *offered.add_on_consent() =
          OnConsent(part, {pv1::READER_RECEIVER, pv1::LEVEL_FULL, to.to.satisfied}, place, context);
    }
    OweDocuments(part, offered);
    ++place;
  }
  WaitForAnswerToOffer(event, earliest, context);

  hv1::HandoverOffered message;
  message.set_offer(offered.offer());
  *message.mutable_slips() = offered.slips();
  *message.mutable_due() = event.wait().due();

  Decision decision;
  decision.AddEvent(event);
  for (const hv1::DossierPart& part : dossier) {
    decision.Notify(to.On(part.legal_basis()), part);
  }
  decision.Notify(to, message);
  hv1::HandoverOffered fact;
  *fact.mutable_due() = message.due();
  NotifyPolice(file, handover, fact, context, decision);
  return decision;
}

Decision RequestRecall(const jv1::CaseFile& file, const jv1::Handover& handover,
                       const hv1::RequestRecallRequest&, const DecisionContext& context) {
  Decision decision;
  AskForRecall(file, handover, context, decision);
  return decision;
}

Decision AcknowledgeHandover(const jv1::CaseFile& file, const jv1::Handover& handover,
                             const hv1::AcknowledgeHandoverRequest&,
                             const DecisionContext& context) {
  jv1::CaseEvent event = EventOf(handover);
  event.mutable_acknowledged();
  WaitForNobody(event);
  hv1::HandoverAcknowledged message;
  *message.mutable_acknowledged() = ToProto(context.now);
  return Decision().AddEvent(event).Notify(CounterpartOf(file, handover), message);
}

Decision RecordLateFact(const jv1::CaseFile& file, const jv1::Handover& handover,
                        const hv1::RecordLateFactRequest& request, const DecisionContext& context) {
  if (request.kind() == hv1::LATE_FACT_KIND_UNSPECIFIED) {
    return Invalid("late_fact.kind_required", "Say what kind of fact it is.");
  }
  if (request.note().size() > kNoteBytesMax) {
    return Invalid("late_fact.note_too_long",
                   "At most 4000 bytes: what to do, not the whole story.");
  }
  if (request.kind() == hv1::LATE_FACT_KIND_WITHDRAWAL &&
      file.standing() == cv1::STANDING_RESPONSIBLE) {
    return Decision::Refuse("late_fact.use_own_method",
                            "While this authority answers for the case: RecordWithdrawal.");
  }
  jv1::CaseEvent event = EventOf(handover);
  hv1::LateFact& fact = *event.mutable_late_fact_learnt()->mutable_fact();
  fact.set_kind(request.kind());
  fact.set_note(request.note());
  *fact.mutable_learnt() = ToProto(context.now);
  Decision decision;
  decision.AddEvent(event).Notify(CounterpartOf(file, handover), fact);
  if (fact.kind() == hv1::LATE_FACT_KIND_PRECAUTIONS) {
    // The unit in charge of his security: the receiver's once the case has moved.
    const bool is_there = HasMoved(handover) && CrossesUnits(handover);
    decision.Notify(
        AddressOf(is_there ? Whom::kReceivingPolice : Whom::kPolice, file, &handover, context),
        fact);
  }
  return decision;
}

}  // namespace

CasePart HolderMethods() {
  CasePart part;
  part.Serve(OnHandover({&kHolderMoves, &kNotEnded, &kNotTakenOver, &kRecallable}, &RecallHandover))
      .Serve(OnHandover({&kHolderMoves, &kNotEnded, &kNotTakenOver, &kBeforeOffer, &kAccepted,
                         &kReleaseStillPlanned, &kReceiverNotRemoved, &kReceiverMayBeTold,
                         &kTermsMatchAgreement, &kTermsAgreed, &kNobodyElsewhere, &kDocumentsHere},
                        &OfferHandover, Needs::kInstant))
      .Serve(OnHandover({&kHolderMoves, &kNotEnded, &kNotTakenOver, &kOffered, &kRecallNotAsked},
                        &RequestRecall))
      .Serve(OnHandover({&kHolderMoves, &kNotEnded, &kToBeAcknowledged}, &AcknowledgeHandover))
      .Serve(OnHandover({&kNothingNewerToFormer, &kHasAccepted, &kNotDeclined, &kNotCalledOff},
                        &RecordLateFact, Needs::kNothing));
  return part;
}

void Recall(const jv1::CaseFile& file, const jv1::Handover& handover,
            const DecisionContext& context, Decision& decision) {
  jv1::CaseEvent event = EventOf(handover);
  event.mutable_recalled();
  EndAtHolder(file, handover, context, event);
  hv1::HandoverRecalled message;
  *message.mutable_recalled() = ToProto(context.now);
  decision.AddEvent(event).Notify(CounterpartOf(file, handover), message);
  NotifyFollowers(file, handover, message, context, decision);
}

void AskForRecall(const jv1::CaseFile& file, const jv1::Handover& handover,
                  const DecisionContext& context, Decision& decision) {
  jv1::CaseEvent event = EventOf(handover);
  event.mutable_recall_asked();
  WaitFor(event, hv1::SIDE_RECEIVER, context.deadline_days.recall_answer, context);
  hv1::RecallRequested message;
  *message.mutable_due() = event.wait().due();
  decision.AddEvent(event).Notify(CounterpartOf(file, handover), message);
}

}  // namespace exitbus::casework
