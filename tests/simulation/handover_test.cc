// The handover between two engines: what the protocol promises when both sides act, at once or not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;

class HandoverTest : public testing::Test {
 protected:
  HandoverTest()
      : ishoej(world.Municipality("0183")),
        odense(world.Municipality("0461")),
        nec(world.Nec()),
        case_id(EnrolledCase(world, ishoej)) {
    EXPECT_TRUE(world.Settle());
  }

  hv1::HandoverStage StageAt(Node& node, const std::string& id) {
    const auto handover = GetHandover(node, id);
    return handover.ok() ? handover->stage() : hv1::HANDOVER_STAGE_UNSPECIFIED;
  }

  // It answers for the case, by its own word and by its evidence.
  void ExpectInCharge(Node& node) {
    const auto own = GetCase(node, case_id);
    ASSERT_TRUE(own.ok()) << own.status();
    EXPECT_EQ(own->standing(), cv1::STANDING_RESPONSIBLE);
    EXPECT_EQ(ResponsibleBy(node), node.id());
  }
  // Who was asked to take it over has no case of it.
  void ExpectKept(Node& holder, Node& asked) {
    ExpectInCharge(holder);
    EXPECT_EQ(RuleOf(GetCase(asked, case_id).status()), "resource.not_found");
    EXPECT_EQ(ResponsibleBy(asked), "resource.not_found");
  }
  // Both sides' evidence says so.
  void ExpectMoved(Node& to, Node& from) {
    ExpectInCharge(to);
    const auto former = GetCase(from, case_id);
    ASSERT_TRUE(former.ok()) << former.status();
    EXPECT_EQ(former->standing(), cv1::STANDING_FORMER);
    EXPECT_EQ(former->responsible(), to.id());
    EXPECT_EQ(ResponsibleBy(from), to.id());
  }

  std::string ResponsibleBy(Node& node) {
    cv1::GetResponsibilityRequest request;
    request.set_case_id(case_id);
    const auto answer = node.Call<cv1::GetResponsibilityResponse>(
        "exitbus.casework.v1.CaseService.GetResponsibility", request);
    if (!answer.ok()) return std::string(answer.status().message());
    return answer->responsibility().authority() + answer->responsibility().fault();
  }

  World world;
  Node& ishoej;
  Node& odense;
  Node& nec;
  std::string case_id;
};

TEST_F(HandoverTest, MovesResponsibilityAtTheTakeOverAndNowhereElse) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ExpectKept(ishoej, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  EXPECT_EQ(GetCase(odense, case_id)->standing(), cv1::STANDING_RESPONSIBLE);
  ASSERT_TRUE(world.Settle());
  ExpectMoved(odense, ishoej);
  const auto entry = OnlyEntry(nec);
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->authority(), odense.id());
  EXPECT_EQ(entry->responsibility_number(), 2);

  ASSERT_TRUE(Do(world, ishoej, "AcknowledgeHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(Do(world, ishoej, "CloseHandover", id).ok());
  EXPECT_TRUE(Do(world, odense, "CloseHandover", id).ok());
}

TEST_F(HandoverTest, TheFormerHolderRecordsTheReceiversInstant) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  world.broker.Stop();
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  const auto instant = GetHandover(odense, id)->taken_over();
  world.Pass(absl::Hours(3));
  world.broker.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetHandover(ishoej, id)->taken_over().seconds(), instant.seconds());
  EXPECT_EQ(GetHandover(ishoej, id)->taken_over().nanos(), instant.nanos());
}

TEST_F(HandoverTest, TheWholeDossierArrivesAndTheRestDoesNot) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  const auto moved = GetCase(odense, case_id);
  ASSERT_TRUE(moved.ok());
  EXPECT_EQ(moved->person().cpr_number(), "6101900001");
  EXPECT_EQ(moved->current_address(), "Canary Street 1");
  EXPECT_EQ(moved->agreement().measures_size(), 2);
  EXPECT_EQ(moved->agreement().measures(0).description(), "canary-measure");
  EXPECT_EQ(moved->visitation().health_needs(), "canary-health");
}

TEST_F(HandoverTest, BeforeAcceptanceTheReceiverSeesNoPerson) {
  const auto requested = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  const auto seen = GetHandover(odense, requested->handover_id());
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->stage(), hv1::HANDOVER_STAGE_REQUESTED);
  EXPECT_EQ(seen->terms_size(), 2);
  EXPECT_FALSE(seen->has_person());
  EXPECT_EQ(seen->case_id(), "");
}

