// A refusal as every client reads it: google.rpc.Status with one ErrorInfo{reason, domain
// "exitbus", metadata}.
#pragma once

namespace google::rpc {
class Status;
}
namespace exitbus::exchange {
struct Refusal;
}

namespace exitbus::adapters {

// gRPC's trailers over about 6 KiB are lost with all they hold, so metadata entries that would not
// fit are left out and the message is cut.
google::rpc::Status DetailsOf(const exchange::Refusal& refusal);

}  // namespace exitbus::adapters
