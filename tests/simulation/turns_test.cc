// Who asks, or sends, without end keeps others waiting for one turn of his, not for all of them.
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_format.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "tests/simulation/caseworker.h"
#include "tests/simulation/forgery.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace ev1 = exchange::v1;
namespace pv1 = policy::v1;
using exchange::Table;

constexpr char kOpenCase[] = "exitbus.casework.v1.CaseService.OpenCase";
constexpr char kListCases[] = "exitbus.casework.v1.CaseService.ListCases";
constexpr char kOrdinary[] = "exitbus.v1.handover.municipality.0183";
constexpr char kUrgent[] = "exitbus.v1.security.municipality.0183";
constexpr absl::Duration kLimit = absl::Minutes(1);
constexpr int kMany = 300;

class TurnsTest : public testing::Test {
 protected:
  void OpenCases(int count) {
    for (int i = 0; i < count; ++i) {
      cv1::OpenCaseRequest request;
      request.set_request_id(world.RequestId());
      request.mutable_person()->set_cpr_number(absl::StrFormat("61019%05d", i));
      request.mutable_person()->set_name("Canary Name");
      ASSERT_TRUE(node.Call<cv1::OpenCaseResponse>(kOpenCase, request).ok());
    }
  }
  // Not waited for.
  void List(const std::string& system, std::uint32_t page_size = 200) {
    auto request = std::make_unique<cv1::ListCasesRequest>();
    request->set_page_size(page_size);
    exchange::Call call;
    call.method = kListCases;
    call.caller = node.caller();
    call.caller.system = system;
    call.request = std::move(request);
    call.done = [this, system](const exchange::Answer& answer) {
      EXPECT_NE(answer.reply, nullptr) << answer.refusal.reason;
      ++answered[system];
    };
    node.engine().Handle(std::move(call));
  }
  // Until so many lists of this system are answered.
  bool Runs(const std::string& system, int lists) {
    return world.executor.RunUntil([&] { return answered[system] >= lists; }, kLimit);
  }
  std::size_t RowsIn(Table table) { return node.store().rows(table).size(); }
  int DeadLettersIn(const std::string& topic) {
    int count = 0;
    for (const auto& [key, value] : node.store().rows(Table::kDeadLetters)) {
      store::v1::DeadLetter row;
      EXPECT_TRUE(row.ParseFromString(value));
      count += row.topic() == topic ? 1 : 0;
    }
    return count;
  }
  void AppendRubbish(const std::string& topic, int count) {
    for (int i = 0; i < count; ++i) world.broker.Append({topic, {}, "rubbish", {}, -1});
  }

  World world;
  Node& node = world.Municipality("0183");
  std::map<std::string, int> answered;
};

TEST_F(TurnsTest, MoreThanTheQueueHoldsAreRefusedAtOnceAndTheRestAnswered) {
  node.Crash();
  node.environment().settings.queue_length_max = 2;
  node.Start();
  node.Serve();
  List("colleague");
  List("colleague");
  std::string rule;
  exchange::Call third;
  third.method = kListCases;
  third.caller = node.caller();
  third.request = std::make_unique<cv1::ListCasesRequest>();
  third.done = [&](const exchange::Answer& answer) { rule = answer.refusal.reason; };
  node.engine().Handle(std::move(third));
  EXPECT_EQ(rule, "service.queue_full");
  EXPECT_TRUE(Runs("colleague", 2));
  List("colleague");
  EXPECT_TRUE(Runs("colleague", 3)) << "there is room again";
}

TEST_F(TurnsTest, OneSystemsCallsWaitForOneOfEachOther) {
  OpenCases(20);
  for (int i = 0; i < kMany; ++i) List("flood");
  List("colleague");
  List("another");
  ASSERT_TRUE(Runs("colleague", 1));
  EXPECT_EQ(answered["another"], 1);
  EXPECT_LT(answered["flood"], 20);
  ASSERT_TRUE(Runs("flood", kMany)) << "and they get all of theirs";
}

TEST_F(TurnsTest, ALongListIsABatchOfItsOwn) {
  OpenCases(200);
  for (int i = 0; i < kMany; ++i) List("flood");
  ASSERT_TRUE(Runs("flood", 1));
  EXPECT_EQ(answered["flood"], 1);
  for (int i = 0; i < 3; ++i) {
    List("colleague", 5);
    List("another", 5);
    ASSERT_TRUE(Runs("colleague", i + 1));
    EXPECT_EQ(answered["another"], i + 1);
    EXPECT_EQ(answered["flood"], i + 1) << "who asks for little is first, and answered at once";
    ASSERT_TRUE(Runs("flood", i + 2));
  }
}

TEST_F(TurnsTest, ACallWaitsForFewOfTheLettersThatCameTogether) {
  Node& odense = world.Municipality("0461");
  OpenCases(1);
  ASSERT_TRUE(world.Settle());
  const std::size_t before = RowsIn(Table::kInbox);
  constexpr int kRecords = 20;
  constexpr int kLetters = 32;
  for (int i = 0; i < kRecords; ++i) {
    std::vector<Forgery> forgeries;
    for (int j = 0; j < kLetters; ++j) {
      ev1::Body body;
      const std::string subject = absl::StrFormat("subject-%d-%d", i, j);
      body.mutable_handover_requested()->set_reason(hv1::HANDOVER_REASON_RELOCATION);
      body.mutable_handover_requested()->set_contact_id("contact-of-" + subject);
      forgeries.push_back({odense, node, pv1::CHANNEL_HANDOVER, subject, body});
    }
    world.broker.Append(Record(forgeries));
  }
  const auto applied = [&] { return RowsIn(Table::kInbox) - before; };
  ASSERT_TRUE(world.executor.RunUntil([&] { return applied() > 0; }, kLimit));
  List("colleague");
  ASSERT_TRUE(Runs("colleague", 1));
  EXPECT_LE(applied(), 4 * kLetters);
  ASSERT_TRUE(world.executor.RunUntil([&] { return applied() == kRecords * kLetters; }, kLimit));
}

TEST_F(TurnsTest, WhatIsUrgentWaitsForNoneOfTheOrdinaryThatCameBefore) {
  ASSERT_TRUE(world.Settle());
  AppendRubbish(kOrdinary, kMany);
  ASSERT_TRUE(world.executor.RunUntil([&] { return DeadLettersIn(kOrdinary) > 0; }, kLimit));
  const int before = DeadLettersIn(kOrdinary);
  AppendRubbish(kUrgent, 1);
  ASSERT_TRUE(world.executor.RunUntil([&] { return DeadLettersIn(kUrgent) > 0; }, kLimit));
  EXPECT_LE(DeadLettersIn(kOrdinary) - before, 64);
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(DeadLettersIn(kOrdinary), kMany);
}

TEST_F(TurnsTest, NeitherLaneWaitsForAllOfTheOther) {
  ASSERT_TRUE(world.Settle());
  AppendRubbish(kUrgent, kMany);
  ASSERT_TRUE(world.executor.RunUntil([&] { return DeadLettersIn(kUrgent) > 0; }, kLimit));
  const int before = DeadLettersIn(kUrgent);
  AppendRubbish(kOrdinary, 1);
  ASSERT_TRUE(world.executor.RunUntil([&] { return DeadLettersIn(kOrdinary) > 0; }, kLimit));
  EXPECT_LE(DeadLettersIn(kUrgent) - before, 64);
}

}  // namespace
}  // namespace exitbus::simulation
