// Calls that are refused, each with an error of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "adapters/grpc/errors.h"
#include "tests/e2e/environment.h"

namespace exitbus::story {
namespace {

using ::testing::HasSubstr;

constexpr char kOpenCase[] = "exitbus.casework.v1.CaseService.OpenCase";
constexpr char kGetCase[] = "exitbus.casework.v1.CaseService.GetCase";

const Member& Ishoj() { return MemberNamed(kIshoj); }

adapters::CallOptions AsEmployee() {
  adapters::CallOptions options;
  options.metadata = {{"exitbus-employee", "tester"}, {"exitbus-purpose", "exit-support"}};
  return options;
}

// What a harmless read gets with this certificate.
adapters::CallError ReadWith(const std::string& certificate) {
  cv1::GetCaseRequest request;
  request.set_case_id("none");
  const auto reply = ClientWith(Ishoj(), certificate)->Call(kGetCase, request, AsEmployee());
  EXPECT_FALSE(reply.ok());
  return adapters::ErrorOf(reply.status());
}

cv1::OpenCaseRequest OpenRequest(const std::string& request_id) {
  static int serial = 0;
  cv1::OpenCaseRequest request;
  request.set_request_id(request_id);
  request.mutable_person()->set_cpr_number(absl::StrFormat("620180%04d", ++serial));
  request.mutable_person()->set_name("Opdigtet Person");
  request.set_legal_basis(policy::v1::LEGAL_BASIS_FVL28);
  return request;
}

class CallsTest : public ::testing::Test {
 protected:
  CallsTest() {
    auto actor = Actor::Make(Ishoj(), TheDeployment().ClientOf(Ishoj()));
    EXPECT_TRUE(actor.ok()) << actor.status();
    ishoj_ = *std::move(actor);
    client_ = ClientWith(Ishoj(), Ishoj().client);
  }

  absl::StatusOr<cv1::OpenCaseResponse> Open(const cv1::OpenCaseRequest& request) {
    const auto reply = client_->Call(kOpenCase, request, AsEmployee());
    if (!reply.ok()) return reply.status();
    return static_cast<const cv1::OpenCaseResponse&>(**reply);
  }

  std::string Enrolled() { return EnrolledCase(*ishoj_, OpenRequest("").person().cpr_number()); }

