// The journey of who moves: he departs, does not arrive at the agreed hour, is missed by everybody
// concerned, and arrives late at night.
#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/proto_time.h"
#include "tests/story/checks.h"
#include "tests/story/operations.h"
#include "tests/story/relocation_calls.h"
#include "tests/story/story.h"

namespace exitbus::story {
namespace {

constexpr absl::Duration kDrive = absl::Hours(2);
constexpr absl::Duration kLate = absl::Hours(5);

bool IsUnderWay(const rlv1::Journey& journey) {
  return journey.stage() == rlv1::JOURNEY_STAGE_UNDER_WAY;
}
bool IsMissing(const rlv1::Journey& journey) { return journey.overdue(); }
bool HasArrived(const rlv1::Journey& journey) {
  return journey.stage() == rlv1::JOURNEY_STAGE_ARRIVED;
}

}  // namespace

// Both sides and both police units.
absl::Status Story::AwaitJourney(const Handing& handing, absl::Time since, const std::string& what,
                                 bool (*holds)(const rlv1::Journey&)) {
  for (Actor* const side : {handing.holder, handing.receiver}) {
    RETURN_IF_ERROR(side->AwaitHandover(handing.id, since, what,
                                        [&](const hv1::Handover& h) { return holds(h.journey()); })
                        .status());
  }
  const auto at_unit = [&](const plv1::SecurityFile& file) { return holds(file.journey()); };
  RETURN_IF_ERROR(
      in_charge_.police->AwaitSecurityFile(in_charge_.file, since, what, at_unit).status());
  return ErasureScopeOf(handing.receiver)
      ->AwaitSecurityFile(handing.id, since, what, at_unit)
      .status();
}

absl::Status Story::Depart(const Handing& handing) {
  const auto& [holder, receiver, id] = handing;
  ASSIGN_OR_RETURN(const absl::Time now, deployment_->Today());
  RETURN_IF_ERROR(holder->Depart(id, now + kDrive).status());
  say_->Did(Nick(holder), "sees him off; he is expected in two hours", holder->took());
  const absl::Time sent = holder->sent();
  RETURN_IF_ERROR(AwaitJourney(handing, sent, "he is under way", &IsUnderWay));
  say_->Hop(Nick(holder), Nick(receiver), "PersonDeparted, also to both police units",
            absl::Now() - sent);
  ASSIGN_OR_RETURN(const hv1::Handover expected, receiver->GetHandover(id));
  say_->Sees(Nick(receiver), ShownIn(expected.journey()));
  return CheckRefusal(receiver->TakeOver(id).status(), "handover.not_arrived");
}

absl::Status Story::BeMissed(const Handing& handing) {
  const absl::Time began = absl::Now();
  RETURN_IF_ERROR(AdvanceClock(*deployment_, kDrive + kLate));
  say_->Did("!", "the evening passes: the clock of all is moved on by 7 hours",
            absl::Now() - began);
  RETURN_IF_ERROR(AwaitJourney(handing, began, "he is missed", &IsMissing));
  say_->Holds("he is missing: both sides and both police units are alarmed, each by itself");
  ASSIGN_OR_RETURN(const auto heard,
                   AwaitPlaces(*desk_, relocation_, began, [](const rlv1::Relocation& seen) {
                     return seen.arrival_overdue();
                   }));
  say_->Hop(Nick(in_charge_.police), Nick(desk_.get()), "RelocationArrivalOverdue, the bare fact",
            heard.took);
  say_->Sees(Nick(desk_.get()), ShownIn(heard.view));
  say_->SeesNot(Nick(desk_.get()), {"name", "CPR number", "the case's id", "the journey's hours"});
  const std::string bytes = heard.view.SerializeAsString();
  for (const std::string& text : {case_id_, handing.id, person_.name(), person_.cpr_number()}) {
    RETURN_IF_ERROR(Check(!absl::StrContains(bytes, text), "the desk knows no person", heard.view));
  }
  return absl::OkStatus();
}

absl::Status Story::Arrive(const Handing& handing) {
  const auto& [holder, receiver, id] = handing;
  RETURN_IF_ERROR(receiver->Arrive(id).status());
  say_->Did(Nick(receiver), "receives him, late at night", receiver->took());
  const absl::Time sent = receiver->sent();
  RETURN_IF_ERROR(AwaitJourney(handing, sent, "he is there", &HasArrived));
  say_->Hop(Nick(receiver), Nick(holder), "PersonArrived, also to both police units",
            absl::Now() - sent);
  return AwaitPlaces(*desk_, relocation_, sent,
                     [](const rlv1::Relocation& seen) { return !seen.arrival_overdue(); })
      .status();
}

}  // namespace exitbus::story
