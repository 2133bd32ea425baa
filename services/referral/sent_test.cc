// What becomes of whom somebody refers, cell by cell: sent.table; by when it is answered, and what
// is left of it.
#include "services/referral/sent.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "exitbus/readiness/v1/readiness.pb.h"
#include "exitbus/referral/v1/messages.pb.h"
#include "exitbus/referral/v1/referral_service.pb.h"
#include "exitbus/referral_journal/v1/referral.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "services/referral/referral.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::referral {
namespace {

namespace jv1 = referral_journal::v1;
namespace pv1 = policy::v1;
using exchange::Decision;
using exchange::kIshoej;
using exchange::kOdense;
using exchange::kVestegnen;
using tables::Inputs;

const exchange::DirectoryEntry kPrison{
    "kriminalforsorgen-k", pv1::AUTHORITY_KIND_KRIMINALFORSORGEN, "", "k", "", "", "1469"};

// These tests stand at 2 March 2026.
constexpr char kPerson[] = R"(person { cpr_number: "6101900001" name: "Canary Name" } )";
constexpr char kReach[] = R"(reach { way: CONTACT_WAY_PHONE details: "canary-phone" } )";
constexpr char kOrdinary[] = "urgency: REFERRAL_URGENCY_ORDINARY ";
constexpr char kAgreed[] = "basis { agreed { seconds: 1772000000 } } ";
constexpr char kLaw[] = R"(basis { paragraph: "FVL 28" unasked: UNASKED_REASON_OUTWEIGHS } )";

std::string Contents(const std::string& person = kPerson, const std::string& reach = kReach,
                     const std::string& urgency = kOrdinary, const std::string& basis = kAgreed) {
  return absl::StrCat("referral { ", person, reach, urgency, basis, "} ");
}
std::string To(const std::string& municipality, const std::string& contents) {
  return absl::StrCat("municipality: \"", municipality, "\" ", contents);
}
std::string OnBasis(const std::string& basis) {
  return To(kIshoej.id, Contents(kPerson, kReach, kOrdinary, basis));
}

exchange::LetterPlace From(const exchange::DirectoryEntry& sender) {
  return {sender.id, pv1::CHANNEL_CASE, "fresh", 1, sender.kind};
}

std::vector<readiness::v1::Contact> ContactsAt(const std::string& authority,
                                               readiness::v1::ContactPurpose purpose,
                                               const exchange::DecisionContext&) {
  if (authority != kIshoej.id || purpose != readiness::v1::CONTACT_PURPOSE_MAIN) return {};
  readiness::v1::Contact contact;
  contact.set_unit("Exit");
  contact.set_phone("43 00 00 00");
  return {contact};
}

bool HasCase(const exchange::Lookup&, const std::string& cpr) { return cpr == "6101900009"; }

Inputs All() {
  const std::string answer = "day { seconds: 1772409600 } outcome: REFERRAL_OUTCOME_";
  const std::string ishoej = kIshoej.id;
  Inputs all(SentReferrals({.contacts = &ContactsAt, .has_case = &HasCase}), From(kIshoej));
  all.Command("ReferCitizen", To(ishoej, Contents()))
      .Command("ReferCitizen, urgently",
               To(ishoej, Contents(kPerson, kReach, "urgency: REFERRAL_URGENCY_URGENT ")))
      .Command("ReferCitizen, on a law", OnBasis(kLaw))
      .Command("ReferCitizen, on a law that is not cited",
               OnBasis("basis { unasked: UNASKED_REASON_LAW_REQUIRES } "))
      .Command("ReferCitizen, on a law, not saying why",
               OnBasis(R"(basis { paragraph: "FVL 28" } )"))
      .Command("ReferCitizen, on nothing", OnBasis(""))
      .Command("ReferCitizen, who agrees tomorrow",
               OnBasis("basis { agreed { seconds: 1772528400 } } "))
      .Command("ReferCitizen, to a police unit", To(kVestegnen.id, Contents()))
      .Command("ReferCitizen, to nobody", Contents())
      .Command("ReferCitizen, without a CPR number",
               To(ishoej, Contents(R"(person { name: "Canary Name" } )")))
      .Command("ReferCitizen, without a name",
               To(ishoej, Contents(R"(person { cpr_number: "6101900001" } )")))
      .Command("ReferCitizen, not saying how to reach him", To(ishoej, Contents(kPerson, "")))
      .Command("ReferCitizen, by a letter to nowhere",
               To(ishoej, Contents(kPerson, "reach { way: CONTACT_WAY_LETTER } ")))
      .Command("ReferCitizen, not saying whether it is urgent",
               To(ishoej, Contents(kPerson, kReach, "")))
      .OtherCommands("referral_id", "fresh")
      .Message("<ReferralAnswered, opened", answer + "OPENED")
      .Message("<ReferralAnswered, not opened", answer + "NOT_OPENED")
      .Message("<ReferralAnswered, withdrawn", answer + "WITHDRAWN")
      .Message("<ReferralAnswered, without an outcome", "")
      .MessageFrom(From(kOdense), "<ReferralAnswered, by another municipality", answer + "OPENED");
  return all;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& sent = static_cast<const jv1::SentReferral&>(state);
  if (!sent.has_seen()) return "NONE";
  return v1::ReferralStage_Name(sent.seen().stage()).substr(sizeof("REFERRAL_STAGE_") - 1);
}

class SentTest : public testing::Test {
 protected:
  Decision Happens(const std::string& input) {
    Decision decision = inputs.Decide(input, *state, Now());
    EXPECT_TRUE(decision.accepted()) << decision.refusal()->reason;
    state = decision.After(*state, inputs.aggregate().evolve);
    return decision;
  }
  void BecomesAs(const std::string& given) {
    state = std::make_shared<jv1::SentReferral>();
    if (given == "NONE") return;
    Happens("ReferCitizen");
    if (given == "ANSWERED") Happens("<ReferralAnswered, not opened");
    if (given == "WITHDRAWING" || given == "WITHDRAWN") Happens("WithdrawReferral");
    if (given == "WITHDRAWN") Happens("<ReferralAnswered, withdrawn");
  }
  exchange::DecisionContext Now() const {
    exchange::DecisionContext context = unit.DecisionContextFor();
    context.now = exchange::AddWorkingDays(context.now, day);
    return context;
  }
  const jv1::SentReferral& Sent() const { return static_cast<const jv1::SentReferral&>(*state); }
  std::string RemedyOf(const std::string& input) {
    const Decision decision = inputs.Decide(input, jv1::SentReferral(), Now());
    return decision.accepted() ? "" : decision.refusal()->message;
  }

