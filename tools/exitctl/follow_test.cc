#include "tools/exitctl/follow.h"

#include <gmock/gmock.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/police/v1/hosted_stay_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/police/v1/stay_service.pb.h"
#include "exitbus/relocation/v1/relocation_service.pb.h"
#include "grpcpp/support/status.h"
#include "services/exchange/ports/api.h"
#include "tools/exitctl/fake_client.h"
#include "tools/exitctl/inbox.h"
#include "tools/exitctl/methods.h"

namespace exitbus::exitctl {
namespace {

namespace cv1 = casework::v1;
namespace hv1 = handover::v1;
namespace rlv1 = relocation::v1;
using testing::ElementsAre;
using testing::HasSubstr;

FakeClient::Reply CaseTold(const std::string& id, const std::string& token) {
  auto message = std::make_unique<cv1::WatchCasesResponse>();
  message->mutable_case_()->set_case_id(id);
  message->set_token(token);
  return message;
}

hv1::Handover Waiting(const std::string& id, hv1::Side whom, int due, bool escalated = false) {
  hv1::Handover handover;
  handover.set_handover_id(id);
  handover.set_side(hv1::SIDE_RECEIVER);
  handover.set_waiting_for(whom);
  handover.mutable_due()->set_seconds(due);
  handover.set_escalated(escalated);
  return handover;
}

FakeClient::Reply HandoverTold(const hv1::Handover& handover) {
  auto message = std::make_unique<hv1::WatchHandoversResponse>();
  *message->mutable_handover() = handover;
  return message;
}

FakeClient::Reply RelocationTold(const std::string& id, bool ours) {
  auto message = std::make_unique<rlv1::WatchRelocationsResponse>();
  message->mutable_relocation()->set_relocation_id(id);
  message->mutable_relocation()->set_waits_for_us(ours);
  message->mutable_relocation()->mutable_due()->set_seconds(1);
  return message;
}

template <class Response = hv1::WatchHandoversResponse>
FakeClient::Reply CaughtUp() {
  auto message = std::make_unique<Response>();
  message->set_marker(watch::v1::MARKER_CAUGHT_UP);
  return message;
}

FakeClient::Reply Refused(absl::StatusCode code, const std::string& rule) {
  return adapters::FromGrpcStatus(adapters::ToGrpcStatus({code, rule, "no more", {}}));
}

template <class... Replies>
FakeClient::Stream StreamOf(Replies... replies) {
  FakeClient::Stream stream;
  (stream.push_back(std::move(replies)), ...);
  return stream;
}

// Another kind of authority has such things.
FakeClient::Stream NotServed() {
  return StreamOf(Refused(absl::StatusCode::kUnimplemented, "api.unknown_method"));
}

template <class... Streams>
FakeClient ClientOf(Streams... streams) {
  std::vector<FakeClient::Stream> all;
  (all.push_back(std::move(streams)), ...);
  return FakeClient(std::move(all));
}

class FollowTest : public testing::Test {
 protected:
  int Print(FakeClient& client, Form form = Form::kText) {
    return PrintChanges(client, MethodNamed("exitbus.casework.v1.CaseService.WatchCases"), profile_,
                        following_, form, {in_, out_, err_});
  }

