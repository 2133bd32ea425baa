// The machines of a case explored exhaustively: no dead end, no way back from an end, exactly one
// authority responsible, whoever is to hear hears, and what the case waits for is said. And that
// this finds what is broken on purpose.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/case.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/case_given_testing.h"
#include "services/casework/model_inputs_testing.h"
#include "services/casework/model_testing.h"
#include "services/casework/next_acts.h"
#include "services/casework/programme/programmes.h"
#include "services/exchange/deciding_testing.h"
#include "tests/tables/inputs.h"

namespace exitbus::casework {
namespace {

namespace jv1 = casework_journal::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DecisionContext;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kStatesMax = 60'000;
// Follow-ups, meetings and deadlines come long after.
constexpr absl::Duration kLater = absl::Hours(24 * 366 * 3);
constexpr char kLaterOn[] = ", later on";

const exchange::DirectoryEntry kNec{"nec", pv1::AUTHORITY_KIND_NEC, "", "national", "", ""};

// What is told apart: everything that a rule, a next act or an end looks at, and no time or text.
std::string StateOf(const jv1::CaseFile& file) {
  const v1::Intake& intake = file.intake();
  std::string state = absl::StrCat(v1::CaseStage_Name(file.stage()), " standing ", file.standing(),
                                   " consent ", file.consent().has_given(),
                                   file.consent().has_revoked(), " bases ", file.bases_size(),
                                   " programme ", file.programme(), " opens ", file.opens_size());
  absl::StrAppend(&state, " police ", !file.police().empty(), file.has_police_asked(),
                  file.clarification().version(), file.security().version(),
                  !file.security().acknowledged_by().empty(),
                  file.police_on_consent().has_blocked());
  absl::StrAppend(&state, " screened ", intake.screening().crime(), " interview ",
                  intake.has_interview(), intake.interview().motivation_is_real(), " need ",
                  intake.relocation_need().answer(), " shown ", intake.shown_size() > 0,
                  " proposed ", intake.has_proposed_visitation());
  for (const jv1::UnitQuestion& question : file.questions()) {
    absl::StrAppend(&state, " question ", question.seen().has_answered(),
                    question.owed().overdue());
  }
  absl::StrAppend(&state, " agreed ", file.has_agreement(), " paused ", file.has_paused(), " end ",
                  file.end().code());
  for (const jv1::MeasureProgress& progress : file.measures_moved()) {
    absl::StrAppend(&state, " measure ", progress.seen().stage(), progress.owed().overdue());
  }
  for (const v1::Meeting& meeting : file.meetings()) {
    absl::StrAppend(&state, " meeting ", meeting.stage());
  }
  for (const jv1::FollowUp& one : file.follow_ups()) {
    absl::StrAppend(&state, " follow-up ", one.answer() != 0, one.owed().overdue());
  }
  return state;
}

// Which stages lead where.
const std::map<v1::CaseStage, std::vector<v1::CaseStage>>& Ways() {
  using namespace v1;  // NOLINT: the stages' names
  static const auto* const ways = new std::map<CaseStage, std::vector<CaseStage>>{
      {CASE_STAGE_UNSPECIFIED, {CASE_STAGE_REFERRED}},
      {CASE_STAGE_REFERRED, {CASE_STAGE_VISITED, CASE_STAGE_ENDED, CASE_STAGE_WITHDRAWN}},
      {CASE_STAGE_VISITED, {CASE_STAGE_ENROLLED, CASE_STAGE_ENDED, CASE_STAGE_WITHDRAWN}},
      {CASE_STAGE_ENROLLED, {CASE_STAGE_ACTIVE, CASE_STAGE_ENDED, CASE_STAGE_WITHDRAWN}},
      {CASE_STAGE_ACTIVE, {CASE_STAGE_ENDED, CASE_STAGE_WITHDRAWN}},
      {CASE_STAGE_ENDED, {CASE_STAGE_CLOSED}},
      {CASE_STAGE_WITHDRAWN, {CASE_STAGE_CLOSED}},
      {CASE_STAGE_CLOSED, {}}};
  return *ways;
}

int ToldTo(pv1::Relation relation, const Decision& decision) {
  return static_cast<int>(
      absl::c_count_if(decision.notifications(), [&](const exchange::Notification& notification) {
        return notification.to.relation == relation;
      }));
}

bool WaitsForPolice(const jv1::CaseFile& file) {
  return file.has_police_asked() && file.clarification().version() == 0;
}

// Somebody acts next: this authority, which is told so, or whom it waits for.
bool IsLeftAlone(const jv1::CaseFile& file) {
  v1::Case view;
  ShowNextActs(file, view);
  return view.next_acts().empty() && file.stage() != v1::CASE_STAGE_ACTIVE &&
         !IsOver(file.stage()) && !WaitsForPolice(file);
}

std::string FaultIn(const jv1::CaseFile& before, const Decision& decision,
                    const jv1::CaseFile& after) {
  const std::string step =
      absl::StrCat(v1::CaseStage_Name(before.stage()), " → ", v1::CaseStage_Name(after.stage()));
  const bool moved = before.stage() != after.stage();
  if (moved && !absl::c_linear_search(Ways().at(before.stage()), after.stage())) {
    return absl::StrCat("there is no way ", step);
  }
  if (after.standing() != v1::STANDING_RESPONSIBLE || after.responsible() != "municipality-0183" ||
      after.number() != 1) {
    return "responsibility has moved without a handover";
  }
  if (moved && after.stage() != v1::CASE_STAGE_REFERRED && IsInOverview(after) &&
      ToldTo(pv1::RELATION_NEC_OVERVIEW, decision) != 1) {
    return absl::StrCat("NEC does not hear of ", step, " once");
  }
  if (moved && IsOver(after.stage()) && !after.police().empty() &&
      Opens(after, v1::PROGRAMME_OPENING_POLICE) && !after.police_on_consent().has_blocked() &&
      ToldTo(pv1::RELATION_POLICE, decision) != 1) {
    return absl::StrCat("the police do not hear of ", step, " once");
  }
  if (!IsInOverview(before) && !IsInOverview(after) &&
      ToldTo(pv1::RELATION_NEC_OVERVIEW, decision) != 0) {
    return absl::StrCat("NEC hears of a case that it is not to know of: ", step);
  }
  return IsLeftAlone(after) ? absl::StrCat("nobody acts next after ", StateOf(after)) : "";
}

// Withdrawn and followed up is an end too; so is who died, of whom nothing is asked.
bool IsEnd(const jv1::CaseFile& file) {
  return IsOver(file.stage()) && absl::c_none_of(file.follow_ups(), [](const jv1::FollowUp& one) {
           return one.answer() == v1::FOLLOW_UP_ANSWER_UNSPECIFIED;
         });
}

class ModelTest : public testing::Test {
 protected:
  // By these people and letters, and by what falls due, now and later.
  Machine MachineOf(tables::Inputs inputs, const std::string& begin) {
    Machine machine;
    machine.state_of = &StateOf;
    machine.begins = {GivenCase(begin)};
    if (begin != "NEW") {
      machine.begins[0].set_responsible("municipality-0183");
      machine.begins[0].set_programme(v1::PROGRAMME_NATIONAL_FRAMEWORK);
    }
    for (const std::string& name : inputs.Names()) {
      machine.inputs.push_back(name);
      machine.inputs.push_back(name + kLaterOn);
    }
    machine.inputs.push_back(kDue);
    machine.decide = [this, inputs](const jv1::CaseFile& file, const std::string& input) {
      const bool is_later = input.ends_with(kLaterOn);
      const std::string name =
          is_later ? input.substr(0, input.size() - sizeof(kLaterOn) + 1) : input;
      return Decide(inputs, file, name, is_later || name == kDue ? kLater : absl::ZeroDuration());
    };
    machine.evolve = [](const jv1::CaseFile& file, const Decision& decision) {
      return *After(file, decision);
    };
    machine.is_end = &IsEnd;
    machine.fault_in = [this, inputs](const jv1::CaseFile& before, const std::string&,
                                      const Decision& decision, const jv1::CaseFile& after) {
      const std::string fault = FaultIn(before, decision, after);
      return fault.empty() ? RefusedActOf(inputs, after) : fault;
    };
    return machine;
  }
  Machine MachineOf(const std::vector<void (*)(tables::Inputs&)>& subjects,
                    const std::string& begin) {
    tables::Inputs inputs(CaseFiles({ReleasePart()}),
                          {"police-1469", pv1::CHANNEL_CASE, "fresh", 1});
    for (const auto add : subjects) add(inputs);
    return MachineOf(inputs, begin);
  }

