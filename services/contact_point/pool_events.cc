// What becomes of a year of the pool, and by what it is found.
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

std::vector<std::string> KeysOf(const jv1::PoolYear& year, const exchange::Lookup&) {
  if (year.year() == 0) return {};
  std::vector<std::string> keys = {PoolYearKey(year.year())};
  for (const plv1::Application& one : year.pool_applications()) {
    keys.push_back(PoolKey(one.seen().application_id()));
  }
  return keys;
}

}  // namespace

std::string PoolKey(std::string_view application_id) {
  return exchange::KindName{kPool, std::string(application_id)}.Encode();
}

std::string PoolYearKey(std::uint64_t year) {
  return exchange::KindName{"pool-year", std::to_string(year)}.Encode();
}

PoolPart PoolEvents() {
  PoolPart part;
  part.After(&Open)
      .After(&Set)
      .After(&pool::Change<jv1::PoolYear, plv1::Submitted>)
      .After(&pool::Change<jv1::PoolYear, plv1::Treated>)
      .After(&pool::Change<jv1::PoolYear, plv1::Withdrawn>)
      .After(&pool::Change<jv1::PoolYear, plv1::Decided>)
      .After(&pool::Change<jv1::PoolYear, plv1::Paid>)
      .After(&pool::Change<jv1::PoolYear, plv1::Accounted>)
      .After(&pool::Change<jv1::PoolYear, plv1::Finished>)
      .Named(&KeysOf)
      .Obligations("pool.decision_overdue", &pool::DecisionsOwed<jv1::PoolYear>)
      .Obligations("pool.account_overdue", &pool::AccountsOwed<jv1::PoolYear>);
  return part;
}

}  // namespace exitbus::contact_point
