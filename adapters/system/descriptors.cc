#include "adapters/system/descriptors.h"

#include <sys/resource.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iterator>

#include "absl/strings/str_cat.h"

namespace exitbus::adapters {

absl::Status SetDescriptorsMax(std::uint32_t wanted) {
  rlimit bound{};
  if (getrlimit(RLIMIT_NOFILE, &bound) != 0) {
    return absl::FailedPreconditionError(std::strerror(errno));
  }
  if (bound.rlim_max != RLIM_INFINITY && bound.rlim_max < wanted) {
    return absl::FailedPreconditionError(
        absl::StrCat("limits.descriptors_max: is ", wanted, ", and the system allows this process ",
                     bound.rlim_max,
                     " files and connections. Raise that (LimitNOFILE= in a unit of systemd), or "
                     "lower the field."));
  }
  bound.rlim_cur = wanted;
  if (setrlimit(RLIMIT_NOFILE, &bound) == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("limits.descriptors_max: ", std::strerror(errno)));
}

std::uint32_t DescriptorsOpen() {
  std::error_code error;
  std::filesystem::directory_iterator files("/proc/self/fd", error);
  if (error) return 0;
  const auto open = std::distance(begin(files), end(files));
  return static_cast<std::uint32_t>(open) - 1;  // the folder itself was among them
}

}  // namespace exitbus::adapters
