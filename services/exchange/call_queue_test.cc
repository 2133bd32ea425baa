#include "services/exchange/call_queue.h"

#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <utility>

namespace exitbus::exchange {
namespace {

constexpr std::size_t kRoom = 1000;

class CallQueueTest : public testing::Test {
 protected:
  void Push(const std::string& system, const std::string& method = "") {
    queue.Push(Named(system, method));
  }
  static Call Named(const std::string& system, const std::string& method) {
    Call call;
    call.caller.system = system;
    call.method = method;
    return call;
  }
  // Whose call is next, and has cost so much then. "": none that fits.
  std::string Next(std::size_t cost, std::size_t room = kRoom) {
    const auto call = queue.Pop(room);
    if (!call) return "";
    queue.Charge(cost);
    return call->caller.system + call->method;
  }

  CallQueue queue;
};

TEST_F(CallQueueTest, EachSystemsCallsStayInTheirOrder) {
  EXPECT_EQ(Next(1), "");
  for (const char* method : {"1", "2", "3"}) Push("a", method);
  EXPECT_EQ(Next(1), "a1");
  std::vector<Call> again;
  again.push_back(Named("a", "0"));
  again.push_back(Named("a", "1"));
  again.push_back(Named("b", "1"));
  queue.PutBack(std::move(again));
  EXPECT_EQ(queue.size(), 5U);
  std::string order;
  while (!queue.empty()) order += Next(1) + " ";
  EXPECT_EQ(order, "b1 a0 a1 a2 a3 ");
}

TEST_F(CallQueueTest, WhoAsksForLittleIsFirst) {
  for (int i = 0; i < 10; ++i) Push("much");
  EXPECT_EQ(Next(500), "much");
  for (int i = 0; i < 10; ++i) Push("little");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Next(100), "little");
  EXPECT_EQ(Next(100), "little") << "as much as the other, and first by name";
  EXPECT_EQ(Next(500), "much");
}

// Its line is empty whenever another's turn could come.
TEST_F(CallQueueTest, WhoAlwaysComesAgainTakesNobodysTurn) {
  Push("patient");
  int before = 0;
  for (Push("hasty"); Next(10) == "hasty"; ++before) {
    ASSERT_LT(before, 100);
    Push("hasty");
  }
  EXPECT_LE(before, 1);
}

TEST_F(CallQueueTest, NobodyGetsBackTheTurnsHeDidNotAskFor) {
  for (int i = 0; i < 20; ++i) Push("old");
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Next(100), "old");
  for (int i = 0; i < 10; ++i) Push("young");
  EXPECT_EQ(Next(100), "young");
  EXPECT_EQ(Next(100), "old");
  EXPECT_EQ(Next(100), "young");
}

TEST_F(CallQueueTest, WhatNobodyWaitsForIsDropped) {
  bool waits = true;
  for (int i = 0; i < 3; ++i) {
    Call call = Named("a", "left");
    call.abandoned = [&] { return !waits; };
    queue.Push(std::move(call));
  }
  EXPECT_EQ(Next(1), "aleft");
  Push("a", "kept");
  waits = false;
  EXPECT_EQ(Next(1), "akept");
  EXPECT_TRUE(queue.empty());
}

TEST_F(CallQueueTest, WhatWillCostTooMuchWaitsForTheNextBatch) {
  Push("much");
  Push("much");
  EXPECT_EQ(Next(1200), "much");
  Push("little");
  EXPECT_EQ(Next(50), "little");
  EXPECT_EQ(Next(1200, kRoom - 50), "");
  EXPECT_EQ(Next(1200, 1200), "much");
}

}  // namespace
}  // namespace exitbus::exchange
