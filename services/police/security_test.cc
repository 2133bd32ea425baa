// A police unit's decision table, cell by cell: security.table; and which precautions are overdue.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/exchange/compose.h"
#include "services/exchange/deciding_testing.h"
#include "services/police/duplicate.h"
#include "services/police/parts.h"
#include "services/police/security_files.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::police {
namespace {

namespace pv1 = policy::v1;
using exchange::Deciding;
using exchange::DirectoryEntry;
using exchange::kFyn;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::kVestegnen;
using exchange::Of;

const DirectoryEntry kAlbertslund{
    "municipality-0165", pv1::AUTHORITY_KIND_MUNICIPALITY, "", "0165", "", "", "1469"};
const DirectoryEntry kStranger{
    "municipality-0751", pv1::AUTHORITY_KIND_MUNICIPALITY, "", "0751", "", "", "1461"};

// Ishøj's case, which Vestegnen assesses: to Odense, where Fyn's unit is; or to Albertslund.
struct Unit {
  const DirectoryEntry& self;
  const DirectoryEntry& receiver;
  std::string other;  // the other district's unit
  std::string file;   // its id here
};
const std::map<std::string, Unit> kUnits = {
    {"the case's unit", {kVestegnen, kOdense, kFyn.id, "the-file"}},
    {"the unit of both", {kVestegnen, kAlbertslund, "", "the-file"}},
    {"the receiver's unit", {kFyn, kOdense, kVestegnen.id, "the-handover"}}};

const std::map<std::string, std::string> kParts = {
    {"CASE",
     R"(security_id: "the-file" standing: POLICE_STANDING_IN_CHARGE holder: "municipality-0183"
                requested { holder: "municipality-0183" number: 1 legal_basis: LEGAL_BASIS_CONSENT } )"},
    {"MAY_COME", R"(security_id: "the-handover" standing: POLICE_STANDING_RECEIVING
                    holder: "municipality-0183" )"},
    {"PERSON", R"(person { name: "Canary Name" } )"},
    {"FIRST", R"(assessment { version: 1 threat_level: THREAT_LEVEL_HIGH conclusions: "c"
                              precautions: "p" } )"},
    {"SECOND", R"(assessment { version: 2 threat_level: THREAT_LEVEL_HIGH conclusions: "c"
                               precautions: "p" } )"},
    {"TOLD", R"(precautions_recipients { version: 1 owed { due { seconds: 1 }
                       parties { authority: "HOLDER" subject: "FILE" } } } )"},
    {"SEEN", R"(handover_id: "the-handover" holder: "municipality-0183" receiver: "RECEIVER"
                counterpart: "OTHER" stage: TRANSFER_STAGE_)"}};

// What is given, as fields of a file, by the parts above.
const std::map<std::string, std::string> kOfCase = {
    {"NONE", ""},
    {"ASKED", "CASE PERSON"},
    {"UNNAMED", "CASE consent_revoked { seconds: 1 }"},
    {"ASSESSED", "CASE PERSON FIRST TOLD"},
    {"REVOKED", "CASE PERSON FIRST TOLD consent_revoked { seconds: 1 }"},
    {"REQUESTED", "CASE PERSON FIRST TOLD transfers { seen { SEENREQUESTED } }"},
    {"UNASSESSED", "CASE PERSON transfers { seen { SEENACCEPTED } }"},
    {"ACCEPTED", "CASE PERSON FIRST TOLD transfers { seen { SEENACCEPTED } }"},
    {"HANDED", "CASE PERSON FIRST TOLD transfers { seen { SEENACCEPTED transferred_version: 1 } }"},
    {"OFFERED", "CASE PERSON FIRST TOLD transfers { seen { SEENOFFERED transferred_version: 1 } }"},
    {"ENDED", "CASE PERSON FIRST TOLD transfers { seen { SEENENDED transferred_version: 1 } }"},
    {"MOVED", "CASE PERSON FIRST transfers { seen { SEENMOVED transferred_version: 1 } }"}};
const std::map<std::string, std::string> kOfReceiver = {
    {"NONE", ""},
    {"REQUESTED", "MAY_COME transfers { seen { SEENREQUESTED } incoming: true }"},
    {"ACCEPTED", "MAY_COME transfers { seen { SEENACCEPTED } incoming: true }"},
    {"HANDED",
     "MAY_COME PERSON FIRST TOLD transfers { seen { SEENACCEPTED transferred_version: 1 } "
     "incoming: true }"},
    {"OFFERED",
     "MAY_COME PERSON FIRST TOLD transfers { seen { SEENOFFERED transferred_version: 1 } incoming: "
     "true }"},
    {"MOVED",
     "MAY_COME PERSON FIRST TOLD transfers { seen { SEENMOVED transferred_version: 1 } incoming: "
     "true }"},
    {"REASSESSED",
     "MAY_COME PERSON SECOND TOLD transfers { seen { SEENMOVED transferred_version: 1 } incoming: "
     "true }"},
    {"ENDED", "MAY_COME transfers { seen { SEENENDED } incoming: true }"}};

