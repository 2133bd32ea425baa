#include "tests/bench/raw_loop.h"

#include <array>
#include <cstring>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/kafka/client.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::bench {
namespace {

using adapters::Kafka;
using Settings = std::vector<std::pair<std::string, std::string>>;

constexpr char kTopic[] = "exitbus-bench";
constexpr std::size_t kRecordBytes = 900;  // headers, signature and the smallest size class of ours
constexpr int kWarmUp = 20000;             // also for the broker's just-in-time compiler
constexpr int kWaitMs = 10000;
constexpr absl::Duration kLimit = absl::Seconds(60);

class KafkaRawLoop final : public RawLoop {
 public:
  // As the provisioner, who may make a topic and do all with it.
  explicit KafkaRawLoop(const story::Deployment& deployment)
      : settings_{{"bootstrap.servers", deployment.broker_address()},
                  {"security.protocol", "ssl"},
                  {"ssl.ca.location", deployment.places().authorities_ca()},
                  {"ssl.certificate.location", deployment.places().certificate("provisioner")},
                  {"ssl.key.location", deployment.places().key("provisioner")},
                  {"socket.nagle.disable", "true"}} {}
  ~KafkaRawLoop() override {
    if (topic_) rd_kafka_consume_stop(topic_.get(), 0);
  }

  absl::Status Begin();
  absl::StatusOr<std::vector<absl::Duration>> Paced(int per_second, int count) override;
  absl::StatusOr<double> Flood(int count) override;

 private:
  absl::Status MakeTopic();
  // Waits while librdkafka's queue is full.
  absl::Status Send();
  // Receives `count` records; how long each was on its way.
  absl::StatusOr<std::vector<absl::Duration>> Receive(int count);

  absl::StatusOr<Kafka<rd_kafka_t>> NewClient(rd_kafka_type_t type, Settings more = {}) const;

  const Settings settings_;
  Kafka<rd_kafka_t> producer_;
  Kafka<rd_kafka_t> consumer_;
  Kafka<rd_kafka_topic_t> topic_;  // goes before its client
};

absl::StatusOr<Kafka<rd_kafka_t>> KafkaRawLoop::NewClient(rd_kafka_type_t type,
                                                          Settings more) const {
  Kafka<rd_kafka_conf_t> conf(rd_kafka_conf_new());
  std::array<char, 512> error{};
  more.insert(more.end(), settings_.begin(), settings_.end());
  for (const auto& [name, value] : more) {
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), error.data(), error.size()) !=
        RD_KAFKA_CONF_OK) {
      return absl::InternalError(error.data());
    }
  }
  rd_kafka_t* client = rd_kafka_new(type, conf.get(), error.data(), error.size());
  if (client == nullptr) return absl::InternalError(error.data());
  static_cast<void>(conf.release());  // the client owns it now
  return Kafka<rd_kafka_t>(client);
}

absl::Status KafkaRawLoop::MakeTopic() {
  ASSIGN_OR_RETURN(const auto control, NewClient(RD_KAFKA_PRODUCER));
  rd_kafka_NewTopic_t* topic = rd_kafka_NewTopic_new(kTopic, 1, 1, nullptr, 0);
  const Kafka<rd_kafka_queue_t> answers(rd_kafka_queue_new(control.get()));
  rd_kafka_CreateTopics(control.get(), &topic, 1, nullptr, answers.get());
  const Kafka<rd_kafka_event_t> answer(rd_kafka_queue_poll(answers.get(), kWaitMs));
  rd_kafka_NewTopic_destroy(topic);
  if (!answer) return absl::UnavailableError("the broker makes no topic for the raw loop");
  return adapters::ToStatus(rd_kafka_event_error(answer.get()));
}

absl::Status KafkaRawLoop::Begin() {
  RETURN_IF_ERROR(MakeTopic());
  ASSIGN_OR_RETURN(
      producer_, NewClient(RD_KAFKA_PRODUCER,
                           {{"enable.idempotence", "true"}, {"acks", "all"}, {"linger.ms", "0"}}));
  ASSIGN_OR_RETURN(consumer_, NewClient(RD_KAFKA_CONSUMER));
  topic_.reset(rd_kafka_topic_new(consumer_.get(), kTopic, nullptr));
  if (rd_kafka_consume_start(topic_.get(), 0, RD_KAFKA_OFFSET_BEGINNING) != 0) {
    return adapters::ToStatus(rd_kafka_last_error());
  }
  return Flood(kWarmUp).status();
}

absl::Status KafkaRawLoop::Send() {
  std::string record(kRecordBytes, 'x');
  while (true) {
    const absl::Time now = absl::Now();
    std::memcpy(record.data(), &now, sizeof now);
    const auto error =
        rd_kafka_producev(producer_.get(), RD_KAFKA_V_TOPIC(kTopic), RD_KAFKA_V_PARTITION(0),
                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                          RD_KAFKA_V_VALUE(record.data(), record.size()), RD_KAFKA_V_END);
    rd_kafka_poll(producer_.get(), 0);
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) return adapters::ToStatus(error);
    rd_kafka_poll(producer_.get(), 1);
  }
}

absl::StatusOr<std::vector<absl::Duration>> KafkaRawLoop::Receive(int count) {
  const absl::Time limit = absl::Now() + kLimit;
  std::vector<absl::Duration> took;
  while (static_cast<int>(took.size()) < count) {
    rd_kafka_message_t* message = rd_kafka_consume(topic_.get(), 0, 100);
    const absl::Time now = absl::Now();
    if (message != nullptr && message->err == RD_KAFKA_RESP_ERR_NO_ERROR &&
        message->len == kRecordBytes) {
      absl::Time sent;
      std::memcpy(static_cast<void*>(&sent), message->payload, sizeof sent);
      took.push_back(now - sent);
    }
    if (message != nullptr) rd_kafka_message_destroy(message);
    if (now > limit) {
      return absl::DeadlineExceededError(
          absl::StrCat(took.size(), " of ", count, " records of the raw loop came"));
    }
  }
  return took;
}

absl::StatusOr<std::vector<absl::Duration>> KafkaRawLoop::Paced(int per_second, int count) {
  absl::Status sent;
  std::thread sender([&] {
    absl::Time next = absl::Now();
    for (int i = 0; i < count && sent.ok(); ++i, next += absl::Seconds(1) / per_second) {
      absl::SleepFor(next - absl::Now());
      sent = Send();
    }
  });
  auto took = Receive(count);
  sender.join();
  if (!sent.ok()) return sent;
  return took;
}

absl::StatusOr<double> KafkaRawLoop::Flood(int count) {
  const absl::Time began = absl::Now();
  absl::Status sent;
  std::thread sender([&] {
    for (int i = 0; i < count && sent.ok(); ++i) sent = Send();
  });
  const auto took = Receive(count);
  const absl::Duration all = absl::Now() - began;
  sender.join();
  if (!sent.ok()) return sent;
  if (!took.ok()) return took.status();
  return count / absl::ToDoubleSeconds(all);
}

}  // namespace

absl::StatusOr<std::unique_ptr<RawLoop>> RawLoop::Make(const story::Deployment& deployment) {
  auto loop = std::make_unique<KafkaRawLoop>(deployment);
  RETURN_IF_ERROR(loop->Begin());
  return loop;
}

}  // namespace exitbus::bench
