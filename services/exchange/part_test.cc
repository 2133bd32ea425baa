// What cannot be put together ends the process at its start, and says which.
#include <gtest/gtest.h>

#include "exitbus/handover/v1/messages.pb.h"
#include "exitbus/nec/v1/messages.pb.h"
#include "exitbus/nec_journal/v1/journal.pb.h"
#include "services/exchange/compose.h"

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
Decision Fallen(const jv1::Entry&, std::string_view name, const Facts&) {
  return Decision::NoEffect(name);
}

// A timer's row lies in the clear, and may say anything.
TEST(PartTest, ADeadlineOfNoPartIsNothing) {
  EntryPart part;
  part.Due("wait", &NoDeadlines, &Fallen);
  const Aggregate entries = Compose<jv1::Entry, jv1::EntryEvent>("entry", {part}, &Key);
  const auto falls = [&](std::string_view name) {
    return entries.decide_deadline(jv1::Entry(), name, Facts()).no_effect();
  };
  EXPECT_EQ(falls("wait/for"), "for");
  EXPECT_EQ(falls("wait/"), "");
  for (const char* name : {"wait", "", "/", "another/for", "wai", "waits/for"}) {
    EXPECT_EQ(falls(name), "deadline_of_nothing") << name;
  }
}

// Set by a version of the program that had such a part.
TEST(PartTest, ADeadlineThatNoPartHasAnyMoreHasNoEffect) {
  const Aggregate entries = Compose<jv1::Entry, jv1::EntryEvent>("entry", {EntryPart()}, &Key);
  EXPECT_EQ(entries.decide_deadline(jv1::Entry(), "gone/one", {}).no_effect(),
            "deadline_of_nothing");
}

}  // namespace
}  // namespace exitbus::exchange
