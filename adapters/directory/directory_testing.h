// A small valid directory, for this folder's tests.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "adapters/sodium/sodium_crypto.h"
#include "exitbus/directory/v1/directory.pb.h"
#include "services/exchange/ports/crypto.h"

namespace exitbus::adapters {

// Keys that somebody can have, the same for the same `whose`.
inline const std::string& IdentityKeyOf(const std::string& whose) {
  static auto* keys = new std::map<std::string, std::string>;
  std::string& key = (*keys)[whose];
  if (key.empty()) key = MakeSodiumCrypto()->NewSigningKey().public_key;
  return key;
}
inline const std::string& SealingKeyOf(const std::string& whose) {
  static auto* keys = new std::map<std::string, std::string>;
  std::string& key = (*keys)[whose];
  if (key.empty()) key = MakeSodiumCrypto()->NewSealingKey().public_key;
  return key;
}

// Three authorities; the next version to be signed by `threshold` of `signers`.
inline directory::v1::Directory MakeDirectory(std::uint64_t version, absl::Time expires,
                                              const std::vector<exchange::KeyPair>& signers,
                                              std::uint32_t threshold) {
  directory::v1::Directory directory;
  directory.set_version(version);
  directory.mutable_expires()->set_seconds(absl::ToUnixSeconds(expires));
  for (const std::string id : {"municipality-0183", "nec", "police-1469"}) {
    directory::v1::Authority* authority = directory.add_authorities();
    authority->set_id(id);
    authority->set_kind(id == "nec"           ? policy::v1::AUTHORITY_KIND_NEC
                        : id == "police-1469" ? policy::v1::AUTHORITY_KIND_POLICE
                                              : policy::v1::AUTHORITY_KIND_MUNICIPALITY);
    authority->set_name("name of " + id);
    authority->set_code(id == "nec" ? "national" : id.substr(id.find('-') + 1));
    if (id != "nec") authority->set_district("1469");
    authority->set_identity_key(IdentityKeyOf(id));
    authority->set_sealing_key(SealingKeyOf(id));
  }
  for (const exchange::KeyPair& signer : signers) directory.add_next_signers(signer.public_key);
  directory.set_next_threshold(threshold);
  return directory;
}

}  // namespace exitbus::adapters
