#include "adapters/api/caller.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"

namespace exitbus::adapters {
namespace {

// What an authority's id, a system's or a function's name may consist of.
bool IsName(const std::string& part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

}  // namespace

std::variant<exchange::Caller, exchange::Refusal> CallerFromCommonName(
    std::string_view common_name, std::string_view our_authority) {
  const std::vector<std::string> parts = absl::StrSplit(std::string(common_name), '.');
  if (parts.size() != 3 || !std::all_of(parts.begin(), parts.end(), IsName)) {
    return exchange::Refusal{
        .code = absl::StatusCode::kUnauthenticated,
        .reason = "caller.malformed_certificate_name",
        .message =
            "The client certificate must have one common name, <authority>.<system>.<function>; "
            "have one issued that has.",
        .metadata = {}};
  }
  if (parts[0] != our_authority) {
    return exchange::Refusal{
        .code = absl::StatusCode::kPermissionDenied,
        .reason = "caller.wrong_authority",
        .message = "This process answers its own authority's systems only; call your own.",
        .metadata = {}};
  }
  return exchange::Caller{.authority = parts[0],
                          .system = parts[1],
                          .function = parts[2],
                          .employee = {},
                          .purpose = {},
                          .remark = {}};
}

}  // namespace exitbus::adapters
