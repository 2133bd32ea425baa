// A candidate's relocation at the police unit, which is in the middle: it nominates, of its own
// accord or as the authority in charge has proposed, and passes on what that and the contact point
// have for each other.
#include "services/police/relocation.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/membership.h"
#include "services/exchange/ports/directory.h"
#include "services/police/parts.h"
#include "services/police/security_decider.h"
#include "services/police/security_file.h"
#include "services/police/stay.h"
#include "services/police/telling.h"
#include "services/relocation/journey.h"
#include "services/relocation/party.h"
#include "services/relocation/profile.h"
#include "services/relocation/withdrawal.h"

namespace exitbus::police {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;

using Views = relocation::Views<jv1::SecurityFile, &SecurityIdOf, &relocation::PoliceIn>;

exchange::Party Assessor(const std::string& assessor, const std::string& relocation_id) {
  return {assessor, pv1::RELATION_CONTACT_POINT,  relocation_id,
          {},       pv1::LEGAL_BASIS_UNSPECIFIED, pv1::PURPOSE_EXIT_SUPPORT};
}

// Why nobody can be nominated from this file now; nullopt: somebody can.
std::optional<exchange::Refusal> NotNow(const jv1::SecurityFile& file,
                                        const relocation::jv1::Relocation* open,
                                        const DecisionContext& context) {
  if (!file.has_assessment()) {
    return exchange::RefusedBy("security.assessment_required",
                               "Make the assessment first: DeliverAssessment.");
  }
  if (!exchange::IsPoliceOf(*context.directory, context.self->id, file.holder())) {
    return exchange::RefusedBy("relocation.not_the_districts_police",
                               "The authority in charge lies in another district, whose unit "
                               "nominates.");
  }
  if (open == nullptr && file.relocations_size() >= relocation::kOfOneCaseMax) {
    return exchange::RefusedBy("relocation.too_many_of_case",
                               "This case has had as many requests as one may have.",
                               absl::StatusCode::kResourceExhausted);
  }
  if (open == nullptr || open->seen().stage() == lv1::RELOCATION_STAGE_PROPOSED ||
      open->seen().stage() == lv1::RELOCATION_STAGE_INFORMATION_ASKED) {
    return std::nullopt;
  }
  return exchange::RefusedBy("relocation.nominated",
                             "The candidate is nominated, and nothing more was asked for.");
}

Decision Nominate(const jv1::SecurityFile& file, const lv1::NominateRelocationRequest& request,
                  const DecisionContext& context) {
  if (file.standing() != v1::POLICE_STANDING_IN_CHARGE) return NotInCharge();
  if (IsOver(file.stage())) return ProgrammeOver();
  const auto* open = relocation::FindOpen(file.relocations());
  if (auto refused = NotNow(file, open, context)) return Decision::Refuse(*std::move(refused));
  auto fault = relocation::FaultIn(request.nomination());
  if (!fault) fault = relocation::MonthFault(request.nomination().profile(), context.now);
  if (fault) return Decision::Refuse(*std::move(fault));
  const std::string assessor =
      open != nullptr && !open->assessor().empty()
          ? open->assessor()
          : exchange::TheOne(*context.directory, pv1::AUTHORITY_KIND_CONTACT_POINT);
  if (assessor.empty()) {
    return Decision::Refuse("relocation.none_listed",
                            "The directory lists no contact point. Have it listed.");
  }
  jv1::SecurityEvent event;
  *event.mutable_relocation_nominated() = relocation::Nominate(
      open != nullptr ? open->seen()
                      : relocation::Begin(context.lookup->FreshId(), file.holder(),
                                          context.self->id, context.now),
      request.nomination(), assessor, context.now);
  const lv1::RelocationNominated message = relocation::MessageOf(event.relocation_nominated());
  Decision decision;
  decision.AddEvent(event).Notify(pv1::RELATION_POLICE, Assessor(assessor, message.relocation_id()),
                                  message);
  TellHolder(file, message, context, decision);
  return decision;
}

// The contact point hears of what it knows, and no reason that would tell what becomes of the case.
void TellAssessor(const relocation::jv1::Relocation& one, lv1::RelocationWithdrawalReason reason,
                  Decision& decision) {
  if (one.assessor().empty()) return;
  lv1::RelocationWithdrawn message;
  message.set_relocation_id(one.seen().relocation_id());
  message.set_reason(reason > lv1::RELOCATION_WITHDRAWAL_REASON_ERROR
                         ? lv1::RELOCATION_WITHDRAWAL_REASON_NO_LONGER_NEEDED
                         : reason);
  decision.Notify(pv1::RELATION_POLICE, AssessorOf(one), message);
}

// Everybody who was asked something for it hears that it is over.
void EndAsked(const relocation::jv1::Relocation& one, lv1::RelocationWithdrawalReason reason,
              Decision& decision) {
  TellAssessor(one, reason, decision);
  EndConflicts(one, decision);
}

void Withdraw(const jv1::SecurityFile& file, const relocation::jv1::Relocation& one,
              lv1::RelocationWithdrawalReason reason, const DecisionContext& context,
              Decision& decision) {
  jv1::SecurityEvent event;
  *event.mutable_relocation_withdrawn() = relocation::Withdraw(one, reason, context.now);
  decision.AddEvent(event);
  EndAsked(one, reason, decision);
  TellHolder(file, relocation::MessageOf(event.relocation_withdrawn()), context, decision);
}

Decision WithdrawRelocation(const jv1::SecurityFile& file,
                            const lv1::WithdrawRelocationRequest& request,
                            const DecisionContext& context) {
  const auto& one = *relocation::Find(file.relocations(), request.relocation_id());
  if (auto fault = relocation::WithdrawalFault(one.seen(), request.reason(), true)) {
    return Decision::Refuse(*std::move(fault));
  }
  if (OnItsWay(file, one, context) != nullptr) return Decision::Refuse(relocation::HandoverOpen());
  Decision decision;
  Withdraw(file, one, request.reason(), context, decision);
  return decision;
}

std::unique_ptr<google::protobuf::Message> WithdrawalView(
    const jv1::SecurityFile& file, const lv1::GetRelocationWithdrawalRequest& request,
    const DecisionContext& context) {
  const relocation::jv1::Relocation* const one =
      relocation::Find(file.relocations(), request.relocation_id());
  if (one == nullptr) return nullptr;
  relocation::AroundRequest around;
  if (const jv1::Transfer* const transfer = OnItsWay(file, *one, context)) {
    around.open_handover_id = transfer->seen().handover_id();
  }
  around.is_under_way = std::any_of(
      file.transfers().begin(), file.transfers().end(), [](const jv1::Transfer& transfer) {
        return !transfer.incoming() && relocation::IsUnderWay(transfer.journey());
      });
  if (const jv1::Stay* const stay = OpenStay(file)) {
    around.has_temporary_place = true;
    around.temporary_municipality = stay->seen().municipality();
  }
  return std::make_unique<lv1::WithdrawalTree>(relocation::WithdrawalOf(*one, around));
}

Decision OnProposed(const SecurityLetter& letter, const relocation::jv1::Relocation* known,
                    const lv1::RelocationProposed& message) {
  const auto& [file, place, body, context] = letter;
  if (known != nullptr) return Decision::NoEffect("proposal_known");
  if (auto fault = relocation::FaultIn(message.nomination())) {
    return Decision::Refuse(*std::move(fault));
  }
  const bool too_many = file.relocations_size() >= relocation::kOfOneCaseMax;
  Decision decision;
  if (too_many || relocation::FindOpen(file.relocations()) != nullptr) {
    lv1::RelocationWithdrawn answer;
    answer.set_relocation_id(message.relocation_id());
    answer.set_reason(too_many ? lv1::RELOCATION_WITHDRAWAL_REASON_NOT_COUNTERSIGNED
                               : lv1::RELOCATION_WITHDRAWAL_REASON_NOMINATED_ALREADY);
    TellHolder(file, answer, context, decision);
    return decision;
  }
  jv1::SecurityEvent event;
  *event.mutable_relocation_proposed() = relocation::Propose(
      relocation::Begin(message.relocation_id(), place.sender, context.self->id, context.now),
      message.nomination(), context.now);
  return decision.AddEvent(event);
}

Decision OnWithdrawn(const SecurityLetter& letter, const relocation::jv1::Relocation* known,
                     const lv1::RelocationWithdrawn& message) {
  Decision decision =
      relocation::LearnWithdrawal<jv1::SecurityEvent>(known, message, letter.context);
  if (!decision.events().empty()) EndAsked(*known, message.reason(), decision);
  return decision;
}

Decision OnAssessed(const SecurityLetter& letter, const relocation::jv1::Relocation& known,
                    const lv1::RelocationAssessed& message) {
  const auto& [file, place, body, context] = letter;
  Decision decision = relocation::LearnAssessment<jv1::SecurityEvent>(&known, message, context);
  if (decision.events().empty()) return decision;
  lv1::RelocationAssessed passed_on = message;
  passed_on.set_relocation_id(place.subject);
  TellHolder(file, passed_on, context, decision);
  return decision;
}

}  // namespace

