#include "adapters/kafka/client.h"

#include <sys/stat.h>

#include <array>
#include <future>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

// Error events tell connection failures once a change; librdkafka's own lines repeat them.
constexpr int kLogLevelMax = 4;  // syslog's warning
constexpr int kSilent = -1;
constexpr std::string_view kFailureFacility = "FAIL";

void Log(const rd_kafka_t* client, int level, const char* facility, const char* line) {
  if (level > kLogLevelMax || facility == kFailureFacility) return;
  auto* telemetry = static_cast<exchange::Telemetry*>(rd_kafka_opaque(client));
  telemetry->Log(exchange::Severity::kWarning, "kafka.log",
                 {{"facility", facility}, {"message", WithoutTopics(line)}});
}

void AppendCommon(const KafkaOptions& options, Settings* settings) {
  *settings = {
      {"bootstrap.servers", options.bootstrap_servers},
      {"client.id", options.client_id},
      // Without it every paced message waits on a delayed acknowledgement.
      {"socket.nagle.disable", "true"},
      {"socket.keepalive.enable", "true"},
      {"socket.connection.setup.timeout.ms", "5000"},
      {"reconnect.backoff.ms", "100"},
      {"reconnect.backoff.max.ms", "1000"},
      {"log.connection.close", "false"},
      // How soon a topic that was made, or made again, is seen.
      {"topic.metadata.refresh.interval.ms", "3000"},
      {"topic.metadata.propagation.max.ms", "1000"},
  };
  if (options.plaintext) return;
  settings->insert(settings->end(), {{"security.protocol", "ssl"},
                                     {"ssl.ca.location", options.ca_file},
                                     {"ssl.certificate.location", options.certificate_file},
                                     {"ssl.key.location", options.key_file},
                                     {"ssl.endpoint.identification.algorithm", "https"}});
}

void AppendProducer(Settings* settings) {
  settings->insert(settings->end(), {
                                        {"enable.idempotence", "true"},
                                        {"acks", "all"},
                                        {"linger.ms", "0"},
                                        // Below the outbox's first back-off (5 s), so that no row
                                        // is sent again while it is still under way.
                                        {"message.timeout.ms", "4000"},
                                        {"request.timeout.ms", "4000"},
                                        {"queue.buffering.max.kbytes", "65536"},
                                    });
}

void AppendConsumer(Settings* settings) {
  settings->insert(settings->end(), {
                                        {"enable.auto.commit", "false"},
                                        {"enable.auto.offset.store", "false"},
                                        {"auto.offset.reset", "earliest"},
                                        {"fetch.min.bytes", "1"},
                                        {"fetch.wait.max.ms", "500"},
                                        // One answer, which also bounds what zstd unpacks to; for
                                        // the other codecs the topic's `compression.type` does.
                                        {"fetch.message.max.bytes", "1048576"},
                                        {"fetch.max.bytes", "4194304"},
                                        {"receive.message.max.bytes", "8388608"},
                                        // Bounds what is read ahead of a slow engine, by size
                                        // alone: above either bound nothing is fetched for half a
                                        // second, and a bound by number bounds the rate.
                                        {"queued.min.messages", "100000"},
                                        {"queued.max.messages.kbytes", "8192"},
                                    });
}

absl::Status CheckTls(const KafkaOptions& options) {
  const std::array<const std::string*, 3> files = {&options.ca_file, &options.certificate_file,
                                                   &options.key_file};
  for (const std::string* file : files) {
    if (options.plaintext && !file->empty()) {
      return absl::InvalidArgumentError("plaintext and certificate files exclude each other");
    }
    if (!options.plaintext && file->empty()) {
      return absl::InvalidArgumentError("Kafka wants a CA file, a certificate file and a key file");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Kafka<rd_kafka_t>> NewClient(const KafkaOptions& options, ClientRole role,
                                            exchange::Telemetry* telemetry) {
  RETURN_IF_ERROR(CheckTls(options));
  if (options.bootstrap_servers.empty()) {
    return absl::InvalidArgumentError("Kafka's address is empty");
  }
  Settings settings;
  AppendCommon(options, &settings);
  if (role == ClientRole::kProducer) AppendProducer(&settings);
  if (role == ClientRole::kConsumer) AppendConsumer(&settings);

  Kafka<rd_kafka_conf_t> conf(rd_kafka_conf_new());
  std::array<char, 512> error{};
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), error.data(), error.size()) !=
        RD_KAFKA_CONF_OK) {
      return absl::InvalidArgumentError(absl::StrCat("Kafka: ", error.data()));
    }
  }
  rd_kafka_conf_set_opaque(conf.get(), telemetry);
  rd_kafka_conf_set_log_cb(conf.get(), &Log);
  rd_kafka_conf_set_events(conf.get(), RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_DR);
  rd_kafka_t* client =
      rd_kafka_new(role == ClientRole::kConsumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER,
                   conf.get(), error.data(), error.size());
  if (client == nullptr) return absl::InvalidArgumentError(absl::StrCat("Kafka: ", error.data()));
  static_cast<void>(conf.release());  // the client owns it now
  return Kafka<rd_kafka_t>(client);
}

void EndClient(rd_kafka_t* client, std::chrono::milliseconds limit) {
  auto* telemetry = static_cast<exchange::Telemetry*>(rd_kafka_opaque(client));
  rd_kafka_set_log_level(client, kSilent);  // it may outlive whom it would tell
  auto ended = std::make_shared<std::promise<void>>();
  const std::future<void> end = ended->get_future();
  std::thread([client, ended] {
    rd_kafka_destroy(client);
    ended->set_value();
  }).detach();
  if (end.wait_for(limit) == std::future_status::ready) return;
  telemetry->Count("bus_clients_abandoned", {});
  telemetry->Log(exchange::Severity::kError, "bus.client_abandoned", {});
}

std::string Fingerprint(const KafkaOptions& options) {
  std::string fingerprint;
  for (const std::string* file : {&options.ca_file, &options.certificate_file, &options.key_file}) {
    struct stat found {};
    if (stat(file->c_str(), &found) != 0) continue;  // between two names: it is looked at again
    absl::StrAppend(&fingerprint, found.st_ino, ".", found.st_size, ".", found.st_mtim.tv_sec, ".",
                    found.st_mtim.tv_nsec, "/");
  }
  return fingerprint;
}

absl::Status ToStatus(rd_kafka_resp_err_t error, const std::string& detail) {
  std::string text = rd_kafka_err2str(error);
  if (!detail.empty()) absl::StrAppend(&text, ": ", WithoutTopics(detail));
  switch (static_cast<int>(error)) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      return absl::OkStatus();
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      return absl::PermissionDeniedError(text);
    case RD_KAFKA_RESP_ERR__SSL:
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
      return absl::UnauthenticatedError(text);
    case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
      return absl::OutOfRangeError(text);
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
      return absl::InvalidArgumentError(text);
    default:
      return absl::UnavailableError(text);
  }
}

std::string WithoutTopics(const std::string& text) {
  constexpr std::string_view kPrefix = "exitbus.";
  std::string result;
  std::size_t at = 0;
  while (true) {
    const std::size_t found = text.find(kPrefix, at);
    result.append(text, at, found - at);
    if (found == std::string::npos) return result;
    result += "<topic>";
    at = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-", found);
    if (at == std::string::npos) return result;
  }
}

std::string ClusterId(rd_kafka_t* client) {
  char* id = rd_kafka_clusterid(client, 0);
  if (id == nullptr) return {};
  std::string result = id;
  rd_kafka_mem_free(client, id);
  return result;
}

}  // namespace exitbus::adapters
