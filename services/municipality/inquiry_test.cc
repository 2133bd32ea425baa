// What a municipality is asked, cell by cell: inquiry.table; until when it is answered, and what is
// left once it has ended.
#include "services/municipality/inquiry.h"

#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "exitbus/municipality_journal/v1/inquiry.pb.h"
#include "exitbus/relocation/v1/inquiry_service.pb.h"
#include "exitbus/relocation/v1/messages.pb.h"
#include "services/exchange/deciding_testing.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "tests/tables/inputs.h"
#include "tests/tables/matrix.h"

namespace exitbus::municipality {
namespace {

namespace jv1 = municipality_journal::v1;
namespace lv1 = relocation::v1;
namespace pv1 = policy::v1;
using exchange::FromProto;
using exchange::kDesk;
using exchange::kOdense;
using tables::Inputs;

constexpr char kProfile[] =
    "profile { household: HOUSEHOLD_COUPLE efforts: EFFORT_EMPLOYMENT from_month: 202605 } ";
// These tests stand at 2 March 2026.
constexpr char kLastYear[] = "{ seconds: 1760000000 }";
constexpr char kJustBefore[] = "{ seconds: 1772441999 }";
constexpr char kMay[] = "{ seconds: 1777600000 }";
constexpr char kJuly[] = "{ seconds: 1783000000 }";
constexpr char kInThreeYears[] = "{ seconds: 1866000000 }";

exchange::LetterPlace From(const std::string& sender,
                           pv1::AuthorityKind kind = pv1::AUTHORITY_KIND_CONTACT_POINT) {
  return {sender, pv1::CHANNEL_RELOCATION, "the-inquiry", 1, kind};
}

std::string Room(const std::string& from, const std::string& more) {
  return absl::StrCat("inquiry_id: \"the-inquiry\" capacity { from ", from, more, " }");
}

Inputs All() {
  const std::string id = "inquiry_id: \"the-inquiry\" ";
  const auto until = [](const std::string& end) { return "households: 2 until " + end; };
  Inputs all(Inquiries(), From(kDesk.id));
  all.Message("<RelocationInquiry", kProfile)
      .Message("<RelocationInquiry, without a profile", "")
      .MessageFrom(From("contact-point-2"), "<RelocationInquiry, by another contact point",
                   kProfile)
      .Message("<RelocationWithdrawn", "")
      .MessageFrom(From("contact-point-2"), "<RelocationWithdrawn, by another contact point", "")
      .OtherMessages()
      .Command("AnswerRelocationInquiry", Room(kMay, until(kJuly)))
      .Command("AnswerRelocationInquiry, for good", Room(kMay, "households: 1"))
      .Command("AnswerRelocationInquiry, since last year", Room(kLastYear, until(kMay)))
      .Command("AnswerRelocationInquiry, declined",
               id + "declined: DECLINE_CODE_ALREADY_RECEIVED_SHARE")
      .Command("AnswerRelocationInquiry, declined by no code",
               id + "declined: DECLINE_CODE_UNSPECIFIED")
      .Command("AnswerRelocationInquiry, without an answer", id)
      .Command("AnswerRelocationInquiry, for no household", Room(kMay, ""))
      .Command("AnswerRelocationInquiry, from no day", id + "capacity { households: 2 }")
      .Command("AnswerRelocationInquiry, ends before it begins", Room(kJuly, until(kMay)))
      .Command("AnswerRelocationInquiry, ended last year", Room(kLastYear, until(kJustBefore)))
      .Command("AnswerRelocationInquiry, in three years", Room(kInThreeYears, "households: 1"))
      .OtherCommands("inquiry_id", "the-inquiry");
  return all;
}

std::string StageOf(const google::protobuf::Message& state) {
  const auto& inquiry = static_cast<const jv1::Inquiry&>(state);
  if (!inquiry.has_seen()) return "NONE";
  return lv1::InquiryStage_Name(inquiry.seen().stage()).substr(sizeof("INQUIRY_STAGE_") - 1);
}

// An inquiry as it goes on.
class InquiryTest : public testing::Test {
 protected:
  exchange::Decision Happens(const std::string& input) {
    exchange::Decision decision = inputs.Decide(input, *state, Now());
    Take(decision);
    return decision;
  }
  void Take(const exchange::Decision& decision) {
    ASSERT_TRUE(decision.accepted()) << decision.refusal()->reason;
    state = decision.After(*state, inputs.aggregate().evolve);
  }
  void BecomesAs(const std::string& given) {
    if (given == "NONE") return;
    Happens("<RelocationInquiry");
    if (given == "ASKED") return;
    Happens(given == "DECLINED" ? "AnswerRelocationInquiry, declined" : "AnswerRelocationInquiry");
    if (given == "ENDED") Happens("<RelocationWithdrawn");
  }
  exchange::DecisionContext Now() const {
    exchange::DecisionContext context = odense.DecisionContextFor();
    context.now = exchange::AddWorkingDays(context.now, day);
    return context;
  }
  lv1::MunicipalityInquiry View() const {
    for (const exchange::Method& method : inputs.aggregate().methods) {
      if (!method.decide) continue;
      const auto view = method.view(*state, lv1::AnswerRelocationInquiryRequest(), Now());
      return static_cast<const lv1::MunicipalityInquiry&>(*view);
    }
    return {};
  }
  // Until when it is owed, where the contact point says this.
  absl::Time DueAsAsked(absl::Time answer_due) const {
    exchange::v1::Body body =
        exchange::Of<exchange::v1::Body>(absl::StrCat("relocation_inquiry { ", kProfile, "}"));
    *body.mutable_relocation_inquiry()->mutable_answer_due() = exchange::ToProto(answer_due);
    const auto& inquiries = inputs.aggregate();
    const auto fresh = inquiries.new_state();
    const auto decided = inquiries.decide_letter(*fresh, From(kDesk.id), body, Now());
    const auto deadlines = inquiries.deadlines(*decided.After(*fresh, inquiries.evolve));
    return deadlines.size() == 1 ? deadlines.front().due : absl::InfinitePast();
  }

