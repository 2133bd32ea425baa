// The keys file of a running service, read again when an operator has renewed or retired keys in
// it. The last good one is kept beside it (KeptKeysFile), so that a restart has what the service
// had.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "exitbus/config/v1/keys.pb.h"
#include "services/exchange/environment.h"

namespace exitbus::adapters {

// Not thread-safe.
class KeyFile {
 public:
  // Errors as of LoadKeys. If this authority `started_before` and a good one was kept, a file that
  // Refresh() would refuse is no error here: the kept one is in force, and Refresh() says what is
  // wrong.
  static absl::StatusOr<std::unique_ptr<KeyFile>> Open(const std::string& path,
                                                       bool started_before);
  ~KeyFile();

  // Reads the file again. True: it has other sealing keys. An error, as of LoadKeys or because it
  // holds another authority's keys now: what was read before stays in force, and it is to be
  // alarmed.
  absl::StatusOr<bool> Refresh();

  // Keeps what is in force for the next start; once it is known to be this authority's.
  absl::Status Keep() const;

  const config::v1::AuthorityKeys& keys() const { return keys_; }
  exchange::Secrets Secrets() const;

 private:
  KeyFile(std::string path, config::v1::AuthorityKeys keys)
      : path_(std::move(path)), keys_(std::move(keys)) {}

  const std::string path_;
  config::v1::AuthorityKeys keys_;
};

}  // namespace exitbus::adapters
