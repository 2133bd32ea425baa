#include "tools/exitctl/methods.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include "tools/exitctl/names.h"

namespace exitbus::exitctl {
namespace {

using testing::HasSubstr;

TEST(MethodName, MayBeShortOrWholeOrAPath) {
  for (const char* name :
       {"OpenCase", "CaseService.OpenCase", "CaseService/OpenCase",
        "exitbus.casework.v1.CaseService.OpenCase", "/exitbus.casework.v1.CaseService/OpenCase"}) {
    const auto method = ResolveMethod(name);
    ASSERT_TRUE(method.ok()) << name;
    EXPECT_EQ((*method)->full_name(), "exitbus.casework.v1.CaseService.OpenCase");
  }
}

TEST(MethodName, MayBeTheConsoles) {
  const auto method = ResolveMethod("GetOverview");
  ASSERT_TRUE(method.ok()) << method.status();
  EXPECT_EQ((*method)->full_name(), "exitbus.operations.v1.OperationsService.GetOverview");
}

TEST(MethodName, UnknownSuggestsNearOnes) {
  const auto status = ResolveMethod("opencase").status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("Did you mean exitbus.casework.v1."));
  EXPECT_THAT(std::string(ResolveMethod("RecalHandover").status().message()),
              HasSubstr("HandoverService.RecallHandover"));
  EXPECT_THAT(std::string(ResolveMethod("Xyzzyx").status().message()),
              testing::Not(HasSubstr("Did you mean")));
}

TEST(MethodName, PartOfAWordIsNoName) {
  EXPECT_FALSE(ResolveMethod("Case").ok());
  EXPECT_FALSE(ResolveMethod("Service.OpenCase").ok());
}

TEST(Name, OfSeveralIsRefusedNamingThem) {
  const auto status = Resolve("type", "Case", {"a.v1.Case", "b.v1.Case"}).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("a.v1.Case, b.v1.Case"));
}

TEST(Methods, AreAllLinkedAndTellWhoMayCall) {
  const std::string text = DescribeMethods();
  for (const std::string& name : MethodNames()) EXPECT_NE(NewRequest(MethodNamed(name)), nullptr);
  EXPECT_THAT(text, HasSubstr("PlanRelease  (write by case_officer, with a purpose)"));
  EXPECT_THAT(text, HasSubstr("request_id, case_id, etag, planned_release"));
  EXPECT_THAT(text, testing::Not(HasSubstr("exitbus.testing")));
}

TEST(Description, TellsFieldsValuesAndTheContractsWords) {
  EXPECT_THAT(*Describe("casework.v1.Person"), HasSubstr("cpr_number"));
  EXPECT_THAT(*Describe("HandoverReason"), HasSubstr("relocation"));
  EXPECT_THAT(*Describe("OfferHandover"), HasSubstr("cannot recall alone"));
  EXPECT_FALSE(Describe("CaseFile").ok()) << "a process's own";
}

}  // namespace
}  // namespace exitbus::exitctl
