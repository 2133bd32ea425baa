// A pool's desk that was put back to an earlier state: what it has granted since is known to those
// who were granted it, and to nobody else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "exitbus/recovery/v1/order.pb.h"
#include "services/exchange/ports/directory.h"
#include "tests/simulation/pool_world.h"

namespace exitbus::simulation {
namespace {

namespace lv1 = pool::v1;
using testing::HasSubstr;

constexpr char kNotConfirmed[] = "store.not_confirmed";

class PoolRestoredTest : public testing::Test, protected PoolWorld {
 protected:
  // Both have applied and are under treatment; NEC is the desk's witness.
  PoolRestoredTest() {
    exchange::DirectoryEntry entry = *world.directory.Find(desk.id());
    entry.witnesses = {nec.id()};
    world.directory.Put(entry);
    EXPECT_TRUE(OpenYear(1'500'000).ok());
    granted_ = Treated(ishoej, "6101900001");
    other_ = Treated(odense, "6101900002");
  }

  std::string Treated(Node& node, std::string_view cpr) {
    const auto id = Apply(node, EnrolledCase(world, node, cpr), 1'000'000);
    EXPECT_TRUE(id.ok()) << id.status();
    EXPECT_TRUE(world.Settle());
    EXPECT_TRUE(Treat(*id).ok());
    return id.value_or("");
  }

  // What Ishøj was granted is forgotten at the desk, and stands in no topic.
  void DeskForgetsAGrant() {
    ASSERT_TRUE(world.Settle());
    auto backup = desk.store().Snapshot();
    ASSERT_TRUE(Grant(granted_, 1'000'000).ok());
    ASSERT_TRUE(world.Settle());
    ASSERT_EQ(At(ishoej, granted_).stage(), lv1::POOL_STAGE_GRANTED);
    world.broker.Wipe();
    ishoej.Crash();
    desk.Restore(std::move(backup));
    desk.Serve();
    world.Pass(absl::Seconds(10));
  }

  recovery::v1::OrderResult Follow() {
    recovery::v1::Order order;
    order.set_order_id(world.RequestId());
    order.set_authority(desk.id());
    order.set_operator_("operator-1");
    order.set_reason("the newest backup there is");
    order.mutable_follow_peers();
    return desk.engine().TakeOrder(order);
  }

  std::string granted_;
  std::string other_;
};

TEST_F(PoolRestoredTest, NothingIsDecidedBeforeThoseWithOpenApplicationsAreHeard) {
  DeskForgetsAGrant();
  EXPECT_EQ(RuleOf(Grant(other_, 1'000'000)), kNotConfirmed);
  EXPECT_EQ(RuleOf(Refuse(other_)), kNotConfirmed);
  EXPECT_EQ(RuleOf(SetBudget(1)), kNotConfirmed);
  ishoej.Start();
  world.Pass(absl::Seconds(10));
  EXPECT_EQ(RuleOf(Grant(other_, 1'000'000)), "store.behind_its_peers");
}

TEST_F(PoolRestoredTest, AForgottenGrantIsListedAsLostAndEnteredAnew) {
  DeskForgetsAGrant();
  ishoej.Start();
  world.Pass(absl::Seconds(10));
  const auto followed = Follow();
  ASSERT_TRUE(followed.carried_out()) << followed.text();
  EXPECT_THAT(followed.text(), HasSubstr("LOST (recovery.lost): what was about " + granted_));
  EXPECT_THAT(followed.text(), testing::Not(HasSubstr("what was about " + other_)));
  ASSERT_TRUE(Grant(granted_, 1'000'000).ok());
  EXPECT_EQ(RuleOf(Grant(other_, 1'000'000)), "budget.overspent");
  ASSERT_TRUE(Pay(granted_, 900'000).ok());
  ASSERT_TRUE(world.Settle());
  for (Node* node : {&ishoej, &desk}) {
    EXPECT_EQ(At(*node, granted_).stage(), lv1::POOL_STAGE_PAID) << node->id();
    EXPECT_EQ(At(*node, granted_).paid_dkk(), 900'000U) << node->id();
  }
}

}  // namespace
}  // namespace exitbus::simulation
