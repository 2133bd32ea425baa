#include "tests/simulation/country.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/relocation/v1/decision_service.pb.h"
#include "services/relocation/municipalities.h"
#include "tests/simulation/whole_journal.h"

namespace exitbus::simulation {
namespace {

namespace lv1 = relocation::v1;

constexpr char kRelocation[] = "exitbus.relocation.v1.Relocation";

lv1::Nomination Complete() {
  lv1::Nomination nomination;
  nomination.add_security(lv1::SECURITY_GROUND_THREAT);
  nomination.add_leaving(lv1::LEAVING_GROUND_DAILY_CONTACT);
  nomination.add_elsewhere(lv1::ELSEWHERE_GROUND_FAMILY);
  nomination.set_age_band(lv1::AGE_BAND_25_TO_34);
  nomination.mutable_profile()->set_household(lv1::HOUSEHOLD_ALONE);
  nomination.mutable_profile()->add_efforts(lv1::EFFORT_EMPLOYMENT);
  nomination.mutable_profile()->set_from_month(202603);
  return nomination;
}

std::string StageOf(const lv1::Relocation& seen) {
  return lv1::RelocationStage_Name(seen.stage()).substr(sizeof("RELOCATION_STAGE_") - 1);
}

}  // namespace

Country::Country(std::uint64_t seed)
    : world(seed), random_(seed), desk_(world.ContactPoint()), all_(world) {
  world.Nec();
}

lv1::Relocation Country::At(Node& node, const std::string& id) {
  lv1::GetRelocationRequest request;
  request.set_relocation_id(id);
  const auto answer = Ask<lv1::GetRelocationResponse>(
      node, absl::StrCat(kRelocation, "Service.GetRelocation"), request);
  return answer.ok() ? answer->relocation() : lv1::Relocation();
}

Mover Country::Begins() {
  Mover mover;
  const int number = persons_++;
  mover.cpr_number =
      absl::StrFormat("%02d%02d90%04d", 61 + number % 28, 1 + number / 28 % 12, number);
  mover.from = all_.codes()[random_() % all_.codes().size()];
  Node& holder = Municipality(mover.from);
  mover.case_id = EnrolledCase(world, holder, mover.cpr_number);
  EXPECT_TRUE(AskPolice(world, holder, mover.case_id).ok());
  return mover;
}

void Country::PassHours(int hours) {
  world.clock.Advance(absl::Hours(hours));
  world.Pass(absl::Minutes(1));
}

void Country::Step(Mover& mover) {
  if (mover.relocation.empty()) return Nominate(mover);
  const lv1::Relocation seen = At(desk_, mover.relocation);
  switch (seen.stage()) {
    case lv1::RELOCATION_STAGE_NOMINATED:
      return Assess(mover);
    case lv1::RELOCATION_STAGE_NECESSARY:
      mover.handover.clear();
      return FindPlace(mover, seen);
    case lv1::RELOCATION_STAGE_DECIDED:
      return AgreeHandover(mover);
    case lv1::RELOCATION_STAGE_ACCEPTED:
      return Travel(mover);
    case lv1::RELOCATION_STAGE_NOT_NECESSARY:
    case lv1::RELOCATION_STAGE_WITHDRAWN:
    case lv1::RELOCATION_STAGE_COMPLETED:
      mover.ended = StageOf(seen);
      return;
    default:
      return;
  }
}

void Country::Nominate(Mover& mover) {
  Node& unit = UnitOf(mover.from);
  police::v1::ListSecurityFilesRequest list;
  list.set_page_size(200);
  std::string found;
  do {
    const auto files = Ask<police::v1::ListSecurityFilesResponse>(
        unit, "exitbus.police.v1.SecurityService.ListSecurityFiles", list);
    if (!files.ok()) return;
    for (const auto& file : files->files()) {
      if (file.person().cpr_number() == mover.cpr_number) found = file.security_id();
    }
    list.set_page_token(files->next_page_token());
  } while (found.empty() && !list.page_token().empty());
  if (found.empty()) return;
  mover.security_id = found;
  (void)unit.Call<police::v1::DeliverAssessmentResponse>(
      kDeliverAssessment, AssessmentOf(world, found, {"precautions"}));
  lv1::NominateRelocationRequest request;
  request.set_security_id(found);
  *request.mutable_nomination() = Complete();
  const auto answer = Ask<lv1::NominateRelocationResponse>(
      unit, absl::StrCat(kRelocation, "NominationService.NominateRelocation"), request);
  if (answer.ok()) mover.relocation = answer->relocation().relocation_id();
}

void Country::Assess(const Mover& mover) {
  lv1::AssessRelocationRequest request;
  request.set_relocation_id(mover.relocation);
  request.set_outcome(Chance(93) ? lv1::ASSESSMENT_OUTCOME_NECESSARY
                                 : lv1::ASSESSMENT_OUTCOME_NOT_NECESSARY);
  request.add_grounds(request.outcome() == lv1::ASSESSMENT_OUTCOME_NECESSARY
                          ? lv1::ASSESSMENT_GROUND_CRITERIA_MET
                          : lv1::ASSESSMENT_GROUND_GROUNDS_INSUFFICIENT);
  (void)Ask<lv1::AssessRelocationResponse>(
      desk_, absl::StrCat(kRelocation, "AssessmentService.AssessRelocation"), request);
}

void Country::ExpectSound(const std::vector<Mover>& movers) {
  std::map<std::string, std::uint32_t> received;
  for (const Mover& mover : movers) {
    SCOPED_TRACE(absl::StrCat(mover.case_id, " ", mover.ended));
    const auto ours = GetCase(Municipality(mover.from), mover.case_id);
    ASSERT_TRUE(ours.ok()) << ours.status();
    const bool moved = mover.ended == "COMPLETED";
    EXPECT_EQ(ours->responsible(), Municipality(moved ? mover.to : mover.from).id());
    if (moved) {
      ++received[mover.to];
      const auto theirs = GetCase(Municipality(mover.to), mover.case_id);
      ASSERT_TRUE(theirs.ok()) << theirs.status();
      EXPECT_EQ(theirs->standing(), casework::v1::STANDING_RESPONSIBLE);
    }
    if (mover.handover.empty()) continue;
    const auto handover = GetHandover(Municipality(mover.from), mover.handover);
    ASSERT_TRUE(handover.ok()) << handover.status();
    EXPECT_FALSE(handover->journey().stage() == lv1::JOURNEY_STAGE_UNDER_WAY) << "forgotten";
  }
  const auto balance = Ask<lv1::GetRelocationBalanceResponse>(
      desk_, absl::StrCat(kRelocation, "DecisionService.GetRelocationBalance"),
      lv1::GetRelocationBalanceRequest());
  ASSERT_TRUE(balance.ok()) << balance.status();
  for (const auto& one : balance->balance().municipalities()) {
    EXPECT_EQ(one.received(), received[one.municipality()]) << one.municipality();
    EXPECT_EQ(one.active(), 0U) << one.municipality();
  }
  for (const std::string& code : all_.codes()) {
    SCOPED_TRACE(code);
    Node* const node = &Municipality(code);
    EXPECT_THAT(node->telemetry().LinesOf("letter.refused"), testing::IsEmpty());
    ExpectWholeJournal(*node);
  }
  for (const auto& [district, node] : all_.units()) {
    SCOPED_TRACE(district);
    EXPECT_THAT(node->telemetry().LinesOf("letter.refused"), testing::IsEmpty());
    ExpectWholeJournal(*node);
  }
  ExpectWholeJournal(desk_);
}

}  // namespace exitbus::simulation
