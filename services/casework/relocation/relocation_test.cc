// The decision tables of relocation at the authority in charge, cell by cell: proposing.table and
// relocation.table; what ends a request by itself, and what an erasure waits for.
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

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::kDesk;
using exchange::kIshoej;
using exchange::kVestegnen;
using tables::Inputs;

using relocation::kAnother;
using relocation::kComplete;
using relocation::kIncomplete;
using relocation::kTheRequest;

jv1::CaseFile CaseOf(const std::string& standing, const std::string& stage) {
  return exchange::Of<jv1::CaseFile>(absl::Substitute(
      R"(case_id: "the-case" number: 1 standing: STANDING_$0 stage: CASE_STAGE_$1
         responsible: "municipality-0183" police: "police-1469" security_id: "the-file")",
      standing, stage));
}

jv1::CaseFile File(const std::string& given) {
  if (given == "RECEIVING") return Given("receiver", "REQUESTED");
  if (given == "FORMER") return CaseOf("FORMER", "ENROLLED");
  if (given == "LEFT") return CaseOf("RESPONSIBLE", "WITHDRAWN");
  jv1::CaseFile file = CaseOf("RESPONSIBLE", "ENROLLED");
  if (given == "UNASKED") {
    file.clear_police();
    file.clear_security_id();
  }
  if (given == "OFFERED") *file.mutable_handovers() = Given("holder", "OFFERED").handovers();
  if (relocation::GivenStages().contains(given)) {
    *file.add_relocations() = relocation::GivenRequest(given);
  }
  return file;
}

exchange::LetterPlace From(const std::string& unit) {
  return {unit, pv1::CHANNEL_RELOCATION, "the-file", 1, pv1::AUTHORITY_KIND_POLICE};
}
std::string Nominated(const std::string& id, const std::string& nomination, int version = 1,
                      const std::string& holder = kIshoej.id) {
  return absl::Substitute("$0 $1 version: $2 holder: \"$3\"", id, nomination, version, holder);
}

Inputs Proposing() {
  Inputs inputs(CaseFiles(), From(kVestegnen.id));
  const std::string of_case = R"(case_id: "the-case" )";
  const std::string kind = "<RelocationNominated, another";
  inputs.Command("ProposeRelocation", of_case + kComplete)
      .Command("ProposeRelocation, incomplete", of_case + kIncomplete)
      .Message(kind, Nominated(kAnother, kComplete))
      .Message(kind + " incomplete", Nominated(kAnother, kIncomplete))
      .Message(kind + ", the second", Nominated(kAnother, kComplete, 2))
      .Message(kind + ", of another holder", Nominated(kAnother, kComplete, 1, "municipality-0165"))
      .MessageFrom(From("police-1465"), kind + ", by another unit", Nominated(kAnother, kComplete));
  return inputs;
}

Inputs Going() {
  Inputs inputs(CaseFiles(), From(kVestegnen.id));
  const auto assessed = [](const std::string& outcome) {
    return absl::StrCat(kTheRequest, "outcome: ASSESSMENT_OUTCOME_", outcome);
  };
  const auto withdraw = [](const std::string& reason) {
    return absl::StrCat(kTheRequest, "reason: RELOCATION_WITHDRAWAL_REASON_", reason);
  };
  const std::string nominated = "<RelocationNominated";
  const std::string kind = "<RelocationAssessed";
  inputs.Message(nominated, Nominated(kTheRequest, kComplete))
      .Message(nominated + ", the second", Nominated(kTheRequest, kComplete, 2))
      .Message(nominated + ", of another holder",
               Nominated(kTheRequest, kComplete, 1, "municipality-0165"))
      .MessageFrom(From("police-1465"), nominated + ", by another unit",
                   Nominated(kTheRequest, kComplete))
      .Message(kind, assessed("NECESSARY"))
      .Message(kind + ", as not necessary", assessed("NOT_NECESSARY"))
      .Message(kind + ", for more information", assessed("MORE_INFORMATION"))
      .Message(kind + ", without an outcome", kTheRequest)
      .Message(kind + ", of an unknown one",
               absl::StrCat(kAnother, "outcome: ASSESSMENT_OUTCOME_NECESSARY"))
      .MessageFrom(From("police-1465"), kind + ", by another unit", assessed("NECESSARY"))
      .Message("<RelocationWithdrawn", kTheRequest)
      .Message("<RelocationWithdrawn, of an unknown one", kAnother)
      .MessageFrom(From("police-1465"), "<RelocationWithdrawn, by another unit", kTheRequest)
      .Command("WithdrawRelocation", withdraw("ERROR"))
      .Command("WithdrawRelocation, not countersigned", withdraw("NOT_COUNTERSIGNED"))
      .Command("WithdrawRelocation, without a reason", kTheRequest);
  return inputs;
}

