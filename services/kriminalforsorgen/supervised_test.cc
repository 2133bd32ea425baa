// Whom a unit supervises while a municipality has the case, cell by cell: supervised.table; and
// what is left of it once it has ended.
#include "services/kriminalforsorgen/supervised.h"

#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "exitbus/exchange/v1/statement.pb.h"
#include "exitbus/kriminalforsorgen/v1/supervision_messages.pb.h"
#include "exitbus/kriminalforsorgen/v1/supervision_service.pb.h"
#include "exitbus/kriminalforsorgen_journal/v1/supervision.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::kriminalforsorgen {
namespace {

namespace jv1 = kriminalforsorgen_journal::v1;
namespace pv1 = policy::v1;
using exchange::DirectoryEntry;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::NamedStatements;
using tables::Inputs;
using tables::Quoted;

const DirectoryEntry kUnit{
    "kriminalforsorgen-1469", pv1::AUTHORITY_KIND_KRIMINALFORSORGEN, "", "1469", "", "", "1469"};
constexpr char kPerson[] = R"(person { cpr_number: "6101900001" name: "Canary Name" } )";

exchange::LetterPlace From(const std::string& sender) {
  return {sender, pv1::CHANNEL_CASE, "the-supervision", 1, pv1::AUTHORITY_KIND_MUNICIPALITY};
}

std::string SlipTo(const std::string& receiver, const std::string& reader) {
  exchange::v1::Statement statement;
  exchange::v1::Slip& slip = *statement.mutable_slip();
  slip.set_reader(reader);
  slip.set_reader_subject("the-supervision");
  slip.set_from_number(1);
  slip.set_number(2);
  slip.set_holder(kIshoej.id);
  slip.set_receiver(receiver);
  return absl::StrCat("slip: ", Quoted(NamedStatements(kIshoej.id).Sign(statement)), " ");
}

std::string Attested(const std::string& signer, const std::string& text) {
  exchange::v1::Statement statement;
  exchange::v1::Attestation& said = *statement.mutable_attestation();
  said.set_reader_subject("the-supervision");
  said.set_holder(kIshoej.id);
  said.mutable_attested()->set_seconds(7);
  said.set_text_digest("took part");
  return absl::StrCat("number: 1 attestation { attested { seconds: 7 } text: ", Quoted(text),
                      " statement: ", Quoted(NamedStatements(signer).Sign(statement)), " }");
}

Inputs All() {
  const std::string stated = "<SupervisionStated", reached = "<SupervisedCourseReached",
                    parole = "<ParoleCourseReached", attested = "<ParticipationAttested",
                    state = "StateSupervisedParole";
  const std::string paused = "step: COURSE_STEP_PAUSED since { seconds: 7 } ";
  const std::string id = R"(supervision_id: "the-supervision" )";
  const auto odense = From(kOdense.id), stranger = From("municipality-0751");
  Inputs all(SupervisedCases(), From(kIshoej.id));
  all.Message(stated, absl::StrCat("number: 1 ", kPerson))
      .Message(stated + ", of nobody", "number: 1")
      .Message(stated + ", under a later number", absl::StrCat("number: 2 ", kPerson))
      .MessageFrom(odense, stated + ", by Odense",
                   absl::StrCat("number: 2 ", kPerson, SlipTo(kOdense.id, kUnit.id)))
      .MessageFrom(odense, stated + ", by Odense, no slip", absl::StrCat("number: 2 ", kPerson))
      .MessageFrom(stranger, stated + ", by a stranger", absl::StrCat("number: 3 ", kPerson))
      .MessageFrom(stranger, stated + ", with another's slip",
                   absl::StrCat("number: 2 ", kPerson, SlipTo(kOdense.id, kUnit.id)))
      .Message("<SupervisionEnded", "number: 1")
      .MessageFrom(stranger, "<SupervisionEnded, by a stranger", "number: 1")
      .Message(reached, absl::StrCat("number: 1 ", paused))
      .Message(reached + ", of nothing", "number: 1")
      .MessageFrom(odense, reached + ", by Odense", absl::StrCat("number: 2 ", paused))
      .MessageFrom(stranger, reached + ", by a stranger", absl::StrCat("number: 1 ", paused))
      .Message(reached + ", beyond all number", absl::StrCat("number: 1000001 ", paused))
      .Message(parole, absl::StrCat("number: 1 step { ", paused, "cause: COURSE_CAUSE_SAFETY }"))
      .MessageFrom(stranger, parole + ", by a stranger",
                   absl::StrCat("number: 1 step { ", paused, " }"))
      .Message("<ContactPersonNamed", "number: 1")
      .MessageFrom(odense, "<ContactPersonNamed, by Odense", "number: 2")
      .MessageFrom(stranger, "<ContactPersonNamed, by a stranger", "number: 1")
      .Command("ReportBreach", id + "breached { seconds: 1700000000 }")
      .Command("ReportBreach, in 2030", id + "breached { seconds: 1900000000 }")
      .Command("ReportBreach, on no day", id)
      .Message(attested, Attested(kIshoej.id, "took part"))
      .Message(attested + ", signed by another", Attested(kOdense.id, "took part"))
      .Message(attested + ", of another text", Attested(kIshoej.id, "did not"))
      .Message("<CaseMattersTold", "number: 1 matters { security { version: 3 } }")
      .MessageFrom(odense, "<CaseMattersTold, by Odense", "number: 2")
      .MessageFrom(stranger, "<CaseMattersTold, by a stranger", "number: 1")
      .Message("<MeetingInvitation", "number: 1")
      .MessageFrom(stranger, "<MeetingInvitation, by a stranger", "number: 1")
      .Message("<PauseDeclined", "number: 1")
      .Command("AnswerSupervisedMeeting", id + R"(invitation_id: "i" coming: COMING_NO)")
      .Command("AnswerSupervisedMeeting, with nothing", id)
      .OtherMessages()
      .Command(state, id + R"(is_condition: true paragraph: "p")")
      .Command(state + ", by no paragraph", id + "is_condition: true")
      .Command(state + ", released last year", id + "planned_release { seconds: 1700000000 }")
      .Command(state + ", that it is none", id)
      .OtherCommands("supervision_id", "the-supervision");
  return all;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& supervised = static_cast<const jv1::Supervised&>(state);
  if (!supervised.has_seen()) return "NONE";
  if (supervised.seen().ended()) return "ENDED";
  if (supervised.seen().holder() == kOdense.id) return "MOVED";
  return supervised.seen().parole().is_condition() ? "CONDITION" : "TOLD";
}

class SupervisedTest : public testing::Test {
 protected:
  exchange::Decision Happens(const std::string& input) {
    exchange::Decision decision = inputs.Decide(input, *state, Now());
    EXPECT_TRUE(decision.accepted()) << input << ": " << decision.refusal()->reason;
    state = decision.After(*state, inputs.aggregate().evolve);
    return decision;
  }
  void BecomesAs(const std::string& given) {
    state = std::make_shared<jv1::Supervised>();
    if (given == "NONE") return;
    Happens("<SupervisionStated");
    if (given == "CONDITION") Happens("StateSupervisedParole");
    if (given == "MOVED") Happens("<SupervisionStated, by Odense");
    if (given == "ENDED") Happens("<SupervisionEnded");
  }
  exchange::DecisionContext Now() const { return unit.DecisionContextFor(); }
  const kriminalforsorgen::v1::SupervisedCase& Seen() const {
    return static_cast<const jv1::Supervised&>(*state).seen();
  }

