// All that an authority's API answers of what it keeps: each list that every release since v0.2
// has, each entry by itself, who answered for a case, and the account of disclosures.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "exitbus/testing/v1/recorded.pb.h"

namespace exitbus::upgrade {

// Answers a call, whatever is asked there: a process over gRPC, or one in this thread.
using Answers = std::function<absl::StatusOr<std::unique_ptr<google::protobuf::Message>>(
    const std::string& method, const google::protobuf::Message& request)>;

// `now`: of when it is asked who answers for a case.
absl::StatusOr<testing::v1::Shown> AllShown(policy::v1::AuthorityKind kind, absl::Time now,
                                            const Answers& answers);

// The request of one recorded answer, and what was answered.
std::unique_ptr<google::protobuf::Message> Unpacked(const google::protobuf::Any& any);

}  // namespace exitbus::upgrade
