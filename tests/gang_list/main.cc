// A stand-in for NEC's gang list: who is in it stands in a table of its store, and so does whatever
// reaches it.
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <sqlite3.h>

#include <csignal>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "exitbus/gang_list/v1/gang_list.pb.h"

namespace exitbus::gang_list {
namespace {

constexpr char kPath[] = "/exitbus.gang_list.v1.GangListService/LookUp";

std::string Content(const std::string& file) {
  std::ostringstream content;
  content << std::ifstream(file, std::ios::binary).rdbuf();
  return content.str();
}

// Its two tables: `listed`, and `received`, with the client's name, the path, all metadata and the
// message.
class Store {
 public:
  explicit Store(const std::string& file) {
    sqlite3_open(file.c_str(), &database_);
    sqlite3_busy_timeout(database_, 5000);
    Run("CREATE TABLE IF NOT EXISTS listed (cpr_number TEXT PRIMARY KEY)", {});
    Run("CREATE TABLE IF NOT EXISTS received (client TEXT, path TEXT, metadata TEXT, message BLOB)",
        {});
  }
  ~Store() { sqlite3_close(database_); }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  void Receive(const std::vector<std::string>& what) {
    Run("INSERT INTO received VALUES (?, ?, ?, ?)", what);
  }
  bool IsListed(const std::string& cpr_number) {
    return Run("SELECT 1 FROM listed WHERE cpr_number = ?", {cpr_number});
  }

 private:
  // Whether there is a row.
  bool Run(const char* sql, const std::vector<std::string>& values) {
    const std::lock_guard<std::mutex> lock(mutex_);
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr);
    for (std::size_t i = 0; i < values.size(); ++i) {
      sqlite3_bind_text(statement, static_cast<int>(i) + 1, values[i].data(),
                        static_cast<int>(values[i].size()), SQLITE_TRANSIENT);
    }
    const bool found = sqlite3_step(statement) == SQLITE_ROW;
    sqlite3_finalize(statement);
    return found;
  }

  std::mutex mutex_;
  sqlite3* database_ = nullptr;
};

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

class Look final : public grpc::ServerGenericBidiReactor {
 public:
  Look(Store& store, grpc::GenericCallbackServerContext& context)
      : store_(store), context_(context) {
    StartRead(&request_);
  }
  void OnReadDone(bool ok) override {
    const std::string bytes = BytesOf(request_);
    store_.Receive({Client(), context_.method(), Metadata(), bytes});
    v1::LookUpRequest request;
    if (!ok || context_.method() != kPath || !request.ParseFromString(bytes)) {
      return Finish({grpc::StatusCode::UNIMPLEMENTED, "look somebody up"});
    }
    v1::LookUpResponse response;
    response.set_registration(store_.IsListed(request.cpr_number()) ? v1::REGISTRATION_YES
                                                                    : v1::REGISTRATION_NO);
    grpc::Slice slice(response.SerializeAsString());
    response_ = grpc::ByteBuffer(&slice, 1);
    StartWriteAndFinish(&response_, {}, grpc::Status::OK);
  }
  void OnDone() override { delete this; }

 private:
  std::string Client() const {
    const auto names = context_.auth_context()->FindPropertyValues("x509_common_name");
    return names.empty() ? "" : std::string(names[0].data(), names[0].size());
  }
  std::string Metadata() const {
    std::string all;
    for (const auto& [name, value] : context_.client_metadata()) {
      all.append(name.data(), name.size()).append("=").append(value.data(), value.size()) += "\n";
    }
    return all;
  }

  Store& store_;
  grpc::GenericCallbackServerContext& context_;
  grpc::ByteBuffer request_, response_;
};

class Service final : public grpc::CallbackGenericService {
 public:
  explicit Service(Store& store) : store_(store) {}
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    return new Look(store_, *context);
  }

 private:
  Store& store_;
};

int Serve(const std::string& address, const std::string& pki, const std::string& file) {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigprocmask(SIG_BLOCK, &stop, nullptr);
  Store store(file);
  Service service(store);
  grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  tls.pem_root_certs = Content(pki + "/clients-ca.crt");
  tls.pem_key_cert_pairs.push_back(
      {Content(pki + "/gang-list.key"), Content(pki + "/gang-list.crt")});
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::SslServerCredentials(tls));
  builder.RegisterCallbackGenericService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return 2;
  int signal = 0;
  sigwait(&stop, &signal);
  server->Shutdown();
  return 0;
}

}  // namespace
}  // namespace exitbus::gang_list

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: " << argv[0]
              << " ADDRESS PKI STORE\nPKI is a folder of tools/certificates, "
              << "which has issued gang-list; STORE is a file of its own.\n";
    return 2;
  }
  return exitbus::gang_list::Serve(argv[1], argv[2], argv[3]);
}
