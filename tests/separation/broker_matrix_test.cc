// Who may do what at the broker, by trying it: every principal with every topic and every consumer
// group in every way, and the listed access of the whole country.
#include "tests/separation/broker_matrix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "services/exchange/ports/directory.h"
#include "tests/e2e/environment.h"
#include "tests/separation/own_broker.h"
#include "tests/separation/planted_story.h"
#include "tests/separation/tally.h"

namespace exitbus::story {
namespace {

using policy::AclSpec;
using policy::DirectoryEntries;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Names = std::vector<std::string>;

// Certificates of the authorities' CA that name no authority: the first is like one, the second an
// operator's who may see streams one day.
constexpr char kStranger[] = "municipality-0999";
constexpr char kConsole[] = "console";
constexpr char kProvisioner[] = "provisioner";

constexpr absl::Duration kEffectLimit = absl::Seconds(10);

Names Groups(const DirectoryEntries& authorities) {
  Names names = {"exitbus.municipality-0999", "somebody-elses"};
  for (const auto& entry : authorities) names.push_back(policy::ConsumerGroup(entry->id));
  return names;
}

std::set<AclSpec> Listed() {
  const auto listed = OwnBroker::Get().As(kProvisioner)->AccessList();
  EXPECT_TRUE(listed.ok()) << listed.status();
  return listed.ok() ? std::set<AclSpec>(listed->begin(), listed->end()) : std::set<AclSpec>();
}

bool AwaitListed(std::size_t entries) {
  const absl::Time limit = absl::Now() + kEffectLimit;
  while (Listed().size() != entries) {
    if (absl::Now() > limit) return false;
    absl::SleepFor(absl::Milliseconds(20));
  }
  return true;
}

std::string AclText(const AclSpec& acl) {
  return absl::StrCat(acl.principal, " ", static_cast<int>(acl.operation), " ", acl.name, " ",
                      static_cast<int>(acl.pattern), " ", static_cast<int>(acl.permission));
}

// What the one has and the other has not.
Names Without(const std::set<AclSpec>& one, const std::set<AclSpec>& other) {
  Names left;
  for (const AclSpec& acl : one) {
    if (!other.contains(acl)) left.push_back(AclText(acl));
  }
  return left;
}

class BrokerMatrixTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    IssueCertificate({"issue-authority", kStranger, kConsole});
    const absl::Status provisioned = OwnBroker::Get().Provision(Authorities());
    ASSERT_TRUE(provisioned.ok()) << provisioned;
    // It has another broker, and suspends nobody in this directory, which was read before.
    PlantedStory::Begin();
  }

  static const DirectoryEntries& Authorities() {
    static const auto* authorities = new DirectoryEntries(StoryAuthorities());
    return *authorities;
  }

  Names SurprisesOf(const std::string& certificate) const {
    const auto wire = OwnBroker::Get().As(certificate);
    if (wire == nullptr) return {"no connection"};
    const auto attempts = TryAll(*wire, topics_, groups_);
    EXPECT_THAT(attempts, SizeIs(6 * topics_.size() + 3 * groups_.size()));
    CountAttempts("broker: principal x topic or group x operation", attempts);
    return Surprises(table_, certificate, attempts);
  }

  const AccessTable table_{Authorities()};
  const Names topics_ = table_.topics();
  const Names groups_ = Groups(Authorities());
};

TEST_F(BrokerMatrixTest, EveryAuthorityMayDoWhatThePolicySaysAndNothingElse) {
  for (const Member& member : Cast()) EXPECT_THAT(SurprisesOf(member.id), IsEmpty());
}

TEST_F(BrokerMatrixTest, WhoIsInNoListMayDoNothing) {
  EXPECT_THAT(SurprisesOf(kStranger), IsEmpty());
  EXPECT_THAT(SurprisesOf(kConsole), IsEmpty());
}

TEST_F(BrokerMatrixTest, ARightTooManyIsFound) {
  const std::string topic = "exitbus.v1.handover.municipality.0183";
  const std::size_t before = Listed().size();
  const auto provisioner = OwnBroker::Get().As(kProvisioner);
  ASSERT_EQ(provisioner->Grant("User:nec", topic).value_or(-1), kNone);
  ASSERT_TRUE(AwaitListed(before + 1));
  EXPECT_THAT(SurprisesOf(kNec), ::testing::UnorderedElementsAre(
                                     "nec: read topic " + topic + ": let through (error 0)",
                                     "nec: describe topic " + topic + ": let through (error 0)"));
  ASSERT_EQ(provisioner->TakeBack("User:nec", topic).value_or(-1), kNone);
  ASSERT_TRUE(AwaitListed(before));
  EXPECT_THAT(SurprisesOf(kNec), IsEmpty());
}

TEST_F(BrokerMatrixTest, NobodyGivesHimselfARightOrLooksAtTheListOrMakesATopic) {
  Names principals = {kStranger, kConsole};
  for (const Member& member : Cast()) principals.push_back(member.id);
  const Names made_up = {"exitbus.v1.nec.nec.made-up", "exitbus.v1.handover.municipality.0999",
                         "anything"};
  for (const std::string& principal : principals) {
    const auto wire = OwnBroker::Get().As(principal);
    ASSERT_NE(wire, nullptr);
    EXPECT_EQ(wire->AccessList().status().code(), absl::StatusCode::kPermissionDenied);
    EXPECT_EQ(wire->Grant("User:" + principal, topics_.front()).value_or(-1), kClusterDenied);
    EXPECT_EQ(wire->TakeBack("User:nec", topics_.front()).value_or(-1), kClusterDenied);
    const auto created = wire->Create(made_up);
    ASSERT_TRUE(created.ok()) << created.status();
    for (const std::string& topic : made_up) EXPECT_EQ(created->at(topic), kTopicDenied);
    Tally::Count("broker: principal x cluster", 6, 6);
  }
}

