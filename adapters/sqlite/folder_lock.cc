#include "adapters/sqlite/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::adapters {
namespace {

absl::Status Unusable(const std::string& path, const std::string& why) {
  return absl::FailedPreconditionError(absl::StrCat(path, ": cannot be used: ", why));
}

absl::Status CreateFolder(const std::string& folder) {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::path(folder).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  if (error) return Unusable(folder, error.message());
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return Unusable(folder, std::strerror(errno));
  }
  return absl::OkStatus();
}

// What the holder wrote, or "unknown" when it has not got that far.
std::string HolderOf(int file) {
  std::array<char, 32> text{};
  const ssize_t size = pread(file, text.data(), text.size(), 0);
  if (size <= 0) return "unknown";
  const std::string holder(text.data(), static_cast<std::size_t>(size));
  return std::string(absl::StripAsciiWhitespace(holder));
}

}  // namespace

absl::StatusOr<std::unique_ptr<FolderLock>> FolderLock::Acquire(const std::string& folder) {
  RETURN_IF_ERROR(CreateFolder(folder));
  const std::string path = (std::filesystem::path(folder) / "lock").string();
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return Unusable(path, std::strerror(errno));
  std::unique_ptr<FolderLock> lock(new FolderLock(file));
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return Unusable(path, std::strerror(errno));
    return absl::FailedPreconditionError(
        absl::StrCat("the data folder ", folder, " is in use by process ", HolderOf(file),
                     "; stop that process first, or give this one a folder of its own"));
  }
  const std::string pid = absl::StrCat(getpid(), "\n");
  if (ftruncate(file, 0) != 0 ||
      pwrite(file, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return Unusable(path, std::strerror(errno));
  }
  return lock;
}

FolderLock::~FolderLock() { close(file_); }

}  // namespace exitbus::adapters
