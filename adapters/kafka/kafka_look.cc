#include "adapters/kafka/kafka_look.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "adapters/kafka/client.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/ports/time.h"

namespace exitbus::adapters {
namespace {

using exchange::BrokerFigures;
using exchange::BrokerLook;

constexpr std::chrono::seconds kEvery{5};
constexpr int kAnswerLimitMs = 4000;
constexpr char kOurs[] = "exitbus.";

struct Release {
  void operator()(rd_kafka_topic_partition_list_t* list) const {
    rd_kafka_topic_partition_list_destroy(list);
  }
  void operator()(const rd_kafka_metadata_t* metadata) const {
    rd_kafka_metadata_destroy(metadata);
  }
};

absl::StatusOr<BrokerFigures> Topics(rd_kafka_t* client) {
  const rd_kafka_metadata_t* told = nullptr;
  const auto error = rd_kafka_metadata(client, 1, nullptr, &told, kAnswerLimitMs);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return ToStatus(error);
  const std::unique_ptr<const rd_kafka_metadata_t, Release> metadata(told);
  BrokerFigures figures;
  figures.brokers = metadata->broker_cnt;
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    const rd_kafka_metadata_topic_t& topic = metadata->topics[i];
    if (!absl::StartsWith(topic.topic, kOurs) || topic.partition_cnt == 0) continue;
    exchange::TopicFigures& found = figures.topics[topic.topic];
    found.replicas = topic.partitions[0].replica_cnt;
    found.replicas_in_step = topic.partitions[0].isr_cnt;
  }
  return figures;
}

// One request to each broker, however many topics.
absl::Status AddEnds(rd_kafka_t* client, BrokerFigures& figures) {
  const std::unique_ptr<rd_kafka_topic_partition_list_t, Release> ends(
      rd_kafka_topic_partition_list_new(static_cast<int>(figures.topics.size())));
  for (const auto& [name, topic] : figures.topics) {
    rd_kafka_topic_partition_list_add(ends.get(), name.c_str(), 0)->offset = RD_KAFKA_OFFSET_END;
  }
  if (ends->cnt == 0) return absl::OkStatus();
  const auto error = rd_kafka_offsets_for_times(client, ends.get(), kAnswerLimitMs);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return ToStatus(error);
  for (int i = 0; i < ends->cnt; ++i) {
    const rd_kafka_topic_partition_t& end = ends->elems[i];
    if (end.err == RD_KAFKA_RESP_ERR_NO_ERROR) figures.topics[end.topic].end = end.offset;
  }
  return absl::OkStatus();
}

class KafkaLook final : public BrokerLook {
 public:
  KafkaLook(KafkaOptions options, exchange::Executor* executor, exchange::Telemetry* telemetry)
      : options_(std::move(options)), executor_(executor), telemetry_(telemetry) {}

  ~KafkaLook() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    stop_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  // librdkafka reads certificates when a client is made, and never again.
  absl::Status Open() {
    const std::string now = options_.plaintext ? "plaintext" : Fingerprint(options_);
    if (now == certificates_) return absl::OkStatus();
    ASSIGN_OR_RETURN(client_, NewClient(options_, ClientRole::kControl, telemetry_));
    certificates_ = now;
    return absl::OkStatus();
  }

  void Start(Tell tell) override {
    tell_ = std::make_shared<Tell>(std::move(tell));
    thread_ = std::thread([this] { Run(); });
  }

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      lock.unlock();
      // Of a certificate that comes before its key the client before goes on.
      (void)Open();
      executor_->Post([tell = tell_, found = Look()]() mutable { (*tell)(std::move(found)); });
      lock.lock();
      stop_.wait_for(lock, kEvery, [this] { return stopping_; });
    }
  }

  absl::StatusOr<BrokerFigures> Look() {
    ASSIGN_OR_RETURN(BrokerFigures figures, Topics(client_.get()));
    RETURN_IF_ERROR(AddEnds(client_.get(), figures));
    return figures;
  }

  KafkaOptions options_;
  exchange::Executor* const executor_;
  exchange::Telemetry* const telemetry_;
  std::string certificates_;
  Kafka<rd_kafka_t> client_;
  std::shared_ptr<Tell> tell_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<BrokerLook>> MakeKafkaLook(const KafkaOptions& options,
                                                          exchange::Executor* executor,
                                                          exchange::Telemetry* telemetry) {
  auto look = std::make_unique<KafkaLook>(options, executor, telemetry);
  RETURN_IF_ERROR(look->Open());
  return look;
}

}  // namespace exitbus::adapters
