// The listener over loopback with real certificates, seen by our own client and by gRPC's.
#include "adapters/grpc/grpc_server.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/grpc/grpc_client.h"
#include "exitbus/testing/v1/echo.pb.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/client_unary_call.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/byte_buffer.h"
#include "gtest/gtest.h"
#include "services/exchange/ports/api.h"
#include "services/exchange/ports/telemetry.h"

namespace exitbus::adapters {
namespace {

using exchange::Answer;
using exchange::Call;
using testing::v1::EchoRequest;
using testing::v1::EchoResponse;

constexpr char kEcho[] = "exitbus.testing.v1.EchoService.Echo";
constexpr char kOurs[] = "municipality-0183.casesystem.exit_coordinator";
namespace fs = std::filesystem;

void Certificates(const fs::path& dir, const std::string& arguments) {
  const std::string command = "tools/certificates --dir " + dir.string() + " " + arguments;
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
}

// Two certificate authorities, an authority's certificate and clients good and bad, made once.
const fs::path& Pki() {
  static const fs::path dir = [] {
    std::string name = fs::temp_directory_path() / "exitbus-grpc-XXXXXX";
    const fs::path made = ::mkdtemp(name.data());
    Certificates(made, "init");
    Certificates(made, "issue-authority municipality-0183");
    Certificates(made, std::string("issue-client malformed municipality-0461.a.b ") + kOurs);
    Certificates(made, std::string("--as expired --expired issue-client ") + kOurs);
    Certificates(made, std::string("--as foreign --foreign-ca issue-client ") + kOurs);
    return made;
  }();
  return dir;
}

class RemovePki final : public ::testing::Environment {
 public:
  void TearDown() override { fs::remove_all(Pki()); }
};
const auto* const kRemovePki = ::testing::AddGlobalTestEnvironment(new RemovePki);

class QuietTelemetry final : public exchange::Telemetry {
 public:
  void Log(exchange::Severity, std::string_view, const exchange::Labels&) override {}
  void Count(std::string_view, const exchange::Labels&, double) override {}
  void Set(std::string_view, const exchange::Labels&, double) override {}
  void Record(const exchange::Hop&) override {}
};

class FakeHandler final : public exchange::ApiHandler {
 public:
  void Handle(Call call) override {
    std::function<void(Call)> act;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      callers_.push_back(call.caller);
      act = act_;
    }
    if (act) {
      act(std::move(call));
    } else {
      Echo(std::move(call));
    }
  }

  static void Echo(Call call) {
    auto reply = std::make_unique<EchoResponse>();
    reply->set_text(static_cast<const EchoRequest&>(*call.request).text());
    call.done({.reply = std::move(reply), .refusal = {}});
  }

  void Do(std::function<void(Call)> act) {
    const std::lock_guard<std::mutex> lock(mutex_);
    act_ = std::move(act);
  }
  std::vector<exchange::Caller> callers() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return callers_;
  }

 private:
  std::mutex mutex_;
  std::function<void(Call)> act_;
  std::vector<exchange::Caller> callers_;
};

class GrpcServerTest : public ::testing::Test {
 protected:
  void SetUp() override { Start(Options()); }

  static GrpcServerOptions Options() {
    GrpcServerOptions options;
    options.address = "127.0.0.1:0";
    options.authority = "municipality-0183";
    options.client_ca_file = Pki() / "clients-ca.crt";
    options.certificate_file = Pki() / "municipality-0183.crt";
    options.key_file = Pki() / "municipality-0183.key";
    options.services = {"exitbus.testing.v1.EchoService"};
    options.certificate_check_interval_s = 1;
    options.reflection = true;
    return options;
  }

