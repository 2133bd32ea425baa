// Two acts at the same time about the place that a person moves to, with a death at each commit:
// all agree in the end, and nobody is on the way to where nothing is decided.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "absl/strings/str_cat.h"
#include "tests/simulation/decision_world.h"

namespace exitbus::simulation {
namespace {

namespace hv1 = handover::v1;
namespace lv1 = relocation::v1;
using testing::IsEmpty;

struct Crossing {
  std::string name;
  std::function<void(DecisionWorld&)> given, one, other;
};

void Ready(DecisionWorld&) {}
void Decided(DecisionWorld& at) { at.Decided(); }
void Asked(DecisionWorld& at) { at.Asked(); }
void Agreed(DecisionWorld& at) { at.Agreed(); }
void Offered(DecisionWorld& at) { at.Offered(); }
void Decide(DecisionWorld& at) { (void)at.Decide(kOdenseCode); }
void Revoke(DecisionWorld& at) { (void)at.Revoke(); }
void RuleOut(DecisionWorld& at) { (void)at.State({"1465"}); }
void Decline(DecisionWorld& at) { (void)at.Decline(at.odense); }
void SayNo(DecisionWorld& at) { (void)at.RecordHearing(kOdenseCode, lv1::CITIZEN_ANSWER_NO); }
void Leave(DecisionWorld& at) { (void)at.WithdrawRequest(at.holder, at.id); }
void PoliceLeave(DecisionWorld& at) { (void)at.WithdrawRequest(at.vestegnen, at.id); }
void RevokeIt(DecisionWorld& at) { (void)RevokeConsent(at.world, at.holder, at.case_id); }
void AgreeTerms(DecisionWorld& at) { (void)Do(at.world, at.odense, "AgreeTerms", at.handover); }
void EndProgramme(DecisionWorld& at) { (void)at.Withdraw(at.holder, at.case_id); }
void AskHandover(DecisionWorld& at) {
  const auto asked = Request(at.world, at.holder, at.case_id, at.odense);
  if (asked.ok()) at.handover = asked->handover_id();
}
void Accept(DecisionWorld& at) { (void)Do(at.world, at.odense, "AcceptHandover", at.handover); }
void Reject(DecisionWorld& at) { (void)Do(at.world, at.odense, "RejectHandover", at.handover); }
void TakeOver(DecisionWorld& at) { (void)at.TakeOver(); }
void Depart(DecisionWorld& at) { (void)at.Depart(); }
void Arrive(DecisionWorld& at) { (void)at.Arrive(at.odense); }
void ComeBack(DecisionWorld& at) { (void)at.Arrive(at.holder); }
void DeclineOffer(DecisionWorld& at) { (void)Do(at.world, at.odense, "DeclineOffer", at.handover); }
void Recall(DecisionWorld& at) { (void)Do(at.world, at.holder, "RecallHandover", at.handover); }
void AccountFor(DecisionWorld& at) {
  (void)at.StateWhereabouts(at.fyn, lv1::WHEREABOUTS_SAFE_ELSEWHERE);
}
void AccountForThere(DecisionWorld& at) {
  (void)at.StateWhereabouts(at.vestegnen, lv1::WHEREABOUTS_AT_DESTINATION);
}
void Accepted(DecisionWorld& at) { at.Accepted(); }
void Departed(DecisionWorld& at) {
  at.Offered();
  EXPECT_TRUE(at.Depart().ok());
  EXPECT_TRUE(at.world.Settle());
}
void DepartedBeforeOffer(DecisionWorld& at) {
  at.Accepted();
  EXPECT_TRUE(at.Depart().ok());
  EXPECT_TRUE(at.world.Settle());
}
void AccountedForBeforeOffer(DecisionWorld& at) {
  DepartedBeforeOffer(at);
  AccountFor(at);
  EXPECT_TRUE(at.world.Settle());
}
// Nobody moves for 60 days: both sides are asked whether the acceptance still holds.
void Questioned(DecisionWorld& at) {
  at.Accepted();
  at.Questioned();
}
void QuestionedOffer(DecisionWorld& at) {
  at.Offered();
  at.Questioned();
}
void LetLapse(DecisionWorld& at) { at.world.Skip(absl::Hours(14 * 24)); }
void ConfirmHere(DecisionWorld& at) { (void)at.Confirm(at.holder); }
void ConfirmThere(DecisionWorld& at) { (void)at.Confirm(at.odense); }

// Odense has found where he could live, and has chosen once already or not; and is offered the
// case.
void Found(DecisionWorld& at) { at.Found(); }
void ChosenOffer(DecisionWorld& at) {
  at.Found();
  EXPECT_TRUE(at.Choose("a-boform").ok());
  EXPECT_TRUE(Do(at.world, at.holder, "OfferHandover", at.handover).ok());
  EXPECT_TRUE(at.world.Settle());
}
void Choose(DecisionWorld& at) { (void)at.Choose("a-boform"); }
void ChooseAnother(DecisionWorld& at) { (void)at.Choose("a-flat"); }
// Before it hears of it the other side says something else.
void RaiseHere(DecisionWorld& at) {
  (void)at.RaiseDispute(at.holder, casework::v1::DISPUTE_PARTY_RECEIVING_MUNICIPALITY);
}
void RaiseThere(DecisionWorld& at) {
  (void)at.RaiseDispute(at.odense, casework::v1::DISPUTE_PARTY_FORMER_HANDLEKOMMUNE);
}
void SettleHere(DecisionWorld& at) { (void)at.SettleDispute(at.holder); }
void SettleThere(DecisionWorld& at) { (void)at.SettleDispute(at.odense); }
void RaiseAndSettleThere(DecisionWorld& at) {
  RaiseThere(at);
  SettleThere(at);
}
void SettleTheRefundThere(DecisionWorld& at) {
  constexpr auto kRefund = casework::v1::DISPUTE_SUBJECT_REFUND;
  (void)at.RaiseDispute(at.odense, casework::v1::DISPUTE_PARTY_FORMER_HANDLEKOMMUNE, kRefund);
  (void)at.SettleDispute(at.odense, kRefund);
}
void SettleAndRaiseHere(DecisionWorld& at) {
  SettleHere(at);
  RaiseHere(at);
}
void Disputed(DecisionWorld& at) {
  ChosenOffer(at);
  RaiseHere(at);
  EXPECT_TRUE(at.world.Settle());
}
void DisputedAfter(DecisionWorld& at) {
  Disputed(at);
  EXPECT_TRUE(at.TakeOver().ok());
  EXPECT_TRUE(at.world.Settle());
}

// Who has departed again when the first arrival is told late.
void DepartAgain(DecisionWorld& at) {
  ComeBack(at);
  Depart(at);
}

const std::vector<Crossing>& Crossings() {
  static const auto* const all = new std::vector<Crossing>{
      {"decision_and_exclusion", &Ready, &Decide, &RuleOut},
      {"decision_and_decline", &Ready, &Decide, &Decline},
      {"decision_and_no", &Ready, &Decide, &SayNo},
      {"decision_and_withdrawal", &Ready, &Decide, &Leave},
      {"decision_and_handover", &Ready, &Decide, &AskHandover},
      {"decision_and_revoked_consent", &Ready, &Decide, &RevokeIt},
      {"handover_and_revocation", &Decided, &AskHandover, &Revoke},
      {"terms_and_no", &Asked, &AgreeTerms, &SayNo},
      {"acceptance_and_exclusion", &Agreed, &Accept, &RuleOut},
      {"acceptance_and_revoked_consent", &Agreed, &Accept, &RevokeIt},
      {"handover_and_withdrawal", &Decided, &AskHandover, &PoliceLeave},
      {"acceptance_and_end_of_programme", &Agreed, &Accept, &EndProgramme},
      {"rejection_and_revocation", &Agreed, &Reject, &Revoke},
      {"take_over_and_exclusion", &Offered, &TakeOver, &RuleOut},
      {"take_over_and_no", &Offered, &TakeOver, &SayNo},
      {"take_over_and_decline", &Offered, &TakeOver, &Decline},
      {"take_over_and_revocation", &Offered, &TakeOver, &Revoke},
      {"departure_and_rejection", &Accepted, &Depart, &Reject},
      {"departure_and_exclusion", &Accepted, &Depart, &RuleOut},
      {"departure_and_declined_offer", &Offered, &Depart, &DeclineOffer},
      {"departure_and_take_over", &Offered, &Depart, &TakeOver},
      {"arrival_and_recall", &DepartedBeforeOffer, &Arrive, &Recall},
      {"arrival_after_statement_and_recall", &AccountedForBeforeOffer, &Arrive, &Recall},
      {"statement_of_arrival_and_return", &Departed, &AccountForThere, &ComeBack},
      {"two_statements", &Departed, &AccountFor, &AccountForThere},
      {"arrival_and_return", &Departed, &Arrive, &ComeBack},
      {"arrival_and_statement", &Departed, &Arrive, &AccountFor},
      {"statement_and_declined_offer", &Departed, &AccountFor, &DeclineOffer},
      {"take_over_and_second_departure", &Departed, &TakeOver, &DepartAgain},
      {"return_and_declined_offer", &Departed, &ComeBack, &DeclineOffer},
      {"two_confirmations", &Questioned, &ConfirmHere, &ConfirmThere},
      {"confirmation_and_lapse", &Questioned, &ConfirmThere, &LetLapse},
      {"departure_and_lapse", &Questioned, &Depart, &LetLapse},
      {"departure_and_confirmation", &Questioned, &Depart, &ConfirmThere},
      {"rejection_and_lapse", &Questioned, &Reject, &LetLapse},
      {"take_over_and_lapse", &QuestionedOffer, &TakeOver, &LetLapse},
      {"choice_and_departure", &Found, &Choose, &Depart},
      {"choice_and_recall", &Found, &Choose, &Recall},
      {"other_choice_and_departure", &ChosenOffer, &ChooseAnother, &Depart},
      {"two_disputes", &ChosenOffer, &RaiseHere, &RaiseThere},
      {"two_questions", &ChosenOffer, &RaiseHere, &SettleTheRefundThere},
      {"dispute_and_settled_one", &ChosenOffer, &RaiseHere, &RaiseAndSettleThere},
      {"dispute_and_take_over", &ChosenOffer, &RaiseHere, &TakeOver},
      {"dispute_and_declined_offer", &ChosenOffer, &RaiseHere, &DeclineOffer},
      {"two_settlements", &Disputed, &SettleHere, &SettleThere},
      {"settlement_and_take_over", &Disputed, &SettleHere, &TakeOver},
      {"two_settlements_after_take_over", &DisputedAfter, &SettleAndRaiseHere, &SettleThere}};
  return *all;
}

class DecisionCrossingTest : public testing::TestWithParam<Crossing> {
 protected:
  static void Cross(DecisionWorld& at, int victim, int nth, bool durable, bool turned) {
    GetParam().given(at);
    Node* const all[] = {&at.holder, &at.vestegnen, &at.desk, &at.odense, &at.fyn};
    all[victim]->DieAtCommit(nth, durable);
    (turned ? GetParam().other : GetParam().one)(at);
    (turned ? GetParam().one : GetParam().other)(at);
    EXPECT_TRUE(at.world.Settle());
    at.world.Pass(absl::Seconds(30));  // what a death has kept from falling due does
    EXPECT_TRUE(at.world.Settle());
    ExpectAgreement(at);
    if (!at.handover.empty()) {
      at.ExpectJourneyAgreed();
      at.ExpectAcceptanceAgreed();
      at.ExpectDwellingAgreed();
    }
    at.ExpectSound();
  }

