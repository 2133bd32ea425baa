// Whether the unit of Kriminalforsorgen that supervises the person has read the precautions that it
// was told (SEC-09).
#include <vector>

#include "exitbus/kriminalforsorgen/v1/supervision_messages.pb.h"
#include "services/casework/supervision/supervision.h"
#include "services/exchange/obligation.h"

namespace exitbus::casework {
namespace {

using exchange::Decision;

Decision OnRead(const CaseLetter& letter,
                const kriminalforsorgen::v1::SupervisedPrecautionsRead& message) {
  if (auto other = NotOfWhoSupervises(letter)) return *std::move(other);
  const jv1::Supervision& known = *FindSupervision(letter.state, letter.place.subject);
  if (message.version() != known.seen().precautions_told()) {
    return Decision::NoEffect("precautions_of_older_version");
  }
  if (!known.seen().precautions_read_by().empty()) return Decision::NoEffect("precautions_read");
  jv1::CaseEvent event;
  jv1::Supervision& read = *event.mutable_supervision_noted()->mutable_supervision();
  read = known;
  read.mutable_seen()->set_precautions_read_by(message.read_by());
  if (!read.precautions_owed().parties().empty()) {
    exchange::Confirm(exchange::Confirmed(read.precautions_owed().parties(0), letter.context),
                      *read.mutable_precautions_owed());
  }
  return Decision().AddEvent(event);
}

std::vector<exchange::NamedObligation> Owed(const jv1::CaseFile& file) {
  const jv1::Supervision* const running = RunningSupervision(file);
  if (running == nullptr || file.standing() != cv1::STANDING_RESPONSIBLE) return {};
  return {{running->supervision_id(), &running->precautions_owed()}};
}

}  // namespace

CasePart SupervisedPrecautionsPart() {
  CasePart part;
  part.On(&OnRead).Obligations("supervision.precautions_overdue", &Owed);
  return part;
}

}  // namespace exitbus::casework
