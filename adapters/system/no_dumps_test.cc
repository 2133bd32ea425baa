#include "adapters/system/no_dumps.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdlib>

namespace exitbus::adapters {
namespace {

TEST(NoDumpsTest, TheProcessLeavesNoCoreAndIsNobodysToAttachTo) {
  const auto forbid_and_look = [] {
    ForbidDumps();
    rlimit core{};
    getrlimit(RLIMIT_CORE, &core);
    bool shut = core.rlim_cur == 0 && core.rlim_max == 0;
#ifndef __SANITIZE_ADDRESS__
    shut = shut && prctl(PR_GET_DUMPABLE) == 0;
#endif
    std::_Exit(shut ? 0 : 1);
  };
  EXPECT_EXIT(forbid_and_look(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace exitbus::adapters
