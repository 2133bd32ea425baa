// Whether somebody is safe in another prison (N-12), across the authorities: Kriminalforsorgen
// asks, the police unit answers, and the other district's unit is asked without a name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/casework/v1/measure_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/police/v1/transfer_check_service.pb.h"
#include "exitbus/relocation/v1/conflict_service.pb.h"
#include "tests/simulation/supervision_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace kv1 = kriminalforsorgen::v1;
namespace lv1 = relocation::v1;
namespace plv1 = police::v1;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kOdenseCode[] = "0461";

class TransferCheckTest : public testing::Test, protected SupervisionWorld {
 protected:
  TransferCheckTest() : id(Opened(kif, cv1::PROGRAMME_NATIONAL_FRAMEWORK)) {
    EXPECT_TRUE(AskPolice(world, kif, id).ok());
    EXPECT_TRUE(world.Settle());
  }
  void Agree() {
    ASSERT_EQ(Visit(kif, id), "");
    ASSERT_TRUE(Assess(world, vestegnen).ok());
    ASSERT_TRUE(world.Settle());
    ASSERT_TRUE(SignAgreement(world, kif, id,
                              {MeasureOf(cv1::MEASURE_TYPE_PRISON_TRANSFER, cv1::MODULE_SECURITY,
                                         kif, "another prison")})
                    .ok());
    ASSERT_TRUE(world.Settle());
  }
  std::string Start() {
    cv1::StartMeasureRequest request;
    request.set_measure_id(GetCase(kif, id)->agreement().measures(0).measure_id());
    return Do<cv1::StartMeasureRequest, cv1::StartMeasureResponse>(
        kif, id, "exitbus.casework.v1.MeasureService.StartMeasure", request);
  }
  std::string Ask() {
    kv1::RequestTransferCheckRequest request;
    request.set_municipality(kOdenseCode);
    return Do<kv1::RequestTransferCheckRequest, kv1::RequestTransferCheckResponse>(
        kif, id, kRelease + "RequestTransferCheck", request);
  }
  template <class Request, class Response>
  std::string AtUnit(const std::string& method, Request request) {
    request.set_request_id(world.RequestId());
    request.set_security_id(OnlyFile(vestegnen)->security_id());
    const auto answer =
        vestegnen.Call<Response>("exitbus.police.v1.TransferCheckService." + method, request);
    EXPECT_TRUE(world.Settle());
    return answer.ok() ? "" : RuleOf(answer.status());
  }
  std::string AskOther() {
    plv1::AskTransferConflictRequest request;
    request.add_groups(7);
    return AtUnit<plv1::AskTransferConflictRequest, plv1::AskTransferConflictResponse>(
        "AskTransferConflict", request);
  }
  std::string Answer(lv1::PlaceSafety safety) {
    plv1::AnswerTransferCheckRequest request;
    request.set_safety(safety);
    return AtUnit<plv1::AnswerTransferCheckRequest, plv1::AnswerTransferCheckResponse>(
        "AnswerTransferCheck", request);
  }
  std::vector<lv1::AskedConflict> AskedOf(Node& unit) {
    const auto all = unit.Call<lv1::ListAskedConflictsResponse>(
        "exitbus.relocation.v1.ConflictInquiryService.ListAskedConflicts",
        lv1::ListAskedConflictsRequest());
    EXPECT_TRUE(all.ok()) << all.status();
    if (!all.ok()) return {};
    return {all->conflicts().begin(), all->conflicts().end()};
  }
  std::string AnswerOf(Node& unit, lv1::PlaceSafety safety) {
    lv1::AnswerConflictInquiryRequest request;
    request.set_request_id(world.RequestId());
    request.set_conflict_id(AskedOf(unit).at(0).conflict_id());
    request.set_safety(safety);
    const auto answer = unit.Call<lv1::AnswerConflictInquiryResponse>(
        "exitbus.relocation.v1.ConflictInquiryService.AnswerConflictInquiry", request);
    EXPECT_TRUE(world.Settle());
    return answer.ok() ? "" : RuleOf(answer.status());
  }
  std::vector<cv1::NextActKind> Acts() {
    std::vector<cv1::NextActKind> kinds;
    const Case seen = *GetCase(kif, id);
    for (const cv1::NextAct& act : seen.next_acts()) kinds.push_back(act.kind());
    return kinds;
  }

  const std::string id;
};

TEST_F(TransferCheckTest, AMoveIsBegunOnceThePoliceFindItSafe) {
  Agree();
  EXPECT_THAT(Acts(), testing::Contains(cv1::NEXT_ACT_KIND_CHECK_TRANSFER));
  EXPECT_EQ(Start(), "measure.transfer_not_clear");
  ASSERT_EQ(Ask(), "");
  EXPECT_EQ(OnlyFile(vestegnen)->transfer_check().municipality(), kOdenseCode);
  EXPECT_EQ(Start(), "measure.transfer_not_clear");
  ASSERT_EQ(Answer(lv1::PLACE_SAFETY_CLEAR), "");
  EXPECT_THAT(Acts(), Not(testing::Contains(cv1::NEXT_ACT_KIND_CHECK_TRANSFER)));
  EXPECT_EQ(Start(), "");
  EXPECT_FALSE(GetCase(kif, id)->has_transfer_check()) << "the next move is asked about anew";
  ExpectNothingRefused();
}

