// The parts of a running service, in the order they depend on each other.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "adapters/api/admission.h"
#include "adapters/directory/development_clock.h"
#include "adapters/directory/file_directory.h"
#include "adapters/directory/key_file.h"
#include "adapters/directory/revoked_clients.h"
#include "adapters/grpc/accept_probe.h"
#include "adapters/grpc/grpc_server.h"
#include "adapters/http/prometheus_telemetry.h"
#include "adapters/process/order_folder.h"
#include "adapters/process/tls_files.h"
#include "adapters/process/vitals.h"
#include "adapters/sodium/file_master_key.h"
#include "adapters/sodium/sodium_crypto.h"
#include "adapters/sqlite/folder_lock.h"
#include "adapters/system/json_telemetry.h"
#include "adapters/system/system_clock.h"
#include "adapters/system/thread_executor.h"
#include "adapters/unicode/utf8proc_unicode.h"
#include "exitbus/config/v1/config.pb.h"
#include "services/exchange/aggregate.h"
#include "services/exchange/core.h"
#include "services/exchange/environment.h"
#include "services/exchange/ports/broker_figures.h"
#include "services/exchange/ports/gang_list.h"
#include "services/exchange/tracer.h"
#include "services/exchange/vault.h"

namespace exitbus::adapters {

class WebServer;

// Where the journal keeps the directory that was accepted last, in Table::kMeta.
inline constexpr char kAcceptedDirectory[] = "directory";

// What a process runs, and what it offers.
struct Program {
  exchange::MakeCore make;
  std::vector<std::string> api_services;
  decltype(exchange::Service::with_gang_list) with_gang_list = nullptr;
  bool looks_at_broker = false;
};

class Process {
 public:
  // Everything up to a listening API, or the first thing that is wrong. `new_store`: the store is
  // to be begun.
  static absl::StatusOr<std::unique_ptr<Process>> Start(const config::v1::ServiceConfig& config,
                                                        bool new_store, Program program);
  // Lets calls under way finish, then ends.
  ~Process();

  // A signal came that ends nothing.
  void TellIgnored(const char* signal);

  // False: it ended itself because its listener no longer accepted; start it anew.
  bool accepts() const { return accepts_; }
  // False: it ended itself because another process has taken its store over.
  bool owns_store() const { return owns_store_; }

 private:
  Process(const config::v1::ServiceConfig& config, bool new_store);

  absl::Status OpenOwnFiles();
  absl::Status OpenTls();
  absl::Status OpenStores();
  absl::Status OpenDirectory();
  absl::Status ConnectBus(bool looks_at_broker);
  absl::Status StartCore(const exchange::MakeCore& make);
  // Reads what others sent while this process was not there. OK too when that is not to be had for
  // now: what is in the store is served then, because precautions must be readable without a
  // broker.
  void CatchUp();
  // Where one is configured and can be: a unit whose list is not to be had serves all the same.
  void ConnectGangList(decltype(exchange::Service::with_gang_list) with_gang_list);
  absl::Status Listen(const std::vector<std::string>& api_services);
  // Beside it, where one is configured (web.cc).
  absl::Status ListenWeb(const std::vector<std::string>& api_services);
  // On the executor, now and again after each `period`: health as the bus is, and what operators
  // change in files while it runs (upkeep.cc).
  void Every(absl::Duration period, void (Process::*look)());
  void KeepDirectoryFresh();
  void KeepKeysFresh();
  void TakeOrders();
  void KeepClockFresh();
  void KeepRevokedClientsFresh();
  void KeepTlsFresh();
  // One of the two sets; `what` is "api" or "kafka" in log lines and figures.
  void KeepFresh(TlsFiles& files, const char* what);
  // A look at a file: true, what is new in it was taken; an error, it was refused.
  void TellReload(const char* file, const absl::StatusOr<bool>& refreshed);
  void TellRefused(const char* event, const absl::Status& why);
  void KeepHealthTrue();
  // Of the listener, which has fallen silent: asks for the process's end.
  void EndUnaccepting();
  // Of a store, which refused a commit: asks for the process's end, once.
  void EndTakenOver();
  void EndSoon();
  exchange::Telemetry* telemetry();
  // What calls go to.
  exchange::ApiHandler* api() { return before_core_ ? before_core_.get() : core_.get(); }

  const config::v1::ServiceConfig config_;
  const bool new_store_;
  OrderFolder orders_;
  SystemClock clock_;
  std::unique_ptr<DevelopmentClock> development_clock_;  // null: cases go by the machine's clock
  JsonTelemetry log_;
  std::unique_ptr<PrometheusTelemetry> metrics_;
  std::unique_ptr<exchange::Tracer> tracer_;  // null: no console is told
  std::unique_ptr<exchange::Crypto> crypto_;
  SodiumRandom random_;
  Utf8procUnicode unicode_;
  std::unique_ptr<FolderLock> lock_;
  std::unique_ptr<Vitals> vitals_;
  std::unique_ptr<exchange::Store> store_;
  std::unique_ptr<exchange::Store> key_store_;
  std::unique_ptr<FileDirectory> directory_;
  std::unique_ptr<KeyFile> keys_;
  std::unique_ptr<TlsFiles> api_tls_;
  std::unique_ptr<TlsFiles> kafka_tls_;
  std::unique_ptr<RevokedClientsFile> revoked_clients_;  // null: no list is configured
  absl::Time reported_old_key_ = absl::InfinitePast();
  std::unique_ptr<exchange::MasterKey> master_key_;
  std::unique_ptr<exchange::Vault> vault_;
  std::unique_ptr<ThreadExecutor> executor_;
  std::unique_ptr<exchange::Bus> bus_;
  std::unique_ptr<exchange::BrokerLook> broker_look_;  // null: an authority does not look
  std::unique_ptr<exchange::Core> core_;
  std::unique_ptr<exchange::GangList> gang_list_;      // null: this process is not connected to it
  std::unique_ptr<exchange::ApiHandler> before_core_;  // null: nothing is
  std::unique_ptr<Admission> admission_;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<WebServer> web_;  // null: not configured
  std::atomic<bool> accepts_ = true;
  std::atomic<bool> owns_store_ = true;
  std::unique_ptr<AcceptProbe> probe_;
};

}  // namespace exitbus::adapters
