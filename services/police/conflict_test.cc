// What another district's unit asks, cell by cell: conflict.table; until when it is answered, and
// what is left once it has ended.
#include "services/police/conflict.h"

#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "exitbus/police_journal/v1/conflict.pb.h"
#include "exitbus/relocation/v1/conflict_service.pb.h"
#include "exitbus/relocation/v1/messages.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/police/security_files.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::police {
namespace {

namespace jv1 = police_journal::v1;
namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::kFyn;
using exchange::kVestegnen;
using exchange::Of;
using tables::Inputs;

constexpr char kInquiry[] = "municipality: \"0165\" groups: 12 groups: 7";

exchange::LetterPlace From(const std::string& sender,
                           pv1::AuthorityKind kind = pv1::AUTHORITY_KIND_POLICE) {
  return {sender, pv1::CHANNEL_RELOCATION, "the-conflict", 1, kind};
}

Inputs All() {
  const auto answer = [](const std::string& safety) {
    return absl::StrCat("conflict_id: \"the-conflict\" safety: PLACE_SAFETY_", safety);
  };
  Inputs all(AskedConflicts(), From(kFyn.id));
  all.Message("<ConflictInquiry", kInquiry)
      .Message("<ConflictInquiry, about another district's place",
               "municipality: \"0461\" groups: 12")
      .Message("<ConflictInquiry, about no municipality", "municipality: \"1469\" groups: 12")
      .Message("<ConflictInquiry, without a group", "municipality: \"0165\"")
      .Message("<ConflictInquiry, from a group without a number",
               "municipality: \"0165\" groups: 12 groups: 0")
      .MessageFrom(From("police-1470"), "<ConflictInquiry, by another unit", kInquiry)
      .Message("<RelocationWithdrawn", "")
      .MessageFrom(From("police-1470"), "<RelocationWithdrawn, by another unit", "")
      .OtherMessages()
      .Command("AnswerConflictInquiry", answer("CLEAR"))
      .Command("AnswerConflictInquiry, that there is one", answer("NOT_POSSIBLE"))
      .Command("AnswerConflictInquiry, that it is not known", answer("UNKNOWN"))
      .Command("AnswerConflictInquiry, that it is asked", answer("ASKED"))
      .Command("AnswerConflictInquiry, without an answer", answer("UNSPECIFIED"))
      .OtherCommands("conflict_id", "the-conflict");
  return all;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& conflict = static_cast<const jv1::AskedConflict&>(state);
  if (!conflict.has_seen()) return "NONE";
  if (conflict.seen().has_ended()) return "ENDED";
  return lv1::PlaceSafety_Name(conflict.seen().answer()).substr(sizeof("PLACE_SAFETY_") - 1);
}

// A conflict inquiry as it goes on.
class ConflictTest : public testing::Test {
 protected:
  exchange::Decision Happens(const std::string& input) {
    exchange::Decision decision = inputs.Decide(input, *state, Now());
    Take(decision);
    return decision;
  }
  void Take(const exchange::Decision& decision) {
    ASSERT_TRUE(decision.accepted()) << decision.refusal()->reason;
    state = decision.After(*state, inputs.aggregate().evolve);
  }
  void BecomesAs(const std::string& given) {
    if (given == "NONE") return;
    Happens("<ConflictInquiry");
    if (given != "ASKED") Happens("AnswerConflictInquiry");
    if (given == "ENDED") Happens("<RelocationWithdrawn");
  }
  exchange::DecisionContext Now() const {
    exchange::DecisionContext context = unit.DecisionContextFor();
    context.now = exchange::AddWorkingDays(context.now, day);
    return context;
  }
  lv1::AskedConflict View() const {
    for (const exchange::Method& method : inputs.aggregate().methods) {
      if (!method.decide) continue;
      const auto view = method.view(*state, lv1::AnswerConflictInquiryRequest(), Now());
      return static_cast<const lv1::AskedConflict&>(*view);
    }
    return {};
  }

