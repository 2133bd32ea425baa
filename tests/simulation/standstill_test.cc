// What operators stop for a while: letters over a channel, and changes; and that they publish once
// more what has no receipt.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "exitbus/recovery/v1/order.pb.h"
#include "tests/simulation/overview_world.h"

namespace exitbus::simulation {
namespace {

namespace pv1 = policy::v1;
namespace rv1 = recovery::v1;
using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;

class StandstillTest : public testing::Test {
 protected:
  StandstillTest() : case_id(EnrolledCase(world, ishoej)) { EXPECT_TRUE(world.Settle()); }

  rv1::Order Order() {
    rv1::Order order;
    order.set_order_id(world.RequestId());
    order.set_authority(ishoej.id());
    order.set_operator_("operator-1");
    order.set_reason("a counterpart is mended");
    return order;
  }
  rv1::OrderResult Pause(pv1::Channel channel, std::uint32_t minutes) {
    rv1::Order order = Order();
    order.mutable_pause_channel()->set_channel(channel);
    order.mutable_pause_channel()->set_minutes(minutes);
    return ishoej.engine().TakeOrder(order);
  }
  rv1::OrderResult Resume() {
    rv1::Order order = Order();
    order.set_resume_channel(pv1::CHANNEL_HANDOVER);
    return ishoej.engine().TakeOrder(order);
  }
  rv1::OrderResult Maintain(std::uint32_t minutes) {
    rv1::Order order = Order();
    order.mutable_maintenance()->set_minutes(minutes);
    return ishoej.engine().TakeOrder(order);
  }
  rv1::OrderResult Retry(const std::string& peer, bool only_look = false) {
    rv1::Order order = Order();
    order.mutable_retry_letters()->set_peer(peer);
    order.mutable_retry_letters()->set_only_look(only_look);
    return ishoej.engine().TakeOrder(order);
  }
  bool HasArrived(const std::string& handover) {
    world.Pass(absl::Seconds(30));
    return GetHandover(odense, handover).ok();
  }
  std::vector<std::pair<std::string, std::string>> NotesOfARead() {
    casework::v1::GetCaseRequest request;
    request.set_case_id(case_id);
    return ishoej.Ask("exitbus.casework.v1.CaseService.GetCase", request).notes;
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  Node& nec = world.Nec();
  const std::string case_id;
};

TEST_F(StandstillTest, APauseEndsByItselfAlsoOverARestartAndEverybodySeesIt) {
  ASSERT_TRUE(Pause(pv1::CHANNEL_HANDOVER, 10).carried_out());
  const auto asked = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_FALSE(HasArrived(asked->handover_id()));
  EXPECT_THAT(NotesOfARead(), Contains(Pair("exitbus-paused", HasSubstr("handover until 20"))));
  ishoej.Crash();
  ishoej.Start();
  EXPECT_FALSE(HasArrived(asked->handover_id())) << "a restart ends it no sooner";
  world.Pass(absl::Minutes(10));
  EXPECT_TRUE(HasArrived(asked->handover_id()));
  EXPECT_THAT(NotesOfARead(), Not(Contains(Key("exitbus-paused"))));
  EXPECT_TRUE(world.Settle());
}

TEST_F(StandstillTest, APauseIsEndedSooner) {
  EXPECT_THAT(Resume().text(), HasSubstr("pause.none"));
  ASSERT_TRUE(Pause(pv1::CHANNEL_HANDOVER, 60).carried_out());
  const auto asked = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(asked.ok()) << asked.status();
  ASSERT_FALSE(HasArrived(asked->handover_id()));
  ASSERT_TRUE(Resume().carried_out());
  EXPECT_TRUE(HasArrived(asked->handover_id()));
}

TEST_F(StandstillTest, WhatProtectsPeopleIsNeverPausedNorAnythingForLong) {
  for (const auto channel :
       {pv1::CHANNEL_SECURITY, pv1::CHANNEL_CASE, pv1::CHANNEL_RECEIPT, pv1::CHANNEL_UNSPECIFIED}) {
    EXPECT_THAT(Pause(channel, 10).text(), HasSubstr("pause.not_this_channel")) << channel;
  }
  EXPECT_THAT(Pause(pv1::CHANNEL_NEC, 0).text(), HasSubstr("pause.minutes"));
  EXPECT_THAT(Pause(pv1::CHANNEL_NEC, 61).text(), HasSubstr("pause.minutes"));
}

TEST_F(StandstillTest, UnderMaintenanceNothingIsChangedButWhatProtectsPeople) {
  ASSERT_TRUE(Maintain(30).carried_out());
  const absl::Status refused = Request(world, ishoej, case_id, odense).status();
  EXPECT_EQ(RuleOf(refused), "maintenance.under_way");
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(NotesOfARead(), Contains(Pair("exitbus-maintenance", HasSubstr("until 20"))));
  EXPECT_THAT(Maintain(241).text(), HasSubstr("maintenance.minutes"));
  ASSERT_TRUE(Maintain(0).carried_out());
  EXPECT_TRUE(Request(world, ishoej, case_id, odense).ok());
}

TEST_F(StandstillTest, MaintenanceEndsByItself) {
  ASSERT_TRUE(Maintain(5).carried_out());
  world.Pass(absl::Minutes(5));
  EXPECT_TRUE(Request(world, ishoej, case_id, odense).ok());
}

// Odense is away for so long that nobody tries it for an hour.
TEST_F(StandstillTest, WhatHasNoReceiptGoesOnceMoreWhenOperatorsSaySo) {
  EXPECT_THAT(Retry("nobody").text(), HasSubstr("retry.no_such_authority"));
  odense.Crash();
  const auto asked = Request(world, ishoej, case_id, odense);
  ASSERT_TRUE(asked.ok()) << asked.status();
  world.Pass(absl::Hours(6));
  world.broker.Wipe();
  EXPECT_THAT(Retry(odense.id(), /*only_look=*/true).text(), HasSubstr("would be published"));
  ASSERT_TRUE(Retry(odense.id()).carried_out());
  EXPECT_THAT(Retry(odense.id()).text(), HasSubstr("retry.too_soon"));
  odense.Start();
  EXPECT_TRUE(HasArrived(asked->handover_id()));
  EXPECT_TRUE(world.Settle());
}

}  // namespace
}  // namespace exitbus::simulation
