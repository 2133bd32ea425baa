// What a tombstone makes of orders and confirmations, when they come again, from elsewhere or too
// late.
#include "services/exchange/erasure.h"

#include <gtest/gtest.h>

#include "exitbus/nec_journal/v1/journal.pb.h"
#include "services/exchange/deciding_testing.h"

namespace exitbus::exchange {
namespace {

namespace pv1 = policy::v1;

constexpr AsEvent kAsEvent = &ErasureAs<nec_journal::v1::EntryEvent>;
constexpr char kHolder[] = "municipality-0183";
constexpr char kFormer[] = "municipality-0461";
constexpr char kOrders[] = "erasure_ordered {}";
constexpr char kConfirms[] = "erasure_confirmed {}";
// Ordered by the holder, and passed on to one who has not confirmed; and to one who has.
constexpr char kUnderWay[] =
    R"(orders { owed_to: "municipality-0183" owed_under: "ours" due { seconds: 1 }
                parties { authority: "municipality-0461" subject: "theirs" } })";
constexpr char kDone[] =
    R"(orders { owed_to: "municipality-0183" owed_under: "ours" due { seconds: 1 }
                parties { authority: "municipality-0461" subject: "theirs"
                          confirmed { seconds: 1 } } })";

class TombstoneTest : public testing::Test {
 protected:
  Decision Told(const char* tombstone, const char* sender, const char* subject, const char* body) {
    return DecideErased(Of<ejv1::Tombstone>(tombstone), {sender, pv1::CHANNEL_CASE, subject, 1},
                        subject, Of<v1::Body>(body), at.DecisionContextFor(), kAsEvent);
  }

  const Deciding at{{"municipality-0165", pv1::AUTHORITY_KIND_MUNICIPALITY, "", "0165", "", ""}};
};

TEST_F(TombstoneTest, WhoOrderedFirstIsConfirmedToWhenAllIsDoneAndEverybodyElseAtOnce) {
  const Decision again = Told(kUnderWay, kHolder, "ours", kOrders);
  EXPECT_EQ(OutcomeOf(again), "no effect erasure_under_way");
  EXPECT_TRUE(again.notifications().empty());
  const Decision by_another = Told(kUnderWay, kFormer, "theirs", kOrders);
  EXPECT_EQ(OutcomeOf(by_another), "no effect erased");
  EXPECT_EQ(by_another.notifications().size(), 1U);
  const Decision after = Told(kDone, kHolder, "ours", kOrders);
  EXPECT_EQ(OutcomeOf(after), "no effect erased");
  EXPECT_EQ(after.notifications().size(), 1U);
}

TEST_F(TombstoneTest, OnlyWhoWasOrderedConfirmsAndOnce) {
  EXPECT_EQ(OutcomeOf(Told(kUnderWay, kHolder, "ours", kConfirms)), "refused erasure.not_ordered");
  EXPECT_EQ(OutcomeOf(Told(kUnderWay, kFormer, "another", kConfirms)),
            "refused erasure.not_ordered");
  const Decision last = Told(kUnderWay, kFormer, "theirs", kConfirms);
  EXPECT_EQ(OutcomeOf(last), "");
  EXPECT_EQ(last.notifications().size(), 1U) << "who ordered hears of the end";
  const Decision again = Told(kDone, kFormer, "theirs", kConfirms);
  EXPECT_EQ(OutcomeOf(again), "no effect erasure_confirmed_before");
  EXPECT_TRUE(again.notifications().empty());
}

}  // namespace
}  // namespace exitbus::exchange