  std::unique_ptr<Actor> ishoj_;
  std::unique_ptr<adapters::GrpcClient> client_;
};

TEST_F(CallsTest, NobodyWithoutACertificate) {
  EXPECT_EQ(ReadWith("").code, absl::StatusCode::kUnavailable);
}

TEST_F(CallsTest, NoServiceCertificate) {
  // Of the authorities' CA, which connects to the broker and to nobody's API.
  EXPECT_EQ(ReadWith(kIshoj).code, absl::StatusCode::kUnavailable);
}

TEST_F(CallsTest, NoExpiredAndNoForeignCertificate) {
  IssueCertificate({"--as", "client-expired", "--expired", "issue-client", Ishoj().client});
  IssueCertificate({"--as", "client-foreign", "--foreign-ca", "issue-client", Ishoj().client});
  IssueCertificate({"--as", "client-self", "--self-signed", "issue-client", Ishoj().client});
  for (const char* name : {"client-expired", "client-foreign", "client-self"}) {
    EXPECT_EQ(ReadWith(name).code, absl::StatusCode::kUnavailable) << name;
  }
}

TEST_F(CallsTest, NoOtherAuthoritysSystem) {
  const adapters::CallError error = ReadWith(MemberNamed(kOdense).client);
  EXPECT_EQ(error.code, absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(error.reason, "caller.wrong_authority");
}

TEST_F(CallsTest, NoFunctionWithoutTheRight) {
  IssueCertificate({"issue-client", "municipality-0183.operations.operator"});
  const adapters::CallError error = ReadWith("municipality-0183.operations.operator");
  EXPECT_EQ(error.code, absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(error.reason, "caller.function_may_not");
}

TEST_F(CallsTest, NoServerThatIsAnotherAuthority) {
  adapters::GrpcClientOptions options = TheDeployment().ClientOf(Ishoj());
  options.server_name = kOdense;
  auto client = adapters::GrpcClient::Make(options);
  ASSERT_TRUE(client.ok()) << client.status();
  EXPECT_EQ((*client)->Call(kGetCase, cv1::GetCaseRequest(), AsEmployee()).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(CallsTest, NothingWithoutAPurpose) {
  const auto reply = client_->Call(kGetCase, cv1::GetCaseRequest());
  EXPECT_EQ(RuleOf(reply.status()), "caller.purpose_required");
}

TEST_F(CallsTest, WhatIsNotOursIsNotThere) {
  const adapters::CallError error = ReadWith(Ishoj().client);
  EXPECT_EQ(error.code, absl::StatusCode::kNotFound);
  EXPECT_EQ(error.reason, "resource.not_found");
}

TEST_F(CallsTest, AMessageOverTheLimit) {
  cv1::OpenCaseRequest request = OpenRequest(FreshId());
  request.set_current_address(std::string(300 * 1024, 'x'));
  EXPECT_EQ(Open(request).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(Open(request).status().message()), HasSubstr("larger than max"));
}

TEST_F(CallsTest, ARepeatGetsTheFirstOutcome) {
  const cv1::OpenCaseRequest request = OpenRequest(FreshId());
  const auto first = Open(request);
  const auto second = Open(request);
  ASSERT_TRUE(first.ok() && second.ok()) << first.status() << second.status();
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());
}

TEST_F(CallsTest, ARefusalIsRepeatedToo) {
  cv1::OpenCaseRequest request = OpenRequest(FreshId());
  request.mutable_person()->clear_name();
  EXPECT_EQ(RuleOf(Open(request).status()), "case.name_required");
  EXPECT_EQ(RuleOf(Open(request).status()), "case.name_required");
}

TEST_F(CallsTest, AReusedRequestId) {
  const std::string request_id = FreshId();
  ASSERT_TRUE(Open(OpenRequest(request_id)).ok());
  const auto again = Open(OpenRequest(request_id));
  EXPECT_EQ(again.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(RuleOf(again.status()), "request.id_reused");
}

TEST_F(CallsTest, NoRequestId) {
  EXPECT_EQ(RuleOf(Open(OpenRequest("")).status()), "request.id_required");
}

TEST_F(CallsTest, AnUnknownRecipient) {
  const auto requested =
      ishoj_->RequestHandover(Enrolled(), "municipality-9999", hv1::HANDOVER_REASON_RELOCATION);
  EXPECT_EQ(requested.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(RuleOf(requested.status()), "handover.receiver_unknown");
  EXPECT_THAT(std::string(requested.status().message()), HasSubstr("municipality-0461"));
}

TEST_F(CallsTest, AnIllegalTransition) {
  const auto requested =
      ishoj_->RequestHandover(Enrolled(), kOdense, hv1::HANDOVER_REASON_RELOCATION);
  ASSERT_TRUE(requested.ok()) << requested.status();
  const auto offered = ishoj_->Offer(requested->handover_id(), absl::Now());
  EXPECT_EQ(offered.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(RuleOf(offered.status()), "handover.not_accepted");
  const auto taken = ishoj_->TakeOver(requested->handover_id());
  EXPECT_EQ(RuleOf(taken.status()), "handover.receiver_moves");
}

TEST_F(CallsTest, AStaleView) {
  const std::string id = Enrolled();
  cv1::RecordConsentRequest request;
  request.set_request_id(FreshId());
  request.set_case_id(id);
  request.set_etag("0123456789abcdef");
  const auto reply =
      client_->Call("exitbus.casework.v1.CaseService.RecordConsent", request, AsEmployee());
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(RuleOf(reply.status()), "request.etag_stale");
}

TEST_F(CallsTest, AClientThatIsNotOursWorksByReflection) {
  const Places& places = TheDeployment().places();
  const std::string log = places.state + "/outside-client.log";
  const absl::Status called =
      // Without what our own programs set for gRPC.
      RunTool({"/usr/bin/env", "-u", "GRPC_SSL_CIPHER_SUITES", "/usr/bin/python3",
               absl::StrCat(Deployment::Source(), "/tests/e2e/outside_client.py"), "--profile",
               places.profile(Ishoj()), "exitbus.casework.v1.CaseService/ListCases",
               "{\"page_size\": 1}"},
              log);
  ASSERT_TRUE(called.ok()) << called;
  EXPECT_THAT(TailOf(log), HasSubstr("nextPageToken"));
}

}  // namespace
}  // namespace exitbus::story
