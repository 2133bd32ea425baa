// What actors do for the citizen's rights: correct, let go, erase, account for.
#include "exitbus/casework/v1/erasure_service.pb.h"
#include "tests/story/actors.h"
#include "tests/story/calls.h"

namespace exitbus::story {
namespace {

constexpr std::string_view kErasureService = "exitbus.casework.v1.ErasureService.";

}  // namespace

absl::StatusOr<cv1::Case> Actor::CorrectName(const std::string& case_id, const std::string& name) {
  cv1::CorrectCaseRequest request;
  request.mutable_person()->set_name(name);
  request.set_reason("Stavefejl (opdigtet)");
  return OnCase("CorrectCase", std::move(request), case_id);
}

absl::StatusOr<cv1::Case> Actor::RecordWithdrawal(const std::string& case_id) {
  return OnCase("RecordWithdrawal", cv1::RecordWithdrawalRequest(), case_id);
}

absl::StatusOr<cv1::Erasure> Actor::EraseCase(const std::string& case_id) {
  cv1::EraseCaseRequest request;
  request.set_case_id(case_id);
  request.set_reason(cv1::ERASURE_REASON_CITIZENS_RIGHT);
  return Change<cv1::Erasure>(In(kErasureService, "EraseCase"), std::move(request));
}

absl::StatusOr<Arrival<cv1::Erasure>> Actor::AwaitErased(const std::string& erasure_id,
                                                         absl::Time since) {
  cv1::GetErasureRequest request;
  request.set_erasure_id(erasure_id);
  return Await<cv1::Erasure>(
      [&] { return Ask<cv1::Erasure>(In(kErasureService, "GetErasure"), request); }, since,
      "everybody has confirmed the erasure",
      [](const cv1::Erasure& erasure) { return erasure.complete(); });
}

absl::StatusOr<std::vector<account::v1::AccountEntry>> Actor::GetAccount(
    const std::string& case_id) {
  cv1::GetAccountRequest request;
  request.set_case_id(case_id);
  return List<account::v1::AccountEntry>(In(kCaseService, "GetAccount"), std::move(request));
}

}  // namespace exitbus::story
