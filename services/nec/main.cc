// NEC's national overview of who is in exit.
#include "adapters/process/serve.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/nec/overview.h"
#include "services/readiness/readiness.h"

int main(int argc, char** argv) {
  return exitbus::adapters::Serve(
      argc, argv, exitbus::policy::v1::AUTHORITY_KIND_NEC,
      {{exitbus::nec::OverviewEntries(), exitbus::nec::HolderInventories(),
        exitbus::readiness::ReadinessLists()},
       {"exitbus.nec.v1.OverviewService", "exitbus.readiness.v1.ReadinessService"}});
}
