#include "adapters/directory/signed_directory.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "adapters/directory/mistakes.h"

namespace exitbus::adapters {
namespace {

using directory::v1::Authority;
using directory::v1::Directory;
using directory::v1::DirectorySignature;
using directory::v1::SignedDirectory;

constexpr std::size_t kNameBytesMax = 64;
constexpr int kWitnesses = 2;

// Part of certificate names, topics and principals, where dots and upper case mean something else.
bool IsPlainName(const std::string& name) {
  return !name.empty() && name.size() <= kNameBytesMax &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return absl::ascii_islower(static_cast<unsigned char>(c)) ||
                  absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-';
         });
}

void CheckKey(const std::string& field, const std::string& key, Mistakes& mistakes) {
  if (key.size() == exchange::kKeyBytes) return;
  mistakes.Add(field, "has " + std::to_string(key.size()) + " bytes, not 32",
               "put the authority's public key here");
}

// Who covers it: every authority that has to do with cases has one police district.
void CheckDistrict(const std::string& field, const Authority& authority, Mistakes& mistakes) {
  const std::string& district = authority.district();
  switch (authority.kind()) {
    case policy::v1::AUTHORITY_KIND_NEC:
    case policy::v1::AUTHORITY_KIND_CONTACT_POINT:
      if (!district.empty()) {
        mistakes.Add(field, "is set, but the whole country is covered", "leave it out");
      }
      return;
    case policy::v1::AUTHORITY_KIND_POLICE:
      if (district != authority.code()) {
        mistakes.Add(field, "is not the police unit's own code", "repeat its code here");
      }
      return;
    default:
      if (!IsPlainName(district)) {
        mistakes.Add(field, district.empty() ? "is missing" : "is no plain name",
                     "put the code of the police district that covers it, e.g. 1469");
      }
  }
}

void CheckWitnesses(const std::string& field, const Authority& authority,
                    const std::set<std::string>& listed, Mistakes& mistakes) {
  if (authority.witnesses().empty()) return;
  const std::set<std::string> distinct(authority.witnesses().begin(), authority.witnesses().end());
  if (authority.witnesses_size() != kWitnesses || distinct.size() != kWitnesses) {
    mistakes.Add(field, "names " + std::to_string(distinct.size()) + " different authorities",
                 "name two, or none");
  }
  for (const std::string& witness : distinct) {
    if (witness == authority.id()) {
      mistakes.Add(field, "names the authority itself", "name two others");
    } else if (listed.count(witness) == 0) {
      mistakes.Add(field, "names one that is not listed", "use ids of this directory");
    }
  }
}

void CheckAuthority(const std::string& field, const Authority& authority, Mistakes& mistakes) {
  const char* plain = "use 1 to 64 of a-z, 0-9 and -";
  if (!IsPlainName(authority.id())) mistakes.Add(field + ".id", "is no plain name", plain);
  if (!IsPlainName(authority.code())) mistakes.Add(field + ".code", "is no plain name", plain);
  if (authority.kind() == policy::v1::AUTHORITY_KIND_UNSPECIFIED ||
      !policy::v1::AuthorityKind_IsValid(authority.kind())) {
    mistakes.Add(field + ".kind", "is missing or unknown", "name one of AuthorityKind");
  }
  if (authority.name().empty()) mistakes.Add(field + ".name", "is missing", "name the authority");
  CheckKey(field + ".identity_key", authority.identity_key(), mistakes);
  CheckKey(field + ".sealing_key", authority.sealing_key(), mistakes);
  CheckDistrict(field + ".district", authority, mistakes);
  if (!directory::v1::AuthorityStatus_IsValid(authority.status())) {
    mistakes.Add(field + ".status", "is unknown", "name one of AuthorityStatus, or leave it out");
  }
}

