// What the two municipalities of a handover disagree on (N-08): who acts, or who pays. Both sides
// keep it alike; somebody acts meanwhile, and nothing waits for it.
#include <algorithm>
#include <utility>

#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/handover/v1/messages.pb.h"
#include "services/casework/addresses.h"
#include "services/casework/handover/evolve.h"
#include "services/casework/handover/handover.h"
#include "services/casework/handover/letters.h"
#include "services/casework/handover/rules.h"
#include "services/casework/methods.h"
#include "services/casework/relocation/relocation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"
#include "services/relocation/dwelling.h"

namespace exitbus::casework {
namespace {

using exchange::FromProto;
using google::protobuf::Timestamp;

constexpr int kDisputesMax = 10;
// By how much the other side's calendar may be ahead.
constexpr absl::Duration kAheadMax = absl::Hours(24);

// Who acts and who pays are two questions, each with disputes and numbers of its own.
bool IsAbout(const cv1::Dispute& dispute, cv1::DisputeSubject subject) {
  return dispute.subject() == subject;
}

int CountOf(const jv1::Handover& handover, cv1::DisputeSubject subject) {
  return static_cast<int>(
      std::count_if(handover.disputes().begin(), handover.disputes().end(),
                    [&](const cv1::Dispute& dispute) { return IsAbout(dispute, subject); }));
}

// UNSPECIFIED: of either.
const cv1::Dispute* OpenDispute(const jv1::Handover& handover, cv1::DisputeSubject subject) {
  return exchange::FindIn(handover.disputes(), [&](const cv1::Dispute& dispute) {
    return relocation::IsUnsettled(dispute) &&
           (subject == cv1::DISPUTE_SUBJECT_UNSPECIFIED || IsAbout(dispute, subject));
  });
}

template <class List>
auto FindDispute(List& all, const cv1::Dispute& said) {
  return exchange::FindIn(all, [&](const cv1::Dispute& dispute) {
    return dispute.number() == said.number() && IsAbout(dispute, said.subject());
  });
}

const Rule kTwoMunicipalities{
    "dispute.one_municipality",
    "The receiver was handlekommune before, or is no municipality: there are not two to disagree.",
    [](const Situation& s) {
      return AreTwoMunicipalities(s.file, *s.handover, ReceiverOf(*s.handover, s.context),
                                  s.context);
    }};

jv1::CaseEvent Noted(const jv1::Handover& handover, cv1::Dispute dispute,
                     const DecisionContext& context) {
  jv1::CaseEvent event = EventOf(handover);
  jv1::DisputeNoted& noted = *event.mutable_dispute_noted();
  *noted.mutable_dispute() = std::move(dispute);
  noted.set_receiving_municipality(ReceiverOf(handover, context));
  return event;
}

// It is so here, and the other side is told.
template <class Message>
Decision Say(const jv1::CaseFile& file, const jv1::Handover& handover, cv1::Dispute dispute,
             const DecisionContext& context) {
  Message message;
  *message.mutable_dispute() = dispute;
  return Decision()
      .AddEvent(Noted(handover, std::move(dispute), context))
      .Notify(CounterpartOf(file, handover), message);
}

bool IsDay(bool given, const Timestamp& day, absl::Time until) {
  return given && FromProto(day) <= until;
}

Timestamp DayOf(const Timestamp& time) {
  return exchange::ToProto(exchange::StartOfDay(FromProto(time)));
}

Decision DayRequired() {
  return Invalid("dispute.day_required", "Give the day of it, not a later one than today.");
}

Decision RaiseDispute(const jv1::CaseFile& file, const jv1::Handover& handover,
                      const hv1::RaiseDisputeRequest& request, const DecisionContext& context) {
  if (request.subject() == cv1::DISPUTE_SUBJECT_UNSPECIFIED ||
      request.acting() == cv1::DISPUTE_PARTY_UNSPECIFIED) {
    return Invalid("dispute.incomplete",
                   "Say what the dispute is about, and which municipality acts meanwhile.");
  }
  if (!IsDay(request.has_raised(), request.raised(), context.now)) return DayRequired();
  if (OpenDispute(handover, request.subject()) != nullptr) {
    return Decision::Refuse("dispute.already_open",
                            "A dispute about it is open. Settle that one first: SettleDispute.");
  }
  const int before = CountOf(handover, request.subject());
  if (before >= kDisputesMax) {
    return Decision::Refuse("dispute.too_many",
                            "This handover has had as many disputes about it as one may have.");
  }
  cv1::Dispute dispute;
  dispute.set_number(static_cast<std::uint32_t>(before) + 1);
  dispute.set_subject(request.subject());
  dispute.set_acting(request.acting());
  dispute.set_reference(request.reference());
  *dispute.mutable_raised() = DayOf(request.raised());
  return Say<hv1::DisputeRaised>(file, handover, std::move(dispute), context);
}

Decision SettleDispute(const jv1::CaseFile& file, const jv1::Handover& handover,
                       const hv1::SettleDisputeRequest& request, const DecisionContext& context) {
  const cv1::Dispute* const open = OpenDispute(handover, request.subject());
  if (open == nullptr) {
    return Decision::Refuse("dispute.none_open", "No such dispute is open in this handover.");
  }
  if (request.subject() == cv1::DISPUTE_SUBJECT_UNSPECIFIED &&
      open != exchange::FindLastIn(handover.disputes(), &relocation::IsUnsettled)) {
    return Invalid("dispute.incomplete", "Two disputes are open: say which of them is settled.");
  }
  cv1::Dispute dispute = *open;
  if (request.outcome() == cv1::DISPUTE_PARTY_UNSPECIFIED) {
    return Invalid("dispute.incomplete", "Say for which of the two municipalities it is settled.");
  }
  if (!IsDay(request.has_settled(), request.settled(), context.now)) return DayRequired();
  if (!request.reference().empty() && !dispute.reference().empty() &&
      request.reference() != dispute.reference()) {
    return Invalid(
        "dispute.another_reference",
        "The dispute has another reference already; GetHandover shows it. Leave it out.");
  }
  if (dispute.reference().empty()) dispute.set_reference(request.reference());
  dispute.set_outcome(request.outcome());
  *dispute.mutable_settled() = DayOf(request.settled());
  return Say<hv1::DisputeSettled>(file, handover, std::move(dispute), context);
}

// Said by the other side: it is joined to what is known here of the same question and number. At
// either side, also where this one has closed the handover before it came.
Decision Heard(const PartyLetter& letter, cv1::Dispute said, bool is_settled) {
  const jv1::Handover& handover = letter.handover;
  if (HasEnded(handover)) return Decision::NoEffect("dispute_crossed_end");
  const int next = std::min(CountOf(handover, said.subject()) + 1, kDisputesMax);
  if (IsBeforeAcceptance(handover) || said.number() == 0 ||
      said.number() > static_cast<std::uint32_t>(next) ||
      !IsMunicipality(ReceiverOf(handover, letter.context), letter.context)) {
    return OutOfTurn();
  }
  const absl::Time until = letter.context.now + kAheadMax;
  const bool is_whole = said.subject() != cv1::DISPUTE_SUBJECT_UNSPECIFIED &&
                        said.acting() != cv1::DISPUTE_PARTY_UNSPECIFIED &&
                        IsDay(said.has_raised(), said.raised(), until);
  const bool ends = said.outcome() != cv1::DISPUTE_PARTY_UNSPECIFIED &&
                    IsDay(said.has_settled(), said.settled(), until);
  const bool says_end = said.has_settled() || said.outcome() != cv1::DISPUTE_PARTY_UNSPECIFIED;
  if (!is_whole || (is_settled ? !ends : says_end)) {
    return Decision::Refuse("letter.dispute_incomplete",
                            "A dispute says what it is about, who acts, and from which day on; "
                            "once it is settled, and only then, for whom and on which day.");
  }
  *said.mutable_raised() = DayOf(said.raised());
  if (is_settled) *said.mutable_settled() = DayOf(said.settled());
  const auto* const known = FindDispute(handover.disputes(), said);
  if (known == nullptr) return Decision().AddEvent(Noted(handover, said, letter.context));
  cv1::Dispute merged = relocation::Merged(*known, said);
  if (merged.SerializeAsString() == known->SerializeAsString()) {
    return Decision::NoEffect("dispute_known");
  }
  return Decision().AddEvent(Noted(handover, std::move(merged), letter.context));
}

Decision OnRaised(const PartyLetter& letter, const hv1::DisputeRaised& message) {
  return Heard(letter, message.dispute(), false);
}

Decision OnSettled(const PartyLetter& letter, const hv1::DisputeSettled& message) {
  return Heard(letter, message.dispute(), true);
}

void Note(jv1::CaseFile& file, jv1::Handover& handover, const jv1::DisputeNoted& noted) {
  const cv1::Dispute& now = noted.dispute();
  auto* const known = FindDispute(*handover.mutable_disputes(), now);
  const bool decides =
      IsAbout(now, cv1::DISPUTE_SUBJECT_HANDLEKOMMUNE) &&
      now.outcome() != (known == nullptr ? cv1::DISPUTE_PARTY_UNSPECIFIED : known->outcome());
  *(known != nullptr ? known : handover.add_disputes()) = now;
  // Alike at both sides, whichever of two questions came first.
  std::sort(handover.mutable_disputes()->pointer_begin(),
            handover.mutable_disputes()->pointer_end(),
            [](const cv1::Dispute* one, const cv1::Dispute* other) {
              return std::pair(one->subject(), one->number()) <
                     std::pair(other->subject(), other->number());
            });
  handover.set_receiving_municipality(noted.receiving_municipality());
  if (decides) FollowOutcome(file, handover);
}

}  // namespace

CasePart DisputePart() {
  CasePart part;
  part.Serve(OnHandover({&kNotEnded, &kHasAccepted, &kTwoMunicipalities}, &RaiseDispute))
      .Serve(OnHandover({}, &SettleDispute))
      .On(AtEitherSide(&OnRaised))
      .On(AtEitherSide(&OnSettled))
      .After(OfHandover(&Note));
  return part;
}

}  // namespace exitbus::casework
