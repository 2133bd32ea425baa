#include "adapters/process/serve.h"

#include <cstring>
#include <iostream>
#include <utility>

#include "adapters/directory/config.h"
#include "adapters/process/process.h"
#include "adapters/system/no_dumps.h"
#include "adapters/system/stop_signal.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/policy/readers.h"

namespace exitbus::adapters {
namespace {

constexpr int kUnusable = 2;
constexpr int kFellSilent = 3;

int Complain(const absl::Status& status) {
  std::cerr << "exitbus: " << status.message() << std::endl;
  return kUnusable;
}

}  // namespace

int Serve(int argc, char** argv, policy::v1::AuthorityKind kind, exchange::Service service) {
  ForbidDumps();
  BlockStopSignals();
  if (argc != 3 || std::strcmp(argv[1], "--config") != 0) {
    std::cerr << "usage: " << argv[0] << " --config FILE\n"
              << "Runs the service of one authority of the kind \"" << policy::KindName(kind)
              << "\". FILE is an exitbus.config.v1.ServiceConfig in protobuf text format.\n";
    return kUnusable;
  }
  const auto config = LoadConfig(argv[2]);
  if (!config.ok()) return Complain(config.status());
  if (config->kind() != kind) {
    return Complain(absl::InvalidArgumentError(
        std::string(argv[2]) + ": kind: this program serves AUTHORITY_KIND of \"" +
        std::string(policy::KindName(kind)) + "\"; start the program of the configured kind."));
  }
  const auto process = Process::Start(*config, std::move(service));
  if (!process.ok()) return Complain(process.status());
  WaitForStopSignal([&](const char* signal) { (*process)->TellIgnored(signal); });
  return (*process)->accepts() ? 0 : kFellSilent;
}

}  // namespace exitbus::adapters
