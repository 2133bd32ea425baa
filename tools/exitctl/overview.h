// What the console tells of all streams, as people read it.
#pragma once

#include <map>
#include <string>

#include "absl/time/time.h"
#include "exitbus/operations/v1/operations_service.pb.h"

namespace exitbus::exitctl {

// All rows as they are now.
class Overview {
 public:
  void Take(const operations::v1::GetOverviewResponse& all);
  // What has changed, or all anew.
  void Take(const operations::v1::WatchOverviewResponse& told);

  // By the console's clock, which ages are counted by.
  absl::Time time() const { return time_; }

  // At this instant: alarms first, then a line for each authority, and under it its streams that
  // the caller may see.
  std::string AsText(absl::Time now, bool coloured) const;

 private:
  std::map<std::string, operations::v1::AuthorityRow> authorities_;
  std::map<std::string, operations::v1::StreamRow> streams_;
  operations::v1::ExchangeRow exchange_;
  absl::Time time_ = absl::UnixEpoch();
};

}  // namespace exitbus::exitctl
