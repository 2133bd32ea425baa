// exitbus-bench: first figures, on a deployment of its own.
#include <signal.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "absl/strings/numbers.h"
#include "adapters/system/version.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/bench/bench.h"

namespace {

using namespace exitbus;  // main wires

constexpr char kUsage[] =
    "exitbus-bench --state DIR [--runs N] [--seconds N] [--flood N] [--emergencies N]\n"
    "exitbus-bench --version\n"
    "\n"
    "Sets up a deployment in DIR, which is emptied first, measures it, prints the figures beside\n"
    "those of a plain librdkafka loop on the same broker, and ends what it started. At most four\n"
    "minutes.\n"
    "\n"
    "  --runs     runs whose medians count; 3 if left out\n"
    "  --seconds  of the even pace, 100 commands a second, in each run; 10 if left out\n"
    "  --flood    commands sent as fast as they are answered, in each run; 1500 if left out\n"
    "  --emergencies  persons brought elsewhere by the police, one after the other: with nothing\n"
    "             else under way, and as many as a flood lasts; 100 if left out\n"
    "\n"
    "exit: 0 measured; 1 something failed; 2 misuse\n";

enum Exit { kDone = 0, kFailed = 1, kMisuse = 2 };

constexpr absl::Duration kRunsLimit = absl::Seconds(130);

bool Parse(int argc, char** argv, std::string& state, bench::Sizes& sizes) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string option = argv[i];
    int number = 0;
    if (option == "--state") {
      state = argv[i + 1];
      continue;
    }
    if (!absl::SimpleAtoi(argv[i + 1], &number) || number < 1 || number > 10000) return false;
    if (option == "--runs") {
      sizes.runs = number;
    } else if (option == "--seconds") {
      sizes.seconds = number;
      sizes.idle_seconds = number;
    } else if (option == "--flood") {
      sizes.flood_commands = number;
    } else if (option == "--emergencies") {
      sizes.emergencies = number;
    } else {
      return false;
    }
  }
  return argc % 2 == 1 && !state.empty();
}

absl::Status Run(const std::string& state, const bench::Sizes& sizes) {
  RETURN_IF_ERROR(story::Deployment::StopAll(state));
  std::error_code error;
  std::filesystem::remove_all(state, error);
  if (error) return absl::UnavailableError(state + ": " + error.message());
  ASSIGN_OR_RETURN(const auto deployment,
                   story::Deployment::Prepare(state, [](std::string_view what) {
                     std::cout << "  ... " << what << std::endl;
                   }));
  absl::Status status = deployment->Start();
  if (status.ok()) status = bench::Measure(*deployment, sizes, kRunsLimit, std::cout);
  status.Update(deployment->Stop());
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  if (adapters::PrintedVersion(argc, argv, "exitbus-bench")) return kDone;
  std::string state;
  bench::Sizes sizes;
  if (!Parse(argc, argv, state, sizes)) {
    std::cerr << kUsage;
    return kMisuse;
  }
  signal(SIGPIPE, SIG_IGN);
  // Elsewhere the broker's Java is set to start quickly; here it compiles what runs often, TLS
  // above all, as a broker in service does.
  setenv("EXITBUS_BROKER_JVM", "-Xms256m -Xmx512m -XX:+UseSerialGC", 0);
  const absl::Status status = Run(state, sizes);
  if (status.ok()) return kDone;
  std::cout.flush();
  std::cerr << "FAILED: " << std::string(status.message()) << std::endl;
  return kFailed;
}
