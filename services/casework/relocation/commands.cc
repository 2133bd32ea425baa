// What the people of the authority in charge do about a relocation: propose it, take it back.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/methods.h"
#include "services/casework/programme/programmes.h"
#include "services/casework/relocation/relocation.h"
#include "services/relocation/journey.h"
#include "services/relocation/placement.h"
#include "services/relocation/profile.h"
#include "services/relocation/withdrawal.h"

namespace exitbus::casework {
namespace {

namespace lv1 = relocation::v1;
using exchange::Decision;
using exchange::DecisionContext;

using Views = RelocationViews;

const Rule kPoliceInvolved{
    "relocation.police_not_asked",
    "The police unit of the case nominates. Ask it for a clarification first: "
    "RequestPoliceClarification.",
    [](const Situation& s) { return !s.file.police().empty() && !s.file.security_id().empty(); }};

const Rule kNotTooMany{
    "relocation.too_many_of_case", "This case has had as many requests as one may have.",
    [](const Situation& s) { return s.file.relocations_size() < relocation::kOfOneCaseMax; },
    absl::StatusCode::kResourceExhausted};

Decision Propose(const jv1::CaseFile& file, const lv1::ProposeRelocationRequest& request,
                 const DecisionContext& context) {
  auto fault = relocation::FaultIn(request.nomination());
  if (!fault) fault = relocation::MonthFault(request.nomination().profile(), context.now);
  if (fault) return Decision::Refuse(*std::move(fault));
  const std::string relocation_id = context.lookup->FreshId();
  jv1::CaseEvent event;
  *event.mutable_relocation_proposed() = relocation::Propose(
      relocation::Begin(relocation_id, context.self->id, file.police(), context.now),
      request.nomination(), context.now);
  lv1::RelocationProposed message;
  message.set_relocation_id(relocation_id);
  *message.mutable_nomination() = request.nomination();
  return Decision().AddEvent(event).Notify(AddressOf(Whom::kPolice, file, nullptr, context),
                                           message);
}

void Withdraw(const jv1::CaseFile& file, const relocation::jv1::Relocation& one,
              lv1::RelocationWithdrawalReason reason, const DecisionContext& context,
              Decision& decision) {
  jv1::CaseEvent event;
  *event.mutable_relocation_withdrawn() = relocation::Withdraw(one, reason, context.now);
  decision.AddEvent(event).Notify(AddressOf(Whom::kPolice, file, nullptr, context),
                                  relocation::MessageOf(event.relocation_withdrawn()));
}

Decision WithdrawRelocation(const jv1::CaseFile& file,
                            const lv1::WithdrawRelocationRequest& request,
                            const DecisionContext& context) {
  const auto& one = *relocation::Find(file.relocations(), request.relocation_id());
  if (auto fault = relocation::WithdrawalFault(one.seen(), request.reason(), false)) {
    return Decision::Refuse(*std::move(fault));
  }
  if (OnItsWay(file, one, context) != nullptr) return Decision::Refuse(relocation::HandoverOpen());
  Decision decision;
  Withdraw(file, one, request.reason(), context, decision);
  return decision;
}

std::unique_ptr<google::protobuf::Message> WithdrawalView(
    const jv1::CaseFile& file, const lv1::GetRelocationWithdrawalRequest& request,
    const DecisionContext& context) {
  const relocation::jv1::Relocation* const one =
      relocation::Find(file.relocations(), request.relocation_id());
  if (one == nullptr) return nullptr;
  relocation::AroundRequest around;
  if (const jv1::Handover* const handover = OnItsWay(file, *one, context)) {
    around.open_handover_id = handover->handover_id();
  }
  around.is_under_way = std::any_of(
      file.handovers().begin(), file.handovers().end(), [](const jv1::Handover& handover) {
        return handover.side() == hv1::SIDE_HOLDER && relocation::IsUnderWay(handover.journey());
      });
  if (const auto stay = OpenStay(file)) {
    around.has_temporary_place = true;
    around.temporary_municipality = stay->municipality();
  }
  return std::make_unique<lv1::WithdrawalTree>(relocation::WithdrawalOf(*one, around));
}

jv1::CaseEvent EndsByMove(const jv1::CaseFile& after, const relocation::jv1::Relocation& one,
                          const DecisionContext& context) {
  if (const lv1::Placement* const there = MovedTo(after, one, context)) {
    return exchange::EventWith<jv1::CaseEvent>(
        relocation::Complete(one, there->number(), context.now));
  }
  return exchange::EventWith<jv1::CaseEvent>(
      relocation::Withdraw(one, lv1::RELOCATION_WITHDRAWAL_REASON_CASE_MOVED, context.now));
}

// What may have an open request when all of this has happened.
bool Concerns(const jv1::CaseFile& before, const Decision& decision) {
  return relocation::FindOpen(before.relocations()) != nullptr ||
         std::any_of(decision.events().begin(), decision.events().end(), [](const auto& event) {
           return static_cast<const jv1::CaseEvent&>(*event).has_relocation_nominated();
         });
}

}  // namespace

const Rule kNoOpenRelocation{
    "relocation.open", "A request for relocation is open in this case. Withdraw it first.",
    [](const Situation& s) { return relocation::FindOpen(s.file.relocations()) == nullptr; }};

void EndRelocation(const jv1::CaseFile& before, const DecisionContext& context,
                   Decision& decision) {
  if (!Concerns(before, decision)) return;
  const auto after = After(before, decision);
  const bool leaves = IsOver(after->stage()) || !Opens(*after, cv1::PROGRAMME_OPENING_RELOCATION);
  // Two, where a proposal crossed the unit's own nomination.
  for (const relocation::jv1::Relocation& one : after->relocations()) {
    if (relocation::HasEnded(one.seen().stage())) continue;
    if (after->standing() == cv1::STANDING_FORMER) {
      decision.AddEvent(EndsByMove(*after, one, context));
    } else if (leaves && after->standing() == cv1::STANDING_RESPONSIBLE) {
      Withdraw(*after, one, lv1::RELOCATION_WITHDRAWAL_REASON_PROGRAMME_ENDED, context, decision);
    }
  }
}

CasePart RelocationMethods() {
  auto propose = OnCase({&kResponsible, &kInProgramme, &kOpensRelocation, &kPoliceInvolved,
                         &kNoOpenRelocation, &kNotTooMany},
                        &Propose);
  propose.view = &Views::Last;
  propose.guarded = &CaseView;  // there is no request yet
  CasePart part =
      relocation::PartyPart<jv1::CaseFile, jv1::CaseEvent, &CaseOfRequest, &relocation::HolderIn>();
  part.Serve(propose)
      .Serve<lv1::WithdrawRelocationRequest>({.target = &Views::Key<lv1::WithdrawRelocationRequest>,
                                              .decide = &WithdrawRelocation,
                                              .view = &Views::One<lv1::WithdrawRelocationRequest>})
      .Serve<lv1::GetRelocationWithdrawalRequest>(
          {.target = &Views::Key<lv1::GetRelocationWithdrawalRequest>, .view = &WithdrawalView});
  return part;
}

}  // namespace exitbus::casework
