// What cannot be put together ends the process at its start, and says which.
#include <gtest/gtest.h>

#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/nec/v1/messages.pb.h"
#include "exitbus/nec_journal/v1/journal.pb.h"
#include "services/exchange/compose.h"
#include "services/exchange/deciding_testing.h"

namespace exitbus::exchange {
namespace {

namespace jv1 = nec_journal::v1;
using EntryPart = Part<jv1::Entry, jv1::EntryEvent>;

Decision OnSigned(const Letter<jv1::Entry>&, const nec::v1::AgreementSigned&) { return {}; }
Decision OnTerm(const Letter<jv1::Entry>&, const handover::v1::Term&) { return {}; }
void Withdraw(jv1::Entry&, const jv1::EntryWithdrawn&) {}
std::string Key(const LetterPlace& place) { return place.subject; }

using PartDeathTest = testing::Test;

TEST(PartDeathTest, AKindOfMessageIsTakenOnce) {
  EntryPart part;
  part.On(&OnSigned);
  EXPECT_DEATH(part.On(&OnSigned), "registered twice: exitbus.nec.v1.AgreementSigned");
  EXPECT_DEATH((Compose<jv1::Entry, jv1::EntryEvent>("entry", {part, part}, &Key)),
               "registered twice: entry takes member");
}

TEST(PartDeathTest, AnEventIsCarriedOutOnce) {
  EntryPart part;
  part.After(&Withdraw);
  EXPECT_DEATH(part.After(&Withdraw), "registered twice: exitbus.nec_journal.v1.EntryWithdrawn");
}

TEST(PartDeathTest, WhatIsNoLetterIsNotTaken) {
  EntryPart part;
  EXPECT_DEATH(part.On(&OnTerm),
               "registered, but no member of what holds it: exitbus.handover.v1.Term");
}

TEST(PartTest, WhatIsOfAnotherAggregateIsLeftToIt) {
  EntryPart part;
  part.On(&OnSigned);
  const Aggregate entries = Compose<jv1::Entry, jv1::EntryEvent>("entry", {part}, &Key);
  EXPECT_EQ(entries.letters.size(), 1U);
}

std::vector<Deadline> NoDeadlines(const jv1::Entry&) { return {}; }
Decision Fallen(const jv1::Entry&, std::string_view name, const DecisionContext&) {
  return Decision::NoEffect(name);
}

// A timer's row lies in the clear, and may say anything.
TEST(PartTest, ADeadlineOfNoPartIsNothing) {
  EntryPart part;
  part.Due("wait", &NoDeadlines, &Fallen);
  const Aggregate entries = Compose<jv1::Entry, jv1::EntryEvent>("entry", {part}, &Key);
  const auto falls = [&](std::string_view name) {
    return entries.decide_deadline(jv1::Entry(), name, DecisionContext()).no_effect();
  };
  EXPECT_EQ(falls("wait/for"), "for");
  EXPECT_EQ(falls("wait/"), "");
  for (const char* name : {"wait", "", "/", "another/for", "wai", "waits/for"}) {
    EXPECT_EQ(falls(name), "deadline_of_nothing") << name;
  }
}

// Of every kind of authority: here an order to erase that somebody has not confirmed.
TEST(PartTest, WhatIsOwedAndNotConfirmedInTimeIsAlarmedOfOnce) {
  const Aggregate entries = Compose<jv1::Entry, jv1::EntryEvent>("entry", {EntryPart()}, &Key);
  DecisionContext context;
  context.now = absl::FromUnixSeconds(100);
  DecisionContext before;
  before.now = context.now - absl::Milliseconds(1);
  auto owed = Of<jv1::Entry>(
      R"(erasure { orders { due { seconds: 100 } parties { authority: "a" subject: "s" } } })");
  const std::vector<Deadline> deadlines = entries.deadlines(owed);
  ASSERT_EQ(deadlines.size(), 1U);
  EXPECT_EQ(deadlines[0].due, context.now);
  const auto falls = [&](const jv1::Entry& entry, const DecisionContext& at) {
    return entries.decide_deadline(entry, deadlines[0].name, at);
  };
  EXPECT_EQ(falls(owed, before).no_effect(), "deadline_over");
  jv1::Entry confirmed = owed;
  confirmed.mutable_erasure()->mutable_orders()->mutable_parties(0)->mutable_confirmed();
  EXPECT_EQ(falls(confirmed, context).no_effect(), "deadline_over");
  const Decision alarm = falls(owed, context);
  ASSERT_EQ(alarm.reports().size(), 1U);
  EXPECT_EQ(alarm.reports()[0], std::pair(Severity::kError, std::string("erasure.overdue")));
  ASSERT_EQ(alarm.events().size(), 1U);
  entries.evolve(owed, *alarm.events()[0]);
  EXPECT_TRUE(IsOverdue(owed.erasure().orders()));
  EXPECT_TRUE(entries.deadlines(owed).empty());
  EXPECT_EQ(falls(owed, context).no_effect(), "deadline_over");
  jv1::Entry of_nothing;
  entries.evolve(of_nothing, *alarm.events()[0]);
  EXPECT_FALSE(of_nothing.has_erasure());
}

TEST(DecisionTest, WhatIsOnceItHappenedIsEvolvedOnceUntilMoreHappens) {
  int evolved = 0;
  const auto evolve = [&](google::protobuf::Message& state, const google::protobuf::Message&) {
    static_cast<jv1::Entry&>(state).set_overview_id(std::to_string(++evolved));
  };
  const auto case_of = [](const std::shared_ptr<const google::protobuf::Message>& state) {
    return static_cast<const jv1::Entry&>(*state).overview_id();
  };
  const jv1::Entry before;
  Decision decision;
  decision.AddEvent(jv1::EntryEvent());
  const auto after = decision.After(before, evolve);
  EXPECT_EQ(decision.After(before, evolve), after);
  EXPECT_EQ(evolved, 1);
  decision.AddEvent(jv1::EntryEvent());
  EXPECT_EQ(case_of(decision.After(before, evolve)), "3") << "from the start, by both";
  EXPECT_EQ(case_of(after), "1");
  EXPECT_EQ(case_of(decision.After(jv1::Entry(), evolve)), "5") << "of another state, anew";
  EXPECT_EQ(before.overview_id(), "");
}

// Set by a version of the program that had such a part.
TEST(PartTest, ADeadlineThatNoPartHasAnyMoreHasNoEffect) {
  const Aggregate entries = Compose<jv1::Entry, jv1::EntryEvent>("entry", {EntryPart()}, &Key);
  EXPECT_EQ(entries.decide_deadline(jv1::Entry(), "gone/one", {}).no_effect(),
            "deadline_of_nothing");
}

}  // namespace
}  // namespace exitbus::exchange
