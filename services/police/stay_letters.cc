// What others write of a person at a temporary place: the authority in charge, which asks for it,
// and the unit of the place.
#include <string>
#include <utility>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/obligation.h"
#include "services/exchange/ports/telemetry.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"
#include "services/police/parts.h"
#include "services/police/relocation.h"
#include "services/police/security_file.h"
#include "services/police/stay.h"
#include "services/police/telling.h"

namespace exitbus::police {
namespace {

namespace cv1 = casework::v1;
namespace rv1 = relocation::v1;
using exchange::Decision;
using exchange::ToProto;

// The person is at a place already, or another request waits: this one needs no other answer.
Decision AnswerAtOnce(const SecurityLetter& letter, const std::string& stay_id) {
  v1::TemporaryRelocationTold message;
  cv1::TemporaryRelocation& told = *message.mutable_stay();
  told.set_stay_id(stay_id);
  told.set_stage(cv1::STAY_STAGE_ENDED);
  told.set_end(cv1::STAY_END_NOT_PLACED);
  *told.mutable_ended() = ToProto(letter.context.now);
  return Decision().Notify(policy::v1::RELATION_POLICE, HolderOf(letter.state, letter.context),
                           message);
}

// By who has let the case go last, within this district, it counts as well: somebody is in danger,
// and the take-over was heard of first. Where the case has left the district nobody here can act.
bool CountsFrom(const std::string& sender, const jv1::SecurityFile& file) {
  if (file.standing() != v1::POLICE_STANDING_IN_CHARGE) return false;
  const auto* const last = exchange::FindLastIn(file.transfers(), [](const auto& transfer) {
    return transfer.seen().stage() == v1::TRANSFER_STAGE_MOVED &&
           transfer.seen().counterpart().empty();
  });
  return sender == file.holder() || (last != nullptr && sender == last->seen().holder());
}

Decision OnRequested(const SecurityLetter& letter,
                     const v1::TemporaryRelocationRequested& message) {
  const auto& [file, place, body, context] = letter;
  if (!CountsFrom(place.sender, file)) {
    Decision instead = NotFromHolder(letter);
    if (instead.no_effect().empty()) return instead;
    return instead.Report(exchange::Severity::kError, "stay.request_crossed_take_over");
  }
  if (message.stay_id().empty()) {
    return Decision::Refuse("letter.not_a_stay", "A request has an id, made for the stay.");
  }
  if (FindStay(file, message.stay_id()) != nullptr) return Decision::NoEffect("stay_known");
  if (OpenStay(file) != nullptr || file.stays_size() >= kStaysOfOneFileMax) {
    return place.sender == file.holder() ? AnswerAtOnce(letter, message.stay_id())
                                         : Decision::NoEffect("stay_known");
  }
  jv1::Stay stay;
  v1::Stay& seen = *stay.mutable_seen();
  seen.set_stay_id(message.stay_id());
  seen.set_security_id(file.security_id());
  seen.set_stage(cv1::STAY_STAGE_REQUESTED);
  *seen.mutable_requested() = ToProto(context.now);
  *seen.mutable_until() = ToProto(context.now + exchange::kWithinTheHour);
  return Decision().AddEvent(StayEvent(stay));
}

Decision OutOfTurn() {
  return Decision::Refuse("letter.out_of_turn", "That says nothing of how the stay is now.");
}

Decision OnErased(const SecurityLetter& letter, jv1::Stay stay) {
  const auto* const owed = exchange::FindParty(stay.erasure(), letter.place);
  if (owed == nullptr) return OutOfTurn();
  if (owed->has_confirmed()) return Decision::NoEffect("stay_erasure_known");
  const auto confirmed = exchange::Confirmed(*owed, letter.context);
  exchange::Confirm(confirmed, *stay.mutable_erasure());
  return Decision().AddEvent(StayEvent(stay));
}

// That the person is not safe there counts whatever else was told meanwhile: the place is the same.
Decision OnAnswered(const SecurityLetter& letter, const v1::StayAnswered& message) {
  const auto& stays = letter.state.stays();
  const jv1::Stay* const known = exchange::FindIn(stays, [&](const jv1::Stay& one) {
    return !one.seen().hosted_id().empty() && one.seen().hosted_id() == letter.place.subject;
  });
  if (known == nullptr || known->seen().host() != letter.place.sender) {
    return Decision::Refuse("letter.not_a_party", "Nobody was placed with the sender.");
  }
  jv1::Stay stay = *known;
  if (message.erased()) return OnErased(letter, std::move(stay));
  if (HasEnded(stay)) return Decision::NoEffect("stay_answer_crossed_end");
  v1::Stay& seen = *stay.mutable_seen();
  const bool unsafe = message.answer() == rv1::PLACE_SAFETY_NOT_POSSIBLE;
  if (!unsafe &&
      (message.answer() != rv1::PLACE_SAFETY_CLEAR || message.version() > seen.version())) {
    return OutOfTurn();
  }
  if (!unsafe && message.version() < seen.version()) {
    return Decision::NoEffect("stay_answer_of_older_version");
  }
  seen.set_answer(message.answer());
  seen.set_answered_by(message.answered_by());
  stay.clear_answer();
  return Decision().AddEvent(StayEvent(stay));
}

}  // namespace

SecurityPart StayLetters() {
  SecurityPart part;
  part.On(&OnRequested).On(&OnAnswered);
  return part;
}

}  // namespace exitbus::police
