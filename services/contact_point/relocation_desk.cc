#include "services/contact_point/relocation_desk.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/relocation/v1/messages.pb.h"
#include "exitbus/relocation/v1/relocation_service.pb.h"
#include "services/contact_point/relocation.h"
#include "services/exchange/compose.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/relocation/places.h"
#include "services/relocation/request.h"

namespace exitbus::contact_point {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::Message;
using exchange::ToProto;

constexpr int kPlaceDays = 20;  // working days

std::unique_ptr<Message> ListView(const jv1::RequestedRelocation& request, std::string_view,
                                  const lv1::ListRelocationsRequest& asked) {
  const bool ended = relocation::HasEnded(request.relocation().seen().stage());
  return asked.open_only() && ended ? nullptr : RelocationView(request);
}

Decision AskFor(const jv1::RequestedRelocation& state, const lv1::AssessRelocationRequest& request,
                const DecisionContext& context) {
  const lv1::Relocation& seen = state.relocation().seen();
  if (seen.version() > 1 || seen.stage() == lv1::RELOCATION_STAGE_INFORMATION_ASKED) {
    return Decision::Refuse("relocation.asked_before",
                            "More information is asked for once. Assess what is there.");
  }
  if (!relocation::SaysSomething(request.asked())) {
    return Decision::Refuse(BadInput("relocation.part_required",
                                     "Say about which parts of the nomination more is asked."));
  }
  const absl::Time due = relocation::InformationDue(context.now);
  auto asked = relocation::Ask(state.relocation(), due, context.now);
  *asked.mutable_asked() = request.asked();
  lv1::RelocationAssessed message;
  message.set_outcome(request.outcome());
  *message.mutable_asked() = request.asked();
  *message.mutable_information_due() = ToProto(due);
  return TellUnit(state.relocation(), asked, message);
}

Decision Assess(const jv1::RequestedRelocation& state, const lv1::AssessRelocationRequest& request,
                const DecisionContext& context) {
  const lv1::Relocation& seen = state.relocation().seen();
  if (seen.stage() == lv1::RELOCATION_STAGE_WITHDRAWN) {
    return Decision::Refuse("relocation.withdrawn", "The request was withdrawn.");
  }
  if (seen.stage() != lv1::RELOCATION_STAGE_NOMINATED &&
      seen.stage() != lv1::RELOCATION_STAGE_INFORMATION_ASKED) {
    return Decision::Refuse("relocation.assessed", "It has been assessed.");
  }
  if (request.outcome() == lv1::ASSESSMENT_OUTCOME_UNSPECIFIED) {
    return Decision::Refuse(
        BadInput("relocation.outcome_required",
                 "Say whether it is necessary, or that more information is needed."));
  }
  if (request.outcome() == lv1::ASSESSMENT_OUTCOME_MORE_INFORMATION) {
    return AskFor(state, request, context);
  }
  const bool necessary = request.outcome() == lv1::ASSESSMENT_OUTCOME_NECESSARY;
  if (!relocation::SaysSomething(request.grounds())) {
    return Decision::Refuse(BadInput("relocation.ground_required", "Give at least one ground."));
  }
  if (!std::all_of(request.grounds().begin(), request.grounds().end(), [&](int ground) {
        return (ground == lv1::ASSESSMENT_GROUND_CRITERIA_MET) == necessary;
      })) {
    return Decision::Refuse(BadInput("relocation.ground_of_another_outcome",
                                     "CRITERIA_MET is why it is necessary, the others why not."));
  }
  relocation::jv1::Assessed assessed;
  assessed.set_relocation_id(seen.relocation_id());
  *assessed.mutable_instant() = ToProto(context.now);
  assessed.set_necessary(necessary);
  *assessed.mutable_grounds() = request.grounds();
  lv1::RelocationAssessed message;
  message.set_outcome(request.outcome());
  *message.mutable_grounds() = request.grounds();
  return TellUnit(state.relocation(), assessed, message);
}

// Once it is necessary the desk owes a decision for a place.
void TakeAssessment(jv1::RequestedRelocation& state, const relocation::jv1::Assessed& assessed) {
  ChangeRelocation(state, assessed);
  if (!assessed.necessary()) return;
  *state.mutable_relocation()->mutable_next() =
      exchange::OwedBy(state.relocation().assessor(), assessed.relocation_id(),
                       PlaceDue(exchange::FromProto(assessed.instant())));
}

std::vector<exchange::NamedObligation> ActsOwed(const jv1::RequestedRelocation& state) {
  std::vector<exchange::NamedObligation> owed = {{"", &state.relocation().next()}};
  relocation::AddOwed(state.relocation(), owed);
  return owed;
}

std::vector<std::string> KeysOf(const jv1::RequestedRelocation& state, const exchange::Lookup&) {
  if (!state.has_relocation()) return {};
  return {relocation::Key(state.relocation().seen().relocation_id())};
}

std::vector<std::string> OpenParties(const jv1::RequestedRelocation& state) {
  const lv1::Relocation& seen = state.relocation().seen();
  if (relocation::HasEnded(seen.stage())) return {};
  std::vector<std::string> parties = {seen.police()};
  for (const auto& place : state.relocation().places()) {
    if (relocation::IsOpen(place.seen())) parties.push_back(place.asked());
  }
  return parties;
}

// What was ended before the morning is not asked any more.
bool IsStillAsked(const jv1::RequestedRelocation& state, std::string_view subject,
                  const exchange::v1::Body& body) {
  if (!body.has_relocation_inquiry()) return true;
  const auto* const place = FindInquiry(state, subject);
  return place != nullptr && relocation::IsOpen(place->seen());
}

// What is erased is still counted.
void Evolve(const std::function<void(Message&, const Message&)>& evolve,
            jv1::RequestedRelocation& state, const jv1::RelocationEvent& event) {
  if (!event.erasure().has_erased()) return evolve(state, event);
  BalanceLines lasts = WhatLasts(state, exchange::FromProto(event.erasure().erased().erased()));
  evolve(state, event);
  *state.mutable_balance() = std::move(lasts);
}

}  // namespace

