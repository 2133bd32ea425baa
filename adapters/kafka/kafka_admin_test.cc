// Provisioning against a real broker.
#include "adapters/kafka/kafka_admin.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "adapters/kafka/testing/broker.h"
#include "adapters/memory/recording_telemetry.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace exitbus::adapters {
namespace {

using policy::AclSpec;
using policy::TopicSpec;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const auto* const kEnvironment = ::testing::AddGlobalTestEnvironment(new BrokerEnvironment);

AclSpec Acl(const std::string& principal, const std::string& name,
            policy::Operation operation = policy::Operation::kRead) {
  return {.principal = "User:" + principal,
          .resource_type = policy::ResourceType::kTopic,
          .name = name,
          .pattern = policy::PatternType::kLiteral,
          .operation = operation,
          .permission = policy::Permission::kAllow};
}

std::unique_ptr<KafkaAdmin> AdminAs(const KafkaOptions& options, exchange::Telemetry* telemetry,
                                    const KafkaCluster& cluster = {}) {
  auto admin = KafkaAdmin::Make(options, telemetry, cluster);
  EXPECT_TRUE(admin.ok()) << admin.status();
  return *std::move(admin);
}

class KafkaAdminTest : public ::testing::Test {
 protected:
  RecordingTelemetry telemetry_;
  std::unique_ptr<KafkaAdmin> admin_ =
      AdminAs(BrokerEnvironment::broker().WithFiles("provisioner"), &telemetry_);
};

TEST_F(KafkaAdminTest, MakesWhatIsMissingTakesWhatIsSurplusAndThenRests) {
  const std::vector<TopicSpec> topics = {{"exitbus.v1.case.nec.admin", absl::Hours(168)},
                                         {"exitbus.v1.nec.nec.admin", absl::Hours(168)}};
  const AclSpec read = Acl("admin-nec", topics[0].name);
  const AclSpec write = Acl("admin-police", topics[0].name, policy::Operation::kWrite);
  AclSpec group = Acl("admin-nec", "exitbus.admin-nec");
  group.resource_type = policy::ResourceType::kGroup;

  const auto look = admin_->Provision(topics, {read, write, group}, true);
  ASSERT_TRUE(look.ok()) << look.status();
  EXPECT_THAT(look->topics_missing, ElementsAre(topics[0].name, topics[1].name));
  EXPECT_EQ(look->acls_missing.size(), 3U);
  const auto first = admin_->Provision(topics, {read, write, group}, false);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->topics_missing.size(), 2U) << "looking changes nothing";
  const auto second = admin_->Provision(topics, {read, write, group}, false);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_TRUE(second->empty());

  // A right that is no longer wanted goes, also of a principal nobody wants any more.
  const auto third = admin_->Provision(topics, {read, group}, false);
  ASSERT_TRUE(third.ok()) << third.status();
  EXPECT_THAT(third->acls_surplus, ElementsAre(write));
  EXPECT_THAT(third->acls_missing, IsEmpty());
  const auto fourth = admin_->Provision(topics, {read, group}, true);
  ASSERT_TRUE(fourth.ok()) << fourth.status();
  EXPECT_TRUE(fourth->empty());
  EXPECT_TRUE(admin_->Provision({}, {}, false).ok());
}

// What reaches nothing of ours is left alone; what reaches it with more is named, and not ours to
// take.
TEST_F(KafkaAdminTest, RightsOfOthersAreLeftAloneAndNamedWhereTheyReachUs) {
  const AclSpec other = Acl("somebody", "another.system");
  const AclSpec wide = Acl("somebody", "*", policy::Operation::kDescribeConfigs);
  const AclSpec others_of_ours = Acl("admin-nec", "another.system");
  AclSpec by_hand = Acl("somebody", "exitbus.v1.case.nec.admin", policy::Operation::kDelete);
  by_hand.host = "192.0.2.1";
  const AclSpec ours = Acl("admin-nec", "exitbus.v1.case.nec.admin");
  ASSERT_TRUE(admin_->Provision({}, {other, wide, others_of_ours, by_hand, ours}, false).ok());

  const auto difference = admin_->Provision({}, {ours}, false);
  ASSERT_TRUE(difference.ok()) << difference.status();
  EXPECT_THAT(difference->acls_surplus, ElementsAre(by_hand));
  EXPECT_THAT(difference->acls_foreign, ElementsAre(wide));
  const auto after = admin_->Provision({}, {ours}, true);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_FALSE(after->can_be_mended());
  EXPECT_THAT(after->acls_foreign, ElementsAre(wide)) << "still there, still told";

  const auto admin = AdminAs(BrokerEnvironment::broker().WithFiles("provisioner"), &telemetry_,
                             {1, {"User:somebody"}});
  EXPECT_TRUE(admin->Provision({}, {ours}, true)->empty());
  // Its own again, so that the other tests find a broker without it.
  ASSERT_TRUE(admin_->Provision({}, {wide, Acl("somebody", "another.system")}, false).ok());
  ASSERT_TRUE(admin_->Provision({}, {Acl("somebody", "another.system")}, false).ok());
}

