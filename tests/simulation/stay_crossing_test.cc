// Two acts at the same time about a person at a temporary place, with a death at each commit: all
// who are told of the stay know the same in the end.
#include <gtest/gtest.h>

#include <functional>

#include "absl/strings/str_cat.h"
#include "tests/simulation/stay_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace rv1 = relocation::v1;

struct Crossing {
  std::string name;
  std::function<void(StayWorld&)> given, one, other;
};

void Nothing(StayWorld&) {}
void Read(StayWorld& at) { at.Placed(); }
void Paid(StayWorld& at) {
  at.Placed();
  EXPECT_TRUE(at.GrantStay().ok());
  EXPECT_TRUE(at.world.Settle());
}
void WayBack(StayWorld& at) {
  at.Placed();
  EXPECT_TRUE(at.RefuseStay().ok());
  EXPECT_TRUE(at.world.Settle());
  EXPECT_TRUE(at.ExtendStay(30, 5000).ok());
  EXPECT_TRUE(at.world.Settle());
}
void ReadAndOffered(StayWorld& at) {
  at.Offered();
  at.Placed();
}
void OfferedOnly(StayWorld& at) { at.Offered(); }
void Requested(StayWorld& at) {
  EXPECT_TRUE(at.AskForAPlace().ok());
  EXPECT_TRUE(at.world.Settle());
}

void Ask(StayWorld& at) { (void)at.AskForAPlace(); }
void Place(StayWorld& at) { (void)at.PlaceAway(); }
void Extend(StayWorld& at) { (void)at.ExtendStay(30); }
void ExtendAndApply(StayWorld& at) { (void)at.ExtendStay(30, 5000); }
void End(StayWorld& at) { (void)at.EndStay(); }
void EndByMistake(StayWorld& at) { (void)at.EndStay(cv1::STAY_END_ERROR); }
void PlaceNobody(StayWorld& at) { (void)at.EndStay(cv1::STAY_END_NOT_PLACED); }
void Clear(StayWorld& at) { (void)at.AnswerStay(rv1::PLACE_SAFETY_CLEAR); }
void NotSafe(StayWorld& at) { (void)at.AnswerStay(rv1::PLACE_SAFETY_NOT_POSSIBLE); }
void Grant(StayWorld& at) { (void)at.GrantStay(); }
void Refuse(StayWorld& at) { (void)at.RefuseStay(); }
void Pay(StayWorld& at) { (void)at.PayStay(); }
void TakeBack(StayWorld& at) { (void)at.WithdrawApplication(); }
void Reassess(StayWorld& at) { (void)at.AssessAnew(at.vestegnen); }
void TakeOver(StayWorld& at) { (void)at.TakeOver(); }

const std::vector<Crossing>& Crossings() {
  static const auto* const all =
      new std::vector<Crossing>{{"request_and_placing", &Nothing, &Ask, &Place},
                                {"placing_and_no_other_way", &Requested, &Place, &PlaceNobody},
                                {"extension_and_refusal", &Read, &ExtendAndApply, &Refuse},
                                {"extension_and_answer", &Read, &Extend, &NotSafe},
                                {"extension_and_end", &Read, &Extend, &End},
                                {"end_and_answer", &Read, &End, &NotSafe},
                                {"end_and_grant", &Read, &End, &Grant},
                                {"mistake_and_grant", &Read, &EndByMistake, &Grant},
                                {"mistake_and_payment", &Paid, &EndByMistake, &Pay},
                                {"withdrawal_and_refusal", &Read, &TakeBack, &Refuse},
                                {"withdrawal_and_payment", &Paid, &TakeBack, &Pay},
                                {"assessment_and_answer", &Read, &Reassess, &Clear},
                                {"assessment_and_end", &Read, &Reassess, &End},
                                {"refusal_and_end", &Read, &Refuse, &End},
                                {"grant_and_end_on_the_way_back", &WayBack, &Grant, &End},
                                {"request_and_take_over", &OfferedOnly, &Ask, &TakeOver},
                                {"placing_and_take_over", &OfferedOnly, &Place, &TakeOver},
                                {"end_and_take_over", &ReadAndOffered, &End, &TakeOver},
                                {"refusal_and_take_over", &ReadAndOffered, &Refuse, &TakeOver},
                                {"answer_and_take_over", &ReadAndOffered, &NotSafe, &TakeOver}};
  return *all;
}

class StayCrossingTest : public testing::TestWithParam<Crossing> {};

TEST_P(StayCrossingTest, AllKnowTheSameOfIt) {
  for (const int victim : {0, 1, 2, 3}) {
    for (const int nth : {1, 2}) {
      for (const bool durable : {false, true}) {
        const bool turned = (victim + nth) % 2 == 0;
        SCOPED_TRACE(absl::StrCat(victim, " ", nth, durable ? " after" : " before",
                                  turned ? " turned" : ""));
        StayWorld at(static_cast<std::uint64_t>(nth));
        GetParam().given(at);
        Node* const all[] = {&at.holder, &at.vestegnen, &at.fyn, &at.desk};
        all[victim]->DieAtCommit(nth, durable);
        (turned ? GetParam().other : GetParam().one)(at);
        (turned ? GetParam().one : GetParam().other)(at);
        EXPECT_TRUE(at.world.Settle());
        all[victim]->DieAtCommit(1'000'000'000, false);
        at.ExpectStaysAgreed();
        at.ExpectSound();
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Of, StayCrossingTest, testing::ValuesIn(Crossings()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace exitbus::simulation