absl::Time PlaceDue(absl::Time now) { return exchange::AddWorkingDays(now, kPlaceDays); }

exchange::Party UnitOf(const relocation::jv1::Relocation& one) {
  return {one.seen().police(),          pv1::RELATION_POLICE,     one.seen().relocation_id(), {},
          pv1::LEGAL_BASIS_UNSPECIFIED, pv1::PURPOSE_EXIT_SUPPORT};
}

Decision TellUnit(const relocation::jv1::Relocation& one, const Message& what,
                  const Message& message) {
  return Decision()
      .AddEvent(exchange::EventWith<jv1::RelocationEvent>(what))
      .Notify(pv1::RELATION_CONTACT_POINT, UnitOf(one), message);
}

std::unique_ptr<Message> RelocationView(const jv1::RequestedRelocation& state) {
  if (!state.has_relocation()) return nullptr;
  return relocation::Shown(state.relocation(), "", state.relocation().assessor());
}

RelocationPart RelocationMethods() {
  RelocationPart part;
  part.Serve<lv1::AssessRelocationRequest>({.target = &RelocationById<lv1::AssessRelocationRequest>,
                                            .decide = &Assess,
                                            .view = &RelocationView,
                                            .needs = exchange::Needs::kConfirmedHead})
      .Serve<lv1::GetRelocationRequest>(
          {.target = &RelocationById<lv1::GetRelocationRequest>, .view = &RelocationView})
      .List<lv1::ListRelocationsRequest>(
          {.prefix = relocation::Key(""),
           .view = &ListView,
           .watch = exchange::MethodOf(lv1::WatchRelocationsRequest::descriptor())});
  return part;
}

RelocationPart RelocationEvents() {
  RelocationPart part;
  part.After(&ChangeRelocation<relocation::jv1::Nominated>)
      .After(&ChangeRelocation<relocation::jv1::Asked>)
      .After(&TakeAssessment)
      .After(&ChangeAndCount<relocation::jv1::Withdrawn>)
      .Named(&KeysOf)
      .Obligations("relocation.overdue", &ActsOwed);
  return part;
}

exchange::Aggregate RequestedRelocations() {
  exchange::Aggregate requests = exchange::Compose<jv1::RequestedRelocation, jv1::RelocationEvent>(
      kRequests,
      {RelocationLetters(), RelocationEvents(), RelocationMethods(), RelocationPlaces(),
       RelocationInquiries(), RelocationDecisions(), RelocationBalances()},
      [](const exchange::LetterPlace& place) {
        return place.sender_kind == pv1::AUTHORITY_KIND_MUNICIPALITY
                   ? InquiryKey(place.subject)
                   : relocation::Key(place.subject);
      });
  // An order to erase is a police unit's; of others' there is nothing here.
  requests.letter_target = [of = requests.letter_target](const exchange::LetterPlace& place,
                                                         const exchange::v1::Body& body) {
    const bool anothers =
        body.has_erasure_ordered() && place.sender_kind != pv1::AUTHORITY_KIND_POLICE;
    return anothers ? std::nullopt : of(place, body);
  };
  requests.keys = [keys = requests.keys](const Message& state, const exchange::Lookup& lookup) {
    std::vector<std::string> all = keys(state, lookup);
    for (std::string& key : BalanceKeys(static_cast<const jv1::RequestedRelocation&>(state))) {
      all.push_back(std::move(key));
    }
    return all;
  };
  requests.evolve = [evolve = requests.evolve](Message& state, const Message& event) {
    Evolve(evolve, static_cast<jv1::RequestedRelocation&>(state),
           static_cast<const jv1::RelocationEvent&>(event));
  };
  // A store that was put back has forgotten what it said to it.
  requests.open_counterparts = exchange::OfState(&OpenParties);
  requests.still_asked = exchange::OfState(&IsStillAsked);
  requests.visibility = [](const Message&, pv1::Reader reader, const DecisionContext&) {
    return exchange::Visibility{reader, {pv1::CONDITION_OWN_PART}};
  };
  return requests;
}

}  // namespace exitbus::contact_point
