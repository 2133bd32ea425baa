// Row-level rights inside one municipality: a unit sees its own part of the cases it is involved
// in, and nothing tells it that there are others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "exitbus/casework_journal/v1/journal.pb.h"
#include "exitbus/handover/v1/handover_service.pb.h"
#include "exitbus/store/v1/rows.pb.h"
#include "services/casework/parts.h"
#include "tests/simulation/colleagues.h"
#include "tests/simulation/follower.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
namespace jv1 = casework_journal::v1;
namespace hv1 = handover::v1;
namespace pv1 = policy::v1;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;

class UnitsTest : public testing::Test {
 protected:
  std::string Ask(const std::string& rpc, const google::protobuf::Message& request) {
    return BytesOf(node.Ask(absl::StrCat(kCaseService, rpc), request));
  }
  std::string AskForCase(const std::string& id) {
    cv1::GetCaseRequest request;
    request.set_case_id(id);
    return Ask("GetCase", request);
  }
  // Each page as what its caller can tell of it: how many cases, which, how long the token.
  static std::vector<std::string> Pages(Node& at, std::uint32_t size) {
    std::vector<std::string> pages;
    cv1::ListCasesRequest request;
    request.set_page_size(size);
    do {
      const auto page =
          at.Call<cv1::ListCasesResponse>(absl::StrCat(kCaseService, "ListCases"), request);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) return pages;
      std::string seen = absl::StrCat("token ", page->next_page_token().size());
      for (const auto& one : page->cases()) absl::StrAppend(&seen, ", ", one.person().cpr_number());
      pages.push_back(seen);
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return pages;
  }

  World world;
  Node& node = world.Municipality("0183");
};

TEST_F(UnitsTest, ACaseAUnitIsNotInvolvedInIsAnsweredExactlyAsAbsence) {
  const std::string case_id = EnrolledCase(world, node);
  ASSERT_TRUE(Involve(world, node, case_id, pv1::FUNCTION_FAMILY_CENTRE).ok());
  for (const char* function : {"jobcentre", "citizen-service", "mentor"}) {
    const Speaking unit(node, function, "employee-2");
    EXPECT_EQ(AskForCase(case_id), AskForCase("3b0b7a52-0000-4000-8000-000000000000")) << function;
    cv1::ListCasesRequest all;
    EXPECT_EQ(Ask("ListCases", all), BytesOf({std::make_unique<cv1::ListCasesResponse>(), {}}));
  }
  const Speaking family(node, "family-centre", "employee-2");
  EXPECT_TRUE(GetCase(node, case_id).ok());
}

TEST_F(UnitsTest, InListsAndPagesNothingTellsOfOthers) {
  World small(7);
  Node& other = small.Municipality("0183");
  for (int i = 0; i < 9; ++i) {
    const std::string cpr = "610190000" + std::to_string(i);
    const std::string id = EnrolledCase(world, node, cpr);
    if (i % 3 != 1) continue;
    ASSERT_TRUE(Involve(world, node, id, pv1::FUNCTION_JOBCENTRE).ok());
    // A municipality that has no other cases.
    const std::string same = EnrolledCase(small, other, cpr);
    ASSERT_TRUE(Involve(small, other, same, pv1::FUNCTION_JOBCENTRE).ok());
  }
  const Speaking unit(node, "jobcentre", "employee-2");
  const Speaking unit_there(other, "jobcentre", "employee-2");
  for (const std::uint32_t size : {1U, 2U, 3U, 50U}) {
    auto here = Pages(node, size);
    auto there = Pages(other, size);
    ASSERT_EQ(here.size(), there.size()) << size;
    EXPECT_EQ(here.size(), size >= 3 ? 1U : size == 2 ? 2U : 3U);
    // Ids are random, and with them the order.
    const auto shape = [](std::string page) { return page.substr(0, page.find(',')); };
    for (std::size_t i = 0; i < here.size(); ++i) {
      EXPECT_EQ(shape(here[i]), shape(there[i])) << size;
      EXPECT_EQ(here[i].size(), there[i].size()) << size;
    }
  }
}

