// How long the final yes to a relocation lasts (R2). Nobody has left in time: both sides are asked,
// and unless both say that it still holds, it lapses openly. A no is told as ever, by ending the
// handover.
#include <algorithm>
#include <optional>
#include <vector>

#include "exitbus/handover/v1/handover.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/handover/evolve.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/letters.h"
#include "services/casework/handover/rules.h"
#include "services/casework/methods.h"
#include "services/casework/relocation/relocation.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"
#include "services/relocation/journey.h"
#include "services/relocation/placement.h"
#include "services/relocation/request.h"

namespace exitbus::casework {
namespace {

namespace lv1 = relocation::v1;
namespace ov1 = exchange::ov1;
using exchange::FromProto;
using exchange::ToProto;
using Request = relocation::jv1::Relocation;

// In working days.
constexpr int kAnswerDays = 5;
constexpr int kGraceDays = 1;  // for a word that is on its way when its time is over
// What a letter may say of when an answer is due, for other calendars.
constexpr absl::Duration kDueAheadMax = absl::Hours(21 * 24);

jv1::CaseEvent Noted(const jv1::Handover& handover, const jv1::Acceptance& acceptance) {
  jv1::CaseEvent event = EventOf(handover);
  *event.mutable_acceptance_noted()->mutable_acceptance() = acceptance;
  return event;
}

// The open handover that a decision has led to, at the holder; null: there is none.
const jv1::Handover* Decided(const jv1::CaseFile& file) {
  const jv1::Handover* const open = OpenHandover(file);
  return open != nullptr && open->side() == hv1::SIDE_HOLDER && !open->inquiry_id().empty()
             ? open
             : nullptr;
}

// From when on it is asked about; nullopt: it is not accepted, or used: the person has left.
std::optional<absl::Time> AskedFrom(const jv1::CaseFile& file, const jv1::Handover& handover,
                                    const jv1::Acceptance& acceptance,
                                    const DecisionContext& context) {
  const Request* const one = FollowedBy(file, handover);
  if (one == nullptr || !relocation::Standing(one->seen())->has_accepted() ||
      relocation::IsAway(handover.journey()) || relocation::HasArrived(handover.journey())) {
    return std::nullopt;
  }
  absl::Time from = FromProto(relocation::Standing(one->seen())->accepted());
  if (acceptance.has_renewed()) from = std::max(from, FromProto(acceptance.renewed()));
  if (handover.reason() == hv1::HANDOVER_REASON_RELEASE) {
    from = std::max(from, FromProto(file.planned_release()));
  }
  return from + context.acceptance_life;
}

bool IsOpenQuestion(const jv1::Acceptance& acceptance) {
  return !acceptance.question().parties().empty();
}

void TakeBack(jv1::Acceptance& acceptance) {
  acceptance.clear_question();
  acceptance.clear_lapses();
}

// What it is now, by the file as it is now.
jv1::Acceptance Followed(const jv1::CaseFile& file, const jv1::Handover& handover,
                         const DecisionContext& context) {
  jv1::Acceptance acceptance = handover.acceptance();
  if (exchange::IsConfirmed(acceptance.question())) {
    *acceptance.mutable_renewed() = ToProto(context.now);
    TakeBack(acceptance);
  }
  const auto from = AskedFrom(file, handover, acceptance, context);
  acceptance.clear_asked_from();
  if (from) *acceptance.mutable_asked_from() = ToProto(*from);
  if (!from || *from > context.now) TakeBack(acceptance);
  return acceptance;
}

// What the contact point has decided alone, a receiver does not end by its silence.
bool IsReceiverAsked(const jv1::Handover& handover) {
  return handover.placed_by() != lv1::DECISION_MODE_CENTRAL_DECISION;
}

void Tell(const jv1::CaseFile& file, const jv1::Handover& handover,
          const jv1::Acceptance& acceptance, Decision& decision) {
  if (!IsReceiverAsked(handover)) return;
  hv1::AcceptanceQuestioned message;
  if (IsOpenQuestion(acceptance)) *message.mutable_due() = acceptance.question().due();
  decision.Notify(CounterpartOf(file, handover), message);
}

// It is as it is now; the other side hears of a question that is none any more.
void Note(const jv1::CaseFile& file, const jv1::Handover& handover, const jv1::Acceptance& now,
          Decision& decision) {
  decision.AddEvent(Noted(handover, now));
  if (IsOpenQuestion(handover.acceptance()) && !IsOpenQuestion(now)) {
    Tell(file, handover, now, decision);
  }
}

absl::Time LapsesFrom(absl::Time due) { return exchange::AddWorkingDays(due, kGraceDays); }

void Ask(const jv1::CaseFile& file, const jv1::Handover& handover, jv1::Acceptance acceptance,
         const DecisionContext& context, Decision& decision) {
  const absl::Time due = exchange::AddWorkingDays(context.now, kAnswerDays);
  exchange::Party self;
  self.authority = context.self->id;
  self.subject = handover.handover_id();
  acceptance.clear_question();
  exchange::Owe(self, due, *acceptance.mutable_question());
  if (IsReceiverAsked(handover)) {
    exchange::Owe(CounterpartOf(file, handover).to, due, *acceptance.mutable_question());
  }
  *acceptance.mutable_lapses() = ToProto(LapsesFrom(due));
  decision.AddEvent(Noted(handover, acceptance));
  Tell(file, handover, acceptance, decision);
}

// Whether the other side has got all that it was told of this handover.
bool HasHeard(const jv1::CaseFile& file, const jv1::Handover& handover,
              const DecisionContext& context) {
  const exchange::Party other = CounterpartOf(file, handover).to;
  const exchange::Progress progress =
      context.lookup->ProgressWith(other.authority, policy::v1::CHANNEL_HANDOVER, other.subject);
  return !handover.correspondence_stopped() && progress.receipted >= progress.sent;
}

// Its time is over, and not both have said that it holds. Who may not have been asked is asked
// anew; whose word may lie unread is waited for; else what is decided ends, and the handover by it.
void LapseUnless(const jv1::CaseFile& file, const jv1::Handover& handover, jv1::Acceptance now,
                 const DecisionContext& context, Decision& decision) {
  if (IsReceiverAsked(handover) && !HasHeard(file, handover, context)) {
    return Ask(file, handover, std::move(now), context, decision);
  }
  if (!context.caught_up) {
    *now.mutable_lapses() = ToProto(LapsesFrom(context.now));
    decision.AddEvent(Noted(handover, now));
    return;
  }
  AnswerDecision(file, *FollowedBy(file, handover), lv1::PLACEMENT_END_LAPSED, context, decision);
  decision.Report(exchange::Severity::kWarning, "handover.acceptance_lapsed");
}

std::vector<exchange::Deadline> WhenItFallsDue(const jv1::CaseFile& file) {
  const jv1::Handover* const handover = Decided(file);
  if (handover == nullptr || !handover->acceptance().has_asked_from()) return {};
  const jv1::Acceptance& acceptance = handover->acceptance();
  const bool asked = IsOpenQuestion(acceptance);
  return {
      {handover->handover_id(), FromProto(asked ? acceptance.lapses() : acceptance.asked_from())}};
}

Decision FallsDue(const jv1::CaseFile& file, std::string_view handover_id,
                  const DecisionContext& context) {
  const auto all = WhenItFallsDue(file);
  if (all.empty() || all.front().name != handover_id || all.front().due > context.now) {
    return Decision::NoEffect("deadline_over");
  }
  const jv1::Handover& handover = *Decided(file);
  const jv1::Acceptance now = Followed(file, handover, context);
  Decision decision;
  if (now.SerializeAsString() != handover.acceptance().SerializeAsString()) {
    Note(file, handover, now, decision);  // by other settings than before
  } else if (IsOpenQuestion(now)) {
    LapseUnless(file, handover, now, context, decision);
  } else {
    Ask(file, handover, now, context, decision);
  }
  return decision;
}

// This side's own word; null: it is not asked.
const ov1::Obligation::Party* OwnWord(const jv1::Handover& handover, std::string_view self) {
  return exchange::FindIn(handover.acceptance().question().parties(),
                          [&](const auto& party) { return party.authority() == self; });
}

const Rule kAcceptanceAsked{
    "handover.acceptance_not_asked",
    "Nobody asks now whether the acceptance still holds. GetHandover shows when it is asked.",
    [](const Situation& s) { return OwnWord(*s.handover, s.context.self->id) != nullptr; }};

const Rule kAcceptanceNotConfirmed{
    "handover.acceptance_confirmed", "This side has said so. The other one's word is waited for.",
    [](const Situation& s) {
      const auto* const own = OwnWord(*s.handover, s.context.self->id);
      return own == nullptr || !own->has_confirmed();
    }};

// By whom it is confirmed, now.
jv1::CaseEvent ConfirmedBy(const jv1::Handover& handover, const ov1::Obligation::Party& party,
                           const DecisionContext& context) {
  jv1::Acceptance acceptance = handover.acceptance();
  exchange::Confirm(exchange::Confirmed(party, context), *acceptance.mutable_question());
  return Noted(handover, acceptance);
}

Decision ConfirmAcceptance(const jv1::CaseFile& file, const jv1::Handover& handover,
                           const hv1::ConfirmAcceptanceRequest&, const DecisionContext& context) {
  Decision decision;
  decision.AddEvent(ConfirmedBy(handover, *OwnWord(handover, context.self->id), context));
  if (handover.side() == hv1::SIDE_HOLDER) return decision;
  hv1::AcceptanceConfirmed message;
  *message.mutable_due() = handover.acceptance().question().due();
  return decision.Notify(CounterpartOf(file, handover), message);
}

// At the receiver. The question replaces the one before, or takes it back.
Decision OnQuestioned(const PartyLetter& letter, const hv1::AcceptanceQuestioned& message) {
  const jv1::Handover& handover = letter.handover;
  if (HasEnded(handover)) return Decision::NoEffect("question_crossed_end");
  if (HasMoved(handover)) return Decision::NoEffect("question_crossed_take_over");
  if (IsBeforeAcceptance(handover) || handover.inquiry_id().empty()) return OutOfTurn();
  const absl::Time due = FromProto(message.due());
  if (due > letter.context.now + kDueAheadMax) {
    return Decision::Refuse("letter.acceptance_due", "An answer is due within three weeks.");
  }
  const jv1::Acceptance& known = handover.acceptance();
  const bool is_open = IsOpenQuestion(known);
  if (message.has_due() ? is_open && FromProto(known.question().due()) == due : !is_open) {
    return Decision::NoEffect("question_known_or_over");
  }
  jv1::Acceptance acceptance;
  if (message.has_due()) {
    *acceptance.mutable_question() =
        exchange::OwedBy(letter.context.self->id, handover.handover_id(), due);
    acceptance.mutable_question()->set_overdue(known.question().overdue());  // alarmed of once
  }
  return Decision().AddEvent(Noted(handover, acceptance));
}

// At the holder. It counts for the question that it names.
Decision OnConfirmed(const PartyLetter& letter, const hv1::AcceptanceConfirmed& message) {
  const jv1::Handover& handover = letter.handover;
  if (HasEnded(handover)) return Decision::NoEffect("confirmation_crossed_end");
  if (IsBeforeAcceptance(handover) || handover.inquiry_id().empty() || HasMoved(handover)) {
    return OutOfTurn();
  }
  const ov1::Obligation& question = handover.acceptance().question();
  const auto* const word = exchange::FindParty(question, letter.place);
  if (word == nullptr || FromProto(question.due()) != FromProto(message.due())) {
    return Decision::NoEffect("confirmation_crossed_question");
  }
  if (word->has_confirmed()) return Decision::NoEffect("confirmation_known");
  return Decision().AddEvent(ConfirmedBy(handover, *word, letter.context));
}

void Become(jv1::Handover& handover, const jv1::AcceptanceNoted& noted) {
  *handover.mutable_acceptance() = noted.acceptance();
}

std::vector<exchange::NamedObligation> WordsOwed(const jv1::CaseFile& file) {
  const jv1::Handover* const open = OpenHandover(file);
  if (open == nullptr) return {};
  return {{open->handover_id(), &open->acceptance().question()}};
}

}  // namespace

void FollowAcceptance(const jv1::CaseFile& before, const DecisionContext& context,
                      Decision& decision) {
  if (decision.events().empty() || Decided(before) == nullptr) return;
  const auto after = After(before, decision);
  const jv1::Handover* const handover = Decided(*after);
  if (handover == nullptr) return;
  const jv1::Acceptance now = Followed(*after, *handover, context);
  if (now.SerializeAsString() == handover->acceptance().SerializeAsString()) return;
  Note(*after, *handover, now, decision);
}

void ShowAcceptance(const jv1::Handover& handover, hv1::Handover& view) {
  const jv1::Acceptance& acceptance = handover.acceptance();
  if (!IsOpen(handover) || (!acceptance.has_asked_from() && !IsOpenQuestion(acceptance))) return;
  hv1::AcceptanceLife& life = *view.mutable_acceptance();
  if (acceptance.has_asked_from()) *life.mutable_asked_from() = acceptance.asked_from();
  if (!IsOpenQuestion(acceptance)) return;
  exchange::ShowDue(acceptance.question(), life);
  for (const auto& party : acceptance.question().parties()) {
    if (!party.has_confirmed()) continue;
    party.authority() == handover.counterpart() ? life.set_confirmed_there(true)
                                                : life.set_confirmed_here(true);
  }
}

CasePart AcceptancePart() {
  CasePart part;
  part.Serve(OnHandover({&kNotEnded, &kNotTakenOver, &kAcceptanceAsked, &kAcceptanceNotConfirmed},
                        &ConfirmAcceptance))
      .On(AtReceiver(&OnQuestioned))
      .On(AtHolder(&OnConfirmed))
      .After(OfHandover(&Become))
      .Due("acceptance", &WhenItFallsDue, &FallsDue)
      .Obligations("handover.acceptance_unanswered", &WordsOwed);
  return part;
}

}  // namespace exitbus::casework
