// A police unit that was asked on consent, and the consent is revoked: it blocks the person it had
// no receipt out for, and goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace plv1 = police::v1;
namespace pv1 = policy::v1;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class ConsentAtThePoliceTest : public testing::Test {
 protected:
  ConsentAtThePoliceTest()
      : ishoej(world.Municipality("0183")),
        odense(world.Municipality("0461")),
        vestegnen(world.Police("1469")),
        case_id(EnrolledCase(world, ishoej)) {
    EXPECT_TRUE(world.Settle());
  }

  // The unit was asked on consent, which is revoked before it learnt whom it is about: the one copy
  // that named the person is lost with the bus, and none goes again.
  void WithholdTheName() {
    vestegnen.Crash();
    ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
    world.Pass(absl::Seconds(1));
    ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
    LoseTheBus();
  }

  // The unit hears what is published again.
  void LoseTheBus() {
    world.broker.Stop();
    world.broker.Wipe();
    world.broker.Start();
    vestegnen.Start();
    ASSERT_TRUE(world.Settle());
  }

  absl::Status RecordConsent(std::vector<pv1::AuthorityKind> covers) {
    casework::v1::RecordConsentRequest request;
    request.set_request_id(world.RequestId());
    request.set_case_id(case_id);
    for (const auto kind : covers) request.add_covers(kind);
    return ishoej
        .Call<casework::v1::RecordConsentResponse>("exitbus.casework.v1.CaseService.RecordConsent",
                                                   request)
        .status();
  }

  World world;
  Node& ishoej;
  Node& odense;
  Node& vestegnen;
  std::string case_id;
};

TEST_F(ConsentAtThePoliceTest, WhatTheUnitReceiptedStays) {
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(vestegnen)->legal_basis(), pv1::LEGAL_BASIS_CONSENT);
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  const auto file = OnlyFile(vestegnen);
  EXPECT_EQ(file->person().name(), "Canary Name");
  EXPECT_TRUE(file->consent_revoked().seconds() > 0);
  EXPECT_THAT(file->blocked(), IsEmpty());
  EXPECT_THAT(GetCase(ishoej, case_id)->blocked(), IsEmpty());
}

TEST_F(ConsentAtThePoliceTest, WhatItDidNotReceiptIsBlocked) {
  world.Mute(vestegnen, {"receipt"});
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  world.Pass(absl::Seconds(30));
  ASSERT_EQ(OnlyFile(vestegnen)->person().name(), "Canary Name");
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Heal());
  const auto file = OnlyFile(vestegnen);
  EXPECT_FALSE(file->has_person());
  EXPECT_EQ(file->current_address(), "");
  ASSERT_EQ(file->blocked_size(), 1);
  EXPECT_THAT(file->blocked(0).fields(),
              UnorderedElementsAre("current_address", "person.cpr_number", "person.name"));
  EXPECT_EQ(GetCase(ishoej, case_id)->blocked_size(), 1);
  EXPECT_EQ(GetCase(ishoej, case_id)->blocked(0).counterpart(), vestegnen.id());
  EXPECT_EQ(file->naming(), plv1::NAMING_REVOKED);
  EXPECT_EQ(RuleOf(Assess(world, vestegnen)), "security.nobody_named");
}

// What the unit had assessed while it knew the person, it can keep up.
TEST_F(ConsentAtThePoliceTest, AnAssessmentThatThereIsGoesOnWhenThePersonIsBlocked) {
  world.Mute(vestegnen, {"receipt"});
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  world.Pass(absl::Seconds(30));
  ASSERT_TRUE(Assess(world, vestegnen).ok());
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Heal());
  ASSERT_EQ(OnlyFile(vestegnen)->naming(), plv1::NAMING_REVOKED);
  EXPECT_TRUE(Assess(world, vestegnen).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(ishoej, case_id)->security().version(), 2U);
}

// The unit is involved and knows nobody's name; a handover goes its way all the same.
TEST_F(ConsentAtThePoliceTest, WhatIsWithheldLeavesTheUnitWithoutANameAndNothingWaitsForIt) {
  world.Police("1465");  // hears of the handover
  ASSERT_NO_FATAL_FAILURE(WithholdTheName());
  const auto file = OnlyFile(vestegnen);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_FALSE(file->has_person());
  EXPECT_EQ(file->naming(), plv1::NAMING_REVOKED);
  EXPECT_TRUE(file->has_consent_revoked());
  EXPECT_EQ(RuleOf(Assess(world, vestegnen)), "security.nobody_named");
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(vestegnen.store().rows(exchange::Table::kParked).size(), 0U);
  EXPECT_EQ(ishoej.telemetry().Total("letters.refused_by_peer"), 0);
  EXPECT_EQ(odense.telemetry().Total("letters.refused_by_peer"), 0);
}

