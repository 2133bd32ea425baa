#include "adapters/directory/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::adapters {
namespace {

absl::Status Failed(const std::string& path, int error) {
  const std::string text = absl::StrCat(path, ": ", std::strerror(error));
  if (error == ENOENT) return absl::NotFoundError(text);
  if (error == EEXIST) return absl::AlreadyExistsError(text);
  return absl::UnavailableError(text);
}

// Closes at the end of its scope.
class File {
 public:
  File(const std::string& path, int flags, mode_t mode = 0)
      : path_(path), file_(open(path.c_str(), flags | O_CLOEXEC, mode)), error_(errno) {}
  ~File() {
    if (file_ >= 0) close(file_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  absl::Status opened() const { return file_ >= 0 ? absl::OkStatus() : Failed(path_, error_); }

  absl::StatusOr<mode_t> Mode() const {
    struct stat found {};
    if (fstat(file_, &found) != 0) return Failed(path_, errno);
    return found.st_mode & 07777;
  }

  absl::StatusOr<std::string> Read(std::size_t bytes_max) const {
    std::string bytes;
    std::array<char, 16384> part{};
    for (;;) {
      const ssize_t size = read(file_, part.data(), part.size());
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return Failed(path_, errno);
      if (size == 0) return bytes;
      bytes.append(part.data(), static_cast<std::size_t>(size));
      if (bytes.size() > bytes_max) {
        return absl::UnavailableError(
            absl::StrCat(path_, ": is larger than ", bytes_max >> 20, " MiB"));
      }
    }
  }

  absl::Status WriteAndSync(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t size = write(file_, bytes.data(), bytes.size());
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return Failed(path_, errno);
      bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    if (fsync(file_) != 0) return Failed(path_, errno);
    return absl::OkStatus();
  }

 private:
  const std::string path_;
  const int file_;
  const int error_;
};

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path, std::size_t bytes_max) {
  const File file(path, O_RDONLY);
  if (!file.opened().ok()) return file.opened();
  return file.Read(bytes_max);
}

absl::StatusOr<std::string> ReadSecretFile(const std::string& path) {
  const File file(path, O_RDONLY);
  if (!file.opened().ok()) return file.opened();
  ASSIGN_OR_RETURN(const auto mode, file.Mode());
  if (mode != 0600) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "%s: holds secrets and has mode %04o, not 0600; run: chmod 600 %s", path, mode, path));
  }
  return file.Read(kFileBytesMax);
}

absl::Status WriteNewSecretFile(const std::string& path, std::string_view bytes) {
  const File file(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!file.opened().ok()) return file.opened();
  return file.WriteAndSync(bytes);
}

namespace {

absl::Status ReplaceWith(const std::string& path, std::string_view bytes, mode_t mode) {
  const std::string fresh = path + ".new";
  // One that is there is a crash's leftover, or somebody's who wants to read along: its mode and
  // its links are not ours.
  if (unlink(fresh.c_str()) != 0 && errno != ENOENT) return Failed(fresh, errno);
  {
    const File file(fresh, O_WRONLY | O_CREAT | O_EXCL, mode);
    if (!file.opened().ok()) return file.opened();
    RETURN_IF_ERROR(file.WriteAndSync(bytes));
  }
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return Failed(path, errno);
  return absl::OkStatus();
}

}  // namespace

absl::Status ReplaceFile(const std::string& path, std::string_view bytes) {
  return ReplaceWith(path, bytes, 0644);
}

absl::Status ReplaceSecretFile(const std::string& path, std::string_view bytes) {
  ASSIGN_OR_RETURN(const auto before, ReadSecretFile(path));
  // Held open, so that its bytes can be reached once it has no name any more: a crash before that
  // leaves them on the disk, one in between would otherwise leave no keys at all.
  const File old(path, O_WRONLY);
  if (!old.opened().ok()) return old.opened();
  RETURN_IF_ERROR(ReplaceWith(path, bytes, 0600));
  return old.WriteAndSync(std::string(before.size(), '\0'));
}

}  // namespace exitbus::adapters
