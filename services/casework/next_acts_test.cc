// What waits in a case, for each that the decision tables are given.
#include "services/casework/next_acts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "exitbus/casework/v1/case.pb.h"
#include "services/casework/case_given_testing.h"

namespace exitbus::casework {
namespace {

// "WHAT about, …"; "overdue" where it is.
std::string WaitsIn(const casework_journal::v1::CaseFile& file) {
  v1::Case view;
  ShowNextActs(file, view);
  std::vector<std::string> acts;
  for (const v1::NextAct& act : view.next_acts()) {
    std::string said = v1::NextActKind_Name(act.kind()).substr(sizeof("NEXT_ACT_KIND_") - 1);
    if (!act.about().empty()) absl::StrAppend(&said, " ", act.about());
    if (act.overdue()) absl::StrAppend(&said, " overdue");
    acts.push_back(said);
  }
  return absl::StrJoin(acts, ", ");
}

struct Waits {
  const char* given;
  const char* what;
};

class NextActsTest : public testing::TestWithParam<Waits> {};

TEST_P(NextActsTest, AreWhatTheCaseStillNeeds) {
  casework_journal::v1::CaseFile file = GivenCase(GetParam().given);
  file.set_responsible("municipality-0183");
  EXPECT_EQ(WaitsIn(file), GetParam().what) << GetParam().given;
}

// As their being unread goes on to alarm.
TEST(NextActsOfOneTest, PrecautionsAreReadWhateverBecomesOfTheCourse) {
  casework_journal::v1::CaseFile file = GivenCase("WITH_POLICE");
  file.set_stage(v1::CASE_STAGE_WITHDRAWN);
  EXPECT_EQ(WaitsIn(file), "READ_PRECAUTIONS");
  file.mutable_security()->set_acknowledged_by("employee-1");
  EXPECT_EQ(WaitsIn(file), "");
}

INSTANTIATE_TEST_SUITE_P(
    OfEachCase, NextActsTest,
    testing::Values(
        Waits{"REFERRED", "RECORD_BASIS, STATE_RELOCATION_NEED"},
        Waits{"CONSENTED", "DECIDE_VISITATION, ASK_POLICE, STATE_RELOCATION_NEED"},
        Waits{"ASKED_UNIT",
              "DECIDE_VISITATION, STATE_RELOCATION_NEED, ANSWER_QUESTION FUNCTION_JOBCENTRE"},
        Waits{"ASKED_ACCESS",
              "ANSWER_ACCESS_REQUEST, DECIDE_VISITATION, ASK_POLICE, STATE_RELOCATION_NEED"},
        Waits{"PROPOSED", "CONFIRM_VISITATION, ASK_POLICE, STATE_RELOCATION_NEED"},
        Waits{"VISITED", "SIGN_AGREEMENT, NAME_CONTACT_PERSON"},
        Waits{"UNASSESSED", "RECORD_BASIS, NAME_CONTACT_PERSON"},
        Waits{"ASKED", "NAME_CONTACT_PERSON"}, Waits{"OFFERED", ""},
        Waits{"ENROLLED", "START_PROGRAMME, NAME_CONTACT_PERSON"},
        Waits{"CALLED", "HOLD_MEETING the-meeting, START_PROGRAMME, NAME_CONTACT_PERSON"},
        Waits{"HELD", "START_PROGRAMME, NAME_CONTACT_PERSON"},
        Waits{"ACTIVE", "START_MEASURE ours, NAME_CONTACT_PERSON"},
        Waits{"PAUSED", "RESUME_PROGRAMME, START_MEASURE ours, NAME_CONTACT_PERSON"},
        Waits{"BEGUN", "NAME_CONTACT_PERSON, END_MEASURE ours"},
        Waits{"STOPPED", "NAME_CONTACT_PERSON"},
        Waits{"WITH_POLICE",
              "STATE_RELOCATION_NEED, START_PROGRAMME, NAME_CONTACT_PERSON, READ_PRECAUTIONS"},
        Waits{"READ", "STATE_RELOCATION_NEED, START_PROGRAMME, NAME_CONTACT_PERSON"},
        Waits{"ENDED",
              "RECORD_FOLLOW_UP FOLLOW_UP_WINDOW_OCCUPIED_AFTER_3_MONTHS, "
              "RECORD_FOLLOW_UP FOLLOW_UP_WINDOW_CHARGED_AFTER_1_YEAR"},
        Waits{"NAMED", "START_PROGRAMME"},
        Waits{"TO_BEGIN", "START_MEASURE ours, NAME_CONTACT_PERSON"},
        Waits{"TO_REVIEW", "REVIEW_COURSE, START_MEASURE ours, NAME_CONTACT_PERSON"},
        Waits{"IN_CUSTODY", "MAKE_CUSTODY_PLAN, RECORD_BASIS, STATE_RELOCATION_NEED"},
        Waits{"TO_BE_PAROLED",
              "MAKE_CUSTODY_PLAN, CONTACT_MUNICIPALITY, RECORD_BASIS, STATE_RELOCATION_NEED"},
        Waits{"CONTACTED", "MAKE_CUSTODY_PLAN, RECORD_BASIS, STATE_RELOCATION_NEED"},
        Waits{"PLANNED", "CONTACT_MUNICIPALITY, RECORD_BASIS, STATE_RELOCATION_NEED"},
        Waits{"CLOSED", ""}, Waits{"WITHDRAWN", ""}, Waits{"FORMER", ""}, Waits{"RECEIVING", ""}));

}  // namespace
}  // namespace exitbus::casework
