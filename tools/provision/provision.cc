#include "tools/provision/provision.h"

#include <algorithm>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "services/exchange/ports/fault.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::provision {
namespace {

using policy::AclSpec;

constexpr std::size_t kPublicKeyBytes = 32;

const char* Name(policy::Operation operation) {
  switch (operation) {
    case policy::Operation::kRead:
      return "READ";
    case policy::Operation::kWrite:
      return "WRITE";
    case policy::Operation::kDescribe:
      return "DESCRIBE";
    case policy::Operation::kAll:
      return "ALL";
    case policy::Operation::kCreate:
      return "CREATE";
    case policy::Operation::kDelete:
      return "DELETE";
    case policy::Operation::kAlter:
      return "ALTER";
    case policy::Operation::kClusterAction:
      return "CLUSTER_ACTION";
    case policy::Operation::kDescribeConfigs:
      return "DESCRIBE_CONFIGS";
    case policy::Operation::kAlterConfigs:
      return "ALTER_CONFIGS";
    case policy::Operation::kIdempotentWrite:
      return "IDEMPOTENT_WRITE";
    case policy::Operation::kUnknown:
      return "SOMETHING_UNKNOWN";
  }
  exchange::ProgramFault("an operation has no name");
}

const char* Name(policy::ResourceType type) {
  switch (type) {
    case policy::ResourceType::kTopic:
      return "topic";
    case policy::ResourceType::kGroup:
      return "group";
    case policy::ResourceType::kCluster:
      return "cluster";
  }
  exchange::ProgramFault("a type of resource has no name");
}

std::string Text(const AclSpec& acl) {
  return absl::StrCat("acl ", acl.principal,
                      acl.permission == policy::Permission::kAllow ? " may " : " may not ",
                      Name(acl.operation), " ", Name(acl.resource_type), " ", acl.name,
                      acl.pattern == policy::PatternType::kPrefixed ? "*" : "",
                      acl.host == "*" ? "" : " from " + acl.host);
}

constexpr char kForeign[] =
    "; it reaches topics or groups of exitbus and is not exitbus' own: have whoever runs the "
    "cluster narrow or remove it, or name an operator's principal with --operator";

absl::StatusOr<std::unique_ptr<adapters::FileDirectory>> OpenDirectory(const Source& source) {
  adapters::FileDirectoryOptions options;
  options.file = source.file;
  options.trust = source.trust;
  return adapters::FileDirectory::Open(std::move(options), source.crypto, source.clock);
}

}  // namespace

absl::StatusOr<policy::DirectoryEntries> ReadAuthorities(const Source& source) {
  ASSIGN_OR_RETURN(const auto directory, OpenDirectory(source));
  return directory->All();
}

absl::StatusOr<adapters::KafkaDifference> Provision(const policy::DirectoryEntries& authorities,
                                                    bool dry_run, adapters::KafkaAdmin& admin) {
  return admin.Provision(policy::TopicsFor(authorities), policy::AclsFor(authorities), dry_run);
}

absl::StatusOr<std::unique_ptr<Follower>> Follower::Open(const Source& source,
                                                         adapters::KafkaAdmin* admin) {
  ASSIGN_OR_RETURN(auto directory, OpenDirectory(source));
  return std::unique_ptr<Follower>(new Follower(std::move(directory), admin));
}

absl::StatusOr<adapters::KafkaDifference> Follower::Look() {
  const absl::Status refreshed = directory_->Refresh().status();
  auto difference = Provision(directory_->All(), false, *admin_);
  if (!refreshed.ok()) return refreshed;
  return difference;
}

std::vector<std::string> Describe(const adapters::KafkaDifference& difference) {
  std::vector<std::string> lines;
  for (const std::string& topic : difference.topics_missing) {
    lines.push_back(absl::StrCat("+ topic ", topic));
  }
  for (const adapters::KafkaSetting& setting : difference.settings) {
    lines.push_back(absl::StrCat("~ topic ", setting.topic, ": ", setting.name, " is '",
                                 setting.found, "', not '", setting.wanted, "'"));
  }
  for (const AclSpec& acl : difference.acls_missing) lines.push_back("+ " + Text(acl));
  for (const AclSpec& acl : difference.acls_surplus) lines.push_back("- " + Text(acl));
  return lines;
}

std::vector<std::string> DescribeErrors(const adapters::KafkaDifference& difference) {
  std::vector<std::string> lines;
  for (const std::string& topic : difference.topics_unfit) lines.push_back("! " + topic);
  for (const AclSpec& acl : difference.acls_foreign) {
    lines.push_back(absl::StrCat("! ", Text(acl), kForeign));
  }
  return lines;
}

absl::StatusOr<std::vector<std::string>> ParseSigners(const std::vector<std::string>& texts) {
  std::vector<std::string> signers;
  for (const std::string& text : texts) {
    const bool is_hex = std::all_of(text.begin(), text.end(), absl::ascii_isxdigit);
    if (!is_hex || text.size() != 2 * kPublicKeyBytes) {
      return absl::InvalidArgumentError(absl::StrCat(
          "'", text, "' is no signer: give an Ed25519 public key as 64 hexadecimal digits"));
    }
    signers.push_back(absl::HexStringToBytes(text));
  }
  return signers;
}

}  // namespace exitbus::provision
