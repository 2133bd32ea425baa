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
#include "services/casework/handover/given_testing.h"
#include "services/casework/part_testing.h"
#include "services/exchange/deciding_testing.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::casework {
namespace {

namespace jv1 = casework_journal::v1;
namespace pv1 = policy::v1;
using exchange::Caller;
using exchange::DirectoryEntry;
using exchange::Of;
using tables::Inputs;

const DirectoryEntry kIshoej{
    "municipality-0183", pv1::AUTHORITY_KIND_MUNICIPALITY, "Ishøj", "0183", "", "", "1469"};
const DirectoryEntry kOdense{
    "municipality-0461", pv1::AUTHORITY_KIND_MUNICIPALITY, "Odense", "0461", "", "", "1465"};
const DirectoryEntry kUnit{"police-1469", pv1::AUTHORITY_KIND_POLICE, "", "1469", "", "", "1469"};
const DirectoryEntry kNec{"nec", pv1::AUTHORITY_KIND_NEC, "", "national", "", ""};

// A side of a table: where the directory lists no police unit for the district.
constexpr char kNoUnit[] = "case without a unit";

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

Inputs NoInputs() {
  return Inputs(CaseFiles({ReleasePart()}), {"police-1469", pv1::CHANNEL_CASE, "the-security", 1});
}

// Everything that must be said, and the same without each of it: "NAME, without WHAT".
void AddWithout(Inputs& inputs, const std::string& method,
                const std::vector<std::pair<std::string, std::string>>& parts,
                const std::string& begin = "", const std::string& end = "") {
  for (std::size_t left_out = 0; left_out <= parts.size(); ++left_out) {
    std::string text = begin;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i != left_out) absl::StrAppend(&text, " ", parts[i].second);
    }
    const std::string name = left_out == parts.size()
                                 ? method
                                 : absl::StrCat(method, ", without ", parts[left_out].first);
    inputs.Command(name, absl::StrCat(text, " ", end));
  }
}

Inputs Opening() {
  Inputs inputs = NoInputs();
  AddWithout(
      inputs, "OpenCase",
      {{"a CPR number", R"(cpr_number: "6101900001")"}, {"a name", R"(name: "Canary Name")"}},
      "person {", "}");
  const std::string person = R"(person { cpr_number: "6101900001" name: "Canary Name" } )";
  inputs.Command("OpenCase, on a law", person + "legal_basis: LEGAL_BASIS_RPL115_1_KSP")
      .Command("OpenCase, on a law that is not cited",
               person + "legal_basis: LEGAL_BASIS_OTHER_LAW");
  return inputs;
}

Inputs Programme() {
  Inputs inputs = NoInputs();
  AddWithout(inputs, "DecideVisitation",
             {{"affiliation", R"(affiliation: "a")"},
              {"position", R"(position: "p")"},
              {"motivation", R"(motivation: "m")"},
              {"risk", R"(risk_on_leaving: "r")"}},
             "visitation {", "}");
  const std::string measure =
      R"(measures { type: MEASURE_TYPE_HOUSING module: MODULE_HOUSING owner: "municipality-0183"
                    months: 6 funding: FUNDING_CLASS_REGION legal_basis: LEGAL_BASIS_OTHER_LAW })";
  const std::string rest =
      R"(template: "t" consequences_of_relapse: "c" citizen_signed { seconds: 1770000000 }
                              coordinator_signed { seconds: 1770000000 } })";
  AddWithout(inputs, "SignAgreement",
             {{"a template", R"(template: "t")"},
              {"a measure", measure},
              {"consequences", R"(consequences_of_relapse: "c")"},
              {"the citizen", "citizen_signed { seconds: 1770000000 }"},
              {"the coordinator", "coordinator_signed { seconds: 1770000000 }"}},
             "agreement {", "}");
  const auto with = [&](const std::string& was, const std::string& is) {
    return absl::StrReplaceAll(absl::StrCat("agreement { ", measure, rest), {{was, is}});
  };
  inputs.Command("SignAgreement, measure without months", with("months: 6", ""))
      .Command("SignAgreement, measure without a law",
               with("legal_basis: LEGAL_BASIS_OTHER_LAW", ""))
      .Command("SignAgreement, another's unit", with("0183\"", "0461\" unit: FUNCTION_MENTOR"))
      .Command("SignAgreement, of an unlisted owner", with("municipality-0183", "nobody"))
      .Command("SignAgreement, measure for a lifetime", with("months: 6", "months: 900"))
      .Command("SignAgreement, housing under leisure", with("MODULE_HOUSING", "MODULE_LEISURE"))
      .Command("SignAgreement, signed in 1970", with("signed { seconds: 1770000000 }", "signed {}"))
      .Command("SignAgreement, signed tomorrow", with("1770000000", "1900000000"))
      .Command("StateHandlekommune", R"(handlekommune: "municipality-0461")")
      .Command("StateHandlekommune, a police unit", R"(handlekommune: "police-1469")")
      .Command("StateHandlekommune, nobody that is listed", R"(handlekommune: "nobody")");
  return inputs;
}