TEST_F(BrokerMatrixTest, NoClientSystemIsLetIn) {
  for (const Member& member : Cast()) {
    const auto wire = KafkaWire::Connect(BrokerClient(OwnBroker::Get().address(), member.client));
    const absl::Status said = wire.ok() ? (*wire)->Describe(topics_).status() : wire.status();
    EXPECT_EQ(said.code(), absl::StatusCode::kUnauthenticated) << said;
    Tally::Count("broker: client systems", 1, said.ok() ? 0 : 1);
  }
}

// Last of those on the story's topics: it may delete them, and does.
TEST_F(BrokerMatrixTest, TheProvisionerMayDoEverything) {
  EXPECT_THAT(SurprisesOf(kProvisioner), IsEmpty());
}

// All municipalities and police districts there are, with numbers made up, a unit of
// Kriminalforsorgen in each district, and the two national ones.
DirectoryEntries WholeCountry() {
  DirectoryEntries country;
  const auto add = [&](policy::v1::AuthorityKind kind, const std::string& id,
                       const std::string& code, const std::string& district) {
    auto entry = std::make_shared<exchange::DirectoryEntry>();
    entry->id = id;
    entry->kind = kind;
    entry->name = id;
    entry->code = code;
    entry->district = district;
    country.push_back(std::move(entry));
  };
  for (int i = 0; i < 98; ++i) {
    const std::string code = absl::StrFormat("%04d", 101 + 7 * i);
    add(policy::v1::AUTHORITY_KIND_MUNICIPALITY, "municipality-" + code, code,
        absl::StrCat(1460 + i % 12));
  }
  for (int i = 0; i < 12; ++i) {
    const std::string code = absl::StrCat(1460 + i);
    add(policy::v1::AUTHORITY_KIND_POLICE, "police-" + code, code, code);
    add(policy::v1::AUTHORITY_KIND_KRIMINALFORSORGEN, "kriminalforsorgen-kif-" + code,
        "kif-" + code, code);
  }
  add(policy::v1::AUTHORITY_KIND_NEC, kNec, "national", "");
  add(policy::v1::AUTHORITY_KIND_CONTACT_POINT, kContactPoint, "national", "");
  return country;
}

// How many cells of authority × topic × operation come out otherwise by this list than by the
// table.
int CellsUnlike(const AccessTable& table, const DirectoryEntries& authorities,
                const std::set<AclSpec>& listed) {
  std::map<std::string, std::vector<AclSpec>> by_principal;
  for (const AclSpec& acl : listed) by_principal[acl.principal].push_back(acl);
  const Names topics = table.topics();
  int unlike = 0;
  for (const auto& entry : authorities) {
    const std::string principal = "User:" + entry->id;
    for (const std::string& topic : topics) {
      for (const Act act : {Act::kRead, Act::kWrite, Act::kDescribe}) {
        const auto type = policy::ResourceType::kTopic;
        unlike += Allows(by_principal[principal], principal, type, topic, act) !=
                  table.Allows(entry->id, type, topic, act);
      }
    }
  }
  const int cells = static_cast<int>(authorities.size() * topics.size() * 3);
  Tally::Count("broker: whole country's list × topic × operation, read", cells);
  return unlike;
}

TEST(BrokerAccessListTest, OfTheWholeCountryIsWhatThePolicySays) {
  const DirectoryEntries country = WholeCountry();
  const absl::Time began = absl::Now();
  const absl::Status provisioned = OwnBroker::Get().ProvisionAccess(country);
  ASSERT_TRUE(provisioned.ok()) << provisioned;
  Tally::Note(absl::StrFormat("%d authorities' access list made in %.1f s", country.size(),
                              absl::ToDoubleSeconds(absl::Now() - began)));
  const auto acls = policy::AclsFor(country);
  const std::set<AclSpec> wanted(acls.begin(), acls.end());
  const std::set<AclSpec> listed = Listed();
  EXPECT_THAT(Without(wanted, listed), IsEmpty()) << "missing at the broker";
  EXPECT_THAT(Without(listed, wanted), IsEmpty()) << "listed at the broker, by nobody's wish";
  EXPECT_GT(wanted.size(), 110U);
  EXPECT_EQ(CellsUnlike(AccessTable(country), country, listed), 0);
  Tally::Count("broker: listed access of the whole country", static_cast<int>(listed.size()));
}

TEST(BrokerAccessListTest, AndOneOfEachKindTriesAllOfIt) {
  const DirectoryEntries country = WholeCountry();
  const AccessTable table(country);
  const Names certificates = {"municipality-0101", "police-1471", "kriminalforsorgen-kif-1460",
                              kNec, kContactPoint};
  Names issue = {"issue-authority"};
  issue.insert(issue.end(), certificates.begin(), certificates.end());
  IssueCertificate(issue);
  for (const std::string& certificate : certificates) {
    const auto wire = OwnBroker::Get().As(certificate);
    ASSERT_NE(wire, nullptr);
    const auto attempts = TryAbsent(*wire, table.topics(), Groups(country));
    CountAttempts("broker: one of each kind x the whole country", attempts);
    EXPECT_THAT(Surprises(table, certificate, attempts), IsEmpty());
  }
}

}  // namespace
}  // namespace exitbus::story
