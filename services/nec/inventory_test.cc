// The decision table of an inventory, cell by cell: inventory.table. And what an authority that
// keeps no rule learns by one.
#include "services/nec/inventory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "exitbus/nec/v1/overview_service.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/keys.h"
#include "services/exchange/named_states_testing.h"
#include "services/exchange/proto_time.h"
#include "services/nec/entry.h"
#include "services/nec/overview.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::nec {
namespace {

namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::Of;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kIshoej[] = "municipality-0183";
constexpr char kOdense[] = "municipality-0461";
constexpr char kUnder[] = R"(overview_id: "$0" authority: "$1" number: 2
                             stage: ENTRY_STAGE_ENROLLED)";

// The entries there are, by all that they are called; of each two letters have come from everybody
// who wrote about it.
class Entries : public exchange::NamedStates {
 public:
  explicit Entries(const std::vector<std::string>& entries) : NamedStates(OverviewEntries()) {
    for (const std::string& text : entries) {
      Put(std::make_shared<jv1::Entry>(Of<jv1::Entry>(text)));
    }
  }
  exchange::Progress ProgressWith(std::string_view, pv1::Channel,
                                  std::string_view subject) const override {
    return {.applied = subject == "the-entry" ? 2U : 0U};
  }
};

const exchange::Deciding& Nec() {
  static const auto* const nec = new exchange::Deciding(
      {"nec", pv1::AUTHORITY_KIND_NEC, "", "national", "", ""},
      {exchange::kIshoej,
       exchange::kOdense,
       {"prison", pv1::AUTHORITY_KIND_KRIMINALFORSORGEN, "", "", "", "", "1469"},
       exchange::kVestegnen});
  return *nec;
}

exchange::DecisionContext ContextWith(const exchange::Lookup& lookup, absl::Time now) {
  exchange::DecisionContext context = Nec().DecisionContextFor();
  context.lookup = &lookup;
  context.now = now;
  return context;
}

exchange::LetterPlace From(const std::string& sender) {
  return {sender, pv1::CHANNEL_NEC, "inventory", 1, pv1::AUTHORITY_KIND_MUNICIPALITY};
}

jv1::Inventories Given(const std::string& given) {
  jv1::Inventories inventories;
  if (given == "NONE") return inventories;
  inventories.mutable_next_look()->set_seconds(1);
  jv1::Holder& holder = *inventories.add_holders();
  holder.set_authority(kIshoej);
  if (given == "ALIKE") return inventories;
  jv1::Difference& difference = *holder.add_differences();
  difference.set_overview_id("the-entry");
  difference.set_kind(casework::v1::OVERVIEW_DIFFERENCE_KIND_NEC_HAS_ENROLLED);
  difference.set_number(2);
  const absl::Duration ago = absl::Hours(given == "JUST_FOUND" ? 1 : 24);
  *difference.mutable_found() = exchange::ToProto(exchange::Deciding::Now() - ago);
  difference.set_stands(given == "TOLD");
  return inventories;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& inventories = static_cast<const jv1::Inventories&>(state);
  if (!inventories.has_next_look()) return "NONE";
  const auto& differences = inventories.holders(0).differences();
  if (differences.empty()) return "ALIKE";
  if (differences[0].stands()) return "TOLD";
  return differences[0].kind() == casework::v1::OVERVIEW_DIFFERENCE_KIND_NEC_HAS_ENROLLED
             ? "FOUND"
             : "ANOTHER";
}

