#include "services/casework/letter_keys.h"

#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/handover/rules.h"

namespace exitbus::casework {
namespace {

constexpr char kParty[] = "party/";
constexpr char kPolice[] = "police/";
constexpr char kContact[] = "contact/";
constexpr char kOverview[] = "overview/";

}  // namespace

std::vector<std::string> LetterKeysOf(const jv1::CaseFile& file) {
  std::vector<std::string> keys;
  for (const jv1::Handover& handover : file.handovers()) {
    keys.push_back(kParty + handover.handover_id());
    keys.push_back(kPolice + handover.handover_id());
    if (!handover.contact_id().empty()) keys.push_back(kContact + handover.contact_id());
  }
  // Another district's unit knows it by the handover's id, which stands there already.
  if (!file.security_id().empty() && FindHandover(file, file.security_id()) == nullptr) {
    keys.push_back(kPolice + file.security_id());
  }
  if (!file.overview_id().empty()) keys.push_back(kOverview + file.overview_id());
  return keys;
}

std::string LetterKey(const exchange::LetterPlace& place) {
  switch (place.sender_kind) {
    case policy::v1::AUTHORITY_KIND_MUNICIPALITY:
    case policy::v1::AUTHORITY_KIND_KRIMINALFORSORGEN:
      return kParty + place.subject;
    case policy::v1::AUTHORITY_KIND_POLICE:
      return kPolice + place.subject;
    case policy::v1::AUTHORITY_KIND_CONTACT_POINT:
      return kContact + place.subject;
    case policy::v1::AUTHORITY_KIND_NEC:
      return kOverview + place.subject;
    default:
      return "";
  }
}

}  // namespace exitbus::casework
