// NEC's daily comparison with those who answer for cases: what is wrong is found and told to that
// one only; what is on its way never shows; and who lists what is not his learns nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/nec/v1/messages.pb.h"
#include "exitbus/nec_journal/v1/inventory.pb.h"
#include "exitbus/recovery/v1/order.pb.h"
#include "services/exchange/working_days.h"
#include "tests/simulation/forgery.h"
#include "tests/simulation/overview_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace nv1 = nec::v1;
using exchange::Decision;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kAlarm[] = "overview.difference";
constexpr char kOverdue[] = "overview.inventory_overdue";

class InventoryWorld : public OverviewWorld {
 public:
  using OverviewWorld::OverviewWorld;

  // Everybody gives one.
  void ADayGoes() {
    world.Skip(absl::Hours(24));
    EXPECT_TRUE(world.Settle());
  }
  std::map<std::string, nv1::HolderInventory> Inventories() { return InventoriesAt(nec); }
  std::vector<std::string> Standing() { return DifferencesAt(nec); }
  std::string AtTheCase(Node& node, const std::string& case_id) {
    const auto seen = GetCase(node, case_id);
    return seen.ok() ? Short(seen->overview_difference()) : seen.status().ToString();
  }
  std::size_t Alarms(Node& node, const std::string& event) {
    return node.telemetry().LinesOf(event).size();
  }
  // With another version of one of its aggregates; then with this one again.
  void Become(Node& node, const std::string& aggregate,
              const std::function<void(exchange::Aggregate&)>& change) {
    world.another_version = [&](exchange::Service& service) {
      for (exchange::Aggregate& each : service.aggregates) {
        if (each.name == aggregate && change) change(each);
      }
    };
    node.Crash();
    node.Start();
    world.another_version = nullptr;
  }
  // NEC misses that the agreement of this case, Ishøj's, is signed.
  std::string Planted() {
    Become(nec, "entry", [](exchange::Aggregate& entries) {
      entries.decide_letter = [decide = entries.decide_letter](const auto& state, const auto& place,
                                                               const auto& body,
                                                               const auto& context) {
        return body.has_agreement_signed() ? Decision::NoEffect("planted")
                                           : decide(state, place, body, context);
      };
    });
    std::string id = EnrolledCase(world, ishoej);
    EXPECT_TRUE(world.Settle());
    Become(nec, "entry", nullptr);
    return id;
  }
  absl::Status SignedAnew(Node& node, const std::string& case_id) {
    return SignAgreement(
        world, node, case_id,
        {MeasureOf(cv1::MEASURE_TYPE_HOUSING, cv1::MODULE_HOUSING, node, "a flat")});
  }
  void Follow(Node& node) {
    recovery::v1::Order order;
    order.set_order_id(world.RequestId());
    order.set_authority(node.id());
    order.set_operator_("operator-1");
    order.set_reason("the newest backup there is");
    order.mutable_follow_peers();
    const auto followed = node.engine().TakeOrder(order);
    EXPECT_TRUE(followed.carried_out()) << followed.text();
  }
};

class InventoryTest : public testing::Test, protected InventoryWorld {};

TEST_F(InventoryTest, EverybodyWhoMayAnswerForCasesGivesOneEachDay) {
  EnrolledCase(world, ishoej);
  EnrolledCase(world, prison, kAnother);
  ASSERT_TRUE(world.Settle());
  for (int day = 0; day < 3; ++day) {
    ADayGoes();
    const auto inventories = Inventories();
    ASSERT_EQ(inventories.size(), 4U) << "three municipalities and a prison";
    for (const auto& [authority, inventory] : inventories) {
      EXPECT_EQ(exchange::FromProto(inventory.as_of()), exchange::StartOfDay(Now())) << authority;
      EXPECT_FALSE(inventory.overdue()) << authority;
    }
  }
  EXPECT_THAT(Standing(), IsEmpty());
  for (Node* node : All()) EXPECT_THAT(node->telemetry().LinesOf("letter.refused"), IsEmpty());
}