TEST_F(HandoverTest, ARevokedConsentWithholdsItsPartAndNothingElse) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  world.broker.Stop();
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  cv1::RevokeConsentRequest revoke;
  revoke.set_request_id(world.RequestId());
  revoke.set_case_id(case_id);
  ASSERT_TRUE(
      ishoej
          .Call<cv1::RevokeConsentResponse>("exitbus.casework.v1.CaseService.RevokeConsent", revoke)
          .ok());
  world.broker.Start();
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  const auto moved = GetCase(odense, case_id);
  EXPECT_EQ(moved->visitation().health_needs(), "");
  EXPECT_FALSE(moved->has_consent());
  EXPECT_EQ(moved->agreement().measures_size(), 2);
  ASSERT_TRUE(world.Settle());
  ExpectMoved(odense, ishoej);
}

TEST_F(HandoverTest, ARejectedHandoverIsErasedAtTheReceiverAndConfirmed) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  EXPECT_EQ(GetHandover(odense, id)->person().name(), "Canary Name");
  ASSERT_TRUE(Do(world, odense, "RejectHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  for (const auto& [unit, key] : odense.keys().rows(exchange::Table::kKeys)) {
    if (unit == "inventory/own" || unit == "readiness/own") continue;  // are about no person
    EXPECT_EQ(unit, exchange::kAuthorityScope);                        // the file's own key is gone
  }
  EXPECT_FALSE(GetHandover(odense, id)->has_person());
  EXPECT_EQ(StageAt(odense, id), hv1::HANDOVER_STAGE_REJECTED);
  EXPECT_EQ(StageAt(ishoej, id), hv1::HANDOVER_STAGE_REJECTED);
  EXPECT_TRUE(GetHandover(ishoej, id)->erasure_confirmed());
  ExpectKept(ishoej, odense);
}

// What the receiver got is to be gone within the days that an order to erase has.
TEST_F(HandoverTest, AReceiverThatDoesNotConfirmItsErasureInTimeIsReportedOnce) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  EXPECT_FALSE(GetHandover(ishoej, id)->has_erasure_due());
  odense.Crash();
  ASSERT_TRUE(Do(world, ishoej, "RecallHandover", id).ok());
  EXPECT_EQ(exchange::FromProto(GetHandover(ishoej, id)->erasure_due()),
            exchange::AddWorkingDays(world.clock.Now(), 5));
  world.Skip(absl::Hours(24 * 4));
  EXPECT_FALSE(GetHandover(ishoej, id)->erasure_overdue());
  EXPECT_TRUE(ishoej.telemetry().LinesOf("handover.erasure_overdue").empty());
  world.Skip(absl::Hours(24 * 6));
  world.Skip(absl::Hours(24 * 6));
  EXPECT_TRUE(GetHandover(ishoej, id)->erasure_overdue());
  EXPECT_FALSE(GetHandover(ishoej, id)->erasure_confirmed());
  EXPECT_EQ(ishoej.telemetry().LinesOf("handover.erasure_overdue").size(), 1U);
  odense.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(GetHandover(ishoej, id)->erasure_confirmed());
  EXPECT_FALSE(GetHandover(ishoej, id)->erasure_overdue());
  EXPECT_EQ(ishoej.telemetry().LinesOf("handover.erasure_overdue").size(), 1U);
}

TEST_F(HandoverTest, ARejectionThatCrossesTheOfferIsAnsweredAsDeclined) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  world.broker.Stop();
  ASSERT_TRUE(Do(world, odense, "RejectHandover", id).ok());
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  world.broker.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(StageAt(ishoej, id), hv1::HANDOVER_STAGE_OFFER_DECLINED);
  EXPECT_EQ(StageAt(odense, id), hv1::HANDOVER_STAGE_REJECTED);
  EXPECT_TRUE(GetHandover(ishoej, id)->erasure_confirmed());
  EXPECT_EQ(RuleOf(Do(world, odense, "TakeOverCase", id).status()), "handover.ended");
  ExpectKept(ishoej, odense);
  // The declined number is never used again.
  const std::string again = Offered(world, ishoej, case_id, odense);
  EXPECT_EQ(GetHandover(odense, again)->offered_number(), 3);
}

