// The decision tables of a release that nobody had planned, and of precautions told by telephone,
// at a police unit, cell by cell: released.table.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "exitbus/handover/v1/messages.pb.h"
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

constexpr char kPrison[] = "kriminalforsorgen-01";

// What is said more than once.
const std::string kCase = R"(security_id: "the-file" standing: POLICE_STANDING_IN_CHARGE
    holder: "kriminalforsorgen-01" requested { holder: "kriminalforsorgen-01" }
    person { name: "Canary Name" } )";
const std::string kSeen = R"(transfers { seen { handover_id: "the-handover"
    holder: "kriminalforsorgen-01" receiver: "municipality-0183" counterpart: "police-1465" )";
const std::string kSent = R"(precautions_recipients { version: 1 owed { due { seconds: 1 }
    parties { authority: "kriminalforsorgen-01" subject: "the-file" )";

jv1::SecurityFile File(const std::string& given) {
  static const std::map<std::string, std::string> all = {
      {"NONE", ""},
      {"IN_CHARGE", kCase},
      {"LEAVES", kCase + kSeen + "stage: TRANSFER_STAGE_REQUESTED } }"},
      {"FORMER", absl::StrReplaceAll(kCase, {{"IN_CHARGE", "FORMER"}})},
      {"COMES", R"(security_id: "the-handover" standing: POLICE_STANDING_RECEIVING )" + kSeen +
                    "stage: TRANSFER_STAGE_REQUESTED } incoming: true }"},
      {"ENDED", R"(security_id: "the-handover" standing: POLICE_STANDING_ENDED )" + kSeen +
                    "stage: TRANSFER_STAGE_ENDED } incoming: true }"},
      {"MOVED", R"(security_id: "the-handover" standing: POLICE_STANDING_IN_CHARGE
                   holder: "municipality-0183" requested { holder: "kriminalforsorgen-01" } )" +
                    kSeen + "stage: TRANSFER_STAGE_MOVED } incoming: true }"},
      {"SENT", kCase + kSent + "} } }"},
      {"READ", kCase + kSent + R"(confirmed {} } } acknowledged_by: "employee-2" })"},
      {"PHONED", kCase + kSent + R"(confirmed {} } } phoned_to: "p" })"}};
  return Of<jv1::SecurityFile>(all.at(given));
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::SecurityFile&>(state);
  if (file.precautions_recipients().empty()) return "";
  const jv1::PrecautionsSent& sent = file.precautions_recipients(0);
  if (!sent.phoned_to().empty()) return "PHONED";
  return sent.acknowledged_by().empty() ? "SENT" : "READ";
}

tables::Inputs Inputs() {
  const auto from = [](const std::string& sender, const std::string& subject,
                       pv1::AuthorityKind kind = pv1::AUTHORITY_KIND_KRIMINALFORSORGEN) {
    return exchange::LetterPlace{sender, pv1::CHANNEL_SECURITY, subject, 1, kind};
  };
  const std::string kind = "<PersonReleased, ";
  const std::string out = R"(released { released { seconds: 1 } acts: "police-1469" })";
  // A unit that the case may come to knows it by the handover alone.
  tables::Inputs inputs(SecurityFiles(), from(kPrison, "the-file"));
  inputs.MessageFrom(from(kPrison, "the-file"), kind + "of the case", out)
      .MessageFrom(from("kriminalforsorgen-02", "the-file"), kind + "of the case, by a stranger",
                   out)
      .MessageFrom(from(kPrison, "the-handover"), kind + "of the handover", out)
      .MessageFrom(from("municipality-0183", "the-handover"),
                   kind + "of the handover, by the receiver", out)
      .MessageFrom(from(kPrison, "the-file", pv1::AUTHORITY_KIND_MUNICIPALITY),
                   kind + "by a municipality", out)
      .MessageFrom(from(kPrison, "the-file"), kind + "that nobody acts",
                   "released { released { seconds: 1 } }")
      .FromTable("services/police/released.table");
  return inputs;
}

TEST(ReleasedTableTest, EachCellIsAsTheTableSays) {
  const exchange::Deciding vestegnen(exchange::kVestegnen, {exchange::kIshoej, exchange::kFyn});
  const tables::Inputs inputs = Inputs();
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    const jv1::SecurityFile file = File(given);
    return tables::Said(inputs.Decide(input, file, vestegnen.DecisionContextFor()),
                        inputs.aggregate(), file, &StageOf);
  };
  const std::vector<std::string> given = {"NONE",  "IN_CHARGE", "LEAVES", "FORMER", "COMES",
                                          "ENDED", "MOVED",     "SENT",   "READ",   "PHONED"};
  const std::string mistakes = tables::MistakesIn("services/police/released.table",
                                                  {{{"police unit", given}}, inputs.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

}  // namespace
}  // namespace exitbus::police
