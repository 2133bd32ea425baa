// Small files, read and written whole.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace exitbus::adapters {

inline constexpr std::size_t kFileBytesMax = std::size_t{16} << 20;

// Errors name the file: NOT_FOUND, or UNAVAILABLE for all else, a file over `bytes_max` included.
absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     std::size_t bytes_max = kFileBytesMax);

// The same for a file that holds secrets: FAILED_PRECONDITION, with the remedy, unless its mode is
// 0600.
absl::StatusOr<std::string> ReadSecretFile(const std::string& path);

// Writes a file that must not be there yet, with mode 0600, on the disk when it returns.
// ALREADY_EXISTS: it is there, and is left as it is.
absl::Status WriteNewSecretFile(const std::string& path, std::string_view bytes);

// Replaces a secret file (mode 0600): a reader sees the old or the new one, never a part. The old
// one's bytes are overwritten when the new one is in its place.
absl::Status ReplaceSecretFile(const std::string& path, std::string_view bytes);

// Replaces the file whole (mode 0644): a reader sees the old or the new one, never a part.
absl::Status ReplaceFile(const std::string& path, std::string_view bytes);

}  // namespace exitbus::adapters