  // All three are at one stage; nobody is on the way to a place that is not decided for; who was
  // told of the person without having the case has forgotten him.
  static void ExpectAgreement(DecisionWorld& at) {
    const std::string stage = at.StageAt(at.desk, at.id);
    at.ExpectEverywhere(at.id, stage);
    const bool stands = stage == "DECIDED" || stage == "ACCEPTED";
    EXPECT_EQ(at.BalanceOf(kOdenseCode).active(), stands ? 1U : 0U);
    EXPECT_EQ(at.BalanceOf(kOdenseCode).received(), stage == "COMPLETED" ? 1U : 0U);
    const auto ours = GetCase(at.holder, at.case_id);
    ASSERT_TRUE(ours.ok()) << ours.status();
    const bool moved = ours->responsible() == at.odense.id();
    if (stage == "COMPLETED") {
      EXPECT_TRUE(moved);
    }
    if (at.handover.empty()) {
      EXPECT_THAT(at.PlantedAt(at.odense), IsEmpty());
      return;
    }
    const auto handover = GetHandover(at.holder, at.handover);
    ASSERT_TRUE(handover.ok()) << handover.status();
    const bool open = handover->stage() == hv1::HANDOVER_STAGE_REQUESTED ||
                      handover->stage() == hv1::HANDOVER_STAGE_TERMS_COORDINATED ||
                      handover->stage() == hv1::HANDOVER_STAGE_ACCEPTED;
    if (handover->inquiry_id().empty()) {
      EXPECT_TRUE(!open || !stands) << "it gives way to the decision";
      return;
    }
    EXPECT_TRUE(!open || stands) << "nobody is on the way";
    if (handover->stage() == hv1::HANDOVER_STAGE_OFFERED) {
      EXPECT_TRUE(stands || handover->recall_requested());
    }
    const bool over = handover->stage() == hv1::HANDOVER_STAGE_REJECTED ||
                      handover->stage() == hv1::HANDOVER_STAGE_RECALLED;
    if (over) {
      EXPECT_THAT(at.PlantedAt(at.odense), IsEmpty());
    }
    EXPECT_EQ(over && stands, false);
  }
};

TEST_P(DecisionCrossingTest, NobodyIsOnTheWayToWhereNothingIsDecided) {
  for (const int victim : {0, 1, 2, 3, 4}) {
    for (int nth = 1; nth <= 2; ++nth) {
      for (const bool durable : {false, true}) {
        for (const bool turned : {false, true}) {
          SCOPED_TRACE(absl::StrCat(victim, " ", nth, durable ? " after" : " before",
                                    turned ? " turned" : ""));
          DecisionWorld at(static_cast<std::uint64_t>(nth));
          Cross(at, victim, nth, durable, turned);
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Of, DecisionCrossingTest, testing::ValuesIn(Crossings()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace exitbus::simulation
