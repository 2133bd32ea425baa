// The decision table of the inquiry at NEC's list at a police unit, cell by cell: nec_status.table;
// what is looked up, and what the unit keeps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "exitbus/police/v1/nec_status_messages.pb.h"
#include "exitbus/police/v1/nec_status_service.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/typed.h"
#include "services/police/parts.h"
#include "services/police/security_file.h"
#include "services/police/security_files.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::police {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;
using exchange::Of;
using testing::HasSubstr;
using testing::Not;

jv1::SecurityFile File(const std::string& given) {
  auto file = Of<jv1::SecurityFile>(R"(
      security_id: "the-file" standing: POLICE_STANDING_IN_CHARGE holder: "municipality-0183"
      requested { holder: "municipality-0183" }
      person { cpr_number: "0101619999" name: "Canary Name" } stage: CASE_STAGE_REFERRED)");
  if (given != "UNASKED") file.mutable_nec_inquiry()->mutable_asked();
  if (given == "ANSWERED") {
    file.mutable_nec_inquiry()->mutable_answered();
    file.mutable_nec_inquiry()->set_status(cv1::NEC_LIST_STATUS_YES);
  }
  if (given == "REVOKED") file.clear_person();
  if (given == "OVER") file.set_stage(cv1::CASE_STAGE_ENDED);
  if (given == "FORMER") file.set_standing(v1::POLICE_STANDING_FORMER);
  return file;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::SecurityFile&>(state);
  if (!file.has_nec_inquiry()) return "UNASKED";
  return file.nec_inquiry().has_answered() ? "ANSWERED" : "ASKED";
}

tables::Inputs Inputs() {
  const auto from = [](const std::string& sender, const std::string& subject,
                       pv1::AuthorityKind kind = pv1::AUTHORITY_KIND_MUNICIPALITY) {
    return exchange::LetterPlace{sender, pv1::CHANNEL_CASE, subject, 2, kind};
  };
  tables::Inputs inputs(SecurityFiles(), from("municipality-0183", "the-file"));
  inputs
      .MessageFrom(from("municipality-0461", "the-file"), "<NecStatusRequested, by a stranger", "")
      .MessageFrom(from("municipality-0183", "the-handover"),
                   "<NecStatusRequested, under another id", "")
      .MessageFrom(from("municipality-0183", "the-file", pv1::AUTHORITY_KIND_KRIMINALFORSORGEN),
                   "<NecStatusRequested, by Kriminalforsorgen", "")
      .FromTable("services/police/nec_status.table");
  return inputs;
}

const exchange::Deciding& Vestegnen() {
  static const auto* const unit =
      new exchange::Deciding(exchange::kVestegnen, {exchange::kIshoej, exchange::kOdense});
  return *unit;
}

TEST(NecStatusTableTest, EachCellIsAsTheTableSays) {
  const tables::Inputs inputs = Inputs();
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    const jv1::SecurityFile file = File(given);
    return tables::Said(inputs.Decide(input, file, Vestegnen().DecisionContextFor()),
                        inputs.aggregate(), file, &StageOf);
  };
  const std::vector<std::string> given = {"UNASKED",  "ASKED", "REVOKED",
                                          "ANSWERED", "OVER",  "FORMER"};
  const std::string mistakes = tables::MistakesIn("services/police/nec_status.table",
                                                  {{{"police unit", given}}, inputs.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST(NecStatusContentTest, AHindranceIsToldAndNotKept) {
  const exchange::Decision decision = Inputs().Decide(
      "AnswerNecStatus, no, and a hindrance", File("ASKED"), Vestegnen().DecisionContextFor());
  const auto* const told = exchange::Told(decision, "municipality-0183", "NecStatusAnswered");
  ASSERT_NE(told, nullptr);
  EXPECT_THAT(told->ShortDebugString(), HasSubstr("HINDRANCE_STANDS"));
  for (const auto& event : decision.events()) {
    EXPECT_THAT(event->ShortDebugString(), Not(HasSubstr("HINDRANCE")));
  }
}

TEST(NecStatusContentTest, TheNextHolderAsksItself) {
  const auto moved = Of<jv1::SecurityEvent>(R"(case_moved { holder: "municipality-0461" })");
  EXPECT_FALSE(After(File("ANSWERED"), exchange::Decision().AddEvent(moved))->has_nec_inquiry());
}

}  // namespace
}  // namespace exitbus::police
