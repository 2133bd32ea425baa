#include "tests/e2e/environment.h"

#include <errno.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <iostream>

#include "tests/e2e/state_folder.h"

namespace exitbus::story {
namespace {

std::unique_ptr<Deployment>& Slot() {
  static auto* slot = new std::unique_ptr<Deployment>;
  return *slot;
}

class DeploymentEnvironment : public ::testing::Environment {
 public:
  void SetUp() override {
    const auto state = FreshState(program_invocation_short_name);
    ASSERT_TRUE(state.ok()) << state.status();
    auto deployment = Deployment::Prepare(
        *state, [](std::string_view what) { std::cout << "  … " << what << std::endl; },
        WillRun("Console") ? Console::kBeside : Console::kNone);
    ASSERT_TRUE(deployment.ok()) << deployment.status();
    Slot() = *std::move(deployment);
    const absl::Status started = Slot()->Start();
    ASSERT_TRUE(started.ok()) << started;
  }

  void TearDown() override {
    if (!Slot()) return;
    const absl::Status stopped = Slot()->Stop();
    EXPECT_TRUE(stopped.ok()) << stopped;
  }
};

const auto* const kEnvironment = ::testing::AddGlobalTestEnvironment(new DeploymentEnvironment);

}  // namespace

Deployment& TheDeployment() { return *Slot(); }

bool WillRun(std::string_view suite) {
  const auto& tests = *::testing::UnitTest::GetInstance();
  for (int i = 0; i < tests.total_test_suite_count(); ++i) {
    const auto& each = *tests.GetTestSuite(i);
    if (each.should_run() && std::string_view(each.name()).starts_with(suite)) return true;
  }
  return false;
}

std::unique_ptr<adapters::GrpcClient> ClientWith(const Member& member,
                                                 const std::string& certificate) {
  adapters::GrpcClientOptions options = TheDeployment().ClientOf(member);
  const Places& places = TheDeployment().places();
  options.certificate_file = certificate.empty() ? "" : places.certificate(certificate);
  options.key_file = certificate.empty() ? "" : places.key(certificate);
  auto client = adapters::GrpcClient::Make(options);
  EXPECT_TRUE(client.ok()) << client.status();
  return *std::move(client);
}

std::string EnrolledCase(Actor& holder, const std::string& cpr_number) {
  cv1::Person person;
  person.set_cpr_number(cpr_number);
  person.set_name("Opdigtet Person");
  const auto opened = holder.OpenCase(person, "Opdigtet Vej 1");
  EXPECT_TRUE(opened.ok()) << opened.status();
  if (!opened.ok()) return "";
  const std::string& id = opened->case_id();
  EXPECT_TRUE(holder.RecordConsent(id).ok());
  cv1::Visitation visitation;
  visitation.set_affiliation("a");
  visitation.set_position("p");
  visitation.set_motivation("m");
  visitation.set_risk_on_leaving("r");
  EXPECT_TRUE(holder.DecideVisitation(id, visitation).ok());
  cv1::Agreement agreement;
  agreement.set_template_("t");
  agreement.set_consequences_of_relapse("c");
  cv1::Measure& measure = *agreement.add_measures();
  measure.set_type(cv1::MEASURE_TYPE_HOUSING);
  measure.set_module(cv1::MODULE_HOUSING);
  measure.set_owner(holder.id());
  measure.set_months(6);
  measure.set_funding(cv1::FUNDING_CLASS_REGION);
  measure.set_legal_basis(policy::v1::LEGAL_BASIS_OTHER_LAW);
  EXPECT_TRUE(holder.SignAgreement(id, agreement).ok());
  return id;
}

void IssueCertificate(const std::vector<std::string>& arguments) {
  const Places& places = TheDeployment().places();
  std::vector<std::string> command = {Deployment::Tool("certificates"), "--dir", places.pki()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const absl::Status issued = RunTool(command, places.state + "/issue.log");
  ASSERT_TRUE(issued.ok()) << issued;
}

}  // namespace exitbus::story
