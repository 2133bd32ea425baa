#include "tools/provision/provision.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "adapters/sodium/sodium_crypto.h"
#include "adapters/system/system_clock.h"
#include "exitbus/directory/v1/directory.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace exitbus::provision {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

// Remembers what it was asked for and holds it from then on, as a broker does.
class FakeBroker : public adapters::KafkaAdmin {
 public:
  absl::StatusOr<adapters::KafkaDifference> Provision(const std::vector<policy::TopicSpec>& topics,
                                                      const std::vector<policy::AclSpec>& acls,
                                                      bool dry_run) override {
    adapters::KafkaDifference difference;
    for (const policy::TopicSpec& topic : topics) {
      if (std::count(topics_.begin(), topics_.end(), topic.name) > 0) continue;
      difference.topics_missing.push_back(topic.name);
    }
    for (const policy::AclSpec& acl : acls) {
      if (std::count(acls_.begin(), acls_.end(), acl) == 0) difference.acls_missing.push_back(acl);
    }
    if (dry_run) return difference;
    for (const policy::TopicSpec& topic : topics) topics_.push_back(topic.name);
    acls_ = acls;
    return difference;
  }

 private:
  std::vector<std::string> topics_;
  std::vector<policy::AclSpec> acls_;
};

class ProvisionTest : public ::testing::Test {
 protected:
  ProvisionTest() : file_(::testing::TempDir() + "/provision_test.directory") {
    directory_.set_version(1);
    directory_.mutable_expires()->set_seconds(absl::ToUnixSeconds(absl::Now()) + 3600);
    directory_.add_next_signers(signer_.public_key);
    directory_.set_next_threshold(1);
    Add(directory_, "municipality-0183", policy::v1::AUTHORITY_KIND_MUNICIPALITY, "0183");
    Add(directory_, "police-1469", policy::v1::AUTHORITY_KIND_POLICE, "1469");
    Add(directory_, "nec", policy::v1::AUTHORITY_KIND_NEC, "national");
    Distribute();
  }
  ~ProvisionTest() override { std::filesystem::remove(file_); }

  absl::StatusOr<policy::DirectoryEntries> Read(const std::string& signer) const {
    return ReadAuthorities({file_, {{signer}, 1}, crypto_.get(), &clock_});
  }

  void Distribute() {
    auto bytes = adapters::SignDirectory(*crypto_, directory_, {signer_}, absl::Now());
    EXPECT_TRUE(bytes.ok()) << bytes.status();
    std::ofstream(file_, std::ios::binary) << bytes.value();
  }

  const std::unique_ptr<exchange::Crypto> crypto_ = adapters::MakeSodiumCrypto();
  const exchange::KeyPair signer_ = crypto_->NewSigningKey();
  const adapters::SystemClock clock_;
  const std::string file_;
  directory::v1::Directory directory_;
  FakeBroker broker_;

 private:
  void Add(directory::v1::Directory& directory, const std::string& id,
           policy::v1::AuthorityKind kind, const std::string& code) {
    directory::v1::Authority& authority = *directory.add_authorities();
    authority.set_id(id);
    authority.set_kind(kind);
    authority.set_name(id);
    authority.set_code(code);
    if (kind != policy::v1::AUTHORITY_KIND_NEC) authority.set_district("1469");
    authority.set_identity_key(crypto_->NewSigningKey().public_key);
    authority.set_sealing_key(crypto_->NewSealingKey().public_key);
  }
};

TEST_F(ProvisionTest, GivesEveryAuthorityOfTheDirectoryItsTopicsAndRights) {
  auto authorities = Read(signer_.public_key);
  ASSERT_TRUE(authorities.ok()) << authorities.status();
  auto difference = Provision(*authorities, false, false, broker_);
  ASSERT_TRUE(difference.ok());
  const std::vector<std::string> lines = Describe(*difference);
  EXPECT_THAT(lines, Contains("+ topic exitbus.v1.handover.municipality.0183"));
  EXPECT_THAT(lines, Contains("+ topic exitbus.v1.nec.nec.national"));
  EXPECT_THAT(lines, Contains("+ acl User:municipality-0183 may WRITE topic exitbus.v1.nec.nec.*"));
  EXPECT_THAT(lines, Contains("+ acl User:nec may not WRITE topic exitbus.v1.nec.nec.national"));
  EXPECT_THAT(lines, Contains("+ acl User:nec may READ group exitbus.nec"));
  EXPECT_THAT(lines, Not(Contains("+ acl User:nec may WRITE topic exitbus.v1.nec.nec.*")));
}

