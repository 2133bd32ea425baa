// The decision table of one person in two active entries, cell by cell: duplicates.table.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/substitute.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/keys.h"
#include "services/nec/entry.h"
#include "services/nec/overview.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::nec {
namespace {

namespace pv1 = policy::v1;
using exchange::DirectoryEntry;
using exchange::Of;
using tables::Quoted;

constexpr char kEntry[] = "the-entry";
constexpr char kIshoej[] = "municipality-0183";
constexpr char kOdense[] = "municipality-0461";
constexpr char kPerson[] = "6101900001";
constexpr char kAnother[] = "6101900005";

DirectoryEntry In(const std::string& id, pv1::AuthorityKind kind, const std::string& district) {
  return {id, kind, "", "", "", "", district};
}
const exchange::Deciding& Nec() {
  static const auto* const nec = new exchange::Deciding(
      In("nec", pv1::AUTHORITY_KIND_NEC, ""),
      {In(kIshoej, pv1::AUTHORITY_KIND_MUNICIPALITY, "1469"),
       In("municipality-0165", pv1::AUTHORITY_KIND_MUNICIPALITY, "1469"),
       In(kOdense, pv1::AUTHORITY_KIND_MUNICIPALITY, "1465"),
       In("municipality-0751", pv1::AUTHORITY_KIND_MUNICIPALITY, "1461"),
       In("municipality-0400", pv1::AUTHORITY_KIND_MUNICIPALITY, "1474"),  // its unit is not listed
       In("police-1469", pv1::AUTHORITY_KIND_POLICE, "1469"),
       In("police-1465", pv1::AUTHORITY_KIND_POLICE, "1465"),
       In("police-1461", pv1::AUTHORITY_KIND_POLICE, "1461")});
  return *nec;
}

// The person is in an entry of Odense's.
class InAnother : public exchange::NoLookup {
 public:
  std::vector<std::string> NamesBelow(std::string_view prefix) const override {
    const auto below = [&](const std::string& name) {
      return prefix == exchange::IndexKey{kEntries, name}.Encode();
    };
    if (below(exchange::PersonName{kPerson, ""}.Encode())) return {"another-entry", kEntry};
    if (below(HeldByKey("another-entry", ""))) return {kOdense};
    return {};
  }
};

exchange::LetterPlace From(const std::string& sender) {
  return {sender, pv1::CHANNEL_NEC, kEntry, 1, pv1::AUTHORITY_KIND_MUNICIPALITY};
}
exchange::LetterPlace OfUnit(const std::string& unit) {
  return {unit, pv1::CHANNEL_NEC, "the-duplicate", 1, pv1::AUTHORITY_KIND_POLICE};
}

std::string Slip(const std::string& receiver) {
  const auto statement = Of<exchange::v1::Statement>(absl::Substitute(
      R"(slip { holder: "$0" receiver: "$1" reader: "nec" reader_subject: "$2" from_number: 2
                number: 3 })",
      kIshoej, receiver, kEntry));
  return "number: 3 slip: " + Quoted(exchange::NamedStatements(kIshoej).Sign(statement));
}

tables::Inputs Letters() {
  tables::Inputs letters(OverviewEntries(), From(kIshoej));
  const auto person = [](const std::string& number) {
    return absl::Substitute(R"(number: 2 person { cpr_number: "$0" name: "Canary Name" })", number);
  };
  letters.Message("<VisitationDecided", person(kPerson))
      .Message("<VisitationDecided, of another", person(kAnother))
      .Message("<VisitationDecided, without a number", "number: 2")
      .Message("<CorrectionIssued", person(kPerson))
      .Message("<CorrectionIssued, of the name", R"(number: 2 person { name: "Right Name" })")
      .MessageFrom(From("municipality-0165"), "<CaseTakenOver, to Albertslund",
                   Slip("municipality-0165"))
      .MessageFrom(From("municipality-0751"), "<CaseTakenOver, to Aarhus",
                   Slip("municipality-0751"))
      .MessageFrom(From(kOdense), "<CaseTakenOver, to Odense", Slip(kOdense))
      .MessageFrom(From("municipality-0400"), "<CaseTakenOver, to an island",
                   Slip("municipality-0400"))
      .MessageFrom(OfUnit("police-1465"), "<DuplicateAnswered",
                   "answer: DUPLICATE_ANSWER_SAME_PERSON")
      .MessageFrom(OfUnit("police-1469"), "<DuplicateAnswered, by Vestegnen's unit",
                   "answer: DUPLICATE_ANSWER_SAME_PERSON")
      .MessageFrom(OfUnit("police-1465"), "<DuplicateAnswered, that it has no file",
                   "answer: DUPLICATE_ANSWER_NO_FILE")
      .MessageFrom(OfUnit("police-1465"), "<DuplicateAnswered, as before",
                   "answer: DUPLICATE_ANSWER_NOT_THE_SAME")
      .MessageFrom(OfUnit("police-1465"), "<DuplicateAnswered, without an answer", "")
      .MessageFrom(OfUnit("police-1461"), "<DuplicateAnswered, by another unit",
                   "answer: DUPLICATE_ANSWER_SAME_PERSON");
  return letters;
}

