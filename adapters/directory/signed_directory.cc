#include "adapters/directory/signed_directory.h"

#include <algorithm>
#include <set>

#include "absl/strings/numbers.h"
#include "services/exchange/framed.h"
#include "services/exchange/hex.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::adapters {
namespace {

using directory::v1::Directory;
using directory::v1::DirectorySignature;
using directory::v1::SignedDirectory;

// What signers put their names to.
std::string Signed(const SignedDirectory& file) {
  return exchange::Framed("exitbus.directory.v1", {file.directory()});
}

void Sign(const exchange::Crypto& crypto, const exchange::KeyPair& signer,
          SignedDirectory& result) {
  for (const DirectorySignature& signature : result.signatures()) {
    if (signature.signer() == signer.public_key) return;
  }
  DirectorySignature* signature = result.add_signatures();
  signature->set_signer(signer.public_key);
  signature->set_signature(crypto.Sign(signer.secret_key, Signed(result)));
}

// How many of those in `trust` signed it.
std::size_t SignersOf(const exchange::Crypto& crypto, const SignedDirectory& read,
                      const DirectoryTrust& trust) {
  std::set<std::string> signed_by;
  for (const DirectorySignature& signature : read.signatures()) {
    const bool trusted = std::find(trust.signers.begin(), trust.signers.end(),
                                   signature.signer()) != trust.signers.end();
    if (trusted && IsSignedBy(crypto, read, signature)) {
      signed_by.insert(signature.signer());
    }
  }
  return signed_by.size();
}

}  // namespace

bool IsSignedBy(const exchange::Crypto& crypto, const SignedDirectory& file,
                const DirectorySignature& signature) {
  return crypto.Verify(signature.signer(), Signed(file), signature.signature());
}

std::optional<std::string> KeyFromHex(const std::string& text) {
  auto key = exchange::FromHex(text);
  if (key && key->size() != exchange::kKeyBytes) key.reset();
  return key;
}

absl::StatusOr<DirectoryTrust> TrustSaid(const std::vector<std::string>& signers,
                                         const std::string& threshold) {
  DirectoryTrust trust;
  for (const std::string& signer : signers) {
    auto key = KeyFromHex(signer);
    if (!key) {
      return absl::InvalidArgumentError(
          signer + " is no signer: give an Ed25519 public key as 64 hexadecimal digits");
    }
    trust.signers.push_back(*std::move(key));
  }
  trust.threshold = static_cast<std::uint32_t>(trust.signers.size());
  if (!threshold.empty() && !absl::SimpleAtoi(threshold, &trust.threshold)) {
    return absl::InvalidArgumentError("--threshold is no number");
  }
  if (trust.threshold == 0 || trust.threshold > trust.signers.size()) {
    return absl::InvalidArgumentError("--threshold must be from 1 to the number of --signer");
  }
  return trust;
}

DirectoryTrust NextTrust(const Directory& directory) {
  return {{directory.next_signers().begin(), directory.next_signers().end()},
          directory.next_threshold()};
}

absl::StatusOr<std::string> SignDirectory(const exchange::Crypto& crypto,
                                          const Directory& directory,
                                          const std::vector<exchange::KeyPair>& signers,
                                          absl::Time now) {
  RETURN_IF_ERROR(CheckDirectory(crypto, directory, now));
  SignedDirectory result;
  result.set_directory(directory.SerializeAsString());
  for (const exchange::KeyPair& signer : signers) Sign(crypto, signer, result);
  return result.SerializeAsString();
}

absl::StatusOr<std::string> AddSignature(const exchange::Crypto& crypto,
                                         const std::string& signed_directory,
                                         const exchange::KeyPair& signer) {
  SignedDirectory result;
  if (!result.ParseFromString(signed_directory) || result.directory().empty()) {
    return absl::InvalidArgumentError("is not a signed directory");
  }
  Sign(crypto, signer, result);
  return result.SerializeAsString();
}

absl::StatusOr<Directory> TrustedDirectory(const exchange::Crypto& crypto,
                                           const std::string& signed_directory,
                                           const DirectoryTrust& trust) {
  SignedDirectory read;
  if (!read.ParseFromString(signed_directory)) {
    return absl::InvalidArgumentError("is not a signed directory");
  }
  const std::size_t count = SignersOf(crypto, read, trust);
  if (trust.threshold == 0 || count < trust.threshold) {
    return absl::FailedPreconditionError(
        "is signed by " + std::to_string(count) + " of the " + std::to_string(trust.threshold) +
        " trusted signers it needs; it is unsigned, altered, or signed by others");
  }
  Directory directory;
  if (!directory.ParseFromString(read.directory())) {
    return absl::InvalidArgumentError("holds no directory");
  }
  return directory;
}

absl::StatusOr<Directory> VerifyDirectory(const exchange::Crypto& crypto,
                                          const std::string& signed_directory,
                                          const DirectoryTrust& trust, absl::Time now) {
  const auto directory = TrustedDirectory(crypto, signed_directory, trust);
  if (!directory.ok()) return directory.status();
  RETURN_IF_ERROR(CheckDirectory(crypto, *directory, now));
  const DirectoryTrust next = NextTrust(*directory);
  SignedDirectory read;
  read.ParseFromString(signed_directory);
  const std::size_t count = SignersOf(crypto, read, next);
  if (count < next.threshold) {
    return absl::FailedPreconditionError(
        "is signed by " + std::to_string(count) + " of those it names to sign the next version, " +
        std::to_string(next.threshold) +
        " of whom must; let them countersign it, old and new signers both");
  }
  return directory;
}

}  // namespace exitbus::adapters
