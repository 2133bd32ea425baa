// The decision tables of the central pool at the contact point, cell by cell: pool.table,
// pool_desk.table and budget.table; and what a year's budget shows.
#include "services/contact_point/pool.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "exitbus/contact_point/v1/pool_desk.pb.h"
#include "exitbus/pool/v1/messages.pb.h"
#include "services/contact_point/pool_desk.h"
#include "services/exchange/deciding_testing.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::contact_point {
namespace {

namespace lv1 = pool::v1;
namespace pv1 = policy::v1;
using exchange::Of;

constexpr char kApplicant[] = "municipality-0183";
constexpr char kApplication[] = "the-application";

exchange::LetterPlace From(const char* sender) {
  return {sender, pv1::CHANNEL_RELOCATION, kApplication, 1};
}

exchange::LetterPlace FromUnit() {
  return {exchange::kVestegnen.id, pv1::CHANNEL_SECURITY, kApplication, 1,
          exchange::kVestegnen.kind};
}

// What is special about an application, and about its year.
struct Given {
  std::string stage;
  std::string seen;
  std::string beside = {};  // of the application
  std::uint64_t budget_dkk = 100'000;
};

const std::map<std::string, Given>& All() {
  const std::string paid = "granted_dkk: 40000 paid_dkk: 30000";
  const std::string owed =
      R"(account { parties { authority: "municipality-0183" } due { seconds: $0 } })";
  static const auto* const all = new std::map<std::string, Given>{
      {"SUBMITTED", {"SUBMITTED", ""}},
      {"UNDER_TREATMENT", {"UNDER_TREATMENT", ""}},
      {"SHORT", {"UNDER_TREATMENT", "", "", 39'999}},
      {"GRANTED",
       {"GRANTED", "granted_dkk: 40000",
        R"(desk { parties { authority: "contact-point" } due { seconds: 1800000000 } })"}},
      {"PARTLY_GRANTED", {"PARTLY_GRANTED", "granted_dkk: 30000"}},
      {"REFUSED", {"REFUSED", "granted_dkk: 0"}},
      {"WITHDRAWN", {"WITHDRAWN", ""}},
      {"PAID", {"PAID", paid, absl::Substitute(owed, 1900000000)}},
      {"OVERDUE", {"PAID", paid, absl::Substitute(owed, 1)}},
      {"ACCOUNT_RECEIVED", {"ACCOUNT_RECEIVED", paid + " spent_dkk: 20000"}},
      {"CLOSED", {"CLOSED", paid + " spent_dkk: 20000"}},
      {"GIVEN_UP", {"CLOSED", paid}}};
  return *all;
}

std::string Application(const std::string& id, const Given& given) {
  return absl::Substitute(
      R"(pool_applications { seen { application_id: "$0" applicant: "$1" budget_year: 2026
           applied_dkk: 40000 measure: POOL_MEASURE_TATTOO_REMOVAL stage: POOL_STAGE_$2 $3 } $4 })",
      id, kApplicant, given.stage, given.seen, given.beside);
}

jv1::PoolYear YearWith(const std::string& stage, int count) {
  auto year = Of<jv1::PoolYear>("year: 2026 budget_dkk: 2000000");
  const auto one = Of<jv1::PoolYear>(Application("one", All().at(stage)));
  for (int i = 0; i < count; ++i) {
    auto& added = *year.add_pool_applications();
    added = one.pool_applications(0);
    added.mutable_seen()->set_application_id(absl::StrCat("one-", i));
  }
  return year;
}

jv1::PoolYear Year(const std::string& name) {
  if (name == "NONE") return {};
  const std::string open = "year: 2026 budget_dkk: ";
  if (name == "OPEN") return Of<jv1::PoolYear>(open + "2000000");
  if (name == "COMMITTED") {
    return Of<jv1::PoolYear>(
        absl::StrCat(open, "2000000 ", Application("one", All().at("GRANTED"))));
  }
  if (name == "FULL") return YearWith("CLOSED", kApplicationsMax);
  if (name == "SHARED") return YearWith("SUBMITTED", kOpenOfOneMax);
  const Given& given = All().at(name);
  return Of<jv1::PoolYear>(
      absl::StrCat(open, given.budget_dkk, " ", Application(kApplication, given)));
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& year = static_cast<const jv1::PoolYear&>(state);
  if (year.pool_applications_size() != 1) return "";
  return lv1::PoolStage_Name(year.pool_applications(0).seen().stage())
      .substr(sizeof("POOL_STAGE_") - 1);
}

