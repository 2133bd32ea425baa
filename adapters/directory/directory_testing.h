// A small valid directory, for this folder's tests.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "adapters/sodium/sodium_crypto.h"
#include "exitbus/directory/v1/directory.pb.h"
#include "services/exchange/ports/crypto.h"

namespace exitbus::adapters {

// Two authorities; the next version to be signed by one of `signers`.
inline directory::v1::Directory MakeDirectory(std::uint64_t version, absl::Time expires,
                                              const std::vector<exchange::KeyPair>& signers,
                                              std::uint32_t threshold) {
  directory::v1::Directory directory;
  directory.set_version(version);
  directory.mutable_expires()->set_seconds(absl::ToUnixSeconds(expires));
  for (const std::string id : {"municipality-0183", "nec"}) {
    directory::v1::Authority* authority = directory.add_authorities();
    authority->set_id(id);
    authority->set_kind(id == "nec" ? policy::v1::AUTHORITY_KIND_NEC
                                    : policy::v1::AUTHORITY_KIND_MUNICIPALITY);
    authority->set_name("name of " + id);
    authority->set_code(id == "nec" ? "national" : "0183");
    if (id != "nec") authority->set_district("1469");
    authority->set_identity_key(std::string(32, id[0]));
    authority->set_sealing_key(std::string(32, id[1]));
  }
  for (const exchange::KeyPair& signer : signers) directory.add_next_signers(signer.public_key);
  directory.set_next_threshold(threshold);
  return directory;
}

}  // namespace exitbus::adapters
