// Det Nationale Exitkontaktpunkt: handovers that take too long, the central pool, relocation.
#include "adapters/process/serve.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/contact_point/desk.h"
#include "services/contact_point/pool_desk.h"
#include "services/contact_point/relocation_desk.h"
#include "services/readiness/readiness.h"

int main(int argc, char** argv) {
  return exitbus::adapters::Serve(
      argc, argv, exitbus::policy::v1::AUTHORITY_KIND_CONTACT_POINT,
      {{exitbus::contact_point::MonitoredHandovers(), exitbus::contact_point::PoolYears(),
        exitbus::contact_point::RequestedRelocations(), exitbus::readiness::ReadinessLists()},
       {"exitbus.contact_point.v1.HandoverDeskService", "exitbus.contact_point.v1.PoolDeskService",
        "exitbus.readiness.v1.ReadinessService",
        "exitbus.relocation.v1.RelocationAssessmentService",
        "exitbus.relocation.v1.RelocationDecisionService",
        "exitbus.relocation.v1.RelocationPlaceService",
        "exitbus.relocation.v1.RelocationService"}});
}