tables::Inputs Letters() {
  const auto submitted = [](const std::string& dkk, const std::string& year,
                            const std::string& more) {
    return absl::StrCat("applied_dkk: ", dkk, " budget_year: ", year, " ", more);
  };
  const std::string measure = "measure: POOL_MEASURE_TATTOO_REMOVAL ";
  const std::string ground = "grounds: POOL_GROUND_THREAT ";
  const std::string both = measure + ground;
  const std::string acute = "measure: POOL_MEASURE_ACUTE_RELOCATION " + ground;
  tables::Inputs all(PoolYears(), From(kApplicant));
  all.Message("<PoolApplicationSubmitted", submitted("40000", "2026", both))
      .MessageFrom(From("municipality-0461"), "<PoolApplicationSubmitted, by another",
                   submitted("40000", "2026", both))
      .Message("<PoolApplicationSubmitted, of last year", submitted("40000", "2025", both))
      .Message("<PoolApplicationSubmitted, of a year long ago", submitted("40000", "2024", both))
      .Message("<PoolApplicationSubmitted, of a year far ahead", submitted("40000", "2028", both))
      .Message("<PoolApplicationSubmitted, for nothing", submitted("0", "2026", both))
      .Message("<PoolApplicationSubmitted, above the cap", submitted("1000001", "2026", both))
      .Message("<PoolApplicationSubmitted, without a measure", submitted("1", "2026", ground))
      .Message("<PoolApplicationSubmitted, without a ground", submitted("1", "2026", measure))
      .MessageFrom(FromUnit(), "<PoolApplicationSubmitted, by a police unit",
                   submitted("40000", "2026", acute))
      .MessageFrom(FromUnit(), "<PoolApplicationSubmitted, by a police unit, for another measure",
                   submitted("40000", "2026", both))
      .Message("<PoolApplicationWithdrawn", "reason: POOL_WITHDRAWAL_REASON_ERROR")
      .MessageFrom(From("municipality-0461"), "<PoolApplicationWithdrawn, by another", "")
      .Message("<PoolAccountReturned", "spent_dkk: 20000")
      .Message("<PoolAccountReturned, more than paid", "spent_dkk: 30001")
      .MessageFrom(From("municipality-0461"), "<PoolAccountReturned, by another", "spent_dkk: 1")
      .OtherMessages();
  return all;
}

tables::Inputs Desk() {
  const std::string id = R"(application_id: "the-application" )";
  const std::string rest = " code: POOL_REFUSAL_CODE_COST_TOO_HIGH";
  tables::Inputs all(PoolYears(), From(kApplicant));
  all.Command("GrantPoolApplication", id + "granted_dkk: 40000")
      .Command("GrantPoolApplication, in part", id + "granted_dkk: 30000" + rest)
      .Command("GrantPoolApplication, in part without a code", id + "granted_dkk: 30000")
      .Command("GrantPoolApplication, in whole with a code", id + "granted_dkk: 40000" + rest)
      .Command("GrantPoolApplication, nothing", id + rest)
      .Command("GrantPoolApplication, more than applied for", id + "granted_dkk: 40001")
      .Command("RefusePoolApplication", id + rest)
      .Command("RefusePoolApplication, without a code", id)
      .Command("RecordPayment", id + "paid_dkk: 30000")
      .Command("RecordPayment, of nothing", id)
      .Command("RecordPayment, above the grant", id + "paid_dkk: 40001")
      .OtherCommands("application_id", kApplication);
  return all;
}

tables::Inputs Budget() {
  tables::Inputs all(PoolYears(), From(kApplicant));
  all.Command("OpenBudgetYear", "year: 2027 budget_dkk: 2000000")
      .Command("OpenBudgetYear, of last year", "year: 2025")
      .Command("OpenBudgetYear, of a year far ahead", "year: 2028")
      .Command("OpenBudgetYear, above the cap", "year: 2026 budget_dkk: 1000000001")
      .Command("SetBudget", "year: 2026 budget_dkk: 40000")
      .Command("SetBudget, below what is committed", "year: 2026 budget_dkk: 39999")
      .Command("SetBudget, above the cap", "year: 2026 budget_dkk: 1000000001");
  return all;
}

const std::vector<std::string> kStages = {
    "SUBMITTED",      "UNDER_TREATMENT",  "SHORT",     "GRANTED",
    "PARTLY_GRANTED", "REFUSED",          "WITHDRAWN", "PAID",
    "OVERDUE",        "ACCOUNT_RECEIVED", "CLOSED",    "GIVEN_UP"};

