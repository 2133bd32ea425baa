// The switch: responsibility moves here, and nowhere else.
#include <algorithm>

#include "exitbus/exchange/v1/statement.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/handover/dossier.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/rules.h"
#include "services/casework/methods.h"
#include "services/casework/parts.h"
#include "services/casework/programme/programme.h"
#include "services/casework/relocation/relocation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::FromProto;
using exchange::Needs;
using exchange::ToProto;

jv1::TakenOver SignTakeOver(const jv1::CaseFile& file, const jv1::Handover& handover,
                            absl::Time instant, const DecisionContext& context) {
  exchange::v1::Statement statement;
  exchange::v1::TakeOver& take_over = *statement.mutable_take_over();
  take_over.set_case_id(file.case_id());
  take_over.set_number(handover.offered_number());
  take_over.set_receiver(context.self->id);
  *take_over.mutable_instant() = ToProto(instant);
  take_over.set_offer_digest(OfferDigest(handover.offer(), context));
  return TakenOverAs(context.statements->Sign(statement), take_over);
}

Decision TakeOverCase(const jv1::CaseFile& file, const jv1::Handover& handover,
                      const hv1::TakeOverCaseRequest&, const DecisionContext& context) {
  if (PersonHasCase(*context.lookup, file.person().cpr_number())) {
    return Decision::Refuse("case.person_has_open_case",
                            "This authority answers for another open case of the same "
                            "person. End that one first, or decline the offer.",
                            absl::StatusCode::kAlreadyExists);
  }
  const absl::Time instant = std::max(context.now, FromProto(handover.earliest()));
  jv1::CaseEvent event = EventOf(handover);
  const jv1::TakenOver& taken_over = *event.mutable_taken_over() =
      SignTakeOver(file, handover, instant, context);
  WaitFor(event, hv1::SIDE_HOLDER, context.deadline_days.acknowledgement, context);

  // From here on we speak as the holder, and the other side is the former one.
  Decision decision;
  decision.AddEvent(event);
  const auto after = After(file, decision);
  const jv1::Handover& moved = *FindHandover(*after, handover.handover_id());
  hv1::CaseTakenOver message;
  message.set_take_over(taken_over.take_over());
  message.set_number(taken_over.number());
  *message.mutable_instant() = taken_over.instant();
  *message.mutable_due() = event.wait().due();
  decision.Notify(CounterpartOf(*after, moved), message);
  for (const exchange::Address& reader : SlipReaders(*after, moved, context)) {
    if (reader.to.relation != pv1::RELATION_CONTACT_POINT ||
        IsMonitoredByContactPoint(moved, context)) {
      NotifyTakenOver(reader, moved, context, decision);
    }
  }
  if (IsUnderWay(*after)) TellPoliceCourse(*after, ToProto(context.now), context, decision);
  // What was learnt while the case was on its way is ours to act on now.
  for (const hv1::LateFact& fact : handover.late_facts()) {
    ActOnLateFact(*after, fact, context, decision);
  }
  return decision;
}

}  // namespace

CasePart TakeOverMethods() {
  CasePart part;
  part.Serve(OnHandover({&kReceiverMoves, &kNotTakenOver, &kNotDeclined, &kNotEnded, &kOffered,
                         &kEarliestReached, &kHasArrived},
                        &TakeOverCase, Needs::kInstant));
  return part;
}

jv1::TakenOver TakenOverAs(const std::string& signed_statement,
                           const exchange::v1::TakeOver& said) {
  jv1::TakenOver taken_over;
  taken_over.set_take_over(signed_statement);
  taken_over.set_number(said.number());
  taken_over.set_receiver(said.receiver());
  *taken_over.mutable_instant() = said.instant();
  return taken_over;
}

void NotifyTakenOver(const exchange::Address& reader, const jv1::Handover& moved,
                     const DecisionContext& context, Decision& decision) {
  // The contact point gets the minimum, the day: the second would join its handover with NEC's
  // entry.
  const absl::Time instant = FromProto(moved.taken_over());
  const bool day_only = reader.to.relation == pv1::RELATION_CONTACT_POINT;
  hv1::CaseTakenOver message;
  message.set_number(moved.offered_number());
  *message.mutable_instant() = ToProto(day_only ? exchange::StartOfDay(instant) : instant);
  message.set_slip(SlipFor(moved.slips(), reader.to.authority, moved, context));
  decision.Notify(reader, message);
}

void ActOnLateFact(const jv1::CaseFile& file, const hv1::LateFact& fact,
                   const DecisionContext& context, Decision& decision) {
  if (fact.kind() == hv1::LATE_FACT_KIND_WITHDRAWAL && !IsOver(file.stage())) {
    Withdraw(file, file.number(), context, decision);
  }
}

}  // namespace exitbus::casework