void CheckNextSigners(const Directory& directory, Mistakes& mistakes) {
  const std::set<std::string> distinct(directory.next_signers().begin(),
                                       directory.next_signers().end());
  for (int i = 0; i < directory.next_signers_size(); ++i) {
    CheckKey("next_signers[" + std::to_string(i) + "]", directory.next_signers(i), mistakes);
  }
  if (directory.next_threshold() == 0 || directory.next_threshold() > distinct.size()) {
    mistakes.Add("next_threshold",
                 "is " + std::to_string(directory.next_threshold()) + " of " +
                     std::to_string(distinct.size()) + " different signers",
                 "name who signs the next version (next_signers) and how many of them must, at "
                 "least 1");
  }
}

void Sign(const exchange::Crypto& crypto, const exchange::KeyPair& signer,
          SignedDirectory& result) {
  for (const DirectorySignature& signature : result.signatures()) {
    if (signature.signer() == signer.public_key) return;
  }
  DirectorySignature* signature = result.add_signatures();
  signature->set_signer(signer.public_key);
  signature->set_signature(crypto.Sign(signer.secret_key, result.directory()));
}

}  // namespace

DirectoryTrust NextTrust(const Directory& directory) {
  return {{directory.next_signers().begin(), directory.next_signers().end()},
          directory.next_threshold()};
}

absl::Status CheckDirectory(const Directory& directory) {
  Mistakes mistakes;
  if (directory.version() == 0) {
    mistakes.Add("version", "is missing", "count from 1, one more for each edition");
  }
  if (!directory.has_expires()) {
    mistakes.Add("expires", "is missing", "say until when the directory may be used");
  }
  std::set<std::string> ids;
  std::set<std::string> keys;
  for (int i = 0; i < directory.authorities_size(); ++i) {
    const Authority& authority = directory.authorities(i);
    const std::string field = "authorities[" + std::to_string(i) + "]";
    CheckAuthority(field, authority, mistakes);
    if (!ids.insert(authority.id()).second) {
      mistakes.Add(field + ".id", "is listed twice", "list each authority once");
    }
    if (!keys.insert(authority.identity_key()).second) {
      mistakes.Add(field + ".identity_key", "is another authority's too",
                   "give each authority keys of its own");
    }
  }
  for (int i = 0; i < directory.authorities_size(); ++i) {
    CheckWitnesses("authorities[" + std::to_string(i) + "].witnesses", directory.authorities(i),
                   ids, mistakes);
  }
  CheckNextSigners(directory, mistakes);
  return mistakes.ToStatus("directory");
}

absl::StatusOr<std::string> SignDirectory(const exchange::Crypto& crypto,
                                          const Directory& directory,
                                          const std::vector<exchange::KeyPair>& signers) {
  if (absl::Status checked = CheckDirectory(directory); !checked.ok()) return checked;
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

absl::StatusOr<Directory> VerifyDirectory(const exchange::Crypto& crypto,
                                          const std::string& signed_directory,
                                          const DirectoryTrust& trust) {
  SignedDirectory read;
  if (!read.ParseFromString(signed_directory)) {
    return absl::InvalidArgumentError("is not a signed directory");
  }
  std::set<std::string> signed_by;
  for (const DirectorySignature& signature : read.signatures()) {
    const bool trusted = std::find(trust.signers.begin(), trust.signers.end(),
                                   signature.signer()) != trust.signers.end();
    if (trusted && crypto.Verify(signature.signer(), read.directory(), signature.signature())) {
      signed_by.insert(signature.signer());
    }
  }
  if (trust.threshold == 0 || signed_by.size() < trust.threshold) {
    return absl::FailedPreconditionError(
        "is signed by " + std::to_string(signed_by.size()) + " of the " +
        std::to_string(trust.threshold) +
        " trusted signers it needs; it is unsigned, altered, or signed by others");
  }
  Directory directory;
  if (!directory.ParseFromString(read.directory())) {
    return absl::InvalidArgumentError("holds no directory");
  }
  if (absl::Status checked = CheckDirectory(directory); !checked.ok()) return checked;
  return directory;
}

}  // namespace exitbus::adapters
