#include "services/exchange/erasure.h"

#include <algorithm>
#include <utility>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/obligation.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/policy/flows.h"

namespace exitbus::exchange {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;

Party PartyOf(const std::string& authority, pv1::Relation relation, const std::string& subject,
              const DecisionContext& context) {
  Party party{authority,
              relation,
              subject,
              {},
              pv1::LEGAL_BASIS_OTHER_LAW,
              pv1::PURPOSE_SUPERVISORY_CONTROL};
  const auto listed = context.directory->Find(authority);
  if (listed && listed->kind == pv1::AUTHORITY_KIND_KRIMINALFORSORGEN) {
    party.satisfied.Add(pv1::CONDITION_SUPERVISION_OR_CUSTODY);
  }
  return party;
}

bool IsPolice(std::string_view authority, const DecisionContext& context) {
  const auto listed = context.directory->Find(authority);
  return listed && listed->kind == pv1::AUTHORITY_KIND_POLICE;
}

// Who orders, as what: it answers for the case, or passes on what it was ordered itself.
pv1::Relation Orderer(std::string_view authority, bool passed_on, const DecisionContext& context) {
  if (IsPolice(authority, context)) return pv1::RELATION_POLICE;
  return passed_on ? pv1::RELATION_FORMER : pv1::RELATION_HOLDER;
}

// What this authority is to `orderer`: one that has let the case go, if such a one can be of its
// kind; otherwise as what the contract lets it confirm.
pv1::Relation ConfirmsAs(std::string_view orderer, pv1::Relation as,
                         const DecisionContext& context) {
  const auto listed = context.directory->Find(orderer);
  const auto may_confirm = [&](pv1::Relation relation) {
    return listed && policy::FlowTo(*cv1::ErasureConfirmed::descriptor(), relation,
                                    context.self->kind, as, listed->kind);
  };
  if (may_confirm(pv1::RELATION_FORMER)) return pv1::RELATION_FORMER;
  for (int i = 1; i <= pv1::Relation_MAX; ++i) {
    const auto relation = static_cast<pv1::Relation>(i);
    if (may_confirm(relation)) return relation;
  }
  return pv1::RELATION_FORMER;
}

void ConfirmTo(const std::string& orderer, const std::string& subject, bool passed_on,
               const google::protobuf::Timestamp& erased, const DecisionContext& context,
               Decision& decision) {
  cv1::ErasureConfirmed message;
  *message.mutable_erased() = erased;
  const pv1::Relation as = Orderer(orderer, passed_on, context);
  decision.Notify(ConfirmsAs(orderer, as, context), PartyOf(orderer, as, subject, context),
                  message);
}

void ConfirmToFirst(const ejv1::Tombstone& tombstone, const DecisionContext& context,
                    Decision& decision) {
  const ov1::Obligation& orders = tombstone.orders();
  if (!IsOwedToAnother(orders) || !IsMet(orders)) return;
  ConfirmTo(orders.owed_to(), orders.owed_under(), orders.was_passed_on(), tombstone.erased(),
            context, decision);
}

bool IsKey(const ejv1::Tombstone& tombstone, const std::string& key) {
  const auto& known = tombstone.keys();
  return std::find(known.begin(), known.end(), key) != known.end();
}

void AddKey(ejv1::Tombstone& tombstone, const std::string& key) {
  if (!IsKey(tombstone, key)) tombstone.add_keys(key);
}

// Whom the authority speaks as when it orders in its turn.
pv1::Relation OrdersAs(const ejv1::Tombstone& tombstone, const DecisionContext& context) {
  if (context.self->kind == pv1::AUTHORITY_KIND_POLICE) return pv1::RELATION_POLICE;
  return IsOwedToAnother(tombstone.orders()) ? pv1::RELATION_FORMER : pv1::RELATION_HOLDER;
}

Decision Erase(const Holding& holding, ejv1::Tombstone tombstone, const DecisionContext& context,
               AsEvent as_event) {
  tombstone.set_erasure_id(context.lookup->FreshId());
  tombstone.set_case_id(holding.case_id);
  *tombstone.mutable_erased() = ToProto(context.now);
  for (const std::string& key : holding.keys) AddKey(tombstone, key);
  cv1::ErasureOrdered message;
  message.set_reason(tombstone.reason());
  message.set_number(holding.number);
  ov1::Obligation& orders = *tombstone.mutable_orders();
  message.set_passed_on(IsOwedToAnother(orders));
  Decision decision;
  for (const Recipient& to : holding.recipients) {
    if (to.authority == orders.owed_to() && to.subject == orders.owed_under()) continue;
    const Party party = PartyOf(to.authority, to.relation, to.subject, context);
    Owe(party, AddWorkingDays(context.now, context.deadline_days.erasure), orders);
    decision.Notify(OrdersAs(tombstone, context), party, to.order ? *to.order : message);
  }
  ejv1::ErasureEvent event;
  *event.mutable_erased() = tombstone;
  decision.AddEvent(*as_event(event)).EraseReceived();
  ConfirmToFirst(tombstone, context, decision);
  return decision;
}

Decision OnOrderedAgain(const ejv1::Tombstone& tombstone, const LetterPlace& place,
                        const cv1::ErasureOrdered& order, const DecisionContext& context) {
  const bool by_the_first = place.sender == tombstone.orders().owed_to() &&
                            place.subject == tombstone.orders().owed_under();
  if (by_the_first && !IsMet(tombstone.orders())) return Decision::NoEffect("erasure_under_way");
  Decision decision = Decision::NoEffect("erased");
  ConfirmTo(place.sender, place.subject, order.passed_on(), tombstone.erased(), context, decision);
  return decision;
}

Decision OnConfirmed(const ejv1::Tombstone& tombstone, const LetterPlace& place,
                     const DecisionContext& context, AsEvent as_event) {
  const auto* const order = FindParty(tombstone.orders(), place);
  if (order == nullptr) return NotOrdered();
  if (order->has_confirmed()) return Decision::NoEffect("erasure_confirmed_before");
  ejv1::ErasureEvent event;
  *event.mutable_confirmed() = Confirmed(*order, context);
  ejv1::Tombstone after = tombstone;
  EvolveTombstone(after, event);
  Decision decision;
  decision.AddEvent(*as_event(event));
  ConfirmToFirst(after, context, decision);
  return decision;
}

}  // namespace

