// A request for relocation between the authority in charge, its police unit and the contact point:
// the way through, what ends it, and each crossing with a death at each commit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/programme_service.pb.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "tests/simulation/relocation_world.h"

namespace exitbus::simulation {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using testing::IsEmpty;

constexpr auto kNecessary = lv1::ASSESSMENT_OUTCOME_NECESSARY;
constexpr auto kMore = lv1::ASSESSMENT_OUTCOME_MORE_INFORMATION;

class RelocationTest : public testing::Test, protected RelocationWorld {
 protected:
  std::string Nominated() {
    const auto id = Nominate();
    EXPECT_TRUE(id.ok()) << id.status();
    EXPECT_TRUE(world.Settle());
    return id.value_or("");
  }
  std::string Proposed() {
    const auto id = Propose();
    EXPECT_TRUE(id.ok()) << id.status();
    EXPECT_TRUE(world.Settle());
    return id.value_or("");
  }
  lv1::RelocationWithdrawalReason WhyAt(Node& node, const std::string& id) {
    return At(node, id).withdrawal();
  }
};

TEST_F(RelocationTest, IsProposedNominatedAskedAboutAndAssessed) {
  const std::string id = Proposed();
  EXPECT_EQ(StageAt(ishoej, id), "PROPOSED");
  EXPECT_EQ(At(vestegnen, id).waiting_for(), vestegnen.id());
  EXPECT_EQ(StageAt(desk, id), "") << "the police unit alone nominates";
  EXPECT_EQ(RuleOf(Propose().status()), "relocation.open");
  EXPECT_EQ(*Nominate(), id) << "the proposal, countersigned";
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "NOMINATED");
  EXPECT_EQ(RuleOf(Nominate().status()), "relocation.nominated");
  ASSERT_TRUE(Assess(id, kMore).ok());
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "INFORMATION_ASKED");
  for (Node* node : {&ishoej, &vestegnen, &desk}) {
    const lv1::Relocation seen = At(*node, id);
    EXPECT_EQ(seen.waiting_for(), vestegnen.id()) << node->id();
    EXPECT_GT(seen.paused_days(), 0U) << node->id();
    EXPECT_NEAR(seen.due().seconds(), At(desk, id).due().seconds(), 3600) << "told by the hour";
  }
  EXPECT_EQ(*Nominate(), id);
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "NOMINATED");
  EXPECT_EQ(RuleOf(Assess(id, kMore)), "relocation.asked_before");
  ASSERT_TRUE(Assess(id, kNecessary).ok());
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "NECESSARY");
  EXPECT_EQ(RuleOf(Assess(id, kNecessary)), "relocation.assessed");
  ExpectSound();
}

// The unit has not heard yet that the person is in a programme in which nobody moves.
TEST_F(RelocationTest, ANominationThatCrossesAChangeOfProgrammeEndsAtOnce) {
  world.Mute(ishoej, {"case"});
  casework::v1::ChangeProgrammeRequest change;
  change.set_case_id(case_id);
  change.set_programme(casework::v1::PROGRAMME_PLAN_FOR_FRIHED);
  ASSERT_TRUE(Insist<casework::v1::ChangeProgrammeResponse>(
                  ishoej, "exitbus.casework.v1.ProgrammeService.ChangeProgramme", change)
                  .ok());
  const auto id = Nominate();
  ASSERT_TRUE(id.ok()) << id.status();
  ASSERT_TRUE(world.Heal());
  ExpectEverywhere(*id, "WITHDRAWN");
  EXPECT_EQ(RuleOf(Nominate().status()), "security.programme_over");
}

// By an id that is nobody's case, and in codes.
TEST_F(RelocationTest, TheContactPointLearnsOfNobody) {
  const std::string id = Nominated();
  const lv1::Relocation seen = At(desk, id);
  EXPECT_EQ(seen.case_id(), "");
  EXPECT_THAT(seen.withheld(),
              testing::ElementsAre(pv1::CATEGORY_CASE_ID, pv1::CATEGORY_AFFILIATION,
                                   pv1::CATEGORY_SECURITY_ASSESSMENT));
  EXPECT_EQ(seen.nomination().age_band(), lv1::AGE_BAND_25_TO_34);
  EXPECT_EQ(At(ishoej, id).case_id(), case_id);
  EXPECT_THAT(PlantedAt(desk), IsEmpty());
}

