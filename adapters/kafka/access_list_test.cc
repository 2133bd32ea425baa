#include "adapters/kafka/access_list.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace exitbus::adapters {
namespace {

using policy::AclSpec;
using policy::Operation;
using policy::PatternType;
using policy::Permission;
using policy::ResourceType;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kOurs[] = "User:nec";
constexpr char kOther[] = "User:billing";

AclSpec Entry(const std::string& principal, ResourceType type, const std::string& name,
              PatternType pattern, Operation operation = Operation::kRead,
              Permission permission = Permission::kAllow) {
  return {principal, type, name, pattern, operation, permission};
}

const AclSpec kWanted =
    Entry(kOurs, ResourceType::kTopic, "exitbus.v1.nec.nec.national", PatternType::kLiteral);

AccessDifference Compare(const AclSpec& present) {
  return CompareAccess({kWanted}, {kWanted, present}, {"User:cluster-admin"});
}

enum class Comes { kNothing, kSurplus, kForeign };

struct Row {
  const char* principal;
  ResourceType type;
  const char* name;
  PatternType pattern;
  Comes comes;
  Operation operation = Operation::kRead;
  Permission permission = Permission::kAllow;
};

constexpr auto kTopic = ResourceType::kTopic;
constexpr auto kGroup = ResourceType::kGroup;
constexpr auto kCluster = ResourceType::kCluster;
constexpr auto kLiteral = PatternType::kLiteral;
constexpr auto kPrefixed = PatternType::kPrefixed;
constexpr auto kDeny = Permission::kDeny;

const std::vector<Row>& Rows() {
  static const auto* rows = new std::vector<Row>{
      // on what is ours alone: taken away, whoever has it
      {kOther, kTopic, "exitbus.v1.case.nec.national", kLiteral, Comes::kSurplus},
      {kOther, kTopic, "exitbus.v1.", kPrefixed, Comes::kSurplus},
      {kOther, kTopic, "exitbus.", kPrefixed, Comes::kSurplus},
      {kOther, kGroup, "exitbus.nec", kLiteral, Comes::kSurplus},
      {"User:*", kTopic, "exitbus.v1.nec.nec.national", kLiteral, Comes::kSurplus},
      {kOurs, kTopic, "exitbus.v1.nec.nec.national", kLiteral, Comes::kSurplus, Operation::kWrite},
      {kOurs, kTopic, "exitbus.v1.nec.nec.national", kLiteral, Comes::kSurplus, Operation::kDelete},
      {kOurs, kTopic, "exitbus.v1.nec.nec.national", kLiteral, Comes::kSurplus,
       Operation::kAlterConfigs},
      {kOther, kGroup, "exitbus.nec", kLiteral, Comes::kSurplus, Operation::kRead, kDeny},
      // on more than ours: taken from ours, reported of others
      {kOurs, kTopic, "*", kLiteral, Comes::kSurplus},
      {kOurs, kTopic, "exit", kPrefixed, Comes::kSurplus},
      {kOurs, kGroup, "*", kLiteral, Comes::kSurplus},
      {kOurs, kCluster, "kafka-cluster", kLiteral, Comes::kSurplus, Operation::kAlter},
      {kOurs, kTopic, "*", kLiteral, Comes::kSurplus, Operation::kAll, kDeny},
      {kOther, kTopic, "*", kLiteral, Comes::kForeign},
      {kOther, kTopic, "exit", kPrefixed, Comes::kForeign},
      {kOther, kTopic, "", kPrefixed, Comes::kForeign},
      {kOther, kGroup, "*", kLiteral, Comes::kForeign},
      {"User:*", kTopic, "*", kLiteral, Comes::kForeign},
      {kOther, kCluster, "kafka-cluster", kLiteral, Comes::kForeign, Operation::kClusterAction},
      {kOther, kCluster, "kafka-cluster", kLiteral, Comes::kForeign, Operation::kAlter},
      // of a kind we cannot name, and so not take away
      {kOther, kTopic, "exitbus.v1.x", kLiteral, Comes::kForeign, Operation::kUnknown},
      {kOurs, kTopic, "exitbus.v1.x", kLiteral, Comes::kForeign, Operation::kUnknown},
      // a denial that may stop us
      {"User:*", kTopic, "*", kLiteral, Comes::kForeign, Operation::kRead, kDeny},
      {kOther, kTopic, "*", kLiteral, Comes::kNothing, Operation::kRead, kDeny},
      // no way to us
      {kOther, kTopic, "billing", kLiteral, Comes::kNothing},
      {kOther, kTopic, "exit", kLiteral, Comes::kNothing},
      {kOther, kTopic, "exitbusy", kPrefixed, Comes::kNothing},
      {kOther, kGroup, "billing", kPrefixed, Comes::kNothing},
      {kOurs, kTopic, "billing", kLiteral, Comes::kNothing},
      {kOurs, kGroup, "billing", kLiteral, Comes::kNothing},
      {kOther, kCluster, "kafka-cluster", kLiteral, Comes::kNothing, Operation::kIdempotentWrite},
      // who runs the cluster
      {"User:cluster-admin", kTopic, "*", kLiteral, Comes::kNothing, Operation::kAll},
      {"User:cluster-admin", kTopic, "exitbus.", kPrefixed, Comes::kNothing, Operation::kCreate},
  };
  return *rows;
}

TEST(AccessListTest, WhatReachesATopicOrGroupOfOursIsSeenAndNothingElseIs) {
  for (const Row& row : Rows()) {
    const AclSpec acl =
        Entry(row.principal, row.type, row.name, row.pattern, row.operation, row.permission);
    const AccessDifference found = Compare(acl);
    const auto cell = ::testing::Message()
                      << row.principal << " on " << static_cast<int>(row.type) << " '" << row.name
                      << "' pattern " << static_cast<int>(row.pattern) << " operation "
                      << static_cast<int>(row.operation);
    EXPECT_THAT(found.missing, IsEmpty());
    EXPECT_EQ(found.surplus.size(), row.comes == Comes::kSurplus ? 1U : 0U) << cell;
    EXPECT_EQ(found.foreign.size(), row.comes == Comes::kForeign ? 1U : 0U) << cell;
  }
}

TEST(AccessListTest, TheSameRightFromOneHostIsAnotherRight) {
  AclSpec from_one_host = kWanted;
  from_one_host.host = "192.0.2.1";
  EXPECT_THAT(Compare(from_one_host).surplus, ElementsAre(from_one_host));
  EXPECT_THAT(CompareAccess({kWanted}, {from_one_host}, {}).missing, ElementsAre(kWanted));
}

TEST(AccessListTest, AnAuthorityIsNoOperator) {
  const AclSpec wide = Entry(kOurs, ResourceType::kTopic, "*", PatternType::kLiteral);
  EXPECT_THAT(CompareAccess({kWanted}, {kWanted, wide}, {kOurs}).surplus, ElementsAre(wide));
}

}  // namespace
}  // namespace exitbus::adapters
