#include "services/casework/handover/escalation.h"

#include <algorithm>
#include <utility>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/case_file.h"
#include "services/casework/erasure/erasure.h"
#include "services/casework/handover/followers.h"
#include "services/casework/handover/handover.h"
#include "services/casework/parties.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

hv1::HandoverEscalated Escalated(const jv1::Handover& handover) {
  hv1::HandoverEscalated told;
  told.set_waiting_for(handover.waiting_for());
  *told.mutable_due() = handover.due();
  return told;
}

hv1::HandoverEscalated ForContactPoint(const jv1::Handover& handover, const Facts& facts) {
  hv1::HandoverEscalated told = Escalated(handover);
  told.set_holder(HolderOf(handover, facts));
  told.set_receiver(ReceiverOf(handover, facts));
  return told;
}

// Only the side that waits tells of it.
bool IsOursToTell(const jv1::Handover& handover) {
  return handover.side() != handover.waiting_for();
}

// It hears of a handover here for the first time, and the case has been taken over already.
void TellContactPointThatItMoved(const jv1::CaseFile& file, const jv1::Handover& handover,
                                 const Facts& facts, Decision& decision) {
  if (handover.side() != hv1::SIDE_RECEIVER || !HasMoved(handover) ||
      IsFollowedByContactPoint(handover, facts)) {
    return;
  }
  for (exchange::Party& reader : SlipReaders(file, handover, facts)) {
    if (reader.relation == policy::v1::RELATION_CONTACT_POINT) {
      TellTakenOver(std::move(reader), handover, facts, decision);
    }
  }
}

}  // namespace

Decision DecideDeadline(const jv1::CaseFile& file, std::string_view handover_id,
                        const Facts& facts) {
  if (file.has_erasure()) return OnErasureOverdue(file, facts);
  const jv1::Handover* handover = FindHandover(file, handover_id);
  if (handover == nullptr || handover->escalated() ||
      handover->waiting_for() == hv1::SIDE_UNSPECIFIED ||
      exchange::FromProto(handover->due()) > facts.now) {
    return Decision::NoEffect("deadline_over");
  }
  jv1::CaseEvent event = EventOf(*handover);
  event.mutable_escalated();
  Decision decision;
  decision.Happened(event);
  if (IsOursToTell(*handover)) {
    const hv1::HandoverEscalated told = Escalated(*handover);
    decision.Tell(SpeakingAs(*handover), CounterpartOf(file, *handover), told);
    TellPolice(*handover, told, decision);
    TellContactPoint(*handover, ForContactPoint(*handover, facts), facts, decision);
    TellContactPointThatItMoved(file, *handover, facts, decision);
  }
  return decision;
}

Decision OnEscalated(const Letter& letter) {
  const bool known_or_over =
      letter.handover.escalated() || letter.handover.waiting_for() == hv1::SIDE_UNSPECIFIED;
  if (known_or_over && letter.handover.contact_point_told()) {
    return Decision::NoEffect("escalation_known_or_over");
  }
  jv1::CaseEvent event = EventOf(letter.handover);
  event.mutable_escalated();
  Decision decision;
  decision.Happened(event);
  TellContactPointThatItMoved(letter.file, letter.handover, letter.facts, decision);
  return decision;
}

Decision OnNudged(const jv1::CaseFile& file, const LetterPlace& place, const Facts& facts) {
  const auto sender = facts.directory->Find(place.sender);
  if (!sender || sender->kind != policy::v1::AUTHORITY_KIND_CONTACT_POINT) {
    return Decision::Refuse("letter.not_the_contact_point", "Only the contact point nudges.");
  }
  const auto handover = std::find_if(
      file.handovers().begin(), file.handovers().end(),
      [&](const jv1::Handover& candidate) { return candidate.contact_id() == place.subject; });
  if (handover == file.handovers().end()) return Decision::Park();
  if (handover->waiting_for() != handover->side())
    return Decision::NoEffect("nudge_crossed_answer");
  jv1::CaseEvent event = EventOf(*handover);
  event.mutable_nudged();
  return Decision().Happened(event);
}

Decision WithAnswers(const jv1::CaseFile& file, Decision decision, const Facts& facts) {
  const bool escalated =
      std::any_of(file.handovers().begin(), file.handovers().end(),
                  [](const jv1::Handover& h) { return h.escalated() && IsOursToTell(h); });
  if (!escalated || decision.events().empty()) return decision;
  jv1::CaseFile after = file;
  for (const auto& event : decision.events()) {
    Evolve(after, static_cast<const jv1::CaseEvent&>(*event));
  }
  for (const jv1::Handover& before : file.handovers()) {
    if (!before.escalated() || !IsOursToTell(before)) continue;
    const jv1::Handover* now = FindHandover(after, before.handover_id());
    if (now != nullptr && now->escalated()) continue;
    hv1::HandoverEscalated told = ForContactPoint(before, facts);
    *told.mutable_answered() = exchange::ToProto(facts.now);
    TellContactPoint(before, told, facts, decision);
  }
  return decision;
}

}  // namespace exitbus::casework
