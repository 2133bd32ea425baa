#include "services/referral/referral.h"

#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"

namespace exitbus::referral {
namespace {

namespace cv1 = casework::v1;
using exchange::BadInput;
using exchange::KindName;

constexpr char kCases[] = "file";  // the aggregate that a case is
constexpr int kAnswerDays = 5;     // working days
constexpr int kUrgentAnswerDays = 1;

bool SaysWay(const v1::WayToReach& reach) {
  const bool goes_somewhere =
      reach.way() == cv1::CONTACT_WAY_LETTER || reach.way() == cv1::CONTACT_WAY_PHONE;
  return reach.way() != cv1::CONTACT_WAY_UNSPECIFIED &&
         !(goes_somewhere && reach.details().empty());
}

}  // namespace

std::string ReceivedKey(const std::string& referral_id) {
  return KindName{"referral", referral_id}.Encode();
}
std::string SentKey(const std::string& referral_id) {
  return KindName{"sent", referral_id}.Encode();
}
std::string OpenedKey(const std::string& referral_id) {
  return KindName{"referral", referral_id}.Encode();
}

bool IsCaseOpenedFrom(const std::string& referral_id, const exchange::Lookup& lookup) {
  return lookup.Exists(exchange::IndexKey{kCases, OpenedKey(referral_id)}.Encode());
}

bool HasBasis(const v1::ReferralBasis& basis) {
  return basis.has_agreed() ||
         (!basis.paragraph().empty() && basis.unasked() != cv1::UNASKED_REASON_UNSPECIFIED);
}

std::optional<exchange::Refusal> FaultIn(const v1::Referral& referral, absl::Time latest) {
  if (!HasBasis(referral.basis())) {
    return BadInput("referral.basis_required",
                    "Say when the citizen agreed to be referred, or cite the law and say why he "
                    "was not asked. Without either, have him given a number to call himself.");
  }
  if (referral.basis().has_agreed() && exchange::FromProto(referral.basis().agreed()) > latest) {
    return BadInput("referral.agreed_when", "He has agreed, not in the future.");
  }
  if (referral.person().cpr_number().empty() || referral.person().name().empty()) {
    return BadInput("referral.person_required", "Give the person's CPR number and name.");
  }
  if (!SaysWay(referral.reach())) {
    return BadInput("referral.way_required",
                    "Say by which way he may safely be reached; of a letter by post and of a "
                    "telephone also where to.");
  }
  if (referral.urgency() == v1::REFERRAL_URGENCY_UNSPECIFIED) {
    return BadInput("referral.urgency_required", "Say whether it is urgent.");
  }
  return std::nullopt;
}

absl::Time AnswerDue(v1::ReferralUrgency urgency, absl::Time from) {
  return exchange::AddWorkingDays(
      from, urgency == v1::REFERRAL_URGENCY_URGENT ? kUrgentAnswerDays : kAnswerDays);
}

bool IsOver(v1::ReferralStage stage) {
  return stage == v1::REFERRAL_STAGE_ANSWERED || stage == v1::REFERRAL_STAGE_WITHDRAWN;
}

exchange::Refusal NotWaiting() {
  return exchange::RefusedBy("referral.not_waiting",
                             "The referral waits for nothing any more: it was answered or "
                             "withdrawn.");
}

}  // namespace exitbus::referral
