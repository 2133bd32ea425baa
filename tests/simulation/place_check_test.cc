// Whether somebody is safe where something is to take place (N-01, N-02, N-12), across the
// authorities: who answers for the case asks, the police unit answers, and the other district's
// unit is asked without a name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/casework/v1/measure_service.pb.h"
#include "exitbus/casework/v1/meeting_service.pb.h"
#include "exitbus/casework/v1/place_check_service.pb.h"
#include "exitbus/police/v1/place_check_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/relocation/v1/conflict_service.pb.h"
#include "tests/simulation/colleagues.h"
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

class PlaceCheckTest : public testing::Test, protected SupervisionWorld {
 protected:
  PlaceCheckTest() : id(Opened(kif, cv1::PROGRAMME_NATIONAL_FRAMEWORK)) {
    EXPECT_TRUE(AskPolice(world, kif, id).ok());
    EXPECT_TRUE(world.Settle());
  }
  void Agree() {
    ASSERT_EQ(Visit(kif, id), "");
    ASSERT_TRUE(Assess(world, vestegnen).ok());
    ASSERT_TRUE(world.Settle());
    ASSERT_TRUE(SignAgreement(world, kif, id, {ToOdense(kif)}).ok());
    ASSERT_TRUE(world.Settle());
  }
  static cv1::Measure ToOdense(const Node& owner) {
    cv1::Measure measure =
        MeasureOf(cv1::MEASURE_TYPE_PRISON_TRANSFER, cv1::MODULE_SECURITY, owner, "another prison");
    measure.set_municipality(kOdenseCode);
    return measure;
  }
  std::string Start() {
    cv1::StartMeasureRequest request;
    request.set_measure_id(GetCase(kif, id)->agreement().measures(0).measure_id());
    return Do<cv1::StartMeasureRequest, cv1::StartMeasureResponse>(
        kif, id, "exitbus.casework.v1.MeasureService.StartMeasure", request);
  }
  std::string AskOf(Node& node, const std::string& case_id, cv1::PlaceUse use,
                    const std::string& place = "") {
    cv1::RequestPlaceCheckRequest request;
    request.set_municipality(kOdenseCode);
    request.set_place(place);
    request.set_use(use);
    return Do<cv1::RequestPlaceCheckRequest, cv1::RequestPlaceCheckResponse>(
        node, case_id, "exitbus.casework.v1.PlaceCheckService.RequestPlaceCheck", request);
  }
  std::string Ask() { return AskOf(kif, id, cv1::PLACE_USE_PRISON); }
  template <class Request, class Response>
  std::string AtUnit(const std::string& method, Request request) {
    request.set_request_id(world.RequestId());
    request.set_security_id(OnlyFile(vestegnen)->security_id());
    const auto answer =
        vestegnen.Call<Response>("exitbus.police.v1.PlaceCheckService." + method, request);
    EXPECT_TRUE(world.Settle());
    return answer.ok() ? "" : RuleOf(answer.status());
  }
  std::string AskOther() {
    plv1::AskPlaceConflictRequest request;
    request.set_municipality(kOdenseCode);
    request.add_groups(7);
    return AtUnit<plv1::AskPlaceConflictRequest, plv1::AskPlaceConflictResponse>("AskPlaceConflict",
                                                                                 request);
  }
  std::string Answer(lv1::PlaceSafety safety, const std::string& place = "") {
    plv1::AnswerPlaceCheckRequest request;
    request.set_municipality(kOdenseCode);
    request.set_place(place);
    request.set_safety(safety);
    return AtUnit<plv1::AnswerPlaceCheckRequest, plv1::AnswerPlaceCheckResponse>("AnswerPlaceCheck",
                                                                                 request);
  }
  plv1::PlaceCheck AtPolice() { return OnlyFile(vestegnen)->place_checks(0); }
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
  std::vector<cv1::NextActKind> Acts() { return ActsOf(kif, id); }
  std::vector<cv1::NextActKind> ActsOf(Node& node, const std::string& case_id) {
    std::vector<cv1::NextActKind> kinds;
    const Case seen = *GetCase(node, case_id);
    for (const cv1::NextAct& act : seen.next_acts()) kinds.push_back(act.kind());
    return kinds;
  }

  const std::string id;
};

TEST_F(PlaceCheckTest, AMoveIsBegunOnceThePoliceFindItSafe) {
  Agree();
  EXPECT_THAT(Acts(), testing::Contains(cv1::NEXT_ACT_KIND_CHECK_PLACE));
  EXPECT_EQ(Start(), "place.not_clear");
  ASSERT_EQ(Ask(), "");
  EXPECT_EQ(AtPolice().municipality(), kOdenseCode);
  EXPECT_EQ(Start(), "place.not_clear");
  ASSERT_EQ(Answer(lv1::PLACE_SAFETY_CLEAR), "");
  EXPECT_THAT(Acts(), Not(testing::Contains(cv1::NEXT_ACT_KIND_CHECK_PLACE)));
  EXPECT_EQ(Start(), "");
  ExpectNothingRefused();
}

