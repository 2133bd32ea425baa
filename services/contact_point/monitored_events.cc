// What becomes of a monitored handover, and by what it is found.
#include <algorithm>

#include "services/contact_point/monitored.h"
#include "services/exchange/keys.h"
#include "services/policy/copy.h"

namespace exitbus::contact_point {
namespace {

// The last wait; null: there was none.
v1::Escalation* Last(jv1::Monitored& monitored) {
  const int count = monitored.escalations_size();
  return count == 0 ? nullptr : monitored.mutable_escalations(count - 1);
}

// Of what was unknown.
bool HasOrdered(const jv1::Monitored& monitored, const std::string& authority) {
  const auto& all = monitored.unheard_by();
  return std::find(all.begin(), all.end(), authority) != all.end();
}

void Begin(jv1::Monitored& monitored, const jv1::Begun& begun) {
  monitored.Clear();  // somebody else had ordered that it be erased
  policy::CopyAlike(begun, monitored);
  monitored.set_stage(v1::MONITORED_STAGE_OPEN);
}

void Escalate(jv1::Monitored& monitored, const jv1::Escalated& escalated) {
  policy::CopyAlike(escalated, *monitored.add_escalations());
}

void Answer(jv1::Monitored& monitored, const jv1::Answered& answered) {
  if (v1::Escalation* last = Last(monitored)) *last->mutable_answered() = answered.answered();
}

void Nudge(jv1::Monitored& monitored, const jv1::Nudged& nudged) {
  if (v1::Escalation* last = Last(monitored)) *last->add_nudges() = nudged.nudge();
}

void Note(jv1::Monitored& monitored, const jv1::NoteRecorded& recorded) {
  *monitored.add_notes() = recorded.note();
}

void End(jv1::Monitored& monitored, const jv1::Ended&) {
  monitored.set_stage(v1::MONITORED_STAGE_ENDED);
}

void Move(jv1::Monitored& monitored, const jv1::TakenOver& taken_over) {
  monitored.set_stage(v1::MONITORED_STAGE_TAKEN_OVER);
  *monitored.mutable_taken_over() = taken_over.instant();
}

void Forget(jv1::Monitored& monitored, const jv1::ErasedUnheard& erased) {
  if (!HasOrdered(monitored, erased.by())) monitored.add_unheard_by(erased.by());
}

std::vector<std::string> KeysOf(const jv1::Monitored& monitored, const exchange::Lookup&) {
  return {MonitoredKey(monitored.contact_id())};
}

}  // namespace

std::string MonitoredKey(const std::string& contact_id) {
  return exchange::KindName{"monitored", contact_id}.Encode();
}

bool IsUnheardOf(const jv1::Monitored& monitored) {
  return monitored.contact_id().empty() &&
         (!monitored.has_erasure() || !monitored.unheard_by().empty());
}

const jv1::Monitored& SeenBy(const std::string& sender, const jv1::Monitored& monitored) {
  return IsUnheardOf(monitored) && !HasOrdered(monitored, sender)
             ? jv1::Monitored::default_instance()
             : monitored;
}

const v1::Escalation* OpenEscalation(const jv1::Monitored& monitored) {
  if (monitored.escalations().empty()) return nullptr;
  const v1::Escalation& last = monitored.escalations(monitored.escalations_size() - 1);
  return last.has_answered() ? nullptr : &last;
}

MonitoredPart MonitoredEvents() {
  MonitoredPart part;
  part.After(&Begin)
      .After(&Escalate)
      .After(&Answer)
      .After(&Nudge)
      .After(&Note)
      .After(&End)
      .After(&Move)
      .After(&Forget)
      .Named(&KeysOf);
  return part;
}

}  // namespace exitbus::contact_point
