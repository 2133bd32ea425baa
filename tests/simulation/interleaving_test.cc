// Caseworkers of five authorities who do what comes to their minds about one relocation, in random
// order and at random times, while processes die of it. In the end all agree what has become of it:
// one authority answers for the case, nobody is on the way to a place that is not decided for,
// nobody keeps a person that he has no case of, and the balance counts what happened.
//
// EXITBUS_INTERLEAVINGS says how many (tools/test long interleavings), EXITBUS_SEED which is the
// first; the seed of one that fails stands in its trace.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/simulation/overview_world.h"
#include "tests/simulation/stay_world.h"

namespace exitbus::simulation {
namespace {

namespace av1 = address::v1;
namespace hv1 = handover::v1;
namespace lv1 = relocation::v1;
using testing::IsEmpty;

constexpr int kInterleavings = 100;
constexpr int kActs = 22;
constexpr int kFirstSeed = 1;
constexpr int kNever = 1'000'000'000;

// What the environment says, or what is said here.
int Given(const char* name, int otherwise) {
  const char* const given = std::getenv(name);
  int number = 0;
  return given != nullptr && absl::SimpleAtoi(given, &number) ? number : otherwise;
}

// Who is in the middle of a crowd: each act is somebody's, and may well be refused.
struct Act {
  const char* name;
  int weight;  // what brings the case on is done more often
  void (*done)(StayWorld&);
};

void Handle(StayWorld& at, Node& node, const char* rpc) {
  if (!at.handover.empty()) (void)Do(at.world, node, rpc, at.handover);
}
void AskForHandover(StayWorld& at) {
  const auto asked = Request(at.world, at.holder, at.case_id, at.odense);
  if (asked.ok()) at.handover = asked->handover_id();
}
void Say(StayWorld& at, lv1::CitizenAnswer answer) { (void)at.RecordHearing(kOdenseCode, answer); }

void Give(StayWorld& at, const std::string& notice) {
  if (!at.handover.empty()) (void)at.Give(notice);
}
void Register(StayWorld& at, av1::AddressAct act) {
  const std::string notice = at.Newest();
  if (!notice.empty()) (void)at.Record(notice, act);
}
void Transfer(StayWorld& at) { (void)at.TransferAssessment(); }

void AccountFor(StayWorld& at, Node& unit, lv1::Whereabouts where) {
  if (!at.handover.empty()) (void)at.StateWhereabouts(unit, where);
}

std::vector<Act> StayActs() {
  using At = StayWorld;
  return {
      {"ask for a place", 1, [](At& at) { (void)at.AskForAPlace(); }},
      {"bring him elsewhere", 3, [](At& at) { (void)at.PlaceAway(); }},
      {"let him stay longer", 1, [](At& at) { (void)at.ExtendStay(40); }},
      {"apply for longer", 1, [](At& at) { (void)at.ExtendStay(50, 5000); }},
      {"bring him home", 1, [](At& at) { (void)at.EndStay(); }},
      {"have erred", 1, [](At& at) { (void)at.EndStay(casework::v1::STAY_END_ERROR); }},
      {"find another way", 1, [](At& at) { (void)at.EndStay(casework::v1::STAY_END_NOT_PLACED); }},
      {"find him safe", 2, [](At& at) { (void)at.AnswerStay(lv1::PLACE_SAFETY_CLEAR); }},
      {"find him not safe", 1, [](At& at) { (void)at.AnswerStay(lv1::PLACE_SAFETY_NOT_POSSIBLE); }},
      {"grant", 2, [](At& at) { (void)at.GrantStay(); }},
      {"refuse", 1, [](At& at) { (void)at.RefuseStay(); }},
      {"pay", 1, [](At& at) { (void)at.PayStay(); }},
      {"take the application back", 1, [](At& at) { (void)at.WithdrawApplication(); }},
      {"account for it", 1, [](At& at) { (void)at.ReturnAccount(1000); }}};
}

std::vector<Act> RelocationActs() {
  using At = StayWorld;
  return {
      {"decide", 3, [](At& at) { (void)at.Decide(kOdenseCode); }},
      {"revoke", 1, [](At& at) { (void)at.Revoke(); }},
      {"inquire", 2, [](At& at) { (void)at.Inquire(kOdenseCode); }},
      {"end the inquiry", 1, [](At& at) { (void)at.EndInquiry(kOdenseCode); }},
      {"put it to the citizen", 1, [](At& at) { (void)at.HearPlaces({kOdenseCode}); }},
      {"rule it out", 1, [](At& at) { (void)at.State({kOdenseCode}); }},
      {"rule nothing out", 1, [](At& at) { (void)at.State(); }},
      {"doubt", 1, [](At& at) { (void)at.AnswerConflict(lv1::PLACE_SAFETY_UNKNOWN); }},
      {"know of no conflict", 2, [](At& at) { (void)at.AnswerConflict(lv1::PLACE_SAFETY_CLEAR); }},
      {"give room", 2, [](At& at) { (void)at.GiveRoom(at.odense); }},
      {"decline", 1, [](At& at) { (void)at.Decline(at.odense); }},
      {"say yes", 2, [](At& at) { Say(at, lv1::CITIZEN_ANSWER_YES); }},
      {"say no", 1, [](At& at) { Say(at, lv1::CITIZEN_ANSWER_NO); }},
      {"withdraw, the police", 1, [](At& at) { (void)at.WithdrawRequest(at.vestegnen, at.id); }},
      {"withdraw, the holder", 1, [](At& at) { (void)at.WithdrawRequest(at.holder, at.id); }},
      {"ask for the handover", 3, &AskForHandover},
      {"agree", 3, [](At& at) { Handle(at, at.odense, "AgreeTerms"); }},
      {"accept", 3, [](At& at) { Handle(at, at.odense, "AcceptHandover"); }},
      {"reject", 1, [](At& at) { Handle(at, at.odense, "RejectHandover"); }},
      {"offer", 3, [](At& at) { Handle(at, at.holder, "OfferHandover"); }},
      {"recall", 1, [](At& at) { Handle(at, at.holder, "RecallHandover"); }},
      {"ask back", 1, [](At& at) { Handle(at, at.holder, "RequestRecall"); }},
      {"let go", 1, [](At& at) { Handle(at, at.odense, "AnswerRecall"); }},
      {"decline the offer", 1, [](At& at) { Handle(at, at.odense, "DeclineOffer"); }},
      {"depart", 3, [](At& at) { Handle(at, at.holder, "RecordDeparture"); }},
      {"arrive", 3, [](At& at) { Handle(at, at.odense, "RecordArrival"); }},
      {"come back", 1, [](At& at) { Handle(at, at.holder, "RecordArrival"); }},
      {"account for him", 1,
       [](At& at) { AccountFor(at, at.vestegnen, lv1::WHEREABOUTS_SAFE_ELSEWHERE); }},
      {"account for him there", 1,
       [](At& at) { AccountFor(at, at.fyn, lv1::WHEREABOUTS_SAFE_ELSEWHERE); }},
      {"say that he is there", 1,
       [](At& at) { AccountFor(at, at.fyn, lv1::WHEREABOUTS_AT_DESTINATION); }},
      {"transfer the assessment", 2, &Transfer},
      {"give notice", 3, [](At& at) { Give(at, ""); }},
      {"give notice anew", 1, [](At& at) { Give(at, at.Newest()); }},
      {"need no notice", 2, [](At& at) { (void)at.NeedNoNotice(); }},
      {"end the notice", 1, [](At& at) { (void)at.End(at.Newest()); }},
      {"register", 3, [](At& at) { Register(at, av1::ADDRESS_ACT_REGISTERED); }},
      {"register the move", 1, [](At& at) { Register(at, av1::ADDRESS_ACT_MOVED); }},
      {"register that he is away", 1, [](At& at) { Register(at, av1::ADDRESS_ACT_MOVED_AWAY); }},
      {"end it himself", 1, [](At& at) { Register(at, av1::ADDRESS_ACT_ENDED_BY_PERSON); }},
      {"register ordinarily", 1,
       [](At& at) { Register(at, av1::ADDRESS_ACT_REGISTERED_ORDINARILY); }},
      {"take over", 3, [](At& at) { Handle(at, at.odense, "TakeOverCase"); }}};
}

const std::vector<Act>& Acts() {
  static const auto* const all = [] {
    auto* const acts = new std::vector<Act>(RelocationActs());
    for (const Act& act : StayActs()) acts->push_back(act);
    return acts;
  }();
  return *all;
}

const Act& AnyOf(std::mt19937_64& chance) {
  int all = 0;
  for (const Act& act : Acts()) all += act.weight;
  int left = static_cast<int>(chance() % static_cast<std::uint64_t>(all));
  for (const Act& act : Acts()) {
    left -= act.weight;
    if (left < 0) return act;
  }
  return Acts().back();
}

// What happened in one of them, for its trace.
std::vector<std::string> Play(StayWorld& at, std::mt19937_64& chance) {
  std::vector<std::string> played;
  Node* const all[] = {&at.holder, &at.vestegnen, &at.desk, &at.odense, &at.fyn};
  for (int i = 0; i < kActs; ++i) {
    if (chance() % 4 == 0) {
      Node& victim = *all[chance() % std::size(all)];
      const int nth = static_cast<int>(chance() % 3) + 1;
      victim.DieAtCommit(nth, chance() % 2 == 0);
      played.push_back(absl::StrCat("(", victim.id(), " dies at commit ", nth, ")"));
    }
    const Act& act = AnyOf(chance);
    played.push_back(act.name);
    act.done(at);
    // Sometimes at once, sometimes when all have heard of it.
    if (chance() % 3 != 0) at.world.Pass(absl::Seconds(static_cast<std::int64_t>(chance() % 30)));
    if (chance() % 4 == 0) {
      EXPECT_TRUE(at.world.Settle());
    }
  }
  // Nobody dies any more, and who died last sends again after a while.
  for (Node* node : all) node->DieAtCommit(kNever, false);
  EXPECT_TRUE(at.world.Settle());
  at.world.Pass(absl::Minutes(10));
  EXPECT_TRUE(at.world.Settle());
  return played;
}

bool IsOnTheWay(hv1::HandoverStage stage) {
  return stage == hv1::HANDOVER_STAGE_REQUESTED || stage == hv1::HANDOVER_STAGE_TERMS_COORDINATED ||
         stage == hv1::HANDOVER_STAGE_ACCEPTED;
}

// The case is with one authority, and who let go of it knows which.
bool ExpectOneInCharge(StayWorld& at) {
  const auto ours = GetCase(at.holder, at.case_id);
  const auto theirs = GetCase(at.odense, at.case_id);
  const auto in_charge = [](const absl::StatusOr<Case>& seen) {
    return seen.ok() && seen->standing() == casework::v1::STANDING_RESPONSIBLE;
  };
  EXPECT_NE(in_charge(ours), in_charge(theirs));
  const bool moved = in_charge(theirs);
  EXPECT_EQ(ours->responsible(), moved ? at.odense.id() : at.holder.id());
  return moved;
}

void ExpectAgreement(StayWorld& at) {
  const std::string stage = at.StageAt(at.desk, at.id);
  at.ExpectEverywhere(at.id, stage);
  const bool moved = ExpectOneInCharge(at);
  at.ExpectStaysAgreed();
  const bool stands = stage == "DECIDED" || stage == "ACCEPTED";
  EXPECT_TRUE(!stands || !moved) << "who has moved is not on the way";
  EXPECT_TRUE(stage != "COMPLETED" || moved);
  EXPECT_EQ(at.BalanceOf(kOdenseCode).active(), stands ? 1U : 0U);
  EXPECT_EQ(at.BalanceOf(kOdenseCode).received(), stage == "COMPLETED" ? 1U : 0U);
  if (at.handover.empty()) {
    EXPECT_THAT(at.PlantedAt(at.odense), IsEmpty());
    return;
  }
  const auto handover = GetHandover(at.holder, at.handover);
  ASSERT_TRUE(handover.ok()) << handover.status();
  if (!handover->inquiry_id().empty()) {
    EXPECT_TRUE(!IsOnTheWay(handover->stage()) || stands) << "nobody is on the way";
    if (handover->stage() == hv1::HANDOVER_STAGE_OFFERED) {
      EXPECT_TRUE(stands || handover->recall_requested());
    }
    EXPECT_EQ(stage == "ACCEPTED", stands && handover->stage() >= hv1::HANDOVER_STAGE_ACCEPTED &&
                                       handover->stage() <= hv1::HANDOVER_STAGE_OFFERED);
  }
  at.ExpectJourneyAgreed();
  at.ExpectNoticesAgreed();
  const bool knows = moved || handover->stage() == hv1::HANDOVER_STAGE_OFFERED ||
                     handover->stage() == hv1::HANDOVER_STAGE_ACCEPTED ||
                     (handover->stage() == hv1::HANDOVER_STAGE_TERMS_COORDINATED &&
                      !handover->inquiry_id().empty());
  const auto duties = at.DutiesAt(at.odense);
  const bool registered = std::any_of(duties.begin(), duties.end(), [](const auto& duty) {
    return duty.stage() != av1::ADDRESS_DUTY_STAGE_CLOSED;
  });
  EXPECT_EQ(!at.PlantedAt(at.odense).empty(), knows || registered) << "who was told of the person";
}

// Two days later NEC has found twice, or not at all, that those in charge list something else.
void ExpectOverviewAgreed(StayWorld& at) {
  for (int day = 0; day < 2; ++day) {
    at.world.Skip(absl::Hours(24));
    EXPECT_TRUE(at.world.Settle());
  }
  EXPECT_THAT(DifferencesAt(at.nec), IsEmpty());
}

TEST(InterleavingTest, AllAgreeInTheEnd) {
  const int first = Given("EXITBUS_SEED", kFirstSeed);
  const int count = Given("EXITBUS_INTERLEAVINGS", kInterleavings);
  for (int i = first; i < first + count; ++i) {
    const auto seed = static_cast<std::uint64_t>(i);
    StayWorld at(seed);
    std::mt19937_64 chance(seed);
    const auto played = Play(at, chance);
    SCOPED_TRACE(absl::StrCat("seed ", seed, ": ", absl::StrJoin(played, ", ")));
    ExpectAgreement(at);
    EXPECT_THAT(at.PlantedAt(at.desk), IsEmpty());
    at.ExpectSound();
    ExpectOverviewAgreed(at);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace exitbus::simulation
