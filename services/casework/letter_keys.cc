#include "services/casework/letter_keys.h"

#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/handover/rules.h"
#include "services/exchange/keys.h"
#include "services/policy/readers.h"

namespace exitbus::casework {
namespace {

using exchange::KindName;

constexpr char kParty[] = "party";
constexpr char kPolice[] = "police";
constexpr char kContact[] = "contact";
constexpr char kOverview[] = "overview";

}  // namespace

std::vector<std::string> LetterKeysOf(const jv1::CaseFile& file) {
  std::vector<std::string> keys;
  for (const jv1::Handover& handover : file.handovers()) {
    keys.push_back(KindName{kParty, handover.handover_id()}.Encode());
    keys.push_back(KindName{kPolice, handover.handover_id()}.Encode());
    if (!handover.contact_id().empty()) {
      keys.push_back(KindName{kContact, handover.contact_id()}.Encode());
    }
  }
  for (const jv1::Supervision& supervision : file.supervisions()) {
    keys.push_back(KindName{kParty, supervision.supervision_id()}.Encode());
  }
  for (const auto& application : file.pool_applications()) {
    keys.push_back(KindName{kContact, application.seen().application_id()}.Encode());
  }
  // Another district's unit knows it by the handover's id, which stands there already.
  if (!file.security_id().empty() && FindHandover(file, file.security_id()) == nullptr) {
    keys.push_back(KindName{kPolice, file.security_id()}.Encode());
  }
  if (!file.overview_id().empty()) {
    keys.push_back(KindName{kOverview, file.overview_id()}.Encode());
  }
  return keys;
}

std::string LetterKey(const exchange::LetterPlace& place) {
  switch (place.sender_kind) {
    case policy::v1::AUTHORITY_KIND_MUNICIPALITY:
    case policy::v1::AUTHORITY_KIND_KRIMINALFORSORGEN:
      return KindName{kParty, place.subject}.Encode();
    case policy::v1::AUTHORITY_KIND_POLICE:
      return KindName{kPolice, place.subject}.Encode();
    case policy::v1::AUTHORITY_KIND_CONTACT_POINT:
      return KindName{kContact, place.subject}.Encode();
    case policy::v1::AUTHORITY_KIND_NEC:
      return KindName{kOverview, place.subject}.Encode();
    case policy::v1::AUTHORITY_KIND_UNSPECIFIED:
      return "";
    default:
      return KindName{std::string(policy::KindName(place.sender_kind)), place.subject}.Encode();
  }
}

}  // namespace exitbus::casework
