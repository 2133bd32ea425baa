// What becomes of a followed handover, and by what it is found.
#include "services/contact_point/followed.h"
#include "services/exchange/keys.h"
#include "services/policy/copy.h"

namespace exitbus::contact_point {
namespace {

// The last wait; null: there was none.
v1::Escalation* Last(jv1::Followed& followed) {
  const int count = followed.escalations_size();
  return count == 0 ? nullptr : followed.mutable_escalations(count - 1);
}

void Begin(jv1::Followed& followed, const jv1::Begun& begun) {
  policy::CopyAlike(begun, followed);
  followed.set_stage(v1::FOLLOWED_STAGE_OPEN);
}

void Escalate(jv1::Followed& followed, const jv1::Escalated& escalated) {
  policy::CopyAlike(escalated, *followed.add_escalations());
}

void Answer(jv1::Followed& followed, const jv1::Answered& answered) {
  if (v1::Escalation* last = Last(followed)) *last->mutable_answered() = answered.answered();
}

void Nudge(jv1::Followed& followed, const jv1::Nudged& nudged) {
  if (v1::Escalation* last = Last(followed)) *last->add_nudges() = nudged.nudge();
}

void Note(jv1::Followed& followed, const jv1::NoteRecorded& recorded) {
  *followed.add_notes() = recorded.note();
}

void End(jv1::Followed& followed, const jv1::Ended&) {
  followed.set_stage(v1::FOLLOWED_STAGE_ENDED);
}

void Move(jv1::Followed& followed, const jv1::TakenOver& taken_over) {
  followed.set_stage(v1::FOLLOWED_STAGE_TAKEN_OVER);
  *followed.mutable_taken_over() = taken_over.instant();
}

std::vector<std::string> KeysOf(const jv1::Followed& followed, const exchange::Lookup&) {
  return {FollowedKey(followed.contact_id())};
}

}  // namespace

std::string FollowedKey(const std::string& contact_id) {
  return exchange::KindName{"followed", contact_id}.Encode();
}

const v1::Escalation* OpenEscalation(const jv1::Followed& followed) {
  if (followed.escalations().empty()) return nullptr;
  const v1::Escalation& last = followed.escalations(followed.escalations_size() - 1);
  return last.has_answered() ? nullptr : &last;
}

FollowedPart FollowedEvents() {
  FollowedPart part;
  part.After(&Begin)
      .After(&Escalate)
      .After(&Answer)
      .After(&Nudge)
      .After(&Note)
      .After(&End)
      .After(&Move)
      .Named(&KeysOf);
  return part;
}

}  // namespace exitbus::contact_point