void ExpectAsIn(const std::string& table, const tables::Inputs& inputs,
                const std::vector<std::string>& given) {
  const exchange::Deciding desk(exchange::kDesk, {exchange::kVestegnen});
  const auto then = [&](const std::string&, const std::string& name, const std::string& input) {
    const jv1::PoolYear year = Year(name);
    return tables::Said(inputs.Decide(input, year, desk.DecisionContextFor()), inputs.aggregate(),
                        year, &StageOf);
  };
  const std::string mistakes =
      tables::MistakesIn(absl::StrCat("services/contact_point/", table, ".table"),
                         {{{"contact point", given}}, inputs.Names(), then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST(PoolTest, EachLetterIsDecidedAsTheTableSays) {
  std::vector<std::string> given = {"NONE", "SHARED", "FULL"};
  given.insert(given.end(), kStages.begin(), kStages.end());
  ExpectAsIn("pool", Letters(), given);
}

TEST(PoolTest, EachCommandIsDecidedAsTheTableSays) { ExpectAsIn("pool_desk", Desk(), kStages); }

TEST(PoolTest, TheBudgetIsSetAsTheTableSays) {
  ExpectAsIn("budget", Budget(), {"OPEN", "COMMITTED"});
}

TEST(PoolTest, EveryCommandIsInOneTable) {
  std::set<std::string> rows;
  for (const auto& inputs : {Desk(), Budget()}) {
    for (const std::string& name : inputs.Names()) rows.insert(name.substr(0, name.find(',')));
  }
  for (const exchange::Method& method : PoolYears().methods) {
    const std::string name = method.name.substr(method.name.rfind('.') + 1);
    EXPECT_TRUE(!method.decide || rows.contains(name)) << "no table has a row " << name;
  }
}

v1::BudgetYear Shown(const jv1::PoolYear& year) {
  const auto view = BudgetView(year);
  return static_cast<const v1::BudgetYear&>(*view);
}

TEST(PoolTest, ABudgetShowsWhatIsCommittedPaidSpentAndLeft) {
  jv1::PoolYear year = Of<jv1::PoolYear>("year: 2026 budget_dkk: 200000");
  for (const char* name :
       {"SUBMITTED", "GRANTED", "REFUSED", "WITHDRAWN", "PAID", "CLOSED", "GIVEN_UP"}) {
    const auto one = Of<jv1::PoolYear>(Application(name, All().at(name)));
    *year.add_pool_applications() = one.pool_applications(0);
  }
  const v1::BudgetYear shown = Shown(year);
  EXPECT_EQ(shown.committed_dkk(), 40'000U + 30'000 + 20'000 + 30'000);
  EXPECT_EQ(shown.paid_dkk(), 30'000U + 20'000 + 30'000);
  EXPECT_EQ(shown.spent_dkk(), 20'000U);
  EXPECT_EQ(shown.left_dkk(), 80'000U);
  EXPECT_EQ(shown.undecided_dkk(), 40'000U);
  EXPECT_EQ(shown.applications(), 5U) << "refused and withdrawn ones take no place";
  // Of five that were decided, 160 000 of 200 000 was granted: four fifths of what is undecided.
  EXPECT_EQ(shown.forecast_dkk(), 120'000U + 32'000);
}

TEST(PoolTest, WhatIsNotTakenIsAnsweredByACode) {
  const exchange::Deciding desk(
      {"contact-point", pv1::AUTHORITY_KIND_CONTACT_POINT, "", "national", "", ""});
  const tables::Inputs inputs = Letters();
  const auto code = [&](const std::string& given, const std::string& special) {
    const exchange::Decision decided = inputs.Decide("<PoolApplicationSubmitted" + special,
                                                     Year(given), desk.DecisionContextFor());
    if (decided.notifications().size() != 1 || !decided.events().empty()) return std::string();
    const auto& told =
        static_cast<const lv1::PoolApplicationDecided&>(*decided.notifications().front().message);
    return lv1::PoolRefusalCode_Name(told.refusal()).substr(sizeof("POOL_REFUSAL_CODE_") - 1);
  };
  EXPECT_EQ(code("FULL", ""), "YEAR_FULL");
  EXPECT_EQ(code("SHARED", ""), "TOO_MANY_OPEN");
  EXPECT_EQ(code("OPEN", ", of last year"), "YEAR_NOT_OPEN");
  EXPECT_EQ(code("OPEN", ", of a year far ahead"), "YEAR_NOT_OPEN");
  for (const char* fault : {", for nothing", ", above the cap", ", without a measure"}) {
    EXPECT_EQ(code("OPEN", fault), "NOT_ACCEPTABLE") << fault;
  }
  EXPECT_EQ(code("OPEN", ""), "");
  const auto reports =
      inputs.Decide("<PoolApplicationSubmitted", Year("FULL"), desk.DecisionContextFor()).reports();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports.front().second, "pool.year_full");
}

// Refused and withdrawn ones take no place, and those beyond what a year holds make room.
TEST(PoolTest, WhatEndedWithoutMoneyTakesNoPlace) {
  const exchange::Deciding desk(
      {"contact-point", pv1::AUTHORITY_KIND_CONTACT_POINT, "", "national", "", ""});
  const tables::Inputs inputs = Letters();
  jv1::PoolYear year = YearWith("REFUSED", kApplicationsMax);
  EXPECT_EQ(Shown(year).applications(), 0U);
  for (int i = 0; i < 2; ++i) {
    // As from another application each time.
    const auto after = inputs.Decide("<PoolApplicationSubmitted", year, desk.DecisionContextFor())
                           .After(year, PoolYears().evolve);
    year = static_cast<const jv1::PoolYear&>(*after);
    ASSERT_EQ(year.pool_applications_size(), kApplicationsMax);
    EXPECT_EQ(year.pool_applications(0).seen().application_id(), absl::StrCat("one-", i + 1));
    year.mutable_pool_applications()->rbegin()->mutable_seen()->set_application_id(
        absl::StrCat("new-", i));
  }
  EXPECT_EQ(Shown(year).applications(), 2U);
}

// In January of the year after, and not in February; and only of a year that was opened.
TEST(PoolTest, LastYearTakesWhatComesUntilTheEndOfJanuary) {
  const exchange::Deciding desk(
      {"contact-point", pv1::AUTHORITY_KIND_CONTACT_POINT, "", "national", "", ""});
  const tables::Inputs inputs = Letters();
  const auto taken = [&](const jv1::PoolYear& year, absl::CivilMinute danish_winter_time) {
    exchange::DecisionContext context = desk.DecisionContextFor();
    context.now = absl::FromCivil(danish_winter_time - 60, absl::UTCTimeZone());
    return !inputs.Decide("<PoolApplicationSubmitted, of last year", year, context)
                .events()
                .empty();
  };
  const auto open = Of<jv1::PoolYear>("year: 2025 budget_dkk: 2000000");
  EXPECT_TRUE(taken(open, absl::CivilMinute(2026, 1, 1)));
  EXPECT_TRUE(taken(open, absl::CivilMinute(2026, 1, 31, 23, 59)));
  EXPECT_FALSE(taken(open, absl::CivilMinute(2026, 2, 1)));
  EXPECT_FALSE(taken(jv1::PoolYear(), absl::CivilMinute(2026, 1, 1))) << "nobody opened it";
}

TEST(PoolTest, OfFewerThanFiveDecisionsNothingIsForecast) {
  jv1::PoolYear year = Of<jv1::PoolYear>("year: 2026 budget_dkk: 200000");
  for (int i = 0; i < 4; ++i) {
    const auto one = Of<jv1::PoolYear>(Application(absl::StrCat(i), All().at("GRANTED")));
    *year.add_pool_applications() = one.pool_applications(0);
  }
  EXPECT_FALSE(Shown(year).has_forecast_dkk());
  EXPECT_EQ(Shown(year).left_dkk(), 40'000U);
}

TEST(PoolTest, WhoIsDueOldestStandsFirst) {
  jv1::PoolYear year = Of<jv1::PoolYear>("year: 2026 budget_dkk: 200000");
  for (const char* name : {"GRANTED", "PAID", "OVERDUE", "CLOSED"}) {
    const auto one = Of<jv1::PoolYear>(Application(name, All().at(name)));
    *year.add_pool_applications() = one.pool_applications(0);
  }
  const v1::BudgetYear shown = Shown(year);
  ASSERT_EQ(shown.waiting_size(), 3);
  EXPECT_EQ(shown.waiting(0).application_id(), "OVERDUE");
  EXPECT_EQ(shown.waiting(1).application_id(), "GRANTED");
  EXPECT_EQ(shown.waiting(2).application_id(), "PAID");
}

}  // namespace
}  // namespace exitbus::contact_point
