// The server under test of the Connect project's conformance suite: its service, on the web
// gateway's own code. Reads how to serve from standard input, and serves until SIGTERM.
#include <arpa/inet.h>
#include <google/protobuf/any.pb.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "adapters/api/admission.h"
#include "adapters/memory/recording_telemetry.h"
#include "adapters/memory/test_folder.h"
#include "adapters/system/stop_signal.h"
#include "adapters/web/connect_call.h"
#include "adapters/web/http_server.h"
#include "connectrpc/conformance/v1/server_compat.pb.h"
#include "connectrpc/conformance/v1/service.pb.h"
#include "google/rpc/status.pb.h"

namespace exitbus::adapters {
namespace {

namespace cc = connectrpc::conformance::v1;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr char kService[] = "/connectrpc.conformance.v1.ConformanceService/";

HttpHeaders HeadersOf(const google::protobuf::RepeatedPtrField<cc::Header>& headers,
                      const std::string& prefix) {
  HttpHeaders all;
  for (const cc::Header& header : headers) {
    for (const std::string& value : header.value()) all.emplace_back(prefix + header.name(), value);
  }
  return all;
}

cc::ConformancePayload::RequestInfo InfoOf(const ConnectCall& call, const Message& request) {
  cc::ConformancePayload::RequestInfo info;
  std::map<std::string, cc::Header*> headers;
  for (const auto& [name, value] : call.request().headers) {
    cc::Header*& header = headers[name];
    if (header == nullptr) {
      header = info.add_request_headers();
      header->set_name(name);
    }
    header->add_value(value);
  }
  if (call.timeout_ms()) info.set_timeout_ms(*call.timeout_ms());
  info.add_requests()->PackFrom(request);
  return info;
}

template <class Request, class Response>
void Answer(const std::shared_ptr<ConnectCall>& call, const Request& request) {
  const cc::UnaryResponseDefinition& wanted = request.response_definition();
  const auto info = InfoOf(*call, request);
  HttpHeaders headers = HeadersOf(wanted.response_headers(), "");
  for (auto& trailer : HeadersOf(wanted.response_trailers(), "Trailer-"))
    headers.push_back(trailer);
  if (!wanted.has_error()) {
    auto response = std::make_unique<Response>();
    response->mutable_payload()->set_data(wanted.response_data());
    *response->mutable_payload()->mutable_request_info() = info;
    return call->Reply(std::move(response), std::move(headers));
  }
  google::rpc::Status status;
  status.set_code(wanted.error().code());
  status.set_message(wanted.error().message());
  *status.mutable_details() = wanted.error().details();
  status.add_details()->PackFrom(info);
  call->Fail(status, std::move(headers));
}

class Suite final : public HttpHandler {
 public:
  explicit Suite(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  void Attach(std::shared_ptr<Loop> loop) { loop_ = std::move(loop); }

  void Handle(HttpRequest request, std::shared_ptr<HttpExchange> exchange) override {
    const std::string path = request.path;
    if (path == absl::StrCat(kService, "Unary")) {
      return Serve<cc::UnaryRequest, cc::UnaryResponse>("Unary", std::move(request), exchange);
    }
    if (path == absl::StrCat(kService, "IdempotentUnary")) {
      return Serve<cc::IdempotentUnaryRequest, cc::IdempotentUnaryResponse>(
          "IdempotentUnary", std::move(request), exchange);
    }
    if (path != absl::StrCat(kService, "Unimplemented")) {
      return exchange->Reply(PlainReply(404, "There is no such method here."));
    }
    const auto call = ConnectCall::Open(std::move(request), exchange, loop_);
    if (call == nullptr) return;
    google::rpc::Status status;
    status.set_code(cc::CODE_UNIMPLEMENTED);
    call->Fail(status);
  }

 private:
  template <class Request, class Response>
  void Serve(const char* name, HttpRequest request, std::shared_ptr<HttpExchange> exchange) {
    const auto call = ConnectCall::Open(std::move(request), std::move(exchange), loop_);
    if (call == nullptr) return;
    const MethodDescriptor* method =
        google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
            absl::StrCat("connectrpc.conformance.v1.ConformanceService.", name));
    const std::shared_ptr<Message> parsed = call->Parse(*method, bytes_max_);
    if (parsed == nullptr) return;
    const auto asked = std::static_pointer_cast<Request>(parsed);
    const auto timer = std::make_shared<std::unique_ptr<Loop::Timer>>();
    *timer = loop_->After(absl::Milliseconds(asked->response_definition().response_delay_ms()),
                          [call, asked, timer] { Answer<Request, Response>(call, *asked); });
  }

  const std::size_t bytes_max_;
  std::shared_ptr<Loop> loop_;
};

std::string File(const TestFolder& folder, const std::string& name, const std::string& content) {
  const std::string file = folder.path() + "/" + name;
  std::ofstream(file, std::ios::binary) << content;
  return file;
}

bool ReadRequest(cc::ServerCompatRequest& request) {
  std::uint32_t size = 0;
  if (!std::cin.read(reinterpret_cast<char*>(&size), sizeof size)) return false;
  std::string bytes(ntohl(size), '\0');
  return std::cin.read(bytes.data(), static_cast<std::streamsize>(bytes.size())) &&
         request.ParseFromString(bytes);
}

void WriteResponse(const cc::ServerCompatResponse& response) {
  const std::string bytes = response.SerializeAsString();
  const std::uint32_t size = htonl(static_cast<std::uint32_t>(bytes.size()));
  std::cout.write(reinterpret_cast<const char*>(&size), sizeof size);
  std::cout << bytes << std::flush;
}

int Run() {
  cc::ServerCompatRequest asked;
  if (!ReadRequest(asked) || !asked.use_tls()) {
    std::cerr << "This server is started by connectconformance, and serves by TLS only.\n";
    return 2;
  }
  const TestFolder folder;
  HttpServerOptions options;
  options.address = "127.0.0.1:0";
  options.certificate_file = File(folder, "server.crt", asked.server_creds().cert());
  options.key_file = File(folder, "server.key", asked.server_creds().key());
  options.certificate_required = !asked.client_tls_cert().empty();
  if (options.certificate_required) {
    options.client_ca_file = File(folder, "clients.crt", asked.client_tls_cert());
  }
  if (asked.message_receive_limit() > 0) options.body_bytes_max = asked.message_receive_limit();
  RecordingTelemetry telemetry;
  Admission admission("conformance", 1, &telemetry);
  Suite suite(options.body_bytes_max);
  auto server = HttpServer::Listen(options, &admission, &suite, &telemetry);
  if (!server.ok()) {
    std::cerr << server.status() << "\n";
    return 2;
  }
  suite.Attach((*server)->loop());
  (*server)->Serve();
  cc::ServerCompatResponse response;
  response.set_host("127.0.0.1");
  response.set_port(static_cast<std::uint32_t>((*server)->port()));
  response.set_pem_cert(asked.server_creds().cert());
  WriteResponse(response);
  WaitForStopSignal([](const char*) {});
  return 0;
}

}  // namespace
}  // namespace exitbus::adapters

int main() {
  exitbus::adapters::BlockStopSignals();
  return exitbus::adapters::Run();
}
