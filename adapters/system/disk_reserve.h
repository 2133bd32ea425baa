// Room on a disk that is set aside while there is some, and given up when there is none, so that
// what must go on can.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"

namespace exitbus::adapters {

// Thread-safe.
class DiskReserve {
 public:
  // Sets `bytes` aside in the file `path` (mode 0600). Where there is no room for it the disk is
  // full from the start. FAILED_PRECONDITION: the file cannot be used.
  static absl::StatusOr<std::unique_ptr<DiskReserve>> Open(const std::string& path,
                                                           std::uint64_t bytes);
  ~DiskReserve();
  DiskReserve(const DiskReserve&) = delete;
  DiskReserve& operator=(const DiskReserve&) = delete;

  // A write found the disk full. True: there is room now that was not there before; try it again.
  bool GiveUp();

  // Looks at the disk. With less than a quarter of the reserve beside it, it is full, and the
  // reserve is given up; it is full no more when the reserve is set aside again with half as much
  // left beside it.
  bool IsFull();

  // As of the last look.
  std::uint64_t free_bytes() const;

 private:
  DiskReserve(std::string path, int file, std::uint64_t bytes);

  bool SetAside();  // these with mutex_ held
  bool GiveUpLocked();

  const std::string path_;
  const int file_;
  const std::uint64_t bytes_;
  mutable std::mutex mutex_;  // guards the two below
  bool full_ = true;
  std::uint64_t free_bytes_ = 0;
};

}  // namespace exitbus::adapters
