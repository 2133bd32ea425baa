// Break-glass: a reason, a second person, a limit, and the case's owner told at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "exitbus/store/v1/rows.pb.h"
#include "tests/simulation/colleagues.h"
#include "tests/simulation/follower.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class BreakGlassTest : public testing::Test {
 protected:
  BreakGlassTest() { case_id = EnrolledCase(world, node); }

  absl::StatusOr<std::string> Asked(const std::string& employee = "employee-2",
                                    std::uint32_t minutes = 30) {
    const Speaking asker(node, "jobcentre", employee);
    return AskToBreakGlass(world, node, case_id, "canary-reason", minutes);
  }
  std::string Approved(std::uint32_t minutes = 30) {
    const auto id = Asked("employee-2", minutes);
    EXPECT_TRUE(id.ok()) << id.status();
    EXPECT_TRUE(Approve(world, node, case_id, *id).ok());
    return *id;
  }
  absl::StatusOr<Case> SeenBy(const std::string& function, const std::string& employee) {
    const Speaking somebody(node, function, employee);
    return GetCase(node, case_id);
  }
  bool IsAbsentFor(const std::string& function, const std::string& employee) {
    const Speaking somebody(node, function, employee);
    cv1::GetCaseRequest ours, none;
    ours.set_case_id(case_id);
    none.set_case_id("3b0b7a52-0000-4000-8000-000000000000");
    const std::string method = absl::StrCat(kCaseService, "GetCase");
    return BytesOf(node.Ask(method, ours)) == BytesOf(node.Ask(method, none));
  }
  std::string RequestBytes(cv1::RequestBreakGlassRequest request, const std::string& id) {
    request.set_case_id(id);
    return BytesOf(node.Ask(absl::StrCat(kCaseService, "RequestBreakGlass"), request));
  }

  World world;
  Node& node = world.Municipality("0183");
  std::string case_id;
};

TEST_F(BreakGlassTest, ARequestTellsTheOwnerAtOnceAndTheAskerNothing) {
  Follower owner(node, kWatchCases);
  owner.Begin().CatchUp();
  const std::size_t heard = owner.heard();
  const auto id = Asked();
  ASSERT_TRUE(id.ok()) << id.status();
  world.executor.RunUntilIdle();
  ASSERT_EQ(owner.heard(), heard + 1);
  EXPECT_EQ(owner.last().id, case_id);

  const auto seen = GetCase(node, case_id);
  ASSERT_EQ(seen->break_glass_size(), 1);
  const cv1::BreakGlass& told = seen->break_glass(0);
  EXPECT_EQ(told.break_glass_id(), *id);
  EXPECT_EQ(told.employee(), "employee-2");
  EXPECT_EQ(told.function(), pv1::FUNCTION_JOBCENTRE);
  EXPECT_EQ(told.reason(), "canary-reason");
  EXPECT_FALSE(told.has_approved());
  EXPECT_TRUE(IsAbsentFor("jobcentre", "employee-2"));

  ASSERT_EQ(node.telemetry().LinesOf("break_glass.requested").size(), 1U);
  EXPECT_EQ(node.telemetry().LinesOf("break_glass.requested")[0].severity,
            exchange::Severity::kWarning);
  EXPECT_TRUE(node.telemetry().LinesOf("break_glass.requested")[0].fields.empty());
  for (const std::string& secret : {*id, case_id, std::string("canary-reason")}) {
    EXPECT_THAT(node.telemetry().Text(), Not(HasSubstr(secret)));
  }
}

