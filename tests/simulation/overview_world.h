// NEC's overview with what a test asks it: who is in exit, and how many.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/nec/v1/overview_service.pb.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/erasure_world.h"

namespace exitbus::simulation {

inline constexpr char kOverview[] = "exitbus.nec.v1.OverviewService.";
inline constexpr char kPerson[] = "6101900001";
inline constexpr char kAnother[] = "6101900005";

// What each authority has listed to NEC, by the authority.
inline std::map<std::string, exitbus::nec::v1::HolderInventory> InventoriesAt(Node& nec) {
  using Answer = exitbus::nec::v1::ListInventoriesResponse;
  absl::StatusOr<Answer> answer = absl::UnavailableError("");
  for (int i = 0; i < 3 && absl::IsUnavailable(answer.status()); ++i) {
    if (!nec.running()) nec.Start();
    answer = nec.Call<Answer>(absl::StrCat(kOverview, "ListInventories"),
                              exitbus::nec::v1::ListInventoriesRequest());
  }
  EXPECT_TRUE(answer.ok()) << answer.status();
  std::map<std::string, exitbus::nec::v1::HolderInventory> inventories;
  if (!answer.ok()) return inventories;
  for (const auto& each : answer->inventories()) inventories[each.authority()] = each;
  return inventories;
}
// "NOT_LISTED".
inline std::string Short(casework::v1::OverviewDifferenceKind kind) {
  return casework::v1::OverviewDifferenceKind_Name(kind).substr(
      sizeof("OVERVIEW_DIFFERENCE_KIND_") - 1);
}
// "municipality-0183 NOT_LISTED" for each difference that stands.
inline std::vector<std::string> DifferencesAt(Node& nec) {
  std::vector<std::string> standing;
  for (const auto& [authority, inventory] : InventoriesAt(nec)) {
    for (const auto& each : inventory.differences()) {
      standing.push_back(absl::StrCat(authority, " ", Short(each.kind())));
    }
  }
  return standing;
}

class OverviewWorld : public ErasureWorld {
 public:
  using ErasureWorld::ErasureWorld;

  absl::Time Now() { return world.domain_clock.Now(); }
  absl::StatusOr<exitbus::nec::v1::EntryCounts> Counted(absl::Time as_of) {
    exitbus::nec::v1::CountEntriesRequest request;
    *request.mutable_as_of() = exchange::ToProto(as_of);
    auto answer = nec.Call<exitbus::nec::v1::CountEntriesResponse>(
        absl::StrCat(kOverview, "CountEntries"), request);
    if (!answer.ok()) return answer.status();
    return answer->counts();
  }
  // "2: 1469 1+0, 1465 0+1": persons in the country, then in each district outside and in custody.
  std::string CountAt(absl::Time as_of) {
    const auto counts = Counted(as_of);
    if (!counts.ok()) return std::string(counts.status().message());
    EXPECT_LE(counts->persons(), counts->outside() + counts->in_custody());
    std::string said = absl::StrCat(counts->persons(), ":");
    for (const exitbus::nec::v1::DistrictCount& each : counts->districts()) {
      absl::StrAppend(&said, " ", each.district(), " ", each.outside(), "+", each.in_custody());
    }
    return said;
  }
  std::string Count() { return CountAt(Now()); }

  std::vector<exitbus::nec::v1::OverviewEntry> Entries(bool open_duplicates_only = false) {
    exitbus::nec::v1::ListEntriesRequest request;
    request.set_open_duplicates_only(open_duplicates_only);
    const auto answer = nec.Call<exitbus::nec::v1::ListEntriesResponse>(
        absl::StrCat(kOverview, "ListEntries"), request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (!answer.ok()) return {};
    return {answer->entries().begin(), answer->entries().end()};
  }
  void Erased(Node& node, const std::string& case_id) {
    ASSERT_TRUE(Withdraw(node, case_id).ok());
    ASSERT_TRUE(Erase(node, case_id).ok());
    world.Pass(absl::Minutes(10));
  }
};

}  // namespace exitbus::simulation
