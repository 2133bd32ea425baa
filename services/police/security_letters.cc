// What a police unit makes of letters about its file: whom to assess, and who has read the
// precautions.
#include <optional>

#include "exitbus/exchange/v1/body.pb.h"
#include "services/exchange/proto_time.h"
#include "services/police/consent_and_corrections.h"
#include "services/police/parts.h"
#include "services/police/security_file.h"

namespace exitbus::police {
namespace {

using exchange::Decision;

// The authority in charge may ask anew: for a newer assessment, or because what it had said was
// taken back by a revoked consent.
std::optional<Decision> RefuseAskedAnew(const SecurityLetter& letter) {
  const jv1::SecurityFile& file = letter.state;
  if (file.standing() == v1::POLICE_STANDING_IN_CHARGE && letter.place.sender == file.holder() &&
      letter.place.subject == file.security_id()) {
    return std::nullopt;
  }
  if (!IsOrWasHolder(file, letter.place.sender)) return Decision::Park();  // its take-over comes
  return Decision::Refuse("letter.requested_twice", "This clarification was requested before.");
}

Decision OnClarificationRequested(const SecurityLetter& letter,
                                  const v1::PoliceClarificationRequested& message) {
  if (!letter.state.security_id().empty()) {
    if (auto other = RefuseAskedAnew(letter)) return *std::move(other);
  }
  jv1::SecurityEvent event;
  jv1::Requested& requested = *event.mutable_requested();
  requested.set_security_id(letter.place.subject);
  requested.set_holder(letter.place.sender);
  *requested.mutable_person() = message.person();
  requested.set_current_address(message.current_address());
  requested.set_number(letter.place.number);
  requested.set_legal_basis(letter.body.legal_basis());
  *requested.mutable_received() = exchange::ToProto(letter.context.now);
  return Decision().AddEvent(event);
}

void Open(jv1::SecurityFile& file, const jv1::Requested& requested) {
  file.set_security_id(requested.security_id());
  file.set_standing(v1::POLICE_STANDING_IN_CHARGE);
  file.set_holder(requested.holder());
  *file.mutable_person() = requested.person();
  file.set_current_address(requested.current_address());
  file.clear_blocked();
  file.clear_consent_revoked();
  *file.mutable_requested() = requested;
  file.mutable_requested()->clear_person();
  file.mutable_requested()->clear_current_address();
}

Decision OnAcknowledged(const SecurityLetter& letter, const v1::PrecautionsAcknowledged& message) {
  const jv1::SecurityFile& file = letter.state;
  if (file.security_id().empty()) return Decision::Park();
  // Under whichever id: of a handover that was taken over since, or of the file.
  const jv1::PrecautionsSent* row = FindTold(file, letter.place.sender);
  if (row == nullptr) return Decision::NoEffect("acknowledgement_crossed_end");
  if (row->version() != message.version()) {
    return Decision::NoEffect("acknowledgement_of_older_version");
  }
  jv1::SecurityEvent event;
  jv1::Acknowledged& acknowledged = *event.mutable_acknowledged();
  *acknowledged.mutable_by() = row->owed().parties(0);
  *acknowledged.mutable_by()->mutable_confirmed() = message.acknowledged();
  acknowledged.set_acknowledged_by(message.acknowledged_by());
  return Decision().AddEvent(event);
}

}  // namespace

SecurityPart SecurityLetters() {
  SecurityPart part;
  part.On(&OnClarificationRequested).After(&Open).On(&OnAcknowledged);
  return part;
}

}  // namespace exitbus::police