TEST_F(BreakGlassTest, AnApprovedOneReadsTheWholeCaseAndEachReadIsAccountedFor) {
  const std::string id = Approved();
  EXPECT_EQ(node.telemetry().LinesOf("break_glass.approved").size(), 1U);
  for (int i = 0; i < 2; ++i) {
    const auto seen = SeenBy("jobcentre", "employee-2");
    ASSERT_TRUE(seen.ok()) << seen.status();
    EXPECT_EQ(seen->person().cpr_number(), "6101900001");
    EXPECT_EQ(seen->visitation().health_needs(), "canary-health");
    EXPECT_EQ(seen->agreement().measures_size(), 2);
  }
  int reads = 0;
  const auto account = AccountOf(node, case_id);
  ASSERT_TRUE(account.ok()) << account.status();
  for (const auto& entry : *account) {
    if (entry.break_glass_id().empty()) continue;
    EXPECT_EQ(entry.break_glass_id(), id);
    EXPECT_EQ(entry.times(), 1U);
    EXPECT_EQ(entry.employee(), "employee-2");
    EXPECT_EQ(entry.function(), pv1::FUNCTION_JOBCENTRE);
    EXPECT_EQ(entry.reader(), pv1::READER_MUNICIPALITY);
    ++reads;
  }
  EXPECT_EQ(reads, 2);
}

TEST_F(BreakGlassTest, ItIsOneEmployeesInOneFunctionAtOneAuthority) {
  Approved();
  EXPECT_TRUE(IsAbsentFor("jobcentre", "employee-3"));
  EXPECT_TRUE(IsAbsentFor("family-centre", "employee-2"));
  EXPECT_FALSE(IsAbsentFor("jobcentre", "employee-2"));
  Node& odense = world.Municipality("0461");
  const Speaking there(odense, "jobcentre", "employee-2");
  EXPECT_EQ(RuleOf(GetCase(odense, case_id).status()), "resource.not_found");
}

TEST_F(BreakGlassTest, WhoReadsByItSeesNoOtherExceptions) {
  {
    const Speaking other(node, "family-centre", "employee-4");
    ASSERT_TRUE(AskToBreakGlass(world, node, case_id, "another reason").ok());
  }
  Approved();
  const auto seen = SeenBy("jobcentre", "employee-2");
  ASSERT_EQ(seen->break_glass_size(), 1);
  EXPECT_EQ(seen->break_glass(0).employee(), "employee-2");
}

// By Unicode's case folding, after normalisation: as an ordinary directory writes one name.
TEST_F(BreakGlassTest, OnePersonIsOneHoweverTheNameIsWritten) {
  const auto id = Asked("Åse Sørensen");
  for (const char* same :
       {"ÅSE SØRENSEN", "åse sørensen", "A\u030ase Sørensen", "\u212bse SØRENSEN",
        "Åse\u00a0Sørensen", " Åse  Sørensen ", "Åse Sø\u00adrensen\u200b"}) {
    const Speaking coordinator(node, "exit-coordinator", same);
    EXPECT_EQ(RuleOf(Approve(world, node, case_id, *id)), "break_glass.second_person") << same;
  }
  const Speaking coordinator(node, "exit-coordinator", "Åse Sorensen");
  EXPECT_TRUE(Approve(world, node, case_id, *id).ok());
}

TEST_F(BreakGlassTest, TheSecondPersonIsAnother) {
  const auto id = Asked("employee-2");
  for (const char* same : {"employee-2", "Employee-2", " employee-2"}) {
    const Speaking coordinator(node, "exit-coordinator", same);
    EXPECT_EQ(RuleOf(Approve(world, node, case_id, *id)), "break_glass.second_person") << same;
  }
  EXPECT_TRUE(IsAbsentFor("jobcentre", "employee-2"));
  EXPECT_EQ(RuleOf(Approve(world, node, case_id, "made-up")), "break_glass.unknown");
  EXPECT_TRUE(Approve(world, node, case_id, *id).ok());
  EXPECT_EQ(RuleOf(Approve(world, node, case_id, *id)), "break_glass.not_waiting");
}

TEST_F(BreakGlassTest, TimeEndsItAndTheCaseSaysSo) {
  Approved(30);
  Follower owner(node, kWatchCases);
  owner.Begin().CatchUp();
  const std::size_t heard = owner.heard();
  world.Skip(absl::Minutes(29));
  EXPECT_FALSE(IsAbsentFor("jobcentre", "employee-2"));
  EXPECT_EQ(owner.heard(), heard);
  world.Skip(absl::Minutes(1));
  EXPECT_TRUE(IsAbsentFor("jobcentre", "employee-2"));
  EXPECT_EQ(owner.heard(), heard + 1);
  const auto seen = GetCase(node, case_id);
  EXPECT_TRUE(seen->break_glass(0).has_ended());
  EXPECT_EQ(seen->break_glass(0).ended_by(), "");
  EXPECT_EQ(seen->break_glass(0).ended().seconds(), seen->break_glass(0).until().seconds());
}

