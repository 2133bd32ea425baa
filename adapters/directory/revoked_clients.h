// The list of revoked client certificates that operators keep, read again while the service runs.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace exitbus::adapters {

// One entry a line: a certificate's common name ("<authority>.<system>.<function>"), or its SHA-256
// fingerprint in hexadecimal, as `openssl x509 -fingerprint -sha256 -noout` prints it or the digits
// alone. "#" begins a remark. Not thread-safe.
//
// A line that is no entry makes nobody welcome: what the good lines say counts, and with them all
// that the last list without such a line said.
class RevokedClientsFile {
 public:
  // `kept` is where the last good list is kept for the next start; with one there, a file that
  // cannot be read is no error here. NOT_FOUND, UNAVAILABLE: it cannot be read, and none was kept.
  static absl::StatusOr<std::unique_ptr<RevokedClientsFile>> Open(const std::string& path,
                                                                  const std::string& kept);

  struct Look {
    bool changed = false;  // others are listed than before
    // To be alarmed. UNAVAILABLE or NOT_FOUND: the file cannot be read, and what was listed stays;
    // INVALID_ARGUMENT: names the lines that are no entry; or what is listed could not be kept.
    absl::Status refused;
  };
  // Reads the file again.
  Look Refresh();

  // Names as they are; fingerprints as 64 lower-case digits.
  const std::set<std::string>& listed() const { return listed_; }

 private:
  RevokedClientsFile(std::string path, std::string kept)
      : path_(std::move(path)), kept_(std::move(kept)) {}

  const std::string path_;
  const std::string kept_;
  std::set<std::string> last_good_;
  std::set<std::string> listed_;
};

}  // namespace exitbus::adapters
