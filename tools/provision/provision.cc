#include "tools/provision/provision.h"

#include <iterator>
#include <memory>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "services/exchange/ports/fault.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::provision {
namespace {

using policy::AclSpec;

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
                      adapters::NameOf(acl.operation), " ", Name(acl.resource_type), " ", acl.name,
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
                                                    bool has_console, bool dry_run,
                                                    adapters::KafkaAdmin& admin) {
  std::vector<policy::TopicSpec> topics = policy::TopicsFor(authorities);
  std::vector<policy::AclSpec> acls = policy::AclsFor(authorities);
  if (has_console) {
    absl::c_move(policy::ConsoleTopicsFor(authorities), std::back_inserter(topics));
    absl::c_move(policy::ConsoleAclsFor(authorities), std::back_inserter(acls));
  }
  return admin.Provision(topics, acls, dry_run);
}

absl::StatusOr<std::unique_ptr<Follower>> Follower::Open(const Source& source,
                                                         adapters::KafkaAdmin* admin) {
  ASSIGN_OR_RETURN(auto directory, OpenDirectory(source));
  return std::unique_ptr<Follower>(new Follower(std::move(directory), source.has_console, admin));
}

absl::StatusOr<adapters::KafkaDifference> Follower::Look() {
  const absl::Status refreshed = directory_->Refresh().status();
  auto difference = Provision(directory_->All(), has_console_, false, *admin_);
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

}  // namespace exitbus::provision