TEST_F(UnitsTest, AnInvolvedUnitSeesItsClientAndItsOwnMeasures) {
  const std::string case_id = EnrolledCase(world, node);
  ASSERT_TRUE(
      SignFor(world, node, case_id,
              {pv1::FUNCTION_JOBCENTRE, pv1::FUNCTION_FAMILY_CENTRE, pv1::FUNCTION_UNSPECIFIED})
          .ok());
  ASSERT_TRUE(Involve(world, node, case_id, pv1::FUNCTION_JOBCENTRE).ok());
  ASSERT_TRUE(Involve(world, node, case_id, pv1::FUNCTION_FAMILY_CENTRE).ok());
  {
    const Speaking unit(node, "jobcentre", "employee-2");
    const auto seen = GetCase(node, case_id);
    ASSERT_TRUE(seen.ok()) << seen.status();
    EXPECT_EQ(seen->case_id(), case_id);
    EXPECT_EQ(seen->person().name(), "Canary Name");
    EXPECT_EQ(seen->stage(), cv1::CASE_STAGE_ENROLLED);
    ASSERT_EQ(seen->agreement().measures_size(), 1);
    EXPECT_EQ(seen->agreement().measures(0).description(), "FUNCTION_JOBCENTRE");
    EXPECT_EQ(seen->visitation().health_needs(), "");
    EXPECT_EQ(seen->visitation().affiliation(), "");
    EXPECT_THAT(seen->withheld(), Contains(pv1::CATEGORY_HEALTH));
    EXPECT_THAT(seen->withheld(), Not(Contains(pv1::CATEGORY_MEASURES)));
    EXPECT_THAT(seen->units(), IsEmpty());
  }
  const auto whole = GetCase(node, case_id);
  EXPECT_EQ(whole->agreement().measures_size(), 3);
  ASSERT_EQ(whole->units_size(), 2);
  EXPECT_EQ(whole->units(1).function(), pv1::FUNCTION_FAMILY_CENTRE);
  EXPECT_TRUE(whole->units(1).has_since());
}

TEST_F(UnitsTest, AMentorSeesItsMeasureAndNoName) {
  const std::string case_id = EnrolledCase(world, node);
  ASSERT_TRUE(SignFor(world, node, case_id, {pv1::FUNCTION_MENTOR, pv1::FUNCTION_JOBCENTRE}).ok());
  ASSERT_TRUE(Involve(world, node, case_id, pv1::FUNCTION_MENTOR).ok());
  const Speaking mentor(node, "mentor", "employee-2");
  const auto seen = GetCase(node, case_id);
  ASSERT_TRUE(seen.ok()) << seen.status();
  EXPECT_FALSE(seen->has_person());
  EXPECT_EQ(seen->case_id(), "");
  EXPECT_EQ(seen->current_address(), "");
  ASSERT_EQ(seen->agreement().measures_size(), 1);
  EXPECT_EQ(seen->agreement().measures(0).description(), "FUNCTION_MENTOR");
  EXPECT_EQ(seen->agreement().version(), 0U);
  EXPECT_THAT(seen->withheld(), Contains(pv1::CATEGORY_NAME));
}

TEST_F(UnitsTest, WhatAUnitMayNotSeeDoesNotChangeItsEtag) {
  const std::string case_id = EnrolledCase(world, node);
  ASSERT_TRUE(Involve(world, node, case_id, pv1::FUNCTION_JOBCENTRE).ok());
  const auto etag = [&] {
    const Speaking unit(node, "jobcentre", "employee-2");
    return GetCase(node, case_id)->etag();
  };
  const std::string before = etag();
  const std::string whole = GetCase(node, case_id)->etag();
  ASSERT_TRUE(Involve(world, node, case_id, pv1::FUNCTION_MENTOR).ok());
  {
    const Speaking other(node, "family-centre", "employee-3");
    ASSERT_TRUE(AskToBreakGlass(world, node, case_id).ok());
  }
  cv1::CorrectCaseRequest correct;
  correct.set_request_id(world.RequestId());
  correct.set_case_id(case_id);
  correct.set_reason("misheard");
  correct.mutable_visitation()->set_health_needs("something else");
  const auto corrected =
      node.Call<cv1::CorrectCaseResponse>(absl::StrCat(kCaseService, "CorrectCase"), correct);
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  EXPECT_EQ(corrected->case_().corrections_size(), 1);
  ASSERT_TRUE(SignFor(world, node, case_id, {pv1::FUNCTION_FAMILY_CENTRE}).ok());
  EXPECT_EQ(etag(), before);
  EXPECT_NE(GetCase(node, case_id)->etag(), whole);
}

TEST_F(UnitsTest, AReleasedUnitFindsNothingAnyMore) {
  const std::string case_id = EnrolledCase(world, node);
  ASSERT_TRUE(Involve(world, node, case_id, pv1::FUNCTION_JOBCENTRE).ok());
  EXPECT_EQ(RuleOf(Involve(world, node, case_id, pv1::FUNCTION_JOBCENTRE)),
            "unit.already_involved");
  ASSERT_TRUE(Release(world, node, case_id, pv1::FUNCTION_JOBCENTRE).ok());
  EXPECT_EQ(RuleOf(Release(world, node, case_id, pv1::FUNCTION_JOBCENTRE)), "unit.not_involved");
  const Speaking unit(node, "jobcentre", "employee-2");
  EXPECT_EQ(AskForCase(case_id), AskForCase("no-such-case"));
}

