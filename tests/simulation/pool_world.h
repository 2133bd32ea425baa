// Applicants and the contact point's desk for the central pool, each act in one call, repeated
// until it is answered. For the tests of both.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "exitbus/contact_point/v1/pool_desk.pb.h"
#include "exitbus/pool/v1/pool_service.pb.h"
#include "tests/simulation/erasure_world.h"

namespace exitbus::simulation {

inline constexpr char kPoolDesk[] = "exitbus.contact_point.v1.PoolDeskService.";
inline constexpr char kPoolService[] = "exitbus.pool.v1.PoolService.";

class PoolWorld : public ErasureWorld {
 public:
  explicit PoolWorld(std::uint64_t seed = 1) : ErasureWorld(seed) {}

  std::uint32_t ThisYear();

  // For a tattoo's removal; the application's id.
  absl::StatusOr<std::string> Apply(Node& node, const std::string& case_id,
                                    std::uint64_t applied_dkk);
  absl::Status WithdrawApplication(Node& node, const std::string& id);
  absl::Status ReturnAccount(Node& node, const std::string& id, std::uint64_t spent_dkk);

  // At the desk.
  absl::Status OpenYear(std::uint64_t budget_dkk);
  absl::Status SetBudget(std::uint64_t budget_dkk);
  absl::Status Treat(const std::string& id);
  absl::Status Grant(const std::string& id, std::uint64_t granted_dkk,
                     pool::v1::PoolRefusalCode code = pool::v1::POOL_REFUSAL_CODE_UNSPECIFIED);
  absl::Status Refuse(const std::string& id);
  absl::Status Pay(const std::string& id, std::uint64_t paid_dkk);
  absl::Status Accept(const std::string& id);
  absl::Status GiveUp(const std::string& id);
  // This year's; of year 0: it does not answer.
  contact_point::v1::BudgetYear Budget();

  // As the desk or an applicant sees it; empty: it is not there.
  pool::v1::PoolApplication At(Node& node, const std::string& id);

  // Nothing was refused between them, what each has is whole, and no more is committed than there
  // is.
  void ExpectSound();

 private:
  template <class Response, class Request>
  absl::StatusOr<Response> Ask(Node& node, const std::string& method, Request request);
  template <class Response, class Request>
  absl::StatusOr<Response> Insist(Node& node, const std::string& method, const Request& request);
  template <class Response, class Request>
  absl::Status OnDesk(const char* method, Request request, const std::string& id);
};

}  // namespace exitbus::simulation
