// What the two parties of a request, the authority in charge and its police unit, do alike. Their
// events call what happened by the same names.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "exitbus/relocation/v1/messages.pb.h"
#include "exitbus/relocation/v1/relocation_service.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"
#include "services/exchange/keys.h"
#include "services/exchange/part.h"
#include "services/exchange/proto_time.h"
#include "services/relocation/request.h"

namespace exitbus::relocation {

// Whether it has ended, or a party may not withdraw it for this reason.
std::optional<exchange::Refusal> WithdrawalFault(const v1::Relocation& seen,
                                                 v1::RelocationWithdrawalReason reason,
                                                 bool is_police);

// It has ended; and while a handover to the place that is decided for is open, that is called off
// first.
exchange::Refusal Ended();
exchange::Refusal HandoverOpen();

v1::RelocationWithdrawn MessageOf(const jv1::Withdrawn& withdrawn);
v1::RelocationNominated MessageOf(const jv1::Nominated& nominated);

// What the contact point says of it, which the unit passes on. It comes after the nomination.
template <class Event>
exchange::Decision LearnAssessment(const jv1::Relocation* one,
                                   const v1::RelocationAssessed& message,
                                   const exchange::DecisionContext& context) {
  using exchange::Decision;
  const bool asks = message.outcome() == v1::ASSESSMENT_OUTCOME_MORE_INFORMATION;
  if (one == nullptr || one->seen().stage() == v1::RELOCATION_STAGE_PROPOSED ||
      message.outcome() == v1::ASSESSMENT_OUTCOME_UNSPECIFIED) {
    return Decision::Refuse("letter.out_of_turn", "Nothing was nominated that this could be of.");
  }
  const v1::Relocation& seen = one->seen();
  if (seen.stage() == v1::RELOCATION_STAGE_WITHDRAWN) {
    return Decision::NoEffect("assessment_crossed_withdrawal");
  }
  const bool asked = seen.stage() == v1::RELOCATION_STAGE_INFORMATION_ASKED;
  if ((!asked && seen.stage() != v1::RELOCATION_STAGE_NOMINATED) || (asks && asked)) {
    return Decision::NoEffect("assessment_known");
  }
  if (asks && seen.version() > 1) {
    return Decision::Refuse("letter.out_of_turn", "More information is asked for once.");
  }
  Event event;
  if (asks) {
    jv1::Asked& told = *event.mutable_relocation_information_asked();
    told = Ask(*one, exchange::FromProto(message.information_due()), context.now);
    *told.mutable_asked() = message.asked();
  } else {
    jv1::Assessed& assessed = *event.mutable_relocation_assessed();
    assessed.set_relocation_id(seen.relocation_id());
    *assessed.mutable_instant() = exchange::ToProto(context.now);
    assessed.set_necessary(message.outcome() == v1::ASSESSMENT_OUTCOME_NECESSARY);
    *assessed.mutable_grounds() = message.grounds();
  }
  return Decision().AddEvent(event);
}

// From the other party. What is not here was answered before, by a withdrawal that crosses this
// one.
template <class Event>
exchange::Decision LearnWithdrawal(const jv1::Relocation* one,
                                   const v1::RelocationWithdrawn& message,
                                   const exchange::DecisionContext& context) {
  if (one == nullptr) return exchange::Decision::NoEffect("withdrawal_of_unknown");
  if (HasEnded(one->seen().stage())) {
    return exchange::Decision::NoEffect("withdrawal_known_or_over");
  }
  Event event;
  *event.mutable_relocation_withdrawn() = Withdraw(*one, message.reason(), context.now);
  return exchange::Decision().AddEvent(event);
}

inline const std::string& HolderIn(const v1::Relocation& seen) { return seen.holder(); }
inline const std::string& PoliceIn(const v1::Relocation& seen) { return seen.police(); }

// A party's requests by what is asked for. `case_id`: what the case is called there; `self`: which
// of the two it is.
template <class State, const std::string& (*case_id)(const State&),
          const std::string& (*self)(const v1::Relocation&)>
struct Views {
  using Message = google::protobuf::Message;

  static std::unique_ptr<Message> Of(const State& state, const jv1::Relocation& one) {
    return Shown(one, case_id(state), self(one.seen()));
  }

  template <class Request>
  static std::string Key(const Request& request) {
    return relocation::Key(request.relocation_id());
  }
  template <class Request>
  static std::unique_ptr<Message> One(const State& state, const Request& request) {
    const jv1::Relocation* one = Find(state.relocations(), request.relocation_id());
    return one == nullptr ? nullptr : Of(state, *one);
  }
  // The open one, or the last there was.
  static std::unique_ptr<Message> Last(const State& state) {
    const Relocations& all = state.relocations();
    return all.empty() ? nullptr : Of(state, all.Get(all.size() - 1));
  }
  static std::unique_ptr<Message> Listed(const State& state, std::string_view index_key,
                                         const v1::ListRelocationsRequest& asked) {
    const auto name = exchange::KindName::Decode(index_key);
    const jv1::Relocation* one = name ? Find(state.relocations(), name->name) : nullptr;
    const bool left_out = one == nullptr || (asked.open_only() && HasEnded(one->seen().stage()));
    return left_out ? nullptr : Of(state, *one);
  }
};

// What is read of them, what happens to them and what is owed.
template <class State, class Event, const std::string& (*case_id)(const State&),
          const std::string& (*self)(const v1::Relocation&)>
exchange::Part<State, Event> PartyPart() {
  using V = Views<State, case_id, self>;
  exchange::Part<State, Event> part;
  part.template Serve<v1::GetRelocationRequest>(
          {.target = &V::template Key<v1::GetRelocationRequest>,
           .view = &V::template One<v1::GetRelocationRequest>})
      .template List<v1::ListRelocationsRequest>(
          {.prefix = Key(""),
           .view = &V::Listed,
           .watch = exchange::MethodOf(v1::WatchRelocationsRequest::descriptor())})
      .After(&Change<State, jv1::Proposed>)
      .After(&Change<State, jv1::Nominated>)
      .After(&Change<State, jv1::Asked>)
      .After(&Change<State, jv1::Assessed>)
      .After(&Change<State, jv1::Withdrawn>)
      .Named([](const State& state, const exchange::Lookup&) { return Names(state); })
      .Obligations("relocation.overdue", &ActsOwed<State>);
  return part;
}

}  // namespace exitbus::relocation
