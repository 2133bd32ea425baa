// The decision table of a journey, at both sides of the handover: journey.table.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "services/casework/case_files.h"
#include "services/casework/handover/given_testing.h"
#include "services/casework/rules.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/relocation/request_testing.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::casework {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::DirectoryEntry;
using exchange::kDesk;
using exchange::kFyn;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::kVestegnen;
using exchange::LetterPlace;
using exchange::Of;
using tables::Inputs;

constexpr char kInCharge[] = "authority in charge";
constexpr char kChosen[] = "chosen municipality";

// The handover to Odense by a decision: its stage, or what is known of the first journey by it.
jv1::CaseFile File(const std::string& side, const std::string& given) {
  lv1::JourneyStage stage{};
  const bool has_journey = lv1::JourneyStage_Parse("JOURNEY_STAGE_" + given, &stage);
  const std::string at = !has_journey              ? given
                         : given == "TO_COME_BACK" ? "OFFER_DECLINED"
                                                   : "OFFERED";
  jv1::CaseFile file = Given(side == kInCharge ? "holder" : "receiver",
                             at == "UNDECIDED" || at == "REVOKED" ? "OFFERED" : at);
  file.clear_corrections();
  *file.mutable_consent() = Of<cv1::Consent>(
      "given { seconds: 1772000000 } covers: AUTHORITY_KIND_MUNICIPALITY "
      "covers: AUTHORITY_KIND_POLICE");
  jv1::Handover& handover = *file.mutable_handovers(0);
  if (given != "UNDECIDED") handover.set_inquiry_id("the-inquiry");
  handover.set_decision_number(1);
  *file.add_relocations() = relocation::GivenRequest("NECESSARY");
  if (given != "REVOKED") {
    file.mutable_relocations(0)->MergeFrom(Of<relocation_journal::v1::Relocation>(
        R"(seen { stage: RELOCATION_STAGE_ACCEPTED
                  placements { municipality: "0461" number: 1 inquiry_id: "the-inquiry"
                               mode: DECISION_MODE_VOLUNTARY_AGREEMENT } }
           places { seen { municipality: "0461" hearing { citizen: CITIZEN_ANSWER_YES } } })"));
  }
  handover.set_police(kVestegnen.id);
  handover.set_receiving_police(kFyn.id);
  handover.set_address_protection(hv1::ADDRESS_PROTECTION_SECURED);  // departing.table
  if (has_journey) {
    handover.mutable_journey()->mutable_seen()->set_stage(stage);
    const bool comes_back = given == "TO_COME_BACK";
    handover.mutable_journey()->mutable_seen()->set_number(comes_back ? 2 : 1);
    handover.mutable_journey()->mutable_seen()->mutable_departed()->set_seconds(1770990000);
    if (!comes_back) {
      handover.mutable_journey()->mutable_seen()->mutable_expected()->set_seconds(1770991000);
    }
    if (given == "UNDER_WAY" || given == "TO_COME_BACK") {
      *handover.mutable_journey()->mutable_next() = Of<obligation_journal::v1::Obligation>(
          R"(due { seconds: 1771000000 } parties { authority: "municipality-0461" })");
    }
  }
  if ((given == "TAKEN_OVER" || given == "ACKNOWLEDGED") && side == kChosen) {
    *handover.mutable_journey() =
        Of<relocation_journal::v1::Journey>("seen { stage: JOURNEY_STAGE_ARRIVED number: 1 }");
  }
  return file;
}

LetterPlace From(const DirectoryEntry& sender) {
  return {sender.id, pv1::CHANNEL_HANDOVER, "the-handover", 1, sender.kind};
}

