#include "services/exchange/laws.h"

#include "exitbus/policy/v1/policy.pb.h"

namespace exitbus::exchange {

namespace pv1 = policy::v1;

pv1::LegalBasis LawOfRead(const Laws& laws, pv1::AuthorityKind self, std::string_view purpose) {
  const auto decided = laws.purposes.find(purpose);
  if (decided != laws.purposes.end()) return decided->second;
  return self == pv1::AUTHORITY_KIND_MUNICIPALITY ? pv1::LEGAL_BASIS_DBL8 : pv1::LEGAL_BASIS_RHL;
}

pv1::LegalBasis LawOfLetter(const Laws& laws, pv1::AuthorityKind self, pv1::Channel channel) {
  const auto decided = laws.channels.find(channel);
  if (decided != laws.channels.end()) return decided->second;
  return self == pv1::AUTHORITY_KIND_MUNICIPALITY ? pv1::LEGAL_BASIS_FVL28 : pv1::LEGAL_BASIS_RHL;
}

}  // namespace exitbus::exchange
