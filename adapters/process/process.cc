#include "adapters/process/process.h"

#include <algorithm>
#include <future>
#include <utility>

#include "adapters/directory/authority_keys.h"
#include "adapters/directory/config.h"
#include "adapters/kafka/kafka_bus.h"
#include "adapters/sqlite/sqlite_store.h"
#include "exitbus/config/v1/keys.pb.h"
#include "services/exchange/ports/bus.h"

namespace exitbus::adapters {
namespace {

constexpr absl::Duration kDirectoryEvery = absl::Seconds(10);
constexpr absl::Duration kHealthEvery = absl::Seconds(1);
constexpr absl::Duration kShutdownGrace = absl::Seconds(5);
constexpr char kBusHealth[] = "exitbus.bus";
constexpr char kDirectoryKey[] = "directory";

exchange::Settings SettingsOf(const config::v1::ServiceConfig& config) {
  exchange::Settings settings;
  const config::v1::Deadlines& days = config.deadlines();
  settings.deadline_days = {
      static_cast<int>(days.request_days()), static_cast<int>(days.terms_days()),
      static_cast<int>(days.offer_days()), static_cast<int>(days.acknowledgement_days()),
      static_cast<int>(days.recall_answer_days())};
  settings.unlinking_delay_max = absl::Seconds(config.unlinking_delay_max().seconds()) +
                                 absl::Nanoseconds(config.unlinking_delay_max().nanos());
  settings.queue_length_max = config.limits().queue_length_max();
  return settings;
}

// Nobody would believe, or could reach, an authority with other keys than those it is listed with.
bool HoldsKeysOf(const exchange::DirectoryEntry& self, const exchange::Secrets& secrets) {
  const auto opens = [&](const exchange::KeyPair& key) {
    return key.public_key == self.sealing_key;
  };
  return secrets.identity_key.ends_with(self.identity_key) &&
         std::any_of(secrets.sealing.begin(), secrets.sealing.end(), opens);
}

}  // namespace

Process::Process(const config::v1::ServiceConfig& config)
    : config_(config),
      log_({config.authority(), exchange::Severity::kInfo, HopLines::kFailures}, &clock_),
      crypto_(MakeSodiumCrypto()) {}

absl::StatusOr<std::unique_ptr<Process>> Process::Start(const config::v1::ServiceConfig& config,
                                                        exchange::Service service) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone("Europe/Copenhagen", &zone)) {
    return absl::FailedPreconditionError(
        "no time zone data for Europe/Copenhagen, by which deadlines are counted: install tzdata");
  }
  std::unique_ptr<Process> process(new Process(config));
  const std::vector<std::string> api_services = service.api_services;
  if (!config.metrics_address().empty()) {
    auto metrics = PrometheusTelemetry::Serve(config.metrics_address(), &process->log_);
    if (!metrics.ok()) return metrics.status();
    process->metrics_ = *std::move(metrics);
  }
  if (auto status = process->OpenOwnFiles(); !status.ok()) return status;
  if (auto status = process->OpenDirectory(); !status.ok()) return status;
  if (auto status = process->ConnectBus(); !status.ok()) return status;
  if (auto status = process->StartEngine(std::move(service)); !status.ok()) return status;
  if (auto status = process->Listen(api_services); !status.ok()) return status;
  return process;
}

exchange::Telemetry* Process::telemetry() {
  return metrics_ ? static_cast<exchange::Telemetry*>(metrics_.get()) : &log_;
}

absl::Status Process::OpenOwnFiles() {
  auto keys = LoadKeys(config_.keys_file());
  if (!keys.ok()) return keys.status();
  secrets_.identity_key = keys->identity_secret_key();
  secrets_.index_key = keys->index_key();
  for (const auto& key : keys->sealing_keys()) {
    secrets_.sealing.push_back({key.public_key(), key.secret_key()});
  }
  auto lock = FolderLock::Acquire(config_.data_folder());
  if (!lock.ok()) return lock.status();
  lock_ = *std::move(lock);
  auto store = OpenSqliteStore(config_.data_folder() + "/journal.sqlite");
  if (!store.ok()) return store.status();
  store_ = *std::move(store);
  auto key_store =
      OpenSqliteStore(config_.data_folder() + "/keys.sqlite", {.leave_no_trace = true});
  if (!key_store.ok()) return key_store.status();
  key_store_ = *std::move(key_store);
  vault_ = std::make_unique<exchange::Vault>(key_store_.get(), crypto_.get(), &random_,
                                             keys->master_key());
  return absl::OkStatus();
}