Inputs Travelling(const std::string& side) {
  const DirectoryEntry& other = side == kInCharge ? kOdense : kIshoej;
  const std::int64_t now = absl::ToUnixSeconds(exchange::Deciding::Now());
  const auto depart = [](std::int64_t expected) {
    return absl::Substitute(R"(handover_id: "the-handover" expected { seconds: $0 })", expected);
  };
  const auto departed = [&](int number, std::int64_t due) {
    return absl::Substitute("number: $0 departed { seconds: $1 } due { seconds: $2 } ", number, now,
                            due);
  };
  const std::string expected = absl::Substitute("expected { seconds: $0 }", now);
  const std::string departure = "<PersonDeparted", arrival = "<PersonArrived",
                    statement = "<PersonAccountedFor";
  const std::string safe = R"(number: 1 whereabouts: WHEREABOUTS_SAFE_ELSEWHERE stated_by: "b")";
  Inputs inputs(CaseFiles(), From(other));
  inputs.Command("RecordDeparture", depart(now + 7200))
      .Command("RecordDeparture, arrived long ago", depart(now - 60))
      .Command("RecordArrival", R"(handover_id: "the-handover")")
      .Command("TakeOverCase", R"(handover_id: "the-handover")")
      .Message(arrival, "number: 1")
      .Message(arrival + ", of no departure", "")
      .Message(arrival + ", of the second", "number: 2")
      .Message(arrival + ", of a later departure", "number: 4294967295")
      .MessageFrom(From(kFyn), statement, safe)
      .MessageFrom(From(kFyn), statement + ", of a later departure",
                   R"(number: 4294967295 whereabouts: WHEREABOUTS_TURNED_BACK stated_by: "b")")
      .MessageFrom(From(kFyn), statement + ", of nothing", R"(number: 1 stated_by: "b")")
      .MessageFrom(From(kVestegnen), statement + ", that he is there",
                   R"(number: 1 whereabouts: WHEREABOUTS_AT_DESTINATION stated_by: "b")")
      .MessageFrom(From({"police-1470", pv1::AUTHORITY_KIND_POLICE, "", "1470", "", "", "1470"}),
                   statement + ", by another unit", safe)
      .Command("RequestHandover",
               R"(case_id: "the-case" receiver: "municipality-0461"
                  reason: HANDOVER_REASON_RELOCATION expected { seconds: 1775000000 })")
      .Message("<OfferDeclined", "number: 2")
      .Message(departure, departed(1, now + 7200) + expected)
      .Message(departure + ", a second one", departed(2, now + 7200) + expected)
      .Message(departure + ", the way back", departed(2, now + 7200) + "back: true")
      .Message(departure + ", due in a month", departed(1, now + 30 * 86400) + expected);
  return inputs;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::CaseFile&>(state);
  if (file.handovers().empty()) return "";
  const auto& journey = file.handovers(0).journey().seen();
  return absl::StrCat(lv1::JourneyStage_Name(journey.stage()).substr(sizeof("JOURNEY_STAGE_") - 1),
                      journey.number() > 1 ? absl::StrCat(" ", journey.number()) : "");
}

TEST(CaseJourneyTest, IsAsTheTableSays) {
  const exchange::Deciding at_ishoej(kIshoej, {kOdense, kVestegnen, kFyn, kDesk});
  const exchange::Deciding at_odense(kOdense, {kIshoej, kVestegnen, kFyn, kDesk});
  const std::vector<std::string> journeys = {"UNDER_WAY", "ACCOUNTED_FOR", "BACK", "ARRIVED"};
  std::vector<std::string> holders = {"UNDECIDED", "TERMS_COORDINATED", "REVOKED", "ACCEPTED"};
  holders.insert(holders.end(), journeys.begin(), journeys.end());
  std::vector<std::string> chosen = holders;
  std::erase(chosen, "REVOKED");
  holders.insert(holders.end(), {"TO_COME_BACK", "RECALLED", "TAKEN_OVER"});
  chosen.insert(chosen.end(), {"TAKEN_OVER", "ACKNOWLEDGED", "OFFER_DECLINED"});
  const auto then = [&](const std::string& side, const std::string& given,
                        const std::string& input) {
    const Inputs inputs = Travelling(side);
    const jv1::CaseFile file = File(side, given);
    const auto context = (side == kInCharge ? at_ishoej : at_odense).DecisionContextFor();
    Decision decision = inputs.Decide(input, file, context);
    if (decision.accepted()) inputs.aggregate().conclude(file, context, decision);
    return tables::Said(decision, inputs.aggregate(), file, &StageOf);
  };
  const std::string mistakes = tables::MistakesIn(
      "services/casework/relocation/journey.table",
      {{{kInCharge, holders}, {kChosen, chosen}}, Travelling(kInCharge).Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

// Where the police say that there is no threat it is the end of the day, not hours.
TEST(CaseJourneyTest, ThePoliceSayHowLongNobodyMissesHim) {
  const exchange::Deciding at(kIshoej, {kOdense, kVestegnen, kFyn, kDesk});
  const Inputs inputs = Travelling(kInCharge);
  const auto due = [&](casework::v1::ThreatLevel level) {
    jv1::CaseFile file = File(kInCharge, "ACCEPTED");
    file.mutable_security()->set_threat_level(level);
    const auto after = std::static_pointer_cast<const jv1::CaseFile>(
        inputs.Decide("RecordDeparture", file, at.DecisionContextFor())
            .After(file, inputs.aggregate().evolve));
    return exchange::FromProto(after->handovers(0).journey().seen().due());
  };
  const absl::Time expected = exchange::Deciding::Now() + absl::Hours(2);
  EXPECT_EQ(due(cv1::THREAT_LEVEL_HIGH), expected + absl::Hours(4));
  EXPECT_EQ(due(cv1::THREAT_LEVEL_UNSPECIFIED), expected + absl::Hours(4)) << "nobody knows";
  EXPECT_EQ(due(cv1::THREAT_LEVEL_LOW), exchange::EndOfDay(expected));
}

}  // namespace
}  // namespace exitbus::casework
