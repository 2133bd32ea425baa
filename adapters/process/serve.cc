#include "adapters/process/serve.h"

#include <cstring>
#include <iostream>
#include <utility>

#include "adapters/directory/config.h"
#include "adapters/process/process.h"
#include "adapters/system/no_dumps.h"
#include "adapters/system/stop_signal.h"
#include "adapters/system/version.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/policy/readers.h"

namespace exitbus::adapters {
namespace {

constexpr int kUnusable = 2;
constexpr int kFellSilent = 3;
constexpr int kTakenOver = 4;

int Complain(const absl::Status& status) {
  std::cerr << "exitbus: " << status.message() << std::endl;
  return kUnusable;
}

}  // namespace

int Serve(int argc, char** argv, policy::v1::AuthorityKind kind, exchange::Service service) {
  if (PrintedVersion(argc, argv, policy::KindName(kind))) return 0;
  ForbidDumps();
  BlockStopSignals();
  const bool new_store = argc == 4 && std::strcmp(argv[1], "--new-store") == 0;
  const int first = new_store ? 2 : 1;
  if (argc != first + 2 || std::strcmp(argv[first], "--config") != 0) {
    std::cerr << "usage: " << argv[0] << " [--new-store] --config FILE | --version\n"
              << "Runs the service of one authority of the kind \"" << policy::KindName(kind)
              << "\". FILE is an exitbus.config.v1.ServiceConfig in protobuf text format.\n"
              << "With --new-store, at this authority's first start only, its empty store is "
                 "begun; without it, a\ndata folder that holds none is refused.\n";
    return kUnusable;
  }
  const auto config = LoadConfig(argv[first + 1]);
  if (!config.ok()) return Complain(config.status());
  if (config->kind() != kind) {
    return Complain(absl::InvalidArgumentError(
        std::string(argv[first + 1]) + ": kind: this program serves AUTHORITY_KIND of \"" +
        std::string(policy::KindName(kind)) + "\"; start the program of the configured kind."));
  }
  const auto process = Process::Start(*config, new_store, std::move(service));
  if (!process.ok()) return Complain(process.status());
  WaitForStopSignal([&](const char* signal) { (*process)->TellIgnored(signal); });
  if (!(*process)->owns_store()) return kTakenOver;
  return (*process)->accepts() ? 0 : kFellSilent;
}

}  // namespace exitbus::adapters