jv1::SecurityFile File(const std::string& side, const std::string& given) {
  const Unit& unit = kUnits.at(side);
  const bool incoming = side == "the receiver's unit";
  const std::string holder = incoming ? unit.receiver.id : kIshoej.id;
  const std::string& parts = (incoming ? kOfReceiver : kOfCase).at(given);
  auto file = Of<jv1::SecurityFile>(
      absl::StrReplaceAll(absl::StrReplaceAll(parts, kParts), {{"RECEIVER", unit.receiver.id},
                                                               {"\"HOLDER", "\"" + holder},
                                                               {"OTHER", unit.other},
                                                               {"\"FILE", "\"" + unit.file}}));
  const bool moved =
      !file.transfers().empty() && file.transfers(0).seen().stage() == v1::TRANSFER_STAGE_MOVED;
  if (moved) file.set_holder(unit.receiver.id);
  if (moved && side == "the case's unit") file.set_standing(v1::POLICE_STANDING_FORMER);
  if (moved && incoming) file.set_standing(v1::POLICE_STANDING_IN_CHARGE);
  if (incoming && given == "ENDED") file.set_standing(v1::POLICE_STANDING_ENDED);
  if (!incoming && given == "ENDED" && !unit.other.empty()) {
    auto& erases = *file.mutable_transfers(0)->mutable_erasure()->add_parties();
    erases.set_authority(unit.other);
    erases.set_subject("the-handover");
  }
  return file;
}

pv1::AuthorityKind KindOf(const std::string& sender) {
  return sender.starts_with("police") ? pv1::AUTHORITY_KIND_POLICE
                                      : pv1::AUTHORITY_KIND_MUNICIPALITY;
}

std::string Slip(const Unit& unit, const std::string& signer) {
  const auto statement = Of<exchange::v1::Statement>(absl::StrCat(
      R"(slip { holder: "municipality-0183" reader_subject: "the-handover" from_number: 1 number: 2
                reader: ")",
      unit.self.id, R"(" receiver: ")", unit.receiver.id, R"(" })"));
  return "number: 2 slip: " + tables::Quoted(exchange::NamedStatements(signer).Sign(statement));
}

void AddHandover(const Unit& unit, tables::Inputs& all) {
  const auto from = [](const std::string& sender) {
    return exchange::LetterPlace{sender, pv1::CHANNEL_HANDOVER, "the-handover", 1, KindOf(sender)};
  };
  const auto requested = [&](const std::string& police) {
    return absl::StrCat("receiver: \"", unit.receiver.id, "\" police: \"", police,
                        "\" receiving_police: \"", unit.other.empty() ? kVestegnen.id : kFyn.id,
                        "\"");
  };
  all.MessageFrom(from(kIshoej.id), "<HandoverRequested", requested(kVestegnen.id))
      .MessageFrom(from(kIshoej.id), "<HandoverRequested, naming another unit",
                   requested("police-1461"));
  for (const std::string kind : {"<HandoverAccepted", "<HandoverRejected", "<OfferDeclined"}) {
    all.MessageFrom(from(unit.receiver.id), kind, "")
        .MessageFrom(from(kIshoej.id), kind + ", by the holder", "");
  }
  for (const std::string kind : {"<HandoverOffered", "<HandoverRecalled", "<HandoverEscalated"}) {
    all.MessageFrom(from(kIshoej.id), kind, "")
        .MessageFrom(from(kStranger.id), kind + ", by a stranger", "");
  }
  all.MessageFrom(from(kIshoej.id), "<LateFact, safety", "kind: LATE_FACT_KIND_PRECAUTIONS")
      .MessageFrom(from(unit.receiver.id), "<CaseTakenOver", Slip(unit, kIshoej.id))
      .MessageFrom(from(unit.receiver.id), "<CaseTakenOver, without a slip", "number: 2")
      .MessageFrom(from(unit.receiver.id), "<CaseTakenOver, slip signed by itself",
                   Slip(unit, unit.receiver.id));
}

