// What a year's budget is and what is left of it, as its people see it.
#include <algorithm>
#include <vector>

#include "exitbus/contact_point/v1/pool_desk.pb.h"
#include "services/contact_point/pool.h"
#include "services/exchange/proto_time.h"
#include "services/pool/application.h"

namespace exitbus::contact_point {
namespace {

namespace lv1 = pool::v1;

constexpr std::uint64_t kDecidedForUsual = 5;
constexpr std::size_t kWaitingMax = 200;

// What it takes of the budget now.
std::uint64_t CommittedDkk(const lv1::PoolApplication& application) {
  switch (application.stage()) {
    case lv1::POOL_STAGE_GRANTED:
    case lv1::POOL_STAGE_PARTLY_GRANTED:
      return application.granted_dkk();
    case lv1::POOL_STAGE_PAID:
    case lv1::POOL_STAGE_ACCOUNT_RECEIVED:
      return application.paid_dkk();
    case lv1::POOL_STAGE_CLOSED:
      return application.has_spent_dkk() ? application.spent_dkk() : application.paid_dkk();
    default:
      return 0;
  }
}

absl::Time DueOf(const lv1::PoolApplication& application) {
  return application.has_due() ? exchange::FromProto(application.due()) : absl::InfiniteFuture();
}

std::vector<lv1::PoolApplication> Waiting(const jv1::PoolYear& year) {
  std::vector<lv1::PoolApplication> waiting;
  for (const auto& one : year.pool_applications()) {
    if (!pool::HasEnded(one.seen().stage())) waiting.push_back(pool::Shown(one));
  }
  std::stable_sort(waiting.begin(), waiting.end(),
                   [](const auto& a, const auto& b) { return DueOf(a) < DueOf(b); });
  if (waiting.size() > kWaitingMax) waiting.resize(kWaitingMax);
  return waiting;
}

}  // namespace

PoolSums SumsOf(const jv1::PoolYear& year) {
  PoolSums sums;
  for (const auto& one : year.pool_applications()) {
    const lv1::PoolApplication& seen = one.seen();
    const std::uint64_t committed_dkk = CommittedDkk(seen);
    const bool ended = seen.stage() == lv1::POOL_STAGE_CLOSED;
    sums.committed_dkk += committed_dkk;
    if (seen.has_paid_dkk()) sums.paid_dkk += committed_dkk;
    if (ended && seen.has_spent_dkk()) sums.spent_dkk += seen.spent_dkk();
    if (seen.has_granted_dkk()) {
      sums.granted_dkk += seen.granted_dkk();
      sums.decided_dkk += seen.applied_dkk();
      ++sums.decided;
    } else if (!pool::HasEnded(seen.stage())) {
      sums.undecided_dkk += seen.applied_dkk();
    }
  }
  return sums;
}

int PlacesTaken(const jv1::PoolYear& year) {
  const auto& all = year.pool_applications();
  return static_cast<int>(std::count_if(all.begin(), all.end(), [](const auto& one) {
    return !pool::EndedUnpaid(one.seen().stage());
  }));
}

std::uint64_t LeftDkk(const jv1::PoolYear& year) {
  const std::uint64_t committed_dkk = SumsOf(year).committed_dkk;
  return committed_dkk < year.budget_dkk() ? year.budget_dkk() - committed_dkk : 0;
}

std::unique_ptr<google::protobuf::Message> BudgetView(const jv1::PoolYear& year) {
  if (year.year() == 0) return nullptr;
  const PoolSums sums = SumsOf(year);
  auto view = std::make_unique<v1::BudgetYear>();
  view->set_year(year.year());
  view->set_budget_dkk(year.budget_dkk());
  view->set_committed_dkk(sums.committed_dkk);
  view->set_paid_dkk(sums.paid_dkk);
  view->set_spent_dkk(sums.spent_dkk);
  view->set_left_dkk(LeftDkk(year));
  view->set_undecided_dkk(sums.undecided_dkk);
  if (sums.decided >= kDecidedForUsual) {
    // 500 applications of a million each: no product is beyond 64 bits.
    view->set_forecast_dkk(sums.committed_dkk +
                           sums.undecided_dkk * sums.granted_dkk / sums.decided_dkk);
  }
  view->set_applications(static_cast<std::uint32_t>(PlacesTaken(year)));
  for (lv1::PoolApplication& one : Waiting(year)) *view->add_waiting() = std::move(one);
  return view;
}

}  // namespace exitbus::contact_point
