// The balance between municipalities: of what happens, as of any time, and of what is erased.
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "exitbus/exchange/v1/body.pb.h"
#include "exitbus/relocation/v1/decision_service.pb.h"
#include "services/contact_point/relocation_decision_testing.h"
#include "services/exchange/keys.h"
#include "services/exchange/proto_time.h"

namespace exitbus::contact_point {
namespace {

using namespace decision_testing;  // NOLINT: what is given, under the names of its table

// A request, and the books in which it stands with others.
class BalanceTest : public testing::Test {
 protected:
  class Books : public exchange::NoLookup {
   public:
    std::vector<std::string> NamesBelow(std::string_view prefix) const override {
      std::vector<std::string> names;
      for (const std::string& key : keys) {
        if (key.starts_with(prefix)) names.push_back(key.substr(prefix.size()));
      }
      return names;
    }
    std::set<std::string> keys;
  };

  void Keep() {
    for (const std::string& key : requests_.keys(*request_, books_)) {
      books_.keys.insert(exchange::IndexKey{"relocation", key}.Encode());
    }
  }
  void Happens(const std::string& input) {
    const exchange::Decision decision = Inputs().Decide(input, *request_, context_);
    ASSERT_EQ(OutcomeOf(decision), "") << input;
    request_ = std::static_pointer_cast<const jv1::RequestedRelocation>(
        decision.After(*request_, requests_.evolve));
  }
  void HappensLater(const std::string& input) {
    context_.now += absl::Hours(24);
    Happens(input);
  }

  // As of then; "0461 received 1" and the like, what is 0 left out.
  std::set<std::string> Balance(absl::Time as_of, std::uint32_t year = 0) {
    lv1::GetRelocationBalanceRequest asked;
    *asked.mutable_as_of() = exchange::ToProto(as_of);
    asked.set_year(year);
    for (const exchange::Method& method : requests_.methods) {
      if (!method.tally) continue;
      auto begun = method.tally(asked, context_);
      auto& tally = *std::get<std::unique_ptr<exchange::Tally>>(begun);
      tally.Add(*request_);
      const auto result = tally.Result();
      std::set<std::string> said;
      for (const auto& one : static_cast<const lv1::RelocationBalance&>(*result).municipalities()) {
        const auto say = [&](const char* what, std::uint32_t count) {
          if (count > 0) said.insert(absl::StrCat(one.municipality(), " ", what, " ", count));
        };
        say("received", one.received());
        say("sent", one.sent());
        say("active", one.active());
        say("declined", one.declined());
        say("unanswered", one.unanswered());
      }
      return said;
    }
    return {};
  }
  std::set<std::string> Now() { return Balance(context_.now); }