TEST_F(TransferCheckTest, WhatWasClearIsAskedAnewAfterAMonth) {
  Agree();
  ASSERT_EQ(Ask(), "");
  ASSERT_EQ(Answer(lv1::PLACE_SAFETY_CLEAR), "");
  Days(31);
  EXPECT_EQ(Start(), "measure.transfer_not_clear");
}

TEST_F(TransferCheckTest, NobodyHearsWhyItIsNotPossible) {
  Agree();
  ASSERT_EQ(Ask(), "");
  ASSERT_EQ(Answer(lv1::PLACE_SAFETY_NOT_POSSIBLE), "");
  EXPECT_EQ(GetCase(kif, id)->transfer_check().safety(), lv1::PLACE_SAFETY_NOT_POSSIBLE);
  EXPECT_EQ(Start(), "measure.transfer_not_clear");
}

TEST_F(TransferCheckTest, TheOtherDistrictsUnitIsAskedWithoutANameAndHasItsSay) {
  ASSERT_EQ(Ask(), "");
  ASSERT_EQ(AskOther(), "");
  world.Pass(absl::Seconds(2));
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(AskedOf(fyn).size(), 1U);
  const std::string asked = AskedOf(fyn).at(0).ShortDebugString();
  EXPECT_THAT(asked, Not(HasSubstr("Canary")));
  EXPECT_THAT(asked, Not(HasSubstr(kPerson)));
  EXPECT_EQ(Answer(lv1::PLACE_SAFETY_CLEAR), "transfer_check.other_unit_is_asked");
  ASSERT_EQ(AnswerOf(fyn, lv1::PLACE_SAFETY_NOT_POSSIBLE), "");
  EXPECT_EQ(OnlyFile(vestegnen)->transfer_check().unit_says(), lv1::PLACE_SAFETY_NOT_POSSIBLE);
  EXPECT_EQ(Answer(lv1::PLACE_SAFETY_CLEAR), "transfer_check.other_unit_says_not");
  EXPECT_EQ(AskOther(), "transfer_check.other_unit_says_not") << "asked often enough, none says so";
  ASSERT_EQ(Answer(lv1::PLACE_SAFETY_NOT_POSSIBLE), "");
  ASSERT_EQ(Ask(), "") << "anew: what the other unit says stands";
  EXPECT_EQ(Answer(lv1::PLACE_SAFETY_CLEAR), "transfer_check.other_unit_says_not");
  ASSERT_EQ(AnswerOf(fyn, lv1::PLACE_SAFETY_CLEAR), "") << "they have spoken with each other";
  ASSERT_EQ(Answer(lv1::PLACE_SAFETY_CLEAR), "");
  EXPECT_EQ(GetCase(kif, id)->transfer_check().safety(), lv1::PLACE_SAFETY_CLEAR);
  ExpectNothingRefused();
}

// What was asked of another unit ends with the course, too.
TEST_F(TransferCheckTest, TheCourseEndsBeforeTheOtherUnitHasAnswered) {
  ASSERT_EQ(Ask(), "");
  ASSERT_EQ(AskOther(), "");
  ASSERT_EQ(Change(kif, id, cv1::PROGRAMME_GOD_LOESLADELSE), "");
  world.Pass(absl::Seconds(2));
  ASSERT_TRUE(world.Settle());
  for (const lv1::AskedConflict& one : AskedOf(fyn)) EXPECT_TRUE(one.has_ended());
  EXPECT_EQ(Answer(lv1::PLACE_SAFETY_CLEAR), "security.programme_over");
  Days(10);
  EXPECT_EQ(vestegnen.telemetry().LinesOf("transfer_check.unit_overdue").size(), 0U);
  EXPECT_EQ(kif.telemetry().LinesOf("transfer_check.overdue").size(), 0U);
  ExpectNothingRefused();
}

TEST_F(TransferCheckTest, OneThatIsNotAnsweredIsMissed) {
  ASSERT_EQ(Ask(), "");
  ASSERT_EQ(AskOther(), "");
  EXPECT_EQ(Ask(), "transfer_check.asked");
  Days(5);
  EXPECT_EQ(kif.telemetry().LinesOf("transfer_check.overdue").size(), 0U)
      << "the other has its time";
  Days(7);
  EXPECT_EQ(kif.telemetry().LinesOf("transfer_check.overdue").size(), 1U);
  EXPECT_EQ(Ask(), "");
}

// A municipality moves nobody to another prison.
TEST_F(TransferCheckTest, NothingOfItGoesAlongWithTheCase) {
  Agree();
  ASSERT_EQ(Ask(), "");
  ASSERT_EQ(AskOther(), "");
  ASSERT_EQ(Plan(id, Now(), cv1::RELEASE_CHANGE_UNSPECIFIED), "");
  TakenOver(kif, id, odense);
  EXPECT_FALSE(GetCase(odense, id)->has_transfer_check());
  EXPECT_FALSE(OnlyFile(fyn)->has_transfer_check());
  for (const lv1::AskedConflict& one : AskedOf(fyn)) EXPECT_TRUE(one.has_ended());
}

}  // namespace
}  // namespace exitbus::simulation
