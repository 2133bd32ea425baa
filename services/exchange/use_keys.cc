#include "services/exchange/use_keys.h"

#include <string>

#include "services/exchange/context.h"
#include "services/exchange/framed.h"
#include "services/exchange/ports/crypto.h"
#include "services/exchange/ports/fault.h"

namespace exitbus::exchange {
namespace {

std::string_view NameOf(KeyUse use) {
  switch (use) {
    case KeyUse::kPersons:
      return "persons";
    case KeyUse::kAccounts:
      return "accounts";
    case KeyUse::kPageTokens:
      return "page-tokens";
    case KeyUse::kWatchTokens:
      return "watch-tokens";
    case KeyUse::kRequests:
      return "requests";
  }
  ProgramFault("a use of keys has no name");
}

}  // namespace

SecretBytes KeyFor(const Context& context, KeyUse use) {
  std::string derived = context.crypto->Digest(Framed("exitbus.derived-key.v1", {NameOf(use)}),
                                               context.secrets.index_key);
  SecretBytes key(derived);
  Wipe(derived);
  return key;
}

}  // namespace exitbus::exchange
