#include "adapters/kafka/broker_monitor.h"

#include <chrono>
#include <utility>

#include "services/exchange/ports/status_macros.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {
namespace {

constexpr int kAskLimitDownMs = 1000;  // also how long stopping may take
constexpr int kAskLimitUpMs = 3000;
constexpr int kPauseDownMs = 200;
constexpr std::chrono::milliseconds kPauseUp{2000};

// Names of failure_name.cc.
const char* CauseOf(const absl::Status& why) {
  if (absl::IsUnauthenticated(why)) return "not_authenticated";
  if (absl::IsPermissionDenied(why)) return "not_authorized";
  return "broker_unreachable";
}

}  // namespace

absl::Status BrokerMonitor::Open(const KafkaOptions& options, exchange::Telemetry* telemetry) {
  options_ = options;
  telemetry_ = telemetry;
  fingerprint_ = Fingerprint(options);
  ASSIGN_OR_RETURN(client_, NewClient(options, ClientRole::kControl, telemetry));
  events_.reset(rd_kafka_queue_get_main(client_.get()));
  return absl::OkStatus();
}

void BrokerMonitor::Start() {
  thread_ = std::thread([this] { Run(); });
}

void BrokerMonitor::Stop() {
  stopping_ = true;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (events_ != nullptr) rd_kafka_queue_yield(events_.get());
  }
  if (thread_.joinable()) thread_.join();
}

void BrokerMonitor::Run() {
  while (!stopping_) {
    CheckCertificates();
    absl::Status status = Ask();
    if (status.ok() && (!is_up_ || ClusterId(client_.get()) != cluster_id_)) {
      const std::string id = ClusterId(client_.get());
      status = up_(id);
      if (status.ok()) {
        is_up_ = true;
        cluster_id_ = id;
        reported_down_.reset();
      }
    }
    if (status.ok()) {
      WaitForTrouble();
    } else {
      ReadErrors(kPauseDownMs);
      // What the connection said is of more use than that there was no answer.
      ReportDown(last_error_.ok() ? status : last_error_);
    }
  }
}

// librdkafka reads certificates when a client is made, and never again.
void BrokerMonitor::CheckCertificates() {
  if (options_.plaintext) return;
  const std::string now = Fingerprint(options_);
  if (now == fingerprint_) return;
  absl::Status status = Reopen();
  if (status.ok()) status = certificates_();
  if (status.ok()) {
    fingerprint_ = now;
    reported_certificates_ = false;
    is_up_ = false;  // so that whoever waits for the broker hears of it again
    return;
  }
  // Often the key's file just comes a moment after the certificate's.
  if (std::exchange(reported_certificates_, true)) return;
  telemetry_->Log(exchange::Severity::kWarning, "bus.certificate_not_taken",
                  {{"error", std::string(status.message())}});
}

absl::Status BrokerMonitor::Reopen() {
  ASSIGN_OR_RETURN(auto client, NewClient(options_, ClientRole::kControl, telemetry_));
  Kafka<rd_kafka_t> old;
  Kafka<rd_kafka_queue_t> old_events;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    old = std::exchange(client_, std::move(client));
    old_events =
        std::exchange(events_, Kafka<rd_kafka_queue_t>(rd_kafka_queue_get_main(client_.get())));
    for (auto& [name, handle] : topics_) {
      handle.reset(rd_kafka_topic_new(client_.get(), name.c_str(), nullptr));
    }
  }
  old_events.reset();
  return absl::OkStatus();
}

void BrokerMonitor::Know(const std::string& topic) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Kafka<rd_kafka_topic_t>& handle = topics_[topic];
  // librdkafka asks for the topics it has a handle of.
  if (handle == nullptr) handle.reset(rd_kafka_topic_new(client_.get(), topic.c_str(), nullptr));
}

// A consumer is not told that it may not read a topic, so the monitor tells.
void BrokerMonitor::LookAtTopics(const struct rd_kafka_metadata& metadata) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (int i = 0; i < metadata.topic_cnt; ++i) {
    const rd_kafka_metadata_topic& topic = metadata.topics[i];
    if (!topics_.contains(topic.topic)) continue;  // told of unasked
    const auto [state, is_new] = topic_states_.try_emplace(topic.topic, topic.err);
    if (!is_new && state->second == topic.err) continue;
    state->second = topic.err;
    topic_state_(topic.topic, topic.err);
  }
}

// Is there an answer, and of a cluster that says its id?
absl::Status BrokerMonitor::Ask() {
  const struct rd_kafka_metadata* metadata = nullptr;
  const rd_kafka_resp_err_t error = rd_kafka_metadata(client_.get(), 0, nullptr, &metadata,
                                                      is_up_ ? kAskLimitUpMs : kAskLimitDownMs);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return ToStatus(error);
  LookAtTopics(*metadata);
  rd_kafka_metadata_destroy(metadata);
  if (ClusterId(client_.get()).empty()) return absl::UnavailableError("no cluster id");
  last_error_ = absl::OkStatus();
  lost_ = false;
  return absl::OkStatus();
}

// Returns when it is time to ask again, at once if the connection is lost.
void BrokerMonitor::WaitForTrouble() {
  const auto until = std::chrono::steady_clock::now() + kPauseUp;
  while (!stopping_) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return;
    ReadErrors(static_cast<int>(left.count()));
    if (lost_) {
      ReportDown(last_error_);
      return;
    }
  }
}

void BrokerMonitor::ReadErrors(int timeout_ms) {
  Kafka<rd_kafka_event_t> event(rd_kafka_queue_poll(events_.get(), timeout_ms));
  while (event != nullptr) {
    if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR) {
      const rd_kafka_resp_err_t error = rd_kafka_event_error(event.get());
      if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
        lost_ = true;
        if (last_error_.ok()) last_error_ = ToStatus(error);
      } else {
        const std::string text = rd_kafka_event_error_string(event.get());
        // With TLS 1.3 the broker refuses a certificate after the handshake, and librdkafka calls
        // that a failure of transport.
        const bool refused = text.find("SSL alert") != std::string::npos;
        last_error_ = ToStatus(refused ? RD_KAFKA_RESP_ERR__SSL : error, text);
      }
    }
    event.reset(rd_kafka_queue_poll(events_.get(), 0));
  }
}

void BrokerMonitor::ReportDown(const absl::Status& why) {
  if (std::exchange(is_up_, false)) {
    telemetry_->Count("bus.disconnects", {{"cause", CauseOf(why)}});
  }
  if (reported_down_ == why.code()) return;
  reported_down_ = why.code();
  down_(why);
}

}  // namespace exitbus::adapters
