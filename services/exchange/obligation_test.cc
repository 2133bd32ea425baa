#include "services/exchange/obligation.h"

#include <gtest/gtest.h>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/proto_time.h"

namespace exitbus::exchange {
namespace {

class ObligationTest : public testing::Test {
 protected:
  ObligationTest() {
    context.now = absl::FromCivil(absl::CivilHour(2026, 3, 2, 9), absl::UTCTimeZone());  // a Monday
    Owe({"nec", {}, "its-id", {}, {}, {}}, context.now + absl::Hours(1), owed);
    Owe({"police", {}, "its-id", {}, {}, {}}, context.now + absl::Hours(1), owed)
        .set_handover_id("a-handover");
  }

  void Confirms(const std::string& authority, const std::string& subject) {
    ov1::Obligation::Party party;
    party.set_authority(authority);
    party.set_subject(subject);
    Confirm(exchange::Confirmed(party, context), owed);
  }

  DecisionContext context;
  ov1::Obligation owed;
};

TEST_F(ObligationTest, IsMetOnceAllHaveConfirmed) {
  EXPECT_FALSE(IsMet(owed));
  Confirms("nec", "its-id");
  EXPECT_FALSE(IsMet(owed));
  Confirms("police", "its-id");
  EXPECT_TRUE(IsMet(owed));
}

TEST_F(ObligationTest, NobodyConfirmsForAnotherOrUnderAnotherId) {
  Confirms("nec", "another-id");
  Confirms("stranger", "its-id");
  EXPECT_TRUE(IsOutstanding(owed.parties(0)));
  EXPECT_EQ(FindParty(owed, {"nec", {}, "another-id", 1}), nullptr);
  EXPECT_EQ(FindParty(owed, {"stranger", {}, "its-id", 1}), nullptr);
  EXPECT_NE(FindParty(owed, {"nec", {}, "its-id", 1}), nullptr);
}

TEST_F(ObligationTest, WhoIsSettledOtherwiseIsNotWaitedFor) {
  const auto ended = [](const ov1::Obligation::Party& party) {
    return party.handover_id() == "a-handover";
  };
  Confirms("nec", "its-id");
  EXPECT_TRUE(IsMet(owed, ended));
  EXPECT_TRUE(DeadlinesOf({{"one", &owed, ended}}).empty());
  owed.set_overdue(true);
  EXPECT_FALSE(IsOverdue(owed, ended));
  EXPECT_FALSE(IsMet(owed));
}

TEST_F(ObligationTest, FallsDueOnceAndIsOverdueUntilAllHaveConfirmed) {
  const std::vector<NamedObligation> all = {{"another", &ov1::Obligation::default_instance()},
                                            {"one", &owed}};
  const std::vector<Deadline> deadlines = DeadlinesOf(all);
  ASSERT_EQ(deadlines.size(), 1U);
  EXPECT_EQ(deadlines[0].name, "one");
  EXPECT_EQ(deadlines[0].due, context.now + absl::Hours(1));
  EXPECT_FALSE(FallsDue(all, "one", deadlines[0].due - absl::Milliseconds(1)));
  EXPECT_FALSE(FallsDue(all, "another", deadlines[0].due));
  EXPECT_TRUE(FallsDue(all, "one", deadlines[0].due));
  EXPECT_FALSE(IsOverdue(owed));
  MarkOverdue(all, "another");
  EXPECT_FALSE(IsOverdue(owed));
  MarkOverdue(all, "one");
  EXPECT_FALSE(FallsDue(all, "one", deadlines[0].due));
  Confirms("nec", "its-id");
  EXPECT_TRUE(IsOverdue(owed));
  Confirms("police", "its-id");
  EXPECT_FALSE(IsOverdue(owed));
}

TEST_F(ObligationTest, TheSameIsOwedToWhoeverToldOfIt) {
  EXPECT_FALSE(IsOwedToAnother(owed));
  OweTo({"municipality-0461", {}, "the-handover", 3}, true, owed);
  EXPECT_TRUE(IsOwedToAnother(owed));
  EXPECT_EQ(owed.owed_under(), "the-handover");
  EXPECT_TRUE(owed.was_passed_on());
}

TEST_F(ObligationTest, OfNobodyIsMetAndConfirmedByNobody) {
  EXPECT_TRUE(IsMet({}));
  EXPECT_FALSE(IsConfirmed({}));
}

}  // namespace
}  // namespace exitbus::exchange
