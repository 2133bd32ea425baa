// Who answered for a case at an instant, from signed statements alone: an opening, and then offers
// and take-overs in pairs. Needs no service, no state and no trust but the directory's keys.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "exitbus/casework_journal/v1/journal.pb.h"
#include "services/exchange/decision_context.h"

namespace exitbus::casework::v1 {
class GetResponsibilityRequest;
}

namespace exitbus::casework {

struct ResponsibleSince {
  std::string authority;
  std::uint64_t number = 0;
  absl::Time since;
};

// `statements`: serialised SignedStatements of one case in any order, repeats allowed.
// DATA_LOSS "evidence.two_holders": two take-overs of one number by different authorities or at
// different instants, or two openings. "evidence.broken": a statement that does not verify or is of
// another case, or a take-over without the offer by the holder before it. NOT_FOUND: nobody
// answered for it then.
absl::StatusOr<ResponsibleSince> ResponsibleAt(absl::Time instant,
                                               const std::vector<std::string>& statements,
                                               const exchange::Statements& keys);

// The answer of GetResponsibility; null while this authority has no case of the file.
std::unique_ptr<google::protobuf::Message> ResponsibilityView(
    const casework_journal::v1::CaseFile& file, const v1::GetResponsibilityRequest& request,
    const exchange::DecisionContext& context);

}  // namespace exitbus::casework