// The right ends with its time even while nothing else can happen.
TEST_F(BreakGlassTest, TimeEndsItWithoutAnyTimer) {
  Approved(30);
  world.domain_clock.Skip(absl::Minutes(30));
  EXPECT_TRUE(IsAbsentFor("jobcentre", "employee-2"));
}

TEST_F(BreakGlassTest, ItIsApprovedWithinTheHourOrNotAtAll) {
  const auto id = Asked();
  world.domain_clock.Skip(absl::Hours(1));
  EXPECT_EQ(RuleOf(Approve(world, node, case_id, *id)), "break_glass.too_late");
  world.Skip(absl::Seconds(1));
  EXPECT_EQ(RuleOf(Approve(world, node, case_id, *id)), "break_glass.not_waiting");
  EXPECT_TRUE(GetCase(node, case_id)->break_glass(0).has_ended());
  EXPECT_TRUE(Asked().ok());
}

TEST_F(BreakGlassTest, TheAskerOrACoordinatorEndsItAndNobodyElseLearnsOfIt) {
  const std::string id = Approved();
  {
    const Speaking stranger(node, "jobcentre", "employee-3");
    EXPECT_EQ(EndIt(world, node, case_id, id), EndIt(world, node, "no-such-case", id));
    EXPECT_FALSE(GetCase(node, case_id).ok());
  }
  EXPECT_FALSE(GetCase(node, case_id)->break_glass(0).has_ended());
  {
    const Speaking asker(node, "jobcentre", "employee-2");
    EXPECT_TRUE(EndIt(world, node, case_id, id).ok());
    EXPECT_TRUE(EndIt(world, node, case_id, id).ok()) << "nothing is left to end";
  }
  EXPECT_TRUE(IsAbsentFor("jobcentre", "employee-2"));
  EXPECT_EQ(GetCase(node, case_id)->break_glass(0).ended_by(), "employee-2");

  const auto refused = Asked();
  EXPECT_TRUE(EndIt(world, node, case_id, *refused).ok());
  EXPECT_EQ(RuleOf(Approve(world, node, case_id, *refused)), "break_glass.not_waiting");
}

TEST_F(BreakGlassTest, AnybodyMayAskAgainButNotForAUnitThatIsInvolved) {
  ASSERT_TRUE(Asked().ok());
  EXPECT_TRUE(Asked().ok());
  EXPECT_TRUE(Asked("employee-3").ok());
  EXPECT_EQ(GetCase(node, case_id)->break_glass_size(), 3);
  ASSERT_TRUE(Involve(world, node, case_id, pv1::FUNCTION_JOBCENTRE).ok());
  EXPECT_EQ(RuleOf(Asked("employee-4").status()), "break_glass.unit_involved");
}

TEST_F(BreakGlassTest, WhoMayNeverAskIsRefusedForTheMethod) {
  for (const char* function : {"operator", "auditor", "mentor", "exit-coordinator"}) {
    const Speaking somebody(node, function, "employee-2");
    EXPECT_EQ(AskToBreakGlass(world, node, case_id).status(),
              absl::PermissionDeniedError("caller.function_may_not"))
        << function;
  }
  Node& prison = world.Kriminalforsorgen("kif");
  EXPECT_EQ(RuleOf(AskToBreakGlass(world, prison, case_id).status()), "caller.function_may_not");
  const auto id = Asked();
  for (const char* function : {"operator", "auditor", "jobcentre"}) {
    const Speaking somebody(node, function, "employee-3");
    EXPECT_EQ(RuleOf(Approve(world, node, case_id, *id)), "caller.function_may_not") << function;
  }
}