TEST_F(PlaceCheckTest, AnotherPrisonLiesSomewhere) {
  Agree();
  cv1::Measure nowhere = ToOdense(kif);
  nowhere.clear_municipality();
  EXPECT_EQ(RuleOf(SignAgreement(world, kif, id, {nowhere})), "agreement.prison_where");
}

TEST_F(PlaceCheckTest, WhatWasClearIsAskedAnewAfterAMonth) {
  Agree();
  ASSERT_EQ(Ask(), "");
  ASSERT_EQ(Answer(lv1::PLACE_SAFETY_CLEAR), "");
  Days(31);
  EXPECT_EQ(Start(), "place.not_clear");
}

TEST_F(PlaceCheckTest, NobodyHearsWhyItIsNotPossible) {
  Agree();
  ASSERT_EQ(Ask(), "");
  ASSERT_EQ(Answer(lv1::PLACE_SAFETY_NOT_POSSIBLE), "");
  EXPECT_EQ(GetCase(kif, id)->place_checks(0).safety(), lv1::PLACE_SAFETY_NOT_POSSIBLE);
  EXPECT_EQ(Start(), "place.not_there");
  EXPECT_THAT(Acts(), testing::Contains(cv1::NEXT_ACT_KIND_LEAVE_PLACE));
}

TEST_F(PlaceCheckTest, TheOtherDistrictsUnitIsAskedWithoutANameAndHasItsSay) {
  ASSERT_EQ(Ask(), "");
  ASSERT_EQ(AskOther(), "");
  world.Pass(absl::Seconds(2));
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(AskedOf(fyn).size(), 1U);
  const std::string asked = AskedOf(fyn).at(0).ShortDebugString();
  EXPECT_THAT(asked, Not(HasSubstr("Canary")));
  EXPECT_THAT(asked, Not(HasSubstr(kPerson)));
  EXPECT_EQ(Answer(lv1::PLACE_SAFETY_CLEAR), "place_check.other_unit_is_asked");
  ASSERT_EQ(AnswerOf(fyn, lv1::PLACE_SAFETY_NOT_POSSIBLE), "");
  EXPECT_EQ(AtPolice().unit_says(), lv1::PLACE_SAFETY_NOT_POSSIBLE);
  EXPECT_EQ(Answer(lv1::PLACE_SAFETY_CLEAR), "place_check.other_unit_says_not");
  EXPECT_EQ(AskOther(), "place_check.other_unit_says_not") << "asked often enough, none says so";
  ASSERT_EQ(Answer(lv1::PLACE_SAFETY_NOT_POSSIBLE), "");
  ASSERT_EQ(Ask(), "") << "anew: what the other unit says stands";
  EXPECT_EQ(Answer(lv1::PLACE_SAFETY_CLEAR), "place_check.other_unit_says_not");
  ASSERT_EQ(AnswerOf(fyn, lv1::PLACE_SAFETY_CLEAR), "") << "they have spoken with each other";
  ASSERT_EQ(Answer(lv1::PLACE_SAFETY_CLEAR), "");
  EXPECT_EQ(GetCase(kif, id)->place_checks(0).safety(), lv1::PLACE_SAFETY_CLEAR);
  ExpectNothingRefused();
}

// What was asked of another unit ends with the course, too.
TEST_F(PlaceCheckTest, TheCourseEndsBeforeTheOtherUnitHasAnswered) {
  ASSERT_EQ(Ask(), "");
  ASSERT_EQ(AskOther(), "");
  ASSERT_EQ(Change(kif, id, cv1::PROGRAMME_GOD_LOESLADELSE), "");
  world.Pass(absl::Seconds(2));
  ASSERT_TRUE(world.Settle());
  for (const lv1::AskedConflict& one : AskedOf(fyn)) EXPECT_TRUE(one.has_ended());
  EXPECT_EQ(Answer(lv1::PLACE_SAFETY_CLEAR), "security.programme_over");
  Days(10);
  EXPECT_EQ(vestegnen.telemetry().LinesOf("place_check.unit_overdue").size(), 0U);
  EXPECT_EQ(kif.telemetry().LinesOf("place_check.overdue").size(), 0U);
  ExpectNothingRefused();
}

TEST_F(PlaceCheckTest, OneThatIsNotAnsweredIsMissed) {
  ASSERT_EQ(Ask(), "");
  ASSERT_EQ(AskOther(), "");
  EXPECT_EQ(Ask(), "place_check.asked");
  Days(5);
  EXPECT_EQ(kif.telemetry().LinesOf("place_check.overdue").size(), 0U) << "the other has its time";
  Days(7);
  EXPECT_EQ(kif.telemetry().LinesOf("place_check.overdue").size(), 1U);
  EXPECT_EQ(Ask(), "");
}

