// Refusals on the wire: a gRPC status with google.rpc.Status in `grpc-status-details-bin`, holding
// one ErrorInfo{reason, domain "exitbus", metadata}. And back.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace grpc {
class Status;
}
namespace exitbus::exchange {
struct Refusal;
}

namespace exitbus::adapters {

// Why a call failed, as the client sees it.
struct CallError {
  absl::StatusCode code = absl::StatusCode::kUnknown;
  std::string reason;  // empty if the failure is the transport's, not the authority's
  std::string message;
  std::vector<std::pair<std::string, std::string>> metadata;  // ordered by key
};

// What does not fit into a trailer is cut, as DetailsOf() says.
grpc::Status ToGrpcStatus(const exchange::Refusal& refusal);

// The same code and message; the details go along as a payload, which ErrorOf() reads.
absl::Status FromGrpcStatus(const grpc::Status& status);

// What a status that GrpcClient returned says. Any other status gives its code and message.
CallError ErrorOf(const absl::Status& status);

}  // namespace exitbus::adapters
