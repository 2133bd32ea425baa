// The keys file of a running service, read again when an operator has renewed or retired keys in
// it.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "exitbus/config/v1/keys.pb.h"
#include "services/exchange/context.h"

namespace exitbus::adapters {

// Not thread-safe.
class KeyFile {
 public:
  // Errors as of LoadKeys.
  static absl::StatusOr<std::unique_ptr<KeyFile>> Open(const std::string& path);

  // Reads the file again. True: it has other sealing keys. An error, as of LoadKeys or because it
  // holds another authority's keys now: what was read before stays in force, and it is to be
  // alarmed.
  absl::StatusOr<bool> Refresh();

  const config::v1::AuthorityKeys& keys() const { return keys_; }
  exchange::Secrets Secrets() const;

 private:
  KeyFile(std::string path, config::v1::AuthorityKeys keys)
      : path_(std::move(path)), keys_(std::move(keys)) {}

  const std::string path_;
  config::v1::AuthorityKeys keys_;
};

}  // namespace exitbus::adapters