Inputs Course() {
  Inputs inputs = NoInputs();
  AddWithout(inputs, "PauseProgramme", {{"a reason", "reason: PAUSE_REASON_CITIZENS_WISH"}});
  AddWithout(inputs, "EndProgramme, lapsed",
             {{"reasons", R"(reasons: "r")"}, {"a hearing", "citizen_heard { seconds: 1 }"}},
             "code: END_CODE_LAPSED");
  AddWithout(inputs, "EndProgramme, completed", {{"an evaluation", "evaluated { seconds: 1 }"}},
             "code: END_CODE_COMPLETED");
  AddWithout(inputs, "EndProgramme, redirected",
             {{"a ground", "ground: REJECTION_GROUND_UNDER_AGE"},
              {"whereto", "redirected_to: REDIRECT_TARGET_SSP"},
              {"reasons", R"(reasons: "r")"}},
             "code: END_CODE_REDIRECTED");
  return inputs;
}

Inputs Consent() {
  Inputs inputs = NoInputs();
  AddWithout(inputs, "RecordConsent", {{"whom it covers", "covers: AUTHORITY_KIND_POLICE"}});
  AddWithout(inputs, "RecordLegalBasis",
             {{"a law", "legal_basis: LEGAL_BASIS_FVL28"},
              {"whom it covers", "covers: AUTHORITY_KIND_POLICE"}});
  const std::string covers = "covers: AUTHORITY_KIND_POLICE legal_basis: LEGAL_BASIS_";
  inputs.Command("RecordLegalBasis, of a consent", covers + "CONSENT")
      .Command("RecordLegalBasis, of a law that is not cited", covers + "OTHER_LAW")
      .Command("RecordLegalBasis, from tomorrow",
               covers + "FVL28 holds_from { seconds: 1900000000 }")
      .Command("EndLegalBasis", "legal_basis: LEGAL_BASIS_FVL28")
      .Command("EndLegalBasis, of another law", "legal_basis: LEGAL_BASIS_DBL8");
  return inputs;
}

Inputs Correction() {
  Inputs inputs = NoInputs();
  AddWithout(inputs, "CorrectCase",
             {{"a reason", R"(reason: "a digit was wrong")"},
              {"anything", R"(person { cpr_number: "6101900002" })"}});
  inputs.Command("CorrectCase, reason too long",
                 absl::StrCat("reason: \"", std::string(4001, 'r'), "\""));
  const auto since = [](absl::Duration from_now) {
    const absl::Time time = exchange::Deciding::Now() + from_now;
    return absl::StrCat("valid_from { seconds: ", absl::ToUnixSeconds(time), " }");
  };
  const std::string moved = R"(current_address: "Right Street 2" )";
  AddWithout(inputs, "ChangeDetails",
             {{"since when", since(absl::ZeroDuration())}, {"anything", moved}});
  inputs.Command("ChangeDetails, of tomorrow", moved + since(absl::Hours(24)))
      .Command("ChangeDetails, of what was before", moved + since(-absl::Hours(24 * 365 * 50)));
  return inputs;
}

