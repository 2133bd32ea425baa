// Whom others refer to a municipality, cell by cell: referral.table; what the sender hears of it,
// and what is left.
#include "services/municipality/referral.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "exitbus/referral/v1/messages.pb.h"
#include "exitbus/referral/v1/received_referral_service.pb.h"
#include "exitbus/referral_journal/v1/referral.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/keys.h"
#include "services/exchange/working_days.h"
#include "services/referral/referral.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::municipality {
namespace {

namespace jv1 = referral_journal::v1;
namespace pv1 = policy::v1;
namespace rv1 = referral::v1;
using exchange::Decision;
using exchange::kFyn;
using exchange::kIshoej;
using exchange::kVestegnen;
using tables::Inputs;

constexpr char kCaseIsOpened[] = "a case is opened";
constexpr char kSaid[] = R"(person { cpr_number: "6101900001" name: "Canary Name" }
    reach { way: CONTACT_WAY_DIGITAL_POST } urgency: REFERRAL_URGENCY_ORDINARY )";

std::string On(const std::string& basis) {
  return absl::StrCat("referral { ", kSaid, "basis { ", basis, " } } ");
}

exchange::LetterPlace From(const std::string& sender, pv1::AuthorityKind kind) {
  return {sender, pv1::CHANNEL_CASE, "the-referral", 1, kind};
}

Inputs All() {
  const auto agreed = [](int seconds) {
    return On(absl::StrCat("agreed { seconds: ", seconds, " }"));
  };
  const exchange::LetterPlace by_fyn = From(kFyn.id, pv1::AUTHORITY_KIND_POLICE);
  Inputs all(ReceivedReferrals(), From(kVestegnen.id, pv1::AUTHORITY_KIND_POLICE));
  // These tests stand at 2 March 2026, 9 o'clock.
  all.Message("<CaseReferred", agreed(1772000000))
      .Message("<CaseReferred, on a law",
               On(R"(paragraph: "FVL 28" unasked: UNASKED_REASON_OUTWEIGHS)"))
      .Message("<CaseReferred, by a clock that is ahead", agreed(1772445600))
      .Message("<CaseReferred, who agrees next week", agreed(1773000000))
      .Message("<CaseReferred, on nothing", On(""))
      .Message("<CaseReferred, of nobody", "referral { basis { agreed { seconds: 1772000000 } } }")
      .MessageFrom(by_fyn, "<CaseReferred, by another authority", agreed(1772000000))
      .Message("<ReferralWithdrawn", "")
      .MessageFrom(by_fyn, "<ReferralWithdrawn, by another authority", "")
      .OtherMessages()
      .Command("ReturnReferral", R"(referral_id: "the-referral" ground: RETURN_GROUND_IN_A_COURSE)")
      .Command("ReturnReferral, without a ground", R"(referral_id: "the-referral")")
      .OtherCommands("referral_id", "the-referral");
  return all;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& referral = static_cast<const jv1::ReceivedReferral&>(state);
  if (!referral.has_seen()) return "NONE";
  return rv1::ReferralStage_Name(referral.seen().stage()).substr(sizeof("REFERRAL_STAGE_") - 1);
}

// Knows one case that was opened from the referral, or none.
class Opened : public exchange::NoLookup {
 public:
  bool Exists(std::string_view key) const override {
    return is_opened &&
           key == exchange::IndexKey{"file", referral::OpenedKey("the-referral")}.Encode();
  }
  bool is_opened = false;
};

class ReferralTest : public testing::Test {
 protected:
  Decision Decide(const std::string& input) {
    if (input != kCaseIsOpened) return inputs.Decide(input, *state, Now());
    return inputs.aggregate().decide_deadline(
        *state, exchange::KindName{referral::kOpened, ""}.Encode(), Now());
  }
  Decision Happens(const std::string& input) {
    Decision decision = Decide(input);
    EXPECT_TRUE(decision.accepted()) << decision.refusal()->reason;
    state = decision.After(*state, inputs.aggregate().evolve);
    return decision;
  }
  void BecomesAs(const std::string& given) {
    state = std::make_shared<jv1::ReceivedReferral>();
    lookup.is_opened = given == "OPENED";
    if (given == "NONE") return;
    Happens("<CaseReferred");
    if (given == "ANSWERED") Happens("ReturnReferral");
    if (given == "WITHDRAWN") Happens("<ReferralWithdrawn");
  }
  exchange::DecisionContext Now() const {
    exchange::DecisionContext context = ishoej.DecisionContextFor();
    context.lookup = &lookup;
    context.now = exchange::AddWorkingDays(context.now, day);
    return context;
  }
  const rv1::ReceivedReferral& Seen() const {
    return static_cast<const jv1::ReceivedReferral&>(*state).seen();
  }
  // What whoever referred hears of this ground.
  rv1::ReferralOutcome ToldOf(rv1::ReturnGround ground) {
    BecomesAs("WAITING");
    rv1::ReturnReferralRequest request;
    request.set_referral_id("the-referral");
    request.set_ground(ground);
    for (const exchange::Method& method : inputs.aggregate().methods) {
      if (!method.decide) continue;
      const Decision decision = method.decide(*state, request, Now());
      const auto* const told = exchange::Told(decision, kVestegnen.id, "ReferralAnswered");
      if (told != nullptr) return static_cast<const rv1::ReferralAnswered&>(*told).outcome();
    }
    return {};
  }

