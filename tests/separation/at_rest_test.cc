// Who holds a person at all: of cases that stopped at every stage of a handover, and of one that
// was erased, each authority's store is opened with its own keys and asked for the person's number.
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/erasure_service.pb.h"
#include "services/exchange/ports/status_macros.h"
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

// A case that Odense took over, so that five have had the person, and erased; everyone confirmed.
absl::StatusOr<Journey> Erased() {
  ASSIGN_OR_RETURN(const auto cases, Cases::Make(TheDeployment()));
  ASSIGN_OR_RETURN(const Journey journey, cases->Travel(Stop::kTakenOver));
  const Member& odense = MemberNamed(kOdense);
  ASSIGN_OR_RETURN(const auto holder, Actor::Make(odense, TheDeployment().ClientOf(odense)));
  RETURN_IF_ERROR(holder->RecordWithdrawal(journey.case_id).status());
  ASSIGN_OR_RETURN(const cv1::Erasure begun, holder->EraseCase(journey.case_id));
  RETURN_IF_ERROR(holder->AwaitErased(begun.erasure_id(), holder->sent()).status());
  return journey;
}

TEST(AtRestTest, APersonIsHeldWhereTheCaseHasGoneAndNowhereElseAndNowhereOnceErased) {
  const auto cases = Cases::Get();
  ASSERT_TRUE(cases.ok()) << cases.status();
  const auto erased = Erased();
  ASSERT_TRUE(erased.ok()) << erased.status();
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
    EXPECT_TRUE(Search({erased->cpr_number}).In(opened->plain).empty())
        << member.id << " still opens what was erased";
  }
  for (const Member& member : Cast()) ASSERT_TRUE(deployment.StartService(member).ok());
  for (const Member& member : Cast()) ASSERT_TRUE(deployment.AwaitServing(member).ok());
  Tally::Count("person × authority at rest, its case stopped anywhere",
               static_cast<int>(Cast().size() * (*cases)->journeys().size()), absent);
  const int all = static_cast<int>(Cast().size());
  Tally::Count("person × authority at rest, its case erased", all, all);
}

}  // namespace
}  // namespace exitbus::story
