// The decision tables of relocation at a police unit, cell by cell: nominating.table and
// relocation.table.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "services/exchange/deciding_testing.h"
#include "services/police/security_file.h"
#include "services/police/security_files.h"
#include "services/relocation/request_testing.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::police {
namespace {

namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::DirectoryEntry;
using exchange::kDesk;
using exchange::kIshoej;
using exchange::kVestegnen;
using exchange::Of;
using tables::Inputs;

const DirectoryEntry kAlbertslund{
    "municipality-0165", pv1::AUTHORITY_KIND_MUNICIPALITY, "", "0165", "", "", "1469"};

using relocation::kAnother;
using relocation::kComplete;
using relocation::kIncomplete;
using relocation::kTheRequest;

jv1::SecurityFile File(const std::string& given) {
  if (given == "NO_FILE") return {};
  auto file = Of<jv1::SecurityFile>(
      R"(security_id: "the-file" standing: POLICE_STANDING_IN_CHARGE holder: "municipality-0183")");
  if (given == "UNASSESSED") return file;
  file.mutable_assessment()->set_version(1);
  const auto add = [&](const std::string& holder, const std::string& receiver,
                       v1::TransferStage stage) {
    auto& seen = *file.add_transfers()->mutable_seen();
    seen.set_handover_id("the-handover");
    seen.set_holder(holder);
    seen.set_receiver(receiver);
    seen.set_stage(stage);
  };
  if (given == "HANDING_OVER") {
    add(kIshoej.id, "municipality-0461", v1::TRANSFER_STAGE_REQUESTED);
  }
  if (given == "FORMER") {
    add(kIshoej.id, "municipality-0461", v1::TRANSFER_STAGE_MOVED);
    file.set_standing(v1::POLICE_STANDING_FORMER);
    file.set_holder("municipality-0461");
  }
  if (given == "RETURNING") {
    add(kIshoej.id, kAlbertslund.id, v1::TRANSFER_STAGE_MOVED);
    add(kAlbertslund.id, kIshoej.id, v1::TRANSFER_STAGE_OFFERED);
    file.set_holder(kAlbertslund.id);
  }
  if (relocation::GivenStages().contains(given)) {
    *file.add_relocations() = relocation::GivenRequest(given);
  }
  return file;
}

exchange::LetterPlace From(const std::string& municipality) {
  return {municipality, pv1::CHANNEL_RELOCATION, "the-file", 1, pv1::AUTHORITY_KIND_MUNICIPALITY};
}
exchange::LetterPlace FromDesk(const std::string& desk) {
  return {desk, pv1::CHANNEL_RELOCATION, "the-request", 1, pv1::AUTHORITY_KIND_CONTACT_POINT};
}

Inputs Nominating() {
  Inputs inputs(SecurityFiles(), From(kIshoej.id));
  const std::string file = R"(security_id: "the-file" )";
  inputs.Command("NominateRelocation", file + kComplete)
      .Command("NominateRelocation, incomplete", file + kIncomplete)
      .Command("NominateRelocation, of no meaning",
               file + "nomination { security: SECURITY_GROUND_UNSPECIFIED }")
      .Message("<RelocationProposed", absl::StrCat(kTheRequest, kComplete))
      .Message("<RelocationProposed, another", absl::StrCat(kAnother, kComplete))
      .Message("<RelocationProposed, another incomplete", absl::StrCat(kAnother, kIncomplete))
      .MessageFrom(From("municipality-0461"), "<RelocationProposed, another, by Odense",
                   absl::StrCat(kAnother, kComplete))
      .MessageFrom(From("municipality-0751"), "<RelocationProposed, another, by a stranger",
                   absl::StrCat(kAnother, kComplete));
  return inputs;
}

Inputs Going() {
  Inputs inputs(SecurityFiles(), From(kIshoej.id));
  const auto assessed = [](const std::string& outcome) {
    return "outcome: ASSESSMENT_OUTCOME_" + outcome;
  };
  const auto withdraw = [](const std::string& reason) {
    return absl::StrCat(kTheRequest, "reason: RELOCATION_WITHDRAWAL_REASON_", reason);
  };
  const std::string kind = "<RelocationAssessed";
  inputs.MessageFrom(FromDesk(kDesk.id), kind, assessed("NECESSARY"))
      .MessageFrom(FromDesk(kDesk.id), kind + ", as not necessary", assessed("NOT_NECESSARY"))
      .MessageFrom(FromDesk(kDesk.id), kind + ", for more information",
                   assessed("MORE_INFORMATION"))
      .MessageFrom(FromDesk(kDesk.id), kind + ", without an outcome", "")
      .MessageFrom(FromDesk("contact-point-2"), kind + ", by another contact point",
                   assessed("NECESSARY"))
      .Message("<RelocationWithdrawn", kTheRequest)
      .Message("<RelocationWithdrawn, of an unknown one", kAnother)
      .MessageFrom(From("municipality-0751"), "<RelocationWithdrawn, by a stranger", kTheRequest)
      .Command("WithdrawRelocation", withdraw("ERROR"))
      .Command("WithdrawRelocation, not countersigned", withdraw("NOT_COUNTERSIGNED"))
      .Command("WithdrawRelocation, for a reason of the system", withdraw("CASE_MOVED"))
      .Command("WithdrawRelocation, without a reason", kTheRequest);
  return inputs;
}

// Of the candidate's last request.
std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::SecurityFile&>(state);
  if (file.relocations().empty()) return "";
  return lv1::RelocationStage_Name(file.relocations().rbegin()->seen().stage())
      .substr(sizeof("RELOCATION_STAGE_") - 1);
}

