// The directory port on the signed file that the operators distribute.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "adapters/directory/signed_directory.h"
#include "services/exchange/ports/crypto.h"
#include "services/exchange/ports/directory.h"
#include "services/exchange/ports/time.h"

namespace exitbus::adapters {

// Whether a directory is one that its reader can take part by, asked of each before it comes into
// force; `self` is the reader's own entry, null where it is not listed.
using DirectoryFits = std::function<absl::Status(const exchange::DirectoryEntry* self)>;

struct FileDirectoryOptions {
  std::string file;
  // Who must have signed the first directory; from the configuration. Later ones are signed by
  // whom the last accepted one names.
  DirectoryTrust trust;
  // What `accepted()` said when it was last stored; empty at the very first start. Taken as
  // verified: it comes from the authority's own store. It keeps the version and the signers from
  // going back over a restart.
  std::string last_accepted;
  // For an owner that stored no more than the number: older ones are refused.
  std::uint64_t minimum_version = 0;
  std::string self = {};    // the reader's id; empty for one that is no authority
  DirectoryFits fits = {};  // empty: any
};

// Thread-safe.
class FileDirectory final : public exchange::Directory {
 public:
  // Reads and verifies the file. `crypto` and `clock` (the wall clock) outlive the directory.
  // With a last accepted one a file that is refused is no error here: the last one is in force, as
  // in a service that went on, and Refresh() says what is wrong. Errors name the file: NOT_FOUND or
  // UNAVAILABLE when it cannot be read, INVALID_ARGUMENT when it is no directory,
  // FAILED_PRECONDITION when it is not signed as it must be, expired, older than the last accepted,
  // far ahead of it, or another one of the same version, or does not fit. DATA_LOSS: the last
  // accepted one cannot be read.
  static absl::StatusOr<std::unique_ptr<FileDirectory>> Open(FileDirectoryOptions options,
                                                             const exchange::Crypto* crypto,
                                                             const exchange::Clock* clock);

  // Reads the file again; call it at least every 30 s. True: a newer one is in force now, or some
  // authority's days have begun or ended; store `accepted()`. False: nothing new. An error, as of
  // Open: the file is refused, or the directory in force has expired; the last good one stays in
  // force, and the error is to be alarmed.
  absl::StatusOr<bool> Refresh();

  std::uint64_t version() const override;
  std::uint64_t content() const override;
  absl::Time expires() const;
  // The file's bytes in force, to be stored for the next start.
  std::string accepted() const;

  std::shared_ptr<const exchange::DirectoryEntry> Find(std::string_view authority) const override;
  std::vector<std::shared_ptr<const exchange::DirectoryEntry>> All() const override;

 private:
  // One version in force, never changed.
  struct Edition;

  FileDirectory(FileDirectoryOptions options, const exchange::Crypto* crypto,
                const exchange::Clock* clock);
  absl::StatusOr<bool> Consider(const std::string& bytes);
  bool Replace(std::shared_ptr<const Edition> next);
  absl::Status CheckSuccessor(const Edition& current, const Edition& next) const;
  std::shared_ptr<const Edition> edition() const;

  const FileDirectoryOptions options_;
  const exchange::Crypto* const crypto_;
  const exchange::Clock* const clock_;
  std::mutex refreshing_;     // one Refresh at a time
  mutable std::mutex mutex_;  // guards edition_
  std::shared_ptr<const Edition> edition_;
};

}  // namespace exitbus::adapters
