// Who takes part: an authority that the directory lists as suspended or removed is sent nothing and
// not heard, and what is meant for it waits.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace exitbus::policy::v1 {
enum AuthorityKind : int;
}

namespace exitbus::exchange {

class Directory;
struct Environment;

enum class MembershipStatus { kInService, kSuspended, kRemoved, kNotListed };

// As the directory says now.
MembershipStatus MembershipStatusOf(const Directory& directory, std::string_view authority);

// Whether `unit` is a police unit of the district that `authority` lies in, as the directory says.
bool IsPoliceOf(const Directory& directory, std::string_view unit, std::string_view authority);

// The authority of this kind: the only one, or the one of a district. Empty: the directory lists
// none, or lists it as removed.
std::string TheOne(const Directory& directory, policy::v1::AuthorityKind kind,
                   std::string_view district = "");

// Whether something may go from this authority to `peer` now: both are in service.
bool MayWriteTo(const Environment& environment, std::string_view peer);

// Notices who begins to take part, or does so again.
class ReturningMembers {
 public:
  explicit ReturningMembers(const Environment* environment) : environment_(environment) {}

  // The peers that may be written to now and might not at the last call. The first call only takes
  // note: what waited before it is sent at the start anyway.
  std::set<std::string> Returned();

 private:
  const Environment* environment_;
  std::optional<std::uint64_t> content_;  // of the directory that was looked at; unset: none was
  std::set<std::string> in_service_;
};

}  // namespace exitbus::exchange
