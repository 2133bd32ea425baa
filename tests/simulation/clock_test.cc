// Clocks that are wrong: ours, by the broker's word; a peer's, or ours, by what peers send.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "services/exchange/sealing.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
using testing::SizeIs;

// The broker takes nothing that this authority stamps.
class RefusedByBrokerTest : public testing::Test {
 protected:
  void RefuseStampsOf(const Node& node) {
    world.broker.SetPublishFault([id = node.id(), this](const exchange::BusRecord& record) {
      if (exchange::RecordSource(record) != id) return adapters::PublishFault::kNone;
      ++tried;
      return adapters::PublishFault::kClockRefused;
    });
  }
  void SetClockRight() { world.broker.SetPublishFault(nullptr); }

  cv1::OpenCaseRequest OpenRequest() {
    cv1::OpenCaseRequest request;
    request.set_request_id(world.RequestId());
    request.mutable_person()->set_cpr_number("6101900009");
    request.mutable_person()->set_name("Canary Other");
    return request;
  }
  absl::Status Open(Node& node, const cv1::OpenCaseRequest& request) {
    return node.Call<cv1::OpenCaseResponse>("exitbus.casework.v1.CaseService.OpenCase", request)
        .status();
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  int tried = 0;
};

TEST_F(RefusedByBrokerTest, NothingIsSignedThatSaysWhenAndTheSameRequestGoesThroughAfterwards) {
  const std::string case_id = EnrolledCase(world, ishoej);
  const std::string id = Offered(world, ishoej, case_id, odense);
  RefuseStampsOf(odense);
  odense.RenewKey();  // something is to be published
  world.Pass(absl::Seconds(2));
  const cv1::OpenCaseRequest open = OpenRequest();
  EXPECT_EQ(RuleOf(Open(odense, open)), "clock.refused_by_broker");
  hv1::TakeOverCaseRequest take_over;
  take_over.set_request_id(world.RequestId());
  take_over.set_handover_id(id);
  const std::string method = "exitbus.handover.v1.HandoverService.TakeOverCase";
  EXPECT_EQ(RuleOf(odense.CallHandover(method, take_over).status()), "clock.refused_by_broker");
  EXPECT_EQ(GetHandover(odense, id)->stage(), hv1::HANDOVER_STAGE_OFFERED);

  SetClockRight();
  world.Pass(absl::Minutes(2));
  EXPECT_TRUE(Open(odense, open).ok());
  EXPECT_TRUE(odense.CallHandover(method, take_over).ok());
  EXPECT_TRUE(world.Settle());
}

TEST_F(RefusedByBrokerTest, NoOfferIsSigned) {
  const std::string id = Accepted(world, ishoej, EnrolledCase(world, ishoej), odense);
  RefuseStampsOf(ishoej);
  ishoej.RenewKey();
  world.Pass(absl::Seconds(2));
  EXPECT_EQ(RuleOf(Do(world, ishoej, "OfferHandover", id).status()), "clock.refused_by_broker");
  EXPECT_EQ(GetHandover(ishoej, id)->stage(), hv1::HANDOVER_STAGE_ACCEPTED);
}

TEST_F(RefusedByBrokerTest, WhatSignsNoInstantIsDecidedAndWaits) {
  const std::string case_id = EnrolledCase(world, ishoej);
  const std::string id = Offered(world, ishoej, case_id, odense);
  RefuseStampsOf(odense);
  odense.RenewKey();
  world.Pass(absl::Seconds(2));
  EXPECT_TRUE(Do(world, odense, "DeclineOffer", id).ok());
  EXPECT_GT(odense.unreceipted(), 0U);
  SetClockRight();
  world.Pass(absl::Minutes(2));
  EXPECT_EQ(odense.unreceipted(), 0U);
  EXPECT_EQ(GetHandover(ishoej, id)->stage(), hv1::HANDOVER_STAGE_OFFER_DECLINED);
}

TEST_F(RefusedByBrokerTest, ItIsToldOnceTriedRarelyAndNoticedWhenItIsOver) {
  world.Pass(absl::Minutes(1));
  RefuseStampsOf(odense);
  odense.RenewKey();
  world.Pass(absl::Hours(1));
  EXPECT_THAT(odense.telemetry().LinesOf("bus.clock_refused"), SizeIs(1));
  EXPECT_EQ(odense.telemetry().Gauge("clock.refused_by_broker", {}), 1);
  EXPECT_LT(tried, 3 * 80) << "some once a minute";
  EXPECT_GT(tried, 10);
  EXPECT_THAT(odense.telemetry().LinesOf("bus.clock_accepted"), SizeIs(0));
  SetClockRight();
  world.Pass(absl::Minutes(2));
  EXPECT_THAT(odense.telemetry().LinesOf("bus.clock_accepted"), SizeIs(1));
  EXPECT_EQ(odense.telemetry().Gauge("clock.refused_by_broker", {}), 0)
      << "without anything to send but its key";
  EXPECT_TRUE(Open(odense, OpenRequest()).ok());
}

// Ishøj's clock, where Odense's is the world's. In production a service has one clock.
class PeerClockTest : public testing::Test {
 protected:
  PeerClockTest() {
    for (Node* node : {&ishoej, &odense}) {
      exchange::Clock* clock =
          node == &ishoej ? static_cast<exchange::Clock*>(&theirs) : &world.clock;
      node->Crash();
      node->environment().wall_clock = clock;
      node->environment().clock = clock;
      node->Start();
    }
    world.Pass(absl::Seconds(5));
  }

