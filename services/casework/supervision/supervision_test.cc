// What a unit of Kriminalforsorgen hears of whom it supervises, cell by cell: supervision.table.
#include "services/casework/supervision/supervision.h"

#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "exitbus/kriminalforsorgen/v1/supervision_messages.pb.h"
#include "exitbus/policy/v1/policy.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/case_given_testing.h"
#include "services/casework/handover/given_testing.h"
#include "services/casework/part_testing.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::casework {
namespace {

namespace kv1 = kriminalforsorgen::v1;
namespace pv1 = policy::v1;
using exchange::DirectoryEntry;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::Of;
using tables::Inputs;

const DirectoryEntry kUnit{
    "kriminalforsorgen-1469", pv1::AUTHORITY_KIND_KRIMINALFORSORGEN, "", "1469", "", "", "1469"};

constexpr char kRuns[] =
    R"(supervisions { supervision_id: "the-supervision"
                      seen { unit: "kriminalforsorgen-1469" since {} is_told: IS_TOLD } } )";
constexpr char kCondition[] = R"(parole { is_condition: true paragraph: "p" } )";

jv1::CaseFile With(jv1::CaseFile file, const std::string& more) {
  file.MergeFrom(Of<jv1::CaseFile>(more));
  return file;
}

// A case of Ishøj's at this stage; and what it is like besides, by the words after it.
jv1::CaseFile GivenSupervised(const std::string& given) {
  const std::string told = absl::StrReplaceAll(kRuns, {{"IS_TOLD", "true"}});
  const std::string ended = told.substr(0, told.rfind("} }")) +
                            R"(ended { seconds: 1 } } erasure { parties {
                                authority: "kriminalforsorgen-1469" subject: "the-supervision" } } })";
  if (given == "ALONE") return GivenCase("ENROLLED");
  if (given == "UNTOLD") {
    jv1::CaseFile file = GivenCase("ENROLLED");
    file.clear_bases();
    return With(file, absl::StrReplaceAll(kRuns, {{"IS_TOLD", "false"}}));
  }
  if (given == "TOLD") return With(GivenCase("ENROLLED"), told);
  if (given == "CONDITION") return With(GivenCase("ENROLLED"), told + kCondition);
  if (given == "ON_CONSENT" || given == "ON_CONSENT_CONDITION") {
    jv1::CaseFile file =
        With(GivenCase("ENROLLED"),
             told + "consent { given { seconds: 1 } covers: AUTHORITY_KIND_KRIMINALFORSORGEN }");
    file.clear_bases();
    return given == "ON_CONSENT" ? file : With(file, kCondition);
  }
  if (given == "PAUSED") return With(GivenCase("PAUSED"), told);
  if (given == "PAUSED_CONDITION") {
    return With(GivenCase("PAUSED"),
                told + kCondition + "paused { reason: PAUSE_REASON_SECURITY }");
  }
  if (given == "REQUESTED") return With(Given("holder", "REQUESTED"), told);
  if (given == "REQUESTED_CONDITION") return With(Given("holder", "REQUESTED"), told + kCondition);
  if (given == "OFFERED_CONDITION") return With(Given("holder", "OFFERED"), told + kCondition);
  if (given == "OVER") return With(GivenCase("WITHDRAWN"), told + kCondition);
  if (given == "FORMER") return With(Given("holder", "CLOSED"), ended);
  return With(GivenCase("ENROLLED"), ended);
}

const std::vector<std::string> kGiven = {"ALONE",
                                         "UNTOLD",
                                         "TOLD",
                                         "CONDITION",
                                         "ON_CONSENT",
                                         "ON_CONSENT_CONDITION",
                                         "PAUSED",
                                         "PAUSED_CONDITION",
                                         "REQUESTED",
                                         "REQUESTED_CONDITION",
                                         "OFFERED_CONDITION",
                                         "OVER",
                                         "SUPERVISED_BEFORE",
                                         "FORMER"};

