// Keeps a second process out of an authority's data folder. The kernel drops the lock when the
// process ends, however it ends.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace exitbus::adapters {

class FolderLock {
 public:
  // Creates the folder if absent (mode 0700) and locks it until the FolderLock is destroyed.
  // FAILED_PRECONDITION: another process has it (the message names the folder and the process), or
  // the folder cannot be used.
  static absl::StatusOr<std::unique_ptr<FolderLock>> Acquire(const std::string& folder);

  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  explicit FolderLock(int file) : file_(file) {}
  const int file_;
};

}  // namespace exitbus::adapters
