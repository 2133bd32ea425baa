// What is said of a journey, in whichever order: journey.table.
#include "services/relocation/journey.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/obligation.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "tests/tables/matrix.h"

namespace exitbus::relocation {
namespace {

constexpr char kHandover[] = "the-handover";
constexpr char kReceiver[] = "municipality-0461";
const absl::Time kNow = exchange::Deciding::Now();

// The stage by its name in the table; "" or "NOTHING": none.
v1::JourneyStage StageNamed(const std::string& name) {
  v1::JourneyStage stage = v1::JOURNEY_STAGE_UNSPECIFIED;
  v1::JourneyStage_Parse("JOURNEY_STAGE_" + name, &stage);
  return stage;
}
std::string NameOf(v1::JourneyStage stage) {
  return v1::JourneyStage_Name(stage).substr(sizeof("JOURNEY_STAGE_") - 1);
}

v1::Journey Saying(v1::JourneyStage stage, std::uint32_t number, v1::Whereabouts where = {}) {
  v1::Journey said;
  said.set_stage(stage);
  said.set_number(number);
  said.set_whereabouts(where);
  if (stage > v1::JOURNEY_STAGE_TO_COME_BACK) return said;
  *said.mutable_departed() = exchange::ToProto(kNow);
  *said.mutable_due() = exchange::ToProto(kNow);
  if (stage == v1::JOURNEY_STAGE_UNDER_WAY) *said.mutable_expected() = exchange::ToProto(kNow);
  return said;
}

// The second departure, unless nothing is known.
jv1::Journey Known(const std::string& given) {
  jv1::Journey known;
  if (given == "NOTHING") return known;
  *known.mutable_seen() =
      Saying(StageNamed(given), 2,
             given == "ACCOUNTED_FOR" ? v1::WHEREABOUTS_TURNED_BACK : v1::Whereabouts());
  return known;
}

struct Word {
  std::string name;
  v1::JourneyStage stage;
  v1::Whereabouts where = {};
};
const std::vector<Word>& Words() {
  static const auto* const all = new std::vector<Word>{
      {"departure", v1::JOURNEY_STAGE_UNDER_WAY},
      {"way back", v1::JOURNEY_STAGE_TO_COME_BACK},
      {"statement", v1::JOURNEY_STAGE_ACCOUNTED_FOR, v1::WHEREABOUTS_SAFE_ELSEWHERE},
      {"statement, that he is there", v1::JOURNEY_STAGE_ACCOUNTED_FOR,
       v1::WHEREABOUTS_AT_DESTINATION},
      {"return", v1::JOURNEY_STAGE_BACK},
      {"arrival", v1::JOURNEY_STAGE_ARRIVED}};
  return *all;
}
const std::vector<std::string> kWhich = {"first", "second", "third"};

// What somebody comes to who hears these in this order: each letter is the next by that sender.
std::string Heard(const std::map<char, std::vector<v1::Journey>>& by, const std::string& order) {
  std::map<char, std::size_t> said;
  std::vector<v1::Journey> waiting;
  jv1::Journey known;
  for (const char who : order) {
    waiting.push_back(by.at(who)[said[who]++]);
    for (bool again = true; again;) {
      again = false;
      for (auto one = waiting.begin(); one != waiting.end() && !again; ++one) {
        if (IsAheadOf(known, *one)) continue;
        if (const auto moved = Hear(known, *one, kHandover, kReceiver)) known = moved->journey();
        waiting.erase(one);
        again = true;
      }
    }
  }
  EXPECT_TRUE(waiting.empty()) << order;
  const bool is_owed = !exchange::IsMet(known.next());
  EXPECT_EQ(is_owed, IsUnderWay(known)) << order;
  return absl::StrCat(known.seen().number(), " ", NameOf(known.seen().stage()));
}

TEST(JourneyTest, WhatIsSaidCountsAsTheTableSays) {
  std::vector<std::string> inputs;
  for (const std::string& which : kWhich) {
    for (const Word& word : Words()) inputs.push_back(absl::StrCat(which, " ", word.name));
  }
  const auto then = [](const std::string&, const std::string& given, const std::string& input) {
    for (std::size_t i = 0; i < kWhich.size(); ++i) {
      for (const Word& word : Words()) {
        if (input != absl::StrCat(kWhich[i], " ", word.name)) continue;
        const v1::Journey said = Saying(word.stage, static_cast<std::uint32_t>(i) + 1, word.where);
        if (IsAheadOf(Known(given), said)) return std::string("ahead");
        const auto moved = Hear(Known(given), said, kHandover, kReceiver);
        return moved ? NameOf(moved->journey().seen().stage()) : std::string("late");
      }
    }
    return std::string();
  };
  const std::string mistakes = tables::MistakesIn(
      "services/relocation/journey.table",
      {{{"what is known",
         {"NOTHING", "UNDER_WAY", "ACCOUNTED_FOR", "BACK", "ARRIVED", "TO_COME_BACK"}}},
       inputs,
       then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

// Each sender's letters come in their order, and those of several in any. What comes before the
// departure that it is of, by more than one, waits for that one's.
TEST(JourneyTest, AllComeToTheSameInWhicheverOrderTheyHearIt) {
  const std::map<char, std::vector<v1::Journey>> by = {
      {'h',
       {Saying(v1::JOURNEY_STAGE_UNDER_WAY, 1), Saying(v1::JOURNEY_STAGE_BACK, 1),
        Saying(v1::JOURNEY_STAGE_UNDER_WAY, 2), Saying(v1::JOURNEY_STAGE_TO_COME_BACK, 3),
        Saying(v1::JOURNEY_STAGE_BACK, 3)}},
      {'r', {Saying(v1::JOURNEY_STAGE_ARRIVED, 1), Saying(v1::JOURNEY_STAGE_ARRIVED, 2)}},
      {'p',
       {Saying(v1::JOURNEY_STAGE_ACCOUNTED_FOR, 1, v1::WHEREABOUTS_SAFE_ELSEWHERE),
        Saying(v1::JOURNEY_STAGE_ACCOUNTED_FOR, 3, v1::WHEREABOUTS_TURNED_BACK)}}};
  // How many of the holder's are said: all that others say is of a departure among them.
  const std::map<std::string, std::string> ends = {{"hhr", "1 ARRIVED"},
                                                   {"hhp", "1 BACK"},
                                                   {"hhrp", "1 ARRIVED"},
                                                   {"hhhrr", "2 ARRIVED"},
                                                   {"hhhrrp", "2 ARRIVED"},
                                                   {"hhhhrrp", "3 TO_COME_BACK"},
                                                   {"hhhhrrpp", "3 ACCOUNTED_FOR"},
                                                   {"hhhhhrrpp", "3 BACK"}};
  for (const auto& [all, end] : ends) {
    std::string order = all;
    std::sort(order.begin(), order.end());
    do {
      EXPECT_EQ(Heard(by, order), end) << order;
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

TEST(JourneyTest, WhoIsMissingStaysSoWhenTheHandoverFails) {
  auto known = Hear({}, Saying(v1::JOURNEY_STAGE_UNDER_WAY, 1), kHandover, kReceiver)->journey();
  const absl::Time later = kNow + absl::Hours(9);
  const auto back = [&] {
    return Hear(known, ComeBack(known, later, kNow), kHandover, "municipality-0183")->journey();
  };
  EXPECT_FALSE(Shown(back()).overdue());
  EXPECT_EQ(exchange::FromProto(Shown(back()).due()), kNow) << "nobody has seen him since";
  EXPECT_EQ(back().next().parties(0).authority(), "municipality-0183");
  known.mutable_next()->set_overdue(true);
  EXPECT_TRUE(Shown(back()).overdue());
  known = Known("ARRIVED");
  EXPECT_EQ(exchange::FromProto(Shown(back()).due()), later);
  EXPECT_EQ(Shown(back()).number(), 3U);
}

// Two units state at the same time, and each hears the other's word after its own.
TEST(JourneyTest, OfTwoUnitsStatementsAllKeepTheSame) {
  const auto stated = [](const std::string& unit, absl::Duration after, v1::Whereabouts where) {
    v1::Journey said = Saying(v1::JOURNEY_STAGE_ACCOUNTED_FOR, 1, where);
    said.set_stated_by_unit(unit);
    *said.mutable_ended() = exchange::ToProto(kNow + after);
    return said;
  };
  const std::vector<v1::Journey> vestegnen = {
      stated("police-1469", absl::Seconds(1), v1::WHEREABOUTS_TURNED_BACK),
      stated("police-1469", absl::Minutes(2), v1::WHEREABOUTS_SAFE_ELSEWHERE)};
  for (const absl::Duration other : {absl::Seconds(2), absl::Minutes(1), absl::Minutes(3)}) {
    const v1::Journey fyn = stated("police-1465", other, v1::WHEREABOUTS_AT_DESTINATION);
    std::set<std::string> kept;
    for (std::size_t heard_after = 0; heard_after <= vestegnen.size(); ++heard_after) {
      std::vector<v1::Journey> order = vestegnen;
      order.insert(order.begin() + static_cast<std::ptrdiff_t>(heard_after), fyn);
      jv1::Journey known;
      for (const v1::Journey& said : order) {
        if (const auto moved = Hear(known, said, kHandover, kReceiver)) known = moved->journey();
      }
      kept.insert(known.seen().stated_by_unit());
    }
    EXPECT_EQ(kept.size(), 1U) << other;
  }
}

TEST(JourneyTest, WhatIsSaidLaterDoesNotKeepAnothersWord) {
  const auto stated =
      Hear({}, Saying(v1::JOURNEY_STAGE_ACCOUNTED_FOR, 1, v1::WHEREABOUTS_SAFE_ELSEWHERE),
           kHandover, kReceiver);
  const auto back =
      Hear(stated->journey(), Saying(v1::JOURNEY_STAGE_BACK, 1), kHandover, kReceiver);
  EXPECT_EQ(back->journey().seen().whereabouts(), v1::WHEREABOUTS_UNSPECIFIED);
}

TEST(JourneyTest, HoursUnderAThreatElseTheEndOfThatDay) {
  const exchange::Deciding at(
      {"municipality-0183", policy::v1::AuthorityKind(), "", "0183", "", "", ""}, {});
  auto context = at.DecisionContextFor();
  const absl::Time late = exchange::EndOfDay(kNow) - absl::Minutes(30);
  EXPECT_EQ(MissingFrom(late, true, context), late + absl::Hours(4)) << "round the clock";
  EXPECT_EQ(MissingFrom(late, false, context), late + absl::Hours(4)) << "no sooner than others";
  const absl::Time noon = late - absl::Hours(12);
  EXPECT_EQ(MissingFrom(noon, false, context), late + absl::Minutes(30));
  context.missing_after = absl::Hours(2);
  EXPECT_EQ(MissingFrom(late, true, context), late + absl::Hours(2)) << "as it is configured";
}

TEST(JourneyTest, APlannedArrivalIsSoonAndNotOver) {
  EXPECT_FALSE(FaultIn(kNow, kNow));
  EXPECT_FALSE(FaultIn(kNow + absl::Hours(7 * 24), kNow));
  EXPECT_TRUE(FaultIn(kNow - absl::Seconds(1), kNow));
  EXPECT_TRUE(FaultIn(kNow + absl::Hours(8 * 24), kNow));
}

}  // namespace
}  // namespace exitbus::relocation
