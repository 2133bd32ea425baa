#include "services/police/conflict.h"

#include <string>
#include <utility>
#include <vector>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/police_journal/v1/conflict.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/relocation/v1/conflict_service.pb.h"
#include "exitbus/relocation/v1/messages.pb.h"
#include "services/exchange/compose.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/relocation/asked.h"
#include "services/relocation/municipalities.h"
#include "services/relocation/places.h"
#include "services/relocation/request.h"

namespace exitbus::police {
namespace {

namespace jv1 = police_journal::v1;
namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;
using exchange::Message;
using exchange::ToProto;
using ConflictPart = exchange::Part<jv1::AskedConflict, jv1::ConflictEvent>;
using ConflictLetter = exchange::Letter<jv1::AskedConflict>;

std::string Key(const std::string& conflict_id) {
  return exchange::KindName{"conflict", conflict_id}.Encode();
}

template <class Request>
std::string ById(const Request& request) {
  return Key(request.conflict_id());
}

std::unique_ptr<Message> View(const jv1::AskedConflict& conflict) {
  if (!conflict.has_seen()) return nullptr;
  auto view = std::make_unique<lv1::AskedConflict>(conflict.seen());
  exchange::ShowDue(conflict.answer(), *view);
  return view;
}

std::unique_ptr<Message> ListView(const jv1::AskedConflict& conflict, std::string_view,
                                  const lv1::ListAskedConflictsRequest& asked) {
  return asked.open_only() && conflict.seen().has_ended() ? nullptr : View(conflict);
}

Decision OnInquiry(const ConflictLetter& letter, const lv1::ConflictInquiry& message) {
  const auto& [conflict, place, body, context] = letter;
  if (auto nothing = relocation::BeginsNothing(conflict.seen().asker(), place)) {
    return *std::move(nothing);
  }
  const auto* municipality = relocation::FindMunicipality(message.municipality());
  if (municipality == nullptr || municipality->district != context.self->district) {
    return Decision::Refuse(BadInput("conflict.not_of_this_district",
                                     "Ask the unit in whose district the municipality lies."));
  }
  if (!relocation::SaysSomething(message.groups())) {
    return Decision::Refuse(
        BadInput("conflict.group_required", "Say from which groups there may be a conflict."));
  }
  jv1::ConflictEvent event;
  jv1::ConflictAsked& asked = *event.mutable_asked();
  lv1::AskedConflict& seen = *asked.mutable_seen();
  seen.set_conflict_id(place.subject);
  seen.set_asker(place.sender);
  seen.set_municipality(message.municipality());
  *seen.mutable_groups() = message.groups();
  seen.set_answer(lv1::PLACE_SAFETY_ASKED);
  *seen.mutable_asked() = ToProto(context.now);
  *asked.mutable_answer() =
      exchange::OwedBy(context.self->id, place.subject, relocation::SafetyDue(context.now));
  return Decision().AddEvent(event);
}

Decision OnWithdrawn(const ConflictLetter& letter, const lv1::RelocationWithdrawn&) {
  const lv1::AskedConflict& seen = letter.state.seen();
  if (auto nothing = relocation::EndsNothing(seen.asker(), seen.has_ended(), letter.place)) {
    return *std::move(nothing);
  }
  jv1::ConflictEvent event;
  *event.mutable_ended()->mutable_ended() = ToProto(letter.context.now);
  return Decision().AddEvent(event).EraseReceived();
}

Decision Answer(const jv1::AskedConflict& conflict,
                const lv1::AnswerConflictInquiryRequest& request, const DecisionContext&) {
  const lv1::AskedConflict& seen = conflict.seen();
  if (seen.has_ended()) {
    return Decision::Refuse("conflict.ended", "The unit that asked needs no answer any more.");
  }
  if (!relocation::IsAnAnswer(request.safety())) {
    return Decision::Refuse(
        BadInput("conflict.answer_required", "Answer CLEAR, NOT_POSSIBLE or UNKNOWN."));
  }
  jv1::ConflictEvent event;
  event.mutable_answered()->set_answer(request.safety());
  lv1::ConflictAnswered message;
  message.set_municipality(seen.municipality());
  message.set_safety(request.safety());
  return Decision().AddEvent(event).Notify(pv1::RELATION_RECEIVING_POLICE,
                                           {seen.asker(),
                                            pv1::RELATION_POLICE,
                                            seen.conflict_id(),
                                            {},
                                            pv1::LEGAL_BASIS_UNSPECIFIED,
                                            pv1::PURPOSE_SECURITY},
                                           message);
}

void Ask(jv1::AskedConflict& conflict, const jv1::ConflictAsked& asked) {
  *conflict.mutable_seen() = asked.seen();
  *conflict.mutable_answer() = asked.answer();
}

void TakeAnswer(jv1::AskedConflict& conflict, const jv1::ConflictAnswerGiven& answered) {
  conflict.mutable_seen()->set_answer(answered.answer());
  conflict.clear_answer();
}

// What stays says of nobody, of no place and of no day.
void End(jv1::AskedConflict& conflict, const jv1::ConflictEnded& ended) {
  lv1::AskedConflict& seen = *conflict.mutable_seen();
  seen.clear_municipality();
  seen.clear_groups();
  for (auto* instant : {seen.mutable_asked(), seen.mutable_ended()}) {
    *instant = ToProto(exchange::StartOfMonth(exchange::FromProto(ended.ended())));
  }
  conflict.clear_answer();
}

std::vector<std::string> KeysOf(const jv1::AskedConflict& conflict, const exchange::Lookup&) {
  if (!conflict.has_seen()) return {};
  return {Key(conflict.seen().conflict_id())};
}

std::vector<exchange::NamedObligation> AnswerOwed(const jv1::AskedConflict& conflict) {
  return {{"", &conflict.answer()}};
}

std::vector<std::string> WhoAsks(const jv1::AskedConflict& conflict) {
  if (!conflict.has_seen() || conflict.seen().has_ended()) return {};
  return {conflict.seen().asker()};
}

ConflictPart Letters() {
  ConflictPart part;
  part.On(&OnInquiry).On(&OnWithdrawn);
  return part;
}

ConflictPart Events() {
  ConflictPart part;
  part.After(&Ask)
      .After(&TakeAnswer)
      .After(&End)
      .Named(&KeysOf)
      .Obligations("relocation.overdue", &AnswerOwed);
  return part;
}

ConflictPart Methods() {
  ConflictPart part;
  part.Serve<lv1::AnswerConflictInquiryRequest>({.target = &ById,
                                                 .decide = &Answer,
                                                 .view = &View,
                                                 .needs = exchange::Needs::kConfirmedHead})
      .Serve<lv1::GetAskedConflictRequest>({.target = &ById, .view = &View})
      .List<lv1::ListAskedConflictsRequest>(
          {.prefix = Key(""),
           .view = &ListView,
           .watch = exchange::MethodOf(lv1::WatchAskedConflictsRequest::descriptor())});
  return part;
}

}  // namespace

exchange::Aggregate AskedConflicts() {
  exchange::Aggregate conflicts = exchange::Compose<jv1::AskedConflict, jv1::ConflictEvent>(
      "conflict", {Letters(), Events(), Methods()}, [](const exchange::LetterPlace& place) {
        // What a holder withdraws is a request of its own case.
        return place.sender_kind == pv1::AUTHORITY_KIND_POLICE ? Key(place.subject) : "";
      });
  // A store that was put back has forgotten what it answered.
  conflicts.open_counterparts = exchange::OfState(&WhoAsks);
  conflicts.visibility = [](const Message&, pv1::Reader reader, const DecisionContext&) {
    return exchange::Visibility{reader, {pv1::CONDITION_OWN_PART}};
  };
  return conflicts;
}

}  // namespace exitbus::police
