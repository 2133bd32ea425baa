#include "services/police/exclusion.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "exitbus/relocation/v1/place.pb.h"
#include "services/exchange/proto_time.h"
#include "services/relocation/municipalities.h"

namespace exitbus::police {
namespace {

namespace lv1 = relocation::v1;
using exchange::BadInput;

bool IsBan(const lv1::ExcludedArea& excluded) {
  return excluded.reason() == lv1::EXCLUSION_REASON_RESIDENCE_BAN ||
         excluded.reason() == lv1::EXCLUSION_REASON_CONTACT_BAN;
}

bool Covers(const lv1::ExcludedArea& excluded, std::string_view municipality) {
  const auto* const known = relocation::FindMunicipality(municipality);
  return excluded.area() == municipality ||
         (known != nullptr && excluded.area() == known->district);
}

// It is in force, and no permission lasts as long.
bool Holds(const lv1::ExcludedArea& excluded, absl::Time now) {
  if (!excluded.has_until()) return true;
  const absl::Time until = exchange::FromProto(excluded.until());
  const bool permitted =
      excluded.has_permitted_until() && exchange::FromProto(excluded.permitted_until()) >= until;
  return until > now && !permitted;
}

std::optional<exchange::Refusal> FaultIn(const lv1::ExcludedArea& excluded) {
  const bool known = relocation::FindMunicipality(excluded.area()) != nullptr ||
                     relocation::IsPoliceDistrict(excluded.area());
  if (!known) {
    return BadInput("relocation.unknown_area",
                    absl::StrCat("No municipality or police district has the code \"",
                                 excluded.area(), "\". Give official codes of four digits."));
  }
  if (!IsBan(excluded) && excluded.reason() != lv1::EXCLUSION_REASON_UNSAFE) {
    return BadInput(
        "relocation.exclusion_reason_required",
        "Give UNSAFE, RESIDENCE_BAN or CONTACT_BAN. The origin is ruled out by itself.");
  }
  if ((excluded.has_until() && !IsBan(excluded)) ||
      (excluded.has_permitted_until() && !excluded.has_until())) {
    return BadInput("relocation.until_without_ban",
                    "Only a ban has an end, and only a ban with an end a permission.");
  }
  return std::nullopt;
}

}  // namespace

std::optional<exchange::Refusal> FaultIn(const lv1::PlaceStatement& statement) {
  for (const lv1::ExcludedArea& excluded : statement.excluded()) {
    if (auto fault = FaultIn(excluded)) return fault;
  }
  for (const std::string& municipality : statement.admitted()) {
    if (relocation::FindMunicipality(municipality) == nullptr) {
      return BadInput("relocation.unknown_municipality",
                      absl::StrCat("No municipality has the code \"", municipality,
                                   "\". Give official codes, as 0461."));
    }
  }
  const auto& groups = statement.groups();
  if (groups.empty() || std::find(groups.begin(), groups.end(), 0) != groups.end()) {
    return BadInput("relocation.group_required",
                    "Say from which groups there may be a conflict, by the police's numbers.");
  }
  return std::nullopt;
}

lv1::ExclusionReason RuledOut(const lv1::PlaceStatement& statement, std::string_view municipality,
                              std::string_view origin, absl::Time now) {
  for (const lv1::ExcludedArea& excluded : statement.excluded()) {
    if (Covers(excluded, municipality) && Holds(excluded, now)) return excluded.reason();
  }
  const auto& admitted = statement.admitted();
  const bool near = municipality == origin || relocation::AreNeighbours(municipality, origin);
  return near && std::find(admitted.begin(), admitted.end(), municipality) == admitted.end()
             ? lv1::EXCLUSION_REASON_ORIGIN
             : lv1::EXCLUSION_REASON_UNSPECIFIED;
}

}  // namespace exitbus::police
