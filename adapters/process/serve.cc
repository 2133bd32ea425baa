#include "adapters/process/serve.h"

#include <cstring>
#include <iostream>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/directory/config.h"
#include "adapters/directory/config_console.h"
#include "adapters/process/process.h"
#include "adapters/system/no_dumps.h"
#include "adapters/system/stop_signal.h"
#include "adapters/system/supervisor.h"
#include "adapters/system/version.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/engine.h"
#include "services/policy/readers.h"
#include "services/policy/topics.h"

namespace exitbus::adapters {
namespace {

constexpr int kUnusable = 2;
constexpr int kFellSilent = 3;
constexpr int kTakenOver = 4;

int Complain(const absl::Status& status) {
  std::cerr << "exitbus: " << status.message() << std::endl;
  return kUnusable;
}

// The one argument that counts.
struct Arguments {
  std::string config_file;
  bool new_store = false;
};

// As of Serve: nullopt, and the usage is told.
std::optional<Arguments> ArgumentsOf(int argc, char** argv, std::string_view serves,
                                     std::string_view file) {
  ForbidDumps();
  BlockStopSignals();
  const bool new_store = argc == 4 && std::strcmp(argv[1], "--new-store") == 0;
  const int first = new_store ? 2 : 1;
  if (argc == first + 2 && std::strcmp(argv[first], "--config") == 0) {
    return Arguments{argv[first + 1], new_store};
  }
  std::cerr
      << "usage: " << argv[0] << " [--new-store] --config FILE | --version\n"
      << "Runs " << serves << ". FILE is an exitbus.config.v1." << file
      << " in protobuf text format.\n"
      << "With --new-store, at its first start only, its empty store is begun; without it, a\n"
         "data folder that holds none is refused.\n";
  return std::nullopt;
}

int Run(const config::v1::ServiceConfig& config, bool new_store, Program program) {
  const auto process = Process::Start(config, new_store, std::move(program));
  if (!process.ok()) return Complain(process.status());
  TellSupervisorServing();
  WaitForStopSignal([&](const char* signal) { (*process)->TellIgnored(signal); });
  TellSupervisorEnding();
  if (!(*process)->owns_store()) return kTakenOver;
  return (*process)->accepts() ? 0 : kFellSilent;
}

}  // namespace

int Serve(int argc, char** argv, policy::v1::AuthorityKind kind, exchange::Service service) {
  if (PrintedVersion(argc, argv, policy::KindName(kind))) return 0;
  const auto arguments = ArgumentsOf(argc, argv,
                                     absl::StrCat("the service of one authority of the kind \"",
                                                  std::string(policy::KindName(kind)), "\""),
                                     "ServiceConfig");
  if (!arguments) return kUnusable;
  const auto config = LoadConfig(arguments->config_file);
  if (!config.ok()) return Complain(config.status());
  if (config->kind() != kind) {
    return Complain(absl::InvalidArgumentError(
        arguments->config_file + ": kind: this program serves AUTHORITY_KIND of \"" +
        std::string(policy::KindName(kind)) + "\"; start the program of the configured kind."));
  }
  Program program;
  program.api_services = service.api_services;
  program.with_gang_list = service.with_gang_list;
  program.make = [&service](exchange::Environment environment) {
    return std::make_unique<exchange::Engine>(std::move(environment), std::move(service));
  };
  return Run(*config, arguments->new_store, std::move(program));
}

int ServeConsole(int argc, char** argv, MakeConsole make, std::vector<std::string> api_services) {
  if (PrintedVersion(argc, argv, policy::kConsole)) return 0;
  const auto arguments = ArgumentsOf(argc, argv, "the exchange's console", "ConsoleConfig");
  if (!arguments) return kUnusable;
  const auto config = LoadConsoleConfig(arguments->config_file);
  if (!config.ok()) return Complain(config.status());
  Program program;
  program.api_services = std::move(api_services);
  program.looks_at_broker = true;
  program.make = [&](exchange::Environment environment) {
    return make(*config, std::move(environment));
  };
  return Run(config->service(), arguments->new_store, std::move(program));
}

}  // namespace exitbus::adapters
