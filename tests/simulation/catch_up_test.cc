// The start: what others have sent is read, the urgent first, and what is not read is named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/police/v1/security_service.pb.h"
#include "tests/simulation/caseworker.h"

namespace exitbus::simulation {
namespace {

TEST(CatchUpTest, UrgentTopicsAreReadBeforeTheOthers) {
  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  Node& vestegnen = world.Police("1469");
  const std::string case_id = EnrolledCase(world, ishoej);
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  const std::string id = Accepted(world, ishoej, case_id, odense);
  ishoej.Crash();
  // To Ishøj come an assessment's precautions, and, before them, letters of all other kinds.
  ASSERT_TRUE(Do(world, odense, "RejectHandover", id).ok());
  police::v1::DeliverAssessmentRequest request;
  request.set_request_id(world.RequestId());
  request.set_security_id(OnlyFile(vestegnen)->security_id());
  request.mutable_assessment()->set_threat_level(casework::v1::THREAT_LEVEL_HIGH);
  request.mutable_assessment()->set_conclusions("conclusions");
  request.mutable_assessment()->add_precautions("meet in pairs");
  ASSERT_TRUE(vestegnen
                  .Call<police::v1::DeliverAssessmentResponse>(
                      "exitbus.police.v1.SecurityService.DeliverAssessment", request)
                  .ok());
  world.Pass(absl::Minutes(1));
  ishoej.telemetry().Clear();
  ishoej.Start();
  ASSERT_TRUE(world.Settle());
  std::vector<std::string> exchanges;
  for (const exchange::Hop& hop : ishoej.telemetry().hops()) {
    if (hop.hop == "applied") exchanges.push_back(hop.exchange);
  }
  ASSERT_GE(exchanges.size(), 3U);
  EXPECT_EQ(exchanges.front(), "EXCHANGE_SECURITY") << testing::PrintToString(exchanges);
}

TEST(CatchUpTest, WhatIsNotReadYetIsNamed) {
  World world;
  Node& ishoej = world.Municipality("0183");
  world.Pass(absl::Seconds(5));
  ishoej.Crash();
  ishoej.Start();
  EXPECT_EQ(ishoej.engine().unread(), "all");
  std::string unread;
  world.executor.RunUntil([&] { return (unread = ishoej.engine().unread()) != "all"; },
                          absl::Seconds(1));
  EXPECT_THAT(unread, testing::HasSubstr("exitbus.v1.handover.municipality.0183"));
  ishoej.Serve();
  EXPECT_EQ(ishoej.engine().unread(), "");
}

}  // namespace
}  // namespace exitbus::simulation
