// Gives the broker the topics and the access list of a directory's authorities.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "adapters/directory/file_directory.h"
#include "adapters/directory/signed_directory.h"
#include "adapters/kafka/kafka_admin.h"
#include "services/exchange/ports/crypto.h"
#include "services/exchange/ports/time.h"
#include "services/policy/topics.h"

namespace exitbus::provision {

// Where the authorities' directory stands and by whom it must be signed.
struct Source {
  std::string file;
  adapters::DirectoryTrust trust;
  const exchange::Crypto* crypto;  // both outlive who follows it
  const exchange::Clock* clock;
  bool has_console =
      false;  // whether the exchange has one, for which there are topics and rights too
};

// The authorities in a signed directory. Errors as FileDirectory::Open: a directory that no service
// would accept is not provisioned either.
absl::StatusOr<policy::DirectoryEntries> ReadAuthorities(const Source& source);

// Holds the broker to the directory as it changes: each Look() provisions what the newest good one
// says. Not thread-safe.
class Follower {
 public:
  // Errors as of ReadAuthorities. `admin` outlives it.
  static absl::StatusOr<std::unique_ptr<Follower>> Open(const Source& source,
                                                        adapters::KafkaAdmin* admin);

  // Reads the directory again and provisions. Returns what was different at the broker. An error:
  // the directory was refused, when the last good one was provisioned all the same, or the broker
  // could not be provisioned; look again in a while.
  absl::StatusOr<adapters::KafkaDifference> Look();

 private:
  Follower(std::unique_ptr<adapters::FileDirectory> directory, bool has_console,
           adapters::KafkaAdmin* admin)
      : directory_(std::move(directory)), has_console_(has_console), admin_(admin) {}

  const std::unique_ptr<adapters::FileDirectory> directory_;
  const bool has_console_;
  adapters::KafkaAdmin* const admin_;
};

// Makes the broker what the policy says for these authorities and, where there is one, the console;
// with `dry_run` only looks. Returns what was different before. Errors as KafkaAdmin::Provision.
absl::StatusOr<adapters::KafkaDifference> Provision(const policy::DirectoryEntries& authorities,
                                                    bool has_console, bool dry_run,
                                                    adapters::KafkaAdmin& admin);

// One line a difference that can be mended: "+ topic …", "~ topic …", "+ acl …", "- acl …" (+ was
// missing, ~ is set otherwise, - should not be there).
std::vector<std::string> Describe(const adapters::KafkaDifference& difference);
// One line for each that cannot: "! …", with what to do.
std::vector<std::string> DescribeErrors(const adapters::KafkaDifference& difference);

}  // namespace exitbus::provision
