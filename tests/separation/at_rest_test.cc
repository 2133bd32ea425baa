// Who holds a person at all: of cases that stopped at every stage of a handover, each authority's
// store is opened with its own keys and asked for the person's number. Also proves what was erased.
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/environment.h"
#include "tests/separation/cases.h"
#include "tests/separation/opened.h"
#include "tests/separation/search.h"
#include "tests/separation/tally.h"

namespace exitbus::story {
namespace {

// The person of a case of Ishøj's that went so far towards Odense.
bool HoldsThePerson(const Member& member, Stop stop) {
  const bool released =
      stop == Stop::kAccepted || stop == Stop::kOffered || stop == Stop::kTakenOver;
  if (member.id == kIshoj || member.id == kNec) return true;
  if (member.id == kVestegnen) return stop != Stop::kNoConsent;  // it was asked of none else
  if (member.id == kOdense) return released;
  if (member.id == kFyn)
    return released && stop != Stop::kAccepted;  // at the latest with the offer
  return false;
}

TEST(AtRestTest, APersonIsHeldWhereTheCaseHasGoneAndNowhereElse) {
  const auto cases = Cases::Get();
  ASSERT_TRUE(cases.ok()) << cases.status();
  Deployment& deployment = TheDeployment();
  for (const Member& member : Cast()) ASSERT_TRUE(deployment.KillService(member).ok());
  int absent = 0;
  for (const Member& member : Cast()) {
    const auto opened = OpenEverything(deployment, member, {});
    ASSERT_TRUE(opened.ok()) << opened.status();
    for (const auto& [stop, journey] : (*cases)->journeys()) {
      const bool holds = !Search({journey.cpr_number}).In(opened->plain).empty();
      EXPECT_EQ(holds, HoldsThePerson(member, stop))
          << member.id << ", stop " << static_cast<int>(stop);
      // Whoever holds the person's case by an id of its own holds no other's.
      if (member.kind == policy::v1::AUTHORITY_KIND_NEC) {
        EXPECT_FALSE(absl::StrContains(opened->plain, journey.case_id));
        EXPECT_FALSE(absl::StrContains(opened->stored, journey.case_id));
      }
      absent += holds ? 0 : 1;
    }
  }
  for (const Member& member : Cast()) ASSERT_TRUE(deployment.StartService(member).ok());
  for (const Member& member : Cast()) ASSERT_TRUE(deployment.AwaitServing(member).ok());
  Tally::Count("person × authority at rest, its case stopped anywhere",
               static_cast<int>(Cast().size() * (*cases)->journeys().size()), absent);
}

}  // namespace
}  // namespace exitbus::story