  void Start(const GrpcServerOptions& options) {
    server_.reset();
    auto server = GrpcServer::Start(options, &handler_, &telemetry_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  std::unique_ptr<GrpcClient> Client(const std::string& certificate) {
    GrpcClientOptions options;
    options.address = "127.0.0.1:" + std::to_string(server_->port());
    options.ca_file = Pki() / "authorities-ca.crt";
    options.server_name = "municipality-0183";
    if (!certificate.empty()) {
      options.certificate_file = Pki() / (certificate + ".crt");
      options.key_file = Pki() / (certificate + ".key");
    }
    auto client = GrpcClient::Make(options);
    EXPECT_TRUE(client.ok()) << client.status();
    return *std::move(client);
  }

  static EchoRequest Request(const std::string& text) {
    EchoRequest request;
    request.set_text(text);
    return request;
  }

  CallError ErrorWith(const std::string& certificate) {
    CallOptions options;
    options.timeout = absl::Seconds(5);
    return ErrorOf(Client(certificate)->Call(kEcho, Request("x"), options).status());
  }

  // A raw unary call, as any gRPC client makes it.
  grpc::Status RawCall(const std::string& path, const std::string& bytes, std::string* reply) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
    grpc::Slice slice(bytes);
    grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    const auto status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
        Channel().get(),
        grpc::internal::RpcMethod(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC), &context,
        request, &response);
    if (status.ok() && reply != nullptr) *reply = Bytes(&response);
    return status;
  }

  // The first answer of a bidirectional stream, as the reflection service answers.
  std::string RawStreamCall(const std::string& path, const std::string& bytes) {
    grpc::GenericStub stub(Channel());
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
    grpc::CompletionQueue queue;
    const auto next = [&queue] {
      void* tag = nullptr;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    auto stream = stub.PrepareCall(&context, path, &queue);
    grpc::Slice slice(bytes);
    grpc::ByteBuffer response;
    stream->StartCall(nullptr);
    if (!next()) return {};
    stream->Write(grpc::ByteBuffer(&slice, 1), nullptr);
    if (!next()) return {};
    stream->Read(&response, nullptr);
    const bool read = next();
    grpc::Status status;
    context.TryCancel();
    stream->Finish(&status, nullptr);
    next();
    return read ? Bytes(&response) : std::string();
  }

  std::shared_ptr<grpc::Channel> Channel() {
    grpc::SslCredentialsOptions ssl;
    ssl.pem_root_certs = Content(Pki() / "authorities-ca.crt");
    ssl.pem_cert_chain = Content(Pki() / (std::string(kOurs) + ".crt"));
    ssl.pem_private_key = Content(Pki() / (std::string(kOurs) + ".key"));
    return grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()),
                               grpc::SslCredentials(ssl));
  }

  static std::string Content(const fs::path& file) {
    std::string content(fs::file_size(file), '\0');
    std::unique_ptr<FILE, int (*)(FILE*)> in(std::fopen(file.c_str(), "rb"), &std::fclose);
    EXPECT_EQ(std::fread(content.data(), 1, content.size(), in.get()), content.size());
    return content;
  }

  static std::string Bytes(grpc::ByteBuffer* buffer) {
    std::vector<grpc::Slice> slices;
    EXPECT_TRUE(buffer->Dump(&slices).ok());
    std::string bytes;
    for (const auto& slice : slices) {
      bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
    return bytes;
  }

  QuietTelemetry telemetry_;
  FakeHandler handler_;
  std::unique_ptr<GrpcServer> server_;
};

TEST_F(GrpcServerTest, AnswersAndTellsWhoCalls) {
  CallOptions options;
  options.metadata = {{"exitbus-employee", "az1234"}, {"exitbus-purpose", "follow-up"}};
  const auto reply = Client(kOurs)->Call(kEcho, Request("hej"), options);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(static_cast<const EchoResponse&>(**reply).text(), "hej");
  ASSERT_EQ(handler_.callers().size(), 1U);
  const exchange::Caller caller = handler_.callers()[0];
  EXPECT_EQ(caller.authority, "municipality-0183");
  EXPECT_EQ(caller.system, "casesystem");
  EXPECT_EQ(caller.function, "exit_coordinator");
  EXPECT_EQ(caller.employee, "az1234");
  EXPECT_EQ(caller.purpose, "follow-up");
}

TEST_F(GrpcServerTest, TlsTurnsAwayWhoHasNoCertificateOfOurClients) {
  // "municipality-0183" is an authority's certificate: of the other CA.
  for (const char* certificate : {"", "foreign", "expired", "municipality-0183"}) {
    const CallError error = ErrorWith(certificate);
    EXPECT_EQ(error.code, absl::StatusCode::kUnavailable) << certificate;
  }
  EXPECT_TRUE(handler_.callers().empty());
}

