// One client system's calls as bytes, and all that comes back: for tests that compare answers byte
// by byte, trailers included, and call whatever method the contracts have.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "adapters/grpc/grpc_client.h"

namespace grpc {
class Channel;
}

namespace exitbus::story {

struct RawAnswer {
  int code = 0;  // of gRPC
  std::string message;
  std::string details;                               // a serialised google.rpc.Status
  std::multimap<std::string, std::string> metadata;  // leading and trailing
  std::string bytes;                                 // the response

  friend bool operator==(const RawAnswer&, const RawAnswer&) = default;
  bool ok() const { return code == 0; }
  // The rule that refused; empty if none did.
  std::string Rule() const;
};

// Thread-safe.
class RawCaller {
 public:
  explicit RawCaller(const adapters::GrpcClientOptions& options);

  // `method` is the full name. Empty employee and purpose are not sent.
  RawAnswer Call(const std::string& method, const std::string& request,
                 const std::string& employee = "tester",
                 const std::string& purpose = "exit-support") const;

 private:
  RawAnswer CallOnce(const std::string& method, const std::string& request,
                     const std::string& employee, const std::string& purpose) const;

  const std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace exitbus::story
