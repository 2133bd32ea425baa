// Where the candidate moves: the unit passes on what the contact point decides and what the
// authority in charge answers, keeps both, and lets nothing go on to a place that it does not find
// clear.
#include "services/relocation/placement.h"

#include <string>
#include <utility>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/ports/telemetry.h"
#include "services/police/parts.h"
#include "services/police/relocation.h"
#include "services/relocation/municipalities.h"
#include "services/relocation/told.h"

namespace exitbus::police {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using relocation::DecisionBy;
using relocation::IsClear;
using Request = relocation::jv1::Relocation;

// What happened by it goes on, if it did.
template <class Contents>
Decision PassOn(Decision decision, const SecurityLetter& letter, const Request& one,
                Contents message) {
  if (decision.events().empty()) return decision;
  if (letter.place.sender == one.assessor()) {
    message.set_relocation_id(one.seen().relocation_id());
    TellHolder(letter.state, message, letter.context, decision);
  } else {
    message.clear_relocation_id();
    decision.Notify(pv1::RELATION_POLICE, AssessorOf(one), message);
  }
  return decision;
}

Decision OnHearing(const SecurityLetter& letter, const Request& one,
                   const lv1::RelocationHearing& message) {
  lv1::RelocationHearing clear;
  for (const std::string& municipality : message.municipalities()) {
    if (IsClear(one, municipality)) clear.add_municipalities(municipality);
  }
  if (clear.municipalities().empty()) return Decision::NoEffect("hearing_crossed_exclusion");
  return PassOn(
      DecisionBy<jv1::SecurityEvent>(relocation::ToldHearing(&one, clear, letter.context)), letter,
      one, clear);
}

// One for a place that is not clear any more is revoked: the contact point is on its way to hear
// that.
Decision OnDecided(const SecurityLetter& letter, const Request& one,
                   const lv1::RelocationDecided& message) {
  const auto* const place = relocation::FindPlace(one, message.municipality());
  if (place == nullptr) {
    return Decision::Refuse("letter.out_of_turn", "Nobody asked whether that place is safe.");
  }
  if (!IsClear(one, message.municipality())) {
    return Decision::NoEffect("decision_crossed_exclusion");
  }
  return PassOn(DecisionBy<jv1::SecurityEvent>(relocation::ToldDecision(
                    &one, message, relocation::Owed::kFinalAnswer, letter.context)),
                letter, one, message);
}

Decision OnRevoked(const SecurityLetter& letter, const Request& one,
                   const lv1::RelocationRevoked& message) {
  return PassOn(
      DecisionBy<jv1::SecurityEvent>(relocation::ToldRevocation(&one, message, letter.context)),
      letter, one, message);
}

Decision OnHeard(const SecurityLetter& letter, const Request* known,
                 const lv1::RelocationHeard& message) {
  Decision decision = DecisionBy<jv1::SecurityEvent>(relocation::ToldHeard(known, message));
  return known == nullptr ? decision : PassOn(std::move(decision), letter, *known, message);
}

Decision OnPlacementAnswered(const SecurityLetter& letter, const Request* known,
                             const lv1::RelocationPlacementAnswered& message) {
  Decision decision =
      DecisionBy<jv1::SecurityEvent>(relocation::ToldAnswer(known, message, letter.context));
  return known == nullptr ? decision : PassOn(std::move(decision), letter, *known, message);
}

}  // namespace

const jv1::Transfer* OnItsWay(const jv1::SecurityFile& file, const Request& one,
                              const DecisionContext& context) {
  const lv1::Placement* const stands = relocation::Standing(one.seen());
  const jv1::Transfer* const transfer = OpenTransfer(file);
  return stands != nullptr && transfer != nullptr &&
                 stands->municipality() ==
                     relocation::CodeOf(transfer->seen().receiver(), *context.directory)
             ? transfer
             : nullptr;
}

bool CompleteRelocation(const Request& one, const std::string& to, const DecisionContext& context,
                        Decision& decision) {
  const std::string municipality = relocation::CodeOf(to, *context.directory);
  const lv1::Placement* const placement = relocation::LastFor(one.seen(), municipality);
  if (municipality.empty() || placement == nullptr) return false;
  const auto completed = relocation::Complete(one, placement->number(), context.now);
  lv1::RelocationCompleted message;
  message.set_number(completed.number());
  if (!IsClear(one, municipality)) {
    decision.Report(exchange::Severity::kError, "relocation.moved_to_place_not_clear");
  }
  EndConflicts(one, decision);
  decision.AddEvent(exchange::EventWith<jv1::SecurityEvent>(completed))
      .Notify(pv1::RELATION_POLICE, AssessorOf(one), message);
  return true;
}

void EndUnsafePlacement(const jv1::SecurityFile& before, const DecisionContext& context,
                        Decision& decision) {
  if (decision.events().empty() || before.relocations().empty()) return;
  const auto after = After(before, decision);
  for (const Request& one : after->relocations()) {
    const lv1::Placement* const stands = relocation::Standing(one.seen());
    if (stands == nullptr || IsClear(one, stands->municipality())) continue;
    const auto ended = relocation::EndPlacement(one, lv1::PLACEMENT_END_NOT_POSSIBLE, context.now);
    lv1::RelocationRevoked message;
    message.set_relocation_id(one.seen().relocation_id());
    message.set_number(ended.number());
    message.set_end(ended.end());
    decision.AddEvent(exchange::EventWith<jv1::SecurityEvent>(ended));
    TellHolder(*after, message, context, decision);
  }
}

SecurityPart RelocationDecisions() {
  SecurityPart part;
  part.On(FromAssessor(&OnHearing))
      .On(FromAssessor(&OnDecided))
      .On(FromAssessor(&OnRevoked))
      .On(FromHolder(&OnHeard))
      .On(FromHolder(&OnPlacementAnswered))
      .After(&relocation::Change<jv1::SecurityFile, relocation::jv1::HearingAsked>)
      .After(&relocation::Change<jv1::SecurityFile, relocation::jv1::Heard>)
      .After(&relocation::Change<jv1::SecurityFile, relocation::jv1::Placed>)
      .After(&relocation::Change<jv1::SecurityFile, relocation::jv1::PlacementAccepted>)
      .After(&relocation::Change<jv1::SecurityFile, relocation::jv1::PlacementEnded>)
      .After(&relocation::Change<jv1::SecurityFile, relocation::jv1::Completed>);
  return part;
}

}  // namespace exitbus::police