Inputs Security() {
  Inputs inputs = NoInputs();
  const exchange::LetterPlace other{"police-1465", pv1::CHANNEL_CASE, "the-security", 1};
  inputs.MessageFrom(other, "<PoliceClarificationDelivered, by another unit", "")
      .MessageFrom(other, "<SecurityPictureChanged, by another unit", "");
  return inputs;
}

Inputs Access() {
  Inputs inputs = NoInputs();
  const Caller asker{"municipality-0183", "system", "jobcentre", "employee-2", ""};
  const Caller colleague{"municipality-0183", "system", "jobcentre", "employee-3", ""};
  const Caller coordinator{"municipality-0183", "system", "exit-coordinator", "employee-1", ""};
  inputs.Command("InvolveUnit", "function: FUNCTION_JOBCENTRE")
      .Command("InvolveUnit, not of a municipality", "function: FUNCTION_CASE_OFFICER")
      .Command("ReleaseUnit", "function: FUNCTION_JOBCENTRE")
      .Command("StateStaffSafety", R"(function: FUNCTION_JOBCENTRE staff_safety: "two at a talk")")
      .Command("RequestBreakGlass", R"(reason: "r" minutes: 30)", asker)
      .Command("RequestBreakGlass, without a reason", "minutes: 30", asker)
      .Command("RequestBreakGlass, for a day", R"(reason: "r" minutes: 1440)", asker)
      .Command("ApproveBreakGlass", R"(break_glass_id: "exception")", coordinator)
      .Command("ApproveBreakGlass, by who asked", R"(break_glass_id: "exception")", asker)
      .Command("EndBreakGlass", R"(break_glass_id: "exception")", asker)
      .Command("EndBreakGlass, by the coordinator", R"(break_glass_id: "exception")", coordinator)
      .Command("EndBreakGlass, by a colleague", R"(break_glass_id: "exception")", colleague);
  return inputs;
}

struct Table {
  std::string path;
  Inputs (*inputs)();
  std::vector<tables::Side> sides;
  CasePart (*part)() = nullptr;  // it has rows for all messages that this takes
};

const std::vector<Table>& Tables() {
  static const auto* const all = new std::vector<Table>{
      {"programme/opening", &Opening, {{"case", {"NEW"}}}},
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
       {{"case", {"UNASSESSED", "NOT_ASKED", "ASKED", "THREATENED"}}}},
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
  const exchange::Deciding with_unit(kIshoej, {kOdense, kUnit, kNec});
  for (const Table& table : Tables()) {
    const Inputs inputs = InputsOf(table);
    const auto then = [&](const std::string& side, const std::string& given,
                          const std::string& input) {
      const exchange::Deciding& at = side == kNoUnit ? without_unit : with_unit;
      const jv1::CaseFile file = GivenCase(given);
      return tables::Said(inputs.Decide(input, file, at.DecisionContextFor()), inputs.aggregate(),
                          file, &StageOf);
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
    const std::string name = method.name.substr(method.name.rfind('.') + 1);
    EXPECT_TRUE(!method.decide || changes.contains(name)) << "no table has a row " << name;
  }
  std::set<int> kinds = CaseFiles().letters;
  for (const int kind : LettersOf(PoolLetters())) kinds.erase(kind);
  for (const int kind : LettersOf(RelocationLetters())) kinds.erase(kind);
  for (const int kind : LettersOf(PlaceLetters())) kinds.erase(kind);
  for (const int kind : kinds) {
    const std::string name = absl::StrCat(
        "<", exchange::v1::Body::descriptor()->FindFieldByNumber(kind)->message_type()->name());
    EXPECT_TRUE(changes.contains(name)) << "no table has a row " << name;
  }
}

}  // namespace
}  // namespace exitbus::casework
