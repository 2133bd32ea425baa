#include "adapters/memory/memory_bus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "adapters/memory/simulated_time.h"

namespace exitbus::adapters {
namespace {

using exchange::BusRecord;
using exchange::Priority;
using exchange::PublishedAt;
using testing::ElementsAre;
using testing::IsEmpty;

BusRecord Record(const std::string& topic, const std::string& payload) {
  BusRecord record;
  record.topic = topic;
  record.payload = payload;
  return record;
}

// Notes what it hears; keeps `more` back when told to.
class Listener final : public exchange::BusListener {
 public:
  void OnCluster(const std::string& cluster_id) override { heard.push_back(cluster_id); }
  void OnUnavailable(const absl::Status& why) override { heard.push_back("unavailable"); }
  void OnRecords(std::vector<BusRecord> records, absl::AnyInvocable<void()> more) override {
    ++batches;
    for (const BusRecord& record : records) {
      payloads.push_back(record.payload);
      offsets.push_back(record.offset);
    }
    if (slow) {
      held.push_back(std::move(more));
    } else {
      more();
    }
  }

  void OnCaughtUp(const std::string& topic) override { caught_up_after.push_back(payloads.size()); }

  std::vector<std::string> heard;
  std::vector<std::size_t> caught_up_after;  // how many records
  std::vector<std::string> payloads;
  std::vector<std::int64_t> offsets;
  std::vector<absl::AnyInvocable<void()>> held;
  int batches = 0;
  bool slow = false;
};

class MemoryBusTest : public testing::Test {
 protected:
  MemoryBusTest() {
    reader_.Start(&read_);
    writer_.Start(&written_);
    executor_.RunUntilIdle();
  }

  absl::StatusOr<PublishedAt> Publish(const std::string& payload) {
    absl::StatusOr<PublishedAt> result = absl::UnknownError("not reported");
    writer_.Publish(Priority::kOrdinary, Record("t", payload), [&](auto at) { result = at; });
    executor_.RunUntilIdle();
    return result;
  }
  void Read(std::optional<std::int64_t> offset) {
    reader_.Read(Priority::kOrdinary, "t", offset);
    executor_.RunUntilIdle();
  }

