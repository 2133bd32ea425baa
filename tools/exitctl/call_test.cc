#include "tools/exitctl/call.h"

#include <gmock/gmock.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <sstream>

#include "adapters/grpc/errors.h"
#include "adapters/grpc/grpc_client.h"
#include "adapters/sodium/sodium_crypto.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "grpcpp/support/status.h"
#include "services/exchange/ports/api.h"
#include "tools/exitctl/fake_client.h"
#include "tools/exitctl/methods.h"
#include "tools/exitctl/run.h"

namespace exitbus::exitctl {
namespace {

using google::protobuf::Message;
using testing::HasSubstr;

class CallTest : public testing::Test {
 protected:
  int Send(const std::string& method, const std::string& json, FakeClient::Answer answer,
           bool whole_list = false) {
    FakeClient client(std::move(answer));
    const auto* found = *ResolveMethod(method);
    auto request = *RequestFromJson(*found, json);
    adapters::SodiumRandom random;
    Profile profile;
    profile.employee = "e";
    profile.purpose = "p";
    return Call(client, *found, *request, profile, Form::kJson, whole_list, random,
                {in_, out_, err_});
  }

  int Run(const std::vector<std::string>& arguments) {
    return exitctl::Run(arguments, [](const std::string&) { return nullptr; }, {in_, out_, err_});
  }