TEST_F(InventoryTest, WhatDiffersIsFoundToldToThatOneAndMended) {
  const std::string id = Planted();
  const auto before = OnlyEntry(nec);
  ADayGoes();
  EXPECT_THAT(Standing(), IsEmpty()) << "it may be on its way";
  EXPECT_EQ(AtTheCase(ishoej, id), "UNSPECIFIED");
  for (int day = 0; day < 2; ++day) {
    ADayGoes();
    EXPECT_THAT(Standing(), ElementsAre(ishoej.id() + " NEC_HAS_VISITED"));
    EXPECT_EQ(AtTheCase(ishoej, id), "NEC_HAS_VISITED");
    EXPECT_EQ(Alarms(nec, kAlarm), 1U);
    EXPECT_EQ(Alarms(ishoej, "nec.difference"), 1U) << "once";
  }
  EXPECT_EQ(OnlyEntry(nec)->SerializeAsString(), before->SerializeAsString());
  for (Node* other : {&albertslund, &odense, &prison, &vestegnen, &fyn, &desk}) {
    EXPECT_THAT(other->Received(policy::v1::CHANNEL_NEC), IsEmpty()) << other->id();
  }

  ASSERT_TRUE(SignedAnew(ishoej, id).ok());
  ASSERT_TRUE(world.Settle()) << "NEC has heard of it before the morning";
  ADayGoes();
  EXPECT_THAT(Standing(), IsEmpty());
  EXPECT_EQ(AtTheCase(ishoej, id), "UNSPECIFIED");
  EXPECT_EQ(OnlyEntry(nec)->stage(), nv1::ENTRY_STAGE_ENROLLED);
}

// Nothing of it is left once the case is erased.
TEST_F(InventoryTest, ADifferenceGoesWithTheCase) {
  const std::string id = Planted();
  const std::string overview_id = OnlyEntry(nec)->overview_id();
  ADayGoes();
  ADayGoes();
  ASSERT_EQ(Standing().size(), 1U);
  Erased(ishoej, id);
  ADayGoes();
  EXPECT_THAT(Standing(), IsEmpty());
  for (const auto& [name, bytes] : StatesAt(nec, "inventories")) {
    EXPECT_EQ(bytes.find(overview_id), std::string::npos) << name;
  }
  ExpectNothingLeft();
}

// Its store was put back to before the case: NEC has it there, and nobody else would miss it.
TEST_F(InventoryTest, ACaseThatItsAuthorityHasForgottenIsFound) {
  ASSERT_TRUE(world.Settle());
  auto backup = ishoej.store().Snapshot();
  EnrolledCase(world, ishoej);
  ASSERT_TRUE(world.Settle());
  ishoej.Restore(std::move(backup));
  ishoej.Serve();
  world.Pass(absl::Minutes(1));
  Follow(ishoej);
  ADayGoes();
  ADayGoes();
  EXPECT_THAT(Standing(), ElementsAre(ishoej.id() + " NOT_LISTED"));
  EXPECT_EQ(Alarms(ishoej, "nec.difference_of_no_case"), 1U);
}

// NEC's own store was put back to before the case was taken over: each of the two hears of its own.
TEST_F(InventoryTest, ATakeOverThatNecHasForgottenIsFound) {
  const std::string id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(world.Settle());
  auto backup = nec.store().Snapshot();
  MovedTo(odense, id);
  ASSERT_TRUE(world.Settle());
  world.broker.Wipe();
  nec.Restore(std::move(backup));
  nec.Serve();
  world.Pass(absl::Minutes(1));
  Follow(nec);
  ADayGoes();
  ADayGoes();
  EXPECT_THAT(Standing(), ElementsAre(ishoej.id() + " NOT_LISTED", odense.id() + " NOT_UNDER_YOU"));
  EXPECT_EQ(AtTheCase(ishoej, id), "NOT_LISTED");
  EXPECT_EQ(AtTheCase(odense, id), "NOT_UNDER_YOU");
}

// It lists a case that another has, and one that nobody has: it hears one and the same of both, and
// neither the entry nor who has it learns of that.
TEST_F(InventoryTest, WhoListsWhatIsNotHisLearnsNothing) {
  EnrolledCase(world, ishoej);
  ASSERT_TRUE(world.Settle());
  const auto before = OnlyEntry(nec);
  const std::string ids[] = {before->overview_id(), "nobodys"};
  Become(albertslund, "inventory", [&](exchange::Aggregate& inventories) {
    inventories.decide_deadline = [give = inventories.decide_deadline, ids](
                                      const auto& state, const auto& name, const auto& context) {
      const Decision honest = give(state, name, context);
      Decision forged;
      for (const auto& event : honest.events()) forged.AddEvent(*event);
      for (const auto& told : honest.notifications()) {
        nv1::OverviewInventory inventory;
        inventory.CopyFrom(*told.message);
        for (const std::string& id : ids) {
          nv1::InventoryEntry& listed = *inventory.add_entries();
          listed.set_overview_id(id);
          listed.set_stage(cv1::CASE_STAGE_WITHDRAWN);
          listed.set_number(7);
        }
        forged.Notify(told.from, told.to, inventory);
      }
      return forged;
    };
  });
  ADayGoes();
  EXPECT_THAT(albertslund.Received(policy::v1::CHANNEL_NEC), IsEmpty());
  ADayGoes();
  EXPECT_THAT(Standing(), ElementsAre(albertslund.id() + " NOT_UNDER_YOU",
                                      albertslund.id() + " NOT_UNDER_YOU"));
  EXPECT_EQ(Alarms(albertslund, "nec.difference_of_no_case"), 2U);
  EXPECT_EQ(OnlyEntry(nec)->SerializeAsString(), before->SerializeAsString());
  EXPECT_THAT(ishoej.Received(policy::v1::CHANNEL_NEC), IsEmpty());
}

