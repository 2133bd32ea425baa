#include "services/casework/handover/evolve.h"

namespace exitbus::casework {
namespace {

void Involve(jv1::CaseFile& file, const jv1::PoliceInvolved& involved) {
  file.set_police(involved.police());
  file.set_security_id(involved.security_id());
  *file.mutable_police_asked() = involved.asked();
  // What it was told before, and lost, it is told again.
  file.clear_police_on_consent();
  if (involved.has_on_consent()) *file.mutable_police_on_consent() = involved.on_consent();
}

void Clarify(jv1::CaseFile& file, const jv1::PoliceClarified& clarified) {
  *file.mutable_clarification() = clarified.clarification();
}

// The precautions in force: of the case, or of a handover whose receiver we may become.
cv1::SecurityPicture* PictureOf(jv1::CaseFile& file, const jv1::CaseEvent& event) {
  jv1::Handover* handover = MutableHandover(file, event.handover_id());
  return handover != nullptr ? handover->mutable_security() : file.mutable_security();
}

void LearnPicture(jv1::CaseFile& file, const jv1::CaseEvent& event,
                  const jv1::SecurityPictureLearnt& learnt) {
  *PictureOf(file, event) = learnt.picture();
}

void NoteReading(jv1::CaseFile& file, const jv1::CaseEvent& event,
                 const jv1::PrecautionsRead& read) {
  PictureOf(file, event)->set_acknowledged_by(read.acknowledged_by());
}

}  // namespace

CasePart SecurityEvents() {
  CasePart part;
  part.After(&Involve).After(&Clarify).After(&LearnPicture).After(&NoteReading);
  return part;
}

}  // namespace exitbus::casework
