#include "tools/exitctl/clock_commands.h"

#include <ostream>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "adapters/directory/development_clock.h"
#include "tools/exitctl/length_of_time.h"

namespace exitbus::exitctl {

const char kClockHelp[] =
    "exitctl clock set FILE [--offset 10d] [--rate 1]\n"
    "  writes the clock that development services go by (development_clock_file): so much ahead of "
    "the\n"
    "  machine's clock from now on, and so many times as fast; a running service takes it up "
    "within "
    "a\n"
    "  second, unless it would set its time back\n"
    "exitctl clock advance FILE --by 5d [--rate 1]\n"
    "  moves it on from what it shows now\n"
    "exitctl clock show FILE\n"
    "  what it shows now\n";

namespace {

using config::v1::DevelopmentClock;

int Show(const DevelopmentClock& clock, Terminal terminal) {
  terminal.out << absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", adapters::TimeOf(clock, absl::Now()),
                                   absl::UTCTimeZone())
               << ", " << clock.rate() << " times as fast\n";
  return kDone;
}

int Write(const std::string& file, absl::Duration ahead, double rate, Terminal terminal) {
  const absl::Time now = absl::Now();
  DevelopmentClock clock;
  clock.mutable_anchor()->set_seconds(absl::ToUnixSeconds(now));
  clock.mutable_anchor()->set_nanos(
      static_cast<int>(absl::ToUnixNanos(now) - absl::ToUnixSeconds(now) * 1'000'000'000));
  clock.mutable_offset()->set_seconds(ahead / absl::Seconds(1));
  clock.mutable_offset()->set_nanos(
      static_cast<int>((ahead % absl::Seconds(1)) / absl::Nanoseconds(1)));
  clock.set_rate(rate);
  if (absl::Status written = adapters::WriteDevelopmentClock(file, clock); !written.ok()) {
    return Fail(written, terminal);
  }
  return Show(clock, terminal);
}

}  // namespace

int RunClock(const CommandLine& line, Terminal terminal) {
  absl::Status options = line.CheckOptions({"--offset", "--rate", "--by"});
  if (!options.ok()) return Misused(std::string(options.message()), kClockHelp, terminal);
  if (line.words.size() != 3) return Misused("what to do with which file?", kClockHelp, terminal);
  const std::string& file = line.words[2];
  double rate = 1;
  if (!absl::SimpleAtod(line.Value("--rate").value_or("1"), &rate)) {
    return Misused("--rate is no number", kClockHelp, terminal);
  }
  if (line.words[1] == "set" && !line.Has("--by")) {
    const auto offset = LengthOfTime(line.Value("--offset").value_or("0s"));
    if (!offset) return Misused("--offset is no length of time, e.g. 10d", kClockHelp, terminal);
    return Write(file, *offset, rate, terminal);
  }
  const auto clock = adapters::LoadDevelopmentClock(file);
  if (line.words[1] == "advance" && line.Has("--by") && !line.Has("--offset")) {
    const auto by = LengthOfTime(*line.Value("--by"));
    if (!by) return Misused("--by is no length of time, e.g. 5d", kClockHelp, terminal);
    if (!clock.ok()) return Fail(clock.status(), terminal);
    const absl::Time now = absl::Now();
    return Write(file, adapters::TimeOf(*clock, now) - now + *by,
                 line.Has("--rate") ? rate : clock->rate(), terminal);
  }
  if (line.words[1] != "show" || !line.options.empty()) {
    return Misused("this is not set, advance or show with what it needs", kClockHelp, terminal);
  }
  return clock.ok() ? Show(*clock, terminal) : Fail(clock.status(), terminal);
}

}  // namespace exitbus::exitctl
