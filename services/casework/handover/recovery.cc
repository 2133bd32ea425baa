#include "services/casework/handover/recovery.h"

#include <optional>

#include "exitbus/exchange/v1/statement.pb.h"
#include "services/casework/handover/dossier.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/rules.h"
#include "services/exchange/decision_context.h"
#include "services/exchange/keys.h"

namespace exitbus::casework {
namespace {

namespace xv1 = exchange::v1;

// As it says itself; to be believed only after Verified.
std::optional<xv1::Statement> Unverified(const std::string& signed_statement) {
  xv1::SignedStatement outer;
  xv1::Statement statement;
  if (!outer.ParseFromString(signed_statement) || !statement.ParseFromString(outer.statement())) {
    return std::nullopt;
  }
  return statement;
}

// What two sides signed about one handover, with the signatures verified.
struct Signed {
  std::optional<xv1::Offer> offer;
  std::string signed_offer;
  std::optional<xv1::TakeOver> take_over;
  std::string signed_take_over;
};

Signed VerifiedOf(std::string_view handover_id, const std::vector<std::string>& statements,
                  const DecisionContext& context) {
  Signed all;
  for (const std::string& one : statements) {
    const auto said = Unverified(one);
    if (!said || !said->has_offer() || said->offer().handover_id() != handover_id ||
        !context.statements->Verified(one, said->offer().holder())) {
      continue;
    }
    all.offer = said->offer();
    all.signed_offer = one;
  }
  if (!all.offer) return all;
  for (const std::string& one : statements) {
    const auto said = Unverified(one);
    if (!said || !said->has_take_over()) continue;
    const xv1::TakeOver& take_over = said->take_over();
    if (take_over.receiver() == all.offer->receiver() &&
        take_over.number() == all.offer->number() &&
        take_over.offer_digest() == OfferDigest(all.signed_offer, context) &&
        context.statements->Verified(one, take_over.receiver())) {
      all.take_over = take_over;
      all.signed_take_over = one;
    }
  }
  return all;
}

void FollowOffer(const Signed& said, Decision& decision) {
  jv1::CaseEvent event = EventOf(said.offer->handover_id());
  WaitForNobody(event);
  jv1::Offered& offered = *event.mutable_offered();
  offered.set_offer(said.signed_offer);
  offered.set_number(said.offer->number());
  *offered.mutable_earliest() = said.offer->earliest();
  decision.AddEvent(event);
}

void FollowTakeOver(const Signed& said, Decision& decision) {
  jv1::CaseEvent event = EventOf(said.offer->handover_id());
  WaitForNobody(event);
  *event.mutable_taken_over() = TakenOverAs(said.signed_take_over, *said.take_over);
  decision.AddEvent(event);
}

Decision Lost() {
  return Decision::Refuse("recovery.lost", "This file has nothing of the handover.");
}

Decision DeclineForgotten(const jv1::CaseFile& file, const jv1::Handover& handover,
                          const DecisionContext& context) {
  Decision decision;
  Decline(file, handover, hv1::REJECTION_CODE_CORRESPONDENCE_STOPPED, context, decision);
  return decision;
}

}  // namespace

std::vector<std::string> SharedStatements(const jv1::CaseFile& file, std::string_view handover_id,
                                          std::string_view counterpart) {
  const jv1::Handover* handover = FindHandover(file, handover_id);
  if (handover == nullptr || handover->counterpart() != counterpart || handover->offer().empty()) {
    return {};
  }
  std::vector<std::string> shared = {handover->offer()};
  for (const std::string& one : file.statements()) {
    const auto said = Unverified(one);
    if (said && said->has_take_over() && said->take_over().number() == handover->offered_number()) {
      shared.push_back(one);
    }
  }
  return shared;
}

std::string CaseOfStatements(const std::vector<std::string>& statements) {
  for (const std::string& one : statements) {
    const auto said = Unverified(one);
    if (said && said->has_offer())
      return exchange::KindName{"case", said->offer().case_id()}.Encode();
  }
  return "";
}

Decision FollowStatements(const jv1::CaseFile& file, std::string_view handover_id,
                          std::string_view counterpart, const std::vector<std::string>& statements,
                          const DecisionContext& context) {
  const Signed said = VerifiedOf(handover_id, statements, context);
  const jv1::Handover* handover = FindHandover(file, handover_id);
  if (handover != nullptr && (handover->counterpart() != counterpart || !IsOpen(*handover))) {
    return Decision::NoEffect("nothing_to_follow");
  }
  if (handover != nullptr && handover->side() == hv1::SIDE_RECEIVER &&
      handover->stage() == hv1::HANDOVER_STAGE_OFFERED && !said.take_over) {
    return DeclineForgotten(file, *handover, context);
  }
  if (!said.offer) return Decision::NoEffect("nothing_to_follow");
  const bool ours =
      said.offer->holder() == context.self->id && said.offer->receiver() == counterpart;
  const bool theirs =
      said.offer->receiver() == context.self->id && said.offer->holder() == counterpart;
  if ((!ours && !theirs) || said.offer->case_id() != file.case_id() ||
      said.offer->number() <= file.number()) {
    return Lost();
  }
  Decision decision;
  if (handover == nullptr) {
    if (!ours) return Lost();
    jv1::CaseEvent event = EventOf(std::string(handover_id));
    event.mutable_handover_begun()->set_side(hv1::SIDE_HOLDER);
    event.mutable_handover_begun()->set_counterpart(std::string(counterpart));
    decision.AddEvent(event);
  }
  if (handover == nullptr || handover->stage() != hv1::HANDOVER_STAGE_OFFERED) {
    FollowOffer(said, decision);
  }
  if (said.take_over) FollowTakeOver(said, decision);
  return decision;
}

}  // namespace exitbus::casework
