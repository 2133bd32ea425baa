#include "adapters/grpc/errors.h"

#include <algorithm>

#include "absl/strings/cord.h"
#include "adapters/api/error_details.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"
#include "services/exchange/ports/api.h"

namespace exitbus::adapters {
namespace {

constexpr char kPayloadUrl[] = "type.googleapis.com/google.rpc.Status";

}  // namespace

grpc::Status ToGrpcStatus(const exchange::Refusal& refusal) {
  const google::rpc::Status details = DetailsOf(refusal);
  return grpc::Status(static_cast<grpc::StatusCode>(refusal.code), details.message(),
                      details.SerializeAsString());
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  if (!status.error_details().empty()) {
    result.SetPayload(kPayloadUrl, absl::Cord(status.error_details()));
  }
  return result;
}

CallError ErrorOf(const absl::Status& status) {
  CallError error;
  error.code = status.code();
  error.message = std::string(status.message());
  const auto payload = status.GetPayload(kPayloadUrl);
  google::rpc::Status details;
  if (!payload.has_value() || !details.ParseFromString(std::string(*payload))) return error;
  for (const auto& detail : details.details()) {
    google::rpc::ErrorInfo info;
    if (!detail.Is<google::rpc::ErrorInfo>() || !detail.UnpackTo(&info)) continue;
    error.reason = info.reason();
    error.metadata.assign(info.metadata().begin(), info.metadata().end());
    std::sort(error.metadata.begin(), error.metadata.end());
    break;
  }
  return error;
}

}  // namespace exitbus::adapters
