// Following a list on the terminal: each change as it happens, through interruptions.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/exitctl/call.h"

namespace exitbus::exitctl {

struct Following {
  std::string token;       // to go on from; empty: from the beginning
  std::string token_file;  // where the last token is kept; empty: nowhere
  absl::Duration retry_after = absl::Seconds(1);
  // Asked several times a second; false: that is enough. Empty: it goes on for ever.
  std::function<bool()> goes_on = nullptr;
};

// The token kept in a file; empty if there is no such file. INVALID_ARGUMENT: it cannot be read.
absl::StatusOr<std::string> TokenIn(const std::string& file);

// True for a method that Follow() is for.
bool IsWatch(const google::protobuf::MethodDescriptor& method);

// Gives each message to `take`, then keeps its token, then acknowledges it; until `take` or
// `goes_on` says that it is enough (OK), or the watch is refused (why). Whenever the connection is
// lost it goes on with the last token, once it had one.
absl::Status Follow(adapters::GrpcClient& client, const google::protobuf::MethodDescriptor& method,
                    const Profile& profile, Following following,
                    const std::function<bool(const google::protobuf::Message&)>& take,
                    Terminal terminal);

// Prints each message, for ever. JSON: a line each.
int PrintChanges(adapters::GrpcClient& client, const google::protobuf::MethodDescriptor& method,
                 const Profile& profile, const Following& following, Form form, Terminal terminal);

}  // namespace exitbus::exitctl
