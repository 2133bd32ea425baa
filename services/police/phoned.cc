// That an officer has told the precautions by telephone, by name (SEC-03): where nobody has read
// them in time, that is what is left, and it is recorded here by who did it.
#include "exitbus/police/v1/security_service.pb.h"
#include "services/exchange/proto_time.h"
#include "services/police/parts.h"
#include "services/police/security_file.h"

namespace exitbus::police {
namespace {

using exchange::BadInput;
using exchange::Decision;
using exchange::DecisionContext;

Decision RecordPhoned(const jv1::SecurityFile& file, const v1::RecordPhonedRequest& request,
                      const DecisionContext& context) {
  if (request.phoned_to().empty()) {
    return Decision::Refuse(BadInput("precautions.phoned_to", "Say who took it, by name."));
  }
  const jv1::PrecautionsSent* const sent = FindTold(file, request.authority());
  if (sent == nullptr) {
    return Decision::Refuse("precautions.not_sent_there",
                            "No precautions were sent to this authority.");
  }
  if (sent->owed().parties(0).has_confirmed()) {
    return Decision::Refuse("precautions.read_there", "They are read there, or phoned through.");
  }
  jv1::SecurityEvent event;
  jv1::PhonedThrough& phoned = *event.mutable_phoned_through();
  *phoned.mutable_by() = sent->owed().parties(0);
  *phoned.mutable_by()->mutable_confirmed() = exchange::ToProto(context.now);
  phoned.set_phoned_to(request.phoned_to());
  return Decision().AddEvent(event);
}

void Note(jv1::SecurityFile& file, const jv1::PhonedThrough& phoned) {
  auto* const sent = const_cast<jv1::PrecautionsSent*>(FindTold(file, phoned.by().authority()));
  if (sent == nullptr) return;
  exchange::Confirm(phoned.by(), *sent->mutable_owed());
  sent->set_phoned_to(phoned.phoned_to());
  *sent->mutable_phoned() = phoned.by().confirmed();
}

}  // namespace

SecurityPart Phoned() {
  SecurityPart part;
  part.Serve<v1::RecordPhonedRequest>({.target = &BySecurityId,
                                       .decide = &RecordPhoned,
                                       .view = &View,
                                       .needs = exchange::Needs::kNothing})
      .After(&Note);
  return part;
}

}  // namespace exitbus::police