  const exchange::Deciding ishoej{kIshoej, {kVestegnen, kFyn}};
  const Inputs inputs = All();
  Opened lookup;
  std::shared_ptr<const google::protobuf::Message> state =
      std::make_shared<jv1::ReceivedReferral>();
  int day = 0;
};

TEST_F(ReferralTest, EachCellIsAsTheTableSays) {
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    BecomesAs(given);
    if (given == "NONE" && input.starts_with("Return")) {
      return "refused " + exchange::NotThere().reason;
    }
    return tables::Said(Decide(input), inputs.aggregate(), *state, &StageOf);
  };
  auto names = inputs.Names();
  names.push_back(kCaseIsOpened);
  const std::string mistakes = tables::MistakesIn(
      "services/municipality/referral.table",
      {{{"municipality", {"NONE", "WAITING", "OPENED", "ANSWERED", "WITHDRAWN"}}}, names, then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST_F(ReferralTest, ItsSenderHearsNoMoreThanHeMay) {
  EXPECT_EQ(ToldOf(rv1::RETURN_GROUND_ANOTHER_MUNICIPALITY),
            rv1::REFERRAL_OUTCOME_ANOTHER_MUNICIPALITY);
  EXPECT_EQ(ToldOf(rv1::RETURN_GROUND_NOT_REACHED), rv1::REFERRAL_OUTCOME_NOT_REACHED);
  for (const auto ground : {rv1::RETURN_GROUND_NOT_TARGET_GROUP, rv1::RETURN_GROUND_IN_A_COURSE,
                            rv1::RETURN_GROUND_CITIZEN_DECLINES}) {
    EXPECT_EQ(ToldOf(ground), rv1::REFERRAL_OUTCOME_NOT_OPENED);
  }
}

TEST_F(ReferralTest, TheDayIsToldAndNotTheHour) {
  BecomesAs("WAITING");
  const Decision returned = Happens("ReturnReferral");
  const auto* const told = exchange::Told(returned, kVestegnen.id, "ReferralAnswered");
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(static_cast<const rv1::ReferralAnswered&>(*told).day().seconds(),
            absl::ToUnixSeconds(exchange::StartOfDay(Now().now)));
  EXPECT_EQ(returned.notifications().front().to.subject, "the-referral");
}

TEST_F(ReferralTest, AUnitOfKriminalforsorgenIsToldAsOne) {
  exchange::v1::Body body =
      exchange::Of<exchange::v1::Body>(absl::StrCat("case_referred { ", On("agreed {}"), "}"));
  const auto& referrals = inputs.aggregate();
  const auto taken = referrals.decide_letter(
      *state, From("kriminalforsorgen-k", pv1::AUTHORITY_KIND_KRIMINALFORSORGEN), body, Now());
  state = taken.After(*state, referrals.evolve);
  EXPECT_EQ(Seen().source(), casework::v1::REFERRAL_SOURCE_KRIMINALFORSORGEN);
  const Decision returned = Happens("ReturnReferral");
  ASSERT_EQ(returned.notifications().size(), 1U);
  const exchange::Party& to = returned.notifications().front().to;
  EXPECT_EQ(to.relation, pv1::RELATION_KRIMINALFORSORGEN);
  EXPECT_TRUE(to.satisfied.Has(pv1::CONDITION_SUPERVISION_OR_CUSTODY));
}

TEST_F(ReferralTest, IsOverdueUntilItIsAnswered) {
  const exchange::Aggregate& referrals = inputs.aggregate();
  BecomesAs("WAITING");
  const auto deadlines = referrals.deadlines(*state);
  ASSERT_EQ(deadlines.size(), 1U);
  EXPECT_EQ(deadlines.front().due, exchange::AddWorkingDays(ishoej.Now(), 5));
  day = 5;
  const Decision late = referrals.decide_deadline(*state, deadlines.front().name, Now());
  ASSERT_EQ(late.reports().size(), 1U);
  EXPECT_EQ(late.reports().front().second, "referral.overdue");
  state = late.After(*state, referrals.evolve);
  EXPECT_TRUE(referrals.deadlines(*state).empty()) << "it is alarmed of once";
}

TEST_F(ReferralTest, OfWhoIsNamedNothingStays) {
  for (const char* const given : {"ANSWERED", "WITHDRAWN"}) {
    BecomesAs(given);
    EXPECT_FALSE(Seen().has_referral());
    EXPECT_EQ(state->DebugString().find("61019"), std::string::npos);
    EXPECT_TRUE(inputs.aggregate().deadlines(*state).empty());
    EXPECT_TRUE(inputs.aggregate().open_counterparts(*state).empty());
  }
}

TEST_F(ReferralTest, UnitsAndMentorsDoNotSeeIt) {
  BecomesAs("WAITING");
  const auto& visibility = inputs.aggregate().visibility;
  EXPECT_TRUE(visibility(*state, pv1::READER_MUNICIPALITY, Now()).visible());
  for (const pv1::Reader reader : {pv1::READER_JOBCENTRE, pv1::READER_CITIZEN_SERVICE,
                                   pv1::READER_FAMILY_CENTRE, pv1::READER_MENTOR}) {
    EXPECT_FALSE(visibility(*state, reader, Now()).visible()) << reader;
  }
}

}  // namespace
}  // namespace exitbus::municipality
