#include "services/casework/handover/evolve.h"

#include <vector>

#include "services/casework/access/units.h"
#include "services/casework/handover/rules.h"
#include "services/exchange/obligation.h"
#include "services/weekly_report/reports.h"

namespace exitbus::casework {
namespace {

void Involve(jv1::CaseFile& file, const jv1::PoliceInvolved& involved) {
  file.set_police(involved.police());
  file.set_security_id(involved.security_id());
  *file.mutable_police_asked() = involved.asked();
  // What it was told before, and lost, it is told again.
  file.clear_police_on_consent();
  if (file.has_weekly_reports()) weekly_report::End(*file.mutable_weekly_reports());
  if (involved.has_on_consent()) *file.mutable_police_on_consent() = involved.on_consent();
}

void Clarify(jv1::CaseFile& file, const jv1::PoliceClarified& clarified) {
  *file.mutable_clarification() = clarified.clarification();
}

template <class Told>
void Learn(Told& told, const jv1::SecurityPictureLearnt& learnt) {
  *told.mutable_security() = learnt.picture();
  *told.mutable_precautions_owed() = learnt.owed();
}

template <class Told>
void Read(Told& told, const jv1::PrecautionsRead& read) {
  told.mutable_security()->set_acknowledged_by(read.acknowledged_by());
  told.mutable_security()->clear_asked();
  told.clear_precautions_owed();
}

// The precautions in force are the case's, or a handover's whose receiver we may become.
void LearnPicture(jv1::CaseFile& file, const jv1::CaseEvent& event,
                  const jv1::SecurityPictureLearnt& learnt) {
  if (jv1::Handover* const handover = MutableHandover(file, event.handover_id())) {
    return Learn(*handover, learnt);
  }
  OutdateStaffSafety(learnt.picture(), file);
  Learn(file, learnt);
  file.clear_precautions_asked();
  *file.mutable_security_learnt() = learnt.learnt();
}

void NoteReading(jv1::CaseFile& file, const jv1::CaseEvent& event,
                 const jv1::PrecautionsRead& read) {
  jv1::Handover* const handover = MutableHandover(file, event.handover_id());
  return handover != nullptr ? Read(*handover, read) : Read(file, read);
}

// SEC-09: somebody here reads them. No handover's id has a blank.
std::vector<exchange::NamedObligation> ReadingsOwed(const jv1::CaseFile& file) {
  std::vector<exchange::NamedObligation> owed = {{"the case", &file.precautions_owed()}};
  for (const jv1::Handover& handover : file.handovers()) {
    if (IsOpen(handover)) owed.push_back({handover.handover_id(), &handover.precautions_owed()});
  }
  return owed;
}

}  // namespace

CasePart SecurityEvents() {
  CasePart part;
  part.After(&Involve)
      .After(&Clarify)
      .After(&LearnPicture)
      .After(&NoteReading)
      .Obligations("precautions.overdue", &ReadingsOwed);
  return part;
}

}  // namespace exitbus::casework
