// What a police unit makes of letters that cross and of words said twice, and what an assessment
// must not come without.
#include <gtest/gtest.h>

#include "exitbus/police/v1/security_service.pb.h"
#include "exitbus/police_journal/v1/journal.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/police/security_decider.h"
#include "services/police/security_files.h"

namespace exitbus::police {
namespace {

namespace pv1 = policy::v1;
using exchange::Deciding;
using exchange::Of;
using exchange::OutcomeOf;

constexpr char kIshoej[] = "municipality-0183";
constexpr char kOdense[] = "municipality-0461";
constexpr char kFyn[] = "police-1465";
const exchange::DirectoryEntry kVestegnen{
    "police-1469", pv1::AUTHORITY_KIND_POLICE, "", "1469", "", "", "1469"};

// Of a case of Ishøj's with one handover, which has these fields besides.
jv1::SecurityFile File(const std::string& seen, const std::string& besides = "") {
  return Of<jv1::SecurityFile>(
      R"(security_id: "the-file" standing: POLICE_STANDING_IN_CHARGE holder: "municipality-0183"
         person { name: "Canary Name" }
         requested { holder: "municipality-0183" number: 1 legal_basis: LEGAL_BASIS_CONSENT }
         transfers { seen { handover_id: "the-handover" holder: "municipality-0183"
                            receiver: "municipality-0461" counterpart: "police-1465" )" +
      seen + " } } " + besides);
}
// Of one that may come here.
jv1::SecurityFile Incoming(const std::string& seen, const std::string& besides) {
  jv1::SecurityFile file = File(seen, besides);
  file.mutable_transfers(0)->set_incoming(true);
  return file;
}

std::string Told(const jv1::SecurityFile& file, const char* sender, const char* subject,
                 const std::string& body) {
  const exchange::LetterPlace place{sender, pv1::EXCHANGE_SECURITY, subject, 2};
  return OutcomeOf(SecurityFiles().decide_letter(file, place, Of<exchange::v1::Body>(body),
                                                 Deciding(kVestegnen).FactsFor()));
}

std::string OfHandover(const jv1::SecurityFile& file, const char* sender, const std::string& body) {
  return Told(file, sender, "the-handover", body);
}

TEST(SecurityLettersTest, WhatComesAfterTheEndOfAHandoverHasCrossedIt) {
  const jv1::SecurityFile accepted = File("stage: TRANSFER_STAGE_ACCEPTED");
  const jv1::SecurityFile ended = File("stage: TRANSFER_STAGE_ENDED");
  EXPECT_EQ(OfHandover(accepted, kIshoej, "handover_offered {}"), "");
  EXPECT_EQ(OfHandover(ended, kIshoej, "handover_offered {}"), "no effect offer_crossed_end");
  EXPECT_EQ(OfHandover(accepted, kOdense, "handover_rejected {}"), "");
  EXPECT_EQ(OfHandover(ended, kOdense, "handover_rejected {}"), "no effect end_known_or_over");
  EXPECT_EQ(OfHandover(ended, kIshoej, "handover_recalled {}"), "no effect end_known_or_over");
  EXPECT_EQ(OfHandover(accepted, kIshoej, "handover_escalated {}"), "");
  EXPECT_EQ(OfHandover(ended, kIshoej, "handover_escalated {}"),
            "no effect escalation_known_or_over");
}

TEST(SecurityLettersTest, WhatIsKnownIsNotTakenAgain) {
  EXPECT_EQ(OfHandover(File("stage: TRANSFER_STAGE_REQUESTED"), kOdense, "handover_accepted {}"),
            "");
  EXPECT_EQ(OfHandover(File("stage: TRANSFER_STAGE_ACCEPTED"), kOdense, "handover_accepted {}"),
            "no effect acceptance_known_or_over");
  EXPECT_EQ(OfHandover(File("stage: TRANSFER_STAGE_ACCEPTED escalated: true"), kOdense,
                       "handover_escalated {}"),
            "no effect escalation_known_or_over");
}

TEST(SecurityLettersTest, AnAssessmentThatComesLateGivesWayToTheUnitsOwn) {
  const std::string two = "security_assessment_transferred { assessment { version: 2 } }";
  EXPECT_EQ(OfHandover(Incoming("stage: TRANSFER_STAGE_ACCEPTED", "assessment { version: 1 }"),
                       kFyn, two),
            "");
  EXPECT_EQ(OfHandover(Incoming("stage: TRANSFER_STAGE_ENDED", ""), kFyn, two),
            "no effect assessment_crossed_end");
  const char moved[] = "stage: TRANSFER_STAGE_MOVED transferred_version: 1";
  EXPECT_EQ(OfHandover(Incoming(moved, "assessment { version: 1 }"), kFyn, two), "");
  EXPECT_EQ(OfHandover(Incoming(moved, "assessment { version: 2 }"), kFyn, two),
            "no effect assessment_crossed_own");
}

TEST(SecurityLettersTest, ATakeOverComesWithItsSlipAndWhileTheHandoverIsOpen) {
  const std::string taken = "case_taken_over { number: 2 }";
  EXPECT_EQ(OfHandover(File("stage: TRANSFER_STAGE_OFFERED"), kOdense, taken),
            "refused slip.missing");
  EXPECT_EQ(OfHandover(File("stage: TRANSFER_STAGE_ENDED"), kOdense, taken),
            "refused letter.out_of_turn");
}

TEST(SecurityLettersTest, PrecautionsAreAcknowledgedInTheVersionThatIsInForce) {
  const std::string read = R"(precautions_acknowledged { version: 1 acknowledged_by: "e" })";
  const auto acknowledge = [&](const std::string& told) {
    return Told(File("stage: TRANSFER_STAGE_REQUESTED", told), kIshoej, "the-file", read);
  };
  const std::string owed = R"(owed { parties { authority: "municipality-0183" } })";
  EXPECT_EQ(acknowledge("told { version: 1 " + owed + " }"), "");
  EXPECT_EQ(acknowledge("told { version: 2 " + owed + " }"),
            "no effect acknowledgement_of_older_version");
  EXPECT_EQ(acknowledge(""), "no effect acknowledgement_crossed_end");
}

TEST(SecurityLettersTest, ARevocationIsLearntOnce) {
  const std::string revoked = "consent_revoked { revoked { seconds: 1 } receipted_through: 1 }";
  const auto learn = [&](const std::string& besides) {
    return Told(File("stage: TRANSFER_STAGE_REQUESTED", besides), kIshoej, "the-file", revoked);
  };
  EXPECT_EQ(learn(""), "");
  EXPECT_EQ(learn("consent_revoked { seconds: 1 }"), "no effect revocation_known");
}

TEST(SecurityDeadlineTest, PrecautionsThatWereReadInTimeAreNotOverdue) {
  const exchange::Aggregate files = SecurityFiles();
  const jv1::SecurityFile told = File("", R"(told { version: 1 owed {
      due { seconds: 1 } parties { authority: "municipality-0183" subject: "the-file" } } })");
  const auto due = files.deadlines(told);
  ASSERT_EQ(due.size(), 1U);
  const auto falls_due = [&](const jv1::SecurityFile& file) {
    return OutcomeOf(files.decide_deadline(file, due[0].name, Deciding(kVestegnen).FactsFor()));
  };
  EXPECT_EQ(falls_due(told), "");
  jv1::SecurityFile later = told;
  later.mutable_told(0)->mutable_owed()->mutable_parties(0)->mutable_confirmed();
  EXPECT_EQ(falls_due(later), "no effect deadline_over");
  later = told;
  later.mutable_told(0)->mutable_owed()->set_overdue(true);
  EXPECT_EQ(falls_due(later), "no effect deadline_over");
  later = told;
  later.mutable_told(0)->mutable_owed()->mutable_due()->set_seconds(
      absl::ToUnixSeconds(Deciding::Now()) + 1);
  EXPECT_EQ(falls_due(later), "no effect deadline_over");
}

TEST(SecurityLettersTest, TheOtherUnitConfirmsItsErasureOnceAndAfterTheEnd) {
  const std::string owed = R"( } erasure { parties { authority: "police-1465"
                                                      subject: "the-handover" )";
  const auto confirms = [](const jv1::SecurityFile& file, const char* sender) {
    return OfHandover(file, sender, "erasure_confirmed {}");
  };
  const std::string ended = "stage: TRANSFER_STAGE_ENDED";
  EXPECT_EQ(confirms(File("stage: TRANSFER_STAGE_OFFERED"), kFyn), "waits");
  EXPECT_EQ(confirms(File(ended + owed + "}"), kFyn), "");
  EXPECT_EQ(confirms(File(ended + owed + "confirmed { seconds: 1 } }"), kFyn),
            "no effect erasure_confirmed_before");
  EXPECT_EQ(confirms(File(ended + owed + "}"), kOdense), "refused erasure.not_ordered");
  EXPECT_EQ(confirms(File("stage: TRANSFER_STAGE_MOVED"), kFyn), "refused erasure.not_ordered");
}

