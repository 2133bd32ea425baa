// How long the final yes to a relocation lasts, at both sides, cell by cell: acceptance.table; when
// it is asked about, and what is shown of it.
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "exitbus/handover/v1/handover.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/handover/given_testing.h"
#include "services/casework/relocation/relocation.h"
#include "services/casework/rules.h"
#include "services/casework/views.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/relocation/request_testing.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::kDesk;
using exchange::kFyn;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::kVestegnen;
using exchange::Of;
using tables::Inputs;

constexpr char kInCharge[] = "authority in charge";
constexpr char kChosen[] = "chosen municipality";
constexpr char kItsTime[] = "its time has come";
constexpr char kLate[] = "an answer is late";

absl::Time Now() { return exchange::Deciding::Now(); }
std::int64_t AnswerDue() { return absl::ToUnixSeconds(exchange::AddWorkingDays(Now(), 5)); }

// A word that is owed, or was given.
std::string Word(const std::string& side, bool given) {
  return absl::Substitute(R"(parties { authority: "$0" subject: "the-handover" $1 } )", side,
                          given ? "confirmed { seconds: 1 }" : "");
}

// Accepted 60 days ago, and what came of it since.
std::string AcceptanceOf(const std::string& given, bool holder) {
  const std::string asked_from =
      holder ? absl::Substitute("asked_from { seconds: $0 } ", absl::ToUnixSeconds(Now())) : "";
  if (given == "FRESH") {
    const absl::Time later = Now() + absl::Hours(24);
    return absl::Substitute("asked_from { seconds: $0 } ", absl::ToUnixSeconds(later));
  }
  if (given == "ACCEPTED" || given == "CENTRAL" || given == "BACK") return asked_from;
  const bool both = holder && given != "CENTRAL_ASKED";
  const absl::Time lapses = exchange::AddWorkingDays(absl::FromUnixSeconds(AnswerDue()), 1);
  return absl::Substitute(
      "$0 question { due { seconds: $1 } $2 $3 } $4", asked_from, AnswerDue(),
      Word(holder ? kIshoej.id : kOdense.id, given == "CONFIRMED_HERE"),
      both ? Word(kOdense.id, given == "CONFIRMED_THERE") : "",
      holder ? absl::Substitute("lapses { seconds: $0 }", absl::ToUnixSeconds(lapses)) : "");
}

jv1::CaseFile File(const std::string& side, const std::string& given) {
  const bool holder = side == kInCharge;
  static const std::set<std::string> accepted = {
      "UNDECIDED", "FRESH",   "ACCEPTED",      "ASKED",     "CONFIRMED_HERE", "CONFIRMED_THERE",
      "STOPPED",   "CENTRAL", "CENTRAL_ASKED", "UNDER_WAY", "BACK",           "OVER"};
  static const std::set<std::string> in_use = {"UNDECIDED", "UNDER_WAY", "OVER"};
  const std::string stage = given == "ASKED_OFFERED"   ? "OFFERED"
                            : accepted.contains(given) ? "ACCEPTED"
                                                       : given;
  const bool lasts =
      given == "ASKED_OFFERED" || (accepted.contains(given) && !in_use.contains(given));
  jv1::CaseFile file = Given(holder ? "holder" : "receiver", stage);
  file.clear_corrections();
  *file.mutable_consent() = Of<cv1::Consent>(
      "given { seconds: 1772000000 } covers: AUTHORITY_KIND_MUNICIPALITY "
      "covers: AUTHORITY_KIND_POLICE");
  jv1::Handover& handover = *file.mutable_handovers(0);
  handover.set_police(kVestegnen.id);
  handover.set_receiving_police(kFyn.id);
  handover.set_address_protection(hv1::ADDRESS_PROTECTION_SECURED);
  if (given == "UNDECIDED") return file;
  handover.set_inquiry_id("the-inquiry");
  handover.set_decision_number(1);
  if (given.starts_with("CENTRAL")) {
    handover.set_placed_by(relocation::v1::DECISION_MODE_CENTRAL_DECISION);
  }
  handover.set_correspondence_stopped(given == "STOPPED");
  if (lasts) {
    handover.mutable_acceptance()->MergeFrom(Of<jv1::Acceptance>(AcceptanceOf(given, holder)));
  }
  if (given == "UNDER_WAY" || given == "BACK") {
    *handover.mutable_journey() = Of<relocation_journal::v1::Journey>(absl::Substitute(
        "seen { stage: JOURNEY_STAGE_$0 number: 1 departed { seconds: 1 } }", given));
  }
  if (!holder) return file;
  *file.add_relocations() = relocation::GivenRequest("NECESSARY");
  const absl::Time since = Now() - absl::Hours(given == "FRESH" ? 59 * 24 : 60 * 24);
  file.mutable_relocations(0)->MergeFrom(Of<relocation_journal::v1::Relocation>(absl::Substitute(
      R"(seen { stage: RELOCATION_STAGE_ACCEPTED
                placements { municipality: "0461" number: 1 inquiry_id: "the-inquiry"
                             mode: DECISION_MODE_VOLUNTARY_AGREEMENT accepted { seconds: $0 } } }
         places { seen { municipality: "0461" hearing { citizen: CITIZEN_ANSWER_YES } } })",
      absl::ToUnixSeconds(since))));
  if (given == "OVER") {  // the decision has ended
    auto& seen = *file.mutable_relocations(0)->mutable_seen();
    seen.set_stage(relocation::v1::RELOCATION_STAGE_NECESSARY);
    seen.mutable_placements(0)->set_end(relocation::v1::PLACEMENT_END_REVOKED);
  }
  return file;
}