// What is done and told of a relocation, of a journey, and of a person in two entries, stands in
// tables of its own.
exchange::Aggregate WhatIsInThisTable() {
  exchange::Aggregate files = SecurityFiles();
  const exchange::Aggregate others = exchange::Compose<jv1::SecurityFile, jv1::SecurityEvent>(
      "others",
      {RelocationMethods(), RelocationLetters(), RelocationPlaces(), RelocationDecisions(),
       Journeys(), ConflictsAsked(), Duplicates(), WeeklyReports(), NecStatus(), PlaceChecks(),
       Released(), Phoned()},
      [](const exchange::LetterPlace&) { return ""; });
  for (const int kind : others.letters) files.letters.erase(kind);
  for (const exchange::Method& other : others.methods) {
    std::erase_if(files.methods, [&](const auto& method) { return method.name == other.name; });
  }
  return files;
}

tables::Inputs All(const Unit& unit) {
  const std::string other = unit.other.empty() ? kFyn.id : unit.other;
  const auto from = [&](const std::string& sender, const std::string& subject = "") {
    return exchange::LetterPlace{sender, pv1::CHANNEL_SECURITY,
                                 subject.empty() ? unit.file : subject, 1, KindOf(sender)};
  };
  tables::Inputs all(WhatIsInThisTable(), from(kIshoej.id));
  AddHandover(unit, all);
  all.MessageFrom(from(other, "the-handover"), "<SecurityAssessmentTransferred",
                  R"(person { name: "Canary Name" } assessment { version: 2 })")
      .MessageFrom(from(kStranger.id, "the-handover"),
                   "<SecurityAssessmentTransferred, by a stranger", "")
      .Message("<ConsentRevoked", "revoked { seconds: 1 } receipted_through: 1")
      .MessageFrom({kIshoej.id, pv1::CHANNEL_CASE, unit.file, 2},
                   "<ConsentRevoked, before it was receipted", "revoked { seconds: 1 }")
      .MessageFrom(from(kStranger.id), "<ConsentRevoked, by a stranger", "")
      .Message("<CorrectionIssued", R"(correction_id: "theirs" person { name: "Canary Names" })")
      .MessageFrom(from(unit.receiver.id), "<CorrectionIssued, by the receiver", "")
      .MessageFrom(from(kIshoej.id, "the-handover"), "<CitizenWithdrew, under the handover's id",
                   "")
      .Message("<ErasureOrdered", "number: 1")
      .MessageFrom(from(unit.receiver.id), "<ErasureOrdered, by the receiver", "number: 2")
      .MessageFrom(from(other, "the-handover"), "<ErasureOrdered, by the other unit", "number: 2")
      .MessageFrom(from(kStranger.id), "<ErasureOrdered, by a stranger", "number: 2")
      .MessageFrom(from(other, "the-handover"), "<ErasureConfirmed", "")
      .MessageFrom(from(kStranger.id, "the-handover"), "<ErasureConfirmed, by a stranger", "");
  const std::string in_charge = unit.file == "the-file" ? kIshoej.id : unit.receiver.id;
  const std::string read = R"(acknowledged_by: "employee-1" version: )";
  all.MessageFrom(from(in_charge), "<PrecautionsAcknowledged", read + "1")
      .MessageFrom(from(in_charge), "<PrecautionsAcknowledged, another version", read + "3")
      .MessageFrom(from(kStranger.id), "<PrecautionsAcknowledged, by a stranger", read + "1");
  const std::string whole = R"(threat_level: THREAT_LEVEL_LOW conclusions: "c" precautions: "p")";
  const auto deliver = [&](const std::string& name, const char* left_out) {
    all.Command("DeliverAssessment" + name,
                absl::StrCat("assessment { ", absl::StrReplaceAll(whole, {{left_out, ""}}), " }"));
  };
  deliver("", "no such thing");
  deliver(", without a threat level", "threat_level: THREAT_LEVEL_LOW");
  deliver(", without conclusions", R"(conclusions: "c")");
  deliver(", without precautions", R"(precautions: "p")");
  all.FromTable("services/police/security.table")
      .OtherMessages()
      .OtherCommands("security_id", unit.file);
  return all;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::SecurityFile&>(state);
  if (file.has_erasure()) return "ERASED";
  const std::string standing =
      v1::PoliceStanding_Name(file.standing()).substr(sizeof("POLICE_STANDING_") - 1);
  if (file.transfers().empty()) return standing;
  const auto stage = file.transfers(file.transfers_size() - 1).seen().stage();
  return absl::StrCat(standing, " ",
                      v1::TransferStage_Name(stage).substr(sizeof("TRANSFER_STAGE_") - 1));
}

