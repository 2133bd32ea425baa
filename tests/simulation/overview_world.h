// NEC's overview with what a test asks it: who is in exit, and how many.
#pragma once

#include <gtest/gtest.h>

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

class OverviewWorld : public ErasureWorld {
 public:
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
