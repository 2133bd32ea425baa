// The decision table of what the authority in charge hears of the address of who moves, and of whom
// it keeps from departing: address.table.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "services/casework/case_files.h"
#include "services/casework/handover/given_testing.h"
#include "services/casework/rules.h"
#include "services/exchange/deciding_testing.h"
#include "services/relocation/request_testing.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::casework {
namespace {

namespace pv1 = policy::v1;
using exchange::kFyn;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::kVestegnen;
using exchange::Of;
using tables::Inputs;

constexpr char kInCharge[] = "authority in charge";
constexpr char kChosen[] = "chosen municipality";
constexpr char kThreat[] = "threat";

// Accepted, by a decision that stands.
jv1::CaseFile File(const std::string& side, const std::string& stage) {
  jv1::CaseFile file = Given(side == kChosen ? "receiver" : "holder", stage);
  jv1::Handover& handover = *file.mutable_handovers(0);
  handover.set_inquiry_id("the-inquiry");
  handover.set_decision_number(1);
  handover.set_police(kVestegnen.id);
  handover.set_receiving_police(kFyn.id);
  *file.add_relocations() = relocation::GivenRequest("NECESSARY");
  file.mutable_relocations(0)->MergeFrom(Of<relocation_journal::v1::Relocation>(
      R"(seen { stage: RELOCATION_STAGE_ACCEPTED
                placements { municipality: "0461" number: 1 inquiry_id: "the-inquiry"
                             mode: DECISION_MODE_VOLUNTARY_AGREEMENT } }
         places { seen { municipality: "0461" hearing { citizen: CITIZEN_ANSWER_YES } } })"));
  return file;
}

exchange::LetterPlace From(const exchange::DirectoryEntry& unit) {
  return {unit.id, pv1::CHANNEL_HANDOVER, "the-handover", 1, unit.kind};
}

Inputs Stated() {
  const std::string stated = "<AddressProtectionStated";
  Inputs inputs(CaseFiles(), From(kFyn));
  inputs.Message(stated + ", secured", "protection: ADDRESS_PROTECTION_SECURED")
      .Message(stated + ", nothing any more", "")
      .MessageFrom(From(kVestegnen), stated + ", by the unit of the case",
                   "protection: ADDRESS_PROTECTION_SECURED");
  return inputs;
}

TEST(CaseAddressTest, IsAsTheTableSays) {
  const exchange::Deciding at_ishoej(kIshoej, {kOdense, kVestegnen, kFyn});
  const exchange::Deciding at_odense(kOdense, {kIshoej, kVestegnen, kFyn});
  const auto then = [&](const std::string& side, const std::string& given,
                        const std::string& input) {
    const Inputs inputs = Stated();
    const jv1::CaseFile file = File(side, given);
    const auto context = (side == kChosen ? at_odense : at_ishoej).DecisionContextFor();
    return tables::Said(inputs.Decide(input, file, context), inputs.aggregate(), file,
                        [](const auto&) { return ""; });
  };
  const std::vector<std::string> given = {"REQUESTED", "ACCEPTED", "OFFERED", "RECALLED",
                                          "TAKEN_OVER"};
  const std::string mistakes = tables::MistakesIn(
      "services/casework/relocation/address.table",
      {{{kInCharge, given}, {kChosen, {"ACCEPTED", "TAKEN_OVER"}}}, Stated().Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

// Each threat level by each word of the police unit of the place.
TEST(CaseAddressTest, WhoMayDepartIsAsTheTableSays) {
  const exchange::Deciding at(kIshoej, {kOdense, kVestegnen, kFyn});
  std::vector<std::string> said;
  for (int i = 0; i <= hv1::AddressProtection_MAX; ++i) {
    said.push_back(hv1::AddressProtection_Name(static_cast<hv1::AddressProtection>(i))
                       .substr(sizeof("ADDRESS_PROTECTION_") - 1));
  }
  std::vector<std::string> levels;
  for (int i = 0; i <= cv1::ThreatLevel_MAX; ++i) {
    levels.push_back(cv1::ThreatLevel_Name(static_cast<cv1::ThreatLevel>(i))
                         .substr(sizeof("THREAT_LEVEL_") - 1));
  }
  const std::int64_t now = absl::ToUnixSeconds(exchange::Deciding::Now());
  Inputs inputs(CaseFiles(), From(kFyn));
  inputs.Command(
      "RecordDeparture",
      absl::Substitute(R"(handover_id: "the-handover" expected { seconds: $0 })", now + 7200));
  const auto then = [&](const std::string&, const std::string& level, const std::string& word) {
    jv1::CaseFile file = File(kInCharge, "ACCEPTED");
    cv1::ThreatLevel threat{};
    hv1::AddressProtection protection{};
    (void)cv1::ThreatLevel_Parse("THREAT_LEVEL_" + level, &threat);
    (void)hv1::AddressProtection_Parse("ADDRESS_PROTECTION_" + word, &protection);
    file.mutable_security()->set_threat_level(threat);
    file.mutable_handovers(0)->set_address_protection(protection);
    const auto decided = inputs.Decide("RecordDeparture", file, at.DecisionContextFor());
    return decided.accepted() ? "departs" : "refused " + decided.refusal()->reason;
  };
  const std::string mistakes = tables::MistakesIn("services/casework/relocation/departing.table",
                                                  {{{kThreat, levels}}, said, then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

}  // namespace
}  // namespace exitbus::casework