TEST(DeliverAssessmentTest, AnAssessmentSaysWhatTheNextOneNeeds) {
  const auto deliver = [](const std::string& assessment) {
    return OutcomeOf(
        DeliverAssessment(File("stage: TRANSFER_STAGE_REQUESTED"),
                          Of<v1::DeliverAssessmentRequest>("assessment { " + assessment + " }"),
                          Deciding(kVestegnen).FactsFor()));
  };
  EXPECT_EQ(deliver(R"(conclusions: "c" precautions: "p")"),
            "refused security.threat_level_required");
  EXPECT_EQ(deliver(R"(threat_level: THREAT_LEVEL_HIGH precautions: "p")"),
            "refused security.conclusions_required");
  EXPECT_EQ(deliver(R"(threat_level: THREAT_LEVEL_HIGH conclusions: "c")"),
            "refused security.precautions_required");
  EXPECT_EQ(deliver(R"(threat_level: THREAT_LEVEL_HIGH conclusions: "c" precautions: "p")"), "");
}

TEST(TransferAssessmentTest, WhatIsThereAndHasNotGoneGoes) {
  const auto transfer = [](const std::string& seen, const std::string& besides) {
    return OutcomeOf(TransferAssessment(File("stage: TRANSFER_STAGE_ACCEPTED " + seen, besides), {},
                                        Deciding(kVestegnen).FactsFor()));
  };
  EXPECT_EQ(transfer("", ""), "refused security.assessment_required");
  EXPECT_EQ(transfer("", "assessment { version: 1 }"), "");
  EXPECT_EQ(transfer("transferred_version: 1", "assessment { version: 1 }"),
            "refused security.already_transferred");
  EXPECT_EQ(transfer("transferred_version: 1", "assessment { version: 2 }"), "");
}

}  // namespace
}  // namespace exitbus::police