  const exchange::Deciding desk_{kDesk, {kIshoej, kOdense, kVestegnen}};
  const exchange::Aggregate requests_ = RequestedRelocations();
  exchange::DecisionContext context_ = desk_.DecisionContextFor();
  Books books_;
  std::shared_ptr<const jv1::RequestedRelocation> request_ =
      std::make_shared<jv1::RequestedRelocation>(Request("ROOM"));
};

TEST_F(BalanceTest, CountsWhoIsAwaitedAndWhoHasCome) {
  const absl::Time before = context_.now - absl::Hours(1);
  Happens("DecideRelocation");
  EXPECT_EQ(Now(), (std::set<std::string>{"0461 active 1"}));
  HappensLater("<RelocationCompleted");
  EXPECT_EQ(Now(), (std::set<std::string>{"0183 sent 1", "0461 received 1"}));
  EXPECT_EQ(Balance(context_.now - absl::Hours(12)), (std::set<std::string>{"0461 active 1"}));
  EXPECT_EQ(Balance(before), std::set<std::string>{});
  EXPECT_EQ(Balance(context_.now, 2026), Now());
  EXPECT_EQ(Balance(context_.now, 2025), std::set<std::string>{});
}

TEST_F(BalanceTest, ADecisionThatEndsIsAwaitedNoMore) {
  Happens("DecideRelocation");
  HappensLater("<RelocationPlacementAnswered, rejected");
  EXPECT_EQ(Now(), std::set<std::string>{});
  EXPECT_EQ(Balance(context_.now - absl::Hours(12)), (std::set<std::string>{"0461 active 1"}));
}

// What was revoked and happened all the same has happened.
TEST_F(BalanceTest, WhoCameAfterItWasRevokedHasCome) {
  Happens("DecideRelocation");
  HappensLater("RevokeRelocationDecision");
  HappensLater("<RelocationCompleted");
  EXPECT_EQ(Now(), (std::set<std::string>{"0183 sent 1", "0461 received 1"}));
}

TEST_F(BalanceTest, CountsDeclinesAndSilence) {
  auto silent = Request("YES");
  silent.mutable_relocation()->mutable_places(0)->MergeFrom(Of<relocation::jv1::Place>(
      absl::Substitute(R"(seen { inquiry_id: "$0" inquiry: INQUIRY_STAGE_ASKED }
                          next { due { seconds: $1 } parties { authority: "municipality-0461" } })",
                       kInquiry, absl::ToUnixSeconds(context_.now + absl::Hours(1)))));
  request_ = std::make_shared<jv1::RequestedRelocation>(silent);
  EXPECT_EQ(Now(), std::set<std::string>{}) << "there is time";
  context_.now += absl::Hours(2);
  EXPECT_EQ(Now(), (std::set<std::string>{"0461 unanswered 1"}));
  const absl::Time late = context_.now;
  HappensLater("<RelocationAnswered, a decline");
  EXPECT_EQ(Now(), (std::set<std::string>{"0461 declined 1"}));
  EXPECT_EQ(Balance(late), (std::set<std::string>{"0461 unanswered 1"})) << "as of then";
}

TEST_F(BalanceTest, WhatIsErasedIsCountedByTheMonth) {
  Happens("DecideRelocation");
  HappensLater("<RelocationCompleted");
  Keep();
  const auto before = Now();
  auto erased = Of<exchange::v1::Body>(R"(erasure_ordered {})");
  const auto decision = requests_.decide_letter(*request_, From(kVestegnen.id), erased, context_);
  ASSERT_EQ(OutcomeOf(decision), "");
  request_ = std::static_pointer_cast<const jv1::RequestedRelocation>(
      decision.After(*request_, requests_.evolve));
  EXPECT_TRUE(request_->has_erasure());
  EXPECT_FALSE(request_->has_relocation());
  EXPECT_EQ(Now(), before);
  for (const jv1::BalanceLine& line : request_->balance()) {
    EXPECT_EQ(absl::ToCivilSecond(exchange::FromProto(line.since()), absl::UTCTimeZone()),
              absl::CivilSecond(2026, 3, 1));
  }
  books_.keys.clear();
  Keep();
  EXPECT_EQ(ReceivedBy("0461", "another-request", books_), 1U);
}

// Somebody who was awaited when his request was erased is awaited no more.
TEST_F(BalanceTest, NobodyIsAwaitedByWhatIsErased) {
  Happens("DecideRelocation");
  context_.now += absl::Hours(24 * 40);
  const auto erased = Of<exchange::v1::Body>(R"(erasure_ordered {})");
  request_ = std::static_pointer_cast<const jv1::RequestedRelocation>(
      requests_.decide_letter(*request_, From(kVestegnen.id), erased, context_)
          .After(*request_, requests_.evolve));
  EXPECT_EQ(Now(), std::set<std::string>{});
  Keep();
  EXPECT_EQ(ReceivedBy("0461", "another-request", books_), 0U);
}

TEST_F(BalanceTest, ARequestDoesNotCountForItself) {
  Happens("DecideRelocation");
  Keep();
  EXPECT_EQ(ReceivedBy("0461", kRequest, books_), 0U);
  EXPECT_EQ(ReceivedBy("0461", "another-request", books_), 1U);
  EXPECT_EQ(ReceivedBy("0561", "another-request", books_), 0U);
}

TEST_F(BalanceTest, IsOfNoTimeToCome) {
  for (const exchange::Method& method : requests_.methods) {
    if (!method.tally) continue;
    lv1::GetRelocationBalanceRequest asked;
    *asked.mutable_as_of() = exchange::ToProto(context_.now + absl::Hours(1));
    EXPECT_EQ(std::get<exchange::Refusal>(method.tally(asked, context_)).reason,
              "relocation.as_of_future");
    asked.clear_as_of();
    for (const std::uint32_t year : {2010U, 2027U}) {
      asked.set_year(year);
      EXPECT_EQ(std::get<exchange::Refusal>(method.tally(asked, context_)).reason,
                "relocation.unknown_year");
    }
  }
}

}  // namespace
}  // namespace exitbus::contact_point
