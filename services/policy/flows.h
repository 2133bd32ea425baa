// The notification matrix: which message kind goes from whom to whom, at which level.
#pragma once

#include <compare>
#include <optional>
#include <vector>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/policy/readers.h"
#include "services/policy/viewer.h"

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

// Whether any row sends this message kind from one kind of authority to another over this channel:
// what a recipient can check of a letter before it knows what it is about.
bool MayCome(const google::protobuf::Descriptor& kind, v1::AuthorityKind from, v1::AuthorityKind to,
             v1::Channel channel);

// What must hold for the row to count; and whether it does.
ConditionSet ConditionsOf(const v1::Flow& flow);
bool MaySend(const v1::Flow& flow, ConditionSet satisfied);

// What a recipient sees of a message that goes by this row: as the reader that its relation and the
// row's own conditions make it, whatever else holds.
Viewer ViewerFor(const v1::Flow& flow, v1::Relation to, v1::AuthorityKind to_kind,
                 ConditionSet satisfied);

struct Route {
  v1::Relation from;
  v1::AuthorityKind from_kind;
  v1::Relation to;
  v1::AuthorityKind to_kind;
  auto operator<=>(const Route&) const = default;
};

// All routes a row opens: from and to each relation it names, with the kinds of authority it names
// or else all that can stand there.
std::vector<Route> RoutesOf(const v1::Flow& flow);

}  // namespace exitbus::policy
