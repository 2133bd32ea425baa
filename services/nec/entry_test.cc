// An entry's decision table, cell by cell: entry.table.
#include "services/nec/entry.h"

#include <gtest/gtest.h>

#include "absl/strings/substitute.h"
#include "services/exchange/deciding_testing.h"
#include "services/nec/overview.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::nec {
namespace {

namespace pv1 = policy::v1;
using exchange::Of;
using tables::Quoted;

constexpr char kInCharge[] = "municipality-0183";
constexpr char kNext[] = "municipality-0461";
constexpr char kEntry[] = "the-entry";

exchange::LetterPlace From(const char* sender) { return {sender, pv1::CHANNEL_NEC, kEntry, 1}; }

// What the next one shows of a take-over as number 3; as bytes.
std::string Slip(const char* signer, int from, int number, int sent_through) {
  const auto statement = Of<exchange::v1::Statement>(absl::Substitute(
      R"(slip { holder: "$0" receiver: "$1" reader: "nec" reader_subject: "$2" from_number: $3
                number: $4 sent_through: $5 })",
      kInCharge, kNext, kEntry, from, number, sent_through));
  return "number: 3 slip: " + Quoted(exchange::NamedStatements(signer).Sign(statement));
}

tables::Inputs Letters() {
  tables::Inputs letters(OverviewEntries(), From(kInCharge));
  letters.Message("<VisitationDecided", "number: 1")
      .Message("<VisitationDecided, too high a number", "number: 18446744073709551615")
      .MessageFrom(From(kNext), "<CaseTakenOver", Slip(kInCharge, 2, 3, 0))
      .MessageFrom(From(kNext), "<CaseTakenOver, without a slip", "number: 3")
      .MessageFrom(From(kNext), "<CaseTakenOver, slip signed by itself", Slip(kNext, 2, 3, 0))
      .MessageFrom(From(kNext), "<CaseTakenOver, slip for another", Slip(kInCharge, 2, 4, 0))
      .MessageFrom(From(kNext), "<CaseTakenOver, slip of old", Slip(kInCharge, 1, 3, 0))
      .MessageFrom(From(kNext), "<CaseTakenOver, slip of later", Slip(kInCharge, 3, 3, 0))
      .MessageFrom(From(kNext), "<CaseTakenOver, more was sent before", Slip(kInCharge, 2, 3, 1));
  for (const std::string kind :
       {"<AgreementSigned", "<CitizenWithdrew", "<CorrectionIssued", "<ErasureOrdered"}) {
    letters.Message(kind, "number: 2")
        .Message(kind + ", old number", "number: 1")
        .MessageFrom(From(kNext), kind + ", by another", "number: 2")
        .MessageFrom(From(kNext), kind + ", by the next", "number: 3")
        .Message(kind + ", too high a number", "number: 18446744073709551615");
  }
  const std::string kind = "<ProgrammeStageReached";
  letters.Message(kind + ", of no stage", "number: 2")
      .Message(kind, "number: 2 stage: CASE_STAGE_ACTIVE")
      .Message(kind + ", paused", "number: 2 stage: CASE_STAGE_ACTIVE paused: true")
      .Message(kind + ", ended", "number: 2 stage: CASE_STAGE_ENDED end: END_CODE_LAPSED")
      .Message(kind + ", closed", "number: 2 stage: CASE_STAGE_CLOSED")
      .Message(kind + ", old number", "number: 1 stage: CASE_STAGE_ACTIVE")
      .MessageFrom(From(kNext), kind + ", by another", "number: 2 stage: CASE_STAGE_ACTIVE")
      .MessageFrom(From(kNext), kind + ", by the next", "number: 3 stage: CASE_STAGE_ACTIVE");
  letters.OtherMessages();
  return letters;
}

jv1::Entry Entry(const std::string& stage) {
  if (stage == "NONE") return {};
  // Who went on in another programme.
  if (stage == "LEFT") {
    jv1::Entry entry = Entry("ENDED");
    entry.set_end(casework::v1::END_CODE_OTHER_PROGRAMME);
    return entry;
  }
  return Of<jv1::Entry>(
      "overview_id: \"the-entry\" authority: \"municipality-0183\" number: 2 stage: "
      "ENTRY_STAGE_" +
      stage);
}

std::string StageOf(const google::protobuf::Message& entry) {
  const auto& of = static_cast<const jv1::Entry&>(entry);
  const std::string stage =
      of.has_erasure() ? "ERASED"
                       : v1::EntryStage_Name(of.stage()).substr(sizeof("ENTRY_STAGE_") - 1);
  return of.authority() == kNext ? stage + " of the next" : stage;
}

TEST(EntryTest, EachCellIsAsTheTableSays) {
  const exchange::Deciding nec({"nec", pv1::AUTHORITY_KIND_NEC, "", "national", "", ""});
  const tables::Inputs letters = Letters();
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    const jv1::Entry entry = Entry(given);
    return tables::Said(letters.Decide(input, entry, nec.DecisionContextFor()), letters.aggregate(),
                        entry, &StageOf);
  };
  const std::string mistakes = tables::MistakesIn(
      "services/nec/entry.table",
      {{{"nec", {"NONE", "VISITED", "ENROLLED", "ACTIVE", "WITHDRAWN", "ENDED", "LEFT", "CLOSED"}}},
       letters.Names(),
       then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

}  // namespace
}  // namespace exitbus::nec
