// Who gets what at the broker, asked with kcat, which is not ours.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/environment.h"

namespace exitbus::story {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kNecTopic[] = "exitbus.v1.nec.nec.national";
constexpr char kIshojTopic[] = "exitbus.v1.handover.municipality.0183";

struct Said {
  absl::Status status;
  std::string text;
};

// kcat with a certificate of that name; empty: none.
Said Kcat(const std::string& certificate, const std::vector<std::string>& arguments) {
  const Places& places = TheDeployment().places();
  std::vector<std::string> command = {
      "timeout", "20", "kcat", "-m", "2", "-b", TheDeployment().broker_address()};
  std::vector<std::string> settings = {"security.protocol=ssl",
                                       "ssl.ca.location=" + places.authorities_ca()};
  if (!certificate.empty()) {
    settings.push_back("ssl.certificate.location=" + places.certificate(certificate));
    settings.push_back("ssl.key.location=" + places.key(certificate));
  }
  for (const std::string& setting : settings) command.insert(command.end(), {"-X", setting});
  command.insert(command.end(), arguments.begin(), arguments.end());
  const std::string log = places.state + "/kcat.log";
  absl::Status status = RunTool(command, log);
  return {std::move(status), TailOf(log)};
}

// Ends at the topic's end.
std::vector<std::string> Read(const std::string& topic) {
  return {"-C", "-e", "-o", "beginning", "-t", topic};
}

TEST(BrokerAdmissionTest, AnAuthorityReadsItsOwnTopicsWithAnUnmodifiedClient) {
  const Said said = Kcat(kNec, Read(kNecTopic));
  EXPECT_TRUE(said.status.ok()) << said.status;
  EXPECT_TRUE(Kcat(kNec, {"-L"}).status.ok());
}

TEST(BrokerAdmissionTest, AndNobodyElsesTopics) {
  for (const char* stranger : {kIshoj, kOdense, kKif}) {
    const Said said = Kcat(stranger, Read(kNecTopic));
    EXPECT_FALSE(said.status.ok()) << stranger;
    EXPECT_THAT(said.text, HasSubstr("authorization failed")) << stranger;
  }
  EXPECT_THAT(Kcat(kNec, Read(kIshojTopic)).text, HasSubstr("authorization failed"));
}

TEST(BrokerAdmissionTest, NorDoesItSeeTopicsItHasNoBusinessWith) {
  EXPECT_THAT(Kcat(kNec, {"-L"}).text, Not(HasSubstr(kIshojTopic)));
}

TEST(BrokerAdmissionTest, NobodyWithoutACertificate) {
  const Said said = Kcat("", {"-L"});
  EXPECT_FALSE(said.status.ok());
  EXPECT_THAT(said.text, HasSubstr("SSL"));
}

TEST(BrokerAdmissionTest, NoClientSystem) {
  const Said said = Kcat(MemberNamed(kIshoj).client, {"-L"});
  EXPECT_FALSE(said.status.ok());
  EXPECT_THAT(said.text, HasSubstr("SSL"));
}

TEST(BrokerAdmissionTest, NoExpiredAndNoForeignCertificate) {
  IssueCertificate({"--as", "authority-expired", "--expired", "issue-authority", kNec});
  IssueCertificate({"--as", "authority-foreign", "--foreign-ca", "issue-authority", kNec});
  for (const char* name : {"authority-expired", "authority-foreign"}) {
    const Said said = Kcat(name, {"-L"});
    EXPECT_FALSE(said.status.ok()) << name;
    EXPECT_THAT(said.text, HasSubstr("SSL")) << name;
  }
}

TEST(BrokerAdmissionTest, TheAccessListIsWhatThePolicySays) {
  const absl::Status checked = TheDeployment().CheckProvisioned();
  EXPECT_TRUE(checked.ok()) << checked;
}

}  // namespace
}  // namespace exitbus::story
