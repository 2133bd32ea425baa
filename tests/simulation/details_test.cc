// The citizen moves, or gets another name or CPR number: who is concerned still hears it, from that
// day on; who let the case go does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exitbus/casework/v1/case_service.pb.h"
#include "services/exchange/proto_time.h"
#include "services/exchange/working_days.h"
#include "tests/simulation/colleagues.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace pv1 = policy::v1;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr char kNewNumber[] = "6101900009";

class DetailsTest : public testing::Test {
 protected:
  DetailsTest() : case_id(EnrolledCase(world, ishoej)) {
    EXPECT_TRUE(world.Settle());
    world.Skip(absl::Hours(24 * 3));
  }

  cv1::ChangeDetailsRequest Moved(const std::string& address = "New Street 2") {
    cv1::ChangeDetailsRequest request;
    request.set_case_id(case_id);
    request.set_current_address(address);
    *request.mutable_valid_from() = exchange::ToProto(Since());
    return request;
  }
  cv1::ChangeDetailsRequest AllNew() {
    cv1::ChangeDetailsRequest request = Moved();
    request.mutable_person()->set_cpr_number(kNewNumber);
    request.mutable_person()->set_name("New Name");
    return request;
  }
  // Yesterday, to the second.
  absl::Time Since() const {
    return absl::FromUnixSeconds(absl::ToUnixSeconds(world.domain_clock.Now())) - absl::Hours(24);
  }

  absl::StatusOr<cv1::Case> Change(Node& node, cv1::ChangeDetailsRequest request) {
    request.set_request_id(world.RequestId());
    const auto answer =
        node.Call<cv1::ChangeDetailsResponse>(absl::StrCat(kCaseService, "ChangeDetails"), request);
    if (!answer.ok()) return answer.status();
    return answer->case_();
  }
  std::string Refused(const cv1::ChangeDetailsRequest& request) {
    return RuleOf(Change(ishoej, request).status());
  }

  void ExpectNothingRefused() {
    for (Node* node : {&ishoej, &odense, &nec, &vestegnen, &fyn}) {
      EXPECT_EQ(node->telemetry().Total("letters.refused_by_peer"), 0) << node->id();
      EXPECT_EQ(node->store().rows(exchange::Table::kParked).size(), 0U) << node->id();
    }
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
  Node& nec = world.Nec();
  Node& vestegnen = world.Police("1469");
  Node& fyn = world.Police("1465");
  std::string case_id;
};

TEST_F(DetailsTest, WhoIsConcernedIsToldWhatIsNewAndSinceWhenAndConfirms) {
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  const std::string id = Accepted(world, ishoej, case_id, odense);
  const cv1::ChangeDetailsRequest request = AllNew();
  const absl::Time since = exchange::FromProto(request.valid_from());
  const auto changed = Change(ishoej, request);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->person().name(), "New Name");
  EXPECT_EQ(changed->current_address(), "New Street 2");
  ASSERT_TRUE(world.Settle());

  const auto seen = GetCase(ishoej, case_id)->corrections(0);
  EXPECT_EQ(exchange::FromProto(seen.changed_from()), since);
  EXPECT_THAT(seen.outstanding(), IsEmpty());
  EXPECT_THAT(seen.confirmed(), UnorderedElementsAre("nec", vestegnen.id(), odense.id()));

  const auto entry = OnlyEntry(nec);
  EXPECT_EQ(entry->person().cpr_number(), kNewNumber);
  EXPECT_EQ(entry->person().name(), "New Name");
  const auto& provenance = entry->provenance(entry->provenance_size() - 1);
  EXPECT_EQ(provenance.fact(), nec::v1::ENTRY_FACT_CHANGED);
  EXPECT_EQ(exchange::FromProto(provenance.since()), exchange::StartOfDay(since));

  const auto file = OnlyFile(vestegnen);
  EXPECT_EQ(file->person().cpr_number(), kNewNumber);
  EXPECT_EQ(file->current_address(), "New Street 2");
  EXPECT_LE(since - exchange::FromProto(file->corrections(0).changed_from()), absl::Minutes(1));
  EXPECT_THAT(
      file->corrections(0).categories(),
      UnorderedElementsAre(pv1::CATEGORY_CPR_NUMBER, pv1::CATEGORY_NAME, pv1::CATEGORY_ADDRESS));

