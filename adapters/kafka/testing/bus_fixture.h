// What the tests of the bus against a real broker share: topics, and rights of nec's there.
#pragma once

#include <chrono>
#include <vector>

#include "adapters/kafka/kafka_admin.h"
#include "adapters/kafka/testing/broker.h"
#include "adapters/kafka/testing/bus_user.h"
#include "gtest/gtest.h"

namespace exitbus::adapters {

inline constexpr char kInbox[] = "exitbus.v1.case.nec.national";
inline constexpr char kUrgent[] = "exitbus.v1.security.nec.national";
inline constexpr char kForbidden[] = "exitbus.v1.case.police.01";

inline double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

class KafkaBusTest : public ::testing::Test {
 protected:
  Broker& broker() { return BrokerEnvironment::broker(); }

  // nec reads its two topics and, for these tests, writes to them too.
  void Provision(bool forbidden_too = false) {
    RecordingTelemetry telemetry;
    auto admin = KafkaAdmin::Make(broker().WithFiles("provisioner"), &telemetry);
    ASSERT_TRUE(admin.ok()) << admin.status();
    std::vector<policy::AclSpec> acls;
    const auto allow = [&](const char* topic) {
      for (const auto operation : {policy::Operation::kRead, policy::Operation::kWrite}) {
        acls.push_back({.principal = "User:nec", .name = topic, .operation = operation});
      }
    };
    allow(kInbox);
    allow(kUrgent);
    if (forbidden_too) allow(kForbidden);
    acls.push_back(
        {.principal = "User:nec", .resource_type = policy::ResourceType::kGroup, .name = "nec"});
    const auto done = (*admin)->Provision(
        {{kInbox, absl::Hours(168)}, {kUrgent, absl::Hours(168)}, {kForbidden, absl::Hours(168)}},
        acls, false);
    ASSERT_TRUE(done.ok()) << done.status();
  }
};

}  // namespace exitbus::adapters