  const exchange::Deciding unit{kVestegnen, {kIshoej, kOdense}};
  const Inputs inputs = All();
  std::shared_ptr<const google::protobuf::Message> state = std::make_shared<jv1::SentReferral>();
  int day = 0;
};

TEST_F(SentTest, EachCellIsAsTheTableSays) {
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    BecomesAs(given);
    const bool is_new = input.starts_with("ReferCitizen");
    // What is not there is nobody's: no decider is asked.
    if (given == "NONE" && !is_new && !input.starts_with('<')) {
      return "refused " + exchange::NotThere().reason;
    }
    if (is_new) state = std::make_shared<jv1::SentReferral>();
    return tables::Said(inputs.Decide(input, *state, Now()), inputs.aggregate(), *state, &StageOf);
  };
  const std::string mistakes = tables::MistakesIn(
      "services/referral/sent.table",
      {{{"whoever refers", {"NONE", "WAITING", "WITHDRAWING", "ANSWERED", "WITHDRAWN"}}},
       inputs.Names(),
       then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST_F(SentTest, OnItsOwnBasisUnderAnIdOfItsOwn) {
  const auto told_by = [&](const exchange::DirectoryEntry& self, const std::string& input) {
    const exchange::Deciding here{self, {kIshoej}};
    const Decision sent = inputs.Decide(input, jv1::SentReferral(), here.DecisionContextFor());
    EXPECT_EQ(sent.notifications().size(), 1U);
    return sent.notifications().front();
  };
  const exchange::Notification told = told_by(kVestegnen, "ReferCitizen");
  EXPECT_EQ(told.from, pv1::RELATION_POLICE);
  EXPECT_EQ(told.to.authority, kIshoej.id);
  EXPECT_EQ(told.to.subject, "fresh");
  EXPECT_EQ(told.to.legal_basis, pv1::LEGAL_BASIS_CONSENT);
  EXPECT_EQ(told_by(kPrison, "ReferCitizen").from, pv1::RELATION_KRIMINALFORSORGEN);
  EXPECT_EQ(told_by(kVestegnen, "ReferCitizen, on a law").to.legal_basis, pv1::LEGAL_BASIS_FVL28);
}

TEST_F(SentTest, WithoutABasisItSaysWhichNumberHeIsGiven) {
  EXPECT_TRUE(absl::StrContains(RemedyOf("ReferCitizen, on nothing"), "Exit, 43 00 00 00"));
  const auto elsewhere = exchange::Of<v1::ReferCitizenRequest>(
      To(kOdense.id, Contents(kPerson, kReach, kOrdinary, "")));
  for (const exchange::Method& method : inputs.aggregate().methods) {
    if (!method.name.ends_with(".ReferCitizen")) continue;
    const Decision decision = method.decide(jv1::SentReferral(), elsewhere, Now());
    ASSERT_FALSE(decision.accepted());
    EXPECT_TRUE(absl::StrContains(decision.refusal()->message, "ListRecipients"));
    return;
  }
  FAIL() << "there is no such method";
}

TEST_F(SentTest, WhoseCaseIsHereIsHandedOver) {
  const auto request = exchange::Of<v1::ReferCitizenRequest>(
      To(kIshoej.id, Contents(R"(person { cpr_number: "6101900009" name: "Canary Name" } )")));
  for (const exchange::Method& method : inputs.aggregate().methods) {
    if (!method.name.ends_with(".ReferCitizen")) continue;
    const Decision decision = method.decide(jv1::SentReferral(), request, Now());
    ASSERT_FALSE(decision.accepted());
    EXPECT_EQ(decision.refusal()->reason, "referral.case_is_here");
    return;
  }
  FAIL() << "there is no such method";
}

TEST_F(SentTest, IsAlarmedOfOnceIfNobodyAnswers) {
  const exchange::Aggregate& referrals = inputs.aggregate();
  BecomesAs("WAITING");
  const auto deadlines = referrals.deadlines(*state);
  ASSERT_EQ(deadlines.size(), 1U);
  EXPECT_EQ(deadlines.front().due, exchange::AddWorkingDays(unit.Now(), 5));
  day = 5;
  const Decision late = referrals.decide_deadline(*state, deadlines.front().name, Now());
  ASSERT_EQ(late.reports().size(), 1U);
  EXPECT_EQ(late.reports().front().second, "referral.unanswered");
  state = late.After(*state, referrals.evolve);
  EXPECT_TRUE(referrals.deadlines(*state).empty());
  BecomesAs("NONE");
  day = 0;
  Happens("ReferCitizen, urgently");
  EXPECT_EQ(referrals.deadlines(*state).front().due, exchange::AddWorkingDays(unit.Now(), 1));
}

TEST_F(SentTest, OfWhoWasReferredNothingStaysOnceItIsAnswered) {
  for (const char* const given : {"ANSWERED", "WITHDRAWN"}) {
    BecomesAs(given);
    EXPECT_FALSE(Sent().seen().has_referral());
    EXPECT_EQ(Sent().DebugString().find("61019"), std::string::npos);
    EXPECT_TRUE(inputs.aggregate().deadlines(*state).empty());
    EXPECT_TRUE(inputs.aggregate().open_counterparts(*state).empty());
    EXPECT_EQ(Sent().seen().answered().seconds(), 1772409600);
  }
}

}  // namespace
}  // namespace exitbus::referral
