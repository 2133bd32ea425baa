// What the authorities have told: how each stands, since when it is heard, and the hops as they
// come. Times are the console's own, but for those inside what was told.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "absl/time/time.h"
#include "services/console/paths.h"
#include "services/console/recent.h"

namespace exitbus::operations::v1 {
class SeenHop;
class Standing;
class TraceRecord;
enum Presence : int;
}  // namespace exitbus::operations::v1

namespace exitbus::console {

// One authority's.
struct Told {
  std::unique_ptr<operations::v1::Standing> standing;  // the newest; null: none came yet
  absl::Time heard;                                    // anything, last
  absl::Time heard_since;                              // without a silence
  absl::Time started;                                  // its process, by its own clock
  std::deque<absl::Time> restarts;                     // seen within the last hour
  std::map<int, Recent> recent;                        // by channel
  std::uint64_t hops_left_out = 0;
};

class Reports {
 public:
  static constexpr absl::Duration kSilentAfter = absl::Seconds(15);
  static constexpr std::size_t kHopsKept = 4000;

  explicit Reports(absl::Time started);
  ~Reports();

  // What an authority told, which was verified; heard at `heard`.
  void Take(const std::string& authority, const operations::v1::TraceRecord& told,
            absl::Time heard);

  const Told* Find(const std::string& authority) const;  // null: never heard
  operations::v1::Presence PresenceOf(const std::string& authority, absl::Time now) const;
  // Since when that is so.
  absl::Time PresenceSince(const std::string& authority, absl::Time now) const;

  // Those of whom something new was told since the last call.
  std::set<std::string> TakeChanged() { return std::exchange(changed_, {}); }

  const Paths& paths() const { return paths_; }
  absl::Time started() const { return started_; }

  // The newest hops in the order they were heard; `first_hop` is the number of the first.
  const std::deque<operations::v1::SeenHop>& hops() const { return hops_; }
  std::uint64_t first_hop() const { return first_hop_; }

 private:
  void TakeHops(const std::string& authority, const operations::v1::TraceRecord& told, Told& of,
                absl::Time heard);

  const absl::Time started_;
  std::map<std::string, Told> told_;
  std::set<std::string> changed_;
  Paths paths_;
  std::deque<operations::v1::SeenHop> hops_;
  std::uint64_t first_hop_ = 0;
};

}  // namespace exitbus::console