  exchange::VisitationSettings settings_;

 private:
  static constexpr char kDue[] = "what is due";

  // What is said to wait is not refused, today or when its time has come.
  std::string RefusedActOf(const tables::Inputs& inputs, const jv1::CaseFile& file) const {
    v1::Case view;
    ShowNextActs(file, view);
    for (const v1::NextAct& act : view.next_acts()) {
      const std::string command = CommandOf(act.kind());
      bool is_known = false, is_taken = false;
      for (const std::string& name : inputs.Names()) {
        if (command.empty() || name.substr(0, name.find(',')) != command) continue;
        is_known = true;
        is_taken |= Decide(inputs, file, name, absl::ZeroDuration()).accepted() ||
                    Decide(inputs, file, name, 3 * kLater).accepted();
      }
      if (is_known && !is_taken) {
        return absl::StrCat(command, " waits and is refused in ", StateOf(file));
      }
    }
    return "";
  }

  Decision Decide(const tables::Inputs& inputs, const jv1::CaseFile& file, const std::string& name,
                  absl::Duration after) const {
    DecisionContext context = ishoej_.DecisionContextFor(kFirst);
    context.visitation = &settings_;
    const exchange::Aggregate& files = inputs.aggregate();
    context.now += after;
    Decision decision;
    if (name == kDue) {
      const auto deadlines = files.deadlines(file);
      if (deadlines.empty()) return decision;
      decision = files.decide_deadline(file, deadlines.front().name, context);
    } else {
      if ((file.standing() == v1::STANDING_UNSPECIFIED) != (name == "OpenCase")) {
        return Decision::Refuse(exchange::NotThere());
      }
      decision = inputs.Decide(name, file, context);
    }
    if (decision.accepted() && !decision.events().empty()) files.conclude(file, context, decision);
    return decision;
  }

