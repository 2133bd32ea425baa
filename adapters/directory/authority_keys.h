// An authority's secret keys on disk (exitbus/config/v1/keys.proto, text format, mode 0600).
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "exitbus/config/v1/keys.pb.h"
#include "services/exchange/ports/crypto.h"
#include "services/exchange/ports/time.h"

namespace exitbus::adapters {

// Every key present, of its size, the identity's halves of one pair. FAILED_PRECONDITION: the mode
// is not 0600 (with the remedy); INVALID_ARGUMENT: naming every mistake, never a key's value.
absl::StatusOr<config::v1::AuthorityKeys> LoadKeys(const std::string& path);

// A fresh identity, one sealing key, master and index key.
config::v1::AuthorityKeys NewAuthorityKeys(const exchange::Crypto& crypto,
                                           exchange::Random& random);

// A fresh sealing key in front; what was the newest is superseded now.
void RenewSealingKey(const exchange::Crypto& crypto, absl::Time now,
                     config::v1::AuthorityKeys& keys);

// Takes out the sealing keys superseded before `before`; never the newest. How many went.
int RetireSealingKeys(absl::Time before, config::v1::AuthorityKeys& keys);

// Overwrites the secret ones, when they are used no more.
void WipeKeys(config::v1::AuthorityKeys& keys);

// Where a service keeps the last good keys of this file: beside it, on the medium that was chosen
// for secrets.
std::string KeptKeysFile(const std::string& path);

// Replaces the file at once and whole (mode 0600), and what a service kept of it, then overwrites
// what they were, so that a retired key is gone from this disk as far as the medium obeys.
absl::Status ReplaceKeys(const std::string& path, const config::v1::AuthorityKeys& keys);

// Writes a new file of mode 0600. ALREADY_EXISTS: keys are never overwritten.
absl::Status WriteKeys(const std::string& path, const config::v1::AuthorityKeys& keys);

}  // namespace exitbus::adapters
