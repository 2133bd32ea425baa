// Topics and the broker's access list against the table of messages: who may read and write what at
// the broker follows from who sends what to whom, and from nothing else.
#include "exitbus/directory/v1/directory.pb.h"
#include "gtest/gtest.h"
#include "services/policy/readers.h"
#include "services/policy/topics.h"
#include "tests/separation/access_table.h"

namespace exitbus::tables {
namespace {

namespace v1 = policy::v1;
using exchange::DirectoryEntry;
using story::Act;

v1::AuthorityKind KindOf(const DirectoryEntry& entry) {
  return static_cast<v1::AuthorityKind>(entry.kind);
}

// Two of each kind, and of municipalities a third that was removed.
policy::DirectoryEntries Country() {
  policy::DirectoryEntries entries;
  for (int kind = 1; kind <= v1::AuthorityKind_MAX; ++kind) {
    for (const char* code : {"one", "two"}) {
      auto entry = std::make_shared<DirectoryEntry>();
      entry->kind = static_cast<v1::AuthorityKind>(kind);
      entry->id = std::string(policy::KindName(KindOf(*entry))) + "-" + code;
      entry->code = code;
      entries.push_back(entry);
    }
  }
  auto removed = std::make_shared<DirectoryEntry>(*entries.front());
  removed->id = "municipality-removed";
  removed->code = "removed";
  removed->status = directory::v1::AUTHORITY_STATUS_REMOVED;
  entries.push_back(removed);
  return entries;
}

TEST(Access, TopicsAreThoseThatSomebodyWritesTo) {
  std::vector<std::string> topics;
  for (const auto& topic : policy::TopicsFor(Country())) topics.push_back(topic.name);
  EXPECT_EQ(topics, story::AccessTable(Country()).topics());
}

TEST(Access, EveryCellFollowsFromTheTableOfMessages) {
  const policy::DirectoryEntries country = Country();
  const auto acls = policy::AclsFor(country);
  const story::AccessTable table(country);
  int cells = 0;
  const auto agree = [&](const std::string& who, policy::ResourceType type,
                         const std::string& name) {
    for (const Act act :
         {Act::kRead, Act::kWrite, Act::kDescribe, Act::kCreate, Act::kDelete, Act::kAlter}) {
      EXPECT_EQ(story::Allows(acls, "User:" + who, type, name, act),
                table.Allows(who, type, name, act))
          << who << " " << story::NameOf(act) << " " << name;
      ++cells;
    }
  };
  for (const auto& who : country) {
    for (const std::string& topic : table.topics()) {
      agree(who->id, policy::ResourceType::kTopic, topic);
    }
    for (const auto& other : country) {
      agree(who->id, policy::ResourceType::kGroup, policy::ConsumerGroup(other->id));
    }
  }
  EXPECT_GT(cells, 3000);
}

}  // namespace
}  // namespace exitbus::tables
