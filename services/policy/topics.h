// Topics and the broker's access list, computed from the flows: the broker enforces the same policy
// as the projection.
#pragma once

#include <compare>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/ports/directory.h"
#include "services/policy/access.h"
#include "services/policy/contracts.h"

namespace exitbus::policy {

inline constexpr absl::Duration kTopicRetention = absl::Hours(7 * 24);

// Messages go this way: some authority of kind `from` writes, on `channel`, to some of kind `to`.
struct TopicRoute {
  v1::AuthorityKind from;
  v1::Channel channel;
  v1::AuthorityKind to;

  auto operator<=>(const TopicRoute&) const = default;
};

// The routes of all message kinds in `files`, and a receipt's way back for each. Sorted.
std::vector<TopicRoute> TopicRoutesOf(const ContractFiles& files);
// Those of all contracts.
const std::vector<TopicRoute>& AllTopicRoutes();

// "exitbus.v1.<channel>.<kind>.", what every such topic's name starts with.
std::string TopicPrefix(v1::Channel channel, v1::AuthorityKind reader);
// "exitbus.v1.<channel>.<kind>.<code>" in lower case. "" for a channel or kind that does not
// exist, or no code: no record is in such a topic.
std::string TopicName(v1::Channel channel, v1::AuthorityKind reader, std::string_view code);
// What an authority tells the exchange's console of itself stands in a topic of its own; the
// console's principal, and what a trace is called where channels have their names.
inline constexpr absl::Duration kTraceRetention = absl::Hours(6);
inline constexpr std::string_view kConsole = "console";
inline constexpr std::string_view kTrace = "trace";
// "exitbus.v1.trace.<kind>.<code>" in lower case; "" as of TopicName.
std::string TraceTopic(v1::AuthorityKind kind, std::string_view code);
// "exitbus.<authority id>"
std::string ConsumerGroup(std::string_view authority_id);

// The channels on which an authority of this kind may be sent something.
std::vector<v1::Channel> ChannelsReadBy(v1::AuthorityKind kind,
                                        const std::vector<TopicRoute>& routes = AllTopicRoutes());
// The topics that the authority of this kind and code reads: it alone.
std::vector<std::string> TopicsReadBy(v1::AuthorityKind kind, std::string_view code,
                                      const std::vector<TopicRoute>& routes = AllTopicRoutes());

using DirectoryEntries = std::vector<std::shared_ptr<const exchange::DirectoryEntry>>;

// Every topic of these authorities, and everything they may do at the broker; all else is denied.
// An authority reads its own topics and group, writes by prefix where a route leads, and is denied
// writing to its own topics, because WRITE shows how much stands in them. One that was removed is
// denied everything, which stands above whatever else allows it something; its topics stay. Sorted.
std::vector<TopicSpec> TopicsFor(const DirectoryEntries& entries,
                                 const std::vector<TopicRoute>& routes = AllTopicRoutes());
std::vector<AclSpec> AclsFor(const DirectoryEntries& entries,
                             const std::vector<TopicRoute>& routes = AllTopicRoutes());

// What there is besides where a console is: a trace topic for each authority, which it alone writes
// and the console alone reads. The console may see how far all topics reach, and read no letter.
std::vector<TopicSpec> ConsoleTopicsFor(const DirectoryEntries& entries);
std::vector<AclSpec> ConsoleAclsFor(const DirectoryEntries& entries);

}  // namespace exitbus::policy
