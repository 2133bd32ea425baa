#include "services/policy/flows.h"

#include <algorithm>

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
    if (std::find(named.begin(), named.end(), kind) != named.end()) kinds.push_back(kind);
  }
  return kinds;
}

bool Contains(const Kinds& kinds, v1::AuthorityKind kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

}  // namespace

const google::protobuf::RepeatedPtrField<v1::Flow>& FlowsOf(const Descriptor& kind) {
  return kind.options().GetRepeatedExtension(v1::flow);
}

std::optional<v1::Flow> FlowTo(const Descriptor& kind, v1::Relation from,
                               v1::AuthorityKind from_kind, v1::Relation to,
                               v1::AuthorityKind to_kind) {
  for (const v1::Flow& flow : FlowsOf(kind)) {
    if (flow.to() != to || !Contains(RecipientsOf(flow), to_kind)) continue;
    const auto& senders = flow.from();
    if (std::find(senders.begin(), senders.end(), from) == senders.end()) continue;
    if (Contains(SendersOf(flow, from), from_kind)) return flow;
  }
  return std::nullopt;
}

bool MayCome(const Descriptor& kind, v1::AuthorityKind from, v1::AuthorityKind to,
             v1::Exchange exchange) {
  for (const v1::Flow& flow : FlowsOf(kind)) {
    if (flow.exchange() != exchange || !Contains(RecipientsOf(flow), to)) continue;
    for (const int sender : flow.from()) {
      if (Contains(SendersOf(flow, static_cast<v1::Relation>(sender)), from)) return true;
    }
  }
  return false;
}

bool MaySend(const v1::Flow& flow, ConditionSet held) {
  for (int condition : flow.conditions()) {
    if (!held.Has(static_cast<v1::Condition>(condition))) return false;
  }
  return true;
}

Kinds SendersOf(const v1::Flow& flow, v1::Relation from) {
  return KindsAt(from, flow.from_kinds());
}

Kinds RecipientsOf(const v1::Flow& flow) { return KindsAt(flow.to(), flow.to_kinds()); }

}  // namespace exitbus::policy
