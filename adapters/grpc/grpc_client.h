// Calls any method of the contracts by name. For tools and tests.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "adapters/grpc/errors.h"

namespace google::protobuf {
class Message;
}

namespace exitbus::adapters {

struct GrpcClientOptions {
  std::string address;           // host:port
  std::string ca_file;           // whose server certificates are accepted (PEM)
  std::string certificate_file;  // the client's own (PEM); empty: none is shown
  std::string key_file;
  // The name the server's certificate must carry; empty: the host in `address`.
  std::string server_name;
};

struct CallOptions {
  absl::Duration timeout = absl::Seconds(10);
  // e.g. {"exitbus-employee", "…"}, {"exitbus-purpose", "…"}
  std::vector<std::pair<std::string, std::string>> metadata;
};

// A watch under way. One thread uses it; destroying it ends the watch.
class GrpcWatch {
 public:
  virtual ~GrpcWatch() = default;
  // Of the method's request type. Any error: the watch is over, for this reason.
  virtual absl::Status Send(const google::protobuf::Message& request) = 0;
  // The next message. DEADLINE_EXCEEDED: there was none within `wait`; ask again. Any other error:
  // the watch is over, for this reason.
  virtual absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Next(absl::Duration wait) = 0;
};

// Thread-safe. Connects at the first call and again when the connection was lost. Destroying it
// waits for the calls under way, so it is never to be destroyed from their `done`.
class GrpcClient {
 public:
  using Reply = absl::StatusOr<std::unique_ptr<google::protobuf::Message>>;

  virtual ~GrpcClient() = default;

  // INVALID_ARGUMENT: a file that cannot be read.
  static absl::StatusOr<std::unique_ptr<GrpcClient>> Make(const GrpcClientOptions& options);

  // `method` is the full name, e.g. "exitbus.handover.v1.HandoverService.OfferHandover", known to
  // this program, and `request` of its request type, else INVALID_ARGUMENT. ErrorOf(status) tells
  // the reason of a refusal.
  virtual Reply Call(const std::string& method, const google::protobuf::Message& request,
                     const CallOptions& options = {}) = 0;

  // The same without waiting; `done` runs once, on any thread.
  virtual void CallAsync(const std::string& method, const google::protobuf::Message& request,
                         const CallOptions& options, absl::AnyInvocable<void(Reply)> done) = 0;

  // Opens a watch, which must be destroyed before the client. `method` as above, else
  // INVALID_ARGUMENT; `options.timeout` is how long connecting and each Send may take. That nobody
  // answers, or that it is refused, is what its methods tell.
  virtual absl::StatusOr<std::unique_ptr<GrpcWatch>> Watch(const std::string& method,
                                                           const CallOptions& options) = 0;
};

}  // namespace exitbus::adapters
