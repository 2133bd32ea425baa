#include "services/console/viewer.h"

#include <algorithm>
#include <array>

#include "exitbus/operations/v1/account.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/ports/directory.h"

namespace exitbus::console {
namespace {

namespace ov1 = operations::v1;
using exchange::Refusal;

struct Right {
  std::string_view method;
  bool observer = false;
  bool purpose_required = false;
};

// Both kinds of operators may all of these.
constexpr std::array<Right, 7> kRights = {{{"GetSelf", true, false},
                                           {"GetOverview", true, false},
                                           {"WatchOverview", true, false},
                                           {"WatchHops", true, false},
                                           {"GetMessagePath", false, true},
                                           {"TestConnection", false, true},
                                           {"ListLooks", false, false}}};

constexpr std::size_t kEmployeeBytesMax = 128;
constexpr std::size_t kPurposeBytesMax = 80;

ov1::Role RoleOf(std::string_view function) {
  if (function == "exchange-operator") return ov1::ROLE_EXCHANGE_OPERATOR;
  if (function == "authority-operator") return ov1::ROLE_AUTHORITY_OPERATOR;
  if (function == "observer") return ov1::ROLE_OBSERVER;
  return ov1::ROLE_UNSPECIFIED;
}

Refusal Denied(std::string_view reason, std::string_view message) {
  return exchange::RefusedBy(reason, message, absl::StatusCode::kPermissionDenied);
}

}  // namespace

std::variant<Viewer, Refusal> ViewerOf(const exchange::Caller& caller, std::string_view method,
                                       const exchange::Directory& directory) {
  Viewer viewer{RoleOf(caller.function), caller.system, "", caller.employee, caller.purpose};
  if (viewer.role == ov1::ROLE_UNSPECIFIED) {
    return Denied("console.role_unknown",
                  "The certificate's function is no role of the console: have one issued for "
                  "exchange-operator, authority-operator or observer.");
  }
  if (viewer.role == ov1::ROLE_AUTHORITY_OPERATOR) {
    if (directory.Find(caller.system) == nullptr) {
      return Denied("console.unknown_authority",
                    "The directory lists no authority of this name: an authority's operator has "
                    "its id as the system in his certificate.");
    }
    viewer.authority = caller.system;
  }
  const auto right = std::find_if(kRights.begin(), kRights.end(),
                                  [&](const Right& one) { return one.method == method; });
  if (right == kRights.end() || (viewer.role == ov1::ROLE_OBSERVER && !right->observer)) {
    return Denied("console.not_for_role", "An observer looks at the overview and no further.");
  }
  if (viewer.employee.empty() || viewer.employee.size() > kEmployeeBytesMax) {
    return exchange::BadInput(
        "console.employee_required",
        "Say who is at the screen (\"exitbus-employee\"), in at most 128 bytes.");
  }
  if ((right->purpose_required && viewer.purpose.empty()) ||
      viewer.purpose.size() > kPurposeBytesMax) {
    return exchange::BadInput("console.purpose_required",
                              "Say why (\"exitbus-purpose\"), in at most 80 bytes.");
  }
  return viewer;
}

}  // namespace exitbus::console
