// The decision table of a person in two entries at a police unit, cell by cell: duplicate.table.
#include "services/police/duplicate.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/exchange/deciding_testing.h"
#include "services/exchange/keys.h"
#include "services/police/security_file.h"
#include "services/police/security_files.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::police {
namespace {

namespace pv1 = policy::v1;
using exchange::Of;

constexpr char kPerson[] = "6101900001";

jv1::SecurityFile File(const std::string& given) {
  if (given == "NO_FILE") return {};
  auto file = Of<jv1::SecurityFile>(R"(
      security_id: "the-file" standing: POLICE_STANDING_IN_CHARGE holder: "municipality-0183"
      person { cpr_number: "6101900001" })");
  if (given == "FILE") return file;
  file.add_duplicates()->set_nec("nec");
  file.mutable_duplicates(0)->mutable_seen()->set_duplicate_id("the-duplicate");
  if (given == "ANSWERED") {
    file.mutable_duplicates(0)->mutable_seen()->set_answer(nec::v1::DUPLICATE_ANSWER_SAME_PERSON);
  }
  if (given == "FORMER") file.set_standing(v1::POLICE_STANDING_FORMER);
  return file;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::SecurityFile&>(state);
  if (file.has_erasure()) return "ERASED";
  if (file.duplicates().empty()) return "";
  return file.duplicates(0).seen().answer() == 0 ? "TOLD" : "ANSWERED";
}

tables::Inputs Inputs() {
  tables::Inputs inputs(SecurityFiles(),
                        {"nec", pv1::CHANNEL_NEC, "the-duplicate", 1, pv1::AUTHORITY_KIND_NEC});
  const std::string one = R"(security_id: "the-file" duplicate_id: "the-duplicate" )";
  inputs.Message("<DuplicatePersonFound", R"(cpr_number: "6101900001")")
      .Message("<DuplicatePersonFound, of nobody", "")
      .Message("<DuplicateAnswered", "answer: DUPLICATE_ANSWER_SAME_PERSON")
      .Message("<DuplicateAnswered, without an answer", "")
      .Command("AnswerDuplicate", one + "answer: DUPLICATE_ANSWER_SAME_PERSON")
      .Command("AnswerDuplicate, that it is not", one + "answer: DUPLICATE_ANSWER_NOT_THE_SAME")
      .Command("AnswerDuplicate, without an answer", one)
      .Command("AnswerDuplicate, as if it had no file", one + "answer: DUPLICATE_ANSWER_NO_FILE")
      .Command("AnswerDuplicate, under another id",
               R"(security_id: "the-file" duplicate_id: "another"
                  answer: DUPLICATE_ANSWER_SAME_PERSON)")
      .MessageFrom({"municipality-0183", pv1::CHANNEL_EVIDENCE, "the-file", 1,
                    pv1::AUTHORITY_KIND_MUNICIPALITY},
                   "<ErasureOrdered", "number: 1");
  return inputs;
}

const exchange::Deciding& Vestegnen() {
  static const auto* const unit = new exchange::Deciding(
      {"police-1469", pv1::AUTHORITY_KIND_POLICE, "", "1469", "", "", "1469"},
      {{"municipality-0183", pv1::AUTHORITY_KIND_MUNICIPALITY, "", "0183", "", "", "1469"},
       {"nec", pv1::AUTHORITY_KIND_NEC, "", "national", "", "", ""}});
  return *unit;
}

TEST(DuplicateTableTest, EachCellIsAsTheTableSays) {
  const tables::Inputs inputs = Inputs();
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    const jv1::SecurityFile file = File(given);
    return tables::Said(inputs.Decide(input, file, Vestegnen().DecisionContextFor()),
                        inputs.aggregate(), file, &StageOf);
  };
  const std::vector<std::string> given = {"NO_FILE", "FILE", "TOLD", "ANSWERED", "FORMER"};
  const std::string mistakes = tables::MistakesIn("services/police/duplicate.table",
                                                  {{{"police unit", given}}, inputs.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

// By the person, as long as the unit is in charge and knows who it is.
TEST(DuplicateTableTest, AFileIsFoundByItsPersonWhileTheUnitIsInCharge) {
  const exchange::Aggregate files = SecurityFiles();
  const exchange::NoLookup lookup;
  const auto is_found = [&](const jv1::SecurityFile& file) {
    const auto keys = files.keys(file, lookup);
    return std::count(keys.begin(), keys.end(),
                      exchange::PersonName{kPerson, "the-file"}.Encode()) == 1;
  };
  EXPECT_TRUE(is_found(File("FILE")));
  EXPECT_FALSE(is_found(File("FORMER")));
  jv1::SecurityFile unnamed = File("FILE");
  unnamed.clear_person();
  EXPECT_FALSE(is_found(unnamed));
}

}  // namespace
}  // namespace exitbus::police
