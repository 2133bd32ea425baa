#include "adapters/system/no_dumps.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

namespace exitbus::adapters {

void ForbidDumps() {
  const rlimit none{0, 0};
  bool forbidden = setrlimit(RLIMIT_CORE, &none) == 0;
#ifndef __SANITIZE_ADDRESS__  // its leak checker attaches to its own process
  forbidden = forbidden && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
#endif
  if (forbidden) return;
  std::perror("exitbus: core files cannot be forbidden");
  std::abort();
}

}  // namespace exitbus::adapters
