// Topics and the broker's access list against the table of messages: who may read and write what at
// the broker follows from who sends what to whom, and from nothing else.
#include "exitbus/directory/v1/directory.pb.h"
#include "gtest/gtest.h"
#include "services/policy/readers.h"
#include "services/policy/topics.h"
#include "tests/separation/access_rules.h"
#include "tests/tables/policy_tables.h"

namespace exitbus::tables {
namespace {

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

// A receipt goes back to whoever sends something.
bool Writes(v1::AuthorityKind from, v1::Exchange exchange, v1::AuthorityKind to) {
  if (exchange != v1::EXCHANGE_RECEIPT) return FlowTable::Get().Sends(from, exchange, to);
  for (int i = 1; i <= v1::Exchange_MAX; ++i) {
    if (FlowTable::Get().Sends(to, static_cast<v1::Exchange>(i), from)) return true;
  }
  return false;
}

// What the table says of one authority and one topic of another or its own.
bool Expected(const DirectoryEntry& who, v1::Exchange exchange, const DirectoryEntry& reader,
              Act act) {
  if (who.status == directory::v1::AUTHORITY_STATUS_REMOVED) return false;
  const bool own = who.id == reader.id;
  const bool writes = !own && Writes(KindOf(who), exchange, KindOf(reader));
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

std::set<v1::Exchange> ExchangesTo(const DirectoryEntry& reader) {
  std::set<v1::Exchange> exchanges;
  for (int i = 1; i <= v1::Exchange_MAX; ++i) {
    for (int kind = 1; kind <= v1::AuthorityKind_MAX; ++kind) {
      if (Writes(static_cast<v1::AuthorityKind>(kind), static_cast<v1::Exchange>(i),
                 KindOf(reader))) {
        exchanges.insert(static_cast<v1::Exchange>(i));
      }
    }
  }
  return exchanges;
}

TEST(Access, TopicsAreThoseThatSomebodyWritesTo) {
  std::set<std::string> expected;
  for (const auto& entry : Country()) {
    for (const v1::Exchange exchange : ExchangesTo(*entry)) {
      expected.insert(policy::TopicName(exchange, KindOf(*entry), entry->code));
    }
  }
  std::set<std::string> topics;
  for (const auto& topic : policy::TopicsFor(Country())) topics.insert(topic.name);
  EXPECT_EQ(topics, expected);
}

TEST(Access, EveryCellFollowsFromTheTableOfMessages) {
  const policy::DirectoryEntries country = Country();
  const auto acls = policy::AclsFor(country);
  int cells = 0;
  for (const auto& who : country) {
    const std::string principal = "User:" + who->id;
    for (const auto& reader : country) {
      for (const v1::Exchange exchange : ExchangesTo(*reader)) {
        const std::string topic = policy::TopicName(exchange, KindOf(*reader), reader->code);
        for (const Act act :
             {Act::kRead, Act::kWrite, Act::kDescribe, Act::kCreate, Act::kDelete, Act::kAlter}) {
          EXPECT_EQ(story::Allows(acls, principal, policy::ResourceType::kTopic, topic, act),
                    Expected(*who, exchange, *reader, act))
              << who->id << " " << story::NameOf(act) << " " << topic;
          ++cells;
        }
      }
      const bool own =
          who->id == reader->id && who->status != directory::v1::AUTHORITY_STATUS_REMOVED;
      EXPECT_EQ(story::Allows(acls, principal, policy::ResourceType::kGroup,
                              policy::ConsumerGroup(reader->id), Act::kRead),
                own)
          << who->id << " in the group of " << reader->id;
    }
  }
  EXPECT_GT(cells, 3000);
}

}  // namespace
}  // namespace exitbus::tables
