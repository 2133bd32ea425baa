#include "tools/exitctl/follow.h"

#include <gmock/gmock.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "exitbus/casework/v1/case_service.pb.h"
#include "tools/exitctl/fake_client.h"
#include "tools/exitctl/methods.h"

namespace exitbus::exitctl {
namespace {

namespace cv1 = casework::v1;
using testing::ElementsAre;
using testing::HasSubstr;

FakeClient::Reply CaseTold(const std::string& id, const std::string& token) {
  auto message = std::make_unique<cv1::WatchCasesResponse>();
  message->mutable_case_()->set_case_id(id);
  message->set_token(token);
  return message;
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

}  // namespace
}  // namespace exitbus::exitctl
