#include "tests/simulation/pool_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/exchange/working_days.h"
#include "tests/simulation/whole_journal.h"

namespace exitbus::simulation {

namespace dv1 = contact_point::v1;
namespace lv1 = pool::v1;

std::uint32_t PoolWorld::ThisYear() {
  return static_cast<std::uint32_t>(exchange::MonthOf(world.domain_clock.Now()).year());
}

// One request to whoever, repeated until it is answered.
template <class Response, class Request>
absl::StatusOr<Response> PoolWorld::Ask(Node& node, const std::string& method, Request request) {
  request.set_request_id(world.RequestId());
  return Insist<Response>(node, method, request);
}

// Who dies of it is asked again.
template <class Response, class Request>
absl::StatusOr<Response> PoolWorld::Insist(Node& node, const std::string& method,
                                           const Request& request) {
  auto answer = node.Call<Response>(method, request);
  for (int i = 0; i < 10 && absl::IsUnavailable(answer.status()); ++i) {
    world.Pass(absl::Seconds(10));
    answer = node.Call<Response>(method, request);
  }
  return answer;
}

template <class Response, class Request>
absl::Status PoolWorld::OnDesk(const char* method, Request request, const std::string& id) {
  request.set_application_id(id);
  return Ask<Response>(desk, absl::StrCat(kPoolDesk, method), request).status();
}

absl::StatusOr<std::string> PoolWorld::Apply(Node& node, const std::string& case_id,
                                             std::uint64_t applied_dkk) {
  lv1::SubmitPoolApplicationRequest request;
  request.set_case_id(case_id);
  request.set_measure(lv1::POOL_MEASURE_TATTOO_REMOVAL);
  request.add_grounds(lv1::POOL_GROUND_VISIBLE_AFFILIATION);
  request.set_budget_year(ThisYear());
  request.set_applied_dkk(applied_dkk);
  const auto answer = Ask<lv1::SubmitPoolApplicationResponse>(
      node, absl::StrCat(kPoolService, "SubmitPoolApplication"), request);
  if (!answer.ok()) return answer.status();
  return answer->application().application_id();
}

absl::Status PoolWorld::WithdrawApplication(Node& node, const std::string& id) {
  lv1::WithdrawPoolApplicationRequest request;
  request.set_application_id(id);
  request.set_reason(lv1::POOL_WITHDRAWAL_REASON_ALTERNATIVE_FOUND);
  return Ask<lv1::WithdrawPoolApplicationResponse>(
             node, absl::StrCat(kPoolService, "WithdrawPoolApplication"), request)
      .status();
}

absl::Status PoolWorld::ReturnAccount(Node& node, const std::string& id, std::uint64_t spent_dkk) {
  lv1::ReturnPoolAccountRequest request;
  request.set_application_id(id);
  request.set_spent_dkk(spent_dkk);
  return Ask<lv1::ReturnPoolAccountResponse>(node, absl::StrCat(kPoolService, "ReturnPoolAccount"),
                                             request)
      .status();
}

absl::Status PoolWorld::Treat(const std::string& id) {
  return OnDesk<dv1::TreatPoolApplicationResponse>("TreatPoolApplication",
                                                   dv1::TreatPoolApplicationRequest(), id);
}

absl::Status PoolWorld::Grant(const std::string& id, std::uint64_t granted_dkk,
                              lv1::PoolRefusalCode code) {
  dv1::GrantPoolApplicationRequest request;
  request.set_granted_dkk(granted_dkk);
  request.set_code(code);
  return OnDesk<dv1::GrantPoolApplicationResponse>("GrantPoolApplication", request, id);
}

absl::Status PoolWorld::Refuse(const std::string& id) {
  dv1::RefusePoolApplicationRequest request;
  request.set_code(lv1::POOL_REFUSAL_CODE_NOT_COVERED);
  return OnDesk<dv1::RefusePoolApplicationResponse>("RefusePoolApplication", request, id);
}

absl::Status PoolWorld::Pay(const std::string& id, std::uint64_t paid_dkk) {
  dv1::RecordPaymentRequest request;
  request.set_paid_dkk(paid_dkk);
  return OnDesk<dv1::RecordPaymentResponse>("RecordPayment", request, id);
}

absl::Status PoolWorld::Accept(const std::string& id) {
  return OnDesk<dv1::AcceptPoolAccountResponse>("AcceptPoolAccount",
                                                dv1::AcceptPoolAccountRequest(), id);
}

absl::Status PoolWorld::GiveUp(const std::string& id) {
  return OnDesk<dv1::CloseWithoutAccountResponse>("CloseWithoutAccount",
                                                  dv1::CloseWithoutAccountRequest(), id);
}

absl::Status PoolWorld::SetBudget(std::uint64_t budget_dkk) {
  dv1::SetBudgetRequest request;
  request.set_year(ThisYear());
  request.set_budget_dkk(budget_dkk);
  return Ask<dv1::SetBudgetResponse>(desk, absl::StrCat(kPoolDesk, "SetBudget"), request).status();
}

absl::Status PoolWorld::OpenYear(std::uint64_t budget_dkk) {
  dv1::OpenBudgetYearRequest request;
  request.set_year(ThisYear());
  request.set_budget_dkk(budget_dkk);
  return Ask<dv1::OpenBudgetYearResponse>(desk, absl::StrCat(kPoolDesk, "OpenBudgetYear"), request)
      .status();
}

dv1::BudgetYear PoolWorld::Budget() {
  dv1::GetBudgetYearRequest request;
  request.set_year(ThisYear());
  const auto answer =
      Insist<dv1::GetBudgetYearResponse>(desk, absl::StrCat(kPoolDesk, "GetBudgetYear"), request);
  return answer.ok() ? answer->budget_year() : dv1::BudgetYear();
}

lv1::PoolApplication PoolWorld::At(Node& node, const std::string& id) {
  if (&node == &desk) {
    dv1::GetPoolApplicationRequest request;
    request.set_application_id(id);
    const auto answer = Insist<dv1::GetPoolApplicationResponse>(
        node, absl::StrCat(kPoolDesk, "GetPoolApplication"), request);
    return answer.ok() ? answer->application() : lv1::PoolApplication();
  }
  lv1::GetPoolApplicationRequest request;
  request.set_application_id(id);
  const auto answer = Insist<lv1::GetPoolApplicationResponse>(
      node, absl::StrCat(kPoolService, "GetPoolApplication"), request);
  return answer.ok() ? answer->application() : lv1::PoolApplication();
}

// Nothing was refused between them, and what each has is whole.
void PoolWorld::ExpectSound() {
  for (Node* node : {&ishoej, &odense, &prison, &desk}) {
    EXPECT_THAT(node->telemetry().LinesOf("letter.refused"), testing::IsEmpty()) << node->id();
    ExpectWholeJournal(*node);
  }
  const dv1::BudgetYear budget = Budget();
  EXPECT_LE(budget.committed_dkk(), budget.budget_dkk());
  EXPECT_EQ(budget.left_dkk() + budget.committed_dkk(), budget.budget_dkk());
}

}  // namespace exitbus::simulation