absl::Status Process::OpenDirectory() {
  auto accepted = store_->Get(exchange::Table::kMeta, kDirectoryKey);
  if (!accepted.ok()) return accepted.status();
  auto directory =
      FileDirectory::Open({config_.directory_file(), TrustOf(config_), accepted->value_or(""), 0},
                          crypto_.get(), &clock_);
  if (!directory.ok()) return directory.status();
  directory_ = *std::move(directory);
  const auto self = directory_->Find(config_.authority());
  if (!self || self->kind != config_.kind()) {
    return absl::FailedPreconditionError(
        config_.directory_file() + ": does not list \"" + config_.authority() +
        "\" as this kind of authority. Correct `authority` and `kind`, or have it listed.");
  }
  if (!HoldsKeysOf(*self, secrets_)) {
    return absl::FailedPreconditionError(
        config_.keys_file() + ": holds other keys than the directory lists for \"" +
        config_.authority() + "\". Correct `keys_file`, or have these keys listed.");
  }
  return store_->Commit({{exchange::Table::kMeta, kDirectoryKey, directory_->accepted()}});
}

absl::Status Process::ConnectBus() {
  executor_ = std::make_unique<ThreadExecutor>();
  const config::v1::Tls& tls = config_.kafka().tls();
  auto bus = MakeKafkaBus({config_.kafka().bootstrap_servers(), tls.ca_file(),
                           tls.certificate_file(), tls.key_file(), config_.authority()},
                          executor_.get(), telemetry());
  if (!bus.ok()) return bus.status();
  bus_ = *std::move(bus);
  return absl::OkStatus();
}

absl::Status Process::StartEngine(exchange::Service service) {
  exchange::Context context;
  context.self = config_.authority();
  context.settings = SettingsOf(config_);
  context.secrets = secrets_;
  context.store = store_.get();
  context.vault = vault_.get();
  context.bus = bus_.get();
  context.crypto = crypto_.get();
  context.random = &random_;
  context.clock = &clock_;
  context.wall_clock = &clock_;
  context.executor = executor_.get();
  context.directory = directory_.get();
  context.telemetry = telemetry();
  engine_ = std::make_unique<exchange::Engine>(std::move(context), std::move(service));
  std::promise<absl::Status> started;
  executor_->Post([&] { started.set_value(engine_->Start()); });
  return started.get_future().get();
}

absl::Status Process::Listen(const std::vector<std::string>& api_services) {
  GrpcServerOptions options;
  options.address = config_.api_address();
  options.authority = config_.authority();
  options.client_ca_file = config_.api_tls().ca_file();
  options.certificate_file = config_.api_tls().certificate_file();
  options.key_file = config_.api_tls().key_file();
  options.services = api_services;
  options.reflection = config_.development_reflection();
  options.request_bytes_max = static_cast<int>(config_.limits().request_bytes_max());
  auto server = GrpcServer::Start(options, engine_.get(), telemetry());
  if (!server.ok()) return server.status();
  server_ = *std::move(server);
  server_->SetServing("", true);
  for (const std::string& service : api_services) server_->SetServing(service, true);
  executor_->Post([this] {
    KeepHealthTrue();
    KeepDirectoryFresh();
  });
  telemetry()->Log(exchange::Severity::kInfo, "api.listening",
                   {{"port", std::to_string(server_->port())}});
  return absl::OkStatus();
}

void Process::KeepHealthTrue() {
  server_->SetServing(kBusHealth, engine_->bus_available());
  executor_->PostAfter(kHealthEvery, [this] { KeepHealthTrue(); });
}

void Process::KeepDirectoryFresh() {
  const auto refreshed = directory_->Refresh();
  if (!refreshed.ok()) {
    telemetry()->Log(exchange::Severity::kError, "directory.refused",
                     {{"why", std::string(refreshed.status().message())}});
  } else if (*refreshed) {
    const absl::Status kept =
        store_->Commit({{exchange::Table::kMeta, kDirectoryKey, directory_->accepted()}});
    telemetry()->Log(kept.ok() ? exchange::Severity::kInfo : exchange::Severity::kError,
                     "directory.renewed", {{"version", std::to_string(directory_->version())}});
  }
  telemetry()->Set("directory.expires_in_seconds", {},
                   absl::ToDoubleSeconds(directory_->expires() - clock_.Now()));
  executor_->PostAfter(kDirectoryEvery, [this] { KeepDirectoryFresh(); });
}

Process::~Process() {
  if (server_) server_->Shutdown(clock_.Now() + kShutdownGrace);
  if (executor_) executor_->Stop();
}

}  // namespace exitbus::adapters