TEST_F(InventoryTest, WhoGivesNoneForTwoDaysIsMissed) {
  ADayGoes();
  ishoej.Crash();
  for (int day = 0; day < 3; ++day) {
    world.Skip(absl::Hours(24));
    world.Pass(absl::Minutes(15));
  }
  EXPECT_TRUE(Inventories()[ishoej.id()].overdue());
  EXPECT_FALSE(Inventories()[odense.id()].overdue());
  const auto alarms = nec.telemetry().LinesOf(kOverdue);
  ASSERT_EQ(alarms.size(), 1U);
  ishoej.Start();
  world.Pass(absl::Minutes(15));
  EXPECT_FALSE(Inventories()[ishoej.id()].overdue());
}

// Told once, whichever process dies at whichever commit.
TEST(InventoryCrashTest, WhatDiffersIsToldOnce) {
  int died = 0;
  for (const bool at_nec : {true, false}) {
    for (int nth = 1; nth <= 4; ++nth) {
      for (const bool durable : {false, true}) {
        SCOPED_TRACE(absl::StrCat(at_nec, " ", nth, durable ? " after" : " before"));
        InventoryWorld at;
        const std::string id = at.Planted();
        at.ADayGoes();
        Node& victim = at_nec ? at.nec : at.ishoej;
        victim.DieAtCommit(nth, durable);
        at.ADayGoes();
        EXPECT_EQ(at.AtTheCase(at.ishoej, id), "NEC_HAS_VISITED");
        EXPECT_THAT(at.Standing(), ElementsAre(at.ishoej.id() + " NEC_HAS_VISITED"));
        EXPECT_EQ(at.ishoej.telemetry().Total("letters.without_effect"), 0);
        died += victim.died() ? 1 : 0;
        victim.DieAtCommit(1'000'000, false);
        at.ADayGoes();
        EXPECT_THAT(at.Standing(), ElementsAre(at.ishoej.id() + " NEC_HAS_VISITED"));
      }
    }
  }
  EXPECT_GT(died, 8);
}

// A case moves on, is corrected, left and erased around the hour of the inventories, while letters
// are lost and processes die. At no moment does anything stand, and in the end nothing is
// suspected.
TEST(InventoryCrossingTest, WhatIsOnItsWayNeverShows) {
  int moved = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    InventoryWorld at(seed);
    std::mt19937_64 chance(seed);
    const auto pass = [&](int minutes) {
      at.world.Pass(absl::Seconds(static_cast<std::int64_t>(chance() % (60 * minutes))));
      EXPECT_THAT(at.Standing(), IsEmpty());
    };
    const std::string id = EnrolledCase(at.world, at.ishoej);
    at.Assessed(id);
    const std::string handover = Offered(at.world, at.ishoej, id, at.odense);
    EXPECT_TRUE(at.world.Settle());
    at.world.Skip(exchange::NextMorning(at.Now()) - at.Now() - absl::Minutes(5));
    Node& mute = chance() % 2 == 0 ? at.odense : at.ishoej;
    if (chance() % 3 == 0) at.world.Mute(mute, {"nec", "evidence"});
    if (chance() % 3 == 0)
      at.nec.DieAtCommit(static_cast<int>(1 + chance() % 5), chance() % 2 == 0);
    pass(10);
    const bool moves = chance() % 4 != 0;
    Node& holder = moves ? at.odense : at.ishoej;
    (void)Do(at.world, at.odense, moves ? "TakeOverCase" : "DeclineOffer", handover);
    moved += moves ? 1 : 0;
    pass(15);
    if (chance() % 2 == 0) (void)at.SignedAnew(holder, id);
    pass(5);
    if (chance() % 2 == 0) {
      (void)at.Withdraw(holder, id);
      pass(5);
      if (chance() % 2 == 0) (void)at.Erase(holder, id);
    }
    pass(15);
    EXPECT_TRUE(at.world.Heal());
    for (int day = 0; day < 2; ++day) {
      at.ADayGoes();
      EXPECT_THAT(at.Standing(), IsEmpty());
    }
    for (const auto& all : StatesAt<nec_journal::v1::Inventories>(at.nec, "inventories")) {
      for (const auto& each : all.holders())
        EXPECT_EQ(each.differences_size(), 0) << each.authority();
    }
    for (Node* node : at.All()) EXPECT_EQ(at.Alarms(*node, "nec.difference"), 0U);
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(moved, 10);
}

}  // namespace
}  // namespace exitbus::simulation
