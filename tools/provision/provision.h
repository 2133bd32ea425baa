// Gives the broker the topics and the access list of a directory's authorities.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "adapters/directory/signed_directory.h"
#include "adapters/kafka/kafka_admin.h"
#include "services/exchange/ports/crypto.h"
#include "services/exchange/ports/time.h"
#include "services/policy/topics.h"

namespace exitbus::provision {

// The authorities in a signed directory. Errors as FileDirectory::Open: a directory that no service
// would accept is not provisioned either.
absl::StatusOr<policy::DirectoryEntries> ReadAuthorities(const std::string& file,
                                                         const adapters::DirectoryTrust& trust,
                                                         const exchange::Crypto& crypto,
                                                         const exchange::Clock& clock);

// Makes the broker what the policy says for these authorities; with `dry_run` only looks. Returns
// what was different before. Errors as KafkaAdmin::Provision.
absl::StatusOr<adapters::KafkaDifference> Provision(const policy::DirectoryEntries& authorities,
                                                    bool dry_run, adapters::KafkaAdmin& admin);

// One line a difference: "+ topic …", "+ acl …", "- acl …" (+ was missing, - should not be there).
std::vector<std::string> Describe(const adapters::KafkaDifference& difference);

// Ed25519 public keys in hexadecimal. INVALID_ARGUMENT: names the text that is none.
absl::StatusOr<std::vector<std::string>> ParseSigners(const std::vector<std::string>& texts);

}  // namespace exitbus::provision