// Whoever has the case next does not know that its unit was never named the person.
TEST_F(ConsentAtThePoliceTest, WhoWasNotToldTheNameDoesNotLearnItByACorrection) {
  Node& albertslund = world.Municipality("0165");
  ASSERT_NO_FATAL_FAILURE(WithholdTheName());
  const std::string id = Offered(world, ishoej, case_id, albertslund);
  ASSERT_TRUE(Do(world, albertslund, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  casework::v1::CorrectCaseRequest request;
  request.set_case_id(case_id);
  request.mutable_person()->set_name("Right Name");
  request.set_current_address("Right Street 2");
  ASSERT_TRUE(Correct(world, albertslund, request).ok());
  ASSERT_TRUE(world.Settle());
  const auto file = OnlyFile(vestegnen);
  EXPECT_EQ(file->naming(), plv1::NAMING_REVOKED);
  EXPECT_FALSE(file->has_person());
  EXPECT_EQ(file->current_address(), "");
  EXPECT_EQ(file->corrections_size(), 1) << "that something was wrong it may know";
  EXPECT_THAT(GetCase(albertslund, case_id)->corrections(0).outstanding(), IsEmpty());
}

// A unit that a handover may bring the case to is named the person in its time.
TEST_F(ConsentAtThePoliceTest, WhoIsNotNamedThePersonYetSaysSo) {
  Node& fyn = world.Police("1465");
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(vestegnen)->naming(), plv1::NAMING_NAMED);
  ASSERT_TRUE(Assess(world, vestegnen).ok());
  const std::string id = Accepted(world, ishoej, case_id, odense);
  EXPECT_EQ(OnlyFile(fyn)->naming(), plv1::NAMING_NOT_YET);
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(fyn)->naming(), plv1::NAMING_NAMED);
  EXPECT_EQ(OnlyFile(fyn)->person().name(), "Canary Name");
}

// The other district's unit gets the case from one that was not named the person.
TEST_F(ConsentAtThePoliceTest, WhoGetsTheCaseFromAUnitThatKnowsNobodyKnowsNobody) {
  Node& fyn = world.Police("1465");
  world.Mute(vestegnen, {"receipt"});
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  world.Pass(absl::Seconds(30));
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Heal());
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(fyn)->standing(), plv1::POLICE_STANDING_IN_CHARGE);
  EXPECT_EQ(OnlyFile(fyn)->naming(), plv1::NAMING_REVOKED);
  EXPECT_FALSE(OnlyFile(fyn)->has_person());
}

// What rested on the old consent does not go on the new one.
TEST_F(ConsentAtThePoliceTest, WhatIsWithheldStaysSoWhenConsentIsGivenAnew) {
  vestegnen.Crash();
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  world.Pass(absl::Seconds(1));
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(RecordConsent({pv1::AUTHORITY_KIND_POLICE}).ok());
  LoseTheBus();
  EXPECT_EQ(OnlyFile(vestegnen)->person().name(), "");
  EXPECT_THAT(OnlyFile(vestegnen)->blocked(), IsEmpty());  // none of it came
}

// The unit was asked, and what it was told was taken back; on a basis that holds it is told again.
TEST_F(ConsentAtThePoliceTest, WhoKnowsNobodyIsAskedAnewOnAnotherBasis) {
  ASSERT_NO_FATAL_FAILURE(WithholdTheName());
  EXPECT_EQ(RuleOf(AskPolice(world, ishoej, case_id)), "police.basis_required");
  world.Pass(absl::Seconds(1));
  ASSERT_TRUE(RecordConsent({pv1::AUTHORITY_KIND_POLICE}).ok());
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  const auto file = OnlyFile(vestegnen);
  EXPECT_EQ(file->naming(), plv1::NAMING_NAMED);
  EXPECT_EQ(file->person().name(), "Canary Name");
  EXPECT_FALSE(file->has_consent_revoked());
  EXPECT_TRUE(file->has_assessment_asked());
  EXPECT_TRUE(Assess(world, vestegnen).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_FALSE(OnlyFile(vestegnen)->has_assessment_asked());
  EXPECT_EQ(GetCase(ishoej, case_id)->security().version(), 1U);
  // What was told on the newer consent goes the same way.
  world.Mute(vestegnen, {"receipt"});
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  world.Pass(absl::Seconds(30));
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Heal());
  EXPECT_EQ(OnlyFile(vestegnen)->naming(), plv1::NAMING_REVOKED);
  EXPECT_EQ(ishoej.telemetry().Total("letters.refused_by_peer"), 0);
}

