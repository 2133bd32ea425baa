// Who looks at the console: his role, by his certificate or session, and what that lets him do.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "services/exchange/ports/api.h"

namespace exitbus::exchange {
class Directory;
}
namespace exitbus::operations::v1 {
enum Role : int;
}

namespace exitbus::console {

struct Viewer {
  operations::v1::Role role = {};
  std::string system;     // of an authority's operator: the authority
  std::string authority;  // which he operates; empty: none
  std::string employee;
  std::string purpose;

  bool Operates(std::string_view other) const { return !authority.empty() && authority == other; }
};

// The caller of `method` ("WatchOverview"), or why he is refused.
std::variant<Viewer, exchange::Refusal> ViewerOf(const exchange::Caller& caller,
                                                 std::string_view method,
                                                 const exchange::Directory& directory);

}  // namespace exitbus::console
