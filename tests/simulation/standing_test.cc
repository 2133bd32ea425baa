// What an authority tells the console of itself: how it stands, its hops, always at one beat;
// sealed to the console, signed, and without a counterpart, a case or a person in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "exitbus/operations/v1/trace.pb.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/sealing.h"
#include "services/exchange/trace_beat.h"
#include "services/exchange/tracer.h"
#include "services/policy/topics.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace ov1 = operations::v1;
namespace pv1 = policy::v1;

class StandingTest : public testing::Test {
 protected:
  StandingTest() {
    ishoej.Crash();
    tracer_ =
        std::make_unique<exchange::Tracer>(&ishoej.telemetry(), ishoej.environment().wall_clock);
    ishoej.environment().tracer = tracer_.get();
    ishoej.environment().telemetry = tracer_.get();
    ishoej.environment().settings.console_key = console_.public_key;
    ishoej.environment().settings.version = "0.2.0";
    ishoej.Start();
    EXPECT_TRUE(world.Settle());
  }
  ~StandingTest() override { ishoej.Crash(); }

  std::vector<exchange::BusRecord> Records() {
    return world.broker.Records(policy::TraceTopic(pv1::AUTHORITY_KIND_MUNICIPALITY, "0183"));
  }
  ov1::TraceRecord Opened(const exchange::BusRecord& record) {
    exchange::Environment environment = ishoej.environment();
    environment.self = "console";
    environment.secrets.sealing = {{console_, absl::UnixEpoch()}};
    const auto told = exchange::OpenTrace(environment, record);
    EXPECT_TRUE(told.ok()) << told.status();
    return told.value_or(ov1::TraceRecord());
  }
  // The newest, once six seconds have passed.
  ov1::Standing Standing() {
    world.Pass(absl::Seconds(6));
    const auto records = Records();
    for (auto record = records.rbegin(); record != records.rend(); ++record) {
      const ov1::TraceRecord told = Opened(*record);
      if (told.has_standing()) return told.standing();
    }
    ADD_FAILURE() << "none was told";
    return {};
  }
  static ov1::ChannelStanding On(pv1::Channel channel, const ov1::Standing& standing) {
    for (const auto& one : standing.channels()) {
      if (one.channel() == channel) return one;
    }
    return {};
  }
  ov1::ChannelStanding Handovers() { return On(pv1::CHANNEL_HANDOVER, Standing()); }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  const exchange::KeyPair console_ = ishoej.environment().crypto->NewSealingKey();
  std::unique_ptr<exchange::Tracer> tracer_;
};

TEST_F(StandingTest, WhatIsUnreceiptedIsToldWithItsAgeAndGoesWhenItIsReceipted) {
  const std::string case_id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Handovers().unreceipted().count(), 0U);
  odense.Crash();
  const absl::Time asked = ishoej.environment().wall_clock->Now();
  ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok());
  const ov1::Tally waiting = Handovers().unreceipted();
  EXPECT_GT(waiting.count(), 0U);
  EXPECT_EQ(waiting.count(), ishoej.unreceipted());
  const absl::Time since = exchange::FromProto(waiting.oldest());
  EXPECT_GE(since, asked);
  EXPECT_LE(since - asked, absl::Seconds(2));
  world.Pass(absl::Minutes(3));  // probes do not make it younger
  EXPECT_EQ(exchange::FromProto(Handovers().unreceipted().oldest()), since);
  odense.Start();
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Handovers().unreceipted().count(), 0U);
}

TEST_F(StandingTest, WhatMayNotLeaveIsHeldAndWhatLeavesLaterIsDelayed) {
  world.Nec();
  const std::string case_id = EnrolledCase(world, ishoej);
  world.Pass(absl::Milliseconds(100));
  const ov1::ChannelStanding to_nec = On(pv1::CHANNEL_NEC, Standing());
  EXPECT_GT(to_nec.delayed().count(), 0U) << "letters to NEC leave after a random delay";
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(On(pv1::CHANNEL_NEC, Standing()).delayed().count(), 0U);
  odense.Crash();
  ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok());
  EXPECT_EQ(Handovers().held().count(), 0U);
  odense.SetStatus(directory::v1::AUTHORITY_STATUS_SUSPENDED);
  const ov1::ChannelStanding held = Handovers();
  EXPECT_GT(held.held().count(), 0U);
  EXPECT_EQ(held.held().count(), ishoej.unreceipted());
  EXPECT_EQ(held.unreceipted().count(), 0U);
}