TEST(InventoryTest, EachCellIsAsTheTableSays) {
  constexpr char kPath[] = "services/nec/inventory.table";
  tables::Inputs letters(HolderInventories(), From(kIshoej));
  letters.FromTable(kPath).OtherMessages();
  const Entries entries({absl::Substitute(kUnder, "the-entry", kIshoej)});
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    const jv1::Inventories before = Given(given);
    const auto context = ContextWith(entries, exchange::Deciding::Now());
    return tables::Said(letters.Decide(input, before, context), letters.aggregate(), before,
                        &StageOf);
  };
  const std::string mistakes = tables::MistakesIn(
      kPath, {{{"nec", {"NONE", "ALIKE", "FOUND", "JUST_FOUND", "TOLD"}}}, letters.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

// NEC, and what it has been given from day to day.
class DaysTest : public testing::Test {
 protected:
  DaysTest() {
    const exchange::Aggregate inventories = HolderInventories();
    Happens(inventories.decide_deadline(state, inventories.singleton->deadline, Context()));
  }
  exchange::DecisionContext Context() { return ContextWith(*entries, now); }
  void Happens(const Decision& decision) {
    for (const auto& event : decision.events()) HolderInventories().evolve(state, *event);
  }
  Decision Receive(const std::string& sender, const std::string& inventory,
                   const std::string& as_of = "as_of {} ") {
    exchange::v1::Body body;
    *body.mutable_overview_inventory() = Of<v1::OverviewInventory>(absl::StrCat(as_of, inventory));
    Decision decision = HolderInventories().decide_letter(state, From(sender), body, Context());
    Happens(decision);
    return decision;
  }
  // In two inventories a day apart: what it is told then, and how often alarmed, of which case.
  std::string Told(const std::string& sender, const std::string& inventory) {
    EXPECT_THAT(Receive(sender, inventory).notifications(), IsEmpty()) << "it may be on its way";
    now += absl::Hours(24);
    const Decision decision = Receive(sender, inventory);
    std::string told = absl::StrCat(decision.reports().size(), ":");
    for (const auto& each : decision.notifications()) {
      EXPECT_EQ(each.to.authority, sender);
      const auto& message = static_cast<const v1::OverviewDifference&>(*each.message);
      absl::StrAppend(&told, " ", each.to.subject, " ",
                      casework::v1::OverviewDifferenceKind_Name(message.kind())
                          .substr(sizeof("OVERVIEW_DIFFERENCE_KIND_") - 1));
    }
    return told;
  }
  // The alarms of all that falls due by now, first what was due first.
  std::vector<std::string> Overdue() {
    const exchange::Aggregate inventories = HolderInventories();
    std::vector<exchange::Deadline> all = inventories.deadlines(state);
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.due < b.due; });
    std::vector<std::string> alarms;
    for (const exchange::Deadline& deadline : all) {
      if (deadline.due > now) break;
      const Decision decision = inventories.decide_deadline(state, deadline.name, Context());
      for (const auto& [severity, event] : decision.reports()) alarms.push_back(event);
      Happens(decision);
    }
    return alarms;
  }
  const jv1::Holder& HolderAt(const std::string& authority) {
    for (const jv1::Holder& holder : state.holders()) {
      if (holder.authority() == authority) return holder;
    }
    return jv1::Holder::default_instance();
  }

  absl::Time now = exchange::Deciding::Now();
  std::unique_ptr<Entries> entries = std::make_unique<Entries>(
      std::vector<std::string>{absl::Substitute(kUnder, "the-entry", kIshoej)});
  jv1::Inventories state;
};

std::string Listing(const std::string& id, int letters_sent = 0) {
  return absl::Substitute(
      R"(entries { overview_id: "$0" stage: CASE_STAGE_VISITED number: 2 letters_sent: $1 } )", id,
      letters_sent);
}

TEST_F(DaysTest, WhoeverMayAnswerForCasesIsToGiveOne) {
  std::vector<std::string> authorities;
  for (const jv1::Holder& holder : state.holders()) authorities.push_back(holder.authority());
  EXPECT_THAT(authorities, ElementsAre(kIshoej, kOdense, "prison"));
  const exchange::Aggregate inventories = HolderInventories();
  EXPECT_EQ(exchange::OutcomeOf(
                inventories.decide_deadline(state, inventories.singleton->deadline, Context())),
            "no effect look_not_due");
}

// It hears one and the same of a case that another has, of one that is erased, and of an id that
// nobody has.
TEST_F(DaysTest, OfWhatIsNotUnderItAnAuthorityHearsNothing) {
  entries = std::make_unique<Entries>(
      std::vector<std::string>{absl::Substitute(kUnder, "anothers", kIshoej),
                               R"(overview_id: "erased" erasure { keys: "entry/erased" })"});
  EXPECT_EQ(Told(kOdense, Listing("anothers") + Listing("erased") + Listing("nobodys")),
            "1: anothers NOT_UNDER_YOU erased NOT_UNDER_YOU nobodys NOT_UNDER_YOU");
  EXPECT_THAT(HolderAt(kIshoej).differences(), IsEmpty());
}

