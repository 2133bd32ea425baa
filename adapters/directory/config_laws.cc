// The purposes and laws that an authority has decided on, in its configuration.
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "adapters/directory/config_checks.h"
#include "services/policy/purpose.h"
#include "services/policy/text.h"

namespace exitbus::adapters {
namespace {

void CheckLaw(std::string_view field, policy::v1::LegalBasis law, Mistakes& mistakes) {
  if (law > policy::v1::LEGAL_BASIS_CONSENT) return;
  mistakes.Add(field, "is no law", "write one, e.g. LEGAL_BASIS_DBL8; nobody consents for others");
}

}  // namespace

void CheckLaws(const config::v1::ServiceConfig& config, Mistakes& mistakes) {
  std::set<std::string> names;
  for (int i = 0; i < config.purposes_size(); ++i) {
    const config::v1::ReadPurpose& purpose = config.purposes(i);
    const std::string field = absl::StrCat("purposes[", i, "]");
    if (purpose.name().empty() ||
        !policy::FaultInText(purpose.name(), {policy::kPurposeBytesMax}).empty() ||
        !policy::IsInWords(purpose.name()) || policy::IsInvestigation(purpose.name())) {
      mistakes.Add(field + ".name", "is no purpose",
                   "write words, at most 80 bytes, without digits; investigation is none");
    } else if (!names.insert(purpose.name()).second) {
      mistakes.Add(field + ".name", "is listed twice", "list each purpose once");
    }
    CheckLaw(field + ".legal_basis", purpose.legal_basis(), mistakes);
  }
  std::set<int> channels;
  for (int i = 0; i < config.channel_laws_size(); ++i) {
    const config::v1::ChannelLaw& law = config.channel_laws(i);
    const std::string field = absl::StrCat("channel_laws[", i, "]");
    if (law.channel() == policy::v1::CHANNEL_UNSPECIFIED) {
      mistakes.Add(field + ".channel", "is missing", "write one, e.g. CHANNEL_HANDOVER");
    } else if (!channels.insert(law.channel()).second) {
      mistakes.Add(field + ".channel", "is listed twice", "list each channel once");
    }
    CheckLaw(field + ".legal_basis", law.legal_basis(), mistakes);
  }
}

}  // namespace exitbus::adapters
