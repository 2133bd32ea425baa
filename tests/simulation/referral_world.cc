#include "tests/simulation/referral_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/case_service.pb.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace rv1 = referral::v1;

constexpr char kSending[] = "exitbus.referral.v1.ReferralService.";
constexpr char kReceiving[] = "exitbus.referral.v1.ReceivedReferralService.";

}  // namespace

rv1::ReferCitizenRequest ReferralWorld::Of(const std::string& cpr_number, const Node& to) {
  rv1::ReferCitizenRequest request;
  request.set_municipality(to.id());
  rv1::Referral& referral = *request.mutable_referral();
  referral.mutable_person()->set_cpr_number(cpr_number);
  referral.mutable_person()->set_name("Canary Name");
  referral.mutable_reach()->set_way(cv1::CONTACT_WAY_PHONE);
  referral.mutable_reach()->set_details("Canary Street");
  referral.set_urgency(rv1::REFERRAL_URGENCY_ORDINARY);
  referral.mutable_basis()->mutable_agreed()->set_seconds(1'600'000'000);
  return request;
}

absl::StatusOr<std::string> ReferralWorld::Refer(Node& sender, rv1::ReferCitizenRequest request) {
  request.set_request_id(world.RequestId());
  const auto sent =
      Insist<rv1::ReferCitizenResponse>(sender, absl::StrCat(kSending, "ReferCitizen"), request);
  if (!sent.ok()) return sent.status();
  return sent->referral().referral_id();
}
absl::StatusOr<std::string> ReferralWorld::Refer(Node& sender) {
  return Refer(sender, Of(kReferred, ishoej));
}

absl::Status ReferralWorld::TakeBack(Node& sender, const std::string& referral_id) {
  rv1::WithdrawReferralRequest request;
  request.set_request_id(world.RequestId());
  request.set_referral_id(referral_id);
  return Insist<rv1::WithdrawReferralResponse>(sender, absl::StrCat(kSending, "WithdrawReferral"),
                                               request)
      .status();
}

absl::Status ReferralWorld::Return(const std::string& referral_id, rv1::ReturnGround ground) {
  rv1::ReturnReferralRequest request;
  request.set_request_id(world.RequestId());
  request.set_referral_id(referral_id);
  request.set_ground(ground);
  return Insist<rv1::ReturnReferralResponse>(ishoej, absl::StrCat(kReceiving, "ReturnReferral"),
                                             request)
      .status();
}

absl::StatusOr<std::string> ReferralWorld::Open(const std::string& referral_id) {
  cv1::OpenCaseRequest request;
  request.set_request_id(world.RequestId());
  request.set_referral_id(referral_id);
  const auto opened =
      Insist<cv1::OpenCaseResponse>(ishoej, "exitbus.casework.v1.CaseService.OpenCase", request);
  if (!opened.ok()) return opened.status();
  return opened->case_().case_id();
}

rv1::SentReferral ReferralWorld::SentBy(Node& sender, const std::string& referral_id) {
  rv1::GetSentReferralRequest request;
  request.set_referral_id(referral_id);
  const auto got = Insist<rv1::GetSentReferralResponse>(
      sender, absl::StrCat(kSending, "GetSentReferral"), request);
  EXPECT_TRUE(got.ok()) << got.status();
  return got.ok() ? got->referral() : rv1::SentReferral();
}

std::vector<rv1::ReceivedReferral> ReferralWorld::Received(bool open_only) {
  rv1::ListReceivedReferralsRequest request;
  request.set_open_only(open_only);
  const auto listed = Insist<rv1::ListReceivedReferralsResponse>(
      ishoej, absl::StrCat(kReceiving, "ListReceivedReferrals"), request);
  EXPECT_TRUE(listed.ok()) << listed.status();
  if (!listed.ok()) return {};
  return {listed->referrals().begin(), listed->referrals().end()};
}

void ReferralWorld::GoesOn() {
  EXPECT_TRUE(world.Settle());
  // A process that dies of what is due by then does it after its start.
  for (int i = 0; i < 2; ++i) {
    world.Pass(absl::Seconds(2));
    EXPECT_TRUE(world.Settle());
  }
}

void ReferralWorld::ExpectAgreed(Node& sender, const std::string& referral_id) {
  const rv1::SentReferral sent = SentBy(sender, referral_id);
  const auto received = Received();
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(rv1::ReferralStage_Name(sent.stage()),
            rv1::ReferralStage_Name(received.front().stage()));
  EXPECT_EQ(rv1::ReferralOutcome_Name(sent.outcome()),
            rv1::ReferralOutcome_Name(received.front().outcome()));
  EXPECT_GE(sent.stage(), rv1::REFERRAL_STAGE_ANSWERED);
  EXPECT_THAT(PlantedAt(sender), testing::IsEmpty());
  EXPECT_THAT(UnitsOf(sender), testing::IsEmpty());
  const bool opened = sent.outcome() == rv1::REFERRAL_OUTCOME_OPENED;
  EXPECT_EQ(UnitsOf(ishoej).size(), opened ? 1U : 0U) << "its own scope is gone, the case's stays";
  if (opened) return;
  EXPECT_THAT(PlantedAt(ishoej), testing::IsEmpty());
}

}  // namespace exitbus::simulation