  double Difference(Node& node, const Node& peer) {
    return node.telemetry().Gauge("clock.peer_ahead_seconds", {{"peer", peer.id()}});
  }
  auto Alarms(Node& node) { return node.telemetry().LinesOf("clock.peer_differs"); }

  World world;
  DomainClock theirs{&world.clock};
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
};

TEST_F(PeerClockTest, TheDifferenceIsShownAndWithinWhatIsToleratedNobodyIsAlarmed) {
  EXPECT_NEAR(Difference(odense, ishoej), 0, 2);
  theirs.Skip(absl::Minutes(4));
  ishoej.RenewKey();
  world.Pass(absl::Seconds(5));
  EXPECT_NEAR(Difference(odense, ishoej), 4 * 60, 2);
  EnrolledCase(world, ishoej);
  EXPECT_THAT(Alarms(odense), SizeIs(0));
}

TEST_F(PeerClockTest, AnInstantOfALetterFarFromOursAlarmsWithThePeerOnceAnHour) {
  const std::string case_id = EnrolledCase(world, ishoej);
  theirs.Skip(absl::Minutes(50));
  // Decided by the wrong clock, and sent when it is right again: what the letter says stays wrong.
  world.Mute(ishoej, {"handover"});
  ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok());
  theirs.Skip(-absl::Minutes(50));
  EXPECT_THAT(Alarms(odense), SizeIs(0));
  ASSERT_TRUE(world.Heal());
  const auto lines = Alarms(odense);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].fields[0], (std::pair<std::string, std::string>("peer", ishoej.id())));
  EXPECT_EQ(lines[0].severity, exchange::Severity::kError);
  EXPECT_GE(odense.telemetry().Total("clock.peer_differs"), 1);
}

TEST_F(PeerClockTest, ARecordFarAheadAlarmsAndIsHeardAllTheSame) {
  theirs.Skip(absl::Minutes(50));
  ishoej.RenewKey();
  world.Pass(absl::Seconds(2));
  ishoej.RenewKey();
  world.Pass(absl::Seconds(2));
  EXPECT_THAT(Alarms(odense), SizeIs(1));
  EXPECT_NEAR(Difference(odense, ishoej), 50 * 60, 2);
  const std::string case_id = EnrolledCase(world, ishoej);
  EXPECT_TRUE(Request(world, ishoej, case_id, odense).ok());
  EXPECT_TRUE(world.Settle());
  world.Pass(absl::Hours(2));
  ishoej.RenewKey();
  world.Pass(absl::Seconds(2));
  EXPECT_THAT(Alarms(odense), SizeIs(2));
}

TEST_F(PeerClockTest, WhoIsBehindIsKnownByAnswersThatSeemOlderThanTheirQuestion) {
  theirs.Skip(-absl::Minutes(50));
  world.Pass(absl::Seconds(2));
  EXPECT_THAT(Alarms(odense), SizeIs(0));
  odense.Crash();
  odense.Start();  // and asks
  world.Pass(absl::Seconds(5));
  EXPECT_THAT(Alarms(odense), SizeIs(1));
  EXPECT_NEAR(Difference(odense, ishoej), -50 * 60, 3);
}

TEST_F(PeerClockTest, WhatHasLainForLongSaysNothingOfAClock) {
  odense.Crash();
  const std::string case_id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok());
  world.Pass(absl::Hours(48));
  odense.Start();
  ASSERT_TRUE(world.Settle());
  world.Pass(absl::Seconds(5));
  EXPECT_THAT(Alarms(odense), SizeIs(0));
  EXPECT_NEAR(Difference(odense, ishoej), 0, 2);
}

}  // namespace
}  // namespace exitbus::simulation
