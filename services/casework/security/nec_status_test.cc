// Who may ask of NEC's list, and who is shown what was answered: what comes of each is in
// nec_status.table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "exitbus/casework/v1/intake_service.pb.h"
#include "exitbus/casework/v1/programme_service.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/case_given_testing.h"
#include "services/casework/case_inputs_testing.h"
#include "services/casework/parts.h"
#include "services/casework/views.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/typed.h"

namespace exitbus::casework {
namespace {

namespace jv1 = casework_journal::v1;
namespace pv1 = policy::v1;
using exchange::Deciding;
using exchange::Decision;
using exchange::DirectoryEntry;
using exchange::Of;
using testing::HasSubstr;
using testing::Not;

const DirectoryEntry kPrison{
    "kriminalforsorgen-01", pv1::AUTHORITY_KIND_KRIMINALFORSORGEN, "", "01", "", "", "1469"};
const DirectoryEntry kNec{"nec", pv1::AUTHORITY_KIND_NEC, "", "national", "", ""};

Decision Decided(const std::string& what, const std::string& says, const jv1::CaseFile& file,
                 const DirectoryEntry& self = exchange::kIshoej) {
  const Deciding at(self, {exchange::kVestegnen, kNec});
  return NoInputs().Command(what, says).Decide(what, file, at.DecisionContextFor());
}

std::string Asked(const jv1::CaseFile& file, const DirectoryEntry& self = exchange::kIshoej) {
  return exchange::OutcomeOf(Decided("RequestNecStatus", "", file, self));
}

// What a read of this method shows; empty: nothing.
template <class Request, class View>
std::string Shown(const jv1::CaseFile& file) {
  const std::string name = exchange::MethodOf(Request::descriptor());
  const Deciding at(exchange::kIshoej);
  for (const exchange::Method& method : CaseFiles().methods) {
    if (method.name != name) continue;
    const auto view = method.view(file, Request(), at.DecisionContextFor());
    return view == nullptr ? "" : view->ShortDebugString();
  }
  ADD_FAILURE() << "no method " << name;
  return "";
}

std::string AnswerIn(const jv1::CaseFile& file) {
  return Shown<v1::GetNecAnswerRequest, v1::NecAnswer>(file);
}

TEST(NecStatusTest, OnlyAMunicipalityMayAsk) {
  const jv1::CaseFile file = GivenCase("KNOWN_TO_POLICE");
  EXPECT_EQ(Asked(file), "");
  EXPECT_EQ(Asked(file, kPrison), "refused nec_status.not_for_this_authority");
}

TEST(NecStatusTest, OnlyInAProgrammeThatOpensIt) {
  jv1::CaseFile file = GivenCase("KNOWN_TO_POLICE");
  file.set_programme(v1::PROGRAMME_MUNICIPAL_EXIT);
  file.add_opens(v1::PROGRAMME_OPENING_GANG_LIST);
  EXPECT_EQ(Asked(file), "refused programme.no_police");
  file.clear_opens();
  file.add_opens(v1::PROGRAMME_OPENING_POLICE);
  EXPECT_EQ(Asked(file), "refused programme.no_gang_list");
  file.add_opens(v1::PROGRAMME_OPENING_GANG_LIST);
  EXPECT_EQ(Asked(file), "");
}

TEST(NecStatusTest, WhatIsAskedAnewIsNotAnsweredYet) {
  const jv1::CaseFile before = GivenCase("NEC_ANSWERED");
  const auto after = After(before, Decided("RequestNecStatus", "", before));
  EXPECT_FALSE(after->nec_status().seen().has_answered());
  EXPECT_EQ(after->nec_status().hindrance(), v1::HINDRANCE_UNSPECIFIED);
  EXPECT_EQ(AnswerIn(*after), "");
}

TEST(NecStatusTest, OperatorsHearOfAnAnswerThatIsLateWhileItIsWaitedFor) {
  const exchange::Aggregate files = CaseFiles();
  const auto alarms = [&](const jv1::CaseFile& file) {
    int count = 0;
    for (const exchange::Deadline& deadline : files.deadlines(file)) {
      count += deadline.name.starts_with("nec_status.overdue") ? 1 : 0;
    }
    return count;
  };
  EXPECT_EQ(alarms(GivenCase("NEC_ASKED")), 1);
  for (const std::string given : {"NEC_OVERDUE", "NEC_ANSWERED", "NEC_ENDED", "NEC_FORMER"}) {
    EXPECT_EQ(alarms(GivenCase(given)), 0) << given;
  }
}

TEST(NecAnswerTest, IsShownWholeUntilAnAgreementIsSignedOrTheCourseEnds) {
  jv1::CaseFile file = GivenCase("NEC_ANSWERED");
  EXPECT_THAT(AnswerIn(file), HasSubstr("hindrance: HINDRANCE_STANDS"));
  file.set_stage(v1::CASE_STAGE_VISITED);
  EXPECT_THAT(AnswerIn(file), HasSubstr("hindrance: HINDRANCE_STANDS"));
  for (const auto stage : {v1::CASE_STAGE_ENROLLED, v1::CASE_STAGE_ACTIVE, v1::CASE_STAGE_ENDED,
                           v1::CASE_STAGE_WITHDRAWN, v1::CASE_STAGE_CLOSED}) {
    file.set_stage(stage);
    EXPECT_EQ(AnswerIn(file), "") << stage;
  }
  EXPECT_EQ(AnswerIn(GivenCase("NEC_ASKED")), "");
  file = GivenCase("NEC_ANSWERED");
  file.set_standing(v1::STANDING_FORMER);
  EXPECT_EQ(AnswerIn(file), "");
}

TEST(NecAnswerTest, TheCaseShowsTheStatusAndNeverAHindrance) {
  const std::string view = CaseView(GivenCase("NEC_ANSWERED"))->ShortDebugString();
  EXPECT_THAT(view, HasSubstr("status: NEC_LIST_STATUS_NO"));
  EXPECT_THAT(view, Not(HasSubstr("HINDRANCE")));
}

TEST(NecAnswerTest, TheCitizenIsShownNothingOfIt) {
  const std::string shown = Shown<v1::GetForCitizenRequest, v1::Case>(GivenCase("NEC_ANSWERED"));
  EXPECT_THAT(shown, HasSubstr("Canary Name"));
  EXPECT_THAT(shown, Not(HasSubstr("nec_status")));
  EXPECT_THAT(shown, Not(HasSubstr("HINDRANCE")));
}

// What a decision says, does and tells.
std::string Whole(const std::string& what, const std::string& says, jv1::CaseFile file,
                  v1::Hindrance hindrance) {
  file.mutable_nec_status()->set_hindrance(hindrance);
  const Decision decision = Decided(what, says, file);
  std::string whole = exchange::OutcomeOf(decision);
  for (const auto& event : decision.events()) whole += event->ShortDebugString();
  for (const auto& told : decision.notifications()) {
    whole += told.to.authority + told.message->ShortDebugString();
  }
  for (const auto& [severity, name] : decision.reports()) whole += name;
  return whole;
}

// It informs, and nothing but people decide by it: not even a refusal tells of it.
TEST(NecAnswerTest, NoDecisionDiffersByAHindrance) {
  const std::string rejected =
      R"(code: END_CODE_REJECTED ground: REJECTION_GROUND_NOT_IN_TARGET_GROUP reasons: "r")";
  const std::string visited =
      R"(visitation { affiliation: "a" position: "p" motivation: "m" risk_on_leaving: "r" })";
  jv1::CaseFile case_visited = GivenCase("NEC_ANSWERED");
  case_visited.set_stage(v1::CASE_STAGE_VISITED);
  case_visited.mutable_visitation()->mutable_decided();
  const jv1::CaseFile referred = GivenCase("NEC_ANSWERED");
  int compared = 0;
  for (const auto& [what, says, file] : {std::tuple{"EndProgramme", rejected, referred},
                                         std::tuple{"EndProgramme", rejected, case_visited},
                                         std::tuple{"DecideVisitation", visited, referred}}) {
    const std::string with = Whole(what, says, file, v1::HINDRANCE_STANDS);
    EXPECT_EQ(with, Whole(what, says, file, v1::HINDRANCE_NONE)) << what;
    EXPECT_THAT(with, Not(HasSubstr("refused"))) << what;
    EXPECT_THAT(with, Not(HasSubstr("HINDRANCE"))) << what;
    ++compared;
  }
  EXPECT_EQ(compared, 3);
}

// D28: a rejection for it bears a ground that others bear too.
TEST(NecAnswerTest, NoGroundOfARejectionIsItsOwn) {
  for (int ground = 0; ground <= v1::RejectionGround_MAX; ++ground) {
    const std::string name = v1::RejectionGround_Name(ground);
    EXPECT_THAT(name, Not(HasSubstr("HINDRANCE")));
    EXPECT_THAT(name, Not(HasSubstr("SOURCE")));
  }
}

}  // namespace
}  // namespace exitbus::casework
