#include "services/policy/flows.h"

#include "exitbus/testing/v1/policy_samples.pb.h"
#include "gtest/gtest.h"
#include "services/policy/methods.h"

namespace exitbus::policy {
namespace {

using testing::v1::SampleInquiry;
using testing::v1::SampleNotice;
using testing::v1::SamplePerson;

constexpr auto kMunicipality = v1::AUTHORITY_KIND_MUNICIPALITY;
constexpr auto kKriminalforsorgen = v1::AUTHORITY_KIND_KRIMINALFORSORGEN;
constexpr auto kPolice = v1::AUTHORITY_KIND_POLICE;
constexpr auto kNec = v1::AUTHORITY_KIND_NEC;

std::optional<v1::Flow> Notification(v1::Relation from, v1::AuthorityKind from_kind,
                                     v1::Relation to, v1::AuthorityKind to_kind) {
  return FlowTo(*SampleNotice::descriptor(), from, from_kind, to, to_kind);
}

TEST(Flows, AKindWithoutARowIsNotSent) {
  EXPECT_TRUE(FlowsOf(*SamplePerson::descriptor()).empty());
  EXPECT_EQ(FlowsOf(*SampleNotice::descriptor()).size(), 2);
}

TEST(Flows, ARowWithoutKindsHoldsForAllThatCanStandThere) {
  for (v1::AuthorityKind holder : {kMunicipality, kKriminalforsorgen}) {
    auto flow = Notification(v1::RELATION_HOLDER, holder, v1::RELATION_NEC_OVERVIEW, kNec);
    ASSERT_TRUE(flow.has_value());
    EXPECT_EQ(flow->level(), v1::LEVEL_CORE);
    EXPECT_EQ(flow->channel(), v1::CHANNEL_NEC);
  }
  EXPECT_FALSE(
      Notification(v1::RELATION_HOLDER, kPolice, v1::RELATION_NEC_OVERVIEW, kNec).has_value());
}

TEST(Flows, WhatMayComeIsKnownWithoutTheCase) {
  const auto& notification = *SampleNotice::descriptor();
  EXPECT_TRUE(MayCome(notification, kMunicipality, kNec, v1::CHANNEL_NEC));
  EXPECT_FALSE(MayCome(notification, kMunicipality, kNec, v1::CHANNEL_HANDOVER))
      << "another channel";
  EXPECT_FALSE(MayCome(notification, kPolice, kNec, v1::CHANNEL_NEC)) << "another sender";
  EXPECT_FALSE(MayCome(notification, kNec, kMunicipality, v1::CHANNEL_NEC)) << "the other way";
}

TEST(Flows, ARowWithKindsHoldsForTheseOnly) {
  EXPECT_TRUE(
      Notification(v1::RELATION_HOLDER, kMunicipality, v1::RELATION_RECEIVER, kMunicipality));
  EXPECT_FALSE(
      Notification(v1::RELATION_HOLDER, kKriminalforsorgen, v1::RELATION_RECEIVER, kMunicipality));
  EXPECT_FALSE(
      Notification(v1::RELATION_HOLDER, kMunicipality, v1::RELATION_RECEIVER, kKriminalforsorgen));
}

TEST(Flows, NothingGoesTheOtherWay) {
  EXPECT_FALSE(
      Notification(v1::RELATION_RECEIVER, kMunicipality, v1::RELATION_HOLDER, kMunicipality));
  EXPECT_FALSE(Notification(v1::RELATION_NEC_OVERVIEW, kNec, v1::RELATION_HOLDER, kMunicipality));
}

TEST(Flows, ConditionsOfARowMustHold) {
  auto flow =
      Notification(v1::RELATION_HOLDER, kMunicipality, v1::RELATION_RECEIVER, kMunicipality);
  ASSERT_TRUE(flow.has_value());
  EXPECT_FALSE(MaySend(*flow, {}));
  EXPECT_FALSE(MaySend(*flow, {v1::CONDITION_LEGAL_BASIS}));
  EXPECT_TRUE(MaySend(*flow, {v1::CONDITION_LEGAL_BASIS, v1::CONDITION_AFTER_ACCEPTANCE}));
}

TEST(Flows, ARowMayHaveSeveralSenders) {
  for (v1::Relation from : {v1::RELATION_POLICE, v1::RELATION_RECEIVING_POLICE}) {
    EXPECT_TRUE(FlowTo(*SampleInquiry::descriptor(), from, kPolice, v1::RELATION_CONTACT_POINT,
                       v1::AUTHORITY_KIND_CONTACT_POINT));
  }
}

TEST(Readers, OfAParty) {
  EXPECT_EQ(ReaderFor(v1::RELATION_HOLDER, kMunicipality), v1::READER_MUNICIPALITY);
  EXPECT_EQ(ReaderFor(v1::RELATION_HOLDER, kKriminalforsorgen), v1::READER_KRIMINALFORSORGEN);
  EXPECT_EQ(ReaderFor(v1::RELATION_RECEIVER, kMunicipality), v1::READER_RECEIVER);
  EXPECT_EQ(ReaderFor(v1::RELATION_FORMER, kPolice), v1::READER_FORMER);
  EXPECT_EQ(ReaderFor(v1::RELATION_NEC_OVERVIEW, kNec), v1::READER_NEC_OVERVIEW);
  EXPECT_EQ(ReaderFor(v1::RELATION_ANY, kPolice), v1::READER_POLICE);
  EXPECT_EQ(ReaderFor(v1::RELATION_HOLDER, kPolice), v1::READER_UNSPECIFIED);
  EXPECT_EQ(ReaderFor(v1::RELATION_UNSPECIFIED, kPolice), v1::READER_UNSPECIFIED);
}

TEST(Readers, ReceivingPoliceReadAsPoliceFromTheTransferOn) {
  EXPECT_EQ(ReaderFor(v1::RELATION_RECEIVING_POLICE, kPolice), v1::READER_RECEIVING_POLICE);
  EXPECT_EQ(ReaderFor(v1::RELATION_RECEIVING_POLICE, kPolice, {v1::CONDITION_SECURITY_TRANSFERRED}),
            v1::READER_POLICE);
}

TEST(Readers, OfACaller) {
  EXPECT_EQ(ReaderFor(kMunicipality, v1::FUNCTION_EXIT_COORDINATOR), v1::READER_MUNICIPALITY);
  EXPECT_EQ(ReaderFor(kMunicipality, v1::FUNCTION_AUDITOR), v1::READER_MUNICIPALITY);
  EXPECT_EQ(ReaderFor(kMunicipality, v1::FUNCTION_JOBCENTRE), v1::READER_JOBCENTRE);
  EXPECT_EQ(ReaderFor(kMunicipality, v1::FUNCTION_CITIZEN_SERVICE), v1::READER_CITIZEN_SERVICE);
  EXPECT_EQ(ReaderFor(kMunicipality, v1::FUNCTION_FAMILY_CENTRE), v1::READER_FAMILY_CENTRE);
  EXPECT_EQ(ReaderFor(kMunicipality, v1::FUNCTION_MENTOR), v1::READER_MENTOR);
  EXPECT_EQ(ReaderFor(kMunicipality, v1::FUNCTION_OPERATOR), v1::READER_OPERATOR);
  EXPECT_EQ(ReaderFor(kMunicipality, v1::FUNCTION_CASE_OFFICER), v1::READER_UNSPECIFIED);
  EXPECT_EQ(ReaderFor(kKriminalforsorgen, v1::FUNCTION_CASE_OFFICER), v1::READER_KRIMINALFORSORGEN);
  EXPECT_EQ(ReaderFor(kNec, v1::FUNCTION_AUDITOR), v1::READER_NEC_OVERVIEW);
  EXPECT_EQ(ReaderFor(kNec, v1::FUNCTION_JOBCENTRE), v1::READER_UNSPECIFIED);
  EXPECT_EQ(ReaderFor(kNec, v1::FUNCTION_UNSPECIFIED), v1::READER_UNSPECIFIED);
  EXPECT_EQ(ReaderFor(v1::AUTHORITY_KIND_UNSPECIFIED, v1::FUNCTION_OPERATOR),
            v1::READER_UNSPECIFIED);
}

TEST(Readers, NamesOfFunctionsInCertificates) {
  EXPECT_EQ(FunctionNamed("exit-coordinator"), v1::FUNCTION_EXIT_COORDINATOR);
  EXPECT_EQ(FunctionNamed("unspecified"), v1::FUNCTION_UNSPECIFIED);
  EXPECT_EQ(FunctionNamed(""), v1::FUNCTION_UNSPECIFIED);
  for (int i = 1; i <= v1::Function_MAX; ++i) {
    const auto function = static_cast<v1::Function>(i);
    EXPECT_EQ(FunctionNamed(FunctionName(function)), function);
  }
}

TEST(Methods, OnlyNamedCallersMayCall) {
  constexpr char kRead[] = "exitbus.testing.v1.SampleService.ReadSample";
  ASSERT_NE(MethodPolicyOf(kRead), nullptr);
  EXPECT_EQ(MethodPolicyOf(kRead)->access(), v1::ACCESS_READ);
  EXPECT_TRUE(MethodPolicyOf(kRead)->purpose_required());
  EXPECT_TRUE(MayCall(kRead, v1::FUNCTION_EXIT_COORDINATOR));
  EXPECT_TRUE(MayCall(kRead, v1::FUNCTION_AUDITOR));
  EXPECT_FALSE(MayCall(kRead, v1::FUNCTION_OPERATOR));
  EXPECT_FALSE(MayCall(kRead, v1::FUNCTION_UNSPECIFIED));
}

TEST(Methods, NobodyMayCallWhatIsUnknownOrForgotten) {
  for (int i = 0; i <= v1::Function_MAX; ++i) {
    const auto function = static_cast<v1::Function>(i);
    EXPECT_FALSE(MayCall("exitbus.testing.v1.SampleService.ForgottenSample", function));
    EXPECT_FALSE(MayCall("exitbus.testing.v1.SampleService.NoSuchSample", function));
  }
}

}  // namespace
}  // namespace exitbus::policy