  const exchange::Deciding ishoej_{exchange::kIshoej, {exchange::kVestegnen, kNec}};
};

void ExpectFine(const Explored& explored, const Machine& machine,
                const std::set<std::string>& never = {}) {
  EXPECT_THAT(explored.faults, IsEmpty());
  std::cout << "  " << explored.states << " states, " << explored.steps << " steps\n";
  for (const std::string& input : machine.inputs) {
    if (input.ends_with(kLaterOn) || never.contains(input)) continue;
    EXPECT_TRUE(explored.reached.contains(input) || explored.reached.contains(input + kLaterOn))
        << input << " is never accepted";
  }
}

TEST_F(ModelTest, FromTheReferralToTheVisitation) {
  settings_.by_two = true;
  settings_.required = {v1::INTAKE_STEP_SCREENING, v1::INTAKE_STEP_UNITS, v1::INTAKE_STEP_INTERVIEW,
                        v1::INTAKE_STEP_SHOWN_TO_CITIZEN};
  const Machine machine =
      MachineOf({&AddOpening, &AddIntake, &AddVisitation, &AddWithdrawal}, "NEW");
  ExpectFine(Explore(machine, kStatesMax), machine, {"ConfirmVisitation, by the first"});
}

TEST_F(ModelTest, FromTheReferralToTheAgreementWithThePolice) {
  const Machine machine = MachineOf({&AddOpening, &AddPolice, &AddNeed, &AddVisitation,
                                     &AddAgreement, &AddWithdrawal, &AddFollowUps},
                                    "NEW");
  ExpectFine(Explore(machine, kStatesMax), machine,
             {"ConfirmVisitation", "ConfirmVisitation, by the first"});
}

TEST_F(ModelTest, FromTheVisitationToTheLastFollowUp) {
  const Machine machine =
      MachineOf({&AddAgreement, &AddCourse, &AddEnds, &AddWithdrawal, &AddFollowUps}, "VISITED");
  ExpectFine(Explore(machine, kStatesMax), machine);
}

TEST_F(ModelTest, ATransitionBackFromAnEndIsFound) {
  Machine machine = MachineOf({&AddAgreement, &AddCourse, &AddEnds}, "VISITED");
  const auto evolve = machine.evolve;
  machine.evolve = [evolve](const jv1::CaseFile& file, const Decision& decision) {
    jv1::CaseFile after = evolve(file, decision);
    if (file.stage() == v1::CASE_STAGE_ENROLLED && after.stage() == v1::CASE_STAGE_ENROLLED) {
      after.set_stage(v1::CASE_STAGE_VISITED);
    }
    return after;
  };
  EXPECT_THAT(Explore(machine, kStatesMax).faults, Contains(HasSubstr("there is no way")));
}

TEST_F(ModelTest, ANotificationThatIsMissingIsFound) {
  Machine machine = MachineOf({&AddAgreement, &AddCourse, &AddEnds}, "VISITED");
  const auto fault_in = machine.fault_in;
  machine.fault_in = [fault_in](const jv1::CaseFile& before, const std::string& input,
                                const Decision& decision, const jv1::CaseFile& after) {
    Decision silent;
    for (const auto& event : decision.events()) silent.AddEvent(*event);
    return fault_in(before, input, silent, after);
  };
  EXPECT_THAT(Explore(machine, kStatesMax).faults, Contains(HasSubstr("NEC does not hear of")));
}

TEST_F(ModelTest, ADeadEndIsFound) {
  Machine machine = MachineOf({&AddAgreement, &AddCourse, &AddEnds}, "VISITED");
  std::erase_if(machine.inputs, [](const std::string& input) {
    return input.starts_with("EndProgramme") || input.starts_with("RecordWithdrawal");
  });
  EXPECT_THAT(Explore(machine, kStatesMax).faults, Contains(HasSubstr("no way to an end from")));
}

TEST_F(ModelTest, WhoAnswersForTwoIsFound) {
  Machine machine = MachineOf({&AddAgreement, &AddCourse, &AddEnds}, "VISITED");
  const auto evolve = machine.evolve;
  machine.evolve = [evolve](const jv1::CaseFile& file, const Decision& decision) {
    jv1::CaseFile after = evolve(file, decision);
    if (after.has_paused()) after.set_responsible("municipality-0461");
    return after;
  };
  EXPECT_THAT(Explore(machine, kStatesMax).faults, Contains(HasSubstr("responsibility has moved")));
}

}  // namespace
}  // namespace exitbus::casework
