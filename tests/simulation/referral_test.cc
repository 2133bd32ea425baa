// A referral from its sending to its end, at who refers and at the municipality: what each hears,
// what crosses on the way, and that nothing of who was named stays.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/readiness/v1/readiness_service.pb.h"
#include "exitbus/referral/v1/messages.pb.h"
#include "tests/simulation/colleagues.h"
#include "tests/simulation/forgery.h"
#include "tests/simulation/referral_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace rv1 = referral::v1;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ReferralTest : public testing::Test, protected ReferralWorld {
 protected:
  std::string Referred(Node& sender) {
    const auto id = Refer(sender);
    EXPECT_TRUE(id.ok()) << id.status();
    EXPECT_TRUE(world.Settle());
    return id.value_or("");
  }
  void Days(int days) {
    world.Skip(days * absl::Hours(24));
    GoesOn();
  }
};

TEST_F(ReferralTest, ACaseIsOpenedFromItAndNothingIsTypedTwice) {
  const std::string id = Referred(vestegnen);
  ASSERT_THAT(Received(true), SizeIs(1));
  EXPECT_EQ(Received().front().referral().person().cpr_number(), kReferred);
  EXPECT_EQ(Received().front().sender(), vestegnen.id());
  const auto opened = Open(id);
  ASSERT_TRUE(opened.ok()) << opened.status();
  const auto seen = GetCase(ishoej, *opened);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->person().cpr_number(), kReferred);
  EXPECT_EQ(seen->safe_contact().details(), "Canary Street");
  const cv1::Referral& referral = seen->intake().referral();
  EXPECT_EQ(referral.source(), cv1::REFERRAL_SOURCE_POLICE);
  EXPECT_EQ(referral.referred_by(), vestegnen.id());
  EXPECT_TRUE(referral.citizen_agrees());
  EXPECT_EQ(referral.referral_id(), id);
  GoesOn();
  EXPECT_EQ(SentBy(vestegnen, id).outcome(), rv1::REFERRAL_OUTCOME_OPENED);
  EXPECT_TRUE(SentBy(vestegnen, id).has_answered());
  EXPECT_THAT(Received(true), IsEmpty());
  ExpectAgreed(vestegnen, id);
  EXPECT_EQ(RuleOf(Open(id).status()), "referral.not_waiting");
}

TEST_F(ReferralTest, WhatACaseWasOpenedWithGoesWithTheCase) {
  const std::string id = Referred(prison);
  const auto opened = Open(id);
  GoesOn();
  ExpectAgreed(prison, id);
  ASSERT_TRUE(Erase(ishoej, *opened, cv1::ERASURE_REASON_OPENED_BY_MISTAKE).ok());
  GoesOn();
  EXPECT_THAT(PlantedAt(ishoej), IsEmpty());
  EXPECT_THAT(UnitsOf(ishoej), IsEmpty());
  EXPECT_EQ(Received().front().outcome(), rv1::REFERRAL_OUTCOME_OPENED) << "and of whom, nothing";
}

TEST_F(ReferralTest, ItIsReturnedByACodeThatTellsNoMore) {
  for (Node* const sender : {&vestegnen, &prison}) {
    const std::string id = Referred(*sender);
    ASSERT_TRUE(Return(id, rv1::RETURN_GROUND_IN_A_COURSE).ok());
    GoesOn();
    EXPECT_EQ(SentBy(*sender, id).outcome(), rv1::REFERRAL_OUTCOME_NOT_OPENED);
    EXPECT_THAT(PlantedAt(*sender), IsEmpty());
    EXPECT_THAT(PlantedAt(ishoej), IsEmpty());
    EXPECT_EQ(RuleOf(Return(id, rv1::RETURN_GROUND_NOT_REACHED)), "referral.not_waiting");
    EXPECT_EQ(RuleOf(TakeBack(*sender, id)), "referral.not_waiting");
  }
}

TEST_F(ReferralTest, OneThatIsWithdrawnIsErasedOnBothSides) {
  const std::string id = Referred(vestegnen);
  ASSERT_TRUE(TakeBack(vestegnen, id).ok());
  EXPECT_EQ(SentBy(vestegnen, id).stage(), rv1::REFERRAL_STAGE_WITHDRAWING);
  EXPECT_EQ(SentBy(vestegnen, id).referral().person().cpr_number(), kReferred)
      << "until the municipality has erased it";
  ASSERT_TRUE(world.Settle());
  ExpectAgreed(vestegnen, id);
  EXPECT_EQ(RuleOf(Open(id).status()), "referral.not_waiting");
  EXPECT_TRUE(Refer(vestegnen).ok()) << "he may be referred anew";
}

