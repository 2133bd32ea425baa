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

template <class Request>
std::string ById(const Request& request) {
  return relocation::Key(request.relocation_id());
}

std::unique_ptr<Message> View(const jv1::RequestedRelocation& request) {
  return request.has_relocation() ? relocation::Shown(request.relocation(), "") : nullptr;
}

std::unique_ptr<Message> ListView(const jv1::RequestedRelocation& request, std::string_view,
                                  const lv1::ListRelocationsRequest& asked) {
  const bool ended = relocation::HasEnded(request.relocation().seen().stage());
  return asked.open_only() && ended ? nullptr : View(request);
}

// The police unit hears, and tells the authority in charge.
Decision Tell(const lv1::Relocation& seen, const jv1::RelocationEvent& event,
              const lv1::RelocationAssessed& message) {
  return Decision().AddEvent(event).Notify(pv1::RELATION_CONTACT_POINT,
                                           {seen.police(),
                                            pv1::RELATION_POLICE,
                                            seen.relocation_id(),
                                            {},
                                            pv1::LEGAL_BASIS_RHL,
                                            pv1::PURPOSE_EXIT_SUPPORT},
                                           message);
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
  jv1::RelocationEvent event;
  *event.mutable_asked() = relocation::Ask(state.relocation(), due, context.now);
  *event.mutable_asked()->mutable_asked() = request.asked();
  lv1::RelocationAssessed message;
  message.set_outcome(request.outcome());
  *message.mutable_asked() = request.asked();
  *message.mutable_information_due() = ToProto(due);
  return Tell(seen, event, message);
}

Decision Assess(const jv1::RequestedRelocation& state, const lv1::AssessRelocationRequest& request,
                const DecisionContext& context) {
  const lv1::Relocation& seen = state.relocation().seen();
  if (seen.stage() == lv1::RELOCATION_STAGE_WITHDRAWN) {
    return Decision::Refuse("relocation.withdrawn", "The request was withdrawn.");
  }
  if (seen.stage() == lv1::RELOCATION_STAGE_NECESSARY ||
      seen.stage() == lv1::RELOCATION_STAGE_NOT_NECESSARY) {
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
  jv1::RelocationEvent event;
  auto& assessed = *event.mutable_assessed();
  assessed.set_relocation_id(seen.relocation_id());
  *assessed.mutable_instant() = ToProto(context.now);
  assessed.set_necessary(necessary);
  *assessed.mutable_grounds() = request.grounds();
  lv1::RelocationAssessed message;
  message.set_outcome(request.outcome());
  *message.mutable_grounds() = request.grounds();
  return Tell(seen, event, message);
}

template <class What>
void Change(jv1::RequestedRelocation& state, const What& what) {
  relocation::Evolve(what, *state.mutable_relocation());
}

std::vector<exchange::NamedObligation> ActOwed(const jv1::RequestedRelocation& state) {
  return {{"", &state.relocation().next()}};
}

std::vector<std::string> KeysOf(const jv1::RequestedRelocation& state, const exchange::Lookup&) {
  if (!state.has_relocation()) return {};
  return {relocation::Key(state.relocation().seen().relocation_id())};
}

std::vector<std::string> OpenParties(const jv1::RequestedRelocation& state) {
  const lv1::Relocation& seen = state.relocation().seen();
  if (relocation::HasEnded(seen.stage())) return {};
  return {seen.police()};
}

}  // namespace

RelocationPart RelocationMethods() {
  RelocationPart part;
  part.Serve<lv1::AssessRelocationRequest>({.target = &ById,
                                            .decide = &Assess,
                                            .view = &View,
                                            .needs = exchange::Needs::kConfirmedHead})
      .Serve<lv1::GetRelocationRequest>({.target = &ById, .view = &View})
      .List<lv1::ListRelocationsRequest>(
          {.prefix = relocation::Key(""),
           .view = &ListView,
           .watch = exchange::MethodOf(lv1::WatchRelocationsRequest::descriptor())});
  return part;
}

RelocationPart RelocationEvents() {
  RelocationPart part;
  part.After(&Change<relocation::jv1::Nominated>)
      .After(&Change<relocation::jv1::Asked>)
      .After(&Change<relocation::jv1::Assessed>)
      .After(&Change<relocation::jv1::Withdrawn>)
      .Named(&KeysOf)
      .Obligations("relocation.overdue", &ActOwed);
  return part;
}

exchange::Aggregate RequestedRelocations() {
  exchange::Aggregate requests = exchange::Compose<jv1::RequestedRelocation, jv1::RelocationEvent>(
      "relocation", {RelocationLetters(), RelocationEvents(), RelocationMethods()},
      [](const exchange::LetterPlace& place) { return relocation::Key(place.subject); });
  // An order to erase is a police unit's; of others' there is nothing here.
  requests.letter_target = [of = requests.letter_target](const exchange::LetterPlace& place,
                                                         const exchange::v1::Body& body) {
    const bool anothers =
        body.has_erasure_ordered() && place.sender_kind != pv1::AUTHORITY_KIND_POLICE;
    return anothers ? std::nullopt : of(place, body);
  };
  // A store that was put back has forgotten what it said to it.
  requests.open_counterparts = exchange::OfState(&OpenParties);
  requests.visibility = [](const Message&, pv1::Reader reader, const DecisionContext&) {
    return exchange::Visibility{reader, {pv1::CONDITION_OWN_PART}};
  };
  return requests;
}

}  // namespace exitbus::contact_point
