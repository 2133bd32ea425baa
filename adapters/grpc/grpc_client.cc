#include "adapters/grpc/grpc_client.h"

#include <condition_variable>
#include <fstream>
#include <future>
#include <mutex>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "adapters/grpc/grpc_watch.h"
#include "adapters/grpc/tls_version.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/byte_buffer.h"
#include "services/exchange/ports/status_macros.h"

namespace exitbus::adapters {
namespace {

using google::protobuf::Message;

constexpr int kKeepaliveMs = 30'000;
constexpr int kReconnectFirstMs = 200;
constexpr int kReconnectMaxMs = 1000;
constexpr int kKeepaliveTimeoutMs = 10'000;

absl::StatusOr<std::string> ReadFile(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream content;
  content << stream.rdbuf();
  if (!stream.good() || content.str().empty()) {
    return absl::InvalidArgumentError(absl::StrCat("cannot read ", file));
  }
  return content.str();
}

// The calls under way. A call holds on to its channel until gRPC's thread lets it go, and the last
// channel must not go on that thread: gRPC would wait there for the thread itself, and abort.
class CallsUnderWay {
 public:
  void Begin() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++count_;
  }
  void End() {
    const std::lock_guard<std::mutex> lock(mutex_);
    --count_;
    changed_.notify_all();
  }
  void AwaitNone() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;  // guarded by mutex_
};

// A call under way. It keeps what gRPC points to.
struct Pending {
  struct Place {
    explicit Place(CallsUnderWay* calls) : calls(calls) { calls->Begin(); }
    ~Place() { calls->End(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    CallsUnderWay* calls;
  };

  explicit Pending(CallsUnderWay* calls) : place(calls) {}

  const Place place;  // first, and so given up last
  grpc::ClientContext context;
  grpc::ByteBuffer request;
  grpc::ByteBuffer response;
  std::unique_ptr<Message> reply;
  absl::AnyInvocable<void(GrpcClient::Reply)> done;

  void Finish(const grpc::Status& status) {
    if (!status.ok()) {
      done(FromGrpcStatus(status));
      return;
    }
    const grpc::Status parsed =
        grpc::GenericDeserialize<grpc::ProtoBufferReader, Message>(&response, reply.get());
    if (parsed.ok()) {
      done(std::move(reply));
    } else {
      done(absl::InternalError("the reply is not a " + reply->GetDescriptor()->full_name()));
    }
  }
};

const google::protobuf::MethodDescriptor* Find(const std::string& method) {
  return google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(method);
}

absl::Status NoSuchMethod(const std::string& method) {
  return absl::InvalidArgumentError(absl::StrCat("no method ", method, " in the contracts"));
}

std::string PathOf(const google::protobuf::MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

class Client final : public GrpcClient {
 public:
  explicit Client(const std::shared_ptr<grpc::Channel>& channel) : stub_(channel) {}
  ~Client() override { calls_.AwaitNone(); }

  Reply Call(const std::string& method, const Message& request,
             const CallOptions& options) override {
    std::promise<Reply> promise;
    std::future<Reply> reply = promise.get_future();
    CallAsync(method, request, options,
              [&promise](Reply result) { promise.set_value(std::move(result)); });
    return reply.get();
  }

  void CallAsync(const std::string& method, const Message& request, const CallOptions& options,
                 absl::AnyInvocable<void(Reply)> done) override {
    const auto* descriptor = Find(method);
    if (descriptor == nullptr) {
      done(NoSuchMethod(method));
      return;
    }
    if (request.GetDescriptor() != descriptor->input_type()) {
      done(absl::InvalidArgumentError(
          absl::StrCat(method, " wants a ", descriptor->input_type()->full_name())));
      return;
    }
    auto pending = std::make_shared<Pending>(&calls_);
    pending->reply.reset(google::protobuf::MessageFactory::generated_factory()
                             ->GetPrototype(descriptor->output_type())
                             ->New());
    pending->done = std::move(done);
    pending->context.set_deadline(absl::ToChronoTime(absl::Now() + options.timeout));
    for (const auto& [key, value] : options.metadata) pending->context.AddMetadata(key, value);
    bool own_buffer = false;
    const grpc::Status serialised = grpc::GenericSerialize<grpc::ProtoBufferWriter, Message>(
        request, &pending->request, &own_buffer);
    if (!serialised.ok()) {
      pending->done(FromGrpcStatus(serialised));
      return;
    }
    stub_.UnaryCall(&pending->context, PathOf(*descriptor), grpc::StubOptions(), &pending->request,
                    &pending->response,
                    [pending](const grpc::Status& status) { pending->Finish(status); });
  }

  absl::StatusOr<std::unique_ptr<GrpcWatch>> Watch(const std::string& method,
                                                   const CallOptions& options) override {
    const auto* descriptor = Find(method);
    if (descriptor == nullptr) return NoSuchMethod(method);
    return OpenGrpcWatch(stub_, PathOf(*descriptor), *descriptor->output_type(), options);
  }

 private:
  grpc::GenericStub stub_;
  CallsUnderWay calls_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcClient>> GrpcClient::Make(const GrpcClientOptions& options) {
  RequireTls13();
  grpc::SslCredentialsOptions ssl;
  ASSIGN_OR_RETURN(ssl.pem_root_certs, ReadFile(options.ca_file));
  if (!options.certificate_file.empty()) {
    ASSIGN_OR_RETURN(ssl.pem_cert_chain, ReadFile(options.certificate_file));
    ASSIGN_OR_RETURN(ssl.pem_private_key, ReadFile(options.key_file));
  }
  grpc::ChannelArguments arguments;
  // While a call is under way: a server that vanished without a word is noticed.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  // A service that was started again is found within a second, not after gRPC's two minutes.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectFirstMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMaxMs);
  if (!options.server_name.empty()) arguments.SetSslTargetNameOverride(options.server_name);
  return std::make_unique<Client>(
      grpc::CreateCustomChannel(options.address, grpc::SslCredentials(ssl), arguments));
}

}  // namespace exitbus::adapters
