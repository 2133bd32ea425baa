#include "adapters/grpc/errors.h"

#include <string>
#include <utility>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"
#include "gtest/gtest.h"
#include "services/exchange/ports/api.h"

namespace exitbus::adapters {
namespace {

exchange::Refusal ARefusal() {
  return {.code = absl::StatusCode::kFailedPrecondition,
          .reason = "handover.offered_cannot_be_recalled",
          .message = "Ask the receiver to decline.",
          .metadata = {{"state", "OFFERED"}, {"number", "7"}}};
}

TEST(ErrorsTest, RefusalCarriesOneErrorInfo) {
  const grpc::Status status = ToGrpcStatus(ARefusal());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(status.error_message(), "Ask the receiver to decline.");
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), grpc::StatusCode::FAILED_PRECONDITION);
  ASSERT_EQ(details.details_size(), 1);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(details.details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), "handover.offered_cannot_be_recalled");
  EXPECT_EQ(info.domain(), "exitbus");
  EXPECT_EQ(info.metadata().at("state"), "OFFERED");
}

TEST(ErrorsTest, ErrorSurvivesTheWayBack) {
  const CallError error = ErrorOf(FromGrpcStatus(ToGrpcStatus(ARefusal())));
  EXPECT_EQ(error.code, absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(error.reason, "handover.offered_cannot_be_recalled");
  EXPECT_EQ(error.message, "Ask the receiver to decline.");
  const std::vector<std::pair<std::string, std::string>> expected = {{"number", "7"},
                                                                     {"state", "OFFERED"}};
  EXPECT_EQ(error.metadata, expected);
}

TEST(ErrorsTest, DetailsNeverOutgrowTheTrailer) {
  exchange::Refusal refusal = ARefusal();
  refusal.message.clear();
  for (int i = 0; i < 4000; ++i) refusal.message += "ø";
  for (int i = 0; i < 100; ++i) {
    refusal.metadata.emplace_back("key" + std::to_string(i), std::string(100, 'x'));
  }
  const grpc::Status status = ToGrpcStatus(refusal);
  EXPECT_LT(status.error_details().size(), 5000U);
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));  // so it is still UTF-8
  EXPECT_EQ(ErrorOf(FromGrpcStatus(status)).reason, refusal.reason);
}

TEST(ErrorsTest, TransportErrorHasNoReason) {
  const CallError error =
      ErrorOf(FromGrpcStatus(grpc::Status(grpc::StatusCode::UNAVAILABLE, "refused")));
  EXPECT_EQ(error.code, absl::StatusCode::kUnavailable);
  EXPECT_EQ(error.message, "refused");
  EXPECT_TRUE(error.reason.empty());
}

}  // namespace
}  // namespace exitbus::adapters
