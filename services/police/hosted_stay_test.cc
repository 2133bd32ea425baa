// Whom another district's unit has placed here, cell by cell: hosted_stay.table; until when it is
// answered, and what is left once it has ended.
#include "services/police/hosted_stay.h"

#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "exitbus/police/v1/hosted_stay_service.pb.h"
#include "exitbus/police/v1/stay_messages.pb.h"
#include "exitbus/police_journal/v1/stay.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::police {
namespace {

namespace cv1 = casework::v1;
namespace jv1 = police_journal::v1;
namespace pv1 = policy::v1;
using exchange::kFyn;
using exchange::kVestegnen;
using tables::Inputs;

exchange::LetterPlace From(const std::string& sender) {
  return {sender, pv1::CHANNEL_SECURITY, "the-stay", 1, pv1::AUTHORITY_KIND_POLICE};
}

std::string Until(int days) {
  return absl::StrCat(
      "until { seconds: ", absl::ToUnixSeconds(exchange::Deciding::Now() + days * absl::Hours(24)),
      " } ");
}

// Placed as a unit says it, but for what is named.
struct Placing {
  int version = 4, days = 20;
  std::string municipality = "0461", address = "Skjulestedet 7", cpr_number = "6101900001",
              stage = "PLACED";
  operator std::string() const {  // NOLINT: it is what a message says
    return absl::StrCat("municipality: \"", municipality, "\" address: \"", address,
                        "\" kind: STAY_PLACE_KIND_SAFE_HOUSE person { cpr_number: \"", cpr_number,
                        "\" } placed { seconds: 1772442000 } stage: STAY_STAGE_", stage,
                        " assessment { version: 1 threat_level: THREAT_LEVEL_HIGH } ", Until(days),
                        "version: ", version);
  }
};

Inputs All() {
  const std::string placed = "<StayPlaced", answer = "AnswerHostedStay";
  const auto answered = [](const std::string& safety) {
    return absl::StrCat("stay_id: \"the-stay\" answer: PLACE_SAFETY_", safety);
  };
  Inputs all(HostedStays(), From(kVestegnen.id));
  all.Message(placed, Placing{.version = 1})
      .Message(placed + ", anew", Placing{.version = 2, .days = 30})
      .Message(placed + ", on the way back", Placing{.version = 3, .stage = "WAY_BACK"})
      .Message(placed + ", in another district", Placing{.municipality = "0165"})
      .Message(placed + ", nowhere", Placing{.municipality = "9999"})
      .Message(placed + ", somewhere else", Placing{.address = "Et andet sted 1"})
      .Message(placed + ", of nobody", Placing{.cpr_number = ""})
      .Message(placed + ", for years", Placing{.days = 900})
      .Message(placed + ", that has ended", Placing{.stage = "ENDED"})
      .MessageFrom(From("police-1470"), placed + ", by another unit", Placing{})
      .Message(placed + ", long ago", Placing{.days = -90})
      .Message("<StayEnded", "")
      .MessageFrom(From("police-1470"), "<StayEnded, by another unit", "")
      .OtherMessages()
      .Command(answer, answered("CLEAR"))
      .Command(answer + ", not safe", answered("NOT_POSSIBLE"))
      .Command(answer + ", not known", answered("UNKNOWN"))
      .OtherCommands("stay_id", "the-stay");
  return all;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& stay = static_cast<const jv1::HostedStay&>(state);
  if (!stay.has_seen()) return "NONE";
  if (stay.seen().stage() == cv1::STAY_STAGE_ENDED) return "ENDED";
  return relocation::v1::PlaceSafety_Name(stay.seen().answer()).substr(sizeof("PLACE_SAFETY_") - 1);
}

class HostedStayTest : public testing::Test {
 protected:
  exchange::Decision Happens(const std::string& input) {
    exchange::Decision decision = inputs.Decide(input, *state, Now());
    EXPECT_TRUE(decision.accepted()) << input << ": " << decision.refusal()->reason;
    state = decision.After(*state, inputs.aggregate().evolve);
    return decision;
  }
  void BecomesAs(const std::string& given) {
    state = std::make_shared<jv1::HostedStay>();
    if (given == "NONE") return;
    Happens("<StayPlaced");
    if (given == "CLEAR") Happens("AnswerHostedStay");
    if (given == "NOT_POSSIBLE") Happens("AnswerHostedStay, not safe");
    if (given == "ENDED") Happens("<StayEnded");
  }
  exchange::DecisionContext Now() const {
    exchange::DecisionContext context = fyn.DecisionContextFor();
    context.now += later;
    return context;
  }
  const jv1::HostedStay& Stay() const { return static_cast<const jv1::HostedStay&>(*state); }
  std::vector<std::string> Alarms() {
    std::vector<std::string> alarms;
    for (const exchange::Deadline& deadline : inputs.aggregate().deadlines(*state)) {
      const auto decision = inputs.aggregate().decide_deadline(*state, deadline.name, Now());
      for (const auto& [severity, event] : decision.reports()) alarms.push_back(event);
    }
    return alarms;
  }

