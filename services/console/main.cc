// The exchange's console: what operators see of all authorities' streams.
#include "adapters/process/serve.h"
#include "exitbus/config/v1/console.pb.h"
#include "services/console/console.h"

int main(int argc, char** argv) {
  using namespace exitbus;
  return adapters::ServeConsole(
      argc, argv,
      [](const config::v1::ConsoleConfig& config, exchange::Environment environment) {
        return std::make_unique<console::Console>(
            console::ConsoleOptions{config.environment(), config.service().development()},
            std::move(environment));
      },
      {"exitbus.operations.v1.OperationsService"});
}