TEST_F(ConsentAtThePoliceTest, TheUnitIsAskedAnewOnceItHasAnswered) {
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(OnlyFile(vestegnen)->has_assessment_asked());
  EXPECT_EQ(RuleOf(AskPolice(world, ishoej, case_id)), "police.already_asked");
  ASSERT_TRUE(Assess(world, vestegnen).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_FALSE(OnlyFile(vestegnen)->has_assessment_asked());
  world.Pass(absl::Seconds(1));
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(OnlyFile(vestegnen)->has_assessment_asked());
  EXPECT_EQ(OnlyFile(vestegnen)->assessment().version(), 1U);  // it stands meanwhile
  EXPECT_EQ(RuleOf(AskPolice(world, ishoej, case_id)), "police.already_asked");
}

// Whoever takes the case over asks the unit of its own district, which has the case by its
// transfer.
TEST_F(ConsentAtThePoliceTest, TheNextHolderAsksItsOwnUnit) {
  Node& fyn = world.Police("1465");
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Assess(world, vestegnen).ok());
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  world.Pass(absl::Seconds(1));
  ASSERT_TRUE(AskPolice(world, odense, case_id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(OnlyFile(fyn)->has_assessment_asked());
  EXPECT_EQ(OnlyFile(fyn)->current_address(), "Canary Street 1");
  EXPECT_FALSE(OnlyFile(vestegnen)->has_assessment_asked());
  EXPECT_EQ(odense.telemetry().Total("letters.refused_by_peer"), 0);
}

// A citizen who signs for fewer kinds of authority takes back the rest.
TEST_F(ConsentAtThePoliceTest, AConsentThatCoversThePoliceNoMoreStopsWhatWaits) {
  vestegnen.Crash();
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  world.Pass(absl::Seconds(1));
  ASSERT_TRUE(RecordConsent({pv1::AUTHORITY_KIND_MUNICIPALITY}).ok());
  LoseTheBus();
  EXPECT_EQ(OnlyFile(vestegnen)->person().name(), "");
  EXPECT_EQ(OnlyFile(vestegnen)->naming(), plv1::NAMING_REVOKED);
  EXPECT_FALSE(GetCase(ishoej, case_id)->consent().has_revoked()) << "the new one is in force";
}

TEST_F(ConsentAtThePoliceTest, AConsentThatCoversThePoliceNoMoreBlocksWhatWasNotReceipted) {
  world.Mute(vestegnen, {"receipt"});
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  world.Pass(absl::Seconds(30));
  ASSERT_EQ(OnlyFile(vestegnen)->person().name(), "Canary Name");
  ASSERT_TRUE(RecordConsent({pv1::AUTHORITY_KIND_MUNICIPALITY}).ok());
  ASSERT_TRUE(world.Heal());
  EXPECT_FALSE(OnlyFile(vestegnen)->has_person());
  EXPECT_EQ(OnlyFile(vestegnen)->blocked_size(), 1);
}

TEST_F(ConsentAtThePoliceTest, AConsentThatCoversMoreStopsNothing) {
  vestegnen.Crash();
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  world.Pass(absl::Seconds(1));
  ASSERT_TRUE(RecordConsent({pv1::AUTHORITY_KIND_MUNICIPALITY, pv1::AUTHORITY_KIND_POLICE,
                             pv1::AUTHORITY_KIND_KRIMINALFORSORGEN})
                  .ok());
  LoseTheBus();
  EXPECT_EQ(OnlyFile(vestegnen)->person().name(), "Canary Name");
  EXPECT_FALSE(OnlyFile(vestegnen)->has_consent_revoked());
}

}  // namespace
}  // namespace exitbus::simulation
