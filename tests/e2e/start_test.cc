// Services that must not start, each saying why and what to do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "adapters/directory/files.h"
#include "adapters/system/version.h"
#include "tests/e2e/environment.h"

namespace exitbus::story {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// A fifth service, of Odense's certificates but with ports and a data folder of its own; the tests
// spoil one thing each.
class StartTest : public ::testing::Test {
 protected:
  StartTest() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
    std::filesystem::create_directories(folder_, ignored);
    config_ = ConfigOf(places_, MemberNamed(kOdense), TheDeployment().signers(),
                       TheDeployment().broker_address(), 0, 0);
    config_.set_data_folder(folder_ + "/data");
  }

  // What it says, and that it ends at once with the status of the unusable.
  std::string Complaint(const std::string& program = "municipality") {
    const std::string file = folder_ + "/config.textproto";
    EXPECT_TRUE(WriteConfig(file, config_).ok());
    return ComplaintAbout(program, file);
  }

  std::string ComplaintAbout(const std::string& program, const std::string& file) {
    const std::string log = folder_ + "/log";
    const absl::Status ended = RunTool(
        {"timeout", "20", Deployment::Program(program), "--new-store", "--config", file}, log);
    EXPECT_THAT(std::string(ended.message()), HasSubstr("(status 2)"));
    return adapters::ReadFile(log).value_or("");
  }

  const Places& places_ = TheDeployment().places();
  const std::string folder_ = places_.state + "/fifth";
  config::v1::ServiceConfig config_;
};

TEST_F(StartTest, ABadConfigurationIsToldWhole) {
  config_.set_api_address("everywhere");
  config_.clear_directory_signers();
  config_.mutable_kafka()->set_bootstrap_servers("");
  config_.set_keys_file(folder_ + "/none");
  EXPECT_THAT(Complaint(),
              AllOf(HasSubstr("config.textproto"), HasSubstr("api_address: \"everywhere\""),
                    HasSubstr("write host:port"), HasSubstr("directory_signers: is missing"),
                    HasSubstr("kafka.bootstrap_servers: is missing"), HasSubstr("keys_file: "),
                    HasSubstr("create the file or correct its name")));
}

TEST_F(StartTest, AFieldThatDoesNotExist) {
  const std::string file = folder_ + "/typo.textproto";
  ASSERT_TRUE(adapters::ReplaceFile(file, "athority: \"municipality-0461\"\n").ok());
  EXPECT_THAT(ComplaintAbout("municipality", file),
              AllOf(HasSubstr("typo.textproto"), HasSubstr("line 1"), HasSubstr("athority")));
}

TEST_F(StartTest, NoConfigurationAtAll) {
  EXPECT_THAT(ComplaintAbout("municipality", folder_ + "/absent"), HasSubstr("absent"));
}

TEST_F(StartTest, AnotherKindsProgram) {
  EXPECT_THAT(Complaint("nec"), HasSubstr("start the program of the configured kind"));
}

TEST_F(StartTest, AnApiPortInUse) {
  const int port = TheDeployment().api_port(MemberNamed(kIshoj));
  config_.set_api_address(absl::StrCat("127.0.0.1:", port));
  EXPECT_THAT(Complaint(), AllOf(HasSubstr(config_.api_address()), HasSubstr("in use")));
}

TEST_F(StartTest, AMetricsPortInUse) {
  const int port = TheDeployment().metrics_port(MemberNamed(kIshoj));
  config_.set_metrics_address(absl::StrCat("127.0.0.1:", port));
  EXPECT_THAT(Complaint(), HasSubstr(config_.metrics_address()));
}

// It may be a volume that is not mounted.
TEST_F(StartTest, AnEmptyDataFolderAndNobodySaidThatItIsNew) {
  const std::string file = folder_ + "/config.textproto";
  ASSERT_TRUE(WriteConfig(file, config_).ok());
  const std::string log = folder_ + "/log";
  const auto run = [&](std::vector<std::string> command) {
    const absl::Status ended = RunTool(command, log);
    EXPECT_THAT(std::string(ended.message()), HasSubstr("(status 2)"));
    return adapters::ReadFile(log).value_or("");
  };
  const std::string program = Deployment::Program("municipality");
  EXPECT_THAT(run({"timeout", "20", program, "--config", file}),
              AllOf(HasSubstr(config_.data_folder()), HasSubstr("--new-store")));
  EXPECT_FALSE(std::filesystem::exists(config_.data_folder()));
  // A store that is there is not begun again.
  config_.set_data_folder(folder_ + "/begun");
  const int port = TheDeployment().api_port(MemberNamed(kIshoj));
  config_.set_api_address(absl::StrCat("127.0.0.1:", port));
  ASSERT_TRUE(WriteConfig(file, config_).ok());
  EXPECT_THAT(run({"timeout", "20", program, "--new-store", "--config", file}),
              HasSubstr("in use"));
  EXPECT_THAT(run({"timeout", "20", program, "--new-store", "--config", file}),
              HasSubstr("already"));
  EXPECT_THAT(run({"timeout", "20", program, "--config", file}), HasSubstr("in use"));
}