Inputs All() {
  const auto from = [](const std::string& sender, pv1::Channel over, const std::string& subject) {
    return exchange::LetterPlace{sender, over, subject, 1, pv1::AUTHORITY_KIND_KRIMINALFORSORGEN};
  };
  const auto odense = exchange::LetterPlace{kOdense.id, pv1::CHANNEL_HANDOVER, "the-handover", 1,
                                            pv1::AUTHORITY_KIND_MUNICIPALITY};
  const std::string state = "StateSupervision", stated = "<ParoleStated", end = "EndProgramme",
                    rejected = "<HandoverRejected", attest = "AttestParticipation";
  const std::string parole = R"(parole { is_condition: true paragraph: "p" } )";
  Inputs all(CaseFiles({ReleasePart()}), from(kUnit.id, pv1::CHANNEL_CASE, "the-supervision"));
  all.Command(state, R"(unit: "kriminalforsorgen-1469")")
      .Command(state + ", a municipality", R"(unit: "municipality-0461")")
      .Command(state + ", nobody that is listed", R"(unit: "nobody")")
      .Command("EndSupervision", "")
      .Command("RecordLegalBasis",
               "legal_basis: LEGAL_BASIS_FVL28 covers: AUTHORITY_KIND_KRIMINALFORSORGEN")
      .Command("EndLegalBasis", "legal_basis: LEGAL_BASIS_FVL28")
      .Command("RevokeConsent", "")
      .Command("CorrectCase", R"(reason: "r" person { name: "Right Name" })")
      .Command("StartProgramme", "")
      .Command("PauseProgramme", "reason: PAUSE_REASON_SECURITY")
      .Command("PauseProgramme, in custody", "reason: PAUSE_REASON_CUSTODY")
      .Command("ResumeProgramme", "")
      .Command(end + ", lapsed", R"(code: END_CODE_LAPSED reasons: "r" citizen_heard {})")
      .Command(end + ", never started", "code: END_CODE_NEVER_STARTED")
      .Command("RecordWithdrawal", "")
      .Command(attest, R"(text: "took part")")
      .Command(attest + ", of nothing", "")
      .Message(stated, parole)
      .MessageFrom(from("kriminalforsorgen-1470", pv1::CHANNEL_CASE, "the-supervision"),
                   stated + ", by another unit", parole)
      .MessageFrom(from(kUnit.id, pv1::CHANNEL_CASE, "another"), stated + ", under another id",
                   parole)
      .MessageFrom(odense, rejected, "rejection: REJECTION_CODE_UNSAFE")
      .MessageFrom(odense, rejected + ", for want of room", "rejection: REJECTION_CODE_NO_CAPACITY")
      .Message("<ErasureConfirmed", "")
      .Command(
          "NameContactPerson",
          R"(contact_person { authority: "kriminalforsorgen-1469" function: FUNCTION_CASE_OFFICER
                                   reached_by: "r" })")
      .Message("<BreachOfConditions", "breached { seconds: 1 }")
      .MessageFrom(from("kriminalforsorgen-1470", pv1::CHANNEL_CASE, "the-supervision"),
                   "<BreachOfConditions, by another unit", "breached { seconds: 1 }")
      .MessageFrom(from(kUnit.id, pv1::CHANNEL_CASE, "another"),
                   "<BreachOfConditions, under another id", "breached { seconds: 1 }");
  return all;
}

// Whose doing it is said to be, beside what is told.
std::string CauseIn(const exchange::Decision& decision) {
  std::string causes;
  for (const exchange::Notification& told : decision.notifications()) {
    if (told.message->GetDescriptor() != kv1::ParoleCourseReached::descriptor()) continue;
    const auto& step = static_cast<const kv1::ParoleCourseReached&>(*told.message).step();
    absl::StrAppend(&causes, ", ",
                    kv1::CourseStep_Name(step.step()).substr(sizeof("COURSE_STEP_") - 1), " ",
                    kv1::CourseCause_Name(step.cause()).substr(sizeof("COURSE_CAUSE_") - 1));
  }
  return causes;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::CaseFile&>(state);
  return cv1::CaseStage_Name(file.stage()).substr(sizeof("CASE_STAGE_") - 1);
}