  EXPECT_EQ(GetHandover(odense, id)->person().name(), "New Name");
  ASSERT_TRUE(Do(world, ishoej, "OfferHandover", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(Refused(Moved("Newest Street 3")), "correction.frozen_while_offered");
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(GetCase(odense, case_id)->current_address(), "New Street 2");
  EXPECT_EQ(GetCase(odense, case_id)->person().cpr_number(), kNewNumber);
  ExpectNothingRefused();
}

TEST_F(DetailsTest, WhoLetTheCaseGoAndItsUnitHearNothing) {
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  const std::string id = Offered(world, ishoej, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  world.Skip(absl::Hours(24 * 3));
  ASSERT_TRUE(Change(odense, AllNew()).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(GetCase(odense, case_id)->corrections(0).confirmed(),
              UnorderedElementsAre("nec", fyn.id()));
  EXPECT_EQ(OnlyFile(fyn)->current_address(), "New Street 2");
  EXPECT_EQ(OnlyFile(fyn)->person().name(), "New Name");
  EXPECT_EQ(GetCase(ishoej, case_id)->current_address(), "Canary Street 1");
  EXPECT_THAT(GetCase(ishoej, case_id)->corrections(), IsEmpty());
  EXPECT_EQ(OnlyFile(vestegnen)->person().name(), "Canary Name");
  EXPECT_THAT(OnlyFile(vestegnen)->corrections(), IsEmpty());
  ExpectNothingRefused();
}

TEST_F(DetailsTest, WhatWasIsShownWithItsPeriodAndFoundByTheOldNumber) {
  const absl::Time first = Since();
  ASSERT_TRUE(Change(ishoej, AllNew()).ok());
  world.Skip(absl::Hours(24 * 3));
  const absl::Time second = Since();
  ASSERT_TRUE(Change(ishoej, Moved("Newest Street 3")).ok());
  const auto seen = GetCase(ishoej, case_id);
  ASSERT_EQ(seen->earlier_size(), 4);
  EXPECT_EQ(seen->earlier(0).person().cpr_number(), "6101900001");
  EXPECT_EQ(seen->earlier(1).person().name(), "Canary Name");
  EXPECT_EQ(seen->earlier(2).current_address(), "Canary Street 1");
  EXPECT_FALSE(seen->earlier(2).has_valid_from());
  EXPECT_EQ(exchange::FromProto(seen->earlier(2).valid_until()), first);
  EXPECT_EQ(seen->earlier(3).current_address(), "New Street 2");
  EXPECT_EQ(exchange::FromProto(seen->earlier(3).valid_from()), first);
  EXPECT_EQ(exchange::FromProto(seen->earlier(3).valid_until()), second);
  for (const char* number : {"6101900001", kNewNumber}) {
    cv1::FindCasesRequest request;
    request.set_cpr_number(number);
    const auto found =
        ishoej.Call<cv1::FindCasesResponse>(absl::StrCat(kCaseService, "FindCases"), request);
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_EQ(found->cases_size(), 1) << number;
    EXPECT_EQ(found->cases(0).case_id(), case_id);
  }
  ASSERT_TRUE(Involve(world, ishoej, case_id, pv1::FUNCTION_JOBCENTRE).ok());
  const Speaking unit(ishoej, "jobcentre", "employee-2");
  EXPECT_EQ(GetCase(ishoej, case_id)->current_address(), "Newest Street 3");
  EXPECT_THAT(GetCase(ishoej, case_id)->earlier(), IsEmpty()) << "for who handles the case";
}

TEST_F(DetailsTest, FiftyOfWhatWasAreKept) {
  for (int i = 0; i < 52; ++i) {
    ASSERT_TRUE(Change(ishoej, Moved("Street " + std::to_string(i))).ok()) << i;
    world.Skip(absl::Hours(1));
  }
  const auto seen = GetCase(ishoej, case_id);
  ASSERT_EQ(seen->earlier_size(), 50);
  EXPECT_EQ(seen->earlier(0).current_address(), "Street 1");
  EXPECT_EQ(seen->earlier(49).current_address(), "Street 50");
}

TEST_F(DetailsTest, AWrongDateOrNothingNewIsRefusedByName) {
  cv1::ChangeDetailsRequest request = Moved();
  request.clear_valid_from();
  EXPECT_EQ(Refused(request), "details.valid_from_required");
  *request.mutable_valid_from() = exchange::ToProto(world.domain_clock.Now() + absl::Hours(1));
  EXPECT_EQ(Refused(request), "details.in_the_future");
  *request.mutable_valid_from() =
      exchange::ToProto(world.domain_clock.Now() - absl::Hours(24 * 30));
  EXPECT_EQ(Refused(request), "details.before_opening");
  EXPECT_EQ(Refused(Moved("Canary Street 1")), "details.nothing_to_change");
  EXPECT_EQ(Refused(Moved("")), "details.nothing_to_change");

  ASSERT_TRUE(Change(ishoej, Moved()).ok());
  request = Moved("Street before that");
  *request.mutable_valid_from() = exchange::ToProto(Since() - absl::Hours(1));
  EXPECT_EQ(Refused(request), "details.before_the_last_change");
  request.clear_current_address();
  request.mutable_person()->set_name("New Name");
  EXPECT_TRUE(Change(ishoej, request).ok()) << "of the name nothing is later";

  EnrolledCase(world, ishoej, kNewNumber);
  request.mutable_person()->set_cpr_number(kNewNumber);
  EXPECT_EQ(Refused(request), "case.person_has_open_case");
  request.set_case_id("another");
  EXPECT_TRUE(absl::IsNotFound(Change(ishoej, request).status()));
}

TEST_F(DetailsTest, PoliceThatWereAskedOnAConsentHearWhileItCoversThem) {
  ASSERT_TRUE(AskPolice(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_TRUE(RevokeConsent(world, ishoej, case_id).ok());
  ASSERT_TRUE(world.Settle());
  ASSERT_EQ(OnlyFile(vestegnen)->current_address(), "Canary Street 1");
  ASSERT_TRUE(Change(ishoej, Moved()).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(vestegnen)->current_address(), "Canary Street 1");
  EXPECT_THAT(GetCase(ishoej, case_id)->corrections(0).confirmed(), IsEmpty());
  ASSERT_TRUE(Cover(world, ishoej, case_id, {pv1::AUTHORITY_KIND_MUNICIPALITY}).ok());
  world.Skip(absl::Hours(1));
  ASSERT_TRUE(Change(ishoej, Moved("Newer Street 3")).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(vestegnen)->current_address(), "Canary Street 1") << "not the police";
  ASSERT_TRUE(Cover(world, ishoej, case_id, {pv1::AUTHORITY_KIND_POLICE}).ok());
  world.Skip(absl::Hours(1));
  ASSERT_TRUE(Change(ishoej, Moved("Newest Street 4")).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_EQ(OnlyFile(vestegnen)->current_address(), "Newest Street 4");
  EXPECT_THAT(GetCase(ishoej, case_id)->corrections(2).confirmed(), ElementsAre(vestegnen.id()));
}

}  // namespace
}  // namespace exitbus::simulation