TEST_F(HandoverTest, ARecallThatCrossesTheAcceptanceWins) {
  const auto requested = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  const std::string id = requested->handover_id();
  ASSERT_TRUE(Do(world, odense, "AgreeTerms", id).ok());
  ASSERT_TRUE(world.Settle());
  world.broker.Stop();
  ASSERT_TRUE(Do(world, odense, "AcceptHandover", id).ok());
  ASSERT_TRUE(Do(world, ishoej, "RecallHandover", id).ok());
  world.broker.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(StageAt(ishoej, id), hv1::HANDOVER_STAGE_RECALLED);
  EXPECT_EQ(StageAt(odense, id), hv1::HANDOVER_STAGE_RECALLED);
  EXPECT_TRUE(GetHandover(ishoej, id)->erasure_confirmed());
  ExpectKept(ishoej, odense);
}

TEST_F(HandoverTest, WhicheverOfDeclineAndTakeOverCommitsFirstWins) {
  const std::string first = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "DeclineOffer", first).ok());
  EXPECT_EQ(RuleOf(Do(world, odense, "TakeOverCase", first).status()), "handover.offer_declined");
  ASSERT_TRUE(world.Settle());
  ExpectKept(ishoej, odense);

  const std::string second = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", second).ok());
  EXPECT_EQ(RuleOf(Do(world, odense, "DeclineOffer", second).status()),
            "handover.already_taken_over");
  ASSERT_TRUE(world.Settle());
  ExpectMoved(odense, ishoej);
}

TEST_F(HandoverTest, AnOfferIsRecalledOnlyWithTheReceiversWord) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  EXPECT_EQ(RuleOf(Do(world, ishoej, "RecallHandover", id).status()),
            "handover.offered_cannot_be_recalled");
  ASSERT_TRUE(Do(world, ishoej, "RequestRecall", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(StageAt(ishoej, id), hv1::HANDOVER_STAGE_OFFERED);
  EXPECT_TRUE(GetHandover(odense, id)->recall_requested());
  ASSERT_TRUE(Do(world, odense, "AnswerRecall", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(StageAt(ishoej, id), hv1::HANDOVER_STAGE_OFFER_DECLINED);
  EXPECT_TRUE(GetHandover(ishoej, id)->erasure_confirmed());
  EXPECT_EQ(ishoej.telemetry().Total("letters.without_effect", {{"name", "recall_granted"}}), 1)
      << "the declined offer, which follows, is what ends it";
  ExpectKept(ishoej, odense);
}

TEST_F(HandoverTest, ARecallRequestThatCrossesTheTakeOverChangesNothing) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  world.broker.Stop();
  ASSERT_TRUE(Do(world, ishoej, "RequestRecall", id).ok());
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  world.broker.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(StageAt(ishoej, id), hv1::HANDOVER_STAGE_TAKEN_OVER);
  ExpectMoved(odense, ishoej);
}

TEST_F(HandoverTest, AWithdrawalWhileOfferedIsActedOnByWhoeverThenHoldsTheCase) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  cv1::RecordWithdrawalRequest withdraw;
  withdraw.set_request_id(world.RequestId());
  withdraw.set_case_id(case_id);
  ASSERT_TRUE(ishoej
                  .Call<cv1::RecordWithdrawalResponse>(
                      "exitbus.casework.v1.CaseService.RecordWithdrawal", withdraw)
                  .ok());
  EXPECT_EQ(GetCase(ishoej, case_id)->stage(), cv1::CASE_STAGE_ENROLLED);
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(odense, case_id)->stage(), cv1::CASE_STAGE_WITHDRAWN);
  EXPECT_EQ(OnlyEntry(nec)->stage(), nec::v1::ENTRY_STAGE_WITHDRAWN);
  EXPECT_EQ(OnlyEntry(nec)->authority(), odense.id());
}

// Who let the case go long ago may have heard it from the citizen; that the programme has ended is
// for the holder's own people to say.
TEST_F(HandoverTest, AWithdrawalThatAFormerHolderReportsIsForAnEmployeeToConfirm) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, ishoej, "AcknowledgeHandover", id).ok());
  world.Skip(absl::Hours(300 * 24));
  hv1::RecordLateFactRequest late;
  late.set_request_id(world.RequestId());
  late.set_handover_id(id);
  late.set_kind(hv1::LATE_FACT_KIND_WITHDRAWAL);
  ASSERT_TRUE(ishoej.CallHandover("exitbus.handover.v1.HandoverService.RecordLateFact", late).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(odense, case_id)->stage(), cv1::CASE_STAGE_ENROLLED);
  EXPECT_EQ(OnlyEntry(nec)->stage(), nec::v1::ENTRY_STAGE_ENROLLED);
  cv1::RecordWithdrawalRequest confirm;
  confirm.set_request_id(world.RequestId());
  confirm.set_case_id(case_id);
  ASSERT_TRUE(odense
                  .Call<cv1::RecordWithdrawalResponse>(
                      "exitbus.casework.v1.CaseService.RecordWithdrawal", confirm)
                  .ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(odense, case_id)->stage(), cv1::CASE_STAGE_WITHDRAWN);
  EXPECT_EQ(OnlyEntry(nec)->stage(), nec::v1::ENTRY_STAGE_WITHDRAWN);
}