TEST_F(ReferralTest, OneThatIsWithdrawnBeforeItLeavesIsErasedToo) {
  GoesOn();  // it is confirmed that its store is whole
  ishoej.Crash();
  const auto id = Refer(vestegnen);
  ASSERT_TRUE(id.ok()) << id.status();
  const absl::Status taken_back = TakeBack(vestegnen, *id);
  ASSERT_TRUE(taken_back.ok()) << taken_back;
  ishoej.Start();
  GoesOn();
  ExpectAgreed(vestegnen, *id);
}

TEST_F(ReferralTest, WithoutABasisTheCitizenIsGivenTheNumber) {
  readiness::v1::PublishContactsRequest contacts;
  contacts.set_request_id(world.RequestId());
  for (const auto purpose :
       {readiness::v1::CONTACT_PURPOSE_MAIN, readiness::v1::CONTACT_PURPOSE_CITIZENS}) {
    readiness::v1::Contact& contact = *contacts.add_contacts();
    contact.set_purpose(purpose);
    contact.set_unit(purpose == readiness::v1::CONTACT_PURPOSE_MAIN ? "main" : "Exit");
    contact.set_phone("43 57 00 00");
  }
  world.Pass(absl::Seconds(2));
  ASSERT_TRUE(ishoej
                  .Call<readiness::v1::PublishContactsResponse>(
                      "exitbus.readiness.v1.ReadinessService.PublishContacts", contacts)
                  .ok());
  ASSERT_TRUE(world.Settle());
  rv1::ReferCitizenRequest request = Of(kReferred, ishoej);
  request.mutable_referral()->clear_basis();
  request.set_request_id(world.RequestId());
  const exchange::Answer answer =
      vestegnen.Ask("exitbus.referral.v1.ReferralService.ReferCitizen", request);
  EXPECT_EQ(answer.refusal.reason, "referral.basis_required");
  EXPECT_THAT(answer.refusal.message, HasSubstr("Exit, 43 57 00 00"));
  EXPECT_THAT(Received(), IsEmpty());
}

TEST_F(ReferralTest, OneAtATimeAndNotWhoseCaseIsHere) {
  Referred(vestegnen);
  EXPECT_EQ(RuleOf(Refer(vestegnen).status()), "referral.sent_already");
  EXPECT_TRUE(Refer(vestegnen, Of(kReferred, odense)).ok()) << "elsewhere, he may";
  EXPECT_TRUE(Refer(fyn).ok()) << "another unit knows nothing of it";
  EnrolledCase(world, prison, "6101900009");
  EXPECT_EQ(RuleOf(Refer(prison, Of("6101900009", ishoej)).status()), "referral.case_is_here");
}

TEST_F(ReferralTest, OfTwoThatReferHimTheSecondHearsThatNoCaseWasOpened) {
  const std::string first = Referred(vestegnen), second = Referred(prison);
  ASSERT_TRUE(Open(first).ok());
  EXPECT_EQ(RuleOf(Open(second).status()), "case.person_has_open_case");
  ASSERT_TRUE(Return(second, rv1::RETURN_GROUND_IN_A_COURSE).ok());
  GoesOn();
  EXPECT_EQ(SentBy(vestegnen, first).outcome(), rv1::REFERRAL_OUTCOME_OPENED);
  EXPECT_EQ(SentBy(prison, second).outcome(), rv1::REFERRAL_OUTCOME_NOT_OPENED);
}

TEST_F(ReferralTest, WhatTheRequestSaysBesideItHasToFit) {
  const std::string id = Referred(vestegnen);
  const auto opens = [&](const std::function<void(cv1::OpenCaseRequest&)>& with) {
    cv1::OpenCaseRequest request;
    request.set_request_id(world.RequestId());
    request.set_referral_id(id);
    with(request);
    return RuleOf(
        ishoej.Call<cv1::OpenCaseResponse>("exitbus.casework.v1.CaseService.OpenCase", request)
            .status());
  };
  EXPECT_EQ(opens([](auto& request) { request.mutable_person()->set_cpr_number("6101900009"); }),
            "referral.of_another_person");
  EXPECT_EQ(opens([](auto& request) {
              request.mutable_referral()->set_source(cv1::REFERRAL_SOURCE_CITIZEN);
            }),
            "referral.said_twice");
  EXPECT_EQ(opens([](auto& request) { request.set_current_address("Canary Street 1"); }), "");
}

// A client that says which referral a case came from, without one: the case is no referral's.
TEST_F(ReferralTest, NobodyClaimsAReferralByWritingItsId) {
  const std::string id = Referred(vestegnen);
  cv1::OpenCaseRequest request;
  request.set_request_id(world.RequestId());
  request.mutable_person()->set_cpr_number("6101900009");
  request.mutable_person()->set_name("Canary Name");
  request.mutable_referral()->set_source(cv1::REFERRAL_SOURCE_CITIZEN);
  request.mutable_referral()->set_referral_id(id);
  ASSERT_TRUE(
      ishoej.Call<cv1::OpenCaseResponse>("exitbus.casework.v1.CaseService.OpenCase", request).ok());
  GoesOn();
  EXPECT_EQ(SentBy(vestegnen, id).stage(), rv1::REFERRAL_STAGE_WAITING);
  EXPECT_TRUE(Open(id).ok());
}

