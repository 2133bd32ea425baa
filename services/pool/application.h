// An application to the central pool, as applicant and contact point both keep it: what happened,
// what is owed until when, and how it is shown. A state that holds applications has them in
// `pool_applications`.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exitbus/pool/v1/pool.pb.h"
#include "exitbus/pool_journal/v1/journal.pb.h"
#include "services/exchange/decision.h"
#include "services/exchange/decision_context.h"
#include "services/exchange/obligation.h"

namespace exitbus::pool {

namespace jv1 = pool_journal::v1;
using Applications = google::protobuf::RepeatedPtrField<jv1::Application>;

// One application is for at most this much, whole kroner.
inline constexpr std::uint64_t kAmountMaxDkk = 1'000'000;

// The applicant's form and the contact point's inbox hold an application to the same rules, but for
// its year; nullopt: it is sound.
std::optional<exchange::Refusal> FaultIn(const v1::PoolApplication& application);
// This year or the next, in Danish time.
bool IsBudgetYear(std::uint64_t year, absl::Time now);
// Last year, in January: what was applied for in December may still be on its way.
bool IsLateYear(std::uint64_t year, absl::Time now);

const jv1::Application* Find(const Applications& all, std::string_view application_id);
// The name it is found by: "pool/<application id>".
std::string PoolKey(std::string_view application_id);
// The contact point that was applied to.
const std::string& DeskOf(const jv1::Application& application);

// Until when the contact point is to decide, and to pay what it granted: of a relocation under
// threat sooner. When the account of what is paid now is due, and until when it is to be accepted.
absl::Time ActDue(v1::PoolMeasure measure, absl::Time now);
absl::Time AccountDue(absl::Time now);
absl::Time AcceptanceDue(absl::Time now);

bool IsDecided(v1::PoolStage stage);  // granted, in whole or in part, or refused; or later
bool IsGranted(v1::PoolStage stage);  // and not paid
bool HasEnded(v1::PoolStage stage);
// Ended, and no money was ever sent.
bool EndedUnpaid(v1::PoolStage stage);

// What each event makes of the applications. Of one that is not there, nothing.
void Evolve(const jv1::Submitted& submitted, Applications& all);
void Evolve(const jv1::Treated& treated, Applications& all);
void Evolve(const jv1::Withdrawn& withdrawn, Applications& all);
void Evolve(const jv1::Decided& decided, Applications& all);
void Evolve(const jv1::Paid& paid, Applications& all);
void Evolve(const jv1::Accounted& accounted, Applications& all);
void Evolve(const jv1::Finished& finished, Applications& all);

// For Part::After and Part::Obligations.
template <class State, class What>
void Change(State& state, const What& what) {
  Evolve(what, *state.mutable_pool_applications());
}
template <class State>
std::vector<exchange::NamedObligation> OwedByDesk(const State& state) {
  std::vector<exchange::NamedObligation> owed;
  for (const jv1::Application& one : state.pool_applications()) {
    owed.push_back({one.seen().application_id(), &one.desk()});
  }
  return owed;
}
template <class State>
std::vector<exchange::NamedObligation> OwedByApplicants(const State& state) {
  std::vector<exchange::NamedObligation> owed;
  for (const jv1::Application& one : state.pool_applications()) {
    owed.push_back({one.seen().application_id(), &one.account()});
  }
  return owed;
}

// With what is due next.
v1::PoolApplication Shown(const jv1::Application& application);
std::unique_ptr<google::protobuf::Message> View(const Applications& all,
                                                std::string_view application_id);
// Of a list: the one that is found by this name.
std::unique_ptr<google::protobuf::Message> ViewNamed(const Applications& all,
                                                     std::string_view index_key);

// For a method about one application.
template <class Request>
std::string ByApplication(const Request& request) {
  return PoolKey(request.application_id());
}
template <class State, class Request>
std::unique_ptr<google::protobuf::Message> ViewOf(const State& state, const Request& request) {
  return View(state.pool_applications(), request.application_id());
}

}  // namespace exitbus::pool
