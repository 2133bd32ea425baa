// That the person is out of custody earlier than planned (N-10), and which authority acts for him
// tonight: heard by the unit of the case, and by the one of the district he goes to.
#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/police/parts.h"
#include "services/police/programme.h"
#include "services/police/security_file.h"
#include "services/police/transfer_letter.h"

namespace exitbus::police {
namespace {

namespace hv1 = handover::v1;
using exchange::Decision;

Decision OnReleased(const SecurityLetter& letter, const hv1::PersonReleased& message) {
  // A case that has come is known by the id of the handover that brought it.
  const jv1::Transfer* const transfer = FindTransfer(letter.state, letter.place.subject);
  if (transfer != nullptr && transfer->incoming() && IsOpen(*transfer)) {
    if (letter.place.sender != transfer->seen().holder()) return NotAParty();
  } else if (auto instead = NotOfCaseInCharge(letter)) {
    return *std::move(instead);
  }
  if (letter.place.sender_kind != policy::v1::AUTHORITY_KIND_KRIMINALFORSORGEN) {
    return Decision::Refuse("release.not_from_custody",
                            "Only Kriminalforsorgen lets somebody out of custody.");
  }
  if (!message.released().has_released() || message.released().acts().empty()) {
    return Decision::Refuse("release.says_nothing",
                            "Say since when the person is out, and who acts for him.");
  }
  jv1::SecurityEvent event;
  *event.mutable_release_learnt()->mutable_released() = message.released();
  return Decision().AddEvent(event);
}

void Learn(jv1::SecurityFile& file, const jv1::ReleaseLearnt& learnt) {
  *file.mutable_released() = learnt.released();
}

}  // namespace

SecurityPart Released() {
  SecurityPart part;
  part.On(&OnReleased).After(&Learn);
  return part;
}

}  // namespace exitbus::police