TEST(SecurityTableTest, EachCellIsAsTheTableSays) {
  std::map<std::string, tables::Inputs> inputs;
  for (const auto& [side, unit] : kUnits) inputs.emplace(side, All(unit));
  const auto then = [&](const std::string& side, const std::string& given,
                        const std::string& input) {
    const tables::Inputs& all = inputs.at(side);
    const Unit& unit = kUnits.at(side);
    const Deciding at(unit.self, {kIshoej, kAlbertslund, kOdense, kStranger,
                                  unit.self.id == kFyn.id ? kVestegnen : kFyn});
    const jv1::SecurityFile file = File(side, given);
    return tables::Said(all.Decide(input, file, at.DecisionContextFor()), all.aggregate(), file,
                        &StageOf);
  };
  const std::vector<std::string> crossing = {"REQUESTED", "ACCEPTED", "OFFERED", "ENDED", "MOVED"};
  const std::string mistakes = tables::MistakesIn(
      "services/police/security.table",
      {{{"the case's unit",
         {"NONE", "ASKED", "UNNAMED", "ASSESSED", "REVOKED", "REQUESTED", "UNASSESSED", "ACCEPTED",
          "HANDED", "OFFERED", "ENDED", "MOVED"}},
        {"the unit of both", crossing},
        {"the receiver's unit",
         {"NONE", "REQUESTED", "ACCEPTED", "HANDED", "OFFERED", "MOVED", "REASSESSED", "ENDED"}}},
       inputs.begin()->second.Names(),
       then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST(SecurityDeadlineTest, PrecautionsThatWereReadInTimeAreNotOverdue) {
  const exchange::Aggregate files = SecurityFiles();
  const jv1::SecurityFile told = File("the case's unit", "ASSESSED");
  const auto due = files.deadlines(told);
  ASSERT_EQ(due.size(), 1U);
  const auto falls_due = [&](const jv1::SecurityFile& file) {
    return OutcomeOf(
        files.decide_deadline(file, due[0].name, Deciding(kVestegnen).DecisionContextFor()));
  };
  EXPECT_EQ(falls_due(told), "");
  jv1::SecurityFile later = told;
  later.mutable_precautions_recipients(0)->mutable_owed()->mutable_parties(0)->mutable_confirmed();
  EXPECT_EQ(falls_due(later), "no effect deadline_over");
  later = told;
  later.mutable_precautions_recipients(0)->mutable_owed()->set_overdue(true);
  EXPECT_EQ(falls_due(later), "no effect deadline_over");
  later = told;
  later.mutable_precautions_recipients(0)->mutable_owed()->mutable_due()->set_seconds(
      absl::ToUnixSeconds(Deciding::Now()) + 1);
  EXPECT_EQ(falls_due(later), "no effect deadline_over");
}

class SecurityWaitTest : public testing::Test {
 protected:
  std::string Told(const DirectoryEntry& sender, const std::string& body) {
    const exchange::Decision decision = files.decide_letter(
        *state, {sender.id, pv1::CHANNEL_HANDOVER, "the-handover", 1}, Of<exchange::v1::Body>(body),
        Deciding(kVestegnen, {kIshoej, kOdense, kFyn}).DecisionContextFor());
    const std::string outcome = OutcomeOf(decision);
    state = decision.After(*state, files.evolve);
    return outcome;
  }
  bool is_overdue() const {
    return static_cast<const jv1::SecurityFile&>(*state).transfers(0).seen().escalated();
  }

  const exchange::Aggregate files = SecurityFiles();
  std::shared_ptr<const google::protobuf::Message> state =
      std::make_shared<jv1::SecurityFile>(File("the case's unit", "OFFERED"));
};

TEST_F(SecurityWaitTest, NothingIsOverdueOfAHandoverThatIsOver) {
  ASSERT_EQ(Told(kIshoej, "handover_escalated {}"), "");
  ASSERT_TRUE(is_overdue());
  const auto overdue = state;
  ASSERT_EQ(Told(kIshoej, "handover_recalled {}"), "");
  EXPECT_FALSE(is_overdue());
  state = overdue;
  ASSERT_EQ(
      Told(kOdense, "case_taken_over { " + Slip(kUnits.at("the case's unit"), kIshoej.id) + " }"),
      "");
  EXPECT_FALSE(is_overdue());
}

TEST(SecurityErasureTest, TheOtherUnitConfirmsOnce) {
  jv1::SecurityFile file = File("the case's unit", "ENDED");
  const auto confirmed = [&] {
    return OutcomeOf(SecurityFiles().decide_letter(
        file, {kFyn.id, pv1::CHANNEL_EVIDENCE, "the-handover", 1},
        Of<exchange::v1::Body>("erasure_confirmed {}"), Deciding(kVestegnen).DecisionContextFor()));
  };
  EXPECT_EQ(confirmed(), "");
  file.mutable_transfers(0)->mutable_erasure()->mutable_parties(0)->mutable_confirmed();
  EXPECT_EQ(confirmed(), "no effect erasure_confirmed_before");
}

}  // namespace
}  // namespace exitbus::police
