#include "adapters/directory/development_clock.h"

#include <google/protobuf/text_format.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/directory/files.h"
#include "adapters/directory/mistakes.h"
#include "adapters/directory/text_format.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::adapters {
namespace {

constexpr double kRateMax = 1e6;
constexpr std::int64_t kOffsetSecondsMax = std::int64_t{10} * 366 * 24 * 3600;

void Check(const config::v1::DevelopmentClock& clock, Mistakes& mistakes) {
  if (!clock.has_anchor()) {
    mistakes.Add("anchor", "is missing", "write the file with `exitctl clock set`");
  }
  if (!(clock.rate() > 0 && clock.rate() <= kRateMax)) {
    mistakes.Add("rate", absl::StrCat("is ", clock.rate()), "write above 0, at most 1000000");
  }
  if (clock.offset().seconds() < 0 || clock.offset().nanos() < 0 ||
      clock.offset().seconds() > kOffsetSecondsMax) {
    mistakes.Add("offset", "is out of range", "write 0 to ten years, in seconds");
  }
}

std::string Shown(absl::Time time) { return absl::FormatTime(time, absl::UTCTimeZone()); }

}  // namespace

absl::StatusOr<config::v1::DevelopmentClock> LoadDevelopmentClock(const std::string& file) {
  ASSIGN_OR_RETURN(const auto text, ReadFile(file));
  config::v1::DevelopmentClock clock;
  Mistakes mistakes;
  if (ParseText(text, Quoting::kAllowed, clock, mistakes)) Check(clock, mistakes);
  if (!mistakes.empty()) return mistakes.ToStatus(file);
  return clock;
}

absl::Status WriteDevelopmentClock(const std::string& file,
                                   const config::v1::DevelopmentClock& clock) {
  Mistakes mistakes;
  Check(clock, mistakes);
  if (!mistakes.empty()) return mistakes.ToStatus(file);
  std::string text;
  if (!google::protobuf::TextFormat::PrintToString(clock, &text)) {
    return absl::InternalError("a clock cannot be written as text");
  }
  return ReplaceFile(file, text);
}

absl::Time TimeOf(const config::v1::DevelopmentClock& clock, absl::Time wall) {
  const absl::Time anchor =
      absl::FromUnixSeconds(clock.anchor().seconds()) + absl::Nanoseconds(clock.anchor().nanos());
  const absl::Duration offset =
      absl::Seconds(clock.offset().seconds()) + absl::Nanoseconds(clock.offset().nanos());
  return anchor + offset + (wall - anchor) * clock.rate();
}

absl::StatusOr<std::unique_ptr<DevelopmentClock>> DevelopmentClock::Open(
    const std::string& file, const exchange::Clock* wall) {
  ASSIGN_OR_RETURN(auto clock, LoadDevelopmentClock(file));
  return std::unique_ptr<DevelopmentClock>(new DevelopmentClock(file, wall, std::move(clock)));
}

absl::Time DevelopmentClock::Now() const {
  const std::lock_guard lock(mutex_);
  return TimeOf(clock_, wall_->Now());
}

absl::StatusOr<bool> DevelopmentClock::Refresh() {
  ASSIGN_OR_RETURN(auto next, LoadDevelopmentClock(file_));
  const std::lock_guard lock(mutex_);
  if (next.SerializeAsString() == clock_.SerializeAsString()) return false;
  const absl::Time wall = wall_->Now();
  if (TimeOf(next, wall) < TimeOf(clock_, wall)) {
    return absl::FailedPreconditionError(
        absl::StrCat(file_, ": would set the clock back from ", Shown(TimeOf(clock_, wall)), " to ",
                     Shown(TimeOf(next, wall)),
                     "; it goes on as before. Move it forward with `exitctl clock advance`, or "
                     "begin anew with empty data folders."));
  }
  clock_ = std::move(next);
  return true;
}

}  // namespace exitbus::adapters
