// The list of revoked client certificates that operators keep, read again while the service runs.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "absl/status/statusor.h"

namespace exitbus::adapters {

// One entry a line: a certificate's common name ("<authority>.<system>.<function>"), or its SHA-256
// fingerprint in hexadecimal, colons allowed as openssl prints them. "#" begins a remark. Not
// thread-safe.
class RevokedClientsFile {
 public:
  // NOT_FOUND, UNAVAILABLE: it cannot be read. INVALID_ARGUMENT: names the line that is no entry.
  static absl::StatusOr<std::unique_ptr<RevokedClientsFile>> Open(const std::string& path);

  // Reads the file again. True: it lists others. An error, as of Open: what was listed before
  // stays in force, and it is to be alarmed.
  absl::StatusOr<bool> Refresh();

  // Names as they are; fingerprints as 64 lower-case digits.
  const std::set<std::string>& listed() const { return listed_; }

 private:
  explicit RevokedClientsFile(std::string path) : path_(std::move(path)) {}

  const std::string path_;
  std::set<std::string> listed_;
};

}  // namespace exitbus::adapters