TEST_F(RelocationTest, TheUnitDoesNotCountersign) {
  const std::string id = Proposed();
  ASSERT_TRUE(
      WithdrawRequest(vestegnen, id, lv1::RELOCATION_WITHDRAWAL_REASON_NOT_COUNTERSIGNED).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(WhyAt(ishoej, id), lv1::RELOCATION_WITHDRAWAL_REASON_NOT_COUNTERSIGNED);
  EXPECT_EQ(StageAt(desk, id), "");
  EXPECT_TRUE(Propose().ok()) << "anew";
  ASSERT_TRUE(world.Settle());
  ExpectSound();
}

TEST_F(RelocationTest, AProposalThatCrossesTheNominationIsAnswered) {
  const auto proposed = Propose();
  const auto nominated = Nominate();
  ASSERT_TRUE(proposed.ok() && nominated.ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(WhyAt(ishoej, *proposed), lv1::RELOCATION_WITHDRAWAL_REASON_NOMINATED_ALREADY);
  ExpectEverywhere(*nominated, "NOMINATED");
  ExpectSound();
}

TEST_F(RelocationTest, EndsWithTheProgramme) {
  const std::string id = Nominated();
  ASSERT_TRUE(Withdraw(ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "WITHDRAWN");
  for (Node* node : {&ishoej, &vestegnen}) {
    EXPECT_EQ(WhyAt(*node, id), lv1::RELOCATION_WITHDRAWAL_REASON_PROGRAMME_ENDED) << node->id();
  }
  EXPECT_EQ(WhyAt(desk, id), lv1::RELOCATION_WITHDRAWAL_REASON_NO_LONGER_NEEDED);
  ExpectSound();
}

TEST_F(RelocationTest, EndsWhereTheCaseMovesToAnotherDistrict) {
  const std::string id = Nominated();
  const std::string handover = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", handover).ok());
  ASSERT_TRUE(world.Settle());
  for (Node* node : {&ishoej, &vestegnen}) {
    EXPECT_EQ(WhyAt(*node, id), lv1::RELOCATION_WITHDRAWAL_REASON_CASE_MOVED) << node->id();
  }
  EXPECT_EQ(WhyAt(desk, id), lv1::RELOCATION_WITHDRAWAL_REASON_NO_LONGER_NEEDED);
  EXPECT_EQ(StageAt(odense, id), "");
  EXPECT_EQ(StageAt(fyn, id), "");
  EXPECT_EQ(RuleOf(Nominate().status()), "security.not_in_charge");
  ExpectSound();
}

TEST_F(RelocationTest, EndsWhereTheCaseMovesWithinItsDistrictAndIsAskedForAnew) {
  const std::string id = Nominated();
  const std::string handover = Offered(world, ishoej, case_id, albertslund);
  ASSERT_TRUE(Do(world, albertslund, "TakeOverCase", handover).ok());
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "WITHDRAWN");
  const auto again = Nominate();
  ASSERT_TRUE(again.ok()) << again.status();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(StageAt(albertslund, *again), "NOMINATED");
  EXPECT_EQ(StageAt(ishoej, *again), "") << "it let the case go";
  EXPECT_EQ(At(desk, *again).holder(), albertslund.id());
  ExpectSound();
}

TEST_F(RelocationTest, ACaseThatIsErasedIsErasedAtTheContactPointToo) {
  const std::string id = Nominated();
  ASSERT_TRUE(Withdraw(ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Erase(ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  ExpectEverywhere(id, "");
  EXPECT_TRUE(ErasureAt(ishoej).complete());
  ExpectNothingLeft();
}

TEST_F(RelocationTest, WhoIsLateIsSeenAndOperatorsAreAlarmed) {
  const std::string id = Proposed();
  const absl::Time due = exchange::AddWorkingDays(world.domain_clock.Now(), 3);
  world.Pass(due - world.domain_clock.Now() + absl::Minutes(1));
  ASSERT_TRUE(world.Settle());
  for (Node* node : {&ishoej, &vestegnen}) {
    EXPECT_TRUE(At(*node, id).overdue()) << node->id();
    EXPECT_EQ(node->telemetry().LinesOf("relocation.overdue").size(), 1U) << node->id();
  }
  EXPECT_TRUE(Nominate().ok());
  ASSERT_TRUE(world.Settle());
  for (Node* node : {&ishoej, &vestegnen}) EXPECT_FALSE(At(*node, id).overdue()) << node->id();
  ExpectSound();
}

TEST(RelocationOfAPrisonTest, IsProposedAndHeardOfAsAMunicipalitysIs) {
  RelocationWorld at(1, true);
  const auto id = at.Propose();
  ASSERT_TRUE(id.ok()) << id.status();
  ASSERT_TRUE(at.world.Settle());
  EXPECT_EQ(at.Nominate().value_or(""), *id);
  ASSERT_TRUE(at.world.Settle());
  EXPECT_TRUE(at.Assess(*id, kNecessary).ok());
  ASSERT_TRUE(at.world.Settle());
  at.ExpectEverywhere(*id, "NECESSARY");
  EXPECT_EQ(at.At(at.prison, *id).nomination().leaving_size(), 1) << "it answers for the person";
  at.ExpectSound();
}

// Two acts at the same time, whoever dies of it: nobody goes on with what another has ended.
struct Crossing {
  std::string name;
  std::function<void(RelocationWorld&, std::string&id)> given, one, other;
};

using World = RelocationWorld;

void Propose(World& at, std::string& id) { id = at.Propose().value_or(""); }
void Nominate(World& at, std::string& id) {
  const auto nominated = at.Nominate();
  if (nominated.ok()) id = *nominated;
}
void Ask(World& at, std::string& id) { (void)at.Assess(id, kMore); }
void GiveNothing(World&, std::string&) {}
void GiveQuestion(World& at, std::string& id) {
  Nominate(at, id);
  EXPECT_TRUE(at.world.Settle());
  Ask(at, id);
}
void Assess(World& at, std::string& id) { (void)at.Assess(id, kNecessary); }
void HolderWithdraws(World& at, std::string& id) { (void)at.WithdrawRequest(at.ishoej, id); }
void NominateAndTakeBack(World& at, std::string& id) {
  Nominate(at, id);
  HolderWithdraws(at, id);
}
void UnitWithdraws(World& at, std::string& id) { (void)at.WithdrawRequest(at.vestegnen, id); }
void Leave(World& at, std::string&) { (void)at.Withdraw(at.ishoej, at.case_id); }
void Erase(World& at, std::string& id) {
  Leave(at, id);
  (void)static_cast<ErasureWorld&>(at).Erase(at.ishoej, at.case_id);
}
void Move(World& at, std::string&) {
  const std::string handover = Offered(at.world, at.ishoej, at.case_id, at.odense);
  (void)Do(at.world, at.odense, "TakeOverCase", handover);
}

const std::vector<Crossing>& Crossings() {
  static const auto* const all = new std::vector<Crossing>{
      {"withdrawal_and_nomination", &Propose, &HolderWithdraws, &Nominate},
      {"withdrawal_and_assessment", &Nominate, &HolderWithdraws, &Assess},
      {"the_units_withdrawal_and_assessment", &Nominate, &UnitWithdraws, &Assess},
      {"both_withdrawals", &Nominate, &HolderWithdraws, &UnitWithdraws},
      {"withdrawal_and_question", &Nominate, &HolderWithdraws, &Ask},
      {"answer_and_assessment", &GiveQuestion, &Nominate, &Assess},
      {"answer_and_withdrawal", &GiveQuestion, &Nominate, &HolderWithdraws},
      {"end_of_programme_and_assessment", &Nominate, &Leave, &Assess},
      {"end_of_programme_and_nomination", &GiveNothing, &Nominate, &Leave},
      {"end_of_programme_and_countersigning", &Propose, &Nominate, &Leave},
      {"erasure_and_nomination", &GiveNothing, &Nominate, &Erase},
      {"erasure_and_assessment", &Nominate, &Erase, &Assess},
      {"take_over_and_nomination", &GiveNothing, &Nominate, &Move},
      {"take_over_and_assessment", &Nominate, &Move, &Assess},
      {"take_over_and_withdrawal", &Propose, &NominateAndTakeBack, &Move}};
  return *all;
}

class RelocationCrossingTest : public testing::TestWithParam<Crossing> {
 protected:
  // The two acts, `turned` or not, and a death; what the contact point sees in the end.
  static std::string EndOf(World& at, int victim, int nth, bool durable, bool turned) {
    std::string id;
    GetParam().given(at, id);
    EXPECT_TRUE(at.world.Settle());
    Node* const all[] = {&at.ishoej, &at.vestegnen, &at.desk};
    all[victim]->DieAtCommit(nth, durable);
    (turned ? GetParam().other : GetParam().one)(at, id);
    (turned ? GetParam().one : GetParam().other)(at, id);
    EXPECT_TRUE(at.world.Settle());
    const std::string end = at.StageAt(at.desk, id);
    for (Node* party : {&at.ishoej, &at.vestegnen}) {
      const std::string there = at.StageAt(*party, id);
      const bool unheard = there.empty() || (end.empty() && there == "WITHDRAWN");
      EXPECT_TRUE(there == end || unheard) << party->id() << " " << there << ", desk " << end;
    }
    if (end == "NOMINATED" || end == "NECESSARY") {
      EXPECT_EQ(at.StageAt(at.vestegnen, id), end);
      EXPECT_EQ(at.StageAt(at.ishoej, id), end);
    }
    at.ExpectSound();
    return end;
  }
};

TEST_P(RelocationCrossingTest, NobodyGoesOnWithWhatAnotherHasEnded) {
  std::set<std::string> ends;
  for (const int victim : {0, 1, 2}) {
    for (int nth = 1; nth <= 3; ++nth) {
      for (const bool durable : {false, true}) {
        for (const bool turned : {false, true}) {
          SCOPED_TRACE(absl::StrCat(victim, " ", nth, durable ? " after" : " before",
                                    turned ? " turned" : ""));
          RelocationWorld at(static_cast<std::uint64_t>(nth));
          ends.insert(EndOf(at, victim, nth, durable, turned));
        }
      }
    }
  }
  const bool erases = GetParam().name.starts_with("erasure");
  EXPECT_EQ(ends == std::set<std::string>{""}, erases) << "what is erased is erased everywhere";
}

INSTANTIATE_TEST_SUITE_P(Of, RelocationCrossingTest, testing::ValuesIn(Crossings()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace exitbus::simulation
