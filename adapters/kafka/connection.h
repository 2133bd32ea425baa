// One connection: a producer, a consumer and the thread that serves both. Internal to this folder.
#pragma once

#include <memory>
#include <thread>

#include "adapters/kafka/consumer.h"
#include "adapters/kafka/producer.h"

namespace exitbus::adapters {

class Connection {
 public:
  Connection(const KafkaOptions& options, std::shared_ptr<Deliveries> deliveries,
             exchange::Executor* executor, exchange::Telemetry* telemetry);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  absl::Status Open();  // before Start()
  void Start();
  void Stop();

  // Thread-safe.
  void Publish(exchange::BusRecord record, exchange::Bus::Done done) {
    producer_.Publish(std::move(record), std::move(done));
  }
  void Send(ConnectionCommand command) { mailbox_->Send(std::move(command)); }

 private:
  void Run();
  // Anew, with the same cluster.
  absl::Status Reopen();
  bool Obey(ConnectionCommand command);

  const std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
  Producer producer_;
  Consumer consumer_;
  std::thread thread_;
};

}  // namespace exitbus::adapters
