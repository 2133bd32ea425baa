#include "adapters/process/process.h"

#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "adapters/directory/config.h"
#include "adapters/kafka/kafka_bus.h"
#include "adapters/kafka/kafka_look.h"
#include "adapters/process/own_store.h"
#include "adapters/process/settings.h"
#include "adapters/sqlite/sqlite_store.h"
#include "adapters/system/stop_signal.h"
#include "adapters/system/version.h"
#include "adapters/web/web_server.h"
#include "exitbus/config/v1/keys.pb.h"
#include "services/exchange/ports/bus.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/schema.h"

namespace exitbus::adapters {
namespace {

constexpr absl::Duration kHealthEvery = absl::Seconds(1);
constexpr absl::Duration kFilesEvery = absl::Seconds(5);
constexpr absl::Duration kClockEvery = absl::Seconds(1);
constexpr absl::Duration kOrdersEvery = absl::Seconds(1);
constexpr absl::Duration kCatchUpEvery = absl::Milliseconds(10);
constexpr absl::Duration kShutdownGrace = absl::Seconds(5);
constexpr char kBusHealth[] = "exitbus.bus";
constexpr char kStoreHealth[] = "exitbus.store";

// Nobody would believe an authority with another identity than it is listed with. The sealing key
// that is listed may be gone: those that came after it were announced.
absl::Status CheckSelf(const exchange::DirectoryEntry* self,
                       const config::v1::ServiceConfig& config,
                       const config::v1::AuthorityKeys& keys) {
  if (config.kind() == policy::v1::AUTHORITY_KIND_UNSPECIFIED) {  // the console
    if (self == nullptr) return absl::OkStatus();
    return absl::FailedPreconditionError("lists an authority \"" + config.authority() +
                                         "\", which is the console's name. Have it renamed.");
  }
  if (self == nullptr || self->kind != config.kind()) {
    return absl::FailedPreconditionError("does not list \"" + config.authority() +
                                         "\" as this kind of authority. Correct `authority` and "
                                         "`kind`, or have it listed.");
  }
  if (keys.identity_public_key() != self->identity_key) {
    return absl::FailedPreconditionError("lists other keys for \"" + config.authority() +
                                         "\" than " + config.keys_file() +
                                         " holds. Correct `keys_file`, or have these keys listed.");
  }
  return absl::OkStatus();
}

}  // namespace

Process::Process(const config::v1::ServiceConfig& config, bool new_store)
    : config_(config),
      new_store_(new_store),
      orders_(config.data_folder()),
      log_({config.authority(), exchange::Severity::kInfo, HopLines::kFailures}, &clock_),
      crypto_(MakeSodiumCrypto()) {}

absl::StatusOr<std::unique_ptr<Process>> Process::Start(const config::v1::ServiceConfig& config,
                                                        bool new_store, Program program) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone("Europe/Copenhagen", &zone)) {
    return absl::FailedPreconditionError(
        "no time zone data for Europe/Copenhagen, by which deadlines are counted: install tzdata");
  }
  std::unique_ptr<Process> process(new Process(config, new_store));
  if (!config.metrics_address().empty()) {
    ASSIGN_OR_RETURN(process->metrics_,
                     PrometheusTelemetry::Serve(config.metrics_address(), &process->log_));
  }
  if (config.has_trace()) {
    process->tracer_ = std::make_unique<exchange::Tracer>(process->telemetry(), &process->clock_);
  }
  RETURN_IF_ERROR(process->OpenOwnFiles());
  RETURN_IF_ERROR(process->OpenDirectory());
  process->TellRefused("keys.not_kept", process->keys_->Keep());
  RETURN_IF_ERROR(process->ConnectBus(program.looks_at_broker));
  RETURN_IF_ERROR(process->StartCore(program.make));
  process->ConnectGangList(program.with_gang_list);
  process->CatchUp();
  RETURN_IF_ERROR(process->Listen(program.api_services));
  return process;
}

exchange::Telemetry* Process::telemetry() {
  if (tracer_) return tracer_.get();
  return metrics_ ? static_cast<exchange::Telemetry*>(metrics_.get()) : &log_;
}

absl::Status Process::OpenOwnFiles() {
  RETURN_IF_ERROR(CheckStoreIsThere(config_.data_folder(), new_store_));
  ASSIGN_OR_RETURN(lock_, FolderLock::Acquire(config_.data_folder()));
  const bool started_before = StartedBefore(config_);
  RETURN_IF_ERROR(OpenTls());
  ASSIGN_OR_RETURN(keys_, KeyFile::Open(config_.keys_file(), started_before));
  if (!config_.revoked_clients_file().empty()) {
    ASSIGN_OR_RETURN(revoked_clients_,
                     RevokedClientsFile::Open(config_.revoked_clients_file(),
                                              config_.data_folder() + "/revoked-clients.accepted"));
  }
  if (!config_.development_clock_file().empty()) {
    ASSIGN_OR_RETURN(development_clock_,
                     DevelopmentClock::Open(config_.development_clock_file(), &clock_));
  }
  return OpenStores();
}