// A request that says nothing to the owner must say nothing to the asker either.
TEST_F(BreakGlassTest, NoBadRequestTellsWhetherTheCaseIsThere) {
  const Speaking asker(node, "jobcentre", "employee-2");
  cv1::RequestBreakGlassRequest request;
  struct Bad {
    std::string reason;
    std::uint32_t minutes;
    const char* rule;
  };
  for (const auto& [reason, minutes, rule] :
       {Bad{"", 30, "break_glass.reason_required"},
        {std::string(1001, 'x'), 30, "break_glass.reason_required"},
        {"  ", 30, "request.bad_value"},
        {"why", 0, "break_glass.minutes"},
        {"why", 241, "break_glass.minutes"}}) {
    request.set_request_id(world.RequestId());
    request.set_reason(reason);
    request.set_minutes(minutes);
    const std::string here = RequestBytes(request, case_id);
    request.set_request_id(world.RequestId());
    EXPECT_EQ(here, RequestBytes(request, "no-such-case"));
    EXPECT_THAT(here, HasSubstr(rule));
  }
  request.set_request_id("");
  request.set_minutes(30);
  EXPECT_EQ(RequestBytes(request, case_id), RequestBytes(request, "no-such-case"));
}

// Whether a case is here is nobody's to learn by asking: not by the first answer, nor by asking
// again, ending it or repeating.
TEST_F(BreakGlassTest, NoAnswerTellsWhetherTheCaseIsThere) {
  Node& odense = world.Municipality("0461");
  // Odense was asked to take it over, and has no case of it yet.
  Accepted(world, node, case_id, odense);
  for (Node* at : {&node, &odense}) {
    for (const std::string& id : {case_id, std::string("no-such-case")}) {
      SCOPED_TRACE(at->id() + " " + id);
      const Speaking asker(*at, "jobcentre", "employee-2");
      const auto first = AskToBreakGlass(world, *at, id);
      const auto second = AskToBreakGlass(world, *at, id);
      ASSERT_TRUE(first.ok()) << first.status();
      ASSERT_TRUE(second.ok()) << second.status();
      EXPECT_EQ(first->size(), 36U);
      EXPECT_NE(*first, *second);
      for (int i = 0; i < 2; ++i) EXPECT_TRUE(EndIt(world, *at, id, *first).ok());
      EXPECT_TRUE(EndIt(world, *at, id, "made-up").ok());
    }
  }
  const Speaking asker(node, "jobcentre", "employee-2");
  cv1::RequestBreakGlassRequest request;
  request.set_request_id("the-same");
  request.set_reason("why");
  request.set_minutes(30);
  EXPECT_EQ(RequestBytes(request, "no-such-case"), RequestBytes(request, "no-such-case"));
}

TEST_F(BreakGlassTest, ARepeatGetsTheSameTicket) {
  const Speaking asker(node, "jobcentre", "employee-2");
  cv1::RequestBreakGlassRequest request;
  request.set_request_id("r1");
  request.set_reason("why");
  request.set_minutes(30);
  EXPECT_EQ(RequestBytes(request, case_id), RequestBytes(request, case_id));
}

TEST_F(BreakGlassTest, AFormerHoldersFileIsReadAsItWasHeld) {
  Node& odense = world.Municipality("0461");
  Approved(240);
  const std::string id = Offered(world, node, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(SignFor(world, odense, case_id, {pv1::FUNCTION_JOBCENTRE}).ok());
  ASSERT_TRUE(world.Settle());
  const auto seen = SeenBy("jobcentre", "employee-2");
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_EQ(seen->standing(), cv1::STANDING_FORMER);
  EXPECT_EQ(seen->agreement().version(), 1U);
  // The receiver knows of no exception, and none holds there.
  EXPECT_THAT(GetCase(odense, case_id)->break_glass(), IsEmpty());
  EXPECT_TRUE(Asked("employee-5").ok());
}

TEST_F(BreakGlassTest, ItOutlivesARestart) {
  Approved();
  node.Crash();
  node.Start();
  EXPECT_FALSE(IsAbsentFor("jobcentre", "employee-2"));
  world.Skip(absl::Minutes(30));
  EXPECT_TRUE(IsAbsentFor("jobcentre", "employee-2"));
}

}  // namespace
}  // namespace exitbus::simulation
