#include "adapters/grpc/grpc_server.h"

#include <atomic>
#include <chrono>
#include <fstream>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/grpc/bound_service.h"
#include "adapters/grpc/tls_version.h"
#include "google/protobuf/descriptor.h"
#include "grpc/health/v1/health.pb.h"
#include "grpc/support/log.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/impl/server_builder_option.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "services/exchange/ports/status_macros.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {
namespace {

constexpr int kMetadataBytesMax = 16 * 1024;
// Clients may ping every 10 s, by clocks and networks that are not exact.
constexpr absl::Duration kPingIntervalMin = absl::Seconds(5);
// A client that vanished without a word is noticed, and what it watched is given up.
constexpr absl::Duration kKeepaliveEvery = absl::Seconds(30);
constexpr absl::Duration kKeepaliveTimeout = absl::Seconds(10);
constexpr absl::Duration kSameLineAgainAfter = absl::Minutes(1);
constexpr std::string_view kWhereHandshakesFail = "ssl_transport_security";  // gRPC's file

// gRPC logs through one function a process; it goes to the newest server's telemetry. Its lines
// name peers' addresses and errors of transport, nothing of a call's content.
std::atomic<exchange::Telemetry*> log_to = nullptr;

// Whether a line from this place in gRPC is due: strangers must not fill the log.
bool IsDue(const gpr_log_func_args& args) {
  static auto* const mutex = new std::mutex;
  static auto* const told = new std::map<std::pair<std::string_view, int>, absl::Time>;
  const std::lock_guard<std::mutex> lock(*mutex);
  absl::Time& last = told->try_emplace({args.file, args.line}, absl::InfinitePast()).first->second;
  const absl::Time now = absl::Now();
  if (now - last < kSameLineAgainAfter) return false;
  last = now;
  return true;
}

void LogLine(gpr_log_func_args* args) {
  exchange::Telemetry* telemetry = log_to.load();
  if (telemetry == nullptr || args->severity < GPR_LOG_SEVERITY_ERROR) return;
  if (std::string_view(args->file).find(kWhereHandshakesFail) != std::string_view::npos) {
    return telemetry->Count("api.handshakes_failed", {});
  }
  telemetry->Count("grpc.errors", {});
  if (!IsDue(*args)) return;
  telemetry->Log(exchange::Severity::kWarning, "grpc.log", {{"message", args->message}});
}

// The reflection plugin enters every server of a process that is linked with it; this takes it out
// again.
class WithoutReflection final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments* arguments) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    const std::string name = grpc::reflection::ProtoServerReflectionPlugin().name();
    std::erase_if(*plugins, [&](const auto& plugin) { return plugin->name() == name; });
  }
};

absl::Status CheckReadable(const std::string& file) {
  if (std::ifstream(file).good()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("cannot read ", file));
}

std::shared_ptr<grpc::ServerCredentials> MakeCredentials(const GrpcServerOptions& options) {
  RequireTls13();
  auto provider = std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      options.key_file, options.certificate_file, options.client_ca_file,
      static_cast<unsigned>(options.certificate_check_interval_s));
  grpc::experimental::TlsServerCredentialsOptions tls(std::move(provider));
  tls.watch_root_certs();
  tls.watch_identity_key_cert_pairs();
  tls.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return grpc::experimental::TlsServerCredentials(tls);
}

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

void SetLimits(const GrpcServerOptions& options, grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(options.request_bytes_max);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytesMax);
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
                              Milliseconds(options.handshake_within));
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                              options.concurrent_calls_per_connection_max);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 2);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                              Milliseconds(kPingIntervalMin));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(kKeepaliveEvery));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Milliseconds(kKeepaliveTimeout));
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS,
                              Milliseconds(options.connection_age_max));
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                              Milliseconds(options.connection_age_grace));
  // Two processes must never share a port unnoticed.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

class Server final : public GrpcServer {
 public:
  Server(Admission* admission, exchange::Telemetry* telemetry)
      : admission_(admission), telemetry_(telemetry) {}

  void Offer(const google::protobuf::ServiceDescriptor& service, exchange::ApiHandler* handler) {
    services_.push_back(std::make_unique<BoundService>(service, admission_, handler));
  }

  ~Server() override {
    if (server_ != nullptr && !stopped_) Shutdown(absl::Now());
    exchange::Telemetry* ours = telemetry_;
    log_to.compare_exchange_strong(ours, nullptr);
  }

  absl::Status Listen(const GrpcServerOptions& options) {
    log_to = telemetry_;
    gpr_set_log_function(&LogLine);
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    if (options.reflection) {
      grpc::reflection::InitProtoReflectionServerBuilderPlugin();  // once, however often called
      grpc::health::v1::HealthCheckRequest::descriptor();          // for it to describe
    } else {
      builder.SetOption(std::make_unique<WithoutReflection>());
    }
    SetLimits(options, &builder);
    builder.AddListeningPort(options.address, MakeCredentials(options), &port_);
    for (const auto& service : services_) builder.RegisterService(service.get());
    server_ = builder.BuildAndStart();
    if (server_ != nullptr && port_ > 0) return absl::OkStatus();
    return absl::FailedPreconditionError(
        absl::StrCat("cannot listen on ", options.address,
                     ": in use by another process, or not an address of this machine"));
  }

  int port() const override { return port_; }

  void SetServing(std::string_view service, bool serving) override {
    server_->GetHealthCheckService()->SetServingStatus(std::string(service), serving);
  }

  void EndRevokedWatches() override {
    for (const auto& service : services_) service->EndRevokedWatches();
  }

  void Shutdown(absl::Time deadline) override {
    stopped_ = true;
    // Those who ask before they call are turned away first.
    server_->GetHealthCheckService()->Shutdown();
    for (const auto& service : services_) service->EndWatches();
    server_->Shutdown(absl::ToChronoTime(deadline));
    server_->Wait();
  }

 private:
  Admission* const admission_;
  std::vector<std::unique_ptr<BoundService>> services_;
  exchange::Telemetry* const telemetry_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
  bool stopped_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(const GrpcServerOptions& options,
                                                              Admission* admission,
                                                              exchange::ApiHandler* handler,
                                                              exchange::Telemetry* telemetry) {
  for (const auto* file : {&options.client_ca_file, &options.certificate_file, &options.key_file}) {
    RETURN_IF_ERROR(CheckReadable(*file));
  }
  auto server = std::make_unique<Server>(admission, telemetry);
  for (const std::string& name : options.services) {
    const auto* descriptor =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    if (descriptor == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("no service ", name, " in the contracts"));
    }
    server->Offer(*descriptor, handler);
  }
  RETURN_IF_ERROR(server->Listen(options));
  return server;
}

}  // namespace exitbus::adapters
