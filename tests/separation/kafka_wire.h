// Speaks to the broker in its own protocol, request by request: every refusal is the broker's, none
// is a client's that looked at something else first.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/policy/access.h"
#include "tests/separation/kafka_bytes.h"
#include "tests/separation/tls_socket.h"

namespace exitbus::story {

// The broker's error codes that matter here.
inline constexpr int kNone = 0;
inline constexpr int kNoSuchTopic = 3;
inline constexpr int kTopicDenied = 29;
inline constexpr int kGroupDenied = 30;
inline constexpr int kClusterDenied = 31;
inline constexpr int kTopicExists = 36;

// By topic or group: the broker's error code.
using WireErrors = std::map<std::string, int>;

// One connection. An error says that it was ended or answered nonsense. Not thread-safe.
class KafkaWire {
 public:
  static absl::StatusOr<std::unique_ptr<KafkaWire>> Connect(const TlsOptions& options);

  absl::StatusOr<WireErrors> Describe(const std::vector<std::string>& topics);
  absl::StatusOr<WireErrors> Read(const std::vector<std::string>& topics);
  absl::StatusOr<WireErrors> Write(const std::vector<std::string>& topics,
                                   const WireRecord& record);
  // These two are only looked at, not done.
  absl::StatusOr<WireErrors> Create(const std::vector<std::string>& topics);
  absl::StatusOr<WireErrors> Alter(const std::vector<std::string>& topics);
  absl::StatusOr<WireErrors> Delete(const std::vector<std::string>& topics);

  absl::StatusOr<WireErrors> ReadGroups(const std::vector<std::string>& groups);
  absl::StatusOr<WireErrors> DescribeGroups(const std::vector<std::string>& groups);
  absl::StatusOr<WireErrors> DeleteGroups(const std::vector<std::string>& groups);

  // The access list as it is, whoever made it. PERMISSION_DENIED: it may not be looked at.
  // INTERNAL: an entry that is of no kind of ours.
  absl::StatusOr<std::vector<policy::AclSpec>> AccessList();
  // Gives everybody named `principal` ("User:…") READ on a topic, or takes it; the error code.
  absl::StatusOr<int> Grant(const std::string& principal, const std::string& topic);
  absl::StatusOr<int> TakeBack(const std::string& principal, const std::string& topic);

  // One record to one topic; its offset.
  absl::StatusOr<std::int64_t> Publish(const std::string& topic, const WireRecord& record);
  // Takes away all that lies in a topic; the offsets go on.
  absl::Status Empty(const std::string& topic);
  // All that lies in a topic now.
  absl::StatusOr<std::vector<WireRecord>> ReadAll(const std::string& topic);

 private:
  explicit KafkaWire(std::unique_ptr<TlsSocket> socket) : socket_(std::move(socket)) {}

  absl::StatusOr<std::vector<WireRecord>> ReadFrom(const std::string& topic, std::int64_t offset);
  absl::StatusOr<std::int64_t> FirstOffset(const std::string& topic);
  absl::StatusOr<ByteReader> Ask(int api, int version, const ByteWriter& request);

  const std::unique_ptr<TlsSocket> socket_;
  int correlation_ = 0;
  std::string answer_;
};

}  // namespace exitbus::story
