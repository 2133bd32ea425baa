// The decision table of a journey, at the police units of both districts: journey.table.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"
#include "services/police/parts.h"
#include "services/police/security_files.h"
#include "services/relocation/request_testing.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::police {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::DirectoryEntry;
using exchange::kDesk;
using exchange::kFyn;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::kVestegnen;
using exchange::Of;
using tables::Inputs;

constexpr char kOfCase[] = "unit of the case";
constexpr char kThere[] = "unit of the place";
constexpr char kBoth[] = "one unit of both";

// The handover to Odense that this unit follows: its stage, or what is known of the first journey
// by it. MISSING: under way, and an alarm was raised.
jv1::SecurityFile File(const std::string& side, const std::string& given) {
  lv1::JourneyStage journey{};
  const std::string named = given == "MISSING" ? "UNDER_WAY" : given;
  const bool has_journey = lv1::JourneyStage_Parse("JOURNEY_STAGE_" + named, &journey);
  const std::string stage = !has_journey ? given : given == "TO_COME_BACK" ? "ENDED" : "OFFERED";
  const bool there = side == kThere;
  auto file = Of<jv1::SecurityFile>(absl::Substitute(
      R"(security_id: "$0" standing: POLICE_STANDING_$1 holder: "municipality-0183"
         assessment { version: 1 threat_level: THREAT_LEVEL_HIGH }
         transfers { incoming: $2 seen { handover_id: "the-handover" stage: TRANSFER_STAGE_$3
                     holder: "municipality-0183" receiver: "municipality-0461" $4 } })",
      there ? "the-handover" : "the-file", there ? "RECEIVING" : "IN_CHARGE",
      there ? "true" : "false", stage,
      side == kBoth ? "" : absl::StrCat("counterpart: \"", there ? kVestegnen.id : kFyn.id, "\"")));
  if (has_journey) {
    auto& known = *file.mutable_transfers(0)->mutable_journey();
    known.mutable_seen()->set_stage(journey);
    const bool comes_back = given == "TO_COME_BACK";
    known.mutable_seen()->set_number(comes_back ? 2 : 1);
    known.mutable_seen()->mutable_departed()->set_seconds(1770990000);
    if (!comes_back) known.mutable_seen()->mutable_expected()->set_seconds(1770991000);
    if (named == "UNDER_WAY" || given == "TO_COME_BACK") {
      *known.mutable_next() = Of<obligation_journal::v1::Obligation>(
          R"(due { seconds: 1771000000 } parties { authority: "municipality-0461" })");
      known.mutable_next()->set_overdue(given == "MISSING");
    }
  }
  if (!there) {
    *file.add_relocations() = relocation::GivenRequest("NECESSARY");
    file.mutable_relocations(0)->MergeFrom(Of<relocation_journal::v1::Relocation>(
        R"(seen { stage: RELOCATION_STAGE_ACCEPTED
                  placements { municipality: "0461" number: 1 inquiry_id: "the-inquiry"
                               mode: DECISION_MODE_VOLUNTARY_AGREEMENT } }
           places { seen { municipality: "0461" safety: PLACE_SAFETY_CLEAR } })"));
  }
  return file;
}

exchange::LetterPlace From(const DirectoryEntry& sender) {
  return {sender.id, pv1::CHANNEL_HANDOVER, "the-handover", 1, sender.kind};
}