TEST_F(GrpcServerTest, RefusesAnotherAuthoritysSystem) {
  const CallError error = ErrorWith("municipality-0461.a.b");
  EXPECT_EQ(error.code, absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(error.reason, "caller.wrong_authority");
  EXPECT_TRUE(handler_.callers().empty());
}

TEST_F(GrpcServerTest, RefusesACertificateThatNamesNoSystem) {
  const CallError error = ErrorWith("malformed");
  EXPECT_EQ(error.code, absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(error.reason, "caller.malformed_certificate_name");
}

TEST_F(GrpcServerTest, ClientTurnsAwayAServerOfAnotherName) {
  GrpcClientOptions options;
  options.address = "127.0.0.1:" + std::to_string(server_->port());
  options.ca_file = Pki() / "authorities-ca.crt";
  options.certificate_file = Pki() / (std::string(kOurs) + ".crt");
  options.key_file = Pki() / (std::string(kOurs) + ".key");
  options.server_name = "municipality-0461";
  const auto client = GrpcClient::Make(options);
  ASSERT_TRUE(client.ok());
  EXPECT_EQ((*client)->Call(kEcho, Request("x")).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(GrpcServerTest, RefusalReachesTheClientWithItsReason) {
  handler_.Do([](Call call) {
    call.done({.reply = nullptr,
               .refusal = {.code = absl::StatusCode::kFailedPrecondition,
                           .reason = "test.no",
                           .message = "Not now.",
                           .metadata = {{"state", "OFFERED"}}}});
  });
  const CallError error = ErrorWith(kOurs);
  EXPECT_EQ(error.code, absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(error.reason, "test.no");
  EXPECT_EQ(error.message, "Not now.");
  ASSERT_EQ(error.metadata.size(), 1U);
  EXPECT_EQ(error.metadata[0].second, "OFFERED");
}

TEST_F(GrpcServerTest, AnAnswerThatWasDroppedEndsTheCall) {
  handler_.Do([](Call call) {});
  const CallError error = ErrorWith(kOurs);
  EXPECT_EQ(error.code, absl::StatusCode::kUnavailable);
  EXPECT_EQ(error.reason, "server.stopping");
}

TEST_F(GrpcServerTest, RefusesWhatItCannotParse) {
  const auto status =
      RawCall("/exitbus.testing.v1.EchoService/Echo", std::string("\x0a\xff", 2), nullptr);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ErrorOf(FromGrpcStatus(status)).reason, "request.malformed");
}

TEST_F(GrpcServerTest, RefusesAnOversizedRequestInWords) {
  auto client = Client(kOurs);
  const auto reply = client->Call(kEcho, Request(std::string(300 * 1024, 'x')));
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kResourceExhausted) << reply.status();
  EXPECT_THAT(std::string(reply.status().message()), ::testing::HasSubstr("larger than max"));
  EXPECT_TRUE(client->Call(kEcho, Request(std::string(200 * 1024, 'x'))).ok());
}

TEST_F(GrpcServerTest, UnknownMethodIsUnimplemented) {
  EXPECT_EQ(RawCall("/exitbus.testing.v1.EchoService/Shout", "", nullptr).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(RawCall("/exitbus.testing.v1.NoService/Echo", "", nullptr).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(GrpcServerTest, HealthSaysWhatWasSet) {
  const std::string check = "/grpc.health.v1.Health/Check";
  const std::string service =
      "\x0a\x1e"
      "exitbus.testing.v1.EchoService";
  std::string reply;
  EXPECT_EQ(RawCall(check, service, &reply).error_code(), grpc::StatusCode::NOT_FOUND);
  server_->SetServing("exitbus.testing.v1.EchoService", true);
  ASSERT_TRUE(RawCall(check, service, &reply).ok());
  EXPECT_EQ(reply, "\x08\x01");
  server_->SetServing("exitbus.testing.v1.EchoService", false);
  ASSERT_TRUE(RawCall(check, service, &reply).ok());
  EXPECT_EQ(reply, "\x08\x02");
}

constexpr char kReflection[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

TEST_F(GrpcServerTest, ReflectionListsAndDescribesTheService) {
  const std::string list_services("\x3a\x00", 2);
  EXPECT_THAT(RawStreamCall(kReflection, list_services),
              ::testing::HasSubstr("exitbus.testing.v1.EchoService"));
  const std::string file_of_symbol =
      "\x22\x1e"
      "exitbus.testing.v1.EchoService";
  EXPECT_THAT(RawStreamCall(kReflection, file_of_symbol),
              ::testing::AllOf(::testing::HasSubstr("exitbus/testing/v1/echo.proto"),
                               ::testing::HasSubstr("EchoRequest")));
}

TEST_F(GrpcServerTest, ReflectionIsOffUnlessAskedFor) {
  GrpcServerOptions options = Options();
  options.reflection = false;
  Start(options);
  EXPECT_EQ(RawStreamCall(kReflection, std::string("\x3a\x00", 2)), "");
  EXPECT_TRUE(Client(kOurs)->Call(kEcho, Request("still here")).ok());
}

TEST_F(GrpcServerTest, ManyCallsWaitAtOnce) {
  constexpr int kCalls = 150;
  std::mutex mutex;
  std::vector<Call> waiting;
  std::promise<void> all_waiting;
  handler_.Do([&](Call call) {
    const std::lock_guard<std::mutex> lock(mutex);
    waiting.push_back(std::move(call));
    if (waiting.size() == kCalls) all_waiting.set_value();
  });
  auto client = Client(kOurs);
  std::atomic<int> right = 0;
  std::atomic<int> ended = 0;
  for (int i = 0; i < kCalls; ++i) {
    const std::string text = std::to_string(i);
    client->CallAsync(kEcho, Request(text), {}, [&right, &ended, text](GrpcClient::Reply reply) {
      if (reply.ok() && static_cast<const EchoResponse&>(**reply).text() == text) ++right;
      ++ended;
    });
  }
  // No handler blocks, so all of them are held at once, by however few threads.
  ASSERT_EQ(all_waiting.get_future().wait_for(std::chrono::seconds(8)), std::future_status::ready);
  for (Call& call : waiting) FakeHandler::Echo(std::move(call));
  for (int i = 0; i < 800 && ended < kCalls; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(right, kCalls);
}

TEST_F(GrpcServerTest, ShutdownLetsCallsFinishAndCutsOffTheRest) {
  std::promise<Call> held;
  handler_.Do([&](Call call) { held.set_value(std::move(call)); });
  auto client = Client(kOurs);
  std::promise<absl::Status> result;
  client->CallAsync(kEcho, Request("late"), {},
                    [&](GrpcClient::Reply reply) { result.set_value(reply.status()); });
  Call call = held.get_future().get();
  const absl::Time start = absl::Now();
  server_->Shutdown(start + absl::Milliseconds(300));
  EXPECT_LT(absl::Now() - start, absl::Seconds(2));
  EXPECT_FALSE(result.get_future().get().ok());
  FakeHandler::Echo(std::move(call));  // too late, and harmless
}

TEST_F(GrpcServerTest, PortInUseIsSaid) {
  GrpcServerOptions options = Options();
  options.address = "127.0.0.1:" + std::to_string(server_->port());
  const auto second = GrpcServer::Start(options, &handler_, &telemetry_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()), ::testing::HasSubstr(options.address));
}

TEST_F(GrpcServerTest, WrongOptionsAreSaid) {
  GrpcServerOptions options = Options();
  options.services = {"exitbus.testing.v1.NoService"};
  EXPECT_EQ(GrpcServer::Start(options, &handler_, &telemetry_).status().code(),
            absl::StatusCode::kInvalidArgument);
  options = Options();
  options.key_file = Pki() / "no-such.key";
  EXPECT_EQ(GrpcServer::Start(options, &handler_, &telemetry_).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(GrpcServerTest, ReadsItsCertificatesAgainWhenTheyChange) {
  const fs::path live = Pki() / "live-ca.crt";
  fs::copy_file(Pki() / "authorities-ca.crt", live, fs::copy_options::overwrite_existing);
  GrpcServerOptions options = Options();
  options.client_ca_file = live;
  Start(options);
  EXPECT_EQ(ErrorWith(kOurs).code, absl::StatusCode::kUnavailable);
  const fs::path next = Pki() / "next-ca.crt";
  fs::copy_file(Pki() / "clients-ca.crt", next, fs::copy_options::overwrite_existing);
  fs::rename(next, live);
  CallError error;
  for (int i = 0; i < 50; ++i) {
    error = ErrorWith(kOurs);
    if (error.code == absl::StatusCode::kOk) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_EQ(error.code, absl::StatusCode::kOk) << error.message;
}

}  // namespace
}  // namespace exitbus::adapters
