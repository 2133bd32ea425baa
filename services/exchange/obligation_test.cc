#include "services/exchange/obligation.h"

#include <gtest/gtest.h>

#include "exitbus/policy/v1/policy.pb.h"
#include "services/exchange/proto_time.h"

namespace exitbus::exchange {
namespace {

class ObligationTest : public testing::Test {
 protected:
  ObligationTest() {
    facts.now = absl::FromCivil(absl::CivilHour(2026, 3, 2, 9), absl::UTCTimeZone());  // a Monday
    Owe({"nec", {}, "its-id", {}, {}, {}}, 5, facts, owed);
    Owe({"police", {}, "its-id", {}, {}, {}}, 5, facts, owed).set_handover_id("a-handover");
  }

  void Confirms(const std::string& authority, const std::string& subject) {
    ov1::Obligation::Party party;
    party.set_authority(authority);
    party.set_subject(subject);
    *party.mutable_confirmed() = ToProto(facts.now);
    Confirm(party, owed);
  }

  Facts facts;
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
  EXPECT_EQ(DueOf(owed, ended), std::nullopt);
  EXPECT_FALSE(IsMet(owed));
}

TEST_F(ObligationTest, IsDueInWorkingDaysAndAlarmedOfOnce) {
  EXPECT_EQ(DueOf(owed), absl::FromCivil(absl::CivilHour(2026, 3, 9, 9), absl::UTCTimeZone()));
  owed.set_overdue(true);
  EXPECT_EQ(DueOf(owed), std::nullopt);
  Confirms("nec", "its-id");
  EXPECT_TRUE(owed.overdue());
  Confirms("police", "its-id");
  EXPECT_FALSE(owed.overdue());
}

TEST_F(ObligationTest, TheSameIsOwedToWhoeverToldOfIt) {
  EXPECT_FALSE(IsOwedToAnother(owed));
  OweTo({"municipality-0461", {}, "the-handover", 3}, true, owed);
  EXPECT_TRUE(IsOwedToAnother(owed));
  EXPECT_EQ(owed.owed_under(), "the-handover");
  EXPECT_TRUE(owed.was_passed_on());
}

TEST_F(ObligationTest, OfNobodyIsMet) { EXPECT_TRUE(IsMet({})); }

}  // namespace
}  // namespace exitbus::exchange