TEST_F(DaysTest, WhatIsNotListedIsFound) {
  EXPECT_EQ(Told(kIshoej, ""), "1: the-entry NOT_LISTED");
  EXPECT_EQ(Told(kOdense, ""), "0:") << "it is another's";
}

// Between the two the case has left and come back: that it was not listed was right both times.
TEST_F(DaysTest, AnotherResponsibilityNumberIsAnotherDifference) {
  Receive(kIshoej, "");
  now += absl::Hours(24);
  entries = std::make_unique<Entries>(std::vector<std::string>{
      R"(overview_id: "the-entry" authority: "municipality-0183" number: 4
         stage: ENTRY_STAGE_ENROLLED)"});
  EXPECT_THAT(Receive(kIshoej, "").notifications(), IsEmpty());
}

TEST_F(DaysTest, OneInSeveralLettersIsWholeWithTheLast) {
  Receive(kIshoej, R"(through: "b")");
  EXPECT_FALSE(HolderAt(kIshoej).has_as_of());
  Receive(kIshoej, R"(after: "c")");
  EXPECT_FALSE(HolderAt(kIshoej).has_as_of()) << "there is a gap";
  Receive(kIshoej, R"(after: "b" through: "d")");
  Receive(kIshoej, R"(after: "d")");
  EXPECT_TRUE(HolderAt(kIshoej).has_as_of());
  EXPECT_EQ(exchange::FromProto(HolderAt(kIshoej).received()), now);
}

TEST_F(DaysTest, AClockThatIsAheadIsNotBelieved) {
  Receive(kIshoej, "", "as_of { seconds: 4000000000 } ");
  EXPECT_EQ(exchange::FromProto(HolderAt(kIshoej).as_of()), now);
}

// Whoever lists what is not his fills up nothing.
TEST_F(DaysTest, OnlySoManyDifferencesAreKept) {
  for (int part = 0; part < 2; ++part) {
    std::string listed;
    for (int i = 0; i < 150; ++i) listed += Listing(absl::StrCat("id-", 1000 + 150 * part + i));
    Receive(kOdense, part == 0 ? listed + R"(through: "id-1149")" : listed + R"(after: "id-1149")");
  }
  EXPECT_EQ(HolderAt(kOdense).differences_size(), kDifferencesMax);
  EXPECT_TRUE(HolderAt(kOdense).has_more_differences());
  Receive(kOdense, "");
  EXPECT_THAT(HolderAt(kOdense).differences(), IsEmpty());
  EXPECT_FALSE(HolderAt(kOdense).has_more_differences());
}

TEST_F(DaysTest, TheAlarmIsRaisedAfterTwoDays) {
  now += absl::Hours(24);
  Receive(kIshoej, Listing("the-entry", 2));
  EXPECT_THAT(Overdue(), IsEmpty());
  now += absl::Hours(24);
  EXPECT_THAT(Overdue(), ElementsAre("overview.inventory_overdue", "overview.inventory_overdue"));
  EXPECT_THAT(Overdue(), IsEmpty()) << "once";
  EXPECT_TRUE(HolderAt(kOdense).owed().overdue());
  EXPECT_FALSE(HolderAt(kIshoej).owed().overdue());
  Receive(kOdense, "");
  EXPECT_FALSE(HolderAt(kOdense).owed().overdue());
}

// What came meanwhile it has not read yet.
TEST_F(DaysTest, WhoWasAwayItselfGivesEverybodyTimeAnew) {
  now += absl::Hours(72);
  EXPECT_THAT(Overdue(), IsEmpty());
  now += absl::Hours(24);
  EXPECT_THAT(Overdue(), IsEmpty());
  now += absl::Hours(24);
  EXPECT_EQ(Overdue().size(), 3U);
}

}  // namespace
}  // namespace exitbus::nec
