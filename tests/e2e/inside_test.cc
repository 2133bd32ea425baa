// Inside one municipality, over the wire: a unit's employee, the coordinator, and the citizen's
// account.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "adapters/grpc/errors.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "tests/e2e/environment.h"

namespace exitbus::story {
namespace {

namespace cv1 = casework::v1;

constexpr char kService[] = "exitbus.casework.v1.CaseService.";
constexpr char kJobcentre[] = "municipality-0183.jobsystem.jobcentre";

class InsideTest : public ::testing::Test {
 protected:
  InsideTest() {
    IssueCertificate({"issue-client", kJobcentre});
    const Member& ishoj = MemberNamed(kIshoj);
    coordinator_ = ClientWith(ishoj, ishoj.client);
    jobcentre_ = ClientWith(ishoj, kJobcentre);
  }

  template <class Response, class Request>
  absl::StatusOr<Response> Call(adapters::GrpcClient& client, const std::string& employee,
                                const std::string& rpc, const Request& request) {
    adapters::CallOptions options;
    options.metadata = {{"exitbus-employee", employee}, {"exitbus-purpose", "exit-support"}};
    const auto reply = client.Call(absl::StrCat(kService, rpc), request, options);
    if (!reply.ok()) return reply.status();
    return static_cast<const Response&>(**reply);
  }
  absl::StatusOr<cv1::GetCaseResponse> Read(const std::string& case_id) {
    cv1::GetCaseRequest request;
    request.set_case_id(case_id);
    return Call<cv1::GetCaseResponse>(*jobcentre_, "jobcentre-1", "GetCase", request);
  }

  std::unique_ptr<adapters::GrpcClient> coordinator_;
  std::unique_ptr<adapters::GrpcClient> jobcentre_;
};

TEST_F(InsideTest, BreakGlassOpensACaseForOneEmployeeAndTheAccountTellsOfIt) {
  cv1::OpenCaseRequest open;
  open.set_request_id(FreshId());
  open.mutable_person()->set_cpr_number("6101910042");
  open.mutable_person()->set_name("Opdigtet Person");
  open.set_legal_basis(policy::v1::LEGAL_BASIS_FVL28);
  const auto opened = Call<cv1::OpenCaseResponse>(*coordinator_, "coordinator-1", "OpenCase", open);
  ASSERT_TRUE(opened.ok()) << opened.status();
  const std::string id = opened->case_().case_id();
  EXPECT_EQ(Read(id).status(), Read(FreshId()).status());
  EXPECT_TRUE(absl::IsNotFound(Read(id).status()));

  cv1::RequestBreakGlassRequest ask;
  ask.set_request_id(FreshId());
  ask.set_case_id(id);
  ask.set_reason("threatened at the counter");
  ask.set_minutes(10);
  const auto asked =
      Call<cv1::RequestBreakGlassResponse>(*jobcentre_, "jobcentre-1", "RequestBreakGlass", ask);
  ASSERT_TRUE(asked.ok()) << asked.status();
  EXPECT_TRUE(absl::IsNotFound(Read(id).status()));

  cv1::ApproveBreakGlassRequest approve;
  approve.set_request_id(FreshId());
  approve.set_case_id(id);
  approve.set_break_glass_id(asked->ticket().break_glass_id());
  const auto by_herself = Call<cv1::ApproveBreakGlassResponse>(*coordinator_, "jobcentre-1",
                                                               "ApproveBreakGlass", approve);
  EXPECT_EQ(adapters::ErrorOf(by_herself.status()).reason, "break_glass.second_person");
  approve.set_request_id(FreshId());
  const auto approved = Call<cv1::ApproveBreakGlassResponse>(*coordinator_, "coordinator-1",
                                                             "ApproveBreakGlass", approve);
  ASSERT_TRUE(approved.ok()) << approved.status();
  const auto read = Read(id);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->case_().person().cpr_number(), "6101910042");

  cv1::GetAccountRequest account;
  account.set_case_id(id);
  const auto rows =
      Call<cv1::GetAccountResponse>(*coordinator_, "coordinator-1", "GetAccount", account);
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->entries_size(), 5);
  EXPECT_EQ(rows->entries(2).refused_by(), "break_glass.second_person");
  EXPECT_EQ(rows->entries(4).break_glass_id(), asked->ticket().break_glass_id());
  EXPECT_EQ(rows->entries(4).employee(), "jobcentre-1");
}

}  // namespace
}  // namespace exitbus::story
