// What comes too late to matter, or is not for this side to say, in a case file: each by its name.
// The stages of a handover are in the table; here is what a stage alone does not tell.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/casework/v1/case_service.pb.h"
#include "exitbus/casework/v1/erasure_service.pb.h"
#include "services/casework/case_files.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"
#include "tests/casework/given.h"

namespace exitbus::casework {
namespace {

namespace jv1 = casework_journal::v1;
namespace cv1 = casework::v1;
namespace pv1 = policy::v1;
using exchange::Deciding;
using exchange::OutcomeOf;
using exchange::ToProto;

constexpr char kHandover[] = "the-handover";
constexpr char kReceiver[] = "municipality-0461";
const exchange::DirectoryEntry kIshoej{
    "municipality-0183", pv1::AUTHORITY_KIND_MUNICIPALITY, "", "0183", "", "", "1469"};
const exchange::DirectoryEntry kOdense{
    kReceiver, pv1::AUTHORITY_KIND_MUNICIPALITY, "", "0461", "", "", "1465"};
const exchange::DirectoryEntry kUnit{"police-1469", pv1::AUTHORITY_KIND_POLICE, "", "1469", "", "",
                                     "1469"};

const exchange::Aggregate& Files() {
  static const auto* const files = new exchange::Aggregate(CaseFiles());
  return *files;
}

std::string Asked(const Deciding& at, const jv1::CaseFile& file, const std::string& method,
                  const google::protobuf::Message& request, const exchange::Caller& caller = {}) {
  for (const exchange::Method& each : Files().methods) {
    if (each.name.ends_with("." + method)) {
      return OutcomeOf(each.decide(file, request, at.FactsFor(caller)));
    }
  }
  return "no such method";
}

// What comes of each deadline of `before` that falls due when the file is `now` already.
std::vector<std::string> FallsDue(const jv1::CaseFile& before, const jv1::CaseFile& now) {
  std::vector<std::string> outcomes;
  for (const exchange::Deadline& deadline : Files().deadlines(before)) {
    outcomes.push_back(OutcomeOf(
        Files().decide_deadline(now, deadline.name, Deciding(kIshoej, {kOdense}).FactsFor())));
  }
  return outcomes;
}

TEST(TooLateTest, AWaitThatWasAnsweredIsNotOverdue) {
  jv1::CaseFile file = Given("holder", "REQUESTED");
  file.clear_corrections();
  EXPECT_THAT(FallsDue(file, file), testing::ElementsAre(""));
  jv1::CaseFile answered = file;
  answered.mutable_handovers(0)->clear_waiting_for();
  EXPECT_THAT(FallsDue(file, answered), testing::ElementsAre("no effect deadline_over"));
  jv1::CaseFile known = file;
  known.mutable_handovers(0)->set_escalated(true);
  EXPECT_THAT(FallsDue(file, known), testing::ElementsAre("no effect deadline_over"));
  jv1::CaseFile longer = file;
  *longer.mutable_handovers(0)->mutable_due() = ToProto(Deciding::Now() + absl::Seconds(1));
  EXPECT_THAT(FallsDue(file, longer), testing::ElementsAre("no effect deadline_over"));
}

TEST(TooLateTest, ACorrectionThatWasConfirmedIsNotOverdue) {
  jv1::CaseFile file = Given("holder", "TAKEN_OVER");
  file.clear_handovers();
  EXPECT_THAT(FallsDue(file, file), testing::ElementsAre(""));
  jv1::CaseFile confirmed = file;
  *confirmed.mutable_corrections(0)->mutable_told()->mutable_parties(0)->mutable_confirmed() =
      ToProto(Deciding::Now());
  EXPECT_THAT(FallsDue(file, confirmed), testing::ElementsAre("no effect deadline_over"));
  jv1::CaseFile known = file;
  known.mutable_corrections(0)->mutable_told()->set_overdue(true);
  EXPECT_THAT(FallsDue(file, known), testing::ElementsAre("no effect deadline_over"));
}

// Given to the jobcentre's employee-2 a moment ago.
jv1::CaseFile WithBreakGlass() {
  jv1::CaseFile file;
  file.set_case_id("the-case");
  file.set_standing(cv1::STANDING_RESPONSIBLE);
  cv1::BreakGlass& one = *file.add_break_glass();
  one.set_break_glass_id("exception");
  one.set_employee("employee-2");
  one.set_function(pv1::FUNCTION_JOBCENTRE);
  *one.mutable_until() = ToProto(Deciding::Now() + absl::Minutes(30));
  return file;
}

TEST(TooLateTest, AnExceptionEndsOnceAndForWhomItIsThere) {
  const Deciding at(kIshoej);
  cv1::EndBreakGlassRequest end;
  end.set_break_glass_id("exception");
  const exchange::Caller asker{kIshoej.id, "system", "jobcentre", "employee-2", ""};
  const exchange::Caller other{kIshoej.id, "system", "jobcentre", "employee-3", ""};
  const exchange::Caller coordinator{kIshoej.id, "system", "exit-coordinator", "employee-1", ""};
  const jv1::CaseFile running = WithBreakGlass();
  EXPECT_EQ(Asked(at, running, "EndBreakGlass", end, asker), "");
  EXPECT_EQ(Asked(at, running, "EndBreakGlass", end, coordinator), "");
  EXPECT_EQ(Asked(at, running, "EndBreakGlass", end, other), "no effect break_glass_not_there");
  for (const auto& caller : {asker, coordinator}) {
    EXPECT_EQ(Asked(at, jv1::CaseFile(), "EndBreakGlass", end, caller),
              "no effect break_glass_not_there");
  }
  jv1::CaseFile ended = running;
  *ended.mutable_break_glass(0)->mutable_ended() = ToProto(Deciding::Now());
  EXPECT_EQ(Asked(at, ended, "EndBreakGlass", end, asker), "no effect break_glass_over");

  EXPECT_THAT(FallsDue(running, running), testing::ElementsAre("no effect break_glass_over"))
      << "not yet";
  EXPECT_THAT(FallsDue(running, ended), testing::ElementsAre("no effect break_glass_over"));
  jv1::CaseFile due = running;
  *due.mutable_break_glass(0)->mutable_until() = ToProto(Deciding::Now());
  EXPECT_THAT(FallsDue(due, due), testing::ElementsAre(""));
}

TEST(CrossingTest, AnAnswerToAnOlderVersionOfTheTermsSaysNothingOfTheNewOne) {
  jv1::CaseFile file = Given("holder", "REQUESTED");
  EXPECT_EQ(Then(file, "<AgreementTermObjected"), "REQUESTED");
  EXPECT_EQ(Then(file, "<AgreementTermAgreed"), "TERMS_COORDINATED");
  file.mutable_handovers(0)->set_agreement_version(2);
  EXPECT_EQ(Then(file, "<AgreementTermObjected"), "no effect objection_to_older_version");
  EXPECT_EQ(Then(file, "<AgreementTermAgreed"), "no effect agreement_to_older_version");
}

TEST(CrossingTest, AnEscalationIsTakenOnce) {
  jv1::CaseFile file = Given("receiver", "REQUESTED");
  jv1::Handover& handover = *file.mutable_handovers(0);
  EXPECT_EQ(Then(file, "<HandoverEscalated"), "REQUESTED");
  handover.set_contact_point_told(true);
  EXPECT_EQ(Then(file, "<HandoverEscalated"), "REQUESTED");
  handover.set_escalated(true);
  EXPECT_EQ(Then(file, "<HandoverEscalated"), "no effect escalation_known_or_over");
  handover.set_escalated(false);
  handover.clear_waiting_for();
  EXPECT_EQ(Then(file, "<HandoverEscalated"), "no effect escalation_known_or_over");
}

TEST(CrossingTest, AFormerHolderThatRevokedItItselfLearnsNothingNew) {
  jv1::CaseFile file = Given("holder", "CLOSED");
  EXPECT_EQ(Then(file, "<ConsentRevoked"), "CLOSED");
  *file.mutable_consent()->mutable_revoked() = ToProto(Deciding::Now());
  EXPECT_EQ(Then(file, "<ConsentRevoked"), "no effect revocation_known");
}

// The unit of the case speaks to the authority in charge, which this one was until a moment ago.
TEST(CrossingTest, WhatThePoliceUnitTellsAFormerHolderCrossedTheTakeOver) {
  for (const bool moved : {false, true}) {
    jv1::CaseFile file = Given("holder", moved ? "TAKEN_OVER" : "OFFERED");
    file.set_security_id(kHandover);  // what the table's letters are addressed to
    const std::string still = "OFFERED";
    file.set_police("police-1465");
    EXPECT_EQ(Then(file, "<PoliceClarificationDelivered"),
              moved ? "no effect clarification_crossed_take_over" : still);
    file.set_police("police-1469");
    EXPECT_EQ(Then(file, "<SecurityPictureChanged"),
              moved ? "no effect precautions_crossed_take_over" : still);
  }
}

TEST(CrossingTest, ATakeOverThatTheReceiverHasNotSignedMovesNothing) {
  jv1::CaseFile file = Given("holder", "OFFERED");
  file.mutable_handovers(0)->set_counterpart("municipality-0165");
  EXPECT_EQ(Then(file, "<CaseTakenOver"), "refused take_over.not_signed_by_receiver");
}

TEST(StoppedTest, AStopIsShownOnce) {
  jv1::CaseFile file = Given("holder", "OFFERED");
  const auto note = [&](const char* peer, bool stopped) {
    return OutcomeOf(Files().note_stopped(file, kHandover, peer, stopped));
  };
  EXPECT_EQ(note(kReceiver, false), "no effect stop_shown");
  EXPECT_EQ(note("municipality-0751", true), "no effect stop_shown");
  EXPECT_EQ(note(kReceiver, true), "");
  file.mutable_handovers(0)->set_correspondence_stopped(true);
  EXPECT_EQ(note(kReceiver, true), "no effect stop_shown");
}

TEST(StoppedTest, WhatNeverCameOrHasEndedIsSettledAlready) {
  const auto settle = [](const std::string& side, const char* stage, const char* handover,
                         bool proposes) {
    const bool holder = side == "holder";
    const Deciding at(holder ? kIshoej : kOdense, {holder ? kOdense : kIshoej});
    return OutcomeOf(Files().end_by_agreement(
        Given(side, stage), handover, holder ? kReceiver : kIshoej.id, proposes, at.FactsFor()));
  };
  EXPECT_EQ(settle("holder", "REQUESTED", kHandover, true), "");
  EXPECT_EQ(settle("holder", "RECALLED", kHandover, true), "no effect settlement_crossed_end");
  EXPECT_EQ(settle("holder", "OFFERED", "unheard-of", true), "refused settlement.no_such_handover");
  EXPECT_EQ(settle("receiver", "REQUESTED", kHandover, false), "");
  EXPECT_EQ(settle("receiver", "REJECTED", kHandover, false), "no effect settlement_crossed_end");
  EXPECT_EQ(settle("receiver", "REQUESTED", "unheard-of", false),
            "no effect settlement_of_unknown");
}

TEST(FollowedTest, WithoutAnOfferThereIsNothingToFollow) {
  const Deciding at(kIshoej, {kOdense});
  const auto follow = [&](const char* stage, const char* peer) {
    return OutcomeOf(
        Files().follow_statements(Given("holder", stage), kHandover, peer, {}, at.FactsFor()));
  };
  EXPECT_EQ(follow("REQUESTED", kReceiver), "no effect nothing_to_follow");
  EXPECT_EQ(follow("RECALLED", kReceiver), "no effect nothing_to_follow") << "it has ended";
  EXPECT_EQ(follow("OFFERED", "municipality-0751"), "no effect nothing_to_follow")
      << "with another";
}

TEST(PoliceTest, WhereNoUnitIsListedThereIsNobodyToAsk) {
  jv1::CaseFile file = Given("holder", "REJECTED");
  const cv1::RequestPoliceClarificationRequest request;
  EXPECT_EQ(Asked(Deciding(kIshoej, {kUnit}), file, "RequestPoliceClarification", request), "");
  EXPECT_EQ(Asked(Deciding(kIshoej), file, "RequestPoliceClarification", request),
            "refused police.none_listed");
}

// In a store that was put back: it had forgotten the offer when the citizen left, and followed it.
TEST(ErasureTest, ACaseWithAnOpenHandoverIsNotErased) {
  const Deciding at(kIshoej, {kOdense});
  cv1::EraseCaseRequest request;
  request.set_reason(cv1::ERASURE_REASON_RETENTION_OVER);
  jv1::CaseFile file = Given("holder", "OFFERED");
  file.set_stage(cv1::CASE_STAGE_WITHDRAWN);
  EXPECT_EQ(Asked(at, file, "EraseCase", request), "refused erasure.handover_open");
  file.mutable_handovers(0)->set_stage(handover::v1::HANDOVER_STAGE_OFFER_DECLINED);
  EXPECT_EQ(Asked(at, file, "EraseCase", request), "");
}

}  // namespace
}  // namespace exitbus::casework
