#include "services/pool/application.h"

#include "absl/time/civil_time.h"
#include "services/exchange/keys.h"
#include "services/exchange/repeated.h"
#include "services/exchange/working_days.h"

namespace exitbus::pool {
namespace {

using exchange::BadInput;
using exchange::ov1::Obligation;

// Under threat, round the clock; everything else in working days.
constexpr absl::Duration kAcuteActs = absl::Hours(4);
constexpr int kActDays = 10;
constexpr int kAccountDays = 60;
constexpr int kAcceptanceDays = 20;

constexpr char kPoolName[] = "pool";

template <class What>
jv1::Application* Of(const What& what, Applications& all) {
  return exchange::FindIn(all, [&](const jv1::Application& one) {
    return one.seen().application_id() == what.application_id();
  });
}

// Nobody owes it any more.
void Settle(const google::protobuf::Timestamp& instant, Obligation& obligation) {
  for (Obligation::Party& party : *obligation.mutable_parties()) {
    *party.mutable_confirmed() = instant;
  }
}

}  // namespace

bool IsBudgetYear(std::uint64_t year, absl::Time now) {
  const auto this_year = static_cast<std::uint64_t>(exchange::MonthOf(now).year());
  return year == this_year || year == this_year + 1;
}

bool IsLateYear(std::uint64_t year, absl::Time now) {
  const absl::CivilMonth month = exchange::MonthOf(now);
  return month.month() == 1 && year + 1 == static_cast<std::uint64_t>(month.year());
}

std::optional<exchange::Refusal> FaultIn(const v1::PoolApplication& application) {
  if (application.measure() == v1::POOL_MEASURE_UNSPECIFIED) {
    return BadInput("pool.measure_required", "Say what is applied for.");
  }
  if (application.grounds().empty()) {
    return BadInput("pool.ground_required", "Give at least one ground.");
  }
  if (application.applied_dkk() == 0) {
    return BadInput("pool.amount_not_positive", "Say how much, in whole kroner: at least 1.");
  }
  if (application.applied_dkk() > kAmountMaxDkk) {
    return BadInput("pool.amount_above_cap",
                    "One application is for at most 1 000 000 kroner. Ask for less, or ask the "
                    "contact point how to go about it.");
  }
  return std::nullopt;
}

const jv1::Application* Find(const Applications& all, std::string_view application_id) {
  return exchange::FindIn(all, [&](const jv1::Application& one) {
    return one.seen().application_id() == application_id;
  });
}

std::string PoolKey(std::string_view application_id) {
  return exchange::KindName{kPoolName, std::string(application_id)}.Encode();
}

const std::string& DeskOf(const jv1::Application& application) {
  static const auto* const nobody = new std::string;
  const auto& owing = application.desk().parties();
  return owing.empty() ? *nobody : owing.Get(0).authority();
}

absl::Time ActDue(v1::PoolMeasure measure, absl::Time now) {
  if (measure == v1::POOL_MEASURE_ACUTE_RELOCATION) return now + kAcuteActs;
  return exchange::AddWorkingDays(now, kActDays);
}

absl::Time AccountDue(absl::Time now) { return exchange::AddWorkingDays(now, kAccountDays); }

absl::Time AcceptanceDue(absl::Time now) { return exchange::AddWorkingDays(now, kAcceptanceDays); }

bool IsDecided(v1::PoolStage stage) {
  return stage >= v1::POOL_STAGE_GRANTED && stage != v1::POOL_STAGE_WITHDRAWN;
}

bool IsGranted(v1::PoolStage stage) {
  return stage == v1::POOL_STAGE_GRANTED || stage == v1::POOL_STAGE_PARTLY_GRANTED;
}

bool HasEnded(v1::PoolStage stage) {
  return stage == v1::POOL_STAGE_REFUSED || stage == v1::POOL_STAGE_WITHDRAWN ||
         stage == v1::POOL_STAGE_CLOSED;
}

bool EndedUnpaid(v1::PoolStage stage) { return HasEnded(stage) && stage != v1::POOL_STAGE_CLOSED; }

void Evolve(const jv1::Submitted& submitted, Applications& all) {
  jv1::Application& added = *all.Add();
  *added.mutable_seen() = submitted.application();
  added.mutable_seen()->set_stage(v1::POOL_STAGE_SUBMITTED);
  *added.mutable_desk() = submitted.desk();
}

void Evolve(const jv1::Treated& treated, Applications& all) {
  if (auto* one = Of(treated, all)) one->mutable_seen()->set_stage(v1::POOL_STAGE_UNDER_TREATMENT);
}

void Evolve(const jv1::Withdrawn& withdrawn, Applications& all) {
  auto* const one = Of(withdrawn, all);
  if (one == nullptr) return;
  one->mutable_seen()->set_stage(v1::POOL_STAGE_WITHDRAWN);
  one->mutable_seen()->set_withdrawal(withdrawn.reason());
  Settle(withdrawn.instant(), *one->mutable_desk());
}

void Evolve(const jv1::Decided& decided, Applications& all) {
  auto* const one = Of(decided, all);
  if (one == nullptr) return;
  v1::PoolApplication& seen = *one->mutable_seen();
  const bool whole = decided.granted_dkk() == seen.applied_dkk();
  seen.set_stage(decided.granted_dkk() == 0 ? v1::POOL_STAGE_REFUSED
                 : whole                    ? v1::POOL_STAGE_GRANTED
                                            : v1::POOL_STAGE_PARTLY_GRANTED);
  seen.set_granted_dkk(decided.granted_dkk());
  seen.set_refusal(decided.refusal());
  Settle(decided.instant(), *one->mutable_desk());
  if (decided.has_desk()) *one->mutable_desk() = decided.desk();
}

void Evolve(const jv1::Paid& paid, Applications& all) {
  auto* const one = Of(paid, all);
  if (one == nullptr) return;
  one->mutable_seen()->set_stage(v1::POOL_STAGE_PAID);
  one->mutable_seen()->set_paid_dkk(paid.paid_dkk());
  *one->mutable_account() = paid.account();
  Settle(paid.instant(), *one->mutable_desk());
}

void Evolve(const jv1::Accounted& accounted, Applications& all) {
  auto* const one = Of(accounted, all);
  if (one == nullptr) return;
  one->mutable_seen()->set_stage(v1::POOL_STAGE_ACCOUNT_RECEIVED);
  one->mutable_seen()->set_spent_dkk(accounted.spent_dkk());
  Settle(accounted.instant(), *one->mutable_account());
  if (accounted.has_desk()) *one->mutable_desk() = accounted.desk();
}

void Evolve(const jv1::Finished& finished, Applications& all) {
  auto* const one = Of(finished, all);
  if (one == nullptr) return;
  one->mutable_seen()->set_stage(v1::POOL_STAGE_CLOSED);
  if (finished.has_spent_dkk()) one->mutable_seen()->set_spent_dkk(finished.spent_dkk());
  Settle(finished.instant(), *one->mutable_account());
  Settle(finished.instant(), *one->mutable_desk());
}

v1::PoolApplication Shown(const jv1::Application& application) {
  v1::PoolApplication shown = application.seen();
  for (const Obligation* owed : {&application.desk(), &application.account()}) {
    if (exchange::IsMet(*owed)) continue;
    exchange::ShowDue(*owed, shown);
  }
  return shown;
}

std::unique_ptr<google::protobuf::Message> View(const Applications& all,
                                                std::string_view application_id) {
  const jv1::Application* const one = Find(all, application_id);
  if (one == nullptr) return nullptr;
  return std::make_unique<v1::PoolApplication>(Shown(*one));
}

std::unique_ptr<google::protobuf::Message> ViewNamed(const Applications& all,
                                                     std::string_view index_key) {
  const auto name = exchange::KindName::Decode(index_key);
  return name ? View(all, name->name) : nullptr;
}

}  // namespace exitbus::pool