Decision EraseEverywhere(const Holding& holding, cv1::ErasureReason reason,
                         const DecisionContext& context, AsEvent as_event) {
  ejv1::Tombstone tombstone;
  tombstone.set_reason(reason);
  return Erase(holding, std::move(tombstone), context, as_event);
}

Decision EraseAsOrdered(const Holding& holding, const LetterPlace& place,
                        const cv1::ErasureOrdered& order, const DecisionContext& context,
                        AsEvent as_event) {
  ejv1::Tombstone tombstone;
  tombstone.set_reason(order.reason());
  OweTo(place, order.passed_on(), *tombstone.mutable_orders());
  return Erase(holding, std::move(tombstone), context, as_event);
}

Decision NotOrdered() {
  return Decision::Refuse("erasure.not_ordered", "Only who was ordered to erase confirms.");
}

bool IsAboutErasure(const v1::Body& body) {
  return body.has_erasure_ordered() || body.has_erasure_confirmed();
}

Decision DecideErased(const ejv1::Tombstone& tombstone, const LetterPlace& place,
                      const std::string& key, const v1::Body& body, const DecisionContext& context,
                      AsEvent as_event) {
  if (body.has_erasure_ordered()) {
    return OnOrderedAgain(tombstone, place, body.erasure_ordered(), context);
  }
  if (body.has_erasure_confirmed()) return OnConfirmed(tombstone, place, context, as_event);
  Decision decision = Decision::NoEffect("erased");
  if (!IsKey(tombstone, key)) {
    // More may come under this one; it must not wait for a beginning that never comes.
    ejv1::ErasureEvent event;
    event.set_also_known_as(key);
    decision.AddEvent(*as_event(event));
  }
  return decision;
}

void EvolveTombstone(ejv1::Tombstone& tombstone, const ejv1::ErasureEvent& event) {
  switch (event.what_case()) {
    case ejv1::ErasureEvent::kErased:
      tombstone = event.erased();
      return;
    case ejv1::ErasureEvent::kConfirmed:
      return Confirm(event.confirmed(), *tombstone.mutable_orders());
    case ejv1::ErasureEvent::kAlsoKnownAs:
      AddKey(tombstone, event.also_known_as());
      return;
    case ejv1::ErasureEvent::WHAT_NOT_SET:
      return;
  }
}

std::vector<std::string> KeysOf(const ejv1::Tombstone& tombstone) {
  return {tombstone.keys().begin(), tombstone.keys().end()};
}

}  // namespace exitbus::exchange
