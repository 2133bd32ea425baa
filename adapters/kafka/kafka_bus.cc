#include "adapters/kafka/kafka_bus.h"

#include <array>
#include <future>
#include <string>
#include <utility>

#include "adapters/kafka/broker_monitor.h"
#include "adapters/kafka/connection.h"
#include "services/exchange/ports/fault.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {
namespace {

using exchange::BusListener;
using exchange::BusRecord;

class KafkaBus final : public exchange::Bus {
 public:
  KafkaBus(const KafkaOptions& options, exchange::Executor* executor,
           exchange::Telemetry* telemetry)
      : executor_(executor),
        telemetry_(telemetry),
        urgent_(options, deliveries_, executor, telemetry),
        ordinary_(options, deliveries_, executor, telemetry),
        monitor_([this](const std::string& cluster_id) { return OnUp(cluster_id); },
                 [this](const absl::Status& why) { OnDown(why); },
                 [this](const std::string& topic, rd_kafka_resp_err_t error) {
                   OnTopicState(topic, error);
                 },
                 [this] { return OnCertificatesReplaced(); }) {}

  ~KafkaBus() override {
    deliveries_->SetListener(nullptr);
    monitor_.Stop();
  }

  absl::Status Open(const KafkaOptions& options) {
    for (Connection* connection : Connections()) {
      RETURN_IF_ERROR(connection->Open());
    }
    return monitor_.Open(options, telemetry_);
  }

  void Start(BusListener* listener) override {
    if (listener == nullptr || deliveries_->listener() != nullptr) {
      exchange::ProgramFault("the bus is started with a listener, and once");
    }
    deliveries_->SetListener(listener);
    for (Connection* connection : Connections()) connection->Start();
    monitor_.Start();
  }

  void Read(exchange::Priority priority, const std::string& topic,
            std::optional<std::int64_t> offset) override {
    monitor_.Know(topic);
    Of(priority).Send(ReadTopic{topic, offset, deliveries_->Begin(topic)});
  }

  void Publish(exchange::Priority priority, BusRecord record, Done done) override {
    Of(priority).Publish(std::move(record), std::move(done));
  }

 private:
  std::array<Connection*, 2> Connections() { return {&urgent_, &ordinary_}; }
  Connection& Of(exchange::Priority priority) {
    return priority == exchange::Priority::kUrgent ? urgent_ : ordinary_;
  }

  absl::Status OnUp(const std::string& cluster_id) {
    if (!cluster_id_.empty() && cluster_id_ != cluster_id) {
      telemetry_->Log(exchange::Severity::kWarning, "bus.cluster_changed", {});
      telemetry_->Count("bus_cluster_changes", {});
      RETURN_IF_ERROR(RenewConnections());
    }
    cluster_id_ = cluster_id;
    for (Connection* connection : Connections()) connection->Send(Resume{});
    telemetry_->Set("bus_up", {}, 1);
    executor_->Post([deliveries = deliveries_, cluster_id] {
      if (BusListener* listener = deliveries->listener()) listener->OnCluster(cluster_id);
    });
    return absl::OkStatus();
  }

  // Nothing is lost: what was not delivered is reported, and what is read goes on where it stands.
  absl::Status OnCertificatesReplaced() {
    RETURN_IF_ERROR(RenewClients(true));
    telemetry_->Log(exchange::Severity::kInfo, "bus.certificate_renewed", {});
    telemetry_->Count("bus_certificates_renewed", {});
    return absl::OkStatus();
  }

  // A client that outlives its cluster trusts offsets and producer ids of the old one.
  absl::Status RenewConnections() {
    for (Connection* connection : Connections()) connection->Send(Pause{});
    absl::Status result = RenewClients(false);
    deliveries_->VoidAll();
    return result;
  }

  absl::Status RenewClients(bool goes_on) {
    std::array<std::promise<absl::Status>, 2> renewed;
    const std::array<Connection*, 2> connections = Connections();
    for (std::size_t i = 0; i < connections.size(); ++i) {
      connections[i]->Send(Renew{&renewed[i], goes_on});
    }
    absl::Status result;
    for (auto& promise : renewed) result.Update(promise.get_future().get());
    return result;
  }

  void OnDown(const absl::Status& why) {
    for (Connection* connection : Connections()) connection->Send(Pause{});
    telemetry_->Set("bus_up", {}, 0);
    executor_->Post([deliveries = deliveries_, why] {
      if (BusListener* listener = deliveries->listener()) listener->OnUnavailable(why);
    });
  }

  // Of a topic we read. A missing one is a matter of time: it is provisioned later, or again.
  void OnTopicState(const std::string& topic, rd_kafka_resp_err_t error) {
    const absl::Status status = ToStatus(error);
    telemetry_->Set("bus_topic_readable", {{"topic", topic}}, status.ok() ? 1 : 0);
    if (status.ok()) {
      telemetry_->Log(exchange::Severity::kInfo, "bus.topic_found", {{"topic", topic}});
    } else if (status.code() == absl::StatusCode::kPermissionDenied) {
      telemetry_->Log(exchange::Severity::kError, "bus.topic_refused", {{"topic", topic}});
    } else {
      telemetry_->Log(exchange::Severity::kWarning, "bus.topic_missing",
                      {{"topic", topic}, {"error", rd_kafka_err2str(error)}});
    }
  }

  exchange::Executor* const executor_;
  exchange::Telemetry* const telemetry_;
  const std::shared_ptr<Deliveries> deliveries_ = std::make_shared<Deliveries>();
  Connection urgent_;
  Connection ordinary_;
  std::string cluster_id_;  // of the monitor's thread
  BrokerMonitor monitor_;   // last, so that it ends before the connections do
};

}  // namespace

absl::StatusOr<std::unique_ptr<exchange::Bus>> MakeKafkaBus(const KafkaOptions& options,
                                                            exchange::Executor* executor,
                                                            exchange::Telemetry* telemetry) {
  auto bus = std::make_unique<KafkaBus>(options, executor, telemetry);
  RETURN_IF_ERROR(bus->Open(options));
  return bus;
}

}  // namespace exitbus::adapters
