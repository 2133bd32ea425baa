// How a case moves to another authority: what each side's people do, and what each side makes of
// the other's letters. Order within a correspondence is the engine's business, so a stage that a
// letter does not fit is a crossing (both acted at once: a named no-op) or a fault (refused by
// rule, alarmed at the sender).
#include "exitbus/handover/v1/handover_service.pb.h"
#include "services/casework/handover/escalation.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/letters.h"
#include "services/casework/handover/rules.h"
#include "services/casework/methods.h"

namespace exitbus::casework {
namespace {

using exchange::Message;
using exchange::Needs;

std::unique_ptr<Message> LastHandover(const jv1::CaseFile& file) {
  const int count = file.handovers_size();
  return count == 0 ? nullptr : HandoverView(file, file.handovers(count - 1).handover_id());
}

std::unique_ptr<Message> ListView(const jv1::CaseFile& file, std::string_view key,
                                  const hv1::ListHandoversRequest& asked) {
  const std::string_view handover_id = key.substr(std::string_view("handover/").size());
  const jv1::Handover* handover = FindHandover(file, handover_id);
  const bool over = handover == nullptr ||
                    (!IsOpen(*handover) && handover->stage() != hv1::HANDOVER_STAGE_TAKEN_OVER &&
                     handover->stage() != hv1::HANDOVER_STAGE_ACKNOWLEDGED);
  return asked.open_only() && over ? nullptr : HandoverView(file, handover_id);
}

std::vector<std::string> Names(const jv1::CaseFile& file, const exchange::Lookup&) {
  std::vector<std::string> names;
  for (const jv1::Handover& handover : file.handovers()) {
    names.push_back("handover/" + handover.handover_id());
  }
  return names;
}

}  // namespace

CasePart HandoverMethods() {
  auto request =
      OnCase({&kResponsible, &kInProgramme, &kEnrolled, &kNoOpenHandover}, &RequestHandover);
  request.view = &LastHandover;
  request.guarded = &CaseView;  // there is no handover yet
  CasePart part;
  part.Named(&Names)
      .Serve(request)
      .Serve<hv1::GetHandoverRequest>({.target = &ByHandover, .view = &HandoverOf})
      .List<hv1::ListHandoversRequest>(
          {.prefix = "handover/",
           .view = &ListView,
           .watch = exchange::MethodOf(hv1::WatchHandoversRequest::descriptor())})
      .Serve(OnHandover({&kHolderMoves, &kNotEnded, &kBeforeOffer}, &ProposeTerms))
      .Serve(OnHandover({&kReceiverMoves, &kNotEnded, &kBeforeOffer}, &ObjectToTerm))
      .Serve(OnHandover({&kReceiverMoves, &kNotEnded, &kBeforeOffer}, &AgreeTerms))
      .Serve(
          OnHandover({&kReceiverMoves, &kNotEnded, &kNotTakenOver, &kNotYetAccepted, &kTermsAgreed},
                     &AcceptHandover))
      .Serve(
          OnHandover({&kReceiverMoves, &kNotEnded, &kNotTakenOver, &kRejectable}, &RejectHandover))
      .Serve(OnHandover({&kHolderMoves, &kNotEnded, &kNotTakenOver, &kRecallable}, &RecallHandover))
      .Serve(OnHandover({&kHolderMoves, &kNotEnded, &kNotTakenOver, &kBeforeOffer, &kAccepted,
                         &kTermsMatchAgreement, &kTermsAgreed},
                        &OfferHandover, Needs::kInstant))
      .Serve(OnHandover({&kHolderMoves, &kNotEnded, &kNotTakenOver, &kOffered, &kRecallNotAsked},
                        &RequestRecall))
      .Serve(OnHandover({&kReceiverMoves, &kNotEnded, &kNotTakenOver, &kOffered, &kRecallAsked},
                        &AnswerRecall, Needs::kConfirmedHead))
      .Serve(OnHandover({&kReceiverMoves, &kNotTakenOver, &kNotDeclined, &kNotEnded, &kOffered},
                        &DeclineOffer, Needs::kConfirmedHead))
      .Serve(OnHandover({&kReceiverMoves, &kNotTakenOver, &kNotDeclined, &kNotEnded, &kOffered,
                         &kEarliestReached},
                        &TakeOverCase, Needs::kInstant))
      .Serve(OnHandover({&kHolderMoves, &kNotEnded, &kToBeAcknowledged}, &AcknowledgeHandover))
      .Serve(OnHandover({&kNothingNewerToFormer, &kPersonKnownThere, &kNotDeclined, &kNotCalledOff},
                        &RecordLateFact, Needs::kNothing))
      .Serve(OnHandover({&kNotEnded, &kAcknowledged}, &CloseHandover))
      .Due("handover", &WaitDeadlines, &DecideWaitDeadline);
  return part;
}

CasePart HandoverLetters() {
  CasePart part;
  part.On(&OnRequested)
      .On(AtReceiver(&OnTermProposed))
      .On(AtHolder(&OnTermObjected))
      .On(AtHolder(&OnTermAgreed))
      .On(AtHolder(&OnAccepted))
      .On(AtReceiver(&OnIdentityReleased))
      .On(AtHolder(&OnRejected))
      .On(AtReceiver(&OnRecalled))
      .On(AtReceiver(&OnDossierPart))
      .On(AtReceiver(&OnOffered))
      .On(AtHolder(&OnDeclined))
      .On(AtReceiver(&OnRecallRequested))
      .On(AtHolder(&OnRecallAnswered))
      .On(AtHolder(&OnTakenOver))
      .On(AtReceiver(&OnAcknowledged))
      .On(AtReceiver(&OnLateFact))
      .On(AtEitherSide(&OnEscalated))
      .On(&OnNudged);
  return part;
}

std::optional<Decision> NotBetweenParties(const CaseLetter& letter, hv1::Side side) {
  const jv1::Handover* handover = FindHandover(letter.state, letter.place.subject);
  if (handover == nullptr) return Decision::Park();
  if (handover->counterpart() != letter.place.sender) {
    return Decision::Refuse("letter.not_a_party", "The sender is not a party of this handover.");
  }
  if (side != hv1::SIDE_UNSPECIFIED && side != handover->side()) {
    return Decision::Refuse("letter.wrong_side", "This side of a handover does not send this.");
  }
  return std::nullopt;
}

Decision OutOfTurn() {
  return Decision::Refuse("letter.out_of_turn",
                          "The handover's stage does not allow this message.");
}

void Await(jv1::CaseEvent& event, hv1::Side side, const google::protobuf::Timestamp& due) {
  event.mutable_wait()->set_waiting_for(side);
  *event.mutable_wait()->mutable_due() = due;
}

}  // namespace exitbus::casework