absl::Status Process::OpenTls() {
  const std::string folder = config_.data_folder() + "/tls";
  auto api = TlsFiles::Open(
      {"api_tls", config_.api_tls(), folder + "/api", config_.authority(), TlsUse::kServer},
      clock_.Now());
  auto kafka = TlsFiles::Open(
      {"kafka.tls", config_.kafka().tls(), folder + "/kafka", config_.authority(), TlsUse::kClient},
      clock_.Now());
  if (!api.ok() && !kafka.ok()) {
    return {api.status().code(), absl::StrCat(std::string(api.status().message()), "\n",
                                              std::string(kafka.status().message()))};
  }
  if (!api.ok()) return api.status();
  if (!kafka.ok()) return kafka.status();
  api_tls_ = *std::move(api);
  kafka_tls_ = *std::move(kafka);
  return absl::OkStatus();
}

absl::Status Process::OpenStores() {
  const std::string journal = JournalFile(config_);
  const std::string keys_file = KeysIn(config_.data_folder());
  ASSIGN_OR_RETURN(vitals_, Vitals::Start(config_, &log_, telemetry()));
  const auto make_room = [this] { return vitals_->MakeRoom(); };
  const auto taken_over = [this] { EndTakenOver(); };
  ASSIGN_OR_RETURN(store_, OpenSqliteStore(journal, {.telemetry = telemetry(),
                                                     .make_room = make_room,
                                                     .taken_over = taken_over}));
  ASSIGN_OR_RETURN(key_store_, OpenSqliteStore(keys_file, {.leave_no_trace = true,
                                                           .telemetry = telemetry(),
                                                           .make_room = make_room,
                                                           .taken_over = taken_over}));
  RETURN_IF_ERROR(exchange::MigrateJournal(*store_, journal));
  RETURN_IF_ERROR(exchange::MigrateKeys(*key_store_, keys_file));
  master_key_ = MakeFileMasterKey(crypto_.get(), exchange::SecretBytes(keys_->keys().master_key()));
  RETURN_IF_ERROR(CheckStoreIsOwn(config_.data_folder(), config_.authority(), *store_, *key_store_,
                                  new_store_));
  vault_ = std::make_unique<exchange::Vault>(key_store_.get(), crypto_.get(), &random_,
                                             master_key_.get());
  return absl::OkStatus();
}

absl::Status Process::OpenDirectory() {
  auto accepted = store_->Get(exchange::Table::kMeta, kAcceptedDirectory);
  if (!accepted.ok()) return accepted.status();
  const DirectoryFits fits = [this](const exchange::DirectoryEntry* self) {
    return CheckSelf(self, config_, keys_->keys());
  };
  ASSIGN_OR_RETURN(directory_,
                   FileDirectory::Open({config_.directory_file(), TrustOf(config_),
                                        accepted->value_or(""), 0, config_.authority(), fits},
                                       crypto_.get(), &clock_));
  // The one in force may be from before other keys.
  const auto self = directory_->Find(config_.authority());
  if (auto fit = CheckSelf(self.get(), config_, keys_->keys()); !fit.ok()) {
    return {fit.code(), absl::StrCat(config_.directory_file(), ": ", std::string(fit.message()))};
  }
  return store_->Commit(exchange::Durability::kDurable,
                        {{exchange::Table::kMeta, kAcceptedDirectory, directory_->accepted()}});
}

absl::Status Process::ConnectBus(bool looks_at_broker) {
  executor_ = std::make_unique<ThreadExecutor>();
  const config::v1::Tls tls = kafka_tls_->in_force();
  KafkaOptions options = {config_.kafka().bootstrap_servers(), tls.ca_file(),
                          tls.certificate_file(), tls.key_file(), config_.authority()};
  options.publishes = !looks_at_broker;  // the console, which may not
  ASSIGN_OR_RETURN(bus_, MakeKafkaBus(options, executor_.get(), telemetry()));
  if (!looks_at_broker) return absl::OkStatus();
  ASSIGN_OR_RETURN(broker_look_, MakeKafkaLook(options, executor_.get(), telemetry()));
  return absl::OkStatus();
}

absl::Status Process::StartCore(const exchange::MakeCore& make) {
  exchange::Environment environment;
  environment.self = config_.authority();
  environment.settings = SettingsOf(config_);
  environment.settings.version = std::string(Version());
  environment.secrets = keys_->Secrets();
  environment.store = store_.get();
  environment.vault = vault_.get();
  environment.bus = bus_.get();
  environment.broker_look = broker_look_.get();
  environment.crypto = crypto_.get();
  environment.random = &random_;
  environment.unicode = &unicode_;
  environment.clock =
      development_clock_ ? static_cast<exchange::Clock*>(development_clock_.get()) : &clock_;
  environment.wall_clock = &clock_;
  environment.executor = executor_.get();
  environment.directory = directory_.get();
  environment.telemetry = telemetry();
  environment.tracer = tracer_.get();
  core_ = make(std::move(environment));
  std::promise<absl::Status> started;
  executor_->Post([&] { started.set_value(core_->Start()); });
  return started.get_future().get();
}

