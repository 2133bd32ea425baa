// The directory's signatures: made by the operators' tools, judged by every service.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "exitbus/directory/v1/directory.pb.h"
#include "services/exchange/ports/crypto.h"

namespace exitbus::adapters {

// Whose signatures count, and how many of them a directory needs.
struct DirectoryTrust {
  std::vector<std::string> signers;  // Ed25519 public keys, 32 bytes each
  std::uint32_t threshold = 0;
};

// Whom a directory names to sign its successor.
DirectoryTrust NextTrust(const directory::v1::Directory& directory);

// INVALID_ARGUMENT naming every mistake: an id twice, a key of the wrong size, nobody to sign the
// next version, …
absl::Status CheckDirectory(const directory::v1::Directory& directory);

// Signs with each of `signers`; the result is a serialised SignedDirectory, the file as it lies on
// disk. INVALID_ARGUMENT as CheckDirectory.
absl::StatusOr<std::string> SignDirectory(const exchange::Crypto& crypto,
                                          const directory::v1::Directory& directory,
                                          const std::vector<exchange::KeyPair>& signers);

// Adds one signature to a signed directory, for signers who sit apart. Signing twice changes
// nothing. INVALID_ARGUMENT: not a signed directory.
absl::StatusOr<std::string> AddSignature(const exchange::Crypto& crypto,
                                         const std::string& signed_directory,
                                         const exchange::KeyPair& signer);

// The directory in `signed_directory` if `trust.threshold` different trusted signers signed just
// these bytes and CheckDirectory finds nothing. FAILED_PRECONDITION: too few of them did (unsigned,
// altered, signed by others); INVALID_ARGUMENT: not a directory. During a change of signers let the
// old and the new ones sign, so that also those who missed a version can follow.
absl::StatusOr<directory::v1::Directory> VerifyDirectory(const exchange::Crypto& crypto,
                                                         const std::string& signed_directory,
                                                         const DirectoryTrust& trust);

}  // namespace exitbus::adapters
