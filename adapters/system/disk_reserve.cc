#include "adapters/system/disk_reserve.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace exitbus::adapters {

absl::StatusOr<std::unique_ptr<DiskReserve>> DiskReserve::Open(const std::string& path,
                                                               std::uint64_t bytes) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": cannot be used: ", std::strerror(errno)));
  }
  std::unique_ptr<DiskReserve> reserve(new DiskReserve(path, file, bytes));
  const std::lock_guard lock(reserve->mutex_);
  reserve->full_ = !reserve->SetAside();
  return reserve;
}

DiskReserve::DiskReserve(std::string path, int file, std::uint64_t bytes)
    : path_(std::move(path)), file_(file), bytes_(bytes) {}

DiskReserve::~DiskReserve() { close(file_); }

bool DiskReserve::SetAside() {
  if (posix_fallocate(file_, 0, static_cast<off_t>(bytes_)) == 0) return true;
  GiveUpLocked();  // what there was of it
  return false;
}

bool DiskReserve::GiveUpLocked() {
  const bool there = lseek(file_, 0, SEEK_END) > 0;
  return ftruncate(file_, 0) == 0 && there;
}

bool DiskReserve::GiveUp() {
  const std::lock_guard lock(mutex_);
  full_ = true;
  return GiveUpLocked();
}

bool DiskReserve::IsFull() {
  const std::lock_guard lock(mutex_);
  struct statvfs disk {};
  if (statvfs(path_.c_str(), &disk) != 0) return full_;
  free_bytes_ = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  if (!full_ && free_bytes_ < bytes_ / 4) {
    full_ = true;
    GiveUpLocked();
  } else if (full_ && free_bytes_ >= bytes_ + bytes_ / 2) {
    full_ = !SetAside();
  }
  return full_;
}

std::uint64_t DiskReserve::free_bytes() const {
  const std::lock_guard lock(mutex_);
  return free_bytes_;
}

}  // namespace exitbus::adapters
