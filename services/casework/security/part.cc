#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/police/v1/messages.pb.h"
#include "services/casework/handover/evolve.h"
#include "services/casework/methods.h"
#include "services/casework/security/security.h"

namespace exitbus::casework {
namespace {

using exchange::Needs;

void Involve(jv1::CaseFile& file, const jv1::PoliceInvolved& involved) {
  file.set_police(involved.police());
  file.set_security_id(involved.security_id());
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

// Reading precautions is a safety act: it may always be said.
CasePart SecurityPart() {
  CasePart part;
  part.Serve(OnCase({&kResponsible, &kInProgramme, &kPoliceNotInvolved, &kNoOpenHandover},
                    &RequestPoliceClarification))
      .Serve(OnCase({&kResponsible}, &AcknowledgePrecautions, Needs::kNothing))
      .Serve(OnHandover({&kReceiverMoves, &kNotEnded, &kNotTakenOver},
                        &AcknowledgeReceivedPrecautions, Needs::kNothing))
      .On(&OnClarified)
      .On(&OnSecurityPicture)
      .After(&Involve)
      .After(&Clarify)
      .After(&LearnPicture)
      .After(&NoteReading);
  return part;
}

}  // namespace exitbus::casework