// Who takes the case over asks anew.
TEST_F(PlaceCheckTest, NothingOfItGoesAlongWithTheCase) {
  Agree();
  ASSERT_EQ(Ask(), "");
  ASSERT_EQ(AskOther(), "");
  ASSERT_EQ(Plan(id, Now(), cv1::RELEASE_CHANGE_UNSPECIFIED), "");
  TakenOver(kif, id, odense);
  EXPECT_TRUE(GetCase(odense, id)->place_checks().empty());
  EXPECT_TRUE(OnlyFile(fyn)->place_checks().empty());
  for (const lv1::AskedConflict& one : AskedOf(fyn)) EXPECT_TRUE(one.has_ended());
}

class PlaceOfMeetingTest : public PlaceCheckTest {
 protected:
  PlaceOfMeetingTest() {
    Agree();
    EXPECT_EQ(Plan(id, Now(), cv1::RELEASE_CHANGE_UNSPECIFIED), "");
    TakenOver(kif, id, ishoej);
  }
  // Called anew, where `meeting` names one.
  std::string Call(const std::string& municipality, const std::string& place,
                   const std::string& meeting = "") {
    cv1::CallMeetingRequest request;
    request.set_kind(cv1::MEETING_KIND_AGREEMENT);
    *request.mutable_at() = exchange::ToProto(Now() + absl::Hours(48));
    request.set_municipality(municipality);
    request.set_place(place);
    request.set_police(true);
    request.set_meeting_id(meeting);
    return Do<cv1::CallMeetingRequest, cv1::CallMeetingResponse>(
        ishoej, id, "exitbus.casework.v1.MeetingService.CallMeeting", request);
  }
};

// The coordinator hears "not there", and never why.
TEST_F(PlaceOfMeetingTest, NobodyIsMetWhereThePoliceFindThatHeCannotBe) {
  EXPECT_EQ(Call(kOdenseCode, "the library"), "place.not_clear");
  ASSERT_EQ(AskOf(ishoej, id, cv1::PLACE_USE_MEETING, "the library"), "");
  EXPECT_EQ(AtPolice().place(), "the library");
  EXPECT_EQ(AtPolice().use(), cv1::PLACE_USE_MEETING);
  ASSERT_EQ(Answer(lv1::PLACE_SAFETY_CLEAR, "the library"), "");
  ASSERT_EQ(Call(kOdenseCode, "the library"), "");
  EXPECT_EQ(Call(kOdenseCode, "the station"), "place.not_clear") << "another place in it";
  ASSERT_EQ(Answer(lv1::PLACE_SAFETY_NOT_POSSIBLE, "the library"), "") << "since then";
  EXPECT_THAT(ActsOf(ishoej, id), testing::Contains(cv1::NEXT_ACT_KIND_LEAVE_PLACE));
  EXPECT_EQ(Call(kOdenseCode, "the library"), "place.not_there");
  const std::string meeting = GetCase(ishoej, id)->meetings(0).meeting_id();
  ASSERT_EQ(Call("0183", "the town hall", meeting), "") << "at home he is met unless they say so";
  EXPECT_THAT(ActsOf(ishoej, id), Not(testing::Contains(cv1::NEXT_ACT_KIND_LEAVE_PLACE)));
  ExpectNothingRefused();
}

// A court has forbidden him all of a municipality; nobody has asked.
TEST_F(PlaceOfMeetingTest, WhatThePoliceSayUnaskedHolds) {
  EXPECT_EQ(Answer(lv1::PLACE_SAFETY_CLEAR), "place_check.not_asked");
  ASSERT_EQ(Answer(lv1::PLACE_SAFETY_NOT_POSSIBLE), "");
  EXPECT_EQ(Call(kOdenseCode, "anywhere"), "place.not_there");
  EXPECT_EQ(AskOf(ishoej, id, cv1::PLACE_USE_PRISON), "place_check.no_prison_of_ours");
  cv1::Measure work = MeasureOf(cv1::MEASURE_TYPE_EMPLOYMENT, cv1::MODULE_EDUCATION_EMPLOYMENT,
                                ishoej, "a work place");
  work.set_municipality(kOdenseCode);
  work.set_place("the workshop");
  EXPECT_EQ(RuleOf(SignAgreement(world, ishoej, id, {work})), "place.not_there");
  ASSERT_EQ(AskOf(ishoej, id, cv1::PLACE_USE_WORK_PLACE, "the workshop"), "");
  ASSERT_EQ(Answer(lv1::PLACE_SAFETY_CLEAR, "the workshop"), "") << "there alone he may be";
  EXPECT_TRUE(SignAgreement(world, ishoej, id, {work}).ok());
  ExpectNothingRefused();
}

// Neither a unit that works on the case nor the citizen is to know that the police are asked.
TEST_F(PlaceOfMeetingTest, ThatTheyAreAskedIsNothingToAUnitOrTheCitizen) {
  ASSERT_EQ(AskOf(ishoej, id, cv1::PLACE_USE_MEETING, "canary-asked-about"), "");
  ASSERT_TRUE(Involve(world, ishoej, id, policy::v1::FUNCTION_JOBCENTRE).ok());
  const Speaking unit(ishoej, "jobcentre", "employee-2");
  EXPECT_THAT(GetCase(ishoej, id)->ShortDebugString(), Not(HasSubstr("canary-asked-about")));
}

}  // namespace
}  // namespace exitbus::simulation