  const exchange::Deciding fyn{kFyn, {kVestegnen}};
  const Inputs inputs = All();
  std::shared_ptr<const google::protobuf::Message> state = std::make_shared<jv1::HostedStay>();
  absl::Duration later;
};

TEST_F(HostedStayTest, EachCellIsAsTheTableSays) {
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    BecomesAs(given);
    if (given == "NONE" && !input.starts_with('<')) return "refused " + exchange::NotThere().reason;
    return tables::Said(inputs.Decide(input, *state, Now()), inputs.aggregate(), *state, &StageOf);
  };
  const std::string mistakes = tables::MistakesIn(
      "services/police/hosted_stay.table",
      {{{"unit of the place", {"NONE", "ASKED", "CLEAR", "NOT_POSSIBLE", "ENDED"}}},
       inputs.Names(),
       then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST_F(HostedStayTest, BothUnitsAreAlarmedByTheirOwnClocks) {
  BecomesAs("ASKED");
  later = absl::Hours(1);
  EXPECT_EQ(Alarms(), std::vector<std::string>{"hosted_stay.unanswered"});
  later = absl::ZeroDuration();
  BecomesAs("CLEAR");
  later = absl::Hours(20 * 24);
  EXPECT_EQ(Alarms(), std::vector<std::string>{"hosted_stay.end_overdue"});
}

TEST_F(HostedStayTest, WhoIsNotSafeHereIsToBeGoneWithinTheHour) {
  BecomesAs("CLEAR");
  Happens("AnswerHostedStay, not safe");
  later = absl::Minutes(50);
  Happens("AnswerHostedStay, not safe");
  later = absl::Hours(1);
  EXPECT_EQ(Alarms(), std::vector<std::string>{"hosted_stay.end_overdue"});
}

// However often it is told anew.
TEST_F(HostedStayTest, ThereIsOneHourToRead) {
  BecomesAs("ASKED");
  later = absl::Minutes(50);
  Happens("<StayPlaced, anew");
  later = absl::Minutes(60);
  EXPECT_EQ(Alarms(), std::vector<std::string>{"hosted_stay.unanswered"});
}

// A store that was put back has forgotten it: the other unit waits for its word.
TEST_F(HostedStayTest, WhoKnowsNothingOfItHasErasedIt) {
  const exchange::Decision ended = Happens("<StayEnded");
  const auto* const told = exchange::Told(ended, kVestegnen.id, "StayAnswered");
  ASSERT_NE(told, nullptr);
  EXPECT_TRUE(static_cast<const v1::StayAnswered*>(told)->erased());
  EXPECT_EQ(exchange::OutcomeOf(inputs.Decide("<StayPlaced", *state, Now())),
            "no effect stay_over");
}

TEST_F(HostedStayTest, OfOneThatHasEndedNobodyIsNamed) {
  BecomesAs("CLEAR");
  const exchange::Decision ended = Happens("<StayEnded");
  EXPECT_TRUE(ended.erases());
  const std::string left = Stay().ShortDebugString();
  for (const char* gone : {"6101900001", "Skjulestedet", "0461", "THREAT_LEVEL", "officer"}) {
    EXPECT_EQ(left.find(gone), std::string::npos) << gone;
  }
  EXPECT_TRUE(inputs.aggregate().deadlines(*state).empty());
}

}  // namespace
}  // namespace exitbus::police
