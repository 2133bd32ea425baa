// The notification matrix: which message kind goes from whom to whom, at which level.
#pragma once

#include <compare>
#include <optional>
#include <vector>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/policy/readers.h"

namespace google::protobuf {
class Descriptor;
}

namespace exitbus::policy {

// The rows of a message kind, as its contract states them. Empty: it is not sent.
const google::protobuf::RepeatedPtrField<v1::Flow>& FlowsOf(
    const google::protobuf::Descriptor& kind);

// The row for this sender and this recipient, nullopt if there is none: then it must not be sent.
// There is at most one (CheckPolicy). Its conditions are the caller's to look at: see MaySend.
std::optional<v1::Flow> FlowTo(const google::protobuf::Descriptor& kind, v1::Relation from,
                               v1::AuthorityKind from_kind, v1::Relation to,
                               v1::AuthorityKind to_kind);

// Whether any row sends this message kind from one kind of authority to another over this exchange:
// what a recipient can check of a letter before it knows what it is about.
bool MayCome(const google::protobuf::Descriptor& kind, v1::AuthorityKind from, v1::AuthorityKind to,
             v1::Exchange exchange);

// Whether all conditions of the row hold.
bool MaySend(const v1::Flow& flow, ConditionSet held);

struct Way {
  v1::Relation from;
  v1::AuthorityKind from_kind;
  v1::Relation to;
  v1::AuthorityKind to_kind;
  auto operator<=>(const Way&) const = default;
};

// All ways a row opens: from and to each relation it names, with the kinds of authority it names or
// else all that can stand there.
std::vector<Way> WaysOf(const v1::Flow& flow);

}  // namespace exitbus::policy
