#include "tests/separation/access_table.h"

#include "exitbus/directory/v1/directory.pb.h"
#include "tests/tables/policy_tables.h"

namespace exitbus::story {
namespace {

namespace pv1 = policy::v1;
using tables::FlowTable;

pv1::AuthorityKind KindOf(const exchange::DirectoryEntry& entry) {
  return static_cast<pv1::AuthorityKind>(entry.kind);
}

}  // namespace

AccessTable::AccessTable(const policy::DirectoryEntries& authorities) {
  std::set<std::pair<pv1::Channel, pv1::AuthorityKind>> read;
  const auto lead = [&](pv1::AuthorityKind from, pv1::Channel channel, pv1::AuthorityKind to) {
    writes_.insert({from, channel, to});
    read.insert({channel, to});
  };
  for (int i = 1; i <= pv1::Channel_MAX; ++i) {
    for (int sender = 1; sender <= pv1::AuthorityKind_MAX; ++sender) {
      for (int recipient = 1; recipient <= pv1::AuthorityKind_MAX; ++recipient) {
        const auto channel = static_cast<pv1::Channel>(i);
        const auto from = static_cast<pv1::AuthorityKind>(sender);
        const auto to = static_cast<pv1::AuthorityKind>(recipient);
        if (!FlowTable::Get().Sends(from, channel, to)) continue;
        lead(from, channel, to);
        lead(to, pv1::CHANNEL_RECEIPT, from);  // to whoever sends something
      }
    }
  }
  for (const Entry& entry : authorities) {
    authorities_[entry->id] = entry;
    for (const auto& [channel, reader] : read) {
      if (reader != KindOf(*entry)) continue;
      topics_[policy::TopicName(channel, reader, entry->code)] = {entry, channel};
    }
  }
}

std::vector<std::string> AccessTable::topics() const {
  std::vector<std::string> names;
  for (const auto& [name, topic] : topics_) names.push_back(name);
  return names;
}

bool AccessTable::AllowsTopic(const exchange::DirectoryEntry& who, const Topic& topic,
                              Act act) const {
  const bool own = who.id == topic.reader->id;
  const bool writes = !own && writes_.contains({KindOf(who), topic.channel, KindOf(*topic.reader)});
  switch (act) {
    case Act::kRead:
      return own;
    case Act::kWrite:
      return writes;
    case Act::kDescribe:
      return own || writes;
    default:
      return false;
  }
}

bool AccessTable::Allows(const std::string& certificate, policy::ResourceType type,
                         const std::string& name, Act act) const {
  if (certificate == "provisioner") return true;
  const auto who = authorities_.find(certificate);
  if (who == authorities_.end()) return false;
  if (who->second->status == directory::v1::AUTHORITY_STATUS_REMOVED) return false;
  if (type == policy::ResourceType::kGroup) {
    return name == "exitbus." + certificate && (act == Act::kRead || act == Act::kDescribe);
  }
  const auto topic = topics_.find(name);
  return topic != topics_.end() && AllowsTopic(*who->second, topic->second, act);
}

}  // namespace exitbus::story
