// A person at a temporary place, at the unit that has placed him, cell by cell: stay.table; until
// when it is whose, and who hears what of it.
#include "services/police/stay_testing.h"
#include "tests/tables/matrix.h"

namespace exitbus::police {
namespace {

TEST_F(StayTest, EachCellIsAsTheTableSays) {
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    BecomesAs(given);
    // What is not there is nobody's: no decider is asked.
    const bool named = input.starts_with("ExtendStay") || input.starts_with("EndStay") ||
                       input.starts_with("ReturnStayAccount") ||
                       input.starts_with("WithdrawStayApplication");
    if (named && FindStay(File(), "fresh") == nullptr) {
      return "refused " + exchange::NotThere().reason;
    }
    ids.id = given == "ENDED" || given == "ERASED" ? "next" : "fresh";
    return tables::Said(Decided(input), inputs.aggregate(), *state, &StageOf);
  };
  const std::string mistakes =
      tables::MistakesIn("services/police/stay.table",
                         {{{"police unit",
                            {"UNNAMED", "UNASSESSED", "NONE", "REQUESTED", "PLACED", "CLEAR",
                             "UNSAFE", "PAID", "WAY_BACK", "ENDED", "ERASED", "FORMER"}}},
                          inputs.Names(),
                          then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

// The letters to whom do not need it name no place.
TEST_F(StayTest, EachHearsWhatIsForHim) {
  BecomesAs("NONE");
  const exchange::Decision placed = Happens("PlaceTemporarily");
  const std::string host = HeardBy(kFyn, placed, "StayPlaced");
  EXPECT_NE(host.find("Skjulestedet"), std::string::npos);
  EXPECT_NE(host.find("THREAT_LEVEL_HIGH"), std::string::npos);
  const std::string holder = HeardBy(kIshoej, placed, "TemporaryRelocationTold");
  EXPECT_NE(holder.find("0461"), std::string::npos);
  EXPECT_EQ(holder.find("Skjulestedet"), std::string::npos);
  const std::string desk = HeardBy(kDesk, placed, "PoolApplicationSubmitted");
  EXPECT_NE(desk.find("20000"), std::string::npos);
  EXPECT_EQ(desk.find("0461"), std::string::npos);
  EXPECT_EQ(placed.notifications().size(), 3U);
}

TEST_F(StayTest, InTheOwnDistrictNoOtherUnitHearsOfIt) {
  BecomesAs("NONE");
  const exchange::Decision placed = Happens("PlaceTemporarily, in this district");
  EXPECT_EQ(HeardBy(kFyn, placed, "StayPlaced"), "");
  EXPECT_EQ(Stay().seen().host(), "");
  later = absl::Hours(2);
  EXPECT_TRUE(Alarms().empty()) << "nobody else has to answer";
  Happens("EndStay");
  EXPECT_TRUE(Stay().erasure().parties().empty());
}

TEST_F(StayTest, TheUnitThereErasesWhatItWasTold) {
  BecomesAs("ENDED");
  Happens("WithdrawStayApplication");
  later = absl::Hours(24 * 8);
  EXPECT_EQ(Alarms(), std::vector<std::string>{"stay.erasure_overdue"});
  Happens("<StayAnswered, all is erased");
  EXPECT_TRUE(Alarms().empty());
}

TEST_F(StayTest, IsAnsweredWithinTheHourAndEndedInTime) {
  BecomesAs("PLACED");
  later = absl::Minutes(59);
  EXPECT_TRUE(Alarms().empty());
  later = absl::Hours(1);
  EXPECT_EQ(Alarms(), std::vector<std::string>{"stay.unanswered"});
  BecomesAs("CLEAR");
  EXPECT_EQ(EndDue(), vestegnen.Now() + absl::Hours(20 * 24));
  later = absl::Hours(20 * 24);
  const std::vector<std::string> overdue = Alarms();
  EXPECT_EQ(std::count(overdue.begin(), overdue.end(), "stay.end_overdue"), 1);
  later = absl::ZeroDuration();
  BecomesAs("REQUESTED");
  EXPECT_EQ(EndDue(), vestegnen.Now() + absl::Hours(1));
}

TEST_F(StayTest, WhoIsNotSafeThereIsBroughtElsewhereWithinTheHour) {
  BecomesAs("CLEAR");
  later = absl::Hours(5);
  Happens("<StayAnswered, not safe");
  EXPECT_EQ(EndDue(), Now().now + absl::Hours(1));
  later = absl::Hours(5.5);
  Happens("<StayAnswered, not safe");
  EXPECT_EQ(EndDue(), vestegnen.Now() + absl::Hours(6)) << "said again gives no more time";
  Happens("<StayAnswered, clear");
  EXPECT_EQ(EndDue(), vestegnen.Now() + absl::Hours(20 * 24));
}

// Budget exhausted counts as no, and nothing is assumed about who pays.
// That the desk's system takes no more is nobody's no.
// What is told anew is read anew; that he is not safe there stays said.
TEST_F(StayTest, TheUnitThereHearsWhatChanges) {
  BecomesAs("CLEAR");
  const auto learns = [&](const std::string& event) {
    exchange::Decision decision;
    decision.AddEvent(Of<jv1::SecurityEvent>(event));
    inputs.aggregate().conclude(*state, Now(), decision);
    state = decision.After(*state, inputs.aggregate().evolve);
    return HeardBy(kFyn, decision, "StayPlaced");
  };
  const std::string assessed =
      "assessment_made { assessment { version: 2 threat_level: THREAT_LEVEL_MEDIUM } }";
  EXPECT_NE(learns(assessed).find("version: 2"), std::string::npos);
  EXPECT_EQ(Stay().seen().answer(), relocation::v1::PLACE_SAFETY_ASKED);
  EXPECT_EQ(learns(assessed), "") << "nothing that it does not know";
  Happens("<StayAnswered, clear");
  EXPECT_EQ(Stay().seen().answer(), relocation::v1::PLACE_SAFETY_ASKED) << "of the version before";
  Happens("<StayAnswered, not safe");
  EXPECT_NE(learns("assessment_made { assessment { version: 3 } }"), "");
  EXPECT_EQ(Stay().seen().answer(), relocation::v1::PLACE_SAFETY_NOT_POSSIBLE);
}

// However often it is told anew.
TEST_F(StayTest, TheUnitThereHasOneHour) {
  BecomesAs("PLACED");
  later = absl::Minutes(50);
  Happens("ExtendStay");
  later = absl::Minutes(60);
  EXPECT_EQ(Alarms(), std::vector<std::string>{"stay.unanswered"});
}

// The id under which the two units write is nobody else's.
TEST_F(StayTest, TheUnitThereAndTheAuthorityInChargeKnowItByDifferentIds) {
  ids.counts = true;
  BecomesAs("NONE");
  const exchange::Decision placed = Happens("PlaceTemporarily");
  std::string host;
  for (const exchange::Notification& told : placed.notifications()) {
    if (told.to.authority == kFyn.id) host = told.to.subject;
  }
  EXPECT_FALSE(host.empty());
  EXPECT_NE(host, Stay().seen().stay_id());
  for (const exchange::Notification& told : placed.notifications()) {
    if (told.to.authority == kFyn.id) continue;
    EXPECT_EQ(told.message->ShortDebugString().find("\"" + host + "\""), std::string::npos);
  }
}

// Once the person is not named here any more, the unit there still hears until when he stays.
TEST_F(StayTest, WhoIsNotNamedAnyMoreIsNotForgottenThere) {
  BecomesAs("CLEAR");
  auto file = std::make_shared<jv1::SecurityFile>(File());
  file->clear_person();
  state = file;
  const std::string told = HeardBy(kFyn, Happens("ExtendStay"), "StayPlaced");
  EXPECT_NE(told, "");
  EXPECT_EQ(told.find("person"), std::string::npos);
}

// The take-over was heard of first; the person is in danger all the same.
TEST_F(StayTest, ARequestOfWhoHasLetTheCaseGoCountsInTheDistrict) {
  BecomesAs("NONE");
  const exchange::Decision asked = Happens("<TemporaryRelocationRequested, by a former holder");
  EXPECT_EQ(StageOf(*state), "REQUESTED");
  EXPECT_NE(HeardBy(kIshoej, asked, "TemporaryRelocationTold"), "");
  EXPECT_EQ(HeardBy(kFormer, asked, "TemporaryRelocationTold"), "");
}

TEST_F(StayTest, ARequestThatNobodyHereCanAnswerIsAnAlarm) {
  BecomesAs("FORMER");
  const exchange::Decision late = Decided("<TemporaryRelocationRequested, another one");
  ASSERT_EQ(late.reports().size(), 1U);
  EXPECT_EQ(late.reports().front().second, "stay.request_crossed_take_over");
}

TEST_F(StayTest, WhoTakesTheCaseOverInTheDistrictHearsOfIt) {
  BecomesAs("CLEAR");
  exchange::Decision decision;
  decision.AddEvent(Of<jv1::SecurityEvent>(
      R"(case_moved { handover_id: "the-handover" holder: "municipality-0165" })"));
  inputs.aggregate().conclude(*state, Now(), decision);
  EXPECT_NE(HeardBy(kAlbertslund, decision, "TemporaryRelocationTold"), "");
  EXPECT_EQ(HeardBy(kIshoej, decision, "TemporaryRelocationTold"), "");
}

TEST_F(StayTest, AfterTheCaseHasLeftTheUnitStillEndsItAndTellsNobodyElse) {
  BecomesAs("FORMER");
  const exchange::Decision ended = Happens("EndStay");
  EXPECT_NE(HeardBy(kFyn, ended, "StayEnded"), "");
  EXPECT_EQ(ended.notifications().size(), 1U) << "and the next holder nothing";
}

// Nobody is forgotten at a temporary place.

}  // namespace
}  // namespace exitbus::police
