// The decision tables of an application to the central pool at its applicant, cell by cell:
// applying.table and pool.table; and what an erasure waits for.
#include "services/casework/pool/pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/erasure_service.pb.h"
#include "exitbus/exchange/v1/body.pb.h"
#include "services/casework/case_files.h"
#include "services/casework/handover/given_testing.h"
#include "services/casework/part_testing.h"
#include "services/casework/rules.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/keys.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::casework {
namespace {

namespace lv1 = pool::v1;
namespace pv1 = policy::v1;
using exchange::DirectoryEntry;
using exchange::kDesk;
using exchange::Of;
using tables::Inputs;

const DirectoryEntry kIshoej{
    "municipality-0183", pv1::AUTHORITY_KIND_MUNICIPALITY, "Ishøj", "0183", "", "", "1469"};

// Sides: where the directory lists no contact point; where the case has moved on.
constexpr char kNoDesk[] = "case without a contact point";
constexpr char kMovedOn[] = "applicant whose case has moved on";

const std::vector<std::string> kStages = {"SUBMITTED", "GRANTED",          "PARTLY_GRANTED",
                                          "REFUSED",   "WITHDRAWN",        "PAID",
                                          "CLOSED",    "ACCOUNT_RECEIVED", "GIVEN_UP"};

pool_journal::v1::Application Application(const std::string& given) {
  const bool given_up = given == "GIVEN_UP";
  const bool accounted = given == "ACCOUNT_RECEIVED" || given == "CLOSED";
  std::string text = absl::StrCat(
      R"(application_id: "the-application" case_id: "the-case" applied_dkk: 40000
         applicant: "municipality-0183" stage: POOL_STAGE_)",
      given_up ? "CLOSED" : given);
  if (given == "GRANTED") absl::StrAppend(&text, " granted_dkk: 40000");
  if (given == "PARTLY_GRANTED") absl::StrAppend(&text, " granted_dkk: 30000");
  if (given == "PAID" || given_up || accounted) {
    absl::StrAppend(&text, " granted_dkk: 40000 paid_dkk: 30000");
  }
  if (accounted) absl::StrAppend(&text, " spent_dkk: 20000");
  return Of<pool_journal::v1::Application>(
      absl::StrCat("seen { ", text, R"( } desk { parties { authority: "contact-point" } })"));
}

jv1::CaseFile CaseAt(const std::string& stage) {
  return Of<jv1::CaseFile>(absl::StrCat(
      R"(case_id: "the-case" standing: STANDING_RESPONSIBLE number: 1 overview_id: "the-overview"
         bases { legal_basis: LEGAL_BASIS_FVL28 } stage: CASE_STAGE_)",
      stage));
}

jv1::CaseFile File(const std::string& given) {
  if (given == "RECEIVING") return Given("receiver", "REQUESTED");
  if (given == "FORMER") return Given("holder", "CLOSED");
  if (given == "REQUESTED" || given == "OFFERED") return Given("holder", given);
  jv1::CaseFile file = CaseAt(given == "FULL" ? "ENROLLED" : given);
  for (int i = 0; given == "FULL" && i < 100; ++i) {
    *file.add_pool_applications() = Application("REFUSED");
  }
  return file;
}

Inputs Applying() {
  Inputs inputs(CaseFiles(), {"contact-point", pv1::CHANNEL_RELOCATION, "the-application", 1});
  const auto apply = [&](const std::string& name, const std::string& what) {
    inputs.Command("SubmitPoolApplication" + name, what);
  };
  const std::string measure = "measure: POOL_MEASURE_ACUTE_RELOCATION ";
  const std::string ground = "grounds: POOL_GROUND_THREAT ";
  const std::string year = "budget_year: 2026 ";
  const std::string amount = "applied_dkk: 24000 ";
  apply("", measure + ground + year + amount);
  apply(", next year's", measure + ground + amount + "budget_year: 2027");
  apply(", last year's", measure + ground + amount + "budget_year: 2025");
  apply(", without a year", measure + ground + amount);
  apply(", without a measure", ground + year + amount);
  apply(", without a ground", measure + year + amount);
  apply(", for nothing", measure + ground + year);
  apply(", above the cap", measure + ground + year + "applied_dkk: 1000001");
  return inputs;
}

Inputs Applied() {
  Inputs inputs(CaseFiles(), {"contact-point", pv1::CHANNEL_RELOCATION, "the-application", 1});
  const std::string id = R"(application_id: "the-application" )";
  inputs.Command("WithdrawPoolApplication", id + "reason: POOL_WITHDRAWAL_REASON_ALTERNATIVE_FOUND")
      .Command("WithdrawPoolApplication, without a reason", id)
      .Command("ReturnPoolAccount", id + "spent_dkk: 20000")
      .Command("ReturnPoolAccount, of nothing spent", id)
      .Command("ReturnPoolAccount, more than paid", id + "spent_dkk: 30001")
      .Message("<PoolApplicationDecided", "granted_dkk: 40000")
      .Message("<PoolApplicationDecided, in part", "granted_dkk: 30000")
      .Message("<PoolApplicationDecided, refused", "refusal: POOL_REFUSAL_CODE_NOT_COVERED")
      .Message("<PoolApplicationDecided, more than applied for", "granted_dkk: 40001")
      .MessageFrom({"contact-point", pv1::CHANNEL_RELOCATION, "another", 1},
                   "<PoolApplicationDecided, of another application", "granted_dkk: 40000")
      .MessageFrom({"another-desk", pv1::CHANNEL_RELOCATION, "the-application", 1},
                   "<PoolApplicationDecided, by who was not applied to", "granted_dkk: 40000")
      .Message("<PoolGrantPaid", "paid_dkk: 30000 account_due { seconds: 1900000000 }")
      .Message("<PoolGrantPaid, of nothing", "")
      .Message("<PoolGrantPaid, more than granted in part", "paid_dkk: 30001")
      .Message("<PoolGrantPaid, more than applied for", "paid_dkk: 40001")
      .Message("<PoolApplicationClosed", "spent_dkk: 20000")
      .Message("<PoolApplicationClosed, more than paid", "spent_dkk: 30001")
      .Message("<PoolApplicationClosed, without an account", "");
  return inputs;
}

