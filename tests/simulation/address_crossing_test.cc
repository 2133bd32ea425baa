// Two acts at the same time about a notice to a population register, with a death at each commit:
// the unit, the register and the authority in charge agree in the end.
#include <gtest/gtest.h>

#include <functional>

#include "absl/strings/str_cat.h"
#include "tests/simulation/address_world.h"

namespace exitbus::simulation {
namespace {

namespace av1 = address::v1;

struct Crossing {
  std::string name;
  std::function<void(AddressWorld&)> given, one, other;
};

void Accepted(AddressWorld& at) { at.AcceptedOnly(); }
void Given(AddressWorld& at) {
  at.OfferedOnly();
  EXPECT_TRUE(at.Give().ok());
  EXPECT_TRUE(at.world.Settle());
}
void Registered(AddressWorld& at) {
  Given(at);
  EXPECT_TRUE(at.Record(at.Newest(), av1::ADDRESS_ACT_REGISTERED).ok());
  EXPECT_TRUE(at.world.Settle());
}
void Record(AddressWorld& at, av1::AddressAct act) { (void)at.Record(at.Newest(), act); }

void Give(AddressWorld& at) { (void)at.Give(); }
void GiveForMore(AddressWorld& at) { (void)at.Give(at.Newest(), 2); }
void GiveAnotherDay(AddressWorld& at) { (void)at.Give(at.Newest()); }
void End(AddressWorld& at) { (void)at.End(at.Newest()); }
void NeedNone(AddressWorld& at) { (void)at.NeedNoNotice(); }
void Register(AddressWorld& at) { Record(at, av1::ADDRESS_ACT_REGISTERED); }
void Move(AddressWorld& at) { Record(at, av1::ADDRESS_ACT_MOVED); }
void MoveAway(AddressWorld& at) { Record(at, av1::ADDRESS_ACT_MOVED_AWAY); }
void EndThere(AddressWorld& at) { Record(at, av1::ADDRESS_ACT_ENDED_BY_PERSON); }
void Reject(AddressWorld& at) { (void)Do(at.world, at.odense, "RejectHandover", at.handover); }
void Recall(AddressWorld& at) { (void)Do(at.world, at.holder, "RecallHandover", at.handover); }
void Decline(AddressWorld& at) { (void)Do(at.world, at.odense, "DeclineOffer", at.handover); }
void TakeOver(AddressWorld& at) { (void)at.TakeOver(); }

const std::vector<Crossing>& Crossings() {
  static const auto* const all = new std::vector<Crossing>{
      {"notice_and_rejection", &Accepted, &Give, &Reject},
      {"notice_and_recall", &Accepted, &Give, &Recall},
      {"notice_and_none_needed", &Accepted, &Give, &NeedNone},
      {"registration_and_end", &Given, &Register, &End},
      {"registration_and_declined_offer", &Given, &Register, &Decline},
      {"registration_and_take_over", &Given, &Register, &TakeOver},
      {"registration_and_another_day", &Given, &Register, &GiveAnotherDay},
      {"registration_and_another_child", &Given, &Register, &GiveForMore},
      {"another_child_and_end_by_the_person", &Registered, &GiveForMore, &EndThere},
      {"another_day_and_move", &Registered, &GiveAnotherDay, &Move},
      {"another_child_and_move", &Registered, &GiveForMore, &Move},
      {"another_child_and_moving_away", &Registered, &GiveForMore, &MoveAway},
      {"move_and_declined_offer", &Registered, &Move, &Decline},
      {"another_day_and_declined_offer", &Registered, &GiveAnotherDay, &Decline},
      {"end_and_move", &Registered, &End, &Move},
      {"end_and_moving_away", &Registered, &End, &MoveAway},
      {"end_and_end_by_the_person", &Registered, &End, &EndThere},
      {"end_and_declined_offer", &Registered, &End, &Decline},
      {"end_by_the_person_and_declined_offer", &Registered, &EndThere, &Decline},
      {"moving_away_and_declined_offer", &Registered, &MoveAway, &Decline}};
  return *all;
}

class AddressCrossingTest : public testing::TestWithParam<Crossing> {};

TEST_P(AddressCrossingTest, AllAgreeWhomTheRegisterProtects) {
  for (const int victim : {0, 1, 2}) {
    for (int nth = 1; nth <= 2; ++nth) {
      for (const bool durable : {false, true}) {
        for (const bool turned : {false, true}) {
          SCOPED_TRACE(absl::StrCat(victim, " ", nth, durable ? " after" : " before",
                                    turned ? " turned" : ""));
          AddressWorld at(static_cast<std::uint64_t>(nth));
          GetParam().given(at);
          Node* const all[] = {&at.holder, &at.odense, &at.fyn};
          all[victim]->DieAtCommit(nth, durable);
          (turned ? GetParam().other : GetParam().one)(at);
          (turned ? GetParam().one : GetParam().other)(at);
          EXPECT_TRUE(at.world.Settle());
          all[victim]->DieAtCommit(1'000'000'000, false);
          at.ExpectNoticesAgreed();
          at.ExpectSound();
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Of, AddressCrossingTest, testing::ValuesIn(Crossings()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace exitbus::simulation
