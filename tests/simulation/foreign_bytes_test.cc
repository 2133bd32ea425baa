// Whatever bytes come from outside, in headers, letters and metadata: they are refused or kept as
// bytes, the process goes on, and it starts again on what it stored.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/exchange/v1/letter.pb.h"
#include "services/exchange/sealing.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace ev1 = exchange::v1;
namespace pv1 = policy::v1;

class ForeignBytesTest : public testing::Test {
 protected:
  ForeignBytesTest() {
    case_id = EnrolledCase(world, ishoej);
    handover_id = Request(world, ishoej, case_id, odense)->handover_id();
    EXPECT_TRUE(world.Settle());
  }

  void Restart(Node& node) {
    node.Crash();
    node.Start();
    node.Serve();
  }

  // All that was there goes on, and the next letter arrives.
  void ExpectGoesOn() {
    Restart(odense);
    EXPECT_TRUE(GetHandover(odense, handover_id).ok());
    ASSERT_TRUE(Do(world, ishoej, "RecallHandover", handover_id).ok());
    ASSERT_TRUE(world.Settle());
    EXPECT_EQ(GetHandover(odense, handover_id)->stage(), handover::v1::HANDOVER_STAGE_RECALLED);
    EXPECT_EQ(odense.telemetry().Total("store.unreadable"), 0);
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  std::string case_id;
  std::string handover_id;
};

TEST_F(ForeignBytesTest, EveryHeaderMayHoldEveryByte) {
  const exchange::BusRecord good = odense.Received(pv1::CHANNEL_HANDOVER).front();
  int records = 0;
  for (std::size_t header = 0; header < good.headers.size(); ++header) {
    for (int byte = 0; byte < 256; ++byte) {
      if (byte >= ' ' && byte <= '~') continue;
      exchange::BusRecord bad = good;
      (byte % 2 == 0 ? bad.headers[header].second : bad.headers[header].first) +=
          static_cast<char>(byte);
      world.broker.Append(bad);
      bad = good;
      bad.headers[header].second.insert(0, 1, static_cast<char>(byte));
      world.broker.Append(bad);
      records += 2;
    }
  }
  exchange::BusRecord doubled = good;
  doubled.headers.push_back(good.headers[1]);
  exchange::BusRecord endless = good;
  endless.headers[1].second.assign(100'000, 'x');
  exchange::BusRecord many = good;
  for (int i = 0; i < 1000; ++i) many.headers.emplace_back("x" + std::to_string(i), "");
  exchange::BusRecord last = good;
  last.headers[1].second = "\xff\xfe";
  for (const exchange::BusRecord& record : {doubled, endless, many, last}) {
    world.broker.Append(record);
  }
  world.Pass(absl::Minutes(1));
  EXPECT_EQ(odense.telemetry().Total("dead_letters", {{"reason", "bad_headers"}}), records + 4);
  ExpectGoesOn();
}

// Signed by one who may write here, and about a channel, kind or subject that there is none of.
TEST_F(ForeignBytesTest, ALinkMayNameAnything) {
  int sent = 0;
  for (const int channel : {0, 9, 999, -1, 2147483647}) {
    ev1::Link link;
    link.set_sender(ishoej.id());
    link.set_recipient(odense.id());
    link.set_channel(static_cast<pv1::Channel>(channel));
    link.set_subject("subject");
    link.set_number(1);
    ev1::Packet packet;
    packet.mutable_letter()->set_link(link.SerializeAsString());
    world.broker.Append(exchange::SealRecord(
        ishoej.environment(), *world.directory.Find(odense.id()), pv1::CHANNEL_HANDOVER, packet));
    ++sent;
  }
  world.Pass(absl::Minutes(1));
  EXPECT_EQ(odense.telemetry().Total("dead_letters", {{"reason", "misaddressed"}}), sent);
  ExpectGoesOn();
}

TEST_F(ForeignBytesTest, AnEmployeesNameIsUtf8OrRefusedWithARemedy) {
  cv1::GetCaseRequest get;
  get.set_case_id(case_id);
  cv1::RequestBreakGlassRequest ask;
  ask.set_case_id(case_id);
  ask.set_reason("asylum");
  ask.set_minutes(30);
  const exchange::Caller before = ishoej.caller();
  const auto refused = [&](const std::string& employee, const std::string& purpose) {
    ishoej.caller().employee = employee;
    ishoej.caller().purpose = purpose;
    ask.set_request_id(world.RequestId());
    world.Pass(absl::Seconds(2));  // who is refused without end is turned away
    for (int i = 0; i < 2; ++i) {
      ishoej.caller().function = before.function;
      EXPECT_EQ(ishoej.Ask("exitbus.casework.v1.CaseService.GetCase", get).refusal.reason,
                "caller.bad_metadata");
      ishoej.caller().function = "jobcentre";
      EXPECT_EQ(ishoej.Ask("exitbus.casework.v1.CaseService.RequestBreakGlass", ask).refusal.reason,
                "caller.bad_metadata");
    }
  };
  for (int byte = 0x80; byte <= 0xff; ++byte) {
    refused(std::string("S") + static_cast<char>(byte) + "rensen", "exit support");
    refused("employee-1", std::string("exit ") + static_cast<char>(byte));
  }
  refused("S\xf8rensen", "exit support");
  refused(std::string(12'000, 'x'), "exit support");
  refused("  ", "exit support");
  refused("\u200b", "exit support");
  refused("employee\n1", "exit support");
  refused("employee-1", "\u00a0");
  ishoej.caller() = before;
  ishoej.caller().employee = "Sørensen";
  EXPECT_TRUE(
      ishoej.Call<cv1::GetCaseResponse>("exitbus.casework.v1.CaseService.GetCase", get).ok());
  Restart(ishoej);
  EXPECT_TRUE(GetCase(ishoej, case_id).ok());
}

}  // namespace
}  // namespace exitbus::simulation