  std::istringstream in_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(CallTest, FillsAndTellsARequestIdAndSaysWhoAsksWhy) {
  std::string id;
  EXPECT_EQ(
      Send("RevokeConsent", R"({"case_id":"c"})",
           [&](const Message& request, const adapters::CallOptions& options) {
             id = dynamic_cast<const casework::v1::RevokeConsentRequest&>(request).request_id();
             EXPECT_THAT(options.metadata,
                         testing::ElementsAre(testing::Pair("exitbus-employee", "e"),
                                              testing::Pair("exitbus-purpose", "p")));
             auto reply = std::make_unique<casework::v1::RevokeConsentResponse>();
             reply->mutable_case_()->set_case_id("c");
             return reply;
           }),
      kDone);
  EXPECT_EQ(id.size(), 36u);
  EXPECT_EQ(err_.str(), "request_id: " + id + "\n");
  EXPECT_THAT(out_.str(), HasSubstr("\"case_id\": \"c\""));
}

TEST_F(CallTest, LeavesTheCallersRequestIdAlone) {
  EXPECT_EQ(
      Send("RevokeConsent", R"({"request_id":"mine"})",
           [](const Message& request, const adapters::CallOptions&) {
             EXPECT_EQ(
                 dynamic_cast<const casework::v1::RevokeConsentRequest&>(request).request_id(),
                 "mine");
             return std::make_unique<casework::v1::RevokeConsentResponse>();
           }),
      kDone);
  EXPECT_EQ(err_.str(), "");
}

TEST_F(CallTest, FollowsAListsPages) {
  EXPECT_EQ(Send(
                "ListCases", "{}",
                [](const Message& message, const adapters::CallOptions&) {
                  const auto& request =
                      dynamic_cast<const casework::v1::ListCasesRequest&>(message);
                  auto reply = std::make_unique<casework::v1::ListCasesResponse>();
                  const bool first = request.page_token().empty();
                  reply->add_cases()->set_case_id(first ? "one" : "two");
                  if (first) reply->set_next_page_token("next");
                  return reply;
                },
                true),
            kDone);
  EXPECT_THAT(out_.str(), testing::AllOf(HasSubstr("one"), HasSubstr("two"),
                                         testing::Not(HasSubstr("next_page_token"))));
}

TEST_F(CallTest, TellsTheRuleTheRemedyAndTheMetadata) {
  exchange::Refusal refusal;
  refusal.code = absl::StatusCode::kFailedPrecondition;
  refusal.reason = "handover.offered_cannot_be_recalled";
  refusal.message = "Ask the receiver.";
  refusal.metadata = {{"stage", "OFFERED"}};
  const auto status = adapters::FromGrpcStatus(adapters::ToGrpcStatus(refusal));
  EXPECT_EQ(Send("RecallHandover", "{}",
                 [&](const Message&, const adapters::CallOptions&) { return status; }),
            kRefused);
  EXPECT_THAT(err_.str(),
              HasSubstr("refused: handover.offered_cannot_be_recalled (FAILED_PRECONDITION)\n"
                        "  Ask the receiver.\n  stage: OFFERED\n"));
}

TEST_F(CallTest, ARefusalsWordsSteerNoTerminalAndMakeNoLines) {
  exchange::Refusal refusal;
  refusal.code = absl::StatusCode::kFailedPrecondition;
  refusal.reason = "handover.x";
  refusal.message = "a\x1b[2J\xc2\x9b\nrefused: b";
  refusal.metadata = {{"stage", "\xe2\x80\xae\nc"}};
  const auto status = adapters::FromGrpcStatus(adapters::ToGrpcStatus(refusal));
  EXPECT_EQ(Send("RecallHandover", "{}",
                 [&](const Message&, const adapters::CallOptions&) { return status; }),
            kRefused);
  EXPECT_THAT(err_.str(), HasSubstr("  a\\u001b[2J\\u009b\\nrefused: b\n"));
  EXPECT_THAT(err_.str(), HasSubstr("  stage: \\u202e\\nc\n"));
}

TEST_F(CallTest, NobodyThereIsAnotherStatus) {
  for (const auto& status : {absl::UnavailableError("x"), absl::DeadlineExceededError("x")}) {
    EXPECT_EQ(
        Send("GetCase", "{}", [&](const Message&, const adapters::CallOptions&) { return status; }),
        kUnreachable);
    EXPECT_THAT(err_.str(), HasSubstr("same request_id"));
  }
}

TEST_F(CallTest, ARefusalSaysItselfWhatToDo) {
  exchange::Refusal refusal;
  refusal.code = absl::StatusCode::kUnavailable;
  refusal.reason = "store.disk_full";
  refusal.message = "Repeat when there is room.";
  const auto status = adapters::FromGrpcStatus(adapters::ToGrpcStatus(refusal));
  EXPECT_EQ(
      Send("GetCase", "{}", [&](const Message&, const adapters::CallOptions&) { return status; }),
      kUnreachable);
  EXPECT_THAT(err_.str(), HasSubstr("refused: store.disk_full"));
  EXPECT_THAT(err_.str(), testing::Not(HasSubstr("certificate")));
}

TEST_F(CallTest, MisuseNeedsNoService) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> misuses = {
      {{}, "Each command answers --help"},
      {{"OpenCase", R"({"nmae":1})"}, "nmae"},
      {{"call", "OpenCase", "{", "x"}, "exitctl call METHOD"},
      {{"OpenCse", "{}"}, "Did you mean exitbus.casework.v1.CaseService.OpenCase"},
      {{"handovr", "list"}, "Did you mean handover"},
      {{"case"}, "case wants one of list, capacity"},
      {{"case", "revoke", "c", "--etga", "x"}, "Did you mean --etag"},
      {{"case", "show", "c"}, "EXITBUS_ADDRESS"},
      {{"WatchCases", "{}"}, "see exitctl watch --help"},
      {{"inbox", "now"}, "exitctl inbox"},
      {{"watch", "cases", "--token-file", "/"}, "/"},
      {{"describe", "Nothing"}, "no method or type"},
  };
  for (const auto& [arguments, complaint] : misuses) {
    err_.str("");
    EXPECT_EQ(Run(arguments), kMisuse);
    EXPECT_THAT(err_.str(), HasSubstr(complaint));
  }
}

TEST_F(CallTest, WhatItPrintsSteersNoTerminal) {
  EXPECT_EQ(Run({"a\x1b[2J\xc2\x9b", "{}"}), kMisuse);
  EXPECT_EQ(err_.str().find('\x1b'), std::string::npos) << err_.str();
  EXPECT_EQ(err_.str().find("\xc2\x9b"), std::string::npos) << err_.str();
}

TEST_F(CallTest, EveryCommandHelps) {
  for (const char* word : {"call", "inbox", "methods", "describe", "keys", "directory", "case",
                           "handover", "nec", "watch"}) {
    out_.str("");
    EXPECT_EQ(Run({word, "--help"}), kDone);
    EXPECT_THAT(out_.str(), HasSubstr(std::string("exitctl ") + word));
  }
}

TEST_F(CallTest, AServiceThatIsNotThereIsUnreachable) {
  const std::string file = testing::TempDir() + "/exitctl_ca.pem";
  std::ofstream(file) << "no certificate\n";
  EXPECT_EQ(Run({"ListCases", "--address", "127.0.0.1:1", "--ca", file, "--cert", file, "--key",
                 file, "--timeout-s", "2"}),
            kUnreachable)
      << err_.str();
}

}  // namespace
}  // namespace exitbus::exitctl