TEST_F(StandingTest, TheBeatIsTheSameWhateverHappens) {
  const auto counted = [&](absl::Duration time, const std::function<void()>& act) {
    const std::size_t before = Records().size();
    act();
    world.Pass(time);
    return Records().size() - before;
  };
  const std::string case_id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(world.Settle());
  const absl::Time begun = ishoej.environment().wall_clock->Now();
  const std::size_t idle = counted(absl::Seconds(10), [] {});
  EXPECT_NEAR(static_cast<double>(idle), 20, 1);
  const std::size_t busy = counted(
      absl::Seconds(10), [&] { ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok()); });
  const absl::Duration took = ishoej.environment().wall_clock->Now() - begun;
  EXPECT_NEAR(static_cast<double>(idle + busy),
              absl::FDivDuration(took, exchange::TraceBeat::kEvery), 1);
  // One size, unless there is more than fits.
  std::set<std::size_t> sizes;
  for (const auto& record : Records()) {
    if (record.timestamp > begun) sizes.insert(record.payload.size() / 64);
  }
  EXPECT_LE(sizes.size(), 2U) << "of a record with a standing, and of one without";
}

TEST_F(StandingTest, HopsAreToldAndNoPeerCaseOrPersonIs) {
  const std::string case_id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(world.Settle());
  const std::size_t before = Records().size();
  ASSERT_TRUE(Request(world, ishoej, case_id, odense).ok());
  ASSERT_TRUE(world.Settle());
  world.Pass(absl::Seconds(2));
  std::map<std::string, std::vector<int>> hops;
  const auto records = Records();
  for (std::size_t i = before; i < records.size(); ++i) {
    const ov1::TraceRecord told = Opened(records[i]);
    for (const auto& hop : told.hops()) {
      if (hop.channel() == pv1::CHANNEL_HANDOVER) hops[hop.hop_id()].push_back(hop.kind());
    }
    const std::string text = told.SerializeAsString();
    for (const std::string& secret : {odense.id(), case_id}) {
      EXPECT_FALSE(absl::StrContains(text, secret)) << secret;
    }
  }
  int whole = 0;
  for (const auto& [id, kinds] : hops) {
    whole += kinds ==
             std::vector<int>{ov1::HOP_KIND_CREATED, ov1::HOP_KIND_SENT, ov1::HOP_KIND_RECEIPTED};
  }
  EXPECT_GE(whole, 1);
}

TEST_F(StandingTest, ARecordThatCannotBeUsedIsToldByItsClass) {
  exchange::BusRecord nonsense;
  nonsense.topic =
      policy::TopicName(pv1::CHANNEL_HANDOVER, pv1::AUTHORITY_KIND_MUNICIPALITY, "0183");
  nonsense.payload = "nonsense";
  nonsense.timestamp = ishoej.environment().wall_clock->Now();
  world.broker.Append(nonsense);
  const ov1::ChannelStanding standing = Handovers();
  ASSERT_EQ(standing.dead_size(), 1);
  EXPECT_EQ(standing.dead(0).failure_class(), "sender_not_in_directory");
  EXPECT_EQ(standing.dead(0).letters().count(), 1U);
  EXPECT_GT(standing.next_offset(), 0);
}

TEST_F(StandingTest, WhatIsToldFirstIsNotFromBeforeTheBrokerWasReached) {
  ishoej.Crash();
  world.broker.Stop();
  const std::size_t before = Records().size();
  ishoej.Start();
  world.Pass(absl::Seconds(20));
  world.broker.Start();
  world.Pass(absl::Seconds(2));
  const auto records = Records();
  ASSERT_GT(records.size(), before);
  const ov1::TraceRecord first = Opened(records[before]);
  EXPECT_EQ(first.number(), 1U);
  EXPECT_TRUE(first.standing().broker_reached());
}

TEST_F(StandingTest, WithoutAConsoleNothingIsTold) {
  ishoej.Crash();
  ishoej.environment().settings.console_key.clear();
  const std::size_t before = Records().size();
  ishoej.Start();
  world.Pass(absl::Seconds(10));
  EXPECT_EQ(Records().size(), before);
}

TEST_F(StandingTest, ABrokerThatTakesNoTraceIsSaidOnceAndWhenItDoesAgain) {
  const auto lines = [&](const char* event) { return ishoej.telemetry().LinesOf(event).size(); };
  world.broker.SetPublishFault([](const exchange::BusRecord& record) {
    return absl::StartsWith(record.topic, "exitbus.v1.trace.") ? adapters::PublishFault::kDenied
                                                               : adapters::PublishFault::kNone;
  });
  world.Pass(absl::Seconds(10));
  EXPECT_EQ(lines("trace.not_told"), 1U);
  world.broker.SetPublishFault(nullptr);
  world.Pass(absl::Seconds(10));
  EXPECT_EQ(lines("trace.not_told"), 1U);
  EXPECT_EQ(lines("trace.told"), 1U);
}

}  // namespace
}  // namespace exitbus::simulation
