#include "services/exchange/paging.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/escaping.h"
#include "services/exchange/answers.h"
#include "services/exchange/context.h"
#include "services/exchange/decision.h"

namespace exitbus::exchange {
namespace {

constexpr std::uint32_t kPageDefault = 50;
constexpr std::uint32_t kPageMax = 200;

}  // namespace

std::optional<Page> PageOf(const Context& context, const Call& call) {
  const std::uint32_t asked = NumberField(*call.request, "page_size");
  Page page;
  page.size = asked == 0 ? kPageDefault : std::min(asked, kPageMax);
  const std::string token = StringField(*call.request, "page_token");
  if (token.empty()) return page;
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes)) return std::nullopt;
  auto key = context.crypto->Decrypt(context.secrets.index_key, call.method, bytes);
  if (!key.ok()) return std::nullopt;
  page.after = *std::move(key);
  return page;
}

Refusal BadPageToken() {
  return RefusedBy("request.bad_page_token",
                   "Use the next_page_token of the same method, or none to begin.",
                   absl::StatusCode::kInvalidArgument);
}

std::string TokenAfter(const Context& context, const Call& call, const std::string& last) {
  std::string token;
  absl::WebSafeBase64Escape(context.crypto->Encrypt(context.secrets.index_key, call.method, last),
                            &token);
  return token;
}

}  // namespace exitbus::exchange