  const exchange::Deciding unit{kUnit, {kIshoej, kOdense}};
  const Inputs inputs = All();
  std::shared_ptr<const google::protobuf::Message> state = std::make_shared<jv1::Supervised>();
};

TEST_F(SupervisedTest, EachCellIsAsTheTableSays) {
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    BecomesAs(given);
    if (given == "NONE" && !input.starts_with('<')) return "refused " + exchange::NotThere().reason;
    return tables::Said(inputs.Decide(input, *state, Now()), inputs.aggregate(), *state, &StageOf);
  };
  const std::string mistakes = tables::MistakesIn(
      "services/kriminalforsorgen/supervised.table",
      {{{"unit", {"NONE", "TOLD", "CONDITION", "MOVED", "ENDED"}}}, inputs.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST_F(SupervisedTest, ThePauseAndWhoseDoingItWasAreKept) {
  BecomesAs("CONDITION");
  Happens("<ParoleCourseReached");
  EXPECT_TRUE(Seen().paused());
  ASSERT_EQ(Seen().steps_size(), 1);
  EXPECT_EQ(Seen().steps(0).cause(), v1::COURSE_CAUSE_SAFETY);
}

// What this unit has said may have crossed the take-over.
TEST_F(SupervisedTest, WhoTakesOverHearsThatItIsACondition) {
  BecomesAs("CONDITION");
  const exchange::Decision moved = Happens("<SupervisionStated, by Odense");
  const auto* const told = exchange::Told(moved, kOdense.id, "ParoleStated");
  ASSERT_NE(told, nullptr);
  EXPECT_TRUE(static_cast<const v1::ParoleStated*>(told)->parole().is_condition());
}

TEST_F(SupervisedTest, OfOneThatHasEndedNobodyIsNamed) {
  BecomesAs("CONDITION");
  Happens("<ParticipationAttested");
  EXPECT_TRUE(Happens("<SupervisionEnded").erases());
  for (const char* gone : {"6101900001", "Canary", "took part", "paragraph"}) {
    EXPECT_EQ(state->ShortDebugString().find(gone), std::string::npos) << gone;
  }
}

}  // namespace
}  // namespace exitbus::kriminalforsorgen
