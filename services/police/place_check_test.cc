// The decision table of the question whether a place is safe, at a police unit, cell by cell:
// place_check.table.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "exitbus/police/v1/place_check.pb.h"
#include "exitbus/relocation/v1/messages.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/typed.h"
#include "services/police/parts.h"
#include "services/police/security_file.h"
#include "services/police/security_files.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::police {
namespace {

namespace pv1 = policy::v1;
using exchange::Of;

const std::string kPrison = "kriminalforsorgen-01";
constexpr char kConflict[] = "the-conflict";

std::string Check(const std::string& municipality, const std::string& more) {
  return "place_checks { seen { municipality: \"" + municipality + "\" asked {} " + more + " } ";
}

std::string CheckOf(const std::string& given) {
  const std::string asked = "safety: PLACE_SAFETY_ASKED";
  const std::string other = asked + " unit: \"police-1465\" unit_says: PLACE_SAFETY_";
  const std::string under = " conflict_id: \"the-conflict\" ";
  const std::string owed =
      "unit_answer { parties { authority: \"police-1465\" subject: \"the-conflict\" } ";
  if (given == "UNASKED") return "";
  if (given == "HERE") return Check("0183", asked) + "}";
  if (given == "STATED") {
    return R"(place_checks { seen { municipality: "0461" safety: PLACE_SAFETY_NOT_POSSIBLE answered {} } })";
  }
  if (given == "ANSWERED") return Check("0461", "safety: PLACE_SAFETY_CLEAR answered {}") + "}";
  if (given == "OTHER_CLEAR") return Check("0461", other + "CLEAR") + under + "}";
  if (given == "OFTEN") return Check("0461", other + "CLEAR") + under + "inquiries: 5 }";
  if (given == "OTHER_NOT" || given == "REVOKED")
    return Check("0461", other + "NOT_POSSIBLE") + under + "}";
  if (given == "OTHER_LATE") {
    return Check("0461", other + "ASKED") + under + owed + "due { seconds: 1 } overdue: true } }";
  }
  if (given == "OTHER_ASKED" || given == "OVER" || given == "FORMER") {
    return Check("0461", other + "ASKED") + under + owed + "due { seconds: 9999999999 } } }";
  }
  return Check("0461", asked) + "}";
}

jv1::SecurityFile File(const std::string& given) {
  auto file = Of<jv1::SecurityFile>(R"(
      security_id: "the-file" standing: POLICE_STANDING_IN_CHARGE holder: "kriminalforsorgen-01"
      requested { holder: "kriminalforsorgen-01" }
      person { cpr_number: "0101619999" name: "Canary Name" } stage: CASE_STAGE_REFERRED )" +
                                    CheckOf(given));
  if (given == "REVOKED") file.clear_person();
  if (given == "OVER") file.set_stage(casework::v1::CASE_STAGE_ENDED);
  if (given == "FORMER") file.set_standing(v1::POLICE_STANDING_FORMER);
  return file;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::SecurityFile&>(state);
  if (file.place_checks().empty()) return "UNASKED";
  const jv1::PlaceCheck& check = *file.place_checks().rbegin();
  if (check.seen().use() == casework::v1::PLACE_USE_UNSPECIFIED && !check.seen().has_asked()) {
    return "STATED";
  }
  if (check.seen().has_answered()) return "ANSWERED";
  if (check.conflict_id().empty()) return "ASKED";
  switch (check.seen().unit_says()) {
    case relocation::v1::PLACE_SAFETY_CLEAR:
      return "OTHER_CLEAR";
    case relocation::v1::PLACE_SAFETY_NOT_POSSIBLE:
      return "OTHER_NOT";
    default:
      return "OTHER_ASKED";
  }
}

tables::Inputs Inputs() {
  const auto from = [](const std::string& sender, pv1::Channel channel, const std::string& subject,
                       pv1::AuthorityKind kind) {
    return exchange::LetterPlace{sender, channel, subject, 2, kind};
  };
  const auto in_case = [&](const std::string& sender, const std::string& subject,
                           pv1::AuthorityKind kind = pv1::AUTHORITY_KIND_KRIMINALFORSORGEN) {
    return from(sender, pv1::CHANNEL_CASE, subject, kind);
  };
  const auto by_unit = [&](const std::string& unit) {
    return from(unit, pv1::CHANNEL_RELOCATION, kConflict, pv1::AUTHORITY_KIND_POLICE);
  };
  const std::string of_odense = "municipality: \"0461\"";
  const std::string clear = of_odense + " safety: PLACE_SAFETY_CLEAR";
  const std::string asked = "<PlaceCheckRequested", answered = "<ConflictAnswered";
  tables::Inputs inputs(SecurityFiles(), in_case(kPrison, "the-file"));
  inputs
      .MessageFrom(in_case(kPrison, "the-file", pv1::AUTHORITY_KIND_MUNICIPALITY),
                   asked + ", of a prison, by a municipality", of_odense + " use: PLACE_USE_PRISON")
      .MessageFrom(in_case("kriminalforsorgen-02", "the-file"), asked + ", by a stranger",
                   of_odense)
      .MessageFrom(in_case(kPrison, "the-handover"), asked + ", under another id", of_odense)
      .MessageFrom(by_unit("police-1465"), answered, clear)
      .MessageFrom(by_unit("police-1465"), answered + ", that there is one",
                   of_odense + " safety: PLACE_SAFETY_NOT_POSSIBLE")
      .MessageFrom(by_unit("police-1465"), answered + ", of another place",
                   "municipality: \"0101\" safety: PLACE_SAFETY_CLEAR")
      .MessageFrom(by_unit("police-1465"), answered + ", without an answer", of_odense)
      .MessageFrom(by_unit("police-1461"), answered + ", by another unit", clear)
      .FromTable("services/police/place_check.table");
  return inputs;
}

TEST(PlaceCheckTableTest, EachCellIsAsTheTableSays) {
  const exchange::Deciding vestegnen(
      exchange::kVestegnen,
      {exchange::kIshoej,
       exchange::kOdense,
       exchange::kFyn,
       {"kriminalforsorgen-01", pv1::AUTHORITY_KIND_KRIMINALFORSORGEN, "", "01", "", "", "1469"}});
  const tables::Inputs inputs = Inputs();
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    const jv1::SecurityFile file = File(given);
    return tables::Said(inputs.Decide(input, file, vestegnen.DecisionContextFor()),
                        inputs.aggregate(), file, &StageOf);
  };
  const std::vector<std::string> given = {
      "UNASKED",     "STATED", "ASKED",     "HERE",    "ANSWERED", "OTHER_ASKED", "OTHER_LATE",
      "OTHER_CLEAR", "OFTEN",  "OTHER_NOT", "REVOKED", "OVER",     "FORMER"};
  const std::string mistakes = tables::MistakesIn("services/police/place_check.table",
                                                  {{{"police unit", given}}, inputs.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

}  // namespace
}  // namespace exitbus::police