TEST_F(ReferralTest, BothAreAlarmedWhereNobodyAnswers) {
  const std::string id = Referred(vestegnen);
  Days(8);
  EXPECT_TRUE(SentBy(vestegnen, id).overdue());
  EXPECT_TRUE(Received().front().overdue());
  EXPECT_THAT(vestegnen.telemetry().LinesOf("referral.unanswered"), SizeIs(1));
  EXPECT_THAT(ishoej.telemetry().LinesOf("referral.overdue"), SizeIs(1));
  ASSERT_TRUE(Open(id).ok());
  GoesOn();
  EXPECT_FALSE(SentBy(vestegnen, id).overdue());
  ExpectAgreed(vestegnen, id);
}

TEST_F(ReferralTest, UnitsOfTheMunicipalityDoNotSeeIt) {
  const std::string id = Referred(vestegnen);
  rv1::GetReceivedReferralRequest request;
  request.set_referral_id(id);
  const std::string method = "exitbus.referral.v1.ReceivedReferralService.GetReceivedReferral";
  EXPECT_TRUE(ishoej.Call<rv1::GetReceivedReferralResponse>(method, request).ok());
  const Speaking unit(ishoej, "jobcentre", "employee-9");
  EXPECT_EQ(RuleOf(ishoej.Call<rv1::GetReceivedReferralResponse>(method, request).status()),
            "caller.function_may_not");
}

// Letters of who has no part in it, rightly signed.
TEST_F(ReferralTest, NobodyElseAnswersOrWithdrawsIt) {
  const std::string id = Referred(vestegnen);
  const auto forged = [&](Node& author, Node& reader, auto fill) {
    exchange::v1::Body body;
    fill(body);
    Forge(world, {author, reader, policy::v1::CHANNEL_CASE, id, body});
    GoesOn();
  };
  forged(odense, vestegnen, [](exchange::v1::Body& body) {
    body.mutable_referral_answered()->set_outcome(rv1::REFERRAL_OUTCOME_OPENED);
  });
  forged(fyn, ishoej, [](exchange::v1::Body& body) { body.mutable_referral_withdrawn(); });
  forged(fyn, ishoej, [&](exchange::v1::Body& body) {
    *body.mutable_case_referred()->mutable_referral() = Of("6101900099", ishoej).referral();
  });
  EXPECT_EQ(SentBy(vestegnen, id).stage(), rv1::REFERRAL_STAGE_WAITING);
  ASSERT_THAT(Received(), SizeIs(1));
  EXPECT_EQ(Received().front().referral().person().cpr_number(), kReferred);
  EXPECT_EQ(Received().front().sender(), vestegnen.id());
  EXPECT_TRUE(Open(id).ok());
  GoesOn();
  ExpectAgreed(vestegnen, id);
}

// Two acts at the same time, with a death at each commit of either side.
struct Crossing {
  std::string name;
  std::function<void(ReferralWorld&, const std::string&)> one, other;
};

void TakeBack(ReferralWorld& at, const std::string& id) { (void)at.TakeBack(at.vestegnen, id); }
void Open(ReferralWorld& at, const std::string& id) { (void)at.Open(id); }
void Return(ReferralWorld& at, const std::string& id) {
  (void)at.Return(id, rv1::RETURN_GROUND_NOT_TARGET_GROUP);
}

class ReferralCrossingTest : public testing::TestWithParam<Crossing> {};

TEST_P(ReferralCrossingTest, BothKnowTheSameAndNobodyIsNamedAnyMore) {
  for (const int victim : {0, 1}) {
    for (int nth = 1; nth <= 3; ++nth) {
      for (const bool durable : {false, true}) {
        for (const bool turned : {false, true}) {
          SCOPED_TRACE(absl::StrCat(victim, " ", nth, durable ? " after" : " before",
                                    turned ? " turned" : ""));
          ReferralWorld at(static_cast<std::uint64_t>(nth));
          const auto id = at.Refer(at.vestegnen);
          ASSERT_TRUE(id.ok() && at.world.Settle());
          Node* const all[] = {&at.vestegnen, &at.ishoej};
          all[victim]->DieAtCommit(nth, durable);
          (turned ? GetParam().other : GetParam().one)(at, *id);
          (turned ? GetParam().one : GetParam().other)(at, *id);
          at.GoesOn();
          all[victim]->DieAtCommit(1'000'000'000, false);
          at.ExpectAgreed(at.vestegnen, *id);
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Of, ReferralCrossingTest,
                         testing::Values(Crossing{"withdrawal_and_case", &TakeBack, &Open},
                                         Crossing{"withdrawal_and_return", &TakeBack, &Return},
                                         Crossing{"return_and_case", &Return, &Open}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace exitbus::simulation
