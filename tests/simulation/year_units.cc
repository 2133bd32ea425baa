// What units of Kriminalforsorgen do of whom they supervise: they read the precautions that they
// were told.
#include <gtest/gtest.h>

#include "exitbus/kriminalforsorgen/v1/supervision_service.pb.h"
#include "tests/simulation/year.h"

namespace exitbus::simulation {
namespace {

namespace kv1 = kriminalforsorgen::v1;

const std::string kSupervised = "exitbus.kriminalforsorgen.v1.SupervisionService.";

}  // namespace

void Year::ActAsSupervisors() {
  for (Node* const unit : prisons_) {
    kv1::ListSupervisedCasesRequest list;
    list.set_page_size(200);
    list.set_open_only(true);
    const auto all =
        unit->Call<kv1::ListSupervisedCasesResponse>(kSupervised + "ListSupervisedCases", list);
    ASSERT_TRUE(all.ok()) << all.status();
    ASSERT_TRUE(all->next_page_token().empty());
    for (const kv1::SupervisedCase& one : all->supervised()) {
      const auto& security = one.matters().security();
      if (security.version() == 0 || !security.acknowledged_by().empty()) continue;
      kv1::ReadSupervisedPrecautionsRequest read;
      read.set_request_id(world.RequestId());
      read.set_supervision_id(one.supervision_id());
      const auto done = unit->Call<kv1::ReadSupervisedPrecautionsResponse>(
          kSupervised + "ReadSupervisedPrecautions", read);
      EXPECT_TRUE(done.ok()) << done.status();
      Note("ReadSupervisedPrecautions", unit->id());
    }
  }
}

}  // namespace exitbus::simulation
