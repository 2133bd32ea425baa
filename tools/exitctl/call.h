// Calls, and what they come to on the terminal.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/exitctl/profile.h"

namespace google::protobuf {
class Message;
class MethodDescriptor;
}  // namespace google::protobuf
namespace exitbus::adapters {
class GrpcClient;
struct CallOptions;
}  // namespace exitbus::adapters
namespace exitbus::exchange {
class Random;
}

namespace exitbus::exitctl {

enum Exit { kDone = 0, kRefused = 1, kMisuse = 2, kUnreachable = 3 };

struct Terminal {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  // Where `out` ends, past what guards it, for colours; and whether that is a terminal.
  std::ostream& raw_out = out;
  bool is_screen = false;
};

enum class Form { kJson, kText };

// A request from JSON, with the contracts' field names or their JSON ones. INVALID_ARGUMENT: says
// what is wrong, an unknown field too.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> RequestFromJson(
    const google::protobuf::MethodDescriptor& method, const std::string& json);

// Calls and prints; a request_id that is missing is made and told, so that the call can be
// repeated. `whole_list`: follows a list's pages, up to a bound. Returns the exit status.
int Call(adapters::GrpcClient& client, const google::protobuf::MethodDescriptor& method,
         google::protobuf::Message& request, const Profile& profile, Form form, bool whole_list,
         exchange::Random& random, Terminal terminal);

// Who asks, why, and how long that may take.
adapters::CallOptions OptionsOf(const Profile& profile);

// Prints why a call failed, and what can be done. Returns the exit status.
int PrintFailure(const absl::Status& status, Terminal terminal);

}  // namespace exitbus::exitctl
