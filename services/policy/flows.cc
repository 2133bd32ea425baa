#include "services/policy/flows.h"

#include "absl/algorithm/container.h"
#include "google/protobuf/descriptor.h"

namespace exitbus::policy {
namespace {

using google::protobuf::Descriptor;
using Kinds = std::vector<v1::AuthorityKind>;

// `named` as far as they can stand in `relation`; none named: all that can.
Kinds KindsAt(v1::Relation relation, const google::protobuf::RepeatedField<int>& named) {
  if (named.empty()) return KindsIn(relation);
  Kinds kinds;
  for (v1::AuthorityKind kind : KindsIn(relation)) {
    if (absl::c_linear_search(named, kind)) kinds.push_back(kind);
  }
  return kinds;
}

}  // namespace

const google::protobuf::RepeatedPtrField<v1::Flow>& FlowsOf(const Descriptor& kind) {
  return kind.options().GetRepeatedExtension(v1::flow);
}

std::optional<v1::Flow> FlowTo(const Descriptor& kind, v1::Relation from,
                               v1::AuthorityKind from_kind, v1::Relation to,
                               v1::AuthorityKind to_kind) {
  const Route wanted{from, from_kind, to, to_kind};
  for (const v1::Flow& flow : FlowsOf(kind)) {
    if (absl::c_linear_search(RoutesOf(flow), wanted)) return flow;
  }
  return std::nullopt;
}

bool MayCome(const Descriptor& kind, v1::AuthorityKind from, v1::AuthorityKind to,
             v1::Channel channel) {
  return absl::c_any_of(FlowsOf(kind), [&](const v1::Flow& flow) {
    return flow.channel() == channel && absl::c_any_of(RoutesOf(flow), [&](const Route& route) {
             return route.from_kind == from && route.to_kind == to;
           });
  });
}

ConditionSet ConditionsOf(const v1::Flow& flow) {
  ConditionSet conditions;
  for (const int condition : flow.conditions()) {
    conditions.Add(static_cast<v1::Condition>(condition));
  }
  return conditions;
}

bool MaySend(const v1::Flow& flow, ConditionSet satisfied) {
  return satisfied.HasAll(ConditionsOf(flow));
}

Viewer ViewerFor(const v1::Flow& flow, v1::Relation to, v1::AuthorityKind to_kind,
                 ConditionSet satisfied) {
  return {ReaderFor(to, to_kind, ConditionsOf(flow)), flow.level(), satisfied};
}

std::vector<Route> RoutesOf(const v1::Flow& flow) {
  std::vector<Route> routes;
  for (const int from : flow.from()) {
    for (const int to : flow.to()) {
      const auto sender = static_cast<v1::Relation>(from);
      const auto recipient = static_cast<v1::Relation>(to);
      for (const v1::AuthorityKind from_kind : KindsAt(sender, flow.from_kinds())) {
        for (const v1::AuthorityKind to_kind : KindsAt(recipient, flow.to_kinds())) {
          routes.push_back({sender, from_kind, recipient, to_kind});
        }
      }
    }
  }
  return routes;
}

}  // namespace exitbus::policy
