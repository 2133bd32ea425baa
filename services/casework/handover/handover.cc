#include "services/casework/handover/handover.h"

#include <algorithm>

#include "exitbus/handover/v1/handover_service.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/handover/evolve.h"
#include "services/casework/handover/letters.h"
#include "services/casework/methods.h"
#include "services/exchange/keys.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/relocation/journey.h"

namespace exitbus::casework {
namespace {

using exchange::Message;

std::unique_ptr<Message> ListView(const jv1::CaseFile& file, std::string_view key,
                                  const hv1::ListHandoversRequest& asked) {
  const std::string handover_id = exchange::KindName::Decode(key)->name;
  const jv1::Handover* handover = FindHandover(file, handover_id);
  const bool over = handover == nullptr ||
                    (!IsOpen(*handover) && handover->stage() != hv1::HANDOVER_STAGE_TAKEN_OVER &&
                     handover->stage() != hv1::HANDOVER_STAGE_ACKNOWLEDGED &&
                     !relocation::IsUnderWay(handover->journey()));
  return asked.open_only() && over ? nullptr : HandoverView(file, handover_id);
}

std::vector<std::string> Names(const jv1::CaseFile& file, const exchange::Lookup&) {
  std::vector<std::string> names;
  for (const jv1::Handover& handover : file.handovers()) {
    names.push_back(exchange::KindName{"handover", handover.handover_id()}.Encode());
  }
  return names;
}

}  // namespace

CasePart HandoverReads() {
  CasePart part;
  part.Named(&Names)
      .Serve<hv1::GetHandoverRequest>({.target = &ByHandover, .view = &HandoverOf})
      .List<hv1::ListHandoversRequest>(
          {.prefix = exchange::KindName{"handover", ""}.Encode(),
           .view = &ListView,
           .watch = exchange::MethodOf(hv1::WatchHandoversRequest::descriptor())});
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

jv1::CaseEvent EventOf(const jv1::Handover& handover) { return EventOf(handover.handover_id()); }

jv1::CaseEvent EventOf(const std::string& handover_id) {
  jv1::CaseEvent event;
  event.set_handover_id(handover_id);
  return event;
}

void WaitFor(jv1::CaseEvent& event, hv1::Side side, int working_days,
             const DecisionContext& context) {
  Await(event, side, exchange::ToProto(exchange::AddWorkingDays(context.now, working_days)));
}

void WaitForNobody(jv1::CaseEvent& event) { event.mutable_wait(); }

void WaitForAnswerToOffer(jv1::CaseEvent& event, absl::Time earliest,
                          const DecisionContext& context) {
  const absl::Time from = std::max(context.now, earliest);
  Await(event, hv1::SIDE_RECEIVER,
        exchange::ToProto(exchange::AddWorkingDays(from, context.deadline_days.offer)));
}

void AgreeTerm(jv1::CaseEvent& event, jv1::Handover& handover, const std::string& term_id,
               const DecisionContext& context) {
  event.mutable_term_agreed()->set_term_id(term_id);
  Agree(handover, event.term_agreed());
  const hv1::Side next = MovesNextByTerms(handover);
  if (next == handover.waiting_for()) return;
  handover.set_waiting_for(next);
  if (next == hv1::SIDE_UNSPECIFIED) return WaitForNobody(event);
  WaitFor(event, next,
          next == hv1::SIDE_HOLDER ? context.deadline_days.terms : context.deadline_days.request,
          context);
}

void EndAtHolder(const jv1::CaseFile& file, const jv1::Handover& handover,
                 const DecisionContext& context, jv1::CaseEvent& ended) {
  WaitForNobody(ended);
  exchange::Owe(CounterpartOf(file, handover).to,
                exchange::AddWorkingDays(context.now, context.deadline_days.erasure),
                *ended.mutable_erasure_owed());
}

}  // namespace exitbus::casework
