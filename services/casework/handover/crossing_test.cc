// What comes too late to matter, or crosses something, in a handover: what a stage alone does not
// tell, and so the table does not either.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/casework/case_files.h"
#include "services/casework/handover/given_testing.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"

namespace exitbus::casework {
namespace {

namespace hv1 = handover::v1;
namespace jv1 = casework_journal::v1;
namespace pv1 = policy::v1;
using exchange::Deciding;
using exchange::kIshoej;
using exchange::OutcomeOf;
using exchange::ToProto;

constexpr char kHandover[] = "the-handover";
constexpr char kReceiver[] = "municipality-0461";
const exchange::DirectoryEntry kOdense{
    kReceiver, pv1::AUTHORITY_KIND_MUNICIPALITY, "", "0461", "", "", "1465"};

const exchange::Aggregate& Files() {
  static const auto* const files = new exchange::Aggregate(CaseFiles());
  return *files;
}

TEST(WaitTest, AWaitThatWasAnsweredIsNotOverdue) {
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
  EXPECT_TRUE(After(file, "<HandoverEscalated").handovers(0).escalated());
  handover.set_contact_point_notified(true);
  EXPECT_EQ(Then(file, "<HandoverEscalated"), "REQUESTED");
  handover.set_escalated(true);
  EXPECT_EQ(Then(file, "<HandoverEscalated"), "no effect escalation_known_or_over");
  handover.set_escalated(false);
  handover.clear_waiting_for();
  EXPECT_EQ(Then(file, "<HandoverEscalated"), "no effect escalation_known_or_over");
}

// The next wait has a deadline of its own, which is still to fall due.
TEST(CrossingTest, AnEscalationThatCrossesTheAnswerSaysNothingOfTheNextWait) {
  constexpr char kOfTheLast[] = "<HandoverEscalated, already answered";
  jv1::CaseFile file = Given("receiver", "REQUESTED");
  const jv1::Handover after = After(file, kOfTheLast).handovers(0);
  EXPECT_FALSE(after.escalated());
  EXPECT_EQ(after.waiting_for(), hv1::SIDE_RECEIVER);
  EXPECT_TRUE(after.contact_point_notified()) << "the other side has told it";
  file.mutable_handovers(0)->set_contact_point_notified(true);
  EXPECT_EQ(Then(file, kOfTheLast), "no effect escalation_known_or_over");
}

TEST(WaitTest, WhoeverAgreesToTheLastTermIsNotWaitedForByThatAlone) {
  const auto waits_for = [](const jv1::CaseFile& file, const char* when) {
    return After(file, when).handovers(0).waiting_for();
  };
  for (const char* side : {"holder", "receiver"}) {
    const char* agreed = side == std::string("holder") ? "<AgreementTermAgreed" : "AgreeTerms";
    jv1::CaseFile file = Given(side, "REQUESTED");
    EXPECT_EQ(waits_for(file, agreed), hv1::SIDE_RECEIVER) << "it has to accept";
    // New terms after the acceptance.
    file.mutable_handovers(0)->set_stage(hv1::HANDOVER_STAGE_ACCEPTED);
    EXPECT_EQ(waits_for(file, agreed), hv1::SIDE_UNSPECIFIED)
        << "the holder offers when it is time";
    // Of two, one is left.
    *file.mutable_handovers(0)->add_terms() = file.handovers(0).terms(0);
    file.mutable_handovers(0)->mutable_terms(1)->set_term_id("another");
    file.mutable_handovers(0)->mutable_terms(1)->set_status(hv1::TERM_STATUS_OBJECTED);
    file.mutable_handovers(0)->set_waiting_for(hv1::SIDE_HOLDER);
    EXPECT_EQ(waits_for(file, agreed), hv1::SIDE_HOLDER) << "it has to propose anew";
  }
  jv1::CaseFile objected = Given("holder", "REQUESTED");
  objected.mutable_handovers(0)->mutable_terms(0)->set_status(hv1::TERM_STATUS_OBJECTED);
  objected.mutable_handovers(0)->set_waiting_for(hv1::SIDE_HOLDER);
  EXPECT_EQ(waits_for(objected, "<AgreementTermAgreed"), hv1::SIDE_RECEIVER);
}

TEST(CrossingTest, AnAcceptanceThatCrossesNewTermsLeavesThemToBeAnswered) {
  jv1::CaseFile file = Given("holder", "TERMS_COORDINATED");
  EXPECT_EQ(After(file, "<HandoverAccepted").handovers(0).waiting_for(), hv1::SIDE_UNSPECIFIED);
  file.mutable_handovers(0)->mutable_terms(0)->set_status(hv1::TERM_STATUS_PROPOSED);
  const jv1::Handover after = After(file, "<HandoverAccepted").handovers(0);
  EXPECT_EQ(after.stage(), hv1::HANDOVER_STAGE_ACCEPTED);
  EXPECT_EQ(after.waiting_for(), hv1::SIDE_RECEIVER);
}

TEST(WaitTest, ATermThatIsOnlyDroppedLeavesNothingToAnswer) {
  for (const bool accepted : {false, true}) {
    const char* stage = accepted ? "ACCEPTED" : "TERMS_COORDINATED";
    const auto next = accepted ? hv1::SIDE_UNSPECIFIED : hv1::SIDE_RECEIVER;
    jv1::CaseFile holder = Given("holder", stage);
    *holder.mutable_handovers(0)->add_terms() = holder.handovers(0).terms(0);
    holder.mutable_handovers(0)->mutable_terms(1)->set_term_id("another");
    EXPECT_EQ(After(holder, "ProposeTerms").handovers(0).waiting_for(), next);
    jv1::CaseFile receiver = Given("receiver", stage);
    *receiver.mutable_handovers(0)->add_terms() = receiver.handovers(0).terms(0);
    receiver.mutable_handovers(0)->mutable_terms(1)->set_term_id("another");
    const jv1::Handover after = After(receiver, "<AgreementTermProposed, dropped").handovers(0);
    EXPECT_EQ(after.terms_size(), 1);
    EXPECT_EQ(after.waiting_for(), next);
  }
}

TEST(CrossingTest, AFormerHolderThatRevokedItItselfLearnsNothingNew) {
  jv1::CaseFile file = Given("holder", "CLOSED");
  EXPECT_EQ(Then(file, "<ConsentRevoked"), "CLOSED");
  *file.mutable_consent()->mutable_revoked() = ToProto(Deciding::Now());
  EXPECT_EQ(Then(file, "<ConsentRevoked"), "no effect revocation_known");
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
    return OutcomeOf(Files().end_by_agreement(Given(side, stage), handover,
                                              holder ? kReceiver : kIshoej.id, proposes,
                                              at.DecisionContextFor()));
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
    return OutcomeOf(Files().follow_statements(Given("holder", stage), kHandover, peer, {},
                                               at.DecisionContextFor()));
  };
  EXPECT_EQ(follow("REQUESTED", kReceiver), "no effect nothing_to_follow");
  EXPECT_EQ(follow("RECALLED", kReceiver), "no effect nothing_to_follow") << "it has ended";
  EXPECT_EQ(follow("OFFERED", "municipality-0751"), "no effect nothing_to_follow")
      << "with another";
}

}  // namespace
}  // namespace exitbus::casework