TEST_F(StartTest, ADataFolderInUse) {
  config_.set_data_folder(places_.Of(MemberNamed(kOdense)) + "/data");
  EXPECT_THAT(Complaint(),
              AllOf(HasSubstr(config_.data_folder()), HasSubstr("is in use by process")));
}

TEST_F(StartTest, AnAlteredDirectory) {
  auto bytes = adapters::ReadFile(places_.directory());
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  const std::size_t name = bytes->find("Odense");
  ASSERT_NE(name, std::string::npos);
  (*bytes)[name] = 'X';
  const std::string altered = folder_ + "/directory.bin";
  ASSERT_TRUE(adapters::ReplaceFile(altered, *bytes).ok());
  config_.set_directory_file(altered);
  EXPECT_THAT(Complaint(), AllOf(HasSubstr(altered), HasSubstr("sign")));
}

TEST_F(StartTest, AnAuthorityThatIsNotListed) {
  config_.set_authority("municipality-0999");
  EXPECT_THAT(Complaint(), HasSubstr("municipality-0999"));
}

TEST_F(StartTest, KeysOfAnotherAuthority) {
  config_.set_keys_file(places_.Of(MemberNamed(kIshoj)) + "/keys.textproto");
  EXPECT_THAT(Complaint(), AllOf(HasSubstr(config_.keys_file()), HasSubstr("other keys")));
}

TEST_F(StartTest, AnExpiredCertificate) {
  IssueCertificate({"--as", "service-expired", "--expired", "issue-authority", kOdense});
  config_.mutable_api_tls()->set_certificate_file(places_.certificate("service-expired"));
  config_.mutable_api_tls()->set_key_file(places_.key("service-expired"));
  EXPECT_THAT(Complaint(), AllOf(HasSubstr("api_tls.certificate_file"), HasSubstr("expired")));
}

TEST_F(StartTest, AnotherAuthoritysCertificate) {
  config_.mutable_kafka()->mutable_tls()->set_certificate_file(places_.certificate(kIshoj));
  config_.mutable_kafka()->mutable_tls()->set_key_file(places_.key(kIshoj));
  EXPECT_THAT(Complaint(),
              AllOf(HasSubstr("kafka.tls.certificate_file"), HasSubstr("municipality-0183")));
}

TEST_F(StartTest, MetricsForEverybodyAndReflectionInEarnest) {
  config_.set_metrics_address("0.0.0.0:0");
  config_.clear_development();
  EXPECT_THAT(Complaint(), AllOf(HasSubstr("metrics_address: \"0.0.0.0:0\""),
                                 HasSubstr("development_reflection: is for development only")));
}

TEST_F(StartTest, ACertificateOfTwoNames) {
  IssueCertificate({"--as", "service-two", "--second-name", "nec", "issue-authority", kOdense});
  config_.mutable_api_tls()->set_certificate_file(places_.certificate("service-two"));
  config_.mutable_api_tls()->set_key_file(places_.key("service-two"));
  EXPECT_THAT(Complaint(), HasSubstr("api_tls.certificate_file: has 2 common names"));
}

TEST_F(StartTest, AKeyThatIsNotTheCertificates) {
  config_.mutable_api_tls()->set_key_file(places_.key(kIshoj));
  EXPECT_THAT(Complaint(), HasSubstr("api_tls.key_file"));
}

// The version, as each program, a service's log and its figures say it.
TEST(VersionTest, IsTheSameWhereverItIsAsked) {
  const Member& odense = MemberNamed(kOdense);
  const std::string said = TheDeployment().places().state + "/said";
  const auto answer_of = [&](const std::vector<std::string>& command) {
    const absl::Status ran = RunTool(command, said);
    EXPECT_TRUE(ran.ok()) << ran;
    return adapters::ReadFile(said).value_or("");
  };
  const std::string version(adapters::Version());
  for (const char* program :
       {"municipality", "police", "exitctl", "exitbus-provision", "exitbus-story"}) {
    EXPECT_EQ(answer_of({Deployment::Program(program), "--version"}),
              absl::StrCat(program, " ", version, "\n"));
  }
  EXPECT_THAT(answer_of({"grep", "api.listening", TheDeployment().places().log(odense)}),
              HasSubstr(absl::StrCat("\"version\":\"", version, "\"")));
  EXPECT_THAT(answer_of({"curl", "-sS", "--max-time", "5",
                         absl::StrCat("http://127.0.0.1:", TheDeployment().metrics_port(odense),
                                      "/metrics")}),
              HasSubstr(absl::StrCat("exitbus_build_info{version=\"", version, "\"} 1")));
}

}  // namespace
}  // namespace exitbus::story