  Profile profile_;
  Following following_{.token = "", .token_file = "", .retry_after = absl::ZeroDuration()};
  std::istringstream in_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(FollowTest, PrintsAcknowledgesAndGoesOnAfterALostConnection) {
  FakeClient client =
      ClientOf(StreamOf(CaseTold("one", "t1"), FakeClient::Reply(absl::DeadlineExceededError("")),
                        CaseTold("two", "t2"), FakeClient::Reply(absl::UnavailableError(""))),
               StreamOf(CaseTold("three", "t3"), FakeClient::Reply(absl::CancelledError(""))),
               StreamOf(Refused(absl::StatusCode::kPermissionDenied, "caller.function_may_not")));
  EXPECT_EQ(Print(client), kRefused);
  EXPECT_THAT(client.sent,
              ElementsAre("begin { }", R"(acknowledge { token: "t1" })",
                          R"(acknowledge { token: "t2" })", R"(begin { token: "t2" })",
                          R"(acknowledge { token: "t3" })", R"(begin { token: "t3" })"));
  EXPECT_THAT(out_.str(), HasSubstr("case one\n"));
  EXPECT_THAT(out_.str(), HasSubstr("case three\n"));
  EXPECT_THAT(err_.str(), HasSubstr("no more"));
}

// Libraries put the same lost connection into many codes.
TEST_F(FollowTest, AnyEndWithoutAReasonOfTheServicesIsALostConnection) {
  FakeClient client =
      ClientOf(StreamOf(CaseTold("one", "t1"), FakeClient::Reply(absl::UnknownError("broken"))),
               StreamOf(FakeClient::Reply(absl::ResourceExhaustedError("Bandwidth exhausted"))),
               StreamOf(FakeClient::Reply(absl::InternalError("stream reset"))),
               StreamOf(Refused(absl::StatusCode::kUnavailable, "server.stopping")),
               StreamOf(CaseTold("two", "t2"),
                        Refused(absl::StatusCode::kResourceExhausted, "watch.too_many")));
  EXPECT_EQ(Print(client), kRefused);
  EXPECT_THAT(out_.str(), HasSubstr("case two\n"));
  EXPECT_EQ(client.sent.back(), R"(acknowledge { token: "t2" })");
}

TEST_F(FollowTest, WhoNeverAnsweredIsNotWaitedFor) {
  FakeClient client = ClientOf(StreamOf(FakeClient::Reply(absl::UnavailableError("nobody"))));
  EXPECT_EQ(Print(client), kUnreachable);
}

TEST_F(FollowTest, KeepsTheTokenOfWhatWasPrinted) {
  following_.token_file = testing::TempDir() + "/exitctl_token";
  std::filesystem::remove(following_.token_file);
  EXPECT_EQ(*TokenIn(following_.token_file), "");
  FakeClient client = ClientOf(StreamOf(
      CaseTold("one", "t1"), Refused(absl::StatusCode::kInvalidArgument, "watch.bad_token")));
  EXPECT_EQ(Print(client, Form::kJson), kRefused);
  EXPECT_EQ(*TokenIn(following_.token_file), "t1");
  EXPECT_EQ(out_.str(), "{\"case\":{\"case_id\":\"one\"},\"token\":\"t1\"}\n");
}

TEST_F(FollowTest, ATokenThatCannotBeKeptEndsIt) {
  following_.token_file = "/no/such/folder/token";
  FakeClient client = ClientOf(StreamOf(CaseTold("one", "t1")));
  EXPECT_EQ(Print(client), kRefused);
  EXPECT_THAT(err_.str(), HasSubstr("/no/such/folder/token"));
  EXPECT_THAT(client.sent, ElementsAre("begin { }"));  // not acknowledged
}

TEST_F(FollowTest, TheInboxHoldsWhatWaitsForUsTheMostUrgentFirst) {
  FakeClient client =
      ClientOf(StreamOf(HandoverTold(Waiting("later", hv1::SIDE_RECEIVER, 3000)),
                        HandoverTold(Waiting("sooner", hv1::SIDE_RECEIVER, 2000)),
                        HandoverTold(Waiting("theirs", hv1::SIDE_HOLDER, 1000)),
                        HandoverTold(Waiting("nobodys", hv1::SIDE_UNSPECIFIED, 0)),
                        HandoverTold(Waiting("overdue", hv1::SIDE_RECEIVER, 4000, true)),
                        HandoverTold(Waiting("answered", hv1::SIDE_RECEIVER, 1)),
                        HandoverTold(Waiting("answered", hv1::SIDE_HOLDER, 1)), CaughtUp()),
               NotServed(), NotServed(), NotServed(), NotServed(),
               StreamOf(RelocationTold("moving", true), RelocationTold("not-ours", false),
                        CaughtUp<rlv1::WatchRelocationsResponse>()),
               NotServed(), NotServed(), NotServed(), NotServed());
  EXPECT_EQ(PrintInbox(client, profile_, Form::kText, {in_, out_, err_}), kDone);
  const std::string text = out_.str();
  EXPECT_LT(text.find("overdue"), text.find("sooner"));
  EXPECT_LT(text.find("sooner"), text.find("later"));
  EXPECT_LT(text.find("later"), text.find("moving"));
  for (const char* other : {"theirs", "nobodys", "answered", "not-ours"}) {
    EXPECT_THAT(text, testing::Not(HasSubstr(other)));
  }
}

hv1::Handover Travelling(const std::string& id, hv1::Side side, rlv1::JourneyStage stage,
                         bool missing) {
  hv1::Handover handover = Waiting(id, side, 0);
  handover.set_waiting_for(hv1::SIDE_UNSPECIFIED);
  handover.set_side(side);
  handover.mutable_journey()->set_stage(stage);
  handover.mutable_journey()->mutable_due()->set_seconds(2500);
  handover.mutable_journey()->set_overdue(missing);
  return handover;
}

TEST_F(FollowTest, WhoIsMissingIsTheMostUrgentOfAll) {
  const auto on_the_road = rlv1::JOURNEY_STAGE_UNDER_WAY;
  FakeClient client = ClientOf(
      StreamOf(HandoverTold(Waiting("sooner", hv1::SIDE_RECEIVER, 2000)),
               HandoverTold(Travelling("expected", hv1::SIDE_RECEIVER, on_the_road, false)),
               HandoverTold(Travelling("sent", hv1::SIDE_HOLDER, on_the_road, false)),
               HandoverTold(Travelling("missed", hv1::SIDE_HOLDER, on_the_road, true)), CaughtUp()),
      NotServed(), NotServed(), NotServed(), NotServed(), NotServed(), NotServed(), NotServed());
  EXPECT_EQ(PrintInbox(client, profile_, Form::kText, {in_, out_, err_}), kDone);
  const std::string text = out_.str();
  EXPECT_NE(text.find("missed"), std::string::npos);
  EXPECT_LT(text.find("missed"), text.find("sooner"));
  EXPECT_LT(text.find("sooner"), text.find("expected"));
  EXPECT_EQ(text.find("sent"), std::string::npos);
}

FakeClient::Reply FileTold(const std::string& id, int due, bool answered) {
  auto message = std::make_unique<police::v1::WatchSecurityFilesResponse>();
  auto& file = *message->mutable_file();
  file.set_security_id(id);
  file.set_standing(police::v1::POLICE_STANDING_FORMER);
  auto& notice = *file.add_duplicates();
  notice.mutable_due()->set_seconds(due);
  if (answered) notice.set_answer(nec::v1::DUPLICATE_ANSWER_SAME_PERSON);
  return message;
}

// Also of a case that has left the district: whoever was told answers.
TEST_F(FollowTest, ThePolicesInboxHoldsWhatNecAsks) {
  FakeClient client =
      ClientOf(NotServed(), NotServed(), NotServed(),
               StreamOf(FileTold("later", 3000, false), FileTold("sooner", 2000, false),
                        FileTold("answered", 1000, true),
                        CaughtUp<police::v1::WatchSecurityFilesResponse>()),
               NotServed(), NotServed(), NotServed(), NotServed(), NotServed(), NotServed());
  EXPECT_EQ(PrintInbox(client, profile_, Form::kText, {in_, out_, err_}), kDone);
  const std::string text = out_.str();
  EXPECT_NE(text.find("sooner"), std::string::npos);
  EXPECT_LT(text.find("sooner"), text.find("later"));
  EXPECT_THAT(text, testing::Not(HasSubstr("answered")));
}

template <class Response>
FakeClient::Reply StayTold(const std::string& id, casework::v1::StayStage stage,
                           relocation::v1::PlaceSafety answer, int due) {
  auto message = std::make_unique<Response>();
  auto& stay = *message->mutable_stay();
  stay.set_stay_id(id);
  stay.set_stage(stage);
  stay.set_answer(answer);
  if (due > 0) stay.mutable_due()->set_seconds(due);
  return message;
}

// Before everything else that the police have to do.
TEST_F(FollowTest, ThePolicesInboxHoldsWhoIsAtATemporaryPlace) {
  using Placed = police::v1::WatchStaysResponse;
  using Hosted = police::v1::WatchHostedStaysResponse;
  const auto clear = rlv1::PLACE_SAFETY_CLEAR, asked = rlv1::PLACE_SAFETY_ASKED;
  FakeClient client =
      ClientOf(NotServed(),
               StreamOf(StayTold<Placed>("ends", casework::v1::STAY_STAGE_PLACED, clear, 90000),
                        StayTold<Placed>("asked-for", casework::v1::STAY_STAGE_REQUESTED, {}, 3600),
                        StayTold<Placed>("not-safe", casework::v1::STAY_STAGE_PLACED,
                                         rlv1::PLACE_SAFETY_NOT_POSSIBLE, 3500),
                        StayTold<Placed>("over", casework::v1::STAY_STAGE_ENDED,
                                         rlv1::PLACE_SAFETY_NOT_POSSIBLE, 0),
                        CaughtUp<Placed>()),
               StreamOf(StayTold<Hosted>("unread", casework::v1::STAY_STAGE_PLACED, asked, 3600),
                        StayTold<Hosted>("read", casework::v1::STAY_STAGE_PLACED, clear, 3600),
                        CaughtUp<Hosted>()),
               NotServed());
  EXPECT_EQ(PrintInbox(client, profile_, Form::kText, {in_, out_, err_}), kDone);
  const std::string text = out_.str();
  EXPECT_LT(text.find("not-safe"), text.find("ends"));
  EXPECT_LT(text.find("asked-for"), text.find("unread"));
  EXPECT_NE(text.find("ends"), std::string::npos);
  EXPECT_EQ(text.find("over"), std::string::npos);
  EXPECT_EQ(text.find("\"read\""), std::string::npos);
}

}  // namespace
}  // namespace exitbus::exitctl
