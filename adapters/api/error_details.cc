#include "adapters/api/error_details.h"

#include <cstddef>
#include <string>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "services/exchange/ports/api.h"

namespace exitbus::adapters {
namespace {

constexpr std::size_t kMessageBytesMax = 1024;
constexpr std::size_t kMetadataBytesMax = 2048;

// At most `bytes_max` bytes, cut between characters, or it would not be UTF-8.
std::string Cut(const std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

}  // namespace

google::rpc::Status DetailsOf(const exchange::Refusal& refusal) {
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
  return details;
}

}  // namespace exitbus::adapters
