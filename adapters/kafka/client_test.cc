#include "adapters/kafka/client.h"

#include <set>
#include <string>

#include "adapters/kafka/acl_binding.h"
#include "adapters/kafka/failure_name.h"
#include "adapters/kafka/kafka_bus.h"
#include "adapters/memory/recording_telemetry.h"
#include "adapters/memory/simulated_time.h"
#include "gtest/gtest.h"

namespace exitbus::adapters {
namespace {

KafkaOptions Plaintext() {
  return {.bootstrap_servers = "127.0.0.1:1",
          .ca_file = {},
          .certificate_file = {},
          .key_file = {},
          .client_id = "nec",
          .plaintext = true};
}

TEST(ClientTest, OneThatDoesNotEndInTimeIsLeftToItselfAndCounted) {
  RecordingTelemetry telemetry;
  auto client = NewClient(Plaintext(), ClientRole::kControl, &telemetry);
  ASSERT_TRUE(client.ok()) << client.status();
  EndClient(client->release(), std::chrono::milliseconds(0));
  EXPECT_EQ(telemetry.Total("bus_clients_abandoned"), 1);
  client = NewClient(Plaintext(), ClientRole::kControl, &telemetry);
  ASSERT_TRUE(client.ok()) << client.status();
  client->reset();
  EXPECT_EQ(telemetry.Total("bus_clients_abandoned"), 1);
}

TEST(ClientTest, OptionsThatCannotWorkAreRefused) {
  RecordingTelemetry telemetry;
  SimulatedClock clock;
  SimulatedExecutor executor(&clock);
  const auto code = [&](const KafkaOptions& options) {
    return MakeKafkaBus(options, &executor, &telemetry).status().code();
  };
  EXPECT_EQ(code(Plaintext()), absl::StatusCode::kOk);
  KafkaOptions options = Plaintext();
  options.bootstrap_servers.clear();
  EXPECT_EQ(code(options), absl::StatusCode::kInvalidArgument);
  options = Plaintext();
  options.ca_file = "some-ca.crt";
  EXPECT_EQ(code(options), absl::StatusCode::kInvalidArgument) << "plaintext and TLS at once";
  options = Plaintext();
  options.plaintext = false;
  EXPECT_EQ(code(options), absl::StatusCode::kInvalidArgument) << "TLS without files";
  options.ca_file = options.certificate_file = options.key_file = "/no/such/file";
  EXPECT_EQ(code(options), absl::StatusCode::kInvalidArgument) << "TLS with files that are not";
}

TEST(ClientTest, ErrorsSayWhetherAnotherAttemptCanHelp) {
  EXPECT_TRUE(ToStatus(RD_KAFKA_RESP_ERR_NO_ERROR).ok());
  EXPECT_EQ(ToStatus(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED).code(),
            absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(ToStatus(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ToStatus(RD_KAFKA_RESP_ERR__SSL).code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(ToStatus(RD_KAFKA_RESP_ERR__MSG_TIMED_OUT).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ToStatus(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART).code(),
            absl::StatusCode::kUnavailable);
}

TEST(ClientTest, WhyARecordWasNotPublishedIsANameOfOurs) {
  EXPECT_EQ(PublishFailure(RD_KAFKA_RESP_ERR__MSG_TIMED_OUT), absl::UnavailableError("timed_out"));
  EXPECT_EQ(PublishFailure(RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP),
            absl::OutOfRangeError("time_refused"));
  EXPECT_EQ(PublishFailure(RD_KAFKA_RESP_ERR__PURGE_INFLIGHT).message(), "producer_replaced");
  EXPECT_EQ(PublishFailure(RD_KAFKA_RESP_ERR_UNKNOWN).message(), "other");
  // Whatever Kafka comes to say: few names, each of which can be a label.
  const rd_kafka_err_desc* errors = nullptr;
  std::size_t count = 0;
  rd_kafka_get_err_descs(&errors, &count);
  std::set<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    if (errors[i].code != RD_KAFKA_RESP_ERR_NO_ERROR) names.insert(FailureName(errors[i].code));
  }
  EXPECT_GT(count, 100U);
  EXPECT_EQ(names.size(), 13U);
  for (const std::string& name : names) {
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string::npos) << name;
  }
}

TEST(ClientTest, TopicNamesStayOutOfLogs) {
  EXPECT_EQ(WithoutTopics("Topic exitbus.v1.relocation.municipality.0461 [0]: exitbus.v1.nec.x"),
            "Topic <topic> [0]: <topic>");
  EXPECT_EQ(WithoutTopics("127.0.0.1:9092: connection refused"),
            "127.0.0.1:9092: connection refused");
  EXPECT_EQ(WithoutTopics(""), "");
}

TEST(AclBindingTest, EveryKindOfEntrySurvivesTheWayThereAndBack) {
  using policy::AclSpec;
  for (const auto resource : {policy::ResourceType::kTopic, policy::ResourceType::kGroup,
                              policy::ResourceType::kCluster}) {
    for (const auto pattern : {policy::PatternType::kLiteral, policy::PatternType::kPrefixed}) {
      for (const auto operation : {policy::Operation::kRead, policy::Operation::kWrite,
                                   policy::Operation::kDescribe, policy::Operation::kAll}) {
        for (const auto permission : {policy::Permission::kAllow, policy::Permission::kDeny}) {
          const AclSpec acl{.principal = "User:nec",
                            .resource_type = resource,
                            .name = "exitbus.v1.nec",
                            .pattern = pattern,
                            .operation = operation,
                            .permission = permission};
          const auto binding = ToBinding(acl);
          ASSERT_TRUE(binding.ok()) << binding.status();
          EXPECT_EQ(FromBinding(**binding), acl);
        }
      }
    }
  }
}

TEST(AclBindingTest, EntriesWeNeverMakeAreSeenTooAsWhatTheyAre) {
  char error[256];
  const AclBinding one_host(rd_kafka_AclBinding_new(
      RD_KAFKA_RESOURCE_TOPIC, "t", RD_KAFKA_RESOURCE_PATTERN_LITERAL, "User:nec", "10.0.0.1",
      RD_KAFKA_ACL_OPERATION_READ, RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW, error, sizeof(error)));
  EXPECT_EQ(FromBinding(*one_host).value().host, "10.0.0.1");
  const AclBinding alter(rd_kafka_AclBinding_new(
      RD_KAFKA_RESOURCE_TOPIC, "t", RD_KAFKA_RESOURCE_PATTERN_LITERAL, "User:nec", "*",
      RD_KAFKA_ACL_OPERATION_ALTER, RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW, error, sizeof(error)));
  EXPECT_EQ(FromBinding(*alter).value().operation, policy::Operation::kAlter);
}

}  // namespace
}  // namespace exitbus::adapters
