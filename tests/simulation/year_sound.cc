// What holds at the end of the year.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/programme_service.pb.h"
#include "exitbus/contact_point/v1/handover_desk.pb.h"
#include "services/exchange/proto_time.h"
#include "tests/simulation/whole_journal.h"
#include "tests/simulation/year.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace nv1 = nec::v1;
using testing::IsEmpty;

constexpr std::uint32_t kPage = 200;
constexpr char kYes[] = "FOLLOW_UP_ANSWER_YES";
constexpr char kNo[] = "FOLLOW_UP_ANSWER_NO";

// What is said of a directory that names no witnesses, and of nothing else.
bool IsExpected(const std::string& event) {
  return event == "store.no_witness_to_confirm" || event == "checkpoint.no_witnesses" ||
         event == "precautions.nobody_on_duty";  // nobody publishes contacts here
}

}  // namespace

Year::InExit Year::Count() const {
  InExit count;
  for (const Life& life : lives_) {
    if (!life.is_known_to_nec || life.end != cv1::END_CODE_UNSPECIFIED) continue;
    ++(IsInCustody(life) ? count.in_custody : count.outside);
    ++count.by_district[world.directory.Find(life.holder->id())->district];
  }
  return count;
}

void Year::ExpectCase(const Life& life) {
  SCOPED_TRACE(absl::StrCat(life.case_id, " at ", life.holder->id()));
  const auto seen = GetCase(*life.holder, life.case_id);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->responsibility_number(), 1U + static_cast<unsigned>(life.moved));
  EXPECT_EQ(seen->end().code(), life.end);
  EXPECT_EQ(life.handover, "");
  for (const cv1::NextAct& act : seen->next_acts()) {
    EXPECT_FALSE(act.overdue()) << cv1::NextActKind_Name(act.kind());
  }
  for (const cv1::NextAct& act : WaitingNow(life, *seen)) {
    ADD_FAILURE() << "waits: " << cv1::NextActKind_Name(act.kind());
  }
}

void Year::ExpectOneHolderEach() {
  std::map<std::string, std::set<std::string>> responsible;
  std::map<std::pair<std::string, std::string>, int> followed_up;
  for (Node* const node : Holders()) {
    cv1::ListCasesRequest list;
    list.set_page_size(kPage);
    do {
      const auto cases =
          node->Call<cv1::ListCasesResponse>("exitbus.casework.v1.CaseService.ListCases", list);
      ASSERT_TRUE(cases.ok()) << cases.status();
      for (const Case& one : cases->cases()) {
        if (one.standing() != cv1::STANDING_RESPONSIBLE) {
          EXPECT_THAT(one.next_acts(), IsEmpty()) << one.case_id() << " at " << node->id();
          continue;
        }
        responsible[one.case_id()].insert(node->id());
        for (const cv1::FollowUp& asked : one.follow_ups()) {
          if (asked.answer() == cv1::FOLLOW_UP_ANSWER_UNSPECIFIED) continue;
          ++followed_up[{cv1::FollowUpWindow_Name(asked.window()),
                         cv1::FollowUpAnswer_Name(asked.answer())}];
        }
      }
      list.set_page_token(cases->next_page_token());
    } while (!list.page_token().empty());
  }
  std::map<std::string, std::set<std::string>> truly;
  for (const Life& life : lives_) truly[life.case_id] = {life.holder->id()};
  EXPECT_EQ(responsible, truly);
  EXPECT_EQ(followed_up, followed_up_);
}

// The figures that each authority gives of its own cases, summed over all of them.
void Year::ExpectOutcomes() {
  std::map<std::pair<std::string, std::string>, int> answered, truly_answered;
  std::map<cv1::EndCode, int> ended, truly_ended;
  for (Node* const node : Holders()) {
    const auto answer = node->Call<cv1::GetOutcomesResponse>(
        "exitbus.casework.v1.ProgrammeService.GetOutcomes", cv1::GetOutcomesRequest());
    ASSERT_TRUE(answer.ok()) << answer.status();
    for (const cv1::FollowUpFigure& figure : answer->outcomes().follow_ups()) {
      const std::string& window = cv1::FollowUpWindow_Name(figure.window());
      if (figure.yes() > 0) answered[{window, kYes}] += static_cast<int>(figure.yes());
      if (figure.no() > 0) answered[{window, kNo}] += static_cast<int>(figure.no());
    }
    for (const cv1::EndFigure& figure : answer->outcomes().ends()) {
      ended[figure.code()] += static_cast<int>(figure.courses());
    }
  }
  for (const auto& [what, many] : followed_up_) {
    if (what.second == kYes || what.second == kNo) truly_answered[what] = many;
  }
  for (const Life& life : lives_) {
    if (life.end != cv1::END_CODE_UNSPECIFIED) ++truly_ended[life.end];
  }
  EXPECT_EQ(answered, truly_answered);
  EXPECT_EQ(ended, truly_ended);
}