class SupervisionTest : public testing::Test {
 protected:
  exchange::Decision Decided(const jv1::CaseFile& file, const std::string& input) const {
    exchange::Decision decision = inputs.Decide(input, file, ishoej.DecisionContextFor());
    if (decision.accepted()) {
      inputs.aggregate().conclude(file, ishoej.DecisionContextFor(), decision);
    }
    return decision;
  }
  // The unit has been told how all the rest is, too.
  jv1::CaseFile Told(jv1::CaseFile file) const {
    const jv1::Supervision* const running = RunningSupervision(file);
    if (running == nullptr || !running->seen().is_told()) return file;
    jv1::CaseEvent event;
    *event.mutable_supervision_noted()->mutable_supervision() = *running;
    exchange::Decision telling;
    telling.AddEvent(event);
    FollowMatters(file, ishoej.DecisionContextFor(), telling);
    return *After(file, telling);
  }
  const exchange::Deciding ishoej{kIshoej, {kOdense, kUnit}};
  const Inputs inputs = All();
};

TEST_F(SupervisionTest, EachCellIsAsTheTableSays) {
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    const jv1::CaseFile file = Told(GivenSupervised(given));
    const exchange::Decision decision = Decided(file, input);
    return tables::Said(decision, inputs.aggregate(), file, &StageOf) + CauseIn(decision);
  };
  const std::string mistakes = tables::MistakesIn("services/casework/supervision/supervision.table",
                                                  {{{"case", kGiven}}, inputs.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

// A revocation takes back nothing of what goes on the law by which exit is a condition.
TEST_F(SupervisionTest, WhatIsAConditionOfParoleNeverGoesOnConsent) {
  const exchange::Decision paused =
      Decided(Told(GivenSupervised("ON_CONSENT_CONDITION")), "PauseProgramme");
  ASSERT_EQ(paused.notifications().size(), 1U);
  EXPECT_EQ(paused.notifications()[0].to.legal_basis, pv1::LEGAL_BASIS_OTHER_LAW);
  const exchange::Decision told = Decided(Told(GivenSupervised("ON_CONSENT")), "PauseProgramme");
  ASSERT_EQ(told.notifications().size(), 1U);
  EXPECT_EQ(told.notifications()[0].to.legal_basis, pv1::LEGAL_BASIS_CONSENT);
}

// It is the same breach, told anew by a unit that does not know whether it was heard.
TEST_F(SupervisionTest, ABreachIsLearntOnceAndNeverInTheFuture) {
  jv1::CaseFile file = GivenSupervised("TOLD");
  file = *After(file, Decided(file, "<BreachOfConditions"));
  ASSERT_EQ(file.breaches_size(), 1);
  EXPECT_EQ(file.breaches(0).reported_by(), kUnit.id);
  EXPECT_EQ(exchange::OutcomeOf(Decided(file, "<BreachOfConditions")), "no effect breach_known");
}

// Six weeks before the release (N-09, KRF-08); and anew for another day.
TEST_F(SupervisionTest, AStatementIsOwedWhileAReleaseIsPlanned) {
  const absl::Time release = exchange::Deciding::Now() + absl::Hours(24 * 100);
  jv1::CaseFile file = GivenSupervised("TOLD");
  file.set_responsible(kIshoej.id);
  const auto happens = [&](const std::string& input) { file = *After(file, Decided(file, input)); };
  *file.mutable_planned_release() = exchange::ToProto(release);
  happens("PauseProgramme");
  EXPECT_FALSE(file.has_attestation_owed()) << "exit is no condition";
  *file.mutable_parole() = Of<cv1::Parole>("is_condition: true");
  happens("ResumeProgramme");
  EXPECT_EQ(exchange::FromProto(file.attestation_owed().due()), release - 6 * 7 * absl::Hours(24));
  happens("AttestParticipation");
  EXPECT_TRUE(exchange::IsMet(file.attestation_owed()));
  EXPECT_EQ(file.attestations(0).authority(), kIshoej.id);
  EXPECT_FALSE(file.attestations(0).statement().empty());
  *file.mutable_planned_release() = exchange::ToProto(release + absl::Hours(24));
  happens("PauseProgramme");
  EXPECT_FALSE(exchange::IsMet(file.attestation_owed())) << "it is another decision";
  file.clear_planned_release();
  happens("ResumeProgramme");
  EXPECT_FALSE(file.has_attestation_owed());
}

}  // namespace
}  // namespace exitbus::casework