const std::string& SecurityIdOf(const jv1::SecurityFile& file) { return file.security_id(); }

void TellHolder(const jv1::SecurityFile& file, const google::protobuf::Message& message,
                const DecisionContext& context, Decision& decision) {
  decision.Notify(pv1::RELATION_POLICE, HolderOf(file, context), message);
}

// The take-over that makes the sender the authority in charge may not be here yet; the one by which
// it no longer is has crossed the letter.
Decision NotFromHolder(const SecurityLetter& letter) {
  const jv1::Transfer* open = OpenTransfer(letter.state);
  const bool takes_over = open != nullptr && letter.place.sender == open->seen().receiver();
  if (letter.state.security_id().empty() || takes_over) return Decision::Park();
  return HasAnswered(letter.state, letter.place.sender)
             ? Decision::NoEffect("crossed_take_over")
             : Decision::Refuse("letter.not_a_party", "The sender is not in charge of the case.");
}

exchange::Party AssessorOf(const relocation::jv1::Relocation& one) {
  return Assessor(one.assessor(), one.seen().relocation_id());
}

void EndRelocation(const jv1::SecurityFile& file, const std::string& to,
                   const DecisionContext& context, Decision& decision) {
  const auto* open = relocation::FindOpen(file.relocations());
  if (open == nullptr || CompleteRelocation(*open, to, context, decision)) return;
  Withdraw(file, *open, lv1::RELOCATION_WITHDRAWAL_REASON_CASE_MOVED, context, decision);
}

SecurityPart RelocationMethods() {
  SecurityPart part = relocation::PartyPart<jv1::SecurityFile, jv1::SecurityEvent, &SecurityIdOf,
                                            &relocation::PoliceIn>();
  part.Serve<lv1::NominateRelocationRequest>(
          {.target = &BySecurityId, .decide = &Nominate, .view = &Views::Last, .guarded = &View})
      .Serve<lv1::WithdrawRelocationRequest>({.target = &Views::Key<lv1::WithdrawRelocationRequest>,
                                              .decide = &WithdrawRelocation,
                                              .view = &Views::One<lv1::WithdrawRelocationRequest>})
      .Serve<lv1::GetRelocationWithdrawalRequest>(
          {.target = &Views::Key<lv1::GetRelocationWithdrawalRequest>, .view = &WithdrawalView});
  return part;
}

SecurityPart RelocationLetters() {
  SecurityPart part;
  part.On(FromHolder(&OnProposed)).On(FromHolder(&OnWithdrawn)).On(FromAssessor(&OnAssessed));
  return part;
}

}  // namespace exitbus::police
