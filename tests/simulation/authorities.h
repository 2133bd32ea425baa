// Every kind of authority there is, as its program composes it: one list for all tests that go
// through them.
#pragma once

#include <vector>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/aggregate.h"

namespace exitbus::simulation {

struct Authority {
  struct Made {
    exchange::Aggregate (*aggregate)();
    const google::protobuf::Descriptor* event;  // of the aggregate's
  };

  policy::v1::AuthorityKind kind;
  std::vector<Made> made;

  std::vector<exchange::Aggregate> Aggregates() const;
};

const std::vector<Authority>& Authorities();
// Ends the process for a kind that is not among them.
const Authority& AuthorityOf(policy::v1::AuthorityKind kind);

}  // namespace exitbus::simulation