// One wait in all: neither a topic that is missing nor one that never ends keeps the API closed.
void Process::CatchUp() {
  const absl::Time until = absl::Now() + DurationOf(config_.catch_up_wait_max());
  while (!core_->caught_up() && !StopSignalCame()) {
    if (absl::Now() < until) {
      absl::SleepFor(kCatchUpEvery);
      continue;
    }
    telemetry()->Log(exchange::Severity::kError, "api.serving_unread",
                     {{"broker", core_->bus_available() ? "reached" : "not_reached"},
                      {"topics", core_->unread()}});
    telemetry()->Count("api_serving_unread", {});
    return;
  }
}

absl::Status Process::Listen(const std::vector<std::string>& api_services) {
  GrpcServerOptions options;
  options.address = config_.api_address();
  const config::v1::Tls tls = api_tls_->in_force();
  options.client_ca_file = tls.ca_file();
  options.certificate_file = tls.certificate_file();
  options.key_file = tls.key_file();
  options.services = api_services;
  options.reflection = config_.development_reflection();
  options.request_bytes_max = static_cast<int>(config_.limits().request_bytes_max());
  // A quarter of the queue, so that one system never fills it.
  admission_ = std::make_unique<Admission>(
      config_.authority(), std::max(config_.limits().queue_length_max() / 4, 1U), telemetry());
  if (revoked_clients_) admission_->SetRevoked(revoked_clients_->listed());
  ASSIGN_OR_RETURN(server_, GrpcServer::Start(options, admission_.get(), api(), telemetry()));
  RETURN_IF_ERROR(ListenWeb(api_services));
  server_->SetServing("", true);
  for (const std::string& service : api_services) server_->SetServing(service, true);
  executor_->Post([this] {
    Every(kHealthEvery, &Process::KeepHealthTrue);
    Every(kFilesEvery, &Process::KeepDirectoryFresh);
    Every(kFilesEvery, &Process::KeepKeysFresh);
    Every(kFilesEvery, &Process::KeepTlsFresh);
    Every(kOrdersEvery, &Process::TakeOrders);
    if (development_clock_) Every(kClockEvery, &Process::KeepClockFresh);
    if (revoked_clients_) Every(kFilesEvery, &Process::KeepRevokedClientsFresh);
  });
  if (const std::string why = ShutsClientsOut(api_tls_->texts()); !why.empty()) {
    telemetry()->Log(exchange::Severity::kWarning, "certificates.shut_clients_out",
                     {{"why", why}, {"remedy", "have one issued for a key of EC P-256 or RSA"}});
  }
  if (development_clock_) {
    telemetry()->Log(exchange::Severity::kWarning, "development_clock.in_force",
                     {{"file", config_.development_clock_file()}});
  }
  const std::string host = config_.api_address().substr(0, config_.api_address().rfind(':'));
  probe_ = std::make_unique<AcceptProbe>(
      AcceptProbeOptions{.host = std::string(absl::StripSuffix(absl::StripPrefix(host, "["), "]")),
                         .port = server_->port()},
      telemetry(), [this] { EndUnaccepting(); });
  telemetry()->Log(
      exchange::Severity::kInfo, "api.listening",
      {{"port", std::to_string(server_->port())}, {"version", std::string(Version())}});
  telemetry()->Set("build_info", {{"version", std::string(Version())}}, 1);
  return absl::OkStatus();
}

void Process::KeepHealthTrue() {
  server_->SetServing(kBusHealth, core_->bus_available());
  vitals_->Look();
  core_->SetDiskFull(vitals_->disk_full());
  server_->SetServing(kStoreHealth, core_->store_is_good() && !vitals_->disk_full());
}

void Process::TellIgnored(const char* signal) {
  telemetry()->Log(exchange::Severity::kInfo, "signal.ignored",
                   {{"signal", signal}, {"why", "changed files are read again by themselves"}});
}

void Process::TellRefused(const char* event, const absl::Status& why) {
  if (why.ok()) return;
  telemetry()->Log(exchange::Severity::kError, event, {{"why", std::string(why.message())}});
}

Process::~Process() {
  probe_ = nullptr;
  const absl::Time deadline = clock_.Now() + kShutdownGrace;
  if (web_) web_->Shutdown(deadline);
  if (server_) server_->Shutdown(deadline);
  if (executor_) executor_->Stop();
}

}  // namespace exitbus::adapters