const std::vector<std::string> kGiven = {"NONE",     "ALONE",   "FOUND",
                                         "ANSWERED", "SETTLED", "WITHDRAWN"};

jv1::Entry Entry(const std::string& given) {
  if (given == "NONE") return {};
  auto entry = Of<jv1::Entry>(absl::Substitute(
      R"(overview_id: "$0" authority: "$1" number: 2 stage: ENTRY_STAGE_VISITED
         person { cpr_number: "$2" })",
      kEntry, kIshoej, given == "ALONE" || given == "WITHDRAWN" ? kAnother : kPerson));
  if (given == "WITHDRAWN") entry.set_stage(v1::ENTRY_STAGE_WITHDRAWN);
  if (given == "ALONE" || given == "WITHDRAWN") return entry;
  auto found = Of<jv1::DuplicateFound>(R"(
      duplicate_id: "the-duplicate" other_overview_ids: "another-entry"
      parties { unit: "police-1465" } parties { unit: "police-1469" }
      owed { parties { authority: "police-1465" subject: "the-duplicate" }
             parties { authority: "police-1469" subject: "the-duplicate" } })");
  const int answered = given == "SETTLED" ? 2 : given == "ANSWERED" ? 1 : 0;
  for (int i = 0; i < answered; ++i) {
    found.mutable_parties(i)->set_answer(v1::DUPLICATE_ANSWER_NOT_THE_SAME);
    found.mutable_owed()->mutable_parties(i)->mutable_confirmed()->set_seconds(1);
  }
  *entry.add_duplicates() = found;
  return entry;
}

// By the newest that was found.
std::string StageOf(const google::protobuf::Message& state) {
  const auto& entry = static_cast<const jv1::Entry&>(state);
  if (entry.overview_id().empty()) return "NONE";
  if (entry.duplicates().empty()) return "ALONE";
  if (entry.duplicates_size() > 1) return "FOUND_ANEW";
  int answered = 0;
  const auto& newest = entry.duplicates(entry.duplicates_size() - 1);
  for (const auto& party : newest.parties()) answered += party.answer() != 0 ? 1 : 0;
  return answered == 0 ? "FOUND" : answered == newest.parties_size() ? "SETTLED" : "ANSWERED";
}

TEST(DuplicatesTest, EachCellIsAsTheTableSays) {
  const tables::Inputs letters = Letters();
  const InAnother lookup;
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    const jv1::Entry entry = Entry(given);
    exchange::DecisionContext context = Nec().DecisionContextFor();
    context.lookup = &lookup;
    return tables::Said(letters.Decide(input, entry, context), letters.aggregate(), entry,
                        &StageOf);
  };
  const std::string mistakes = tables::MistakesIn("services/nec/duplicates.table",
                                                  {{{"nec", kGiven}}, letters.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

// What it was before this was kept is shown, and counted, from what is known.
TEST(ProvenanceTest, AnEntryOfAnOlderVersionBeginsWithWhatIsKnown) {
  jv1::Entry entry = Entry("ALONE");
  ASSERT_EQ(ProvenanceOf(entry).size(), 1);
  EXPECT_EQ(ProvenanceOf(entry)[0].authority(), kIshoej);
  EXPECT_EQ(ProvenanceOf(entry)[0].fact(), v1::ENTRY_FACT_VISITED);
  const auto after =
      Letters().Decide("<CorrectionIssued, of the name", entry, Nec().DecisionContextFor());
  const auto changed = after.After(entry, OverviewEntries().evolve);
  EXPECT_EQ(ProvenanceOf(static_cast<const jv1::Entry&>(*changed)).size(), 2);
  EXPECT_TRUE(ProvenanceOf(Entry("NONE")).empty());
}

}  // namespace
}  // namespace exitbus::nec