  const exchange::Deciding odense{kOdense, {kDesk}};
  const Inputs inputs = All();
  std::shared_ptr<const google::protobuf::Message> state = std::make_shared<jv1::Inquiry>();
  int day = 0;
};

TEST_F(InquiryTest, EachCellIsAsTheTableSays) {
  const auto then = [&](const std::string&, const std::string& given, const std::string& input) {
    state = std::make_shared<jv1::Inquiry>();
    BecomesAs(given);
    // What is not there is nobody's to answer: no decider is asked.
    if (given == "NONE" && !input.starts_with('<')) return "refused " + exchange::NotThere().reason;
    return tables::Said(inputs.Decide(input, *state, Now()), inputs.aggregate(), *state, &StageOf);
  };
  const std::string mistakes =
      tables::MistakesIn("services/municipality/inquiry.table",
                         {{{"municipality", {"NONE", "ASKED", "CAPACITY", "DECLINED", "ENDED"}}},
                          inputs.Names(),
                          then});
  EXPECT_TRUE(mistakes.empty()) << mistakes;
}

TEST_F(InquiryTest, TheAnswerGoesToWhoAskedUnderTheIdUsedOnce) {
  BecomesAs("ASKED");
  const exchange::Decision answered = Happens("AnswerRelocationInquiry");
  ASSERT_EQ(answered.notifications().size(), 1U);
  const exchange::Notification& told = answered.notifications().front();
  EXPECT_EQ(told.from, pv1::RELATION_RECEIVER);
  EXPECT_EQ(told.to.authority, kDesk.id);
  EXPECT_EQ(told.to.subject, "the-inquiry");
  const auto& message = static_cast<const lv1::RelocationAnswered&>(*told.message);
  EXPECT_EQ(message.capacity().households(), 2U);
  EXPECT_EQ(FromProto(message.capacity().as_of()), odense.Now());
}

TEST_F(InquiryTest, ALaterAnswerReplacesTheOneBefore) {
  BecomesAs("CAPACITY");
  day = 3;
  Happens("AnswerRelocationInquiry, for good");
  EXPECT_EQ(FromProto(View().capacity().as_of()), Now().now);
  Happens("AnswerRelocationInquiry, declined");
  EXPECT_FALSE(View().has_capacity());
  EXPECT_EQ(View().declined(), lv1::DECLINE_CODE_ALREADY_RECEIVED_SHARE);
  EXPECT_FALSE(View().has_profile()) << "it is over";
}

TEST_F(InquiryTest, WhenItIsSaidIsTheServicesToSay) {
  BecomesAs("ASKED");
  const auto request = exchange::Of<lv1::AnswerRelocationInquiryRequest>(
      Room(kMay, absl::StrCat("households: 1 as_of ", kInThreeYears)));
  for (const exchange::Method& method : inputs.aggregate().methods) {
    if (method.decide) Take(method.decide(*state, request, Now()));
  }
  EXPECT_EQ(FromProto(View().capacity().as_of()), odense.Now());
}

TEST_F(InquiryTest, IsDueAsAskedUnlessThatIsPastOrLaterThanUsual) {
  const absl::Time now = odense.Now();
  const absl::Time usual = exchange::AddWorkingDays(now, 5);
  EXPECT_EQ(DueAsAsked(now + absl::Hours(20)), now + absl::Hours(20));
  EXPECT_EQ(DueAsAsked(now), usual);
  EXPECT_EQ(DueAsAsked(now - absl::Hours(20)), usual);
  EXPECT_EQ(DueAsAsked(absl::UnixEpoch()), usual);
  EXPECT_EQ(DueAsAsked(usual + absl::Hours(1)), usual);
  EXPECT_EQ(DueAsAsked(now + absl::Hours(100000)), usual);
}

TEST_F(InquiryTest, IsOverdueUntilItIsAnswered) {
  const exchange::Aggregate& inquiries = inputs.aggregate();
  BecomesAs("ASKED");
  const auto deadlines = inquiries.deadlines(*state);
  ASSERT_EQ(deadlines.size(), 1U);
  day = 5;
  const exchange::Decision late = inquiries.decide_deadline(*state, deadlines.front().name, Now());
  ASSERT_EQ(late.reports().size(), 1U);
  EXPECT_EQ(late.reports().front().second, "relocation.overdue");
  Take(late);
  EXPECT_TRUE(View().overdue());
  EXPECT_TRUE(inquiries.deadlines(*state).empty()) << "it is alarmed of once";
  Happens("AnswerRelocationInquiry, declined");
  EXPECT_FALSE(View().overdue());
  EXPECT_FALSE(View().has_due());
}

TEST_F(InquiryTest, OfAnEndedOneNothingIsOwedAndNoProfileStays) {
  BecomesAs("ASKED");
  ASSERT_TRUE(View().has_profile());
  Happens("<RelocationWithdrawn");
  EXPECT_TRUE(inputs.aggregate().deadlines(*state).empty());
  EXPECT_FALSE(View().has_due());
  EXPECT_FALSE(View().has_profile());
  EXPECT_TRUE(inputs.aggregate().open_counterparts(*state).empty());
}

TEST_F(InquiryTest, OfAnEndedOneTheOwnAnswerStays) {
  BecomesAs("ENDED");
  EXPECT_EQ(View().capacity().households(), 2U);
}

TEST_F(InquiryTest, WhoAskedIsAskedWhatAStoreHasForgotten) {
  BecomesAs("CAPACITY");
  EXPECT_EQ(inputs.aggregate().open_counterparts(*state), std::vector<std::string>{kDesk.id});
}

TEST_F(InquiryTest, UnitsAndMentorsDoNotSeeIt) {
  BecomesAs("ASKED");
  const auto& visibility = inputs.aggregate().visibility;
  EXPECT_TRUE(visibility(*state, pv1::READER_MUNICIPALITY, Now()).visible());
  for (const pv1::Reader reader : {pv1::READER_JOBCENTRE, pv1::READER_CITIZEN_SERVICE,
                                   pv1::READER_FAMILY_CENTRE, pv1::READER_MENTOR}) {
    EXPECT_FALSE(visibility(*state, reader, Now()).visible()) << reader;
  }
}

TEST_F(InquiryTest, WhatAPoliceUnitWithdrawsIsNone) {
  exchange::v1::Body body;
  body.mutable_relocation_withdrawn();
  const auto& target = inputs.aggregate().letter_target;
  EXPECT_TRUE(target(From(kDesk.id), body));
  EXPECT_FALSE(target(From("police-1465", pv1::AUTHORITY_KIND_POLICE), body));
}

}  // namespace
}  // namespace exitbus::municipality
