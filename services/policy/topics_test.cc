#include "services/policy/topics.h"

#include "exitbus/directory/v1/directory.pb.h"
#include "exitbus/testing/v1/policy_samples.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"

namespace exitbus::policy {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

const std::vector<TopicRoute>& SampleTopicRoutes() {
  static const auto* routes =
      new std::vector<TopicRoute>(TopicRoutesOf({testing::v1::SampleBody::descriptor()->file()}));
  return *routes;
}

DirectoryEntries Entries(
    std::initializer_list<std::tuple<const char*, v1::AuthorityKind, const char*>> list) {
  DirectoryEntries entries;
  for (const auto& [id, kind, code] : list) {
    auto entry = std::make_shared<exchange::DirectoryEntry>();
    entry->id = id;
    entry->kind = kind;
    entry->code = code;
    entries.push_back(entry);
  }
  return entries;
}

AclSpec Allow(const char* principal, const char* topic, PatternType pattern, Operation operation) {
  return {principal, ResourceType::kTopic, topic, pattern, operation, Permission::kAllow};
}

TEST(Topics, AreNamedByChannelKindAndCode) {
  EXPECT_EQ(TopicName(v1::CHANNEL_HANDOVER, v1::AUTHORITY_KIND_MUNICIPALITY, "0183"),
            "exitbus.v1.handover.municipality.0183");
  EXPECT_EQ(TopicName(v1::CHANNEL_NEC, v1::AUTHORITY_KIND_CONTACT_POINT, "National"),
            "exitbus.v1.nec.contact_point.national");
  EXPECT_EQ(TopicName(v1::CHANNEL_UNSPECIFIED, v1::AUTHORITY_KIND_NEC, "x"), "");
  EXPECT_EQ(TopicName(static_cast<v1::Channel>(999), v1::AUTHORITY_KIND_NEC, "x"), "");
  EXPECT_EQ(TopicName(v1::CHANNEL_NEC, static_cast<v1::AuthorityKind>(999), "x"), "");
  EXPECT_EQ(TopicName(v1::CHANNEL_NEC, v1::AUTHORITY_KIND_NEC, ""), "");
}

TEST(TopicRoutes, FollowTheFlowsAndReceiptsGoBack) {
  const auto has = [](v1::AuthorityKind from, v1::Channel channel, v1::AuthorityKind to) {
    return Contains(TopicRoute{from, channel, to});
  };
  const auto kMunicipality = v1::AUTHORITY_KIND_MUNICIPALITY;
  const auto kPolice = v1::AUTHORITY_KIND_POLICE;
  const auto kNec = v1::AUTHORITY_KIND_NEC;
  EXPECT_THAT(SampleTopicRoutes(), has(kMunicipality, v1::CHANNEL_NEC, kNec));
  EXPECT_THAT(SampleTopicRoutes(), has(kNec, v1::CHANNEL_RECEIPT, kMunicipality));
  EXPECT_THAT(SampleTopicRoutes(), has(kMunicipality, v1::CHANNEL_HANDOVER, kMunicipality));
  EXPECT_THAT(SampleTopicRoutes(), has(kPolice, v1::CHANNEL_SECURITY, kPolice));
  EXPECT_THAT(SampleTopicRoutes(), Not(has(kNec, v1::CHANNEL_NEC, kMunicipality)));
  EXPECT_THAT(SampleTopicRoutes(), Not(has(kMunicipality, v1::CHANNEL_RECEIPT, kNec)));
  EXPECT_THAT(SampleTopicRoutes(), Not(has(kPolice, v1::CHANNEL_NEC, kNec)));
}

TEST(Topics, AnAuthorityReadsWhereSomethingCanComeFrom) {
  EXPECT_THAT(TopicsReadBy(v1::AUTHORITY_KIND_NEC, "national", SampleTopicRoutes()),
              ElementsAre("exitbus.v1.nec.nec.national"));
  EXPECT_THAT(
      TopicsReadBy(v1::AUTHORITY_KIND_MUNICIPALITY, "0183", SampleTopicRoutes()),
      ElementsAre("exitbus.v1.handover.municipality.0183", "exitbus.v1.receipt.municipality.0183"));
  EXPECT_THAT(TopicsReadBy(v1::AUTHORITY_KIND_UNSPECIFIED, "x", SampleTopicRoutes()), IsEmpty());
}

TEST(Topics, OfAConsoleAreTracesThatTheirAuthorityAloneWritesAndItAloneReads) {
  DirectoryEntries entries =
      Entries({{"nec", v1::AUTHORITY_KIND_NEC, "National"},
               {"municipality-0183", v1::AUTHORITY_KIND_MUNICIPALITY, "0183"}});
  const std::vector<TopicSpec> topics = ConsoleTopicsFor(entries);
  ASSERT_EQ(topics.size(), 2U);
  EXPECT_EQ(topics[0].name, "exitbus.v1.trace.nec.national");
  EXPECT_EQ(topics[0].retention, kTraceRetention);
  auto removed = std::make_shared<exchange::DirectoryEntry>(*entries[1]);
  removed->status = directory::v1::AUTHORITY_STATUS_REMOVED;
  entries[1] = removed;
  EXPECT_THAT(
      ConsoleAclsFor(entries),
      ::testing::UnorderedElementsAre(
          Allow("User:console", "exitbus.v1.", PatternType::kPrefixed, Operation::kDescribe),
          Allow("User:console", "exitbus.v1.trace.", PatternType::kPrefixed, Operation::kRead),
          Allow("User:nec", "exitbus.v1.trace.nec.national", PatternType::kLiteral,
                Operation::kWrite)));
  EXPECT_EQ(TraceTopic(v1::AUTHORITY_KIND_UNSPECIFIED, "x"), "");
  EXPECT_EQ(TraceTopic(v1::AUTHORITY_KIND_NEC, ""), "");
}

TEST(Topics, OfADirectory) {
  const DirectoryEntries entries =
      Entries({{"nec", v1::AUTHORITY_KIND_NEC, "national"},
               {"municipality-0183", v1::AUTHORITY_KIND_MUNICIPALITY, "0183"}});
  const std::vector<TopicSpec> topics = TopicsFor(entries, SampleTopicRoutes());
  ASSERT_EQ(topics.size(), 3u);
  EXPECT_EQ(topics[0].name, "exitbus.v1.handover.municipality.0183");
  EXPECT_EQ(topics[0].retention, absl::Hours(7 * 24));
  EXPECT_EQ(topics[1].name, "exitbus.v1.nec.nec.national");
  EXPECT_EQ(topics[2].name, "exitbus.v1.receipt.municipality.0183");
}

TEST(Acls, OfAnAuthorityAreExactlyThese) {
  const DirectoryEntries entries =
      Entries({{"municipality-0183", v1::AUTHORITY_KIND_MUNICIPALITY, "0183"}});
  constexpr char kMe[] = "User:municipality-0183";
  constexpr char kHandover[] = "exitbus.v1.handover.municipality.0183";
  constexpr char kReceipt[] = "exitbus.v1.receipt.municipality.0183";
  const auto deny = [&](const char* topic) {
    AclSpec acl = Allow(kMe, topic, PatternType::kLiteral, Operation::kWrite);
    acl.permission = Permission::kDeny;
    return acl;
  };
  std::vector<AclSpec> expected = {
      Allow(kMe, kHandover, PatternType::kLiteral, Operation::kRead),
      Allow(kMe, kReceipt, PatternType::kLiteral, Operation::kRead),
      deny(kHandover),
      deny(kReceipt),
      Allow(kMe, "exitbus.v1.handover.municipality.", PatternType::kPrefixed, Operation::kWrite),
      Allow(kMe, "exitbus.v1.nec.nec.", PatternType::kPrefixed, Operation::kWrite),
      Allow(kMe, "exitbus.v1.receipt.municipality.", PatternType::kPrefixed, Operation::kWrite),
      {kMe, ResourceType::kGroup, "exitbus.municipality-0183", PatternType::kLiteral,
       Operation::kRead, Permission::kAllow},
  };
  EXPECT_THAT(AclsFor(entries, SampleTopicRoutes()),
              ::testing::UnorderedElementsAreArray(expected));
}

TEST(Acls, ARemovedAuthorityIsDeniedEverythingAndASuspendedOneKeepsItsRights) {
  exchange::DirectoryEntry entry = *Entries({{"nec", v1::AUTHORITY_KIND_NEC, "national"}}).front();
  const auto acls = [&](directory::v1::AuthorityStatus status) {
    entry.status = status;
    return AclsFor({std::make_shared<exchange::DirectoryEntry>(entry)}, SampleTopicRoutes());
  };
  EXPECT_FALSE(acls(directory::v1::AUTHORITY_STATUS_UNSPECIFIED).empty());
  EXPECT_EQ(acls(directory::v1::AUTHORITY_STATUS_SUSPENDED),
            acls(directory::v1::AUTHORITY_STATUS_UNSPECIFIED));
  const auto denied = [](ResourceType type, const char* name) {
    return AclSpec{"User:nec",       type, name, PatternType::kLiteral, Operation::kAll,
                   Permission::kDeny};
  };
  EXPECT_THAT(acls(directory::v1::AUTHORITY_STATUS_REMOVED),
              ::testing::UnorderedElementsAre(denied(ResourceType::kTopic, "*"),
                                              denied(ResourceType::kGroup, "*"),
                                              denied(ResourceType::kCluster, "kafka-cluster")));
}

TEST(Acls, EveryTopicOfTheContractsHasOneReaderAndNoneWritesToItsOwn) {
  const DirectoryEntries entries =
      Entries({{"municipality-0183", v1::AUTHORITY_KIND_MUNICIPALITY, "0183"},
               {"municipality-0461", v1::AUTHORITY_KIND_MUNICIPALITY, "0461"},
               {"kriminalforsorgen-kif-1469", v1::AUTHORITY_KIND_KRIMINALFORSORGEN, "kif-1469"},
               {"nec", v1::AUTHORITY_KIND_NEC, "national"}});
  const std::vector<AclSpec> acls = AclsFor(entries);
  const std::vector<TopicSpec> topics = TopicsFor(entries);
  EXPECT_FALSE(topics.empty());
  for (const TopicSpec& topic : topics) {
    std::vector<std::string> readers;
    for (const AclSpec& acl : acls) {
      if (acl.operation != Operation::kRead || acl.name != topic.name) continue;
      readers.push_back(acl.principal);
      AclSpec own = acl;
      own.operation = Operation::kWrite;
      own.permission = Permission::kDeny;
      EXPECT_THAT(acls, Contains(own));
    }
    EXPECT_EQ(readers.size(), 1u) << topic.name;
  }
  for (const AclSpec& acl : acls) {
    EXPECT_NE(acl.operation, Operation::kAll);
    if (acl.pattern == PatternType::kPrefixed) {
      EXPECT_EQ(acl.operation, Operation::kWrite);
    }
  }
}

}  // namespace
}  // namespace exitbus::policy