TEST_F(UnitsTest, OnlyUnitsOfTheAuthorityCanBeInvolvedOrRunAMeasure) {
  const std::string case_id = EnrolledCase(world, node);
  for (const auto function : {pv1::FUNCTION_OPERATOR, pv1::FUNCTION_AUDITOR,
                              pv1::FUNCTION_EXIT_COORDINATOR, pv1::FUNCTION_UNSPECIFIED}) {
    EXPECT_EQ(RuleOf(Involve(world, node, case_id, function)), "unit.not_of_this_authority");
  }
  EXPECT_EQ(RuleOf(SignFor(world, node, case_id, {pv1::FUNCTION_OPERATOR})),
            "agreement.measure_unit_not_ours");
  Node& prison = world.Kriminalforsorgen("kif");
  const std::string there = EnrolledCase(world, prison, "6202900002");
  EXPECT_EQ(RuleOf(Involve(world, prison, there, pv1::FUNCTION_JOBCENTRE)),
            "unit.not_of_this_authority");
  EXPECT_TRUE(Involve(world, prison, there, pv1::FUNCTION_MENTOR).ok());
}

TEST_F(UnitsTest, UnitsReadCasesAndCallNothingElse) {
  const std::string case_id = EnrolledCase(world, node);
  ASSERT_TRUE(Involve(world, node, case_id, pv1::FUNCTION_JOBCENTRE).ok());
  const Speaking unit(node, "jobcentre", "employee-2");
  EXPECT_EQ(RuleOf(GetHandover(node, "h").status()), "caller.function_may_not");
  EXPECT_EQ(RuleOf(AccountOf(node, case_id).status()), "caller.function_may_not");
  EXPECT_EQ(RuleOf(Involve(world, node, case_id, pv1::FUNCTION_MENTOR)), "caller.function_may_not");
  Follower follower(node, kWatchCases);
  EXPECT_EQ(follower.Begin().ended(), "caller.function_may_not");
}

TEST_F(UnitsTest, WhichUnitRunsAMeasureNeverLeavesTheAuthority) {
  Node& odense = world.Municipality("0461");
  Node& nec = world.Nec();
  const std::string case_id = EnrolledCase(world, node);
  ASSERT_TRUE(Involve(world, node, case_id, pv1::FUNCTION_JOBCENTRE).ok());
  ASSERT_TRUE(SignFor(world, node, case_id, {pv1::FUNCTION_JOBCENTRE}).ok());
  const std::string id = Offered(world, node, case_id, odense);
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  const auto taken_over = GetCase(odense, case_id);
  ASSERT_TRUE(taken_over.ok()) << taken_over.status();
  ASSERT_EQ(taken_over->agreement().measures_size(), 1);
  EXPECT_EQ(taken_over->agreement().measures(0).unit(), pv1::FUNCTION_UNSPECIFIED);
  EXPECT_THAT(taken_over->units(), IsEmpty());
  int told = 0;
  for (Node* at : {&node, &odense, &nec}) {
    for (const auto& [key, value] : at->store().rows(exchange::Table::kDisclosures)) {
      store::v1::DisclosureRow row;
      ASSERT_TRUE(row.ParseFromString(value));
      if (row.recipient() == "caller") continue;
      for (const std::string& field : row.fields()) {
        EXPECT_THAT(field, Not(testing::EndsWith("measures.unit"))) << row.kind();
        told += field.ends_with("measures.description") ? 1 : 0;
      }
    }
  }
  EXPECT_GT(told, 0) << "the measure was told of";
  // The former holder's unit keeps its part of what was held; it hands no new ones out.
  EXPECT_EQ(RuleOf(Involve(world, node, case_id, pv1::FUNCTION_MENTOR)), "case.not_responsible");
  const Speaking unit(node, "jobcentre", "employee-2");
  EXPECT_EQ(GetCase(node, case_id)->standing(), cv1::STANDING_FORMER);
  const Speaking there(odense, "jobcentre", "employee-2");
  EXPECT_EQ(RuleOf(GetCase(odense, case_id).status()), "resource.not_found");
}

TEST_F(UnitsTest, NobodyOutsideGivesOurUnitsAPart) {
  jv1::CaseFile file;
  jv1::CaseEvent begun;
  begun.set_handover_id("h");
  begun.mutable_handover_begun()->set_side(hv1::SIDE_RECEIVER);
  file = *casework::After(file, exchange::Decision().AddEvent(begun));
  jv1::CaseEvent received;
  received.set_handover_id("h");
  received.mutable_dossier_part_received()
      ->mutable_part()
      ->mutable_agreement()
      ->add_measures()
      ->set_unit(pv1::FUNCTION_JOBCENTRE);
  file = *casework::After(file, exchange::Decision().AddEvent(received));
  jv1::CaseEvent taken_over;
  taken_over.set_handover_id("h");
  taken_over.mutable_taken_over()->set_number(2);
  file = *casework::After(file, exchange::Decision().AddEvent(taken_over));
  ASSERT_EQ(file.agreement().measures_size(), 1);
  EXPECT_EQ(file.agreement().measures(0).unit(), pv1::FUNCTION_UNSPECIFIED);
}

}  // namespace
}  // namespace exitbus::simulation
