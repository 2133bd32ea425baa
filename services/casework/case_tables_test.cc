// The decision tables of a case's subjects, cell by cell: programme/programme.table and the like.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "exitbus/casework_journal/v1/journal.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/case_given_testing.h"
#include "services/casework/case_inputs_testing.h"
#include "services/casework/handover/given_testing.h"
#include "services/casework/part_testing.h"
#include "services/exchange/deciding_testing.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::casework {
namespace {

namespace jv1 = casework_journal::v1;
namespace pv1 = policy::v1;
using exchange::DirectoryEntry;
using exchange::Of;
using tables::Inputs;

const DirectoryEntry kIshoej{
    "municipality-0183", pv1::AUTHORITY_KIND_MUNICIPALITY, "Ishøj", "0183", "", "", "1469"};
const DirectoryEntry kOdense{
    "municipality-0461", pv1::AUTHORITY_KIND_MUNICIPALITY, "Odense", "0461", "", "", "1465"};
const DirectoryEntry kUnit{"police-1469", pv1::AUTHORITY_KIND_POLICE, "", "1469", "", "", "1469"};
const DirectoryEntry kPrison{
    "kriminalforsorgen-01", pv1::AUTHORITY_KIND_KRIMINALFORSORGEN, "", "01", "", "", "1469"};
const DirectoryEntry kNec{"nec", pv1::AUTHORITY_KIND_NEC, "", "national", "", ""};

// Sides of a table: where the directory lists no police unit for the district; where the authority
// requires each step before a visitation; where two employees decide it.
constexpr char kNoUnit[] = "case without a unit";
constexpr char kEachStep[] = "case that needs each step";
constexpr char kByTwo[] = "case that two decide";

exchange::VisitationSettings SettingsOf(const std::string& side) {
  exchange::VisitationSettings settings;
  settings.by_two = side == kByTwo;
  if (side != kEachStep) return settings;
  for (int step = v1::INTAKE_STEP_SCREENING; step <= v1::IntakeStep_MAX; ++step) {
    settings.required.push_back(static_cast<v1::IntakeStep>(step));
  }
  return settings;
}

const std::vector<std::string> kEachProgramme = {"NATIONAL_FRAMEWORK", "EXIT_WITH_NEC",
                                                 "EXIT_ALONE",         "GOD_LOESLADELSE",
                                                 "PLAN_FOR_FRIHED",    "RESOCIALISING_EFFORT"};

std::vector<std::string> ReferredToEach() {
  std::vector<std::string> all;
  for (const std::string& programme : kEachProgramme) all.push_back("REFERRED_" + programme);
  return all;
}

// A case's whole life. The last columns are of other cases: one that was handed on, and one that is
// asked for.
const std::vector<std::string> kLife = {"REFERRED", "CONSENTED", "VISITED", "ENROLLED", "REQUESTED",
                                        "OFFERED",  "WITHDRAWN", "FORMER",  "RECEIVING"};

struct Table {
  std::string path;
  Inputs (*inputs)();
  std::vector<tables::Side> sides;
  CasePart (*part)() = nullptr;  // it has rows for all messages that this takes
};

const std::vector<Table>& Tables() {
  static const auto* const all = new std::vector<Table>{
      {"programme/opening", &Opening, {{"case", {"NEW"}}}},
      {"intake/intake",
       &Intake,
       {{"case",
         {"REFERRED", "CONSENTED", "YOUNG", "ASKED_UNIT", "ANSWERED", "ASKED_ACCESS", "VISITED",
          "ENDED", "FORMER"}}}},
      {"intake/steps",
       &Steps,
       {{"case",
         {"REFERRED", "CONSENTED", "SITUATIONAL", "UNMOTIVATED", "YOUNG", "YOUNG_IN_OWN",
          "BROUGHT_IN", "BROUGHT_IN_REGISTERED"}},
        {kEachStep,
         {"ON_LAW", "CONSENTED", "SCREENED", "RISK_SCREENED", "CLARIFIED", "ASKED_UNIT", "ANSWERED",
          "INTERVIEWED", "UNMET", "MET", "SHOWN_BEFORE", "SHOWN", "ONE_AGREES", "DISAGREED",
          "AGREED"}},
        {kByTwo, {"CONSENTED", "PROPOSED", "VISITED"}}}},
      {"programme/meetings",
       &NoInputs,
       {{"case",
         {"REFERRED", "VISITED", "ENROLLED", "CALLED", "CALLED_AHEAD", "HELD", "ENDED",
          "FORMER"}}}},
      {"programme/contact_person",
       &NoInputs,
       {{"case", {"REFERRED", "VISITED", "WITH_POLICE", "NAMED", "ENDED", "OFFERED", "FORMER"}}}},
      {"letters/letters",
       &NoInputs,
       {{"case",
         {"REFERRED", "VISITED", "REACHED", "REACHED_CALLED", "REACHED_LAPSED", "REACHED_REJECTED",
          "FORMER"}}}},
      {"documents/documents",
       &Documents,
       {{"case",
         {"REFERRED", "STORING", "STORED", "FULL", "OFFERED", "ARRIVING", "ARRIVING_AT_FORMER",
          "FORMER"}}},
       &DocumentsHandedOnPart},
      {"release/custody",
       &NoInputs,
       {{"case", {"REFERRED", "IN_CUSTODY", "CONTACTED", "ENDED", "FORMER"}}}},
      {"programme/programme", &Programme, {{"case", kLife}}},
      {"programme/course",
       &Course,
       {{"course",
         {"VISITED", "ENROLLED", "PLACED", "ACTIVE", "PAUSED", "OFFERED", "ENDED", "FORMER"}}}},
      {"programme/follow_up",
       &NoInputs,
       {{"case", {"ENROLLED", "ENDED", "NEARLY_CLOSED", "CLOSED", "FORMER"}}}},
      {"programme/measures",
       &NoInputs,
       {{"case", {"VISITED", "ENROLLED", "BEGUN", "STOPPED", "ENDED", "OFFERED", "FORMER"}}}},
      {"programme/assessed",
       &NoInputs,
       {{"case", {"UNASSESSED", "NOT_ASKED", "ASKED", "THREATENED", "UNCLARIFIED"}}}},
      {"programme/programmes",
       &NoInputs,
       {{"referred", ReferredToEach()}, {"enrolled", kEachProgramme}}},
      {"handover/request", &NoInputs, {{"case", kLife}, {"case without a basis", {"BASELESS"}}}},
      {"consent/consent", &Consent, {{"case", kLife}}},
      {"correction/correction", &Correction, {{"case", kLife}}},
      {"security/security",
       &Security,
       {{"case",
         {"REFERRED", "CONSENTED", "VISITED", "WITH_POLICE", "READ", "REQUESTED", "WITHDRAWN",
          "LET_GO", "FORMER", "RECEIVING"}},
        {kNoUnit, {"VISITED"}}},
       &SecurityPart},
      {"security/weekly_report",
       &NoInputs,
       {{"case",
         {"WITH_POLICE", "FOLLOWED", "REPORTED", "READ_REPORT", "FOLLOWED_ENDED", "FOLLOWED_FORMER",
          "FORMER"}}},
       &WeeklyReportPart},
      {"security/nec_status",
       &NoInputs,
       {{"case",
         {"REFERRED", "CONSENTED", "KNOWN_TO_POLICE", "NEC_ASKED", "NEC_OVERDUE", "NEC_ANSWERED",
          "NEC_ENDED", "NEC_FORMER"}}},
       &NecStatusPart},
      {"security/place_check",
       &NoInputs,
       {{"case",
         {"REFERRED", "CONSENTED", "KNOWN_TO_POLICE", "PLACE_ASKED", "PLACE_OVERDUE", "PLACE_CLEAR",
          "PLACE_IMPOSSIBLE", "PLACE_ENDED", "PLACE_FORMER"}}},
       &PlaceCheckPart},
      {"access/access",
       &Access,
       {{"unit", {"ENROLLED", "INVOLVED", "WITHDRAWN", "FORMER", "RECEIVING"}},
        {"exception", {"ENROLLED", "ASKED_FOR", "TOO_LATE", "APPROVED", "OVER"}}}},
      {"overview/difference",
       &NoInputs,
       {{"case", {"NEW", "REFERRED", "VISITED", "ENROLLED", "WITHDRAWN", "DIFFERING"}}},
       &OverviewPart},
      {"erasure/erasure", &NoInputs, {{"case", kLife}, {"case followed again", {"LEFT_OFFERED"}}}}};
  return *all;
}

std::string PathOf(const Table& table) {
  return absl::StrCat("services/casework/", table.path, ".table");
}

// What is said here, what the table says itself, and messages of which neither says anything.
Inputs InputsOf(const Table& table) {
  Inputs inputs = table.inputs();
  inputs.FromTable(PathOf(table));
  if (table.part != nullptr) inputs.OtherMessages(LettersOf(table.part()));
  return inputs;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::CaseFile&>(state);
  if (file.has_erasure()) return "ERASED";
  const std::string stage = v1::CaseStage_Name(file.stage()).substr(sizeof("CASE_STAGE_") - 1);
  const std::string standing = v1::Standing_Name(file.standing()).substr(sizeof("STANDING_") - 1);
  return standing == "RESPONSIBLE" ? stage : absl::StrCat(stage, " ", standing);
}

TEST(CaseTablesTest, EachCellIsAsTheTableSays) {
  const exchange::Deciding without_unit(kIshoej, {kOdense, kNec});
  const exchange::Deciding with_unit(kIshoej, {kOdense, kUnit, kPrison, kNec});
  for (const Table& table : Tables()) {
    const Inputs inputs = InputsOf(table);
    const auto then = [&](const std::string& side, const std::string& given,
                          const std::string& input) {
      const exchange::Deciding& at = side == kNoUnit ? without_unit : with_unit;
      const jv1::CaseFile file = GivenCase(given);
      exchange::DecisionContext context = at.DecisionContextFor();
      const exchange::VisitationSettings settings = SettingsOf(side);
      context.visitation = &settings;
      context.complaint_guidance = "g";
      return tables::Said(inputs.Decide(input, file, context), inputs.aggregate(), file, &StageOf);
    };
    const std::string mistakes =
        tables::MistakesIn(PathOf(table), {table.sides, inputs.Names(), then});
    EXPECT_TRUE(mistakes.empty()) << mistakes;
  }
}

TEST(CaseTablesTest, EveryChangeAndEveryMessageIsInOneTable) {
  std::set<std::string> changes;
  for (const Table& table : Tables()) {
    for (const std::string& input : InputsOf(table).Names()) {
      changes.insert(input.substr(0, input.find(',')));
    }
  }
  const std::vector<std::string> of_handovers = Occasions();
  changes.insert(of_handovers.begin(), of_handovers.end());
  for (const exchange::Method& method : CaseFiles({ReleasePart()}).methods) {
    if (method.name.starts_with("exitbus.pool.")) continue;        // pool/pool_test.cc
    if (method.name.starts_with("exitbus.relocation.")) continue;  // relocation/*_test.cc
    if (method.name.find("TemporaryRelocationService") != std::string::npos) continue;  // likewise
    if (method.name.find("SupervisionService") != std::string::npos) continue;  // supervision/
    if (method.name.find("ReleaseService") != std::string::npos) continue;      // release/
    const std::string name = method.name.substr(method.name.rfind('.') + 1);
    EXPECT_TRUE(!method.decide || changes.contains(name)) << "no table has a row " << name;
  }
  std::set<int> kinds = CaseFiles().letters;
  for (const int kind : LettersOf(PoolLetters())) kinds.erase(kind);
  for (const int kind : LettersOf(RelocationLetters())) kinds.erase(kind);
  for (const int kind : LettersOf(PlaceLetters())) kinds.erase(kind);
  for (const int kind : LettersOf(SupervisionPart())) kinds.erase(kind);
  for (const int kind : kinds) {
    const std::string name = absl::StrCat(
        "<", exchange::v1::Body::descriptor()->FindFieldByNumber(kind)->message_type()->name());
    EXPECT_TRUE(changes.contains(name)) << "no table has a row " << name;
  }
}

}  // namespace
}  // namespace exitbus::casework