// Of the case's last request.
std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::CaseFile&>(state);
  if (file.relocations().empty()) return "";
  return lv1::RelocationStage_Name(file.relocations().rbegin()->seen().stage())
      .substr(sizeof("RELOCATION_STAGE_") - 1);
}

std::string NoStage(const google::protobuf::Message&) { return ""; }

void ExpectAsIn(const std::string& table, const Inputs& inputs,
                const std::vector<std::string>& given,
                std::string (*stage_of)(const google::protobuf::Message&)) {
  const exchange::Deciding at(kIshoej, {kVestegnen, kDesk});
  const auto then = [&](const std::string&, const std::string& name, const std::string& input) {
    const jv1::CaseFile file = File(name);
    return tables::Said(inputs.Decide(input, file, at.DecisionContextFor()), inputs.aggregate(),
                        file, stage_of);
  };
  const std::string mistakes =
      tables::MistakesIn(absl::StrCat("services/casework/relocation/", table, ".table"),
                         {{{"authority in charge", given}}, inputs.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

const std::vector<std::string> kGoing = {"PROPOSED",  "NOMINATED",     "ASKED",    "AGAIN",
                                         "NECESSARY", "NOT_NECESSARY", "WITHDRAWN"};

TEST(RelocationTablesTest, WhoIsProposedIsAsTheTableSays) {
  std::vector<std::string> given = {"CASE", "LEFT", "OFFERED", "UNASKED", "RECEIVING", "FORMER"};
  given.insert(given.end(), kGoing.begin(), kGoing.end());
  ExpectAsIn("proposing", Proposing(), given, &NoStage);
}

TEST(RelocationTablesTest, WhatBecomesOfItIsAsTheTableSays) {
  ExpectAsIn("relocation", Going(), kGoing, &StageOf);
}

// A municipality hears of withdrawals from its police unit, and of the end of an inquiry, which is
// about no case of its own.
TEST(RelocationTablesTest, WhatTheContactPointWithdrawsIsOfNoCase) {
  exchange::v1::Body body;
  body.mutable_relocation_withdrawn();
  const exchange::Aggregate files = CaseFiles();
  exchange::LetterPlace place = From(kVestegnen.id);
  place.sender_kind = pv1::AUTHORITY_KIND_POLICE;
  EXPECT_TRUE(files.letter_target(place, body));
  place.sender_kind = pv1::AUTHORITY_KIND_CONTACT_POINT;
  EXPECT_FALSE(files.letter_target(place, body));
}

// Only what is open is waited for: to be withdrawn.
TEST(RelocationTablesTest, AnErasureWaitsForWhatIsOpen) {
  const exchange::Deciding at(kIshoej, {kDesk, kVestegnen});
  Inputs inputs(CaseFiles(), From(kVestegnen.id));
  inputs.Command("EraseCase", "reason: ERASURE_REASON_RETENTION_OVER");
  for (const std::string& given : kGoing) {
    jv1::CaseFile file = File(given);
    file.set_stage(cv1::CASE_STAGE_WITHDRAWN);
    const bool ended = given == "NOT_NECESSARY" || given == "WITHDRAWN";
    EXPECT_EQ(OutcomeOf(inputs.Decide("EraseCase", file, at.DecisionContextFor())),
              ended ? "" : "refused relocation.open")
        << given;
  }
}

}  // namespace
}  // namespace exitbus::casework
