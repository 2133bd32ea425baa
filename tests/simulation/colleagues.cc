#include "tests/simulation/colleagues.h"

#include "absl/strings/str_cat.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;

}  // namespace

Speaking::Speaking(Node& node, std::string function, std::string employee)
    : node_(node), before_(node.caller()) {
  node.caller().function = std::move(function);
  node.caller().employee = std::move(employee);
}

std::string BytesOf(const exchange::Answer& answer) {
  if (answer.reply != nullptr) return "answered: " + answer.reply->SerializeAsString();
  std::string bytes = absl::StrCat(static_cast<int>(answer.refusal.code), "|",
                                   answer.refusal.reason, "|", answer.refusal.message);
  for (const auto& [key, value] : answer.refusal.metadata) {
    absl::StrAppend(&bytes, "|", key, "=", value);
  }
  return bytes;
}

absl::Status Involve(World& world, Node& node, const std::string& case_id, pv1::Function function) {
  cv1::InvolveUnitRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id);
  request.set_function(function);
  return node.Call<cv1::InvolveUnitResponse>(absl::StrCat(kCaseService, "InvolveUnit"), request)
      .status();
}

absl::Status Release(World& world, Node& node, const std::string& case_id, pv1::Function function) {
  cv1::ReleaseUnitRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id);
  request.set_function(function);
  return node.Call<cv1::ReleaseUnitResponse>(absl::StrCat(kCaseService, "ReleaseUnit"), request)
      .status();
}

absl::Status StateStaffSafety(World& world, Node& node, const std::string& case_id,
                              pv1::Function function, const std::string& line) {
  cv1::StateStaffSafetyRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id);
  request.set_function(function);
  request.set_staff_safety(line);
  return node
      .Call<cv1::StateStaffSafetyResponse>(absl::StrCat(kCaseService, "StateStaffSafety"), request)
      .status();
}

absl::Status SignFor(World& world, Node& node, const std::string& case_id,
                     const std::vector<pv1::Function>& units) {
  std::vector<cv1::Measure> measures;
  for (const pv1::Function unit : units) {
    measures.push_back(MeasureOf(cv1::MEASURE_TYPE_EMPLOYMENT, cv1::MODULE_EDUCATION_EMPLOYMENT,
                                 node, pv1::Function_Name(unit)));
    measures.back().set_unit(unit);
  }
  return SignAgreement(world, node, case_id, measures);
}

absl::Status Cover(World& world, Node& node, const std::string& case_id,
                   const std::vector<pv1::AuthorityKind>& kinds) {
  cv1::RecordConsentRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id);
  for (const pv1::AuthorityKind kind : kinds) request.add_covers(kind);
  return node.Call<cv1::RecordConsentResponse>(absl::StrCat(kCaseService, "RecordConsent"), request)
      .status();
}

absl::StatusOr<std::string> AskToBreakGlass(World& world, Node& node, const std::string& case_id,
                                            const std::string& reason, std::uint32_t minutes) {
  cv1::RequestBreakGlassRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id);
  request.set_reason(reason);
  request.set_minutes(minutes);
  const auto answer = node.Call<cv1::RequestBreakGlassResponse>(
      absl::StrCat(kCaseService, "RequestBreakGlass"), request);
  if (!answer.ok()) return answer.status();
  return answer->ticket().break_glass_id();
}

absl::Status Approve(World& world, Node& node, const std::string& case_id,
                     const std::string& break_glass_id) {
  cv1::ApproveBreakGlassRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id);
  request.set_break_glass_id(break_glass_id);
  return node
      .Call<cv1::ApproveBreakGlassResponse>(absl::StrCat(kCaseService, "ApproveBreakGlass"),
                                            request)
      .status();
}

absl::Status EndIt(World& world, Node& node, const std::string& case_id,
                   const std::string& break_glass_id) {
  cv1::EndBreakGlassRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id);
  request.set_break_glass_id(break_glass_id);
  return node.Call<cv1::EndBreakGlassResponse>(absl::StrCat(kCaseService, "EndBreakGlass"), request)
      .status();
}

absl::StatusOr<std::vector<account::v1::AccountEntry>> AccountOf(Node& node,
                                                                 const std::string& case_id,
                                                                 std::uint32_t page_size) {
  std::vector<account::v1::AccountEntry> entries;
  cv1::GetAccountRequest request;
  request.set_case_id(case_id);
  request.set_page_size(page_size);
  do {
    const auto page =
        node.Call<cv1::GetAccountResponse>(absl::StrCat(kCaseService, "GetAccount"), request);
    if (!page.ok()) return page.status();
    entries.insert(entries.end(), page->entries().begin(), page->entries().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return entries;
}

}  // namespace exitbus::simulation
