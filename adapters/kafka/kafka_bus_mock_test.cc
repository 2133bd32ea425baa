// The bus against librdkafka's mock cluster, in this process.
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <string>

#include "adapters/kafka/client.h"
#include "adapters/kafka/testing/bus_user.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace exitbus::adapters {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Le;

constexpr char kTopic[] = "exitbus.v1.case.nec.national";
constexpr char kOther[] = "exitbus.v1.handover.nec.national";

class KafkaBusMockTest : public ::testing::Test {
 protected:
  KafkaBusMockTest() {
    char error[256];
    owner_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), error, sizeof(error)));
    cluster_ = rd_kafka_mock_cluster_new(owner_.get(), 1);
    for (const char* topic : {kTopic, kOther}) {
      rd_kafka_mock_topic_create(cluster_, topic, 1, 1);
    }
  }
  ~KafkaBusMockTest() override { rd_kafka_mock_cluster_destroy(cluster_); }

  KafkaOptions Options() const {
    return {.bootstrap_servers = rd_kafka_mock_cluster_bootstraps(cluster_),
            .ca_file = {},
            .certificate_file = {},
            .key_file = {},
            .client_id = "nec",
            .plaintext = true};
  }

  Kafka<rd_kafka_t> owner_;
  rd_kafka_mock_cluster_t* cluster_;
};

TEST_F(KafkaBusMockTest, WhatIsPublishedIsReadWithAllThatBelongsToIt) {
  BusUser user(Options());
  ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
  user.Read(kTopic);
  const auto sent = BusUser::Record(kTopic, "first");
  const auto at = user.Publish(kTopic, "first");
  ASSERT_TRUE(at.ok()) << at.status();
  EXPECT_EQ(at->cluster_id, user.clusters[0]);
  ASSERT_TRUE(user.WaitForRecords(kTopic, 1));
  const auto& got = user.records[kTopic][0];
  EXPECT_EQ(got.payload, "first");
  EXPECT_EQ(got.headers, sent.headers);
  EXPECT_LT(absl::AbsDuration(got.timestamp - sent.timestamp), absl::Seconds(2));
  EXPECT_EQ(got.offset, at->offset);
}

TEST_F(KafkaBusMockTest, NextBatchOfATopicComesOnlyWhenAskedForAndHoldsNoOther) {
  BusUser user(Options());
  ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
  for (int i = 0; i < 450; ++i) {
    user.bus->Publish(exchange::Priority::kOrdinary, BusUser::Record(kTopic, std::to_string(i)),
                      [](const BusUser::Result& result) { ASSERT_TRUE(result.ok()); });
  }
  ASSERT_TRUE(user.Publish(kTopic, "450").ok());
  user.hold_more = true;
  user.Read(kTopic);
  ASSERT_TRUE(user.Wait([&] { return !user.held.empty(); }));
  user.Settle(300);
  EXPECT_EQ(user.held.size(), 1U);
  ASSERT_TRUE(user.Publish(kOther, "not held").ok());
  user.Read(kOther);
  ASSERT_TRUE(user.WaitForRecords(kOther, 1));
  user.hold_more = false;
  for (auto& more : std::exchange(user.held, {})) more();
  ASSERT_TRUE(user.WaitForRecords(kTopic, 451));
  EXPECT_THAT(user.batch_sizes, Each(Le(200U)));
  for (int i = 0; i < 451; ++i) ASSERT_EQ(user.records[kTopic][i].offset, i);
}

TEST_F(KafkaBusMockTest, TellsOnceWhatWasThereHasBeenTaken) {
  BusUser user(Options());
  ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
  for (const char* payload : {"a", "b", "c"}) ASSERT_TRUE(user.Publish(kTopic, payload).ok());
  user.hold_more = true;
  user.Read(kTopic);
  user.Read(kOther);  // empty
  ASSERT_TRUE(user.Wait([&] { return !user.held.empty(); }));
  ASSERT_TRUE(user.Wait([&] { return !user.caught_up[kOther].empty(); }));
  EXPECT_THAT(user.caught_up[kTopic], IsEmpty()) << "still being worked on";
  user.hold_more = false;
  for (auto& more : std::exchange(user.held, {})) more();
  ASSERT_TRUE(user.Wait([&] { return !user.caught_up[kTopic].empty(); }));
  EXPECT_THAT(user.caught_up[kTopic], ElementsAre(3));
  ASSERT_TRUE(user.Publish(kTopic, "d").ok());
  ASSERT_TRUE(user.WaitForRecords(kTopic, 4));
  user.Read(kTopic, 3);  // from the last one
  ASSERT_TRUE(user.WaitForRecords(kTopic, 5));
  ASSERT_TRUE(user.Wait([&] { return user.caught_up[kTopic].size() == 2; }));
  user.Settle(200);
  EXPECT_THAT(user.caught_up[kTopic], ElementsAre(3, 5));
  EXPECT_THAT(user.caught_up[kOther], ElementsAre(0));
}