void ExpectAsIn(const std::string& table, const Inputs& inputs,
                const std::vector<std::string>& given) {
  const exchange::Deciding at(kVestegnen, {kIshoej, kAlbertslund, kDesk});
  const auto then = [&](const std::string&, const std::string& name, const std::string& input) {
    const jv1::SecurityFile file = File(name);
    return tables::Said(inputs.Decide(input, file, at.DecisionContextFor()), inputs.aggregate(),
                        file, &StageOf);
  };
  const std::string mistakes = tables::MistakesIn(absl::StrCat("services/police/", table, ".table"),
                                                  {{{"police unit", given}}, inputs.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST(RelocationTablesTest, WhoIsNominatedIsAsTheTableSays) {
  ExpectAsIn(
      "nominating", Nominating(),
      {"NO_FILE", "UNASSESSED", "ASSESSED", "HANDING_OVER", "RETURNING", "FORMER", "PROPOSED",
       "NOMINATED", "ASKED", "AGAIN", "NECESSARY", "NOT_NECESSARY", "WITHDRAWN"});
}

TEST(RelocationTablesTest, WhatBecomesOfItIsAsTheTableSays) {
  ExpectAsIn(
      "relocation", Going(),
      {"PROPOSED", "NOMINATED", "ASKED", "AGAIN", "NECESSARY", "NOT_NECESSARY", "WITHDRAWN"});
}

TEST(RelocationTablesTest, NobodyIsNominatedWhereNoContactPointIsListed) {
  const exchange::Deciding at(kVestegnen, {kIshoej});
  const exchange::Decision decided =
      Nominating().Decide("NominateRelocation", File("ASSESSED"), at.DecisionContextFor());
  EXPECT_EQ(OutcomeOf(decided), "refused relocation.none_listed");
}

TEST(RelocationTablesTest, NobodyOfAnotherDistrictIsNominated) {
  DirectoryEntry elsewhere = kIshoej;
  elsewhere.district = "1465";
  const exchange::Deciding at(kVestegnen, {elsewhere, kDesk});
  const exchange::Decision decided =
      Nominating().Decide("NominateRelocation", File("ASSESSED"), at.DecisionContextFor());
  EXPECT_EQ(OutcomeOf(decided), "refused relocation.not_the_districts_police");
}

// Ended ones count: the file is one row.
TEST(RelocationTablesTest, ACaseHasNoEndOfRequests) {
  const exchange::Deciding at(kVestegnen, {kIshoej, kDesk});
  jv1::SecurityFile file = File("WITHDRAWN");
  while (file.relocations_size() < relocation::kOfOneCaseMax) {
    const auto ended = file.relocations(0);
    *file.add_relocations() = ended;
  }
  EXPECT_EQ(OutcomeOf(Nominating().Decide("NominateRelocation", file, at.DecisionContextFor())),
            "refused relocation.too_many_of_case");
  const exchange::Decision answered =
      Nominating().Decide("<RelocationProposed, another", file, at.DecisionContextFor());
  EXPECT_TRUE(answered.events().empty());
  EXPECT_EQ(answered.notifications().size(), 1U);
}

}  // namespace
}  // namespace exitbus::police
