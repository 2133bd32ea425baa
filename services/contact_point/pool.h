// What a year of the central pool is made of: the budget, and every application that is decided
// against it. One aggregate, so that no two grants are decided at the same time, and what a grant
// leaves is what the next one sees. Internal to the contact point.
#pragma once

#include <cstdint>
#include <string>

#include "exitbus/contact_point_journal/v1/pool.pb.h"
#include "services/exchange/decision_context.h"
#include "services/exchange/part.h"

namespace exitbus::contact_point {

namespace jv1 = contact_point_journal::v1;
using PoolPart = exchange::Part<jv1::PoolYear, jv1::PoolEvent>;

// From the applicants.
PoolPart PoolLetters();
// What becomes of it, by what it is found, and what is owed.
PoolPart PoolEvents();
// What the contact point's own people do and read.
PoolPart PoolMethods();

inline constexpr char kPool[] = "pool";  // the aggregate's name
inline constexpr std::uint64_t kBudgetUsualDkk = 2'000'000;
inline constexpr std::uint64_t kBudgetMaxDkk = 1'000'000'000;
// Six times as many as the usual budget pays for on average. A year is one state, which each
// decision reads and writes: more would be slow.
inline constexpr int kApplicationsMax = 500;
// So many of one applicant may be open in a year: nobody fills it for the others.
inline constexpr int kOpenOfOneMax = 100;

// Those that are open or have been paid.
int PlacesTaken(const jv1::PoolYear& year);

// "pool-year/<year>".
std::string PoolYearKey(std::uint64_t year);

// Whole kroner.
struct PoolSums {
  std::uint64_t committed_dkk = 0;
  std::uint64_t paid_dkk = 0;
  std::uint64_t spent_dkk = 0;
  std::uint64_t undecided_dkk = 0;
  std::uint64_t granted_dkk = 0;  // by the year's decisions, of
  std::uint64_t decided_dkk = 0;  // what was applied for in them,
  std::uint64_t decided = 0;      // how many they are
};
PoolSums SumsOf(const jv1::PoolYear& year);
std::uint64_t LeftDkk(const jv1::PoolYear& year);

std::unique_ptr<google::protobuf::Message> BudgetView(const jv1::PoolYear& year);

// To whoever applied, about its application: the authority in charge of a case, or its police unit.
exchange::Party ApplicantOf(const std::string& applicant, const std::string& application_id,
                            const exchange::DecisionContext& context);

}  // namespace exitbus::contact_point
