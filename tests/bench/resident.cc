#include "tests/bench/resident.h"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"

namespace exitbus::bench {
namespace {

absl::Status Unreadable(const std::string& file) {
  return absl::NotFoundError(file + ": cannot be read; did the process end?");
}

}  // namespace

absl::StatusOr<double> ResidentMib(pid_t process) {
  const std::string file = absl::StrCat("/proc/", process, "/statm");
  std::ifstream statm(file);
  double pages_all = 0;
  double pages_resident = 0;
  if (!(statm >> pages_all >> pages_resident)) return Unreadable(file);
  return pages_resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

absl::StatusOr<absl::Duration> ProcessorTime(pid_t process) {
  const std::string file = absl::StrCat("/proc/", process, "/stat");
  std::ifstream stat(file);
  std::string line;
  std::getline(stat, line);
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return Unreadable(file);
  // After the name: state, and the tenth and eleventh after it are user and kernel time.
  std::istringstream fields(line.substr(name_end + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0;
  double kernel = 0;
  if (!(fields >> user >> kernel)) return Unreadable(file);
  return absl::Seconds((user + kernel) / static_cast<double>(sysconf(_SC_CLK_TCK)));
}

}  // namespace exitbus::bench