TEST_F(HandoverTest, TermsJoinNoTwoWhoWereAsked) {
  const auto first = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(first.ok());
  ASSERT_TRUE(Do(world, ishoej, "RecallHandover", first->handover_id()).ok());
  const auto second = Request(world, ishoej, case_id, world.Municipality("0751"));
  ASSERT_TRUE(second.ok());
  const auto seen = GetCase(ishoej, case_id);
  for (const hv1::Term& term : second->terms()) {
    for (const hv1::Term& other : first->terms()) EXPECT_NE(term.term_id(), other.term_id());
    for (const auto& measure : seen->agreement().measures()) {
      EXPECT_NE(term.term_id(), measure.measure_id());
    }
  }
  EXPECT_EQ(second->terms_size(), 2);
}

// Danish midnight of the first is still the month before in UTC.
TEST_F(HandoverTest, TheMonthACaseIsExpectedInIsTheDanishOne) {
  hv1::RequestHandoverRequest request;
  request.set_request_id(world.RequestId());
  request.set_case_id(case_id);
  request.set_receiver(odense.id());
  request.set_reason(hv1::HANDOVER_REASON_RELOCATION);
  const absl::Time midnight =
      absl::FromCivil(absl::CivilMinute(2027, 3, 31, 22), absl::UTCTimeZone());
  *request.mutable_expected() = exchange::ToProto(midnight);
  const auto asked =
      ishoej.CallHandover("exitbus.handover.v1.HandoverService.RequestHandover", request);
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_EQ(absl::ToCivilDay(exchange::FromProto(asked->expected()), absl::UTCTimeZone()),
            absl::CivilDay(2027, 4, 1));
}

TEST_F(HandoverTest, PrecautionsReachWhoeverHoldsTheCaseAlsoAfterwards) {
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, ishoej, "RecordLateFact", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(GetCase(odense, case_id)->precautions(), testing::ElementsAre("canary-precaution"));
  EXPECT_EQ(RuleOf(Do(world, odense, "RecordLateFact", id).status()),
            "late_fact.nothing_newer_to_former");
}

TEST_F(HandoverTest, ALateFactFollowsACaseThatWasHandedOn) {
  Node& aarhus = world.Municipality("0751");
  const std::string first = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", first).ok());
  ASSERT_TRUE(world.Settle());
  const std::string second = Offered(world, odense, case_id, aarhus);
  ASSERT_TRUE(Do(world, aarhus, "TakeOverCase", second).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, ishoej, "RecordLateFact", first).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(GetCase(aarhus, case_id)->precautions(), testing::ElementsAre("canary-precaution"));
}

