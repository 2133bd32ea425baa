// Which referrals wait for whom.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "exitbus/referral/v1/received_referral_service.pb.h"
#include "exitbus/referral/v1/referral_service.pb.h"
#include "tools/exitctl/fake_client.h"
#include "tools/exitctl/inbox.h"

namespace exitbus::exitctl {
namespace {

namespace rv1 = referral::v1;
using testing::HasSubstr;
using testing::Not;

constexpr int kKindsBefore = 11;  // that are looked for before

template <class Response>
FakeClient::Reply Told(const std::string& id, bool waits, bool overdue) {
  auto message = std::make_unique<Response>();
  message->mutable_referral()->set_referral_id(id);
  if (waits) message->mutable_referral()->mutable_due()->set_seconds(3600);
  message->mutable_referral()->set_overdue(overdue);
  return message;
}

template <class Response>
FakeClient::Reply CaughtUp() {
  auto message = std::make_unique<Response>();
  message->set_marker(watch::v1::MARKER_CAUGHT_UP);
  return message;
}

// Whoever referred waits, and looks after it once it is late.
TEST(ReferralInboxTest, WaitsForTheMunicipalityAndOnceItIsLateForItsSender) {
  using Received = rv1::WatchReceivedReferralsResponse;
  using Sent = rv1::WatchSentReferralsResponse;
  std::vector<FakeClient::Stream> streams;
  for (int i = 0; i < kKindsBefore; ++i) {
    streams.push_back(StreamOf(Refused(absl::StatusCode::kUnimplemented, "api.unknown_method")));
  }
  streams.push_back(StreamOf(Told<Received>("to-answer", true, false),
                             Told<Received>("over", false, false), CaughtUp<Received>()));
  streams.push_back(StreamOf(Told<Sent>("late-one", true, true), Told<Sent>("in-time", true, false),
                             CaughtUp<Sent>()));
  for (int i = 0; i < 2; ++i) {
    streams.push_back(StreamOf(Refused(absl::StatusCode::kUnimplemented, "api.unknown_method")));
  }
  FakeClient client(std::move(streams));
  std::istringstream in;
  std::ostringstream out, err;
  EXPECT_EQ(PrintInbox(client, Profile(), Form::kText, {in, out, err}), kDone);
  EXPECT_THAT(out.str(), HasSubstr("to-answer"));
  EXPECT_THAT(out.str(), HasSubstr("late-one"));
  EXPECT_THAT(out.str(), Not(HasSubstr("\nover")));
  EXPECT_THAT(out.str(), Not(HasSubstr("in-time")));
}

}  // namespace
}  // namespace exitbus::exitctl
