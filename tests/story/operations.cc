#include "tests/story/operations.h"

#include <cmath>
#include <filesystem>
#include <functional>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "adapters/directory/files.h"
#include "exitbus/directory/v1/directory.pb.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::story {
namespace {

constexpr absl::Duration kLimit = absl::Seconds(40);
constexpr absl::Duration kLook = absl::Milliseconds(20);
constexpr double kClocksApartS = 2;

std::string LogOf(const Deployment& deployment, const Member& member) {
  return adapters::ReadFile(deployment.places().log(member), std::size_t{1} << 30).value_or("");
}

absl::Status Await(const std::string& what, const std::function<bool()>& holds) {
  const absl::Time deadline = absl::Now() + kLimit;
  while (!holds()) {
    if (absl::Now() > deadline) return absl::DeadlineExceededError(what + " has not happened");
    absl::SleepFor(kLook);
  }
  return absl::OkStatus();
}

absl::Status Exitctl(const Deployment& deployment, const std::vector<std::string>& words) {
  std::vector<std::string> command = {Deployment::Program("exitctl")};
  command.insert(command.end(), words.begin(), words.end());
  return RunTool(command, deployment.places().state + "/exitctl.log");
}

absl::StatusOr<std::uint64_t> VersionOf(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string bytes, adapters::ReadFile(file));
  directory::v1::SignedDirectory read;
  directory::v1::Directory directory;
  if (!read.ParseFromString(bytes) || !directory.ParseFromString(read.directory())) {
    return absl::InternalError(file + ": is no directory");
  }
  return directory.version();
}

// Waits until this figure of the member's own is as it should be.
absl::Status AwaitFigure(const Deployment& deployment, const Member& member,
                         const std::string& what, const std::string& name,
                         const std::function<bool(double)>& holds) {
  const std::string log = deployment.places().state + "/figures.log";
  const std::string url =
      absl::StrCat("http://127.0.0.1:", deployment.metrics_port(member), "/metrics");
  const std::string figure = absl::StrCat("exitbus_", name, " ");
  return Await(what, [&] {
    if (!RunTool({"curl", "--silent", "--fail", url}, log).ok()) return false;
    for (const auto line : absl::StrSplit(adapters::ReadFile(log).value_or(""), '\n')) {
      double seen = 0;
      if (absl::StartsWith(line, figure) && absl::SimpleAtod(line.substr(figure.size()), &seen) &&
          holds(seen)) {
        return true;
      }
    }
    return false;
  });
}

}  // namespace

absl::StatusOr<std::uint64_t> PublishDirectory(const Deployment& deployment,
                                               const std::set<std::string>& suspended) {
  std::map<std::string, std::size_t> from;
  for (const Member& member : Cast()) from[member.id] = LogOf(deployment, member).size();
  RETURN_IF_ERROR(MakeDirectory(deployment.places(), suspended).status());
  ASSIGN_OR_RETURN(const std::uint64_t version, VersionOf(deployment.places().directory()));
  const std::string said = absl::StrCat("\"version\":\"", version, "\"");
  for (const Member& member : Cast()) {
    RETURN_IF_ERROR(
        Await(absl::StrCat(member.id, " takes version ", version, " of the directory"), [&] {
          const std::string log = LogOf(deployment, member).substr(from[member.id]);
          for (const auto line : absl::StrSplit(log, '\n')) {
            if (absl::StrContains(line, "\"directory.renewed\"") && absl::StrContains(line, said)) {
              return true;
            }
          }
          return false;
        }));
  }
  return version;
}

absl::Status AwaitPaused(const Deployment& deployment, const Member& member,
                         const std::string& membership) {
  return AwaitFigure(deployment, member, member.id + " holds letters back",
                     absl::StrCat("outbox_paused{membership=\"", membership, "\"}"),
                     [](double held) { return held > 0; });
}

absl::Status TurnClock(const Deployment& deployment, absl::Duration by) {
  return Exitctl(deployment, {"clock", "advance", deployment.places().clock(), "--by",
                              absl::FormatDuration(absl::Trunc(by, absl::Seconds(1)))});
}

absl::Status AdvanceClock(const Deployment& deployment, absl::Duration by) {
  RETURN_IF_ERROR(TurnClock(deployment, by));
  ASSIGN_OR_RETURN(const absl::Time shown, deployment.Today());
  const double ahead = absl::ToDoubleSeconds(shown - absl::Now());
  for (const Member& member : Cast()) {
    RETURN_IF_ERROR(AwaitFigure(
        deployment, member, member.id + " goes by the new time", "development_clock_ahead_seconds",
        [&](double seen) { return std::abs(seen - ahead) < kClocksApartS; }));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> VerifyEvidence(const Deployment& deployment) {
  const Places& places = deployment.places();
  const std::string folder = places.state + "/evidence";
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  std::filesystem::create_directories(folder, error);
  if (error) return absl::UnavailableError(folder + ": " + error.message());
  std::vector<std::string> verify = {"evidence", "verify"};
  for (const Member& member : Cast()) {
    const std::string file = absl::StrCat(folder, "/", member.id);
    RETURN_IF_ERROR(
        Exitctl(deployment, {"evidence", "export", "--data-folder", places.Of(member) + "/data",
                             "--authority", member.id, "--out", file}));
    verify.push_back(file);
  }
  RETURN_IF_ERROR(Exitctl(deployment, verify));
  ASSIGN_OR_RETURN(const std::string said, adapters::ReadFile(places.state + "/exitctl.log"));
  int entries = 0;
  int looked_at = 0;
  for (const auto line : absl::StrSplit(said, '\n')) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    int count = 0;
    if (!absl::EndsWith(line, "looked at") || !absl::SimpleAtoi(words.at(1), &count)) continue;
    entries += count;
    ++looked_at;
  }
  if (looked_at != static_cast<int>(Cast().size()) ||
      !absl::StrContains(said, "nothing is wrong")) {
    return absl::InternalError("exitctl evidence verify says: " + said);
  }
  return absl::StrCat(looked_at, " authorities, ", entries, " journal entries");
}

}  // namespace exitbus::story
