#include "services/policy/topics.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "exitbus/directory/v1/directory.pb.h"
#include "google/protobuf/descriptor.h"
#include "services/policy/flows.h"
#include "services/policy/readers.h"

namespace exitbus::policy {
namespace {

using google::protobuf::Descriptor;

constexpr std::string_view kAllTopics = "exitbus.v1.";  // what each begins with

void AddTopicRoutes(const Descriptor& kind, std::set<TopicRoute>& routes) {
  for (const v1::Flow& flow : FlowsOf(kind)) {
    for (const Route& route : RoutesOf(flow)) {
      routes.insert({route.from_kind, flow.channel(), route.to_kind});
      routes.insert({route.to_kind, v1::CHANNEL_RECEIPT, route.from_kind});
    }
  }
  for (int i = 0; i < kind.nested_type_count(); ++i) AddTopicRoutes(*kind.nested_type(i), routes);
}

std::string Principal(const exchange::DirectoryEntry& entry) {
  return absl::StrCat("User:", entry.id);
}

AclSpec TopicAcl(const exchange::DirectoryEntry& entry, std::string name, PatternType pattern,
                 Operation operation, Permission permission) {
  return {Principal(entry), ResourceType::kTopic, std::move(name), pattern, operation, permission};
}

// Kafka's name for every resource of a type.
constexpr const char* kEvery = "*";
constexpr const char* kCluster = "kafka-cluster";

void AddRemoved(const exchange::DirectoryEntry& entry, std::set<AclSpec>& acls) {
  for (const auto& [type, name] :
       {std::pair(ResourceType::kTopic, kEvery), std::pair(ResourceType::kGroup, kEvery),
        std::pair(ResourceType::kCluster, kCluster)}) {
    acls.insert(
        {Principal(entry), type, name, PatternType::kLiteral, Operation::kAll, Permission::kDeny});
  }
}

}  // namespace

std::vector<TopicRoute> TopicRoutesOf(const ContractFiles& files) {
  std::set<TopicRoute> routes;
  for (const auto* file : files) {
    for (int i = 0; i < file->message_type_count(); ++i)
      AddTopicRoutes(*file->message_type(i), routes);
  }
  return {routes.begin(), routes.end()};
}

const std::vector<TopicRoute>& AllTopicRoutes() {
  static const auto* routes = new std::vector<TopicRoute>(TopicRoutesOf(AllContracts()));
  return *routes;
}

std::string TopicPrefix(v1::Channel channel, v1::AuthorityKind reader) {
  if (ChannelName(channel).empty() || KindName(reader).empty()) return "";
  return absl::StrCat(std::string(kAllTopics), std::string(ChannelName(channel)), ".",
                      std::string(KindName(reader)), ".");
}

std::string TopicName(v1::Channel channel, v1::AuthorityKind reader, std::string_view code) {
  const std::string prefix = TopicPrefix(channel, reader);
  if (prefix.empty() || code.empty()) return "";
  return absl::StrCat(prefix, absl::AsciiStrToLower(std::string(code)));
}

std::string TraceTopic(v1::AuthorityKind kind, std::string_view code) {
  if (KindName(kind).empty() || code.empty()) return "";
  return absl::AsciiStrToLower(absl::StrCat(std::string(kAllTopics), std::string(kTrace), ".",
                                            std::string(KindName(kind)), ".", std::string(code)));
}

std::string ConsumerGroup(std::string_view authority_id) {
  return absl::StrCat("exitbus.", std::string(authority_id));
}

std::vector<v1::Channel> ChannelsReadBy(v1::AuthorityKind kind,
                                        const std::vector<TopicRoute>& routes) {
  std::set<v1::Channel> channels;
  for (const TopicRoute& route : routes) {
    if (route.to == kind) channels.insert(route.channel);
  }
  return {channels.begin(), channels.end()};
}

std::vector<std::string> TopicsReadBy(v1::AuthorityKind kind, std::string_view code,
                                      const std::vector<TopicRoute>& routes) {
  std::vector<std::string> topics;
  for (v1::Channel channel : ChannelsReadBy(kind, routes)) {
    topics.push_back(TopicName(channel, kind, code));
  }
  return topics;
}

std::vector<TopicSpec> TopicsFor(const DirectoryEntries& entries,
                                 const std::vector<TopicRoute>& routes) {
  std::set<std::string> names;
  for (const auto& entry : entries) {
    for (std::string& name : TopicsReadBy(entry->kind, entry->code, routes)) {
      names.insert(std::move(name));
    }
  }
  std::vector<TopicSpec> topics;
  for (const std::string& name : names) topics.push_back({name, kTopicRetention});
  return topics;
}

std::vector<AclSpec> AclsFor(const DirectoryEntries& entries,
                             const std::vector<TopicRoute>& routes) {
  std::set<AclSpec> acls;
  for (const auto& entry : entries) {
    if (entry->status == directory::v1::AUTHORITY_STATUS_REMOVED) {
      AddRemoved(*entry, acls);
      continue;
    }
    for (const std::string& topic : TopicsReadBy(entry->kind, entry->code, routes)) {
      acls.insert(
          TopicAcl(*entry, topic, PatternType::kLiteral, Operation::kRead, Permission::kAllow));
      acls.insert(
          TopicAcl(*entry, topic, PatternType::kLiteral, Operation::kWrite, Permission::kDeny));
    }
    for (const TopicRoute& route : routes) {
      if (route.from != entry->kind) continue;
      acls.insert(TopicAcl(*entry, TopicPrefix(route.channel, route.to), PatternType::kPrefixed,
                           Operation::kWrite, Permission::kAllow));
    }
    acls.insert({Principal(*entry), ResourceType::kGroup, ConsumerGroup(entry->id),
                 PatternType::kLiteral, Operation::kRead, Permission::kAllow});
  }
  return {acls.begin(), acls.end()};
}

std::vector<TopicSpec> ConsoleTopicsFor(const DirectoryEntries& entries) {
  std::vector<TopicSpec> topics;
  for (const auto& entry : entries) {
    topics.push_back({TraceTopic(entry->kind, entry->code), kTraceRetention});
  }
  return topics;
}

std::vector<AclSpec> ConsoleAclsFor(const DirectoryEntries& entries) {
  const std::string console = absl::StrCat("User:", std::string(kConsole));
  const std::string all(kAllTopics);
  std::set<AclSpec> acls = {
      {console, ResourceType::kTopic, all, PatternType::kPrefixed, Operation::kDescribe,
       Permission::kAllow},
      {console, ResourceType::kTopic, absl::StrCat(all, std::string(kTrace), "."),
       PatternType::kPrefixed, Operation::kRead, Permission::kAllow}};
  for (const auto& entry : entries) {
    if (entry->status == directory::v1::AUTHORITY_STATUS_REMOVED) continue;
    acls.insert(TopicAcl(*entry, TraceTopic(entry->kind, entry->code), PatternType::kLiteral,
                         Operation::kWrite, Permission::kAllow));
  }
  return {acls.begin(), acls.end()};
}

}  // namespace exitbus::policy