  SimulatedClock clock_;
  SimulatedExecutor executor_{&clock_};
  MemoryBroker broker_;
  Listener read_;
  Listener written_;
  MemoryBus reader_{&broker_, &executor_, {.batch_records_max = 2}};
  MemoryBus writer_{&broker_, &executor_};
};

TEST_F(MemoryBusTest, DeliversInOrderWithOffsets) {
  EXPECT_THAT(read_.heard, ElementsAre("cluster-1"));
  EXPECT_EQ(Publish("a")->offset, 0);
  Read(std::nullopt);
  EXPECT_EQ(Publish("b")->offset, 1);
  EXPECT_EQ(Publish("c")->cluster_id, "cluster-1");
  EXPECT_THAT(read_.payloads, ElementsAre("a", "b", "c"));
  EXPECT_THAT(read_.offsets, ElementsAre(0, 1, 2));
  EXPECT_THAT(written_.payloads, IsEmpty());
}

TEST_F(MemoryBusTest, TheNextBatchWaitsForMore) {
  read_.slow = true;
  for (const char* payload : {"a", "b", "c"}) ASSERT_TRUE(Publish(payload).ok());
  Read(std::nullopt);
  EXPECT_THAT(read_.payloads, ElementsAre("a", "b"));
  read_.held[0]();
  executor_.RunUntilIdle();
  EXPECT_THAT(read_.payloads, ElementsAre("a", "b", "c"));
  EXPECT_EQ(read_.batches, 2);
}

TEST_F(MemoryBusTest, ARebalanceGivesTheLastRecordsOnceMore) {
  Read(std::nullopt);
  for (const char* payload : {"a", "b", "c"}) ASSERT_TRUE(Publish(payload).ok());
  broker_.Redeliver("t", 2);
  executor_.RunUntilIdle();
  EXPECT_THAT(read_.payloads, ElementsAre("a", "b", "c", "b", "c"));
}

TEST_F(MemoryBusTest, ATopicMayBeSlowerThanAnother) {
  broker_.SetLatency([](const std::string& topic) {
    return topic == "t" ? absl::Seconds(3) : absl::ZeroDuration();
  });
  bool reported = false;
  Read(std::nullopt);
  writer_.Publish(Priority::kOrdinary, Record("t", "a"), [&](auto) { reported = true; });
  executor_.RunFor(absl::Seconds(2));
  EXPECT_FALSE(reported);
  EXPECT_THAT(read_.payloads, IsEmpty());
  executor_.RunFor(absl::Seconds(1));
  EXPECT_TRUE(reported);
  EXPECT_THAT(read_.payloads, ElementsAre("a"));
}

TEST_F(MemoryBusTest, TellsWhenWhatWasThereHasBeenTaken) {
  Read(std::nullopt);
  EXPECT_THAT(read_.caught_up_after, ElementsAre(0));
  read_.slow = true;
  for (const char* payload : {"a", "b", "c"}) ASSERT_TRUE(Publish(payload).ok());
  EXPECT_THAT(read_.caught_up_after, ElementsAre(0)) << "once for each Read";
  read_.payloads.clear();
  Read(std::nullopt);
  ASSERT_TRUE(Publish("d").ok());  // after it was first read from
  for (int i = 1; i < 3; ++i) {
    EXPECT_THAT(read_.caught_up_after, ElementsAre(0)) << i;
    read_.held.back()();
    executor_.RunUntilIdle();
  }
  EXPECT_THAT(read_.payloads, ElementsAre("a", "b", "c", "d"));
  read_.held.back()();
  executor_.RunUntilIdle();
  EXPECT_THAT(read_.caught_up_after, ElementsAre(0, 4));
}

TEST_F(MemoryBusTest, ReadingAgainReplacesTheAssignment) {
  read_.slow = true;
  for (const char* payload : {"a", "b", "c"}) ASSERT_TRUE(Publish(payload).ok());
  Read(std::nullopt);
  Read(2);
  EXPECT_THAT(read_.payloads, ElementsAre("a", "b", "c"));
  read_.held[0]();  // of the assignment that was replaced
  executor_.RunUntilIdle();
  EXPECT_EQ(read_.batches, 2);
}

TEST_F(MemoryBusTest, AnOffsetOutOfRangeReadsFromTheEarliest) {
  for (const char* payload : {"a", "b", "c"}) ASSERT_TRUE(Publish(payload).ok());
  broker_.DropBefore("t", 1);
  Read(3);
  EXPECT_THAT(read_.payloads, IsEmpty());
  Read(17);
  EXPECT_THAT(read_.payloads, ElementsAre("b", "c"));
  Read(0);
  EXPECT_THAT(read_.offsets, ElementsAre(1, 2, 1, 2));
}

TEST_F(MemoryBusTest, PublishFaults) {
  broker_.FailNextPublishes(1, PublishFault::kLost);
  broker_.FailNextPublishes(1, PublishFault::kStoredButFailed);
  broker_.FailNextPublishes(1, PublishFault::kDuplicated);
  broker_.FailNextPublishes(1, PublishFault::kDenied);
  EXPECT_EQ(Publish("a").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Publish("b").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(Publish("c").ok());
  EXPECT_EQ(Publish("d").status().code(), absl::StatusCode::kPermissionDenied);
  broker_.SetPublishFault([](const BusRecord& record) {
    return record.payload == "e" ? PublishFault::kLost : PublishFault::kNone;
  });
  EXPECT_FALSE(Publish("e").ok());
  EXPECT_TRUE(Publish("f").ok());
  Read(std::nullopt);
  EXPECT_THAT(read_.payloads, ElementsAre("b", "c", "c", "f"));
}

TEST_F(MemoryBusTest, AStoppedBrokerGoesOnWhereItStood) {
  ASSERT_TRUE(Publish("a").ok());
  Read(std::nullopt);
  broker_.Stop();
  EXPECT_EQ(Publish("b").status().code(), absl::StatusCode::kUnavailable);
  broker_.Start();
  ASSERT_TRUE(Publish("c").ok());
  EXPECT_THAT(read_.heard, ElementsAre("cluster-1", "unavailable", "cluster-1"));
  EXPECT_THAT(read_.payloads, ElementsAre("a", "c"));
}

TEST_F(MemoryBusTest, AWipedBrokerIsAnotherCluster) {
  for (const char* payload : {"a", "b"}) ASSERT_TRUE(Publish(payload).ok());
  Read(std::nullopt);
  broker_.Wipe();
  EXPECT_THAT(broker_.Topics(), IsEmpty());
  const auto published = Publish("c");
  EXPECT_EQ(published->offset, 0);
  EXPECT_EQ(published->cluster_id, "cluster-2");
  EXPECT_THAT(read_.heard, ElementsAre("cluster-1", "cluster-2"));
  EXPECT_THAT(read_.payloads, ElementsAre("a", "b"));  // until it reads again
  Read(2);
  EXPECT_THAT(read_.payloads, ElementsAre("a", "b", "c"));
}

TEST_F(MemoryBusTest, ADestroyedClientHearsNothing) {
  Listener listener;
  auto client = std::make_unique<MemoryBus>(&broker_, &executor_);
  client->Start(&listener);
  client->Read(Priority::kUrgent, "t", std::nullopt);
  bool reported = false;
  client->Publish(Priority::kUrgent, Record("t", "a"), [&](auto) { reported = true; });
  client.reset();
  executor_.RunUntilIdle();
  EXPECT_THAT(listener.heard, IsEmpty());
  EXPECT_FALSE(reported);
  EXPECT_EQ(broker_.Records("t").size(), 1u);
}

TEST_F(MemoryBusTest, LatencyDelaysReportsAndRecords) {
  Listener listener;
  MemoryBus far(&broker_, &executor_, {.latency = absl::Milliseconds(20)});
  far.Start(&listener);
  far.Read(Priority::kOrdinary, "t", std::nullopt);
  bool reported = false;
  far.Publish(Priority::kOrdinary, Record("t", "a"), [&](auto) { reported = true; });
  executor_.RunFor(absl::Milliseconds(19));
  EXPECT_FALSE(reported);
  EXPECT_THAT(listener.payloads, IsEmpty());
  executor_.RunFor(absl::Milliseconds(1));
  EXPECT_TRUE(reported);
  EXPECT_THAT(listener.payloads, ElementsAre("a"));
}

TEST_F(MemoryBusTest, AForgedRecordReachesTheReader) {
  Read(std::nullopt);
  EXPECT_EQ(broker_.Append(Record("t", "forged")), 0);
  executor_.RunUntilIdle();
  EXPECT_THAT(read_.payloads, ElementsAre("forged"));
  EXPECT_THAT(broker_.Topics(), ElementsAre("t"));
}

}  // namespace
}  // namespace exitbus::adapters
