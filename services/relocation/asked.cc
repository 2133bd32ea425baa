#include "services/relocation/asked.h"

#include "exitbus/relocation/v1/messages.pb.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"

namespace exitbus::relocation {
namespace {

using exchange::BadInput;
using exchange::Decision;
using exchange::FromProto;

constexpr absl::Duration kAheadMax = absl::Hours(24 * (365 + 366));  // two years

std::optional<exchange::Refusal> FaultIn(const v1::Capacity& capacity,
                                         std::optional<absl::Time> now) {
  if (capacity.households() == 0 || !capacity.has_from()) {
    return BadInput("inquiry.no_room_given", "Say from when, and for how many households.");
  }
  const absl::Time from = FromProto(capacity.from());
  const absl::Time until =
      capacity.has_until() ? FromProto(capacity.until()) : absl::InfiniteFuture();
  // Its day has to come yet, since it is told in days.
  if (until < from || (now && until < exchange::EndOfDay(*now))) {
    return BadInput(
        "inquiry.dates_out_of_order",
        "Room ends after it begins, and not before tomorrow. Leave the end out, if it is "
        "for good.");
  }
  if (now && from > *now + kAheadMax) {
    return BadInput("inquiry.too_far_ahead",
                    "Say what room there is within two years. Decline, if there is none.");
  }
  return std::nullopt;
}

Decision NotAParty() {
  return Decision::Refuse("letter.not_a_party", "Another authority has asked under this id.");
}

}  // namespace

std::string InquiryKey(std::string_view inquiry_id) {
  return exchange::KindName{"inquiry", std::string(inquiry_id)}.Encode();
}

std::optional<exchange::Refusal> FaultIn(const v1::RelocationAnswered& answer,
                                         std::optional<absl::Time> now) {
  if (answer.has_capacity()) return FaultIn(answer.capacity(), now);
  if (answer.declined() != v1::DECLINE_CODE_UNSPECIFIED) return std::nullopt;
  return BadInput("inquiry.answer_required", "Say what room there is, or why there is none.");
}

std::optional<Decision> BeginsNothing(std::string_view asker, const exchange::LetterPlace& place) {
  if (asker.empty()) return std::nullopt;
  return asker == place.sender ? Decision::NoEffect("inquiry_known") : NotAParty();
}

std::optional<Decision> EndsNothing(std::string_view asker, bool has_ended,
                                    const exchange::LetterPlace& place) {
  // The inquiry before it was refused, or had ended before it left.
  if (asker.empty()) return Decision::NoEffect("withdrawal_of_unknown");
  if (asker != place.sender) return NotAParty();
  if (has_ended) return Decision::NoEffect("withdrawal_known_or_over");
  return std::nullopt;
}

}  // namespace exitbus::relocation
