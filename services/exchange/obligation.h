// What others owe this authority that it told to do something, and whom it owes the same: that all
// have confirmed. For orders to erase, what a failed handover's receiver got, corrections,
// precautions, and whatever else is told and confirmed. A part names its obligations
// (Part::Obligations); the alarm, and how one that is overdue shows, are the same for all.
//
// A wait of a handover is none: it is for an answer, which may be one of several acts by either
// side; both sides keep it, the next wait replaces it, and everyone concerned is told by letter
// when it passes (services/casework/handover/escalation.h).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "exitbus/obligation_journal/v1/obligation.pb.h"
#include "services/exchange/aggregate.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::exchange {

namespace ov1 = obligation_journal::v1;

// It was told, and is to confirm by then.
ov1::Obligation::Party& Owe(const Party& to, absl::Time due, ov1::Obligation& obligation);

// One authority alone owes it, about that subject.
ov1::Obligation OwedBy(std::string_view authority, std::string_view subject, absl::Time due);

// It was told by this letter itself.
void OweTo(const LetterPlace& place, bool was_passed_on, ov1::Obligation& obligation);
bool IsOwedToAnother(const ov1::Obligation& obligation);

// The one that writes; null: it owes nothing under this subject.
const ov1::Obligation::Party* FindParty(const ov1::Obligation& obligation,
                                        const LetterPlace& place);
// As it stands once it has confirmed, now.
ov1::Obligation::Party Confirmed(ov1::Obligation::Party party, const DecisionContext& context);
// For `evolve`. Of who owes nothing, nothing comes.
void Confirm(const ov1::Obligation::Party& confirmed, ov1::Obligation& obligation);

// Whether one that has not confirmed need not any more. Null: each has to.
using Settled = std::function<bool(const ov1::Obligation::Party&)>;
bool IsOutstanding(const ov1::Obligation::Party& party, const Settled& settled = nullptr);
bool IsMet(const ov1::Obligation& obligation, const Settled& settled = nullptr);
// Whether somebody owed it, and all have confirmed.
bool IsConfirmed(const ov1::Obligation& obligation);
// Whether an alarm was raised, and somebody has not confirmed since.
bool IsOverdue(const ov1::Obligation& obligation, const Settled& settled = nullptr);

// One of those that a state has, by the name under which it falls due.
struct NamedObligation {
  std::string name;
  const ov1::Obligation* obligation;
  Settled settled = nullptr;
};
// When each is to be alarmed of: not one that is met, or was alarmed of.
std::vector<Deadline> DeadlinesOf(const std::vector<NamedObligation>& all);
// Whether that is now.
bool FallsDue(const std::vector<NamedObligation>& all, std::string_view name, absl::Time now);
// For `evolve`, of a state that is being changed.
void MarkOverdue(const std::vector<NamedObligation>& all, std::string_view name);

// What falls due under this name: operators are alarmed by `alarm`, and the event's member
// `overdue` says so.
template <class Event>
Decision AlarmOf(const std::vector<NamedObligation>& all, const std::string& alarm,
                 std::string_view name, const DecisionContext& context) {
  if (!FallsDue(all, name, context.now)) return Decision::NoEffect("deadline_over");
  Event event;
  event.mutable_overdue()->set_alarm(alarm);
  event.mutable_overdue()->set_name(std::string(name));
  return Decision().AddEvent(event).Report(Severity::kError, alarm);
}

// What people are shown of it.
template <class View>
void ShowDue(const ov1::Obligation& obligation, View& view, const Settled& settled = nullptr) {
  if (obligation.has_due()) *view.mutable_due() = obligation.due();
  view.set_overdue(IsOverdue(obligation, settled));
}

}  // namespace exitbus::exchange
