// What the broker tells of itself, against librdkafka's mock cluster: which topics, where they end,
// and that a broker that is away is said.
#include "adapters/kafka/kafka_look.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <future>
#include <optional>

#include "adapters/kafka/client.h"
#include "adapters/kafka/testing/bus_user.h"
#include "adapters/memory/recording_telemetry.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace exitbus::adapters {
namespace {

constexpr char kTopic[] = "exitbus.v1.case.nec.national";
constexpr char kEmpty[] = "exitbus.v1.handover.nec.national";

// Runs what is posted at once, on the thread that posts it.
class AtOnce final : public exchange::Executor {
 public:
  void Post(Task task) override { task(); }
  void PostAfter(absl::Duration, Task) override {}
};

class KafkaLookTest : public ::testing::Test {
 protected:
  using Found = absl::StatusOr<exchange::BrokerFigures>;

  // The first look.
  Found Look(const KafkaOptions& options) {
    std::promise<Found> first;
    bool told = false;
    auto look = MakeKafkaLook(options, &executor_, &telemetry_);
    EXPECT_TRUE(look.ok()) << look.status();
    (*look)->Start([&](Found found) {
      if (!std::exchange(told, true)) first.set_value(std::move(found));
    });
    auto future = first.get_future();
    EXPECT_EQ(future.wait_for(std::chrono::seconds(20)), std::future_status::ready);
    return future.get();
  }

  AtOnce executor_;
  RecordingTelemetry telemetry_;
};

TEST_F(KafkaLookTest, TellsTopicsOfOursAndWhereTheyEnd) {
  char error[256];
  const Kafka<rd_kafka_t> owner(
      rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), error, sizeof(error)));
  rd_kafka_mock_cluster_t* cluster = rd_kafka_mock_cluster_new(owner.get(), 1);
  for (const char* topic : {kTopic, kEmpty, "another.application"}) {
    rd_kafka_mock_topic_create(cluster, topic, 1, 1);
  }
  const KafkaOptions options = {.bootstrap_servers = rd_kafka_mock_cluster_bootstraps(cluster),
                                .ca_file = {},
                                .certificate_file = {},
                                .key_file = {},
                                .client_id = "console",
                                .plaintext = true};
  {
    BusUser user(options);
    ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
    for (const char* payload : {"1", "2", "3"}) ASSERT_TRUE(user.Publish(kTopic, payload).ok());
  }
  const Found found = Look(options);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->brokers, 1);
  ASSERT_EQ(found->topics.size(), 2U);
  EXPECT_EQ(found->topics.at(kTopic).end, 3);
  EXPECT_EQ(found->topics.at(kTopic).replicas, 1);
  EXPECT_EQ(found->topics.at(kTopic).replicas_in_step, 1);
  EXPECT_EQ(found->topics.at(kEmpty).end, 0);
  rd_kafka_mock_cluster_destroy(cluster);
}

TEST_F(KafkaLookTest, ABrokerThatIsAwayIsUnavailable) {
  const Found found = Look({.bootstrap_servers = "127.0.0.1:1",
                            .ca_file = {},
                            .certificate_file = {},
                            .key_file = {},
                            .client_id = "console",
                            .plaintext = true});
  EXPECT_EQ(found.status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace exitbus::adapters
