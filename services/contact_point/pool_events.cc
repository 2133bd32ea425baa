// What becomes of a year of the pool, and by what it is found.
#include <algorithm>
#include <string>
#include <vector>

#include "services/contact_point/pool.h"
#include "services/exchange/keys.h"
#include "services/pool/application.h"

namespace exitbus::contact_point {
namespace {

namespace plv1 = pool_journal::v1;

void Open(jv1::PoolYear& year, const jv1::YearOpened& opened) {
  year.set_year(opened.year());
  year.set_budget_dkk(opened.budget_dkk());
}

void Set(jv1::PoolYear& year, const jv1::BudgetSet& set) { year.set_budget_dkk(set.budget_dkk()); }

// Beyond what a year holds, the oldest that ended without any money makes room: whoever is let in
// has found a place, so that there is such a one.
void Add(jv1::PoolYear& year, const plv1::Submitted& submitted) {
  pool::Change(year, submitted);
  auto& all = *year.mutable_pool_applications();
  if (all.size() <= kApplicationsMax) return;
  const auto oldest = std::find_if(all.begin(), all.end(), [](const plv1::Application& one) {
    return pool::EndedUnpaid(one.seen().stage());
  });
  if (oldest != all.end()) all.erase(oldest);
}

std::vector<std::string> KeysOf(const jv1::PoolYear& year, const exchange::Lookup&) {
  if (year.year() == 0) return {};
  std::vector<std::string> keys = {PoolYearKey(year.year())};
  for (const plv1::Application& one : year.pool_applications()) {
    keys.push_back(pool::PoolKey(one.seen().application_id()));
  }
  return keys;
}

}  // namespace

std::string PoolYearKey(std::uint64_t year) {
  return exchange::KindName{"pool-year", std::to_string(year)}.Encode();
}

PoolPart PoolEvents() {
  PoolPart part;
  part.After(&Open)
      .After(&Set)
      .After(&Add)
      .After(&pool::Change<jv1::PoolYear, plv1::Treated>)
      .After(&pool::Change<jv1::PoolYear, plv1::Withdrawn>)
      .After(&pool::Change<jv1::PoolYear, plv1::Decided>)
      .After(&pool::Change<jv1::PoolYear, plv1::Paid>)
      .After(&pool::Change<jv1::PoolYear, plv1::Accounted>)
      .After(&pool::Change<jv1::PoolYear, plv1::Finished>)
      .Named(&KeysOf)
      .Obligations("pool.contact_point_overdue", &pool::OwedByDesk<jv1::PoolYear>)
      .Obligations("pool.account_overdue", &pool::OwedByApplicants<jv1::PoolYear>);
  return part;
}

}  // namespace exitbus::contact_point