exchange::LetterPlace From(const exchange::DirectoryEntry& other) {
  return {other.id, pv1::CHANNEL_HANDOVER, "the-handover", 1, other.kind};
}

Inputs AllFrom(const exchange::DirectoryEntry& other) {
  const std::string handover = R"(handover_id: "the-handover" )";
  const std::string due = absl::Substitute("due { seconds: $0 }", AnswerDue());
  Inputs all(CaseFiles(), From(other));
  all.Command("ConfirmAcceptance", handover)
      .Command("RecordDeparture", absl::Substitute(R"($0 expected { seconds: $1 })", handover,
                                                   absl::ToUnixSeconds(Now()) + 7200))
      .Message("<AcceptanceQuestioned", due)
      .Message("<AcceptanceQuestioned, no more", "")
      .Message("<AcceptanceQuestioned, until another day",
               absl::Substitute("due { seconds: $0 }", AnswerDue() + 24 * 3600))
      .Message("<AcceptanceQuestioned, until next year",
               absl::Substitute("due { seconds: $0 }", AnswerDue() + 365 * 24 * 3600))
      .Message("<AcceptanceConfirmed", due)
      .Message("<AcceptanceConfirmed, of another question", "due { seconds: 1 }")
      .MessageFrom(From(kFyn), "<AcceptanceConfirmed, by somebody else", due)
      .MessageFrom(From(kFyn), "<AcceptanceQuestioned, by somebody else", due);
  return all;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& handover = static_cast<const jv1::CaseFile&>(state).handovers(0);
  return hv1::HandoverStage_Name(handover.stage()).substr(sizeof("HANDOVER_STAGE_") - 1);
}

class AcceptanceTest : public testing::Test {
 protected:
  exchange::DecisionContext ContextOf(const std::string& side) const {
    return (side == kInCharge ? ishoej : odense).DecisionContextFor();
  }
  const Inputs& InputsOf(const std::string& side) const {
    return side == kInCharge ? from_odense : from_ishoej;
  }
  // What of the acceptance falls due by this row; nullopt: nothing does.
  std::optional<exchange::Deadline> DueIn(const std::string& side, const jv1::CaseFile& file,
                                          const std::string& row) {
    const char* const name = row == kItsTime ? "acceptance/" : "acceptance_unanswered";
    if (!FallsDue(row)) return std::nullopt;
    for (const auto& deadline : InputsOf(side).aggregate().deadlines(file)) {
      if (deadline.name.find(name) != std::string::npos) return deadline;
    }
    return std::nullopt;
  }
  static bool FallsDue(const std::string& row) { return row == kItsTime || row == kLate; }
  // With what is told of it in the end.
  Decision Decide(const std::string& side, const std::string& input, const jv1::CaseFile& file) {
    const Inputs& inputs = InputsOf(side);
    exchange::DecisionContext context = ContextOf(side);
    const auto due = DueIn(side, file, input);
    if (due) context.now = std::max(context.now, due->due);
    Decision decision = due ? inputs.aggregate().decide_deadline(file, due->name, context)
                            : inputs.Decide(input, file, context);
    if (decision.accepted()) inputs.aggregate().conclude(file, context, decision);
    return decision;
  }
  jv1::CaseFile After(const std::string& side, const std::string& input,
                      const jv1::CaseFile& file) {
    const Decision decision = Decide(side, input, file);
    EXPECT_TRUE(decision.accepted()) << input << ": " << decision.refusal()->reason;
    return static_cast<const jv1::CaseFile&>(
        *decision.After(file, InputsOf(side).aggregate().evolve));
  }
  static hv1::AcceptanceLife Shown(const jv1::CaseFile& file) {
    const auto view = HandoverView(file, "the-handover");
    return static_cast<const hv1::Handover&>(*view).acceptance();
  }

