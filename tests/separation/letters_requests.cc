// What is asked of the contact point in the story: money of the pool, a relocation.
#include <gtest/gtest.h>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/pool/v1/pool_service.pb.h"
#include "exitbus/relocation/v1/relocation_service.pb.h"
#include "services/exchange/working_days.h"
#include "tests/separation/letters_story.h"

namespace exitbus::simulation {
namespace {

namespace ev1 = exchange::v1;
namespace pool = exitbus::pool::v1;
namespace rlv1 = relocation::v1;

rlv1::Nomination Complete() {
  rlv1::Nomination nomination;
  nomination.add_security(rlv1::SECURITY_GROUND_ATTACK);
  nomination.add_leaving(rlv1::LEAVING_GROUND_NONE);
  nomination.add_elsewhere(rlv1::ELSEWHERE_GROUND_NONE);
  nomination.set_age_band(rlv1::AGE_BAND_18_TO_24);
  return nomination;
}

}  // namespace

void LetterStory::Apply() {
  pool::SubmitPoolApplicationRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id_);
  request.set_measure(pool::POOL_MEASURE_TATTOO_REMOVAL);
  request.add_grounds(pool::POOL_GROUND_VISIBLE_AFFILIATION);
  request.set_budget_year(exchange::MonthOf(world.domain_clock.Now()).year());
  request.set_applied_dkk(24000);
  const auto applied = ishoej.Call<pool::SubmitPoolApplicationResponse>(
      "exitbus.pool.v1.PoolService.SubmitPoolApplication", request);
  ASSERT_TRUE(applied.ok()) << applied.status();
  ids_["application"] = applied->application().application_id();
  ASSERT_TRUE(world.Settle());
}

void LetterStory::Nominate() {
  const auto file = OnlyFile(vestegnen);
  ASSERT_TRUE(file.ok()) << file.status();
  rlv1::NominateRelocationRequest request;
  request.set_request_id(world.RequestId());
  request.set_security_id(file->security_id());
  *request.mutable_nomination() = Complete();
  const auto nominated = vestegnen.Call<rlv1::NominateRelocationResponse>(
      "exitbus.relocation.v1.RelocationNominationService.NominateRelocation", request);
  ASSERT_TRUE(nominated.ok()) << nominated.status();
  ids_["relocation"] = nominated->relocation().relocation_id();
  ASSERT_TRUE(world.Settle());
}

void LetterStory::AddRequests(const std::string& subject,
                              std::vector<std::pair<std::string, ev1::Body>>& all) {
  const auto add = [&](const char* name) -> ev1::Body& {
    return all.emplace_back(name, ev1::Body()).second;
  };
  auto& applied = *add("PoolApplicationSubmitted").mutable_pool_application_submitted();
  applied.set_measure(pool::POOL_MEASURE_ACUTE_RELOCATION);
  applied.add_grounds(pool::POOL_GROUND_THREAT);
  applied.set_budget_year(exchange::MonthOf(world.domain_clock.Now()).year());
  applied.set_applied_dkk(1000000);

  auto& proposed = *add("RelocationProposed").mutable_relocation_proposed();
  proposed.set_relocation_id(subject);
  *proposed.mutable_nomination() = Complete();
  for (const std::uint32_t version : {1U, 2U}) {
    auto& nominated = *add(version == 1 ? "RelocationNominated" : "RelocationNominated(again)")
                           .mutable_relocation_nominated();
    nominated.set_relocation_id(version == 1 ? subject : ids_["relocation"]);
    nominated.set_holder(ishoej.id());
    nominated.set_version(version);
    *nominated.mutable_nomination() = Complete();
  }
  auto& assessed = *add("RelocationAssessed").mutable_relocation_assessed();
  assessed.set_relocation_id(ids_["relocation"]);
  assessed.set_outcome(rlv1::ASSESSMENT_OUTCOME_NOT_NECESSARY);
  assessed.add_grounds(rlv1::ASSESSMENT_GROUND_GROUNDS_INSUFFICIENT);
  auto& withdrawn = *add("RelocationWithdrawn").mutable_relocation_withdrawn();
  withdrawn.set_relocation_id(ids_["relocation"]);
  withdrawn.set_reason(rlv1::RELOCATION_WITHDRAWAL_REASON_ERROR);
}

}  // namespace exitbus::simulation
