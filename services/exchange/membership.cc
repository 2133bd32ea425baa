#include "services/exchange/membership.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "exitbus/directory/v1/directory.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/environment.h"
#include "services/exchange/ports/directory.h"

namespace exitbus::exchange {
namespace {

MembershipStatus MembershipStatusIn(const DirectoryEntry& entry) {
  if (entry.status == directory::v1::AUTHORITY_STATUS_UNSPECIFIED)
    return MembershipStatus::kInService;
  return entry.status == directory::v1::AUTHORITY_STATUS_SUSPENDED ? MembershipStatus::kSuspended
                                                                   : MembershipStatus::kRemoved;
}

}  // namespace

MembershipStatus MembershipStatusOf(const Directory& directory, std::string_view authority) {
  const auto entry = directory.Find(authority);
  return entry ? MembershipStatusIn(*entry) : MembershipStatus::kNotListed;
}

bool IsPoliceOf(const Directory& directory, std::string_view unit, std::string_view authority) {
  const auto police = directory.Find(unit);
  const auto covered = directory.Find(authority);
  return police && covered && police->kind == policy::v1::AUTHORITY_KIND_POLICE &&
         police->district == covered->district;
}

std::string TheOne(const Directory& directory, policy::v1::AuthorityKind kind,
                   std::string_view district) {
  for (const auto& entry : directory.All()) {
    if (entry->kind == kind && entry->district == district &&
        MembershipStatusIn(*entry) != MembershipStatus::kRemoved) {
      return entry->id;
    }
  }
  return "";
}

bool MayWriteTo(const Environment& environment, std::string_view peer) {
  return MembershipStatusOf(*environment.directory, environment.self) ==
             MembershipStatus::kInService &&
         MembershipStatusOf(*environment.directory, peer) == MembershipStatus::kInService;
}

std::set<std::string> ReturningMembers::Returned() {
  const std::uint64_t content = environment_->directory->content();
  if (content == content_) return {};
  const bool is_first = !std::exchange(content_, content).has_value();
  std::set<std::string> now;
  if (MembershipStatusOf(*environment_->directory, environment_->self) ==
      MembershipStatus::kInService) {
    for (const auto& entry : environment_->directory->All()) {
      if (MembershipStatusIn(*entry) == MembershipStatus::kInService) now.insert(entry->id);
    }
  }
  std::set<std::string> returned;
  std::set_difference(now.begin(), now.end(), in_service_.begin(), in_service_.end(),
                      std::inserter(returned, returned.end()));
  in_service_ = std::move(now);
  if (is_first) returned.clear();
  return returned;
}

}  // namespace exitbus::exchange