// The same admin gives the topic the settings of another specification, as somebody's hand might.
TEST_F(KafkaAdminTest, SettingsThatDriftedAreToldAndSetRight) {
  const std::string name = "exitbus.v1.receipt.nec.admin";
  ASSERT_TRUE(admin_->Provision({{name, absl::Hours(1)}}, {}, false).ok());
  const std::vector<TopicSpec> wanted = {{name, absl::Hours(168)}};
  const KafkaSetting drifted = {name, "retention.ms", "3600000", "604800000"};
  const auto look = admin_->Provision(wanted, {}, true);
  ASSERT_TRUE(look.ok()) << look.status();
  EXPECT_THAT(look->settings, ElementsAre(drifted));
  ASSERT_TRUE(admin_->Provision(wanted, {}, false).ok());
  EXPECT_TRUE(admin_->Provision(wanted, {}, true)->empty());
}

TEST_F(KafkaAdminTest, MoreReplicasThanThereAreBrokersAreRefusedAndFewerAreAnError) {
  const std::vector<TopicSpec> topics = {{"exitbus.v1.security.nec.admin", absl::Hours(1)}};
  ASSERT_TRUE(admin_->Provision(topics, {}, false).ok());
  const auto three =
      AdminAs(BrokerEnvironment::broker().WithFiles("provisioner"), &telemetry_, {3, {}});
  const auto look = three->Provision(topics, {}, true);
  ASSERT_TRUE(look.ok()) << look.status();
  EXPECT_THAT(look->topics_unfit, ElementsAre(::testing::HasSubstr("has 1 replica(s), not 3")));
  EXPECT_FALSE(
      three->Provision({{"exitbus.v1.evidence.nec.admin", absl::Hours(1)}}, {}, false).ok());
  EXPECT_FALSE(
      KafkaAdmin::Make(BrokerEnvironment::broker().WithFiles("provisioner"), &telemetry_, {0, {}})
          .ok());
}

TEST_F(KafkaAdminTest, HundredsAtOnce) {
  std::vector<TopicSpec> topics;
  std::vector<AclSpec> acls;
  for (int i = 0; i < 250; ++i) {
    topics.push_back({"exitbus.v1.case.municipality.m" + std::to_string(i), absl::Hours(1)});
    acls.push_back(Acl("m" + std::to_string(i), topics.back().name));
    acls.push_back(Acl("m" + std::to_string(i), topics.back().name, policy::Operation::kDescribe));
  }
  const auto first = admin_->Provision(topics, acls, false);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->topics_missing.size(), 250U);
  EXPECT_EQ(first->acls_missing.size(), 500U);
  const auto second = admin_->Provision(topics, acls, true);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_TRUE(second->empty());
  ASSERT_TRUE(admin_->Provision({}, {}, false).ok());
}

TEST_F(KafkaAdminTest, ACertificateThatWasReplacedIsTakenOnceItIsWhole) {
  const TestFolder folder;
  KafkaOptions own = BrokerEnvironment::broker().WithFiles("provisioner");
  const KafkaOptions other = BrokerEnvironment::broker().As("admin-nec");
  const auto put = [](const std::string& from, const std::string& to) {
    std::filesystem::copy_file(from, to + ".new");
    std::filesystem::rename(to + ".new", to);
  };
  KafkaOptions mine = own;
  mine.certificate_file = folder.path() + "/crt";
  mine.key_file = folder.path() + "/key";
  put(own.certificate_file, mine.certificate_file);
  put(own.key_file, mine.key_file);
  const auto admin = AdminAs(mine, &telemetry_);
  ASSERT_TRUE(admin->Provision({}, {}, true).ok());
  put(other.certificate_file, mine.certificate_file);
  EXPECT_TRUE(admin->Provision({}, {}, true).ok()) << "its key is not there yet";
  put(other.key_file, mine.key_file);
  EXPECT_EQ(admin->Provision({}, {Acl("admin-nec", "exitbus.v1.x")}, false).status().code(),
            absl::StatusCode::kPermissionDenied);
}

TEST_F(KafkaAdminTest, OnlyTheProvisionerMay) {
  const auto admin = AdminAs(BrokerEnvironment::broker().As("admin-nec"), &telemetry_);
  EXPECT_EQ(admin->Provision({}, {Acl("admin-nec", "exitbus.v1.x")}, false).status().code(),
            absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace exitbus::adapters
