// The people inside a simulated municipality: who calls as which function, units that are involved,
// and answers byte by byte.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "exitbus/casework/v1/case_service.pb.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {

inline constexpr char kCaseService[] = "exitbus.casework.v1.CaseService.";

// While it lives, calls to the node are this employee's, in this function.
class Speaking {
 public:
  Speaking(Node& node, std::string function, std::string employee);
  ~Speaking() { node_.caller() = before_; }

 private:
  Node& node_;
  const exchange::Caller before_;
};

// All that a caller gets, of an answer or a refusal.
std::string BytesOf(const exchange::Answer& answer);

// As the coordinator.
absl::Status Involve(World& world, Node& node, const std::string& case_id,
                     policy::v1::Function function);
absl::Status Release(World& world, Node& node, const std::string& case_id,
                     policy::v1::Function function);
absl::Status StateStaffSafety(World& world, Node& node, const std::string& case_id,
                              policy::v1::Function function, const std::string& line);
// The agreement's next version, with one measure per unit, described by the unit's name.
absl::Status SignFor(World& world, Node& node, const std::string& case_id,
                     const std::vector<policy::v1::Function>& units);

// The citizen agrees anew that these kinds of authority are told.
absl::Status Cover(World& world, Node& node, const std::string& case_id,
                   const std::vector<policy::v1::AuthorityKind>& kinds);

absl::StatusOr<std::string> AskToBreakGlass(World& world, Node& node, const std::string& case_id,
                                            const std::string& reason = "canary-reason",
                                            std::uint32_t minutes = 30);
absl::Status Approve(World& world, Node& node, const std::string& case_id,
                     const std::string& break_glass_id);
absl::Status EndIt(World& world, Node& node, const std::string& case_id,
                   const std::string& break_glass_id);

// The whole account of a case, read page by page.
absl::StatusOr<std::vector<account::v1::AccountEntry>> AccountOf(Node& node,
                                                                 const std::string& case_id,
                                                                 std::uint32_t page_size = 0);

}  // namespace exitbus::simulation