void Year::ExpectCounted() {
  for (const InExit& truly : history_) {
    SCOPED_TRACE(absl::FormatTime(truly.at));
    nv1::CountEntriesRequest request;
    *request.mutable_as_of() = exchange::ToProto(truly.at);
    const auto counted = nec_.Call<nv1::CountEntriesResponse>(
        "exitbus.nec.v1.OverviewService.CountEntries", request);
    ASSERT_TRUE(counted.ok()) << counted.status();
    const nv1::EntryCounts& counts = counted->counts();
    EXPECT_EQ(static_cast<int>(counts.persons()), truly.outside + truly.in_custody);
    EXPECT_EQ(static_cast<int>(counts.outside()), truly.outside);
    EXPECT_EQ(static_cast<int>(counts.in_custody()), truly.in_custody);
    std::map<std::string, int> by_district;
    for (const nv1::DistrictCount& one : counts.districts()) {
      if (one.persons() > 0) by_district[one.district()] = static_cast<int>(one.persons());
    }
    EXPECT_EQ(by_district, truly.by_district);
  }
}

void Year::ExpectNoDifferences() {
  nv1::ListInventoriesRequest list;
  list.set_page_size(kPage);
  const auto inventories = nec_.Call<nv1::ListInventoriesResponse>(
      "exitbus.nec.v1.OverviewService.ListInventories", list);
  ASSERT_TRUE(inventories.ok()) << inventories.status();
  EXPECT_EQ(inventories->inventories_size(), static_cast<int>(Holders().size()));
  for (const nv1::HolderInventory& one : inventories->inventories()) {
    EXPECT_THAT(one.differences(), IsEmpty()) << one.authority();
    EXPECT_FALSE(one.overdue()) << one.authority();
  }
  contact_point::v1::ListMonitoredHandoversRequest waits;
  waits.set_escalated_only(true);
  const auto escalated = desk_.Call<contact_point::v1::ListMonitoredHandoversResponse>(
      "exitbus.contact_point.v1.HandoverDeskService.ListMonitoredHandovers", waits);
  ASSERT_TRUE(escalated.ok()) << escalated.status();
  EXPECT_THAT(escalated->handovers(), IsEmpty());
}

void Year::ExpectPoliceDone() {
  for (const auto& [district, unit] : all_.units()) {
    SCOPED_TRACE(district);
    police::v1::ListSecurityFilesRequest list;
    list.set_page_size(kPage);
    const auto files = unit->Call<police::v1::ListSecurityFilesResponse>(
        "exitbus.police.v1.SecurityService.ListSecurityFiles", list);
    ASSERT_TRUE(files.ok()) << files.status();
    EXPECT_EQ(files->next_page_token(), "");
    for (const auto& file : files->files()) {
      EXPECT_THAT(file.weekly_reports().missing(), IsEmpty());
      if (file.standing() != police::v1::POLICE_STANDING_IN_CHARGE) continue;
      EXPECT_FALSE(file.has_assessment_asked() && file.end() == cv1::END_CODE_UNSPECIFIED);
      for (const auto& told : file.precautions_recipients()) {
        EXPECT_NE(told.acknowledged_by(), "") << told.authority();
      }
    }
  }
}

void Year::ExpectQuiet(Node& node) {
  SCOPED_TRACE(node.id());
  std::map<std::string, int> alarms;
  for (const auto& line : node.telemetry().lines()) {
    if (line.severity != exchange::Severity::kInfo && !IsExpected(line.event)) ++alarms[line.event];
  }
  EXPECT_THAT(alarms, IsEmpty());
  EXPECT_THAT(node.telemetry().LinesOf("letter.refused"), IsEmpty());
  EXPECT_EQ(node.unreceipted(), 0U);
  EXPECT_THAT(node.store().rows(exchange::Table::kParked), IsEmpty());
  ExpectWholeJournal(node);
}

void Year::ExpectSound() {
  // Whom the units were asked about this week, they assess next Monday: that is now.
  ActAsPolice();
  world.Pass(absl::Seconds(2));
  for (Life& life : lives_) Act(life);
  ASSERT_TRUE(world.Settle());
  for (const Life& life : lives_) ExpectCase(life);
  ExpectOneHolderEach();
  ExpectOutcomes();
  ExpectCounted();
  ExpectNoDifferences();
  ExpectPoliceDone();
  for (Node* const node : Everybody()) ExpectQuiet(*node);
}

}  // namespace exitbus::simulation