TEST_F(ProvisionTest, AConsoleReadsTracesAndNoLetterAndIsThereOnlyIfItIsSaid) {
  const auto authorities = Read(signer_.public_key);
  ASSERT_TRUE(authorities.ok()) << authorities.status();
  for (const std::string& line : Describe(*Provision(*authorities, false, true, broker_))) {
    EXPECT_THAT(line, AllOf(Not(HasSubstr("console")), Not(HasSubstr("trace"))));
  }
  const auto lines = Describe(*Provision(*authorities, true, true, broker_));
  EXPECT_THAT(lines, Contains("+ topic exitbus.v1.trace.municipality.0183"));
  EXPECT_THAT(lines, Contains("+ acl User:municipality-0183 may WRITE topic "
                              "exitbus.v1.trace.municipality.0183"));
  std::vector<std::string> consoles;
  for (const std::string& line : lines) {
    if (absl::StrContains(line, "User:console")) consoles.push_back(line);
  }
  EXPECT_THAT(consoles,
              UnorderedElementsAre("+ acl User:console may DESCRIBE topic exitbus.v1.*",
                                   "+ acl User:console may READ topic exitbus.v1.trace.*"));
}

TEST_F(ProvisionTest, ASecondRunFindsNothingAndADryRunChangesNothing) {
  auto authorities = Read(signer_.public_key);
  ASSERT_TRUE(authorities.ok()) << authorities.status();
  EXPECT_THAT(Describe(*Provision(*authorities, false, true, broker_)), Not(IsEmpty()));
  EXPECT_THAT(Describe(*Provision(*authorities, false, false, broker_)), Not(IsEmpty()));
  EXPECT_THAT(Describe(*Provision(*authorities, false, true, broker_)), IsEmpty());
  EXPECT_THAT(Describe(*Provision(*authorities, false, false, broker_)), IsEmpty());
}

TEST_F(ProvisionTest, AFollowerDeniesARemovedAuthorityEverythingAndTakesItBack) {
  auto follower =
      Follower::Open({file_, {{signer_.public_key}, 1}, crypto_.get(), &clock_}, &broker_);
  ASSERT_TRUE(follower.ok()) << follower.status();
  EXPECT_THAT(Describe(*(*follower)->Look()), Not(IsEmpty()));
  EXPECT_THAT(Describe(*(*follower)->Look()), IsEmpty());

  directory_.set_version(2);
  directory_.mutable_authorities(2)->set_status(directory::v1::AUTHORITY_STATUS_REMOVED);
  Distribute();
  const auto removed = Describe(*(*follower)->Look());
  EXPECT_THAT(removed, Contains("+ acl User:nec may not ALL topic *"));
  EXPECT_THAT(removed, Contains("+ acl User:nec may not ALL cluster kafka-cluster"));

  std::ofstream(file_) << "nonsense";
  EXPECT_FALSE((*follower)->Look().ok());

  directory_.set_version(3);
  directory_.mutable_authorities(2)->clear_status();
  Distribute();
  EXPECT_THAT(Describe(*(*follower)->Look()),
              Contains("+ acl User:nec may READ group exitbus.nec"));
}

TEST_F(ProvisionTest, AFollowerGivesABrokerThatForgotEverythingItsRightsAgain) {
  auto follower =
      Follower::Open({file_, {{signer_.public_key}, 1}, crypto_.get(), &clock_}, &broker_);
  ASSERT_TRUE(follower.ok()) << follower.status();
  ASSERT_TRUE((*follower)->Look().ok());
  broker_ = FakeBroker();
  EXPECT_THAT(Describe(*(*follower)->Look()),
              Contains("+ topic exitbus.v1.handover.municipality.0183"));
}

TEST_F(ProvisionTest, RefusesADirectoryThatOthersSigned) {
  EXPECT_EQ(Read(crypto_->NewSigningKey().public_key).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(Describe, MarksWhatShouldNotBeThere) {
  adapters::KafkaDifference difference;
  difference.acls_surplus.push_back({"User:stranger", policy::ResourceType::kTopic,
                                     "exitbus.v1.nec.nec.national", policy::PatternType::kLiteral,
                                     policy::Operation::kRead, policy::Permission::kAllow});
  EXPECT_THAT(Describe(difference),
              ElementsAre("- acl User:stranger may READ topic exitbus.v1.nec.nec.national"));
}

TEST(Describe, TellsWhatCanBeMendedFromWhatIsAnError) {
  adapters::KafkaDifference difference;
  difference.settings.push_back({"exitbus.v1.nec.nec.national", "retention.ms", "1", "604800000"});
  difference.acls_foreign.push_back({"User:billing", policy::ResourceType::kTopic, "",
                                     policy::PatternType::kPrefixed, policy::Operation::kDelete,
                                     policy::Permission::kAllow, "192.0.2.1"});
  difference.topics_unfit.push_back("topic exitbus.v1.x has 3 partitions");
  EXPECT_THAT(Describe(difference),
              ElementsAre("~ topic exitbus.v1.nec.nec.national: retention.ms is '1', not "
                          "'604800000'"));
  EXPECT_THAT(DescribeErrors(difference),
              ElementsAre("! topic exitbus.v1.x has 3 partitions",
                          ::testing::StartsWith("! acl User:billing may DELETE topic * from "
                                                "192.0.2.1; it reaches topics")));
  EXPECT_TRUE(difference.can_be_mended());
  EXPECT_TRUE(difference.has_errors());
}

}  // namespace
}  // namespace exitbus::provision
