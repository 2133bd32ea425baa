// The decision table of places at the police unit of the case, places.table.
#include "services/relocation/places.h"

#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "exitbus/police_journal/v1/journal.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/police/security_files.h"
#include "services/relocation/request_testing.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::police {
namespace {

namespace jv1 = police_journal::v1;
namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::kDesk;
using exchange::kFyn;
using exchange::kIshoej;
using exchange::kVestegnen;
using exchange::LetterPlace;
using exchange::Of;

LetterPlace FromHolder() {
  return {kIshoej.id, pv1::CHANNEL_RELOCATION, "the-file", 1, kIshoej.kind};
}
LetterPlace FromDesk(const std::string& desk) {
  return {desk, pv1::CHANNEL_RELOCATION, "the-request", 1, kDesk.kind};
}
LetterPlace FromUnit(const std::string& unit, const std::string& conflict) {
  return {unit, pv1::CHANNEL_RELOCATION, conflict, 1, kFyn.kind};
}

// What is given of Odense, 0461, which lies in Fyn's district, by the name of a column.
const std::map<std::string, std::string>& GivenPlaces() {
  static const auto* const all = [] {
    const auto place = [](const std::string& safety, const std::string& more) {
      return absl::Substitute(R"(places { seen { municipality: "0461" safety: PLACE_SAFETY_$0 $1 )",
                              safety, more);
    };
    const std::string by_fyn = R"(conflict_id: "the-conflict" } unit: "police-1465" )";
    const auto owed = [](const std::string& unit) {
      return absl::Substitute("next { due { seconds: 1772784000 } parties { authority: \"$0\" } } ",
                              unit);
    };
    return new std::map<std::string, std::string>{
        {"STATED", ""},
        {"UNSTATED", place("ASKED", "} " + owed(kVestegnen.id)) + "}"},
        {"OURS", place("ASKED", "} " + owed(kVestegnen.id)) + "}"},
        {"THEIRS", place("ASKED", by_fyn + owed(kFyn.id)) + "}"},
        {"CLEAR", place("CLEAR", by_fyn) + "}"},
        {"NOT_POSSIBLE", place("NOT_POSSIBLE", by_fyn) + "}"},
        {"CLEAR_BY_US", place("CLEAR", "}") + "}"},
        {"RULED_OUT", place("NOT_POSSIBLE", "excluded: EXCLUSION_REASON_UNSAFE }") + "}"}};
  }();
  return *all;
}

jv1::SecurityFile File(const std::string& given) {
  auto file = Of<jv1::SecurityFile>(
      R"(security_id: "the-file" standing: POLICE_STANDING_IN_CHARGE holder: "municipality-0183"
         assessment { version: 1 })");
  const bool of_a_place = GivenPlaces().contains(given);
  auto& one = *file.add_relocations();
  one = relocation::GivenRequest(of_a_place ? "NECESSARY" : given);
  if (!of_a_place && given != "WITHDRAWN") return file;
  if (given != "UNSTATED") one.mutable_seen()->mutable_statement()->add_groups(7);
  one.MergeFrom(Of<relocation::jv1::Relocation>(GivenPlaces().at(of_a_place ? given : "CLEAR")));
  return file;
}

tables::Inputs Inputs() {
  const std::string id = R"(relocation_id: "the-request" )";
  const auto state = [&](const std::string& statement) {
    return absl::StrCat(id, "etag: \"as-seen\" statement { ", statement, " }");
  };
  const auto answer = [&](const std::string& code, const std::string& safety) {
    return absl::Substitute("$0 municipality: \"$1\" safety: PLACE_SAFETY_$2", id, code, safety);
  };
  const auto found = [](const std::string& code, const std::string& safety) {
    return absl::Substitute("municipality: \"$0\" safety: PLACE_SAFETY_$1", code, safety);
  };
  const auto places = [](const std::string& code) { return "municipalities: \"" + code + "\""; };
  const std::string asked = "<RelocationPlacesAsked", answered = "<ConflictAnswered";
  const LetterPlace fyn = FromUnit(kFyn.id, "the-conflict");
  tables::Inputs all(SecurityFiles(), FromDesk(kDesk.id));
  all.Command("StatePlaces", state("groups: 7"))
      .Command("StatePlaces, Odense unsafe",
               state(R"(groups: 7 excluded { area: "0461" reason: EXCLUSION_REASON_UNSAFE })"))
      .Command("StatePlaces, Odense forbidden", state(R"(groups: 7
                        excluded { area: "0461" reason: EXCLUSION_REASON_RESIDENCE_BAN })"))
      .Command("StatePlaces, of other groups", state("groups: 8"))
      .Command("StatePlaces, without a group", state(""))
      .Command("StatePlaces, without an etag", id + "statement { groups: 7 }")
      .Command("AnswerPlace", answer("0461", "CLEAR"))
      .Command("AnswerPlace, as not possible", answer("0461", "NOT_POSSIBLE"))
      .Command("AnswerPlace, as unknown", answer("0461", "UNKNOWN"))
      .Command("AnswerPlace, without an answer", answer("0461", "ASKED"))
      .Command("AnswerPlace, of another place", answer("0751", "CLEAR"))
      .Message(asked, places("0461"))
      .Message(asked + ", of one in this district", places("0165"))
      .Message(asked + ", of one without a unit", places("0751"))
      .Message(asked + ", of the origin", places("0183"))
      .Message(asked + ", of an unknown one", places("0411"))
      .Message(asked + ", of none", "")
      .MessageFrom(FromDesk("contact-point-2"), asked + ", by another contact point",
                   places("0461"))
      .MessageFrom(fyn, answered, found("0461", "CLEAR"))
      .MessageFrom(fyn, answered + ", as not possible", found("0461", "NOT_POSSIBLE"))
      .MessageFrom(fyn, answered + ", as unknown", found("0461", "UNKNOWN"))
      .MessageFrom(fyn, answered + ", without an answer", found("0461", "ASKED"))
      .MessageFrom(fyn, answered + ", of another place", found("0751", "CLEAR"))
      .MessageFrom(FromUnit("police-1461", "the-conflict"), answered + ", by another unit",
                   found("0461", "CLEAR"))
      .MessageFrom(FromUnit(kFyn.id, "an-old-conflict"), answered + ", of an unknown inquiry",
                   found("0461", "CLEAR"))
      .MessageFrom(FromHolder(), "<RelocationWithdrawn", id)
      .MessageFrom(FromHolder(), "<ErasureOrdered", "")
      .Command("WithdrawRelocation", id + "reason: RELOCATION_WITHDRAWAL_REASON_NO_LONGER_NEEDED");
  return all;
}

std::string NameOf(lv1::PlaceSafety safety) {
  return lv1::PlaceSafety_Name(safety).substr(sizeof("PLACE_SAFETY_") - 1);
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::SecurityFile&>(state);
  if (file.has_erasure()) return "ERASED";
  const auto& one = file.relocations(0);
  if (one.seen().stage() != lv1::RELOCATION_STAGE_NECESSARY) {
    return lv1::RelocationStage_Name(one.seen().stage()).substr(sizeof("RELOCATION_STAGE_") - 1);
  }
  if (one.places().empty()) return "STATED";
  const auto& place = one.places(0);
  if (place.seen().excluded() != lv1::EXCLUSION_REASON_UNSPECIFIED) return "RULED_OUT";
  if (place.seen().safety() == lv1::PLACE_SAFETY_ASKED) {
    return place.next().parties(0).authority() == kVestegnen.id ? "OURS" : "THEIRS";
  }
  if (place.unit().empty()) {
    const lv1::PlaceSafety safety = place.seen().safety();
    if (safety == lv1::PLACE_SAFETY_CLEAR) return "CLEAR_BY_US";
    return safety == lv1::PLACE_SAFETY_NOT_POSSIBLE ? "OUT_BY_US" : "OPEN_BY_US";
  }
  return NameOf(place.seen().safety());
}

TEST(PlacesTest, WhatBecomesOfAPlaceIsAsTheTableSays) {
  const exchange::Deciding at(kVestegnen, {kIshoej, kFyn, kDesk});
  const tables::Inputs all = Inputs();
  const auto then = [&](const std::string&, const std::string& name, const std::string& input) {
    const jv1::SecurityFile file = File(name);
    return tables::Said(all.Decide(input, file, at.DecisionContextFor()), all.aggregate(), file,
                        &StageOf);
  };
  const std::string mistakes =
      tables::MistakesIn("services/police/places.table",
                         {{{"police unit",
                            {"PROPOSED", "NOMINATED", "STATED", "UNSTATED", "OURS", "CLEAR_BY_US",
                             "THEIRS", "CLEAR", "NOT_POSSIBLE", "RULED_OUT", "WITHDRAWN"}}},
                          all.Names(),
                          then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

// Where the person comes from is looked up by who is in charge.
TEST(PlacesTest, NothingIsClearedWhereNobodyKnowsTheOrigin) {
  const exchange::Deciding at(kVestegnen, {kFyn, kDesk});
  const tables::Inputs all = Inputs();
  EXPECT_EQ(OutcomeOf(all.Decide("StatePlaces", File("STATED"), at.DecisionContextFor())),
            "refused relocation.holder_not_listed");
  EXPECT_EQ(
      OutcomeOf(all.Decide("<RelocationPlacesAsked", File("STATED"), at.DecisionContextFor())),
      "waits");
}

// The sixth time its own people have to find out.
TEST(PlacesTest, AnotherUnitIsNotAskedWithoutEnd) {
  const exchange::Deciding at(kVestegnen, {kIshoej, kFyn, kDesk});
  const tables::Inputs all = Inputs();
  jv1::SecurityFile file = File("CLEAR");
  file.mutable_relocations(0)->mutable_places(0)->set_inquiries(5);
  const auto decided = all.Decide("StatePlaces, of other groups", file, at.DecisionContextFor());
  EXPECT_EQ(StageOf(*decided.After(file, all.aggregate().evolve)), "OURS");
}

}  // namespace
}  // namespace exitbus::police
