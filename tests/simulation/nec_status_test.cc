// The inquiry whether NEC has registered somebody (VIS-07, D07), and what the police see against a
// visitation (D28), across the authorities: who asks, who answers, who is shown what, and where
// nothing of it is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "exitbus/account/v1/account.pb.h"
#include "exitbus/casework/v1/intake_service.pb.h"
#include "exitbus/police/v1/nec_status_service.pb.h"
#include "exitbus/police/v1/security_service.pb.h"
#include "tests/simulation/programme_world.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace plv1 = police::v1;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string kIntakeMethods = "exitbus.casework.v1.IntakeService.";
const std::string kNecStatus = "exitbus.police.v1.NecStatusService.";

class NecStatusTest : public testing::Test, protected ProgrammeWorld {
 protected:
  std::string Ask(Node& node, const std::string& id) {
    return Do<cv1::RequestNecStatusRequest, cv1::RequestNecStatusResponse>(
        node, id, kIntakeMethods + "RequestNecStatus", {});
  }
  // A case that the unit knows, and is asked of.
  std::string Asked(cv1::Programme programme = cv1::PROGRAMME_NATIONAL_FRAMEWORK) {
    std::string id = Opened(ishoej, programme);
    EXPECT_TRUE(AskPolice(world, ishoej, id).ok());
    EXPECT_TRUE(world.Settle());
    EXPECT_EQ(Ask(ishoej, id), "");
    return id;
  }
  std::string Answer(Node& unit, cv1::NecListStatus status,
                     cv1::Hindrance hindrance = cv1::HINDRANCE_NONE) {
    plv1::AnswerNecStatusRequest request;
    request.set_request_id(world.RequestId());
    request.set_security_id(OnlyFile(unit)->security_id());
    request.set_status(status);
    request.set_hindrance(hindrance);
    const auto answer =
        unit.Call<plv1::AnswerNecStatusResponse>(kNecStatus + "AnswerNecStatus", request);
    EXPECT_TRUE(world.Settle());
    return answer.ok() ? "" : RuleOf(answer.status());
  }
  absl::StatusOr<cv1::NecAnswer> Read(Node& node, const std::string& id) {
    cv1::GetNecAnswerRequest request;
    request.set_case_id(id);
    const auto answer =
        node.Call<cv1::GetNecAnswerResponse>(kIntakeMethods + "GetNecAnswer", request);
    if (!answer.ok()) return answer.status();
    return answer->answer();
  }
  std::vector<account::v1::AccountEntry> AccountAtUnit(Node& unit) {
    plv1::GetAccountRequest request;
    request.set_security_id(OnlyFile(unit)->security_id());
    const auto answer = unit.Call<plv1::GetAccountResponse>(
        "exitbus.police.v1.SecurityService.GetAccount", request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return {answer->entries().begin(), answer->entries().end()};
  }
  static std::size_t Alarms(Node& node) {
    return node.telemetry().LinesOf("nec_status.overdue").size();
  }
};

TEST_F(NecStatusTest, IsAskedAndAnsweredByPeopleAndDecidesNothing) {
  const std::string id = Asked();
  EXPECT_TRUE(OnlyFile(vestegnen)->nec_inquiry().has_due());
  EXPECT_EQ(Ask(ishoej, id), "nec_status.asked");
  EXPECT_TRUE(absl::IsNotFound(Read(ishoej, id).status()));
  ASSERT_EQ(Answer(vestegnen, cv1::NEC_LIST_STATUS_NO), "");
  EXPECT_EQ(GetCase(ishoej, id)->nec_status().status(), cv1::NEC_LIST_STATUS_NO);
  EXPECT_FALSE(GetCase(ishoej, id)->nec_status().has_due());
  EXPECT_EQ(Read(ishoej, id)->hindrance(), cv1::HINDRANCE_NONE);
  EXPECT_EQ(OnlyFile(vestegnen)->nec_inquiry().status(), cv1::NEC_LIST_STATUS_NO);
  // NEC-07: who is not registered is visited and enrolled as anybody.
  EXPECT_EQ(Visit(ishoej, id), "");
  ASSERT_TRUE(Assess(world, vestegnen).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Sign(ishoej, id), "");
  EXPECT_TRUE(absl::IsNotFound(Read(ishoej, id).status())) << "there is nothing to decide by it";
  ExpectNothingRefused();
}

TEST_F(NecStatusTest, AHindranceIsShownToWhoDecidesAndStopsNobody) {
  const std::string id = Asked();
  ASSERT_EQ(Answer(vestegnen, cv1::NEC_LIST_STATUS_UNKNOWN, cv1::HINDRANCE_STANDS), "");
  EXPECT_EQ(Read(ishoej, id)->hindrance(), cv1::HINDRANCE_STANDS);
  EXPECT_EQ(Visit(ishoej, id), "") << "people decide";
  ExpectNothingRefused();
}

TEST_F(NecStatusTest, NobodyElseInTheMunicipalityIsShownIt) {
  const std::string id = Asked();
  ASSERT_EQ(Answer(vestegnen, cv1::NEC_LIST_STATUS_YES, cv1::HINDRANCE_STANDS), "");
  ASSERT_TRUE(Involve(world, ishoej, id, policy::v1::FUNCTION_JOBCENTRE).ok());
  for (const std::string function :
       {"auditor", "jobcentre", "citizen-service", "family-centre", "mentor", "operator"}) {
    const Speaking employee(ishoej, function, "employee-2");
    const auto read = Read(ishoej, id);
    EXPECT_FALSE(read.ok()) << function;
    const auto seen = GetCase(ishoej, id);
    if (!seen.ok()) continue;
    EXPECT_THAT(seen->ShortDebugString(), Not(HasSubstr("HINDRANCE"))) << function;
    EXPECT_EQ(seen->has_nec_status(), function == "auditor") << function;
  }
}

// Reads that differ in what is accounted for would be a row each.
TEST_F(NecStatusTest, NoAccountTellsOfAHindrance) {
  const std::string id = Asked();
  for (const auto hindrance : {cv1::HINDRANCE_NONE, cv1::HINDRANCE_STANDS}) {
    ASSERT_EQ(Answer(vestegnen, cv1::NEC_LIST_STATUS_NO, hindrance), "");
    ASSERT_EQ(Read(ishoej, id)->hindrance(), hindrance);
  }
  const auto account = AccountOf(ishoej, id);
  ASSERT_TRUE(account.ok()) << account.status();
  int reads = 0;
  for (const auto& entry : *account) {
    EXPECT_THAT(entry.ShortDebugString(), Not(HasSubstr("hindrance")));
    if (entry.kind() != kIntakeMethods + "GetNecAnswer") continue;
    EXPECT_EQ(entry.times(), 2U);
    EXPECT_THAT(entry.fields(), Contains("status"));
    ++reads;
  }
  EXPECT_EQ(reads, 1);
  int told = 0;
  for (const auto& entry : AccountAtUnit(vestegnen)) {
    EXPECT_THAT(entry.ShortDebugString(), Not(HasSubstr("hindrance")));
    if (entry.kind() != "exitbus.police.v1.NecStatusAnswered") continue;
    EXPECT_THAT(entry.fields(), ElementsAre("status"));
    ++told;
  }
  EXPECT_EQ(told, 2);
}

TEST_F(NecStatusTest, ARejectionForItIsAsAnyOther) {
  const std::string id = Asked();
  ASSERT_EQ(Visit(ishoej, id), "");
  ASSERT_EQ(Answer(vestegnen, cv1::NEC_LIST_STATUS_YES, cv1::HINDRANCE_STANDS), "");
  cv1::EndProgrammeRequest request;
  request.set_code(cv1::END_CODE_REJECTED);
  request.set_ground(cv1::REJECTION_GROUND_NOT_IN_TARGET_GROUP);
  request.set_reasons("not the target group");
  ASSERT_EQ((Do<cv1::EndProgrammeRequest, cv1::EndProgrammeResponse>(
                ishoej, id, kCourseMethods + "EndProgramme", request)),
            "");
  EXPECT_THAT(InOverview(), ElementsAre("municipality-0183 ENDED"));
  for (Node* node : All()) {
    for (const auto& line : node->telemetry().lines()) {
      EXPECT_THAT(line.event, Not(HasSubstr("hindrance"))) << node->id();
      for (const auto& [name, value] : line.fields) {
        EXPECT_THAT(name + value, Not(HasSubstr("HINDRANCE"))) << node->id();
      }
    }
  }
  EXPECT_TRUE(absl::IsNotFound(Read(ishoej, id).status()));
  ExpectNothingRefused();
}

TEST_F(NecStatusTest, OneThatIsNotAnsweredIsMissedAndMayBeAskedAnew) {
  const std::string id = Asked();
  Days(5);
  EXPECT_EQ(Alarms(ishoej), 1U);
  EXPECT_TRUE(GetCase(ishoej, id)->nec_status().overdue());
  ASSERT_EQ(Ask(ishoej, id), "");
  EXPECT_FALSE(GetCase(ishoej, id)->nec_status().overdue());
  ASSERT_EQ(Answer(vestegnen, cv1::NEC_LIST_STATUS_UNKNOWN), "");
  Days(5);
  EXPECT_EQ(Alarms(ishoej), 1U);
}

// Nothing of it goes along: the next holder asks its own unit, if it wants to know.
TEST_F(NecStatusTest, AHandoverCarriesNothingOfIt) {
  const std::string id = Asked();
  ASSERT_EQ(Answer(vestegnen, cv1::NEC_LIST_STATUS_YES, cv1::HINDRANCE_STANDS), "");
  ASSERT_EQ(Visit(ishoej, id), "");
  ASSERT_TRUE(Assess(world, vestegnen).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(Sign(ishoej, id), "");
  TakenOver(ishoej, id, odense);
  EXPECT_FALSE(GetCase(odense, id)->has_nec_status());
  EXPECT_FALSE(OnlyFile(fyn)->has_nec_inquiry());
  EXPECT_EQ(Answer(vestegnen, cv1::NEC_LIST_STATUS_NO), "security.not_in_charge");
  EXPECT_EQ(Answer(fyn, cv1::NEC_LIST_STATUS_NO), "nec_status.not_asked");
  EXPECT_EQ(Ask(ishoej, id), "case.not_responsible");
  ASSERT_EQ(Ask(odense, id), "");
  ASSERT_EQ(Answer(fyn, cv1::NEC_LIST_STATUS_NO), "");
  EXPECT_EQ(GetCase(odense, id)->nec_status().status(), cv1::NEC_LIST_STATUS_NO);
  ExpectNothingRefused();
}

// D07: it may not know it.
TEST_F(NecStatusTest, KriminalforsorgenMayNotAsk) {
  const std::string id = Opened(prison, cv1::PROGRAMME_NATIONAL_FRAMEWORK);
  ASSERT_TRUE(AskPolice(world, prison, id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Ask(prison, id), "nec_status.not_for_this_authority");
}

// CF-4: a programme without ties to a gang asks nobody; a change of programme ends it that day.
TEST_F(NecStatusTest, AProgrammeThatDoesNotOpenItEndsIt) {
  EXPECT_EQ(Ask(ishoej, Opened(ishoej, cv1::PROGRAMME_GOD_LOESLADELSE, kAnother)),
            "programme.no_police");
  const std::string id = Asked();
  ASSERT_EQ(Change(ishoej, id, cv1::PROGRAMME_GOD_LOESLADELSE), "");
  EXPECT_EQ(Answer(vestegnen, cv1::NEC_LIST_STATUS_YES), "security.programme_over");
  Days(5);
  EXPECT_EQ(Alarms(ishoej), 0U);
  ExpectNothingRefused();
}

// What cannot be looked up from here the officer answers by what he sees in the list himself.
TEST_F(NecStatusTest, AUnitThatIsNotConnectedToTheListLooksUpNothing) {
  Asked();
  plv1::LookUpGangListRequest request;
  request.set_security_id(OnlyFile(vestegnen)->security_id());
  const auto seen =
      vestegnen.Call<plv1::LookUpGangListResponse>(kNecStatus + "LookUpGangList", request);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->look_up().status(), cv1::NEC_LIST_STATUS_UNKNOWN);
  EXPECT_EQ(seen->look_up().cpr_number(), kPerson);
}

}  // namespace
}  // namespace exitbus::simulation
