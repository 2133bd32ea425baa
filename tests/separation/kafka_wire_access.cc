// The part of KafkaWire that reads and writes the access list.
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/exchange/ports/status_macros.h"
#include "tests/separation/kafka_wire.h"

namespace exitbus::story {
namespace {

using policy::AclSpec;
using policy::Operation;
using policy::PatternType;
using policy::Permission;
using policy::ResourceType;

// Requests by their number.
enum Api { kDescribeAcls = 29, kCreateAcls = 30, kDeleteAcls = 31 };

// Kafka's numbers for what an entry is about.
constexpr int kTopic = 2;
constexpr int kAny = 1;
constexpr int kLiteral = 3;
constexpr int kRead = 3;
constexpr int kAllow = 3;

template <class Ours>
std::optional<Ours> Known(const std::map<int, Ours>& kinds, int theirs) {
  const auto found = kinds.find(theirs);
  return found == kinds.end() ? std::nullopt : std::optional<Ours>(found->second);
}

absl::StatusOr<AclSpec> ToAcl(int type, const std::string& name, int pattern,
                              const std::string& principal, const std::string& host, int operation,
                              int permission) {
  const auto our_type = Known<ResourceType>(
      {{2, ResourceType::kTopic}, {3, ResourceType::kGroup}, {4, ResourceType::kCluster}}, type);
  const auto our_pattern =
      Known<PatternType>({{3, PatternType::kLiteral}, {4, PatternType::kPrefixed}}, pattern);
  const auto our_operation = Known<Operation>({{2, Operation::kAll},
                                               {3, Operation::kRead},
                                               {4, Operation::kWrite},
                                               {8, Operation::kDescribe}},
                                              operation);
  const auto our_permission =
      Known<Permission>({{2, Permission::kDeny}, {3, Permission::kAllow}}, permission);
  if (!our_type || !our_pattern || !our_operation || !our_permission || host != "*") {
    return absl::InternalError(absl::StrCat("an entry of no kind of ours: ", principal, " on ",
                                            name, ", operation ", operation, ", host ", host));
  }
  return AclSpec{principal, *our_type, name, *our_pattern, *our_operation, *our_permission};
}

}  // namespace

absl::StatusOr<std::vector<AclSpec>> KafkaWire::AccessList() {
  ByteWriter request;
  request.Int8(kAny).NoString().Int8(kAny).NoString().NoString().Int8(kAny).Int8(kAny);
  ASSIGN_OR_RETURN(ByteReader answer, Ask(kDescribeAcls, 1, request));
  answer.Int32();
  if (const int error = answer.Int16(); error != kNone) {
    return absl::PermissionDeniedError(absl::StrCat("error ", error));
  }
  answer.String();
  std::vector<AclSpec> acls;
  for (int resources = answer.Int32(); resources > 0 && answer.ok(); --resources) {
    const int type = answer.Int8();
    const std::string name = answer.String();
    const int pattern = answer.Int8();
    for (int entries = answer.Int32(); entries > 0 && answer.ok(); --entries) {
      const std::string principal = answer.String();
      const std::string host = answer.String();
      const int operation = answer.Int8();
      ASSIGN_OR_RETURN(AclSpec acl,
                       ToAcl(type, name, pattern, principal, host, operation, answer.Int8()));
      acls.push_back(std::move(acl));
    }
  }
  if (!answer.ok()) return absl::InternalError("the broker's answer cannot be read");
  return acls;
}

absl::StatusOr<int> KafkaWire::Grant(const std::string& principal, const std::string& topic) {
  ByteWriter request;
  request.Int32(1).Int8(kTopic).String(topic).Int8(kLiteral).String(principal).String("*");
  request.Int8(kRead).Int8(kAllow);
  ASSIGN_OR_RETURN(ByteReader answer, Ask(kCreateAcls, 1, request));
  answer.Int32();
  answer.Int32();
  return answer.Int16();
}

absl::StatusOr<int> KafkaWire::TakeBack(const std::string& principal, const std::string& topic) {
  ByteWriter request;
  request.Int32(1).Int8(kTopic).String(topic).Int8(kLiteral).String(principal).String("*");
  request.Int8(kRead).Int8(kAllow);
  ASSIGN_OR_RETURN(ByteReader answer, Ask(kDeleteAcls, 1, request));
  answer.Int32();
  answer.Int32();
  return answer.Int16();
}

}  // namespace exitbus::story