// Of the case's only application.
std::string StageOf(const google::protobuf::Message& state) {
  const auto& file = static_cast<const jv1::CaseFile&>(state);
  if (file.pool_applications_size() != 1) return "";
  return lv1::PoolStage_Name(file.pool_applications(0).seen().stage())
      .substr(sizeof("POOL_STAGE_") - 1);
}

TEST(PoolTablesTest, ACasesHolderAppliesAsTheTableSays) {
  const exchange::Deciding with_desk(kIshoej, {kDesk});
  const exchange::Deciding without_desk(kIshoej);
  const Inputs inputs = Applying();
  const auto then = [&](const std::string& side, const std::string& given,
                        const std::string& input) {
    const exchange::Deciding& at = side == kNoDesk ? without_desk : with_desk;
    const jv1::CaseFile file = File(given);
    return tables::Said(inputs.Decide(input, file, at.DecisionContextFor()), inputs.aggregate(),
                        file, [](const auto&) { return std::string(); });
  };
  const std::vector<std::string> life = {"REFERRED",  "VISITED",   "ENROLLED",
                                         "REQUESTED", "OFFERED",   "WITHDRAWN",
                                         "FORMER",    "RECEIVING", "FULL"};
  const std::string mistakes =
      tables::MistakesIn("services/casework/pool/applying.table",
                         {{{"case", life}, {kNoDesk, {"ENROLLED"}}}, inputs.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST(PoolTablesTest, WhatWasAppliedForIsDecidedAsTheTableSays) {
  const exchange::Deciding at(kIshoej, {kDesk});
  const Inputs inputs = Applied();
  const auto then = [&](const std::string& side, const std::string& given,
                        const std::string& input) {
    jv1::CaseFile file = File(side == kMovedOn ? "FORMER" : "ENROLLED");
    *file.add_pool_applications() = Application(given);
    return tables::Said(inputs.Decide(input, file, at.DecisionContextFor()), inputs.aggregate(),
                        file, &StageOf);
  };
  const std::string mistakes =
      tables::MistakesIn("services/casework/pool/pool.table",
                         {{{"applicant", kStages}, {kMovedOn, kStages}}, inputs.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST(PoolTablesTest, EveryChangeIsInOneTable) {
  std::set<std::string> rows;
  for (const Inputs& inputs : {Applying(), Applied()}) {
    for (const std::string& name : inputs.Names()) rows.insert(name.substr(0, name.find(',')));
  }
  int changes = 0;
  for (const exchange::Method& method : CaseFiles().methods) {
    if (!method.name.starts_with("exitbus.pool.") || !method.decide) continue;
    ++changes;
    const std::string name = method.name.substr(method.name.rfind('.') + 1);
    EXPECT_TRUE(rows.contains(name)) << "no table has a row " << name;
  }
  EXPECT_EQ(changes, 3);
  for (const int kind : LettersOf(PoolLetters())) {
    const std::string name = absl::StrCat(
        "<", exchange::v1::Body::descriptor()->FindFieldByNumber(kind)->message_type()->name());
    EXPECT_TRUE(rows.contains(name)) << "no table has a row " << name;
  }
}

// Names of this case's open applications, whichever file of it has them.
class OpenLookup : public exchange::NoLookup {
 public:
  explicit OpenLookup(const jv1::CaseFile& file) : names_(CaseFiles().keys(file, *this)) {}
  bool ExistsBelow(std::string_view prefix) const override {
    return std::any_of(names_.begin(), names_.end(), [&](const std::string& name) {
      return exchange::IndexKey{kFiles, name}.Encode().starts_with(prefix);
    });
  }

 private:
  std::vector<std::string> names_;
};

// Only what the applicant can still do is waited for: to withdraw, or to return the account. Also
// where the case has been handed on and come back since.
TEST(PoolTablesTest, AnErasureWaitsForWhatIsOpen) {
  const exchange::Deciding at(kIshoej, {kDesk});
  Inputs inputs(CaseFiles(), {"contact-point", pv1::CHANNEL_RELOCATION, "the-application", 1});
  inputs.Command("EraseCase", "reason: ERASURE_REASON_RETENTION_OVER");
  const std::set<std::string> open = {"SUBMITTED", "GRANTED", "PARTLY_GRANTED", "PAID"};
  for (const std::string& stage : kStages) {
    jv1::CaseFile file = File("WITHDRAWN");
    jv1::CaseFile earlier = File("FORMER");
    *earlier.add_pool_applications() = Application(stage);
    const OpenLookup lookup(earlier);
    exchange::DecisionContext context = at.DecisionContextFor();
    context.lookup = &lookup;
    const exchange::Decision decided = inputs.Decide("EraseCase", file, context);
    const std::string rule = decided.refusal() ? decided.refusal()->reason : "";
    EXPECT_EQ(rule, open.contains(stage) ? "erasure.pool_application_open" : "") << stage;
  }
}

}  // namespace
}  // namespace exitbus::casework
