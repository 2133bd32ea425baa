// The directory's signatures: made by the operators' tools, judged by every service.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "exitbus/directory/v1/directory.pb.h"
#include "services/exchange/ports/crypto.h"

namespace exitbus::adapters {

// Whose signatures count, and how many of them a directory needs.
struct DirectoryTrust {
  std::vector<std::string> signers;  // Ed25519 public keys, 32 bytes each
  std::uint32_t threshold = 0;
};

// A public key written as 64 hexadecimal digits; nullopt: it is none.
std::optional<std::string> KeyFromHex(const std::string& text);
// As a person says it: keys in hexadecimal, and how many of them must have signed, all of them
// where that is empty. INVALID_ARGUMENT, with the remedy.
absl::StatusOr<DirectoryTrust> TrustSaid(const std::vector<std::string>& signers,
                                         const std::string& threshold);

// Whom a directory names to sign its successor.
DirectoryTrust NextTrust(const directory::v1::Directory& directory);

// INVALID_ARGUMENT naming every mistake: an id, a key or a topic twice, a key that nobody can have,
// a district without police, nobody to sign the next version, an end that is years from `now`, …
absl::Status CheckDirectory(const exchange::Crypto& crypto,
                            const directory::v1::Directory& directory, absl::Time now);

// Signs with each of `signers`; the result is a serialised SignedDirectory, the file as it lies on
// disk. INVALID_ARGUMENT as CheckDirectory.
absl::StatusOr<std::string> SignDirectory(const exchange::Crypto& crypto,
                                          const directory::v1::Directory& directory,
                                          const std::vector<exchange::KeyPair>& signers,
                                          absl::Time now);

// Adds one signature to a signed directory, for signers who sit apart. Signing twice changes
// nothing. INVALID_ARGUMENT: not a signed directory.
absl::StatusOr<std::string> AddSignature(const exchange::Crypto& crypto,
                                         const std::string& signed_directory,
                                         const exchange::KeyPair& signer);

// Whether this signature of the file's is one.
bool IsSignedBy(const exchange::Crypto& crypto, const directory::v1::SignedDirectory& file,
                const directory::v1::DirectorySignature& signature);

// The directory in `signed_directory` if `trust.threshold` different trusted signers signed just
// these bytes. FAILED_PRECONDITION: too few of them did (unsigned, altered, signed by others);
// INVALID_ARGUMENT: not a directory.
absl::StatusOr<directory::v1::Directory> TrustedDirectory(const exchange::Crypto& crypto,
                                                          const std::string& signed_directory,
                                                          const DirectoryTrust& trust);

// The same if it may come into force: those it names for the next version have signed it too, as
// many as it says, which shows that they are there; and CheckDirectory finds nothing. A change of
// signers is signed by the old and the new ones.
absl::StatusOr<directory::v1::Directory> VerifyDirectory(const exchange::Crypto& crypto,
                                                         const std::string& signed_directory,
                                                         const DirectoryTrust& trust,
                                                         absl::Time now);

}  // namespace exitbus::adapters
