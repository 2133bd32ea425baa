#include "services/exchange/decide_letter.h"

#include <google/protobuf/message.h>

#include "exitbus/exchange/v1/body.pb.h"
#include "services/exchange/attempt.h"
#include "services/exchange/environment.h"
#include "services/exchange/newer_version.h"
#include "services/exchange/outgoing.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/ports/time.h"
#include "services/exchange/unit_of_work.h"
#include "services/policy/flows.h"
#include "services/policy/log_view.h"
#include "services/policy/values.h"

namespace exitbus::exchange {
namespace {

constexpr char kNoSuchLetter[] = "letter.not_for_this_authority";
constexpr char kNoSuchFlow[] = "letter.not_from_this_kind";
// Of a newer version; or 6, which was investigation and is none.
constexpr char kNoSuchPurpose[] = "letter.purpose_unknown";
constexpr char kBadValue[] = "letter.bad_value";

LetterOutcome Refused(const Environment& environment, const v1::Body& body, std::string_view rule) {
  const Message* message = KindIn(body);
  environment.telemetry->Log(Severity::kError, "letter.refused",
                             {{"rule", std::string(rule)},
                              {"message", message == nullptr ? "none" : policy::ForLog(*message)}});
  return {false, std::string(rule), {}};
}

// The rule by which it cannot be decided on at all; "": it can.
std::string_view Unacceptable(const Environment& environment, const v1::Body& body,
                              const LetterPlace& place, const DirectoryEntry& self) {
  const Message* kind = KindIn(body);
  if (kind == nullptr ||
      !policy::MayCome(*kind->GetDescriptor(), place.sender_kind, self.kind, place.channel)) {
    return kNoSuchFlow;
  }
  if (body.purpose() != policy::v1::PURPOSE_UNSPECIFIED &&
      !policy::v1::Purpose_IsValid(body.purpose())) {
    return kNoSuchPurpose;
  }
  const auto fault = policy::FaultIn(body);
  if (!fault) return "";
  environment.telemetry->Log(Severity::kError, "letter.bad_value", {{"field", fault->path}});
  return kBadValue;
}

}  // namespace

LetterOutcome DecideLetter(UnitOfWork& work, const Service& service, LetterPlace place,
                           const v1::Body& body) {
  const Environment& environment = work.environment();
  const auto sender = environment.directory->Find(place.sender);
  if (!sender) return {true, "", {}};  // it was parked, and its author has left meanwhile
  place.sender_kind = sender->kind;
  // Of a kind that only a newer version of this program knows.
  if (KindIn(body) == nullptr && !body.GetReflection()->GetUnknownFields(body).empty()) {
    return {true, "", {kAwaitsUpgrade}};
  }
  const DecisionContext context = work.DecisionContextFor();
  if (const auto rule = Unacceptable(environment, body, place, *context.self); !rule.empty()) {
    return Refused(environment, body, rule);
  }
  for (const Aggregate& aggregate : service.aggregates) {
    auto key = aggregate.letter_target(place, body);
    if (!key) continue;
    Attempt attempt(work);
    auto loaded = work.event_store().Find(aggregate, *key);
    if (!loaded && aggregate.letter_person) {
      if (auto of_person = aggregate.letter_person(body, *context.lookup)) {
        key = *std::move(of_person);
        loaded = work.event_store().Find(aggregate, *key);
      }
    }
    if (!loaded) loaded = work.event_store().Load(aggregate, FreshUuid(*environment.random));
    // It waits for a state that can be read again, whatever it says.
    if (!work.transaction().status().ok()) return {true, "", {*key}};
    Decision decision = aggregate.decide_letter(*loaded->state, place, body, context);
    if (!work.transaction().status().ok()) return {true, "", {*key}};  // it asked for another state
    if (decision.parked()) return {true, "", {*key}};
    if (!decision.accepted()) return Refused(environment, body, decision.refusal()->reason);
    if (!decision.no_effect().empty()) {
      environment.telemetry->Count("letters.without_effect", {{"name", decision.no_effect()}});
    }
    auto keys = work.Execute(aggregate, *loaded, std::move(decision));
    if (!work.transaction().status().ok()) return {true, "", {*key}};
    if (!keys) return Refused(environment, body, IdInUse().reason);
    attempt.Keep();
    return {false, "", *std::move(keys)};
  }
  return Refused(environment, body, kNoSuchLetter);
}

}  // namespace exitbus::exchange
