// A broker without services, for what would disturb them: it has the deployment's certificates, and
// the topics and access list that a test gives it. Started ahead of the tests of suites named
// Broker…, or by the first other test that wants it; killed at the program's end.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "adapters/kafka/kafka_admin.h"
#include "adapters/memory/recording_telemetry.h"
#include "services/policy/topics.h"
#include "tests/separation/kafka_wire.h"

namespace exitbus::story {

// The authorities in the deployment's signed directory.
policy::DirectoryEntries StoryAuthorities();

// To connect to `address` with a certificate of that name in the deployment's folder.
TlsOptions BrokerClient(const std::string& address, const std::string& certificate);

class OwnBroker {
 public:
  static OwnBroker& Get();

  const std::string& address() const { return address_; }
  // A connection as `certificate`; a failure to make it fails the test.
  std::unique_ptr<KafkaWire> As(const std::string& certificate) const;
  // Makes it what the policy says for these authorities, as exitbus-provision does.
  absl::Status Provision(const policy::DirectoryEntries& authorities) const;
  // The same without making topics, of which many take long.
  absl::Status ProvisionAccess(const policy::DirectoryEntries& authorities) const;

 private:
  OwnBroker();
  absl::StatusOr<std::unique_ptr<adapters::KafkaAdmin>> Admin() const;

  mutable adapters::RecordingTelemetry telemetry_;
  std::string address_;
};

}  // namespace exitbus::story