// The dossier is out by then, and has it not.
TEST_F(HandoverTest, ALatePrecautionFollowsACaseThatIsBeingHandedOn) {
  Node& aarhus = world.Municipality("0751");
  const std::string first = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", first).ok());
  ASSERT_TRUE(world.Settle());
  const std::string second = Offered(world, odense, case_id, aarhus);
  ASSERT_TRUE(Do(world, ishoej, "RecordLateFact", first).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(GetCase(odense, case_id)->precautions(), testing::ElementsAre("canary-precaution"));
  ASSERT_TRUE(Do(world, aarhus, "TakeOverCase", second).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(GetCase(aarhus, case_id)->precautions(), testing::ElementsAre("canary-precaution"));
}

TEST_F(HandoverTest, AnOverdueAnswerEscalatesOnBothSidesAndMovesNothing) {
  const auto requested = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(world.Settle());
  world.Skip(absl::Hours(8 * 24));
  ASSERT_TRUE(world.Settle());
  EXPECT_TRUE(GetHandover(ishoej, requested->handover_id())->escalated());
  EXPECT_TRUE(GetHandover(odense, requested->handover_id())->escalated());
  EXPECT_EQ(StageAt(ishoej, requested->handover_id()), hv1::HANDOVER_STAGE_REQUESTED);
  ExpectKept(ishoej, odense);
  // An answer after the escalation is as good as one before it.
  ASSERT_TRUE(Do(world, odense, "AgreeTerms", requested->handover_id()).ok());
  EXPECT_TRUE(Do(world, odense, "AcceptHandover", requested->handover_id()).ok());
}

TEST_F(HandoverTest, OneHandoverOfACaseIsOpenAtATime) {
  Node& aarhus = world.Municipality("0751");
  const auto first = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(RuleOf(Request(world, ishoej, case_id, aarhus).status()), "handover.one_at_a_time");
  ASSERT_TRUE(Do(world, ishoej, "RecallHandover", first->handover_id()).ok());
  EXPECT_TRUE(Request(world, ishoej, case_id, aarhus).ok()) << "the first has ended";
}

TEST_F(HandoverTest, NothingIsTakenOverBeforeTheOffersEarliestInstant) {
  constexpr absl::Duration kLater = absl::Hours(30 * 24);
  const std::string id = Accepted(world, ishoej, case_id, odense);
  hv1::OfferHandoverRequest offer;
  offer.set_request_id(world.RequestId());
  offer.set_handover_id(id);
  *offer.mutable_earliest() = exchange::ToProto(world.clock.Now() + kLater);
  ASSERT_TRUE(ishoej.CallHandover("exitbus.handover.v1.HandoverService.OfferHandover", offer).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(RuleOf(Do(world, odense, "TakeOverCase", id).status()), "handover.before_earliest");
  ExpectKept(ishoej, odense);
  for (Node* node : {&ishoej, &odense}) {
    EXPECT_EQ(exchange::FromProto(GetHandover(*node, id)->due()),
              exchange::AddWorkingDays(exchange::FromProto(offer.earliest()), 5))
        << "nobody is late with what cannot be done yet";
  }
  world.Skip(kLater);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  ExpectMoved(odense, ishoej);
}

// What it says beside the terms is not the receiver's to agree to.
TEST_F(HandoverTest, AnAgreementSignedAnewWithTheSameTermsIsOffered) {
  const std::string id = Accepted(world, ishoej, case_id, odense);
  cv1::SignAgreementRequest sign;
  sign.set_request_id(world.RequestId());
  sign.set_case_id(case_id);
  *sign.mutable_agreement() = GetCase(ishoej, case_id)->agreement();
  sign.mutable_agreement()->set_consequences_of_relapse("said more plainly");
  ASSERT_TRUE(
      ishoej.Call<cv1::SignAgreementResponse>("exitbus.casework.v1.CaseService.SignAgreement", sign)
          .ok());
  EXPECT_EQ(RuleOf(Do(world, ishoej, "ProposeTerms", id).status()), "handover.nothing_to_propose");
  const auto offered = Do(world, ishoej, "OfferHandover", id);
  ASSERT_TRUE(offered.ok()) << offered.status();
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  ExpectMoved(odense, ishoej);
  EXPECT_EQ(GetCase(odense, case_id)->agreement().consequences_of_relapse(), "said more plainly");
}

TEST_F(HandoverTest, PrisonToMunicipalityToMunicipalityAndBackToCustody) {
  Node& kif = world.Kriminalforsorgen("kif-1469");
  const std::string custody_case = EnrolledCase(world, kif, "6202900002");
  case_id = custody_case;
  ASSERT_TRUE(world.Settle());
  for (auto [from, to] :
       {std::pair<Node*, Node*>{&kif, &ishoej}, {&ishoej, &odense}, {&odense, &kif}}) {
    const std::string id = Offered(world, *from, case_id, *to);
    ASSERT_TRUE(Do(world, *to, "TakeOverCase", id).ok());
    ASSERT_TRUE(world.Settle());
    ExpectMoved(*to, *from);
    ASSERT_TRUE(Do(world, *from, "AcknowledgeHandover", id).ok());
    ASSERT_TRUE(world.Settle());
  }
  EXPECT_EQ(GetCase(kif, case_id)->responsibility_number(), 4);
  EXPECT_EQ(GetCase(kif, case_id)->person().cpr_number(), "6202900002");
  // The release that was planned has been: the next one is planned anew.
  EXPECT_FALSE(GetCase(kif, case_id)->has_planned_release());
  EXPECT_EQ(RuleOf(Request(world, kif, case_id, ishoej).status()), "release.plan_required");
}

}  // namespace
}  // namespace exitbus::simulation