TEST_F(KafkaBusMockTest, ReadingAgainReplacesTheAssignment) {
  BusUser user(Options());
  ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
  for (const char* payload : {"a", "b", "c"}) ASSERT_TRUE(user.Publish(kTopic, payload).ok());
  user.Read(kTopic, 1);
  ASSERT_TRUE(user.WaitForRecords(kTopic, 2));
  EXPECT_THAT(user.Payloads(kTopic), ElementsAre("b", "c"));
  // A batch that is still out counts no more, and asking for more of it changes nothing.
  user.records.clear();
  user.hold_more = true;
  user.Read(kTopic);
  ASSERT_TRUE(user.WaitForRecords(kTopic, 1));
  user.hold_more = false;
  user.records.clear();
  user.Read(kTopic, 2);
  ASSERT_TRUE(user.WaitForRecords(kTopic, 1));
  for (auto& more : std::exchange(user.held, {})) more();
  user.Settle(300);
  EXPECT_THAT(user.Payloads(kTopic), ElementsAre("c"));
  // Beyond the end: the earliest there is.
  user.records.clear();
  user.Read(kTopic, 1000);
  ASSERT_TRUE(user.WaitForRecords(kTopic, 3));
  EXPECT_THAT(user.Payloads(kTopic), ElementsAre("a", "b", "c"));
}

TEST_F(KafkaBusMockTest, ABrokerThatRefusesARecordIsReportedAndTheNextGoesThrough) {
  BusUser user(Options());
  ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
  constexpr std::int16_t kProduce = 0;
  rd_kafka_mock_push_request_errors(cluster_, kProduce, 1, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
  EXPECT_EQ(user.Publish(kTopic, "too large").status(), absl::InvalidArgumentError("too_large"));
  rd_kafka_mock_push_request_errors(cluster_, kProduce, 1,
                                    RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
  EXPECT_EQ(user.Publish(kTopic, "no right").status(),
            absl::PermissionDeniedError("not_authorized"));
  // librdkafka remembers the refusal until it asks for the topic again.
  EXPECT_TRUE(user.Wait([&] { return user.Publish(kTopic, "fine").ok(); }));
  EXPECT_GE(user.telemetry.Total("bus_publish_failures"), 2);
  EXPECT_EQ(user.telemetry.Text().find(kTopic), std::string::npos) << "names who is written to";
}

TEST_F(KafkaBusMockTest, AProducerThatFailsForGoodIsReplaced) {
  BusUser user(Options());
  ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
  ASSERT_TRUE(user.Publish(kTopic, "before").ok());
  constexpr std::int16_t kProduce = 0;
  rd_kafka_mock_push_request_errors(cluster_, kProduce, 1,
                                    RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER);
  rd_kafka_mock_push_request_errors(cluster_, kProduce, 1,
                                    RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH);
  EXPECT_TRUE(user.Wait([&] { return user.Publish(kTopic, "again").ok(); }));
  EXPECT_EQ(user.telemetry.LinesOf("bus.producer_failed").size(), 1U);
}

TEST_F(KafkaBusMockTest, OneThatOnlyReadsMakesNoProducerThatCouldBeRefused) {
  for (const bool publishes : {true, false}) {
    rd_kafka_mock_push_request_errors(cluster_, 22 /* InitProducerId */, 2,
                                      RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
                                      RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED);
    KafkaOptions options = Options();
    options.publishes = publishes;
    BusUser user(options);
    ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
    user.Read(kTopic);
    ASSERT_TRUE(user.Wait([&] { return !user.caught_up[kTopic].empty(); }));
    if (publishes) {
      EXPECT_TRUE(
          user.Wait([&] { return !user.telemetry.LinesOf("bus.producer_failed").empty(); }));
    } else {
      user.Settle(300);
      EXPECT_THAT(user.telemetry.LinesOf("bus.producer_failed"), IsEmpty());
      EXPECT_FALSE(user.Publish(kTopic, "nothing").ok());
    }
  }
}

TEST_F(KafkaBusMockTest, OutageIsToldOnceAndTheReturnToo) {
  BusUser user(Options());
  ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
  user.Read(kTopic);
  ASSERT_TRUE(user.Publish(kTopic, "before").ok());
  ASSERT_TRUE(user.WaitForRecords(kTopic, 1));
  rd_kafka_mock_broker_set_down(cluster_, 1);
  ASSERT_TRUE(user.Wait([&] { return !user.outages.empty(); }, 5));
  EXPECT_EQ(user.outages[0].code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(user.Publish(kTopic, "lost").status(), absl::UnavailableError("timed_out"));
  rd_kafka_mock_broker_set_up(cluster_, 1);
  ASSERT_TRUE(user.Wait([&] { return user.clusters.size() == 2; }, 5));
  EXPECT_EQ(user.clusters[0], user.clusters[1]);
  EXPECT_EQ(user.outages.size(), 1U);
  EXPECT_EQ(user.telemetry.Total("bus.disconnects", {{"cause", "broker_unreachable"}}), 1);
  ASSERT_TRUE(user.Publish(kTopic, "after").ok());
  ASSERT_TRUE(user.WaitForRecords(kTopic, 2));
  EXPECT_EQ(user.Payloads(kTopic).back(), "after");
}

TEST_F(KafkaBusMockTest, NothingIsCalledOnceTheBusIsGone) {
  BusUser user(Options());
  bool called = false;
  ASSERT_TRUE(user.Wait([&] { return !user.clusters.empty(); }));
  user.bus->Publish(exchange::Priority::kUrgent, BusUser::Record(kTopic, "x"),
                    [&](const BusUser::Result& result) { called = true; });
  user.bus.reset();
  user.Settle(100);
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace exitbus::adapters