Inputs Travelling(const std::string& side) {
  const std::int64_t now = absl::ToUnixSeconds(exchange::Deciding::Now());
  const auto departed = [&](int number, std::int64_t due) {
    return absl::Substitute("number: $0 departed { seconds: $1 } due { seconds: $2 } ", number, now,
                            due);
  };
  const std::string expected = absl::Substitute("expected { seconds: $0 }", now);
  const std::string departure = "<PersonDeparted", arrival = "<PersonArrived",
                    statement = "<PersonAccountedFor";
  const std::string safe = R"(number: 1 whereabouts: WHEREABOUTS_SAFE_ELSEWHERE stated_by: "b")";
  const auto state = [&](const std::string& where) {
    return absl::Substitute(R"(security_id: "$0" whereabouts: WHEREABOUTS_$1)",
                            side == kThere ? "the-handover" : "the-file", where);
  };
  const DirectoryEntry& other = side == kThere ? kVestegnen : kFyn;
  Inputs inputs(SecurityFiles(), From(kIshoej));
  inputs.Command("StateWhereabouts", state("SAFE_ELSEWHERE"))
      .Command("StateWhereabouts, that he is there", state("AT_DESTINATION"))
      .Command("StateWhereabouts, nowhere", state("UNSPECIFIED"))
      .Message(departure, departed(1, now + 7200) + expected)
      .Message(departure + ", a second one", departed(2, now + 7200) + expected)
      .Message(departure + ", a ninth one", departed(9, now + 7200) + expected)
      .Message(departure + ", the way back", departed(2, now + 7200) + "back: true")
      .Message(departure + ", due in a month", departed(1, now + 30 * 86400) + expected)
      .MessageFrom(From(kOdense), departure + ", by the receiver",
                   departed(1, now + 7200) + expected)
      .MessageFrom(From(kOdense), arrival, "number: 1")
      .MessageFrom(From(kOdense), arrival + ", of the second", "number: 2")
      .Message(arrival + ", back", "number: 1")
      .MessageFrom(From(other), arrival + ", by the other unit", "number: 1")
      .MessageFrom(From(other), statement, safe)
      .MessageFrom(From(other), statement + ", of a later one",
                   R"(number: 4294967295 whereabouts: WHEREABOUTS_TURNED_BACK stated_by: "b")")
      .MessageFrom(From(other), statement + ", of nothing", R"(number: 1 stated_by: "b")")
      .Message(statement + ", by the authority in charge", safe)
      .MessageFrom(From(kOdense), "<OfferDeclined", "number: 2");
  return inputs;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::SecurityFile&>(state);
  if (file.transfers().empty()) return "";
  const auto& journey = file.transfers(0).journey().seen();
  return absl::StrCat(lv1::JourneyStage_Name(journey.stage()).substr(sizeof("JOURNEY_STAGE_") - 1),
                      journey.number() > 1 ? absl::StrCat(" ", journey.number()) : "");
}

TEST(PoliceJourneyTest, IsAsTheTableSays) {
  const exchange::Deciding at_vestegnen(kVestegnen, {kIshoej, kOdense, kFyn, kDesk});
  const exchange::Deciding at_fyn(kFyn, {kIshoej, kOdense, kVestegnen, kDesk});
  const auto then = [&](const std::string& side, const std::string& given,
                        const std::string& input) {
    const Inputs inputs = Travelling(side);
    const jv1::SecurityFile file = File(side, given);
    const auto context = (side == kThere ? at_fyn : at_vestegnen).DecisionContextFor();
    exchange::Decision decision = inputs.Decide(input, file, context);
    if (decision.accepted()) inputs.aggregate().conclude(file, context, decision);
    return tables::Said(decision, inputs.aggregate(), file, &StageOf);
  };
  const std::vector<std::string> given = {"REQUESTED",     "OFFERED", "UNDER_WAY", "MISSING",
                                          "ACCOUNTED_FOR", "BACK",    "ARRIVED",   "TO_COME_BACK",
                                          "ENDED",         "MOVED"};
  std::vector<std::string> there = given;
  std::erase(there, "TO_COME_BACK");
  const std::string mistakes = tables::MistakesIn(
      "services/police/journey.table",
      {{{kOfCase, given}, {kThere, there}, {kBoth, given}}, Travelling(kOfCase).Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

// The same word again is nobody's news; another one replaces it, whatever the other unit's clock
// said.
TEST(PoliceJourneyTest, AnOfficerStatesWhatIsNew) {
  const exchange::Deciding at(kVestegnen, {kIshoej, kOdense, kFyn, kDesk});
  const Inputs inputs = Travelling(kOfCase);
  jv1::SecurityFile file = File(kOfCase, "ACCOUNTED_FOR");
  lv1::Journey& seen = *file.mutable_transfers(0)->mutable_journey()->mutable_seen();
  seen.set_whereabouts(lv1::WHEREABOUTS_SAFE_ELSEWHERE);
  seen.set_stated_by_unit(kVestegnen.id);
  const auto stated = [&](const std::string& input) {
    return tables::Said(inputs.Decide(input, file, at.DecisionContextFor()), inputs.aggregate(),
                        file, &StageOf);
  };
  EXPECT_EQ(stated("StateWhereabouts"), "refused handover.stated_so");
  seen.set_stated_by_unit(kFyn.id);
  *seen.mutable_ended() = exchange::ToProto(exchange::Deciding::Now() + absl::Hours(1));
  EXPECT_TRUE(stated("StateWhereabouts").starts_with("journey moved"))
      << stated("StateWhereabouts");
}

}  // namespace
}  // namespace exitbus::police