  const exchange::Deciding unit{kVestegnen, {kFyn}};
  const Inputs inputs = All();
  std::shared_ptr<const google::protobuf::Message> state = std::make_shared<jv1::AskedConflict>();
  int day = 0;
};

TEST_F(ConflictTest, EachCellIsAsTheTableSays) {
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    state = std::make_shared<jv1::AskedConflict>();
    BecomesAs(given);
    // What is not there is nobody's to answer: no decider is asked.
    if (given == "NONE" && !input.starts_with('<')) return "refused " + exchange::NotThere().reason;
    return tables::Said(inputs.Decide(input, *state, Now()), inputs.aggregate(), *state, &StageOf);
  };
  const std::string mistakes = tables::MistakesIn(
      "services/police/conflict.table",
      {{{"police unit", {"NONE", "ASKED", "CLEAR", "ENDED"}}}, inputs.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST_F(ConflictTest, TheAnswerGoesToWhoAskedUnderTheIdMadeForIt) {
  BecomesAs("ASKED");
  const exchange::Decision answered = Happens("AnswerConflictInquiry, that there is one");
  ASSERT_EQ(answered.notifications().size(), 1U);
  const exchange::Notification& told = answered.notifications().front();
  EXPECT_EQ(told.from, pv1::RELATION_RECEIVING_POLICE);
  EXPECT_EQ(told.to.authority, kFyn.id);
  EXPECT_EQ(told.to.subject, "the-conflict");
  const auto& message = static_cast<const lv1::ConflictAnswered&>(*told.message);
  EXPECT_EQ(message.municipality(), "0165");
  EXPECT_EQ(message.safety(), lv1::PLACE_SAFETY_NOT_POSSIBLE);
}

TEST_F(ConflictTest, IsToBeAnsweredWithinTwoWorkingDays) {
  const exchange::Aggregate& conflicts = inputs.aggregate();
  BecomesAs("ASKED");
  const auto deadlines = conflicts.deadlines(*state);
  ASSERT_EQ(deadlines.size(), 1U);
  EXPECT_EQ(deadlines.front().due, exchange::EndOfDay(exchange::AddWorkingDays(unit.Now(), 2)));
  day = 3;
  const exchange::Decision late = conflicts.decide_deadline(*state, deadlines.front().name, Now());
  ASSERT_EQ(late.reports().size(), 1U);
  EXPECT_EQ(late.reports().front().second, "relocation.overdue");
  Take(late);
  EXPECT_TRUE(View().overdue());
  EXPECT_TRUE(conflicts.deadlines(*state).empty()) << "it is alarmed of once";
  Happens("AnswerConflictInquiry, that it is not known");
  EXPECT_FALSE(View().overdue());
  EXPECT_FALSE(View().has_due());
}

TEST_F(ConflictTest, OfAnEndedOneNothingIsOwed) {
  BecomesAs("ASKED");
  Happens("<RelocationWithdrawn");
  EXPECT_TRUE(inputs.aggregate().deadlines(*state).empty());
  EXPECT_FALSE(View().has_due());
}

TEST_F(ConflictTest, OfAnEndedOneNoPlaceAndNoGroupStays) {
  BecomesAs("ASKED");
  ASSERT_NE(state->ShortDebugString().find("0165"), std::string::npos);
  Happens("<RelocationWithdrawn");
  const auto& seen = static_cast<const jv1::AskedConflict&>(*state).seen();
  EXPECT_EQ(state->ShortDebugString().find("0165"), std::string::npos);
  EXPECT_TRUE(seen.groups().empty());
  EXPECT_EQ(seen.asker(), kFyn.id) << "who asked, and when, stays";
  EXPECT_TRUE(seen.has_asked());
}

TEST_F(ConflictTest, AWithdrawalIsAConflictsFromAUnitAndAFilesFromAHolder) {
  exchange::v1::Body body;
  body.mutable_relocation_withdrawn();
  const auto files = SecurityFiles();
  const exchange::LetterPlace by_unit = From(kFyn.id);
  const exchange::LetterPlace by_holder =
      From("municipality-0183", pv1::AUTHORITY_KIND_MUNICIPALITY);
  EXPECT_TRUE(inputs.aggregate().letter_target(by_unit, body));
  EXPECT_FALSE(files.letter_target(by_unit, body));
  EXPECT_FALSE(inputs.aggregate().letter_target(by_holder, body));
  EXPECT_TRUE(files.letter_target(by_holder, body));
}

}  // namespace
}  // namespace exitbus::police
