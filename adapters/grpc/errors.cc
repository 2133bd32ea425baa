#include "adapters/grpc/errors.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"
#include "services/exchange/ports/api.h"

namespace exitbus::adapters {
namespace {

constexpr char kPayloadUrl[] = "type.googleapis.com/google.rpc.Status";
constexpr std::size_t kMessageBytesMax = 1024;
constexpr std::size_t kMetadataBytesMax = 2048;

// At most `bytes_max` bytes, cut between characters, or the trailer would not be UTF-8.
std::string Cut(const std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

}  // namespace

grpc::Status ToGrpcStatus(const exchange::Refusal& refusal) {
  google::rpc::ErrorInfo info;
  info.set_reason(refusal.reason);
  info.set_domain("exitbus");
  std::size_t bytes = 0;
  for (const auto& [key, value] : refusal.metadata) {
    bytes += key.size() + value.size();
    if (bytes > kMetadataBytesMax) break;
    (*info.mutable_metadata())[key] = value;
  }
  google::rpc::Status details;
  details.set_code(static_cast<int>(refusal.code));
  details.set_message(Cut(refusal.message, kMessageBytesMax));
  details.add_details()->PackFrom(info);
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
