// A service's certificate, key and CA as its operators replace them, and what it makes of them: a
// set is taken into use when it is good as a whole, and the last good one stays until then, over a
// restart too.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "adapters/process/tls_check.h"
#include "exitbus/config/v1/config.pb.h"

namespace exitbus::adapters {

struct TlsFilesOptions {
  std::string field;           // of the configuration: "api_tls"
  config::v1::Tls configured;  // where the operators put them
  std::string folder;          // for the copies in force; of this service alone
  std::string authority;       // whom the certificate must name
  TlsUse use = TlsUse::kServer;
};

// Not thread-safe.
class TlsFiles {
 public:
  // With a set that was taken into use before, files that are not good are no error: that set is in
  // force, as in a service that went on, and Refresh() says what is wrong. INVALID_ARGUMENT: names
  // every mistake by field. UNAVAILABLE: the copies cannot be written.
  static absl::StatusOr<std::unique_ptr<TlsFiles>> Open(TlsFilesOptions options, absl::Time now);

  // Reads the files again. True: another set is in force. An error, as of Open: the last good one
  // stays, and it is to be alarmed; a certificate that comes before its key is one for that while.
  absl::StatusOr<bool> Refresh(absl::Time now);

  // Where the set in force lies, whole at any moment; the same names always.
  config::v1::Tls in_force() const;
  const TlsTexts& texts() const { return texts_; }

 private:
  explicit TlsFiles(TlsFilesOptions options) : options_(std::move(options)) {}

  absl::StatusOr<TlsTexts> ReadGood(absl::Time now) const;
  absl::Status TakeIntoUse(const TlsTexts& texts);
  std::string Current() const { return options_.folder + "/current"; }

  const TlsFilesOptions options_;
  TlsTexts texts_;
};

}  // namespace exitbus::adapters
