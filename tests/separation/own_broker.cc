#include "tests/separation/own_broker.h"

#include <gtest/gtest.h>

#include <future>

#include "absl/strings/strip.h"
#include "adapters/directory/files.h"
#include "adapters/directory/signed_directory.h"
#include "adapters/sodium/sodium_crypto.h"
#include "adapters/system/system_clock.h"
#include "tests/e2e/environment.h"
#include "tools/provision/provision.h"

namespace exitbus::story {
namespace {

// Beside the deployment's folder, which is emptied at the start, so that what a run that was cut
// short left running is still found.
std::string State() { return Deployment::Program("../e2e/separation_own_broker"); }

void Broker(const std::string& command) {
  const absl::Status done = RunTool({Deployment::Tool("broker"), "--state", State(), "--pki",
                                     TheDeployment().places().pki(), command},
                                    TheDeployment().places().state + "/own-broker.log");
  ASSERT_TRUE(done.ok()) << done;
}

bool& IsStarted() {
  static bool started = false;
  return started;
}

// Starts it beside the tests that come before those that want it: Java takes ten seconds.
class OwnBrokerEnvironment : public ::testing::Environment {
 public:
  void SetUp() override {
    if (WillRun("Broker")) starting_ = std::async(std::launch::async, OwnBroker::Get);
  }
  void TearDown() override {
    if (starting_.valid()) starting_.wait();
    if (IsStarted()) Broker("kill");
  }

 private:
  std::shared_future<OwnBroker&> starting_;
};

// After the deployment's, whose certificates it has.
const auto* const kEnvironment = ::testing::AddGlobalTestEnvironment(new OwnBrokerEnvironment);

}  // namespace

policy::DirectoryEntries StoryAuthorities() {
  const auto crypto = adapters::MakeSodiumCrypto();
  const adapters::SystemClock clock;
  adapters::DirectoryTrust trust{{}, 2};
  for (const std::string& signer : TheDeployment().signers()) {
    trust.signers.push_back(adapters::KeyFromHex(signer).value_or(""));
  }
  auto authorities = provision::ReadAuthorities(
      {TheDeployment().places().directory(), trust, crypto.get(), &clock});
  EXPECT_TRUE(authorities.ok()) << authorities.status();
  return authorities.ok() ? *std::move(authorities) : policy::DirectoryEntries();
}

TlsOptions BrokerClient(const std::string& address, const std::string& certificate) {
  const Places& places = TheDeployment().places();
  return {
      address, places.authorities_ca(), places.certificate(certificate), places.key(certificate), 0,
      ""};
}

OwnBroker& OwnBroker::Get() {
  static auto* broker = new OwnBroker;
  return *broker;
}

OwnBroker::OwnBroker() {
  Broker("wipe");
  IsStarted() = true;
  Broker("start");
  address_ = std::string(
      absl::StripSuffix(adapters::ReadFile(State() + "/broker/address").value_or(""), "\n"));
}

std::unique_ptr<KafkaWire> OwnBroker::As(const std::string& certificate) const {
  auto wire = KafkaWire::Connect(BrokerClient(address_, certificate));
  EXPECT_TRUE(wire.ok()) << certificate << ": " << wire.status();
  return wire.ok() ? *std::move(wire) : nullptr;
}

absl::StatusOr<std::unique_ptr<adapters::KafkaAdmin>> OwnBroker::Admin() const {
  const Places& places = TheDeployment().places();
  return adapters::KafkaAdmin::Make(
      {address_, places.authorities_ca(), places.certificate("provisioner"),
       places.key("provisioner"), "provisioner", false},
      &telemetry_);
}

absl::Status OwnBroker::Provision(const policy::DirectoryEntries& authorities) const {
  const auto admin = Admin();
  if (!admin.ok()) return admin.status();
  return provision::Provision(authorities, false, false, **admin).status();
}

absl::Status OwnBroker::ProvisionAccess(const policy::DirectoryEntries& authorities) const {
  const auto admin = Admin();
  if (!admin.ok()) return admin.status();
  return (*admin)->Provision({}, policy::AclsFor(authorities), false).status();
}

}  // namespace exitbus::story