  const exchange::Deciding ishoej{kIshoej, {kOdense, kVestegnen, kFyn, kDesk}};
  const exchange::Deciding odense{kOdense, {kIshoej, kVestegnen, kFyn, kDesk}};
  const Inputs from_odense = AllFrom(kOdense);
  const Inputs from_ishoej = AllFrom(kIshoej);
};

TEST_F(AcceptanceTest, EachCellIsAsTheTableSays) {
  const auto then = [&](const std::string& side, const std::string& given,
                        const std::string& input) {
    const jv1::CaseFile file = File(side, given);
    if (FallsDue(input) && !DueIn(side, file, input)) return std::string("nothing falls due");
    return tables::Said(Decide(side, input, file), InputsOf(side).aggregate(), file, &StageOf);
  };
  std::vector<std::string> rows = from_odense.Names();
  rows.push_back(kItsTime);
  rows.push_back(kLate);
  const std::string mistakes = tables::MistakesIn(
      "services/casework/relocation/acceptance.table",
      {{{kInCharge,
         {"UNDECIDED", "TERMS_COORDINATED", "FRESH", "ACCEPTED", "BACK", "CENTRAL", "ASKED",
          "CONFIRMED_HERE", "CONFIRMED_THERE", "STOPPED", "CENTRAL_ASKED", "ASKED_OFFERED",
          "UNDER_WAY", "OVER", "RECALLED", "TAKEN_OVER"}},
        {kChosen,
         {"UNDECIDED", "TERMS_COORDINATED", "ACCEPTED", "ASKED", "CONFIRMED_HERE", "ASKED_OFFERED",
          "REJECTED", "TAKEN_OVER"}}},
       rows,
       then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST_F(AcceptanceTest, BothSaySoAndItIsAskedAboutAnew) {
  jv1::CaseFile file = After(kInCharge, kItsTime, File(kInCharge, "ACCEPTED"));
  EXPECT_EQ(Shown(file).due().seconds(), AnswerDue());
  EXPECT_FALSE(Shown(file).confirmed_here() || Shown(file).confirmed_there());
  file = After(kInCharge, "<AcceptanceConfirmed", file);
  EXPECT_TRUE(Shown(file).confirmed_there());
  file = After(kInCharge, "ConfirmAcceptance", file);
  EXPECT_FALSE(Shown(file).has_due());
  EXPECT_EQ(exchange::FromProto(Shown(file).asked_from()), Now() + absl::Hours(60 * 24));
}

TEST_F(AcceptanceTest, ItLastsAsLongAsIsConfigured) {
  exchange::DecisionContext context = ContextOf(kInCharge);
  context.acceptance_life = absl::Hours(90 * 24);
  const jv1::CaseFile file = File(kInCharge, "ASKED");
  Decision decision = from_odense.Decide("ConfirmAcceptance", file, context);
  from_odense.aggregate().conclude(file, context, decision);
  const auto after = decision.After(file, from_odense.aggregate().evolve);
  const auto& now = static_cast<const jv1::CaseFile&>(*after);
  EXPECT_FALSE(Shown(now).has_due()) << "nobody is asked before";
  EXPECT_EQ(exchange::FromProto(Shown(now).asked_from()), Now() + absl::Hours(30 * 24));
}

// From custody it lasts from the planned release; planned anew it moves.
TEST_F(AcceptanceTest, APlannedReleaseMovesIt) {
  jv1::CaseFile file = File(kInCharge, "ASKED");
  file.mutable_handovers(0)->set_reason(hv1::HANDOVER_REASON_RELEASE);
  *file.mutable_planned_release() = exchange::ToProto(Now() + absl::Hours(10 * 24));
  const Decision decision = Decide(kInCharge, "ConfirmAcceptance", file);
  const auto after = decision.After(file, from_odense.aggregate().evolve);
  const auto& now = static_cast<const jv1::CaseFile&>(*after);
  EXPECT_EQ(exchange::FromProto(Shown(now).asked_from()), Now() + absl::Hours(70 * 24));
  EXPECT_FALSE(Shown(now).has_due());
  const auto* const told = exchange::Told(decision, kOdense.id, "AcceptanceQuestioned");
  ASSERT_NE(told, nullptr);
  EXPECT_FALSE(static_cast<const hv1::AcceptanceQuestioned*>(told)->has_due());
}

TEST_F(AcceptanceTest, OperatorsHearWhoIsLateAndWhatLapses) {
  const auto alarm = [&](const char* row) {
    const Decision decision = Decide(kInCharge, row, File(kInCharge, "ASKED"));
    return decision.reports().empty() ? "" : decision.reports().front().second;
  };
  EXPECT_EQ(alarm(kLate), "handover.acceptance_unanswered");
  EXPECT_EQ(alarm(kItsTime), "handover.acceptance_lapsed");
}

TEST_F(AcceptanceTest, WhoLetsItPassShowsOverdueUntilHeSaysSo) {
  jv1::CaseFile file = After(kChosen, kLate, File(kChosen, "ASKED"));
  EXPECT_TRUE(Shown(file).overdue());
  file = After(kChosen, "<AcceptanceQuestioned, until another day", file);
  EXPECT_FALSE(DueIn(kChosen, file, kLate)) << "operators are alarmed once";
  file = After(kChosen, "ConfirmAcceptance", file);
  EXPECT_FALSE(Shown(file).overdue());
  EXPECT_TRUE(Shown(file).confirmed_here());
}

// The other side has not got all that it was told.
class Unheard : public exchange::NoLookup {
 public:
  exchange::Progress ProgressWith(std::string_view, pv1::Channel, std::string_view) const override {
    return {2, 1, 0};
  }
};

// What nobody heard, or nobody may have read yet, is not taken for a no.
TEST_F(AcceptanceTest, SilenceCountsOnceBothCouldSpeak) {
  const jv1::CaseFile file = File(kInCharge, "ASKED");
  const auto due = DueIn(kInCharge, file, kItsTime);
  const auto later = [&](exchange::DecisionContext context) {
    context.now = due->due;
    const auto decision = from_odense.aggregate().decide_deadline(file, due->name, context);
    return DueIn(kInCharge,
                 static_cast<const jv1::CaseFile&>(
                     *decision.After(file, from_odense.aggregate().evolve)),
                 kItsTime)
        ->due;
  };
  exchange::DecisionContext context = ContextOf(kInCharge);
  context.caught_up = false;
  EXPECT_EQ(later(context), exchange::AddWorkingDays(due->due, 1)) << "a word may lie unread";
  const Unheard unheard;
  context = ContextOf(kInCharge);
  context.lookup = &unheard;
  EXPECT_EQ(later(context), exchange::AddWorkingDays(due->due, 6)) << "it is asked anew";
}

// Each request counts its decisions from one: a handover follows its own.
TEST_F(AcceptanceTest, AnotherRequestsDecisionIsNotThisOne) {
  jv1::CaseFile file = File(kInCharge, "ACCEPTED");
  file.mutable_relocations(0)->mutable_seen()->mutable_placements(0)->set_inquiry_id("another");
  EXPECT_EQ(exchange::OutcomeOf(Decide(kInCharge, "RecordDeparture", file)),
            "refused relocation.decision_ended");
  EXPECT_EQ(FollowedBy(file, file.handovers(0)), nullptr);
}

}  // namespace
}  // namespace exitbus::casework
