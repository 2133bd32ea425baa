#include <ostream>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "adapters/directory/development_clock.h"
#include "services/exchange/ports/status_macros.h"
#include "tools/exitctl/handlers.h"
#include "tools/exitctl/length_of_time.h"

namespace exitbus::exitctl {
namespace {

using config::v1::DevelopmentClock;

int Show(const DevelopmentClock& clock, Terminal terminal) {
  terminal.out << absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", adapters::TimeOf(clock, absl::Now()),
                                   absl::UTCTimeZone())
               << ", " << clock.rate() << " times as fast\n";
  return kDone;
}

absl::StatusOr<int> Write(const std::string& file, absl::Duration ahead, double rate,
                          Terminal terminal) {
  const absl::Time now = absl::Now();
  DevelopmentClock clock;
  clock.mutable_anchor()->set_seconds(absl::ToUnixSeconds(now));
  clock.mutable_anchor()->set_nanos(
      static_cast<int>(absl::ToUnixNanos(now) - absl::ToUnixSeconds(now) * 1'000'000'000));
  clock.mutable_offset()->set_seconds(ahead / absl::Seconds(1));
  clock.mutable_offset()->set_nanos(
      static_cast<int>((ahead % absl::Seconds(1)) / absl::Nanoseconds(1)));
  clock.set_rate(rate);
  RETURN_IF_ERROR(adapters::WriteDevelopmentClock(file, clock));
  return Show(clock, terminal);
}

}  // namespace

absl::StatusOr<int> SetClock(const Invocation& on) {
  const auto offset = LengthOfTime(on.said.Value("--offset").value_or("0s"));
  if (!offset) return Misused("--offset is no length of time, e.g. 10d", on);
  double rate = 1;
  if (!absl::SimpleAtod(on.said.Value("--rate").value_or("1"), &rate)) {
    return Misused("--rate is no number", on);
  }
  return Write(on.said["FILE"], *offset, rate, on.terminal);
}

absl::StatusOr<int> AdvanceClock(const Invocation& on) {
  const auto by = LengthOfTime(on.said["--by"]);
  if (!by) return Misused("--by is no length of time, e.g. 5d", on);
  ASSIGN_OR_RETURN(const auto clock, adapters::LoadDevelopmentClock(on.said["FILE"]));
  double rate = clock.rate();
  if (on.said.Has("--rate") && !absl::SimpleAtod(on.said["--rate"], &rate)) {
    return Misused("--rate is no number", on);
  }
  const absl::Time now = absl::Now();
  return Write(on.said["FILE"], adapters::TimeOf(clock, now) - now + *by, rate, on.terminal);
}

absl::StatusOr<int> ShowClock(const Invocation& on) {
  ASSIGN_OR_RETURN(const auto clock, adapters::LoadDevelopmentClock(on.said["FILE"]));
  return Show(clock, on.terminal);
}

}  // namespace exitbus::exitctl
