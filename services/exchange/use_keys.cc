#include "services/exchange/use_keys.h"

#include <array>
#include <string>

#include "absl/strings/escaping.h"
#include "services/exchange/environment.h"
#include "services/exchange/framed.h"
#include "services/exchange/ports/crypto.h"

namespace exitbus::exchange {
namespace {

constexpr std::array<std::string_view, 7> kNames = {
    "persons", "accounts", "page-tokens", "watch-tokens", "requests", "hops", "names"};
static_assert(static_cast<std::size_t>(KeyUse::kNames) + 1 == kNames.size());

}  // namespace

SecretBytes KeyFor(const Environment& environment, KeyUse use) {
  std::string derived = environment.crypto->Digest(
      Framed("exitbus.derived-key.v1", {kNames[static_cast<std::size_t>(use)]}),
      environment.secrets.index_key);
  SecretBytes key(derived);
  Wipe(derived);
  return key;
}

std::string SealToken(const Environment& environment, KeyUse use, std::string_view header,
                      std::string_view content) {
  std::string token;
  absl::WebSafeBase64Escape(environment.crypto->Encrypt(KeyFor(environment, use), header, content),
                            &token);
  return token;
}

std::optional<std::string> OpenToken(const Environment& environment, KeyUse use,
                                     std::string_view header, std::string_view token) {
  std::string sealed;
  if (!absl::WebSafeBase64Unescape(std::string(token), &sealed)) return std::nullopt;
  auto content = environment.crypto->Decrypt(KeyFor(environment, use), header, sealed);
  if (!content.ok()) return std::nullopt;
  return *std::move(content);
}

}  // namespace exitbus::exchange
