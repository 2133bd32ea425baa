// Det Nationale Exitkontaktpunkt: handovers that take too long, and the central pool.
#include "adapters/process/serve.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/contact_point/desk.h"
#include "services/contact_point/pool_desk.h"

int main(int argc, char** argv) {
  return exitbus::adapters::Serve(
      argc, argv, exitbus::policy::v1::AUTHORITY_KIND_CONTACT_POINT,
      {{exitbus::contact_point::MonitoredHandovers(), exitbus::contact_point::PoolYears()},
       {"exitbus.contact_point.v1.HandoverDeskService",
        "exitbus.contact_point.v1.PoolDeskService"}});
}
