// The rows as they are now, each in two variants, for its authority's own operator and for
// everybody else, with a number that grows at each change: whoever knows up to a number is told
// what is newer.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace exitbus::operations::v1 {
class GetOverviewResponse;
class WatchOverviewResponse;
}  // namespace exitbus::operations::v1

namespace exitbus::console {

struct World;

class Board {
 public:
  // `world` outlives it.
  explicit Board(World* world);
  ~Board();

  // What has changed since the last call.
  void Refresh(absl::Time now);

  // All rows, as the operator of `authority` sees them (empty: as everybody does).
  void Tell(std::string_view authority, operations::v1::GetOverviewResponse& all) const;
  // Those that changed after `version`; true: there are any.
  bool TellSince(std::string_view authority, std::uint64_t version,
                 operations::v1::WatchOverviewResponse& changed) const;
  std::uint64_t version() const { return version_; }
  // A row went at this number: who knows less has to begin anew.
  std::uint64_t gone_at() const { return gone_at_; }

 private:
  struct Rows;

  // Those whose rows are to be made anew.
  std::set<std::string> Due(absl::Time now);
  void MakeCommonAnew(absl::Time now);
  void MakeAuthorities(const std::set<std::string>& due, absl::Time now);
  void MakeStreams(const std::set<std::string>& due, absl::Time now);
  void DropUnlisted();

  World* const world_;
  const std::unique_ptr<Rows> rows_;
  std::uint64_t version_ = 1;
  std::uint64_t gone_at_ = 0;
  std::uint64_t directory_content_ = 0;
  absl::Time common_at_ = absl::InfinitePast();
  bool broker_reached_ = false;
  std::map<std::string, int> presences_;
};

}  // namespace exitbus::console
