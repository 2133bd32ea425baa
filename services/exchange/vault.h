// Personal data at rest: everything about a person is encrypted under the key of its erasure scope,
// and destroying that key erases it everywhere in this authority, backups of the journal included.
//
// A scope is named by what it protects ("file/…", "entry/…", or kAuthorityScope for what belongs to
// no person). Its key lies in a store of its own, wrapped by the authority's master key, and is
// written before the journal that needs it (an orphan key is harmless).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/exchange/ports/crypto.h"
#include "services/exchange/ports/master_key.h"
#include "services/exchange/ports/store.h"
#include "services/exchange/ports/time.h"

namespace exitbus::exchange {

inline constexpr std::string_view kAuthorityScope = "authority";
// The scope of what is kept in the clear, readable without any key: evidence, about no person.
inline constexpr std::string_view kClearScope = "clear";

// Where what is sealed lies. It is authenticated together with it: a row that was copied to another
// one's place, or says another version of itself, does not open there.
struct Place {
  Table table;
  std::string_view key;
  std::uint64_t version = 0;  // of a row that has one; or which of its sealed parts this is
};

class Vault {
 public:
  // All outlive it.
  Vault(Store* keys, const Crypto* crypto, Random* random, MasterKey* master_key)
      : keys_(keys), crypto_(crypto), random_(random), master_key_(master_key) {}

  // Encrypts under the scope's key, making one if it has none yet. A key that is there and cannot
  // be had makes the next Flush() fail, so that nothing of this is kept.
  std::string Encrypt(std::string_view scope, const Place& place, std::string_view plain);

  // NOT_FOUND: the scope has no key; it is erased. UNAVAILABLE: the store of keys or the keeper of
  // the master key does not answer. DATA_LOSS: the key or the bytes are altered, or another
  // place's.
  absl::StatusOr<std::string> Decrypt(std::string_view scope, const Place& place,
                                      std::string_view cipher);

  // FAILED_PRECONDITION: there are keys, and the master key opens none of them.
  absl::Status CheckMasterKey();

  // Wraps new keys and makes them durable; before the journal commits.
  absl::Status Flush();

  // What was decided and not committed takes its new keys with it: a key that could not be made
  // durable must not stand in the way of anybody else's commit. Nothing is under them yet.
  void ForgetUnflushed();

  // Destroys a scope's key; nothing under it can be read again. Idempotent.
  absl::Status Destroy(std::string_view scope);

 private:
  absl::StatusOr<SecretBytes> KeyOf(std::string_view scope);

  Store* keys_;
  const Crypto* crypto_;
  Random* random_;
  MasterKey* master_key_;
  // Bounded, or every scope there ever was would stay in memory: all are let go when there are more
  // than kOpenKeysMax, and opened again as they are needed.
  static constexpr std::size_t kOpenKeysMax = 4096;
  std::map<std::string, SecretBytes, std::less<>> open_keys_;
  std::map<std::string, SecretBytes, std::less<>> new_keys_;  // scope → key, not yet wrapped
  absl::Status broken_;                                       // what Encrypt could not do
};

}  // namespace exitbus::exchange
