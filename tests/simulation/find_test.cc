// A case is found by whom it is about, in one's own authority and nowhere else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "exitbus/casework/v1/erasure_service.pb.h"
#include "services/exchange/keys.h"
#include "tests/simulation/colleagues.h"

namespace exitbus::simulation {
namespace {

namespace cv1 = casework::v1;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

constexpr char kFindCases[] = "exitbus.casework.v1.CaseService.FindCases";
constexpr char kNumber[] = "6101900001";

cv1::FindCasesRequest ByNumber(const std::string& cpr_number) {
  cv1::FindCasesRequest request;
  request.set_cpr_number(cpr_number);
  return request;
}

cv1::FindCasesRequest ByName(const std::string& name) {
  cv1::FindCasesRequest request;
  request.set_name(name);
  return request;
}

class FindTest : public testing::Test {
 protected:
  absl::StatusOr<cv1::FindCasesResponse> Ask(Node& node, const cv1::FindCasesRequest& request) {
    return node.Call<cv1::FindCasesResponse>(kFindCases, request);
  }

  std::vector<std::string> Found(Node& node, const cv1::FindCasesRequest& request) {
    const auto answer = Ask(node, request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    std::vector<std::string> ids;
    if (answer.ok()) {
      for (const cv1::Case& found : answer->cases()) ids.push_back(found.case_id());
    }
    return ids;
  }

  std::string Open(const std::string& cpr_number, const std::string& name) {
    cv1::OpenCaseRequest request;
    request.set_request_id(world.RequestId());
    request.mutable_person()->set_cpr_number(cpr_number);
    request.mutable_person()->set_name(name);
    const auto opened =
        ishoej.Call<cv1::OpenCaseResponse>(absl::StrCat(kCaseService, "OpenCase"), request);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.ok() ? opened->case_().case_id() : "";
  }

  void HandOn(Node& from, const std::string& case_id, Node& to) {
    const std::string id = Offered(world, from, case_id, to);
    ASSERT_TRUE(Do(world, to, "TakeOverCase", id).ok());
    ASSERT_TRUE(world.Settle());
  }

  World world;
  Node& ishoej = world.Municipality("0183");
  Node& odense = world.Municipality("0461");
};

TEST_F(FindTest, ByNumberWhoeverHasTheCaseOrHadItFindsIt) {
  const std::string case_id = EnrolledCase(world, ishoej);
  EXPECT_THAT(Found(ishoej, ByNumber(kNumber)), ElementsAre(case_id));
  EXPECT_THAT(Found(ishoej, ByNumber("6101900002")), IsEmpty());
  EXPECT_THAT(Found(odense, ByNumber(kNumber)), IsEmpty()) << "it is no case of theirs";
  const std::string id = Offered(world, ishoej, case_id, odense);
  EXPECT_THAT(Found(odense, ByNumber(kNumber)), IsEmpty()) << "nor yet";
  ASSERT_TRUE(Do(world, odense, "TakeOverCase", id).ok());
  ASSERT_TRUE(world.Settle());
  EXPECT_THAT(Found(odense, ByNumber(kNumber)), ElementsAre(case_id));
  EXPECT_THAT(Found(ishoej, ByNumber(kNumber)), ElementsAre(case_id)) << "it had it";
}

TEST_F(FindTest, ACaseOpenedAnewAndTheOneBeforeAreBothFound) {
  const std::string before = EnrolledCase(world, ishoej);
  ASSERT_TRUE(Withdraw(world, ishoej, before).ok());
  const std::string anew = EnrolledCase(world, ishoej);
  EXPECT_THAT(Found(ishoej, ByNumber(kNumber)), UnorderedElementsAre(before, anew));
}

TEST_F(FindTest, ACaseThatCameBackIsFoundOnceAsItIs) {
  const std::string case_id = EnrolledCase(world, ishoej);
  HandOn(ishoej, case_id, odense);
  cv1::CorrectCaseRequest correction;
  correction.set_case_id(case_id);
  correction.mutable_person()->set_name("Right Name");
  ASSERT_TRUE(Correct(world, odense, correction).ok());
  ASSERT_TRUE(world.Settle());
  HandOn(odense, case_id, ishoej);
  for (const char* name : {"right", "canary"}) {
    const auto found = Ask(ishoej, ByName(name));
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_EQ(found->cases_size(), 1) << name;
    EXPECT_EQ(found->cases(0).standing(), cv1::STANDING_RESPONSIBLE);
    EXPECT_EQ(found->cases(0).person().name(), "Right Name");
  }
}

TEST_F(FindTest, ByNameEachWordIsAWordOfIt) {
  const std::string lars = Open("6101900001", "Lars Ågård Møller-Jensen");
  const std::string other = Open("6101900002", "Jens Lars Hansen");
  EXPECT_THAT(Found(ishoej, ByName("LARS")), UnorderedElementsAre(lars, other));
  EXPECT_THAT(Found(ishoej, ByName("jensen  lars")), ElementsAre(lars));
  EXPECT_THAT(Found(ishoej, ByName("møller")), ElementsAre(lars));
  EXPECT_THAT(Found(ishoej, ByName("MØLLER-jensen, Lars")), ElementsAre(lars));
  EXPECT_THAT(Found(ishoej, ByName("aagaard")), ElementsAre(lars));
  EXPECT_THAT(Found(ishoej, ByName("A\u030ag\u00e5rd")), ElementsAre(lars));
  EXPECT_THAT(Found(ishoej, ByName("Lars Petersen")), IsEmpty());
  EXPECT_THAT(Found(ishoej, ByName("Lar")), IsEmpty()) << "no part of a word";
}

TEST_F(FindTest, InPagesWithATokenOfThisQuestionOnly) {
  std::vector<std::string> all;
  for (int i = 0; i < 5; ++i) all.push_back(Open("610190000" + std::to_string(i), "Canary Name"));
  std::vector<std::string> found;
  cv1::FindCasesRequest request = ByName("canary");
  request.set_page_size(2);
  int pages = 0;
  do {
    const auto page = Ask(ishoej, request);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const cv1::Case& one : page->cases()) found.push_back(one.case_id());
    request.set_page_token(page->next_page_token());
    ++pages;
    if (pages == 1) {
      cv1::FindCasesRequest other = request;
      other.set_name("name");
      EXPECT_EQ(RuleOf(Ask(ishoej, other).status()), "request.bad_page_token");
    }
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, 3);
  EXPECT_THAT(found, testing::UnorderedElementsAreArray(all));
}

TEST_F(FindTest, WhatIsAskedWronglyIsRefusedByName) {
  EXPECT_EQ(RuleOf(Ask(ishoej, {}).status()), "search.by_one");
  cv1::FindCasesRequest both = ByNumber(kNumber);
  both.set_name("Canary");
  EXPECT_EQ(RuleOf(Ask(ishoej, both).status()), "search.by_one");
  EXPECT_EQ(RuleOf(Ask(ishoej, ByName("-")).status()), "search.no_word");
  EXPECT_EQ(RuleOf(Ask(ishoej, ByNumber("610190-0001")).status()), "request.bad_value");
  for (const char* function : {"jobcentre", "mentor", "auditor"}) {
    const Speaking unit(ishoej, function, "employee-2");
    EXPECT_EQ(RuleOf(Ask(ishoej, ByNumber(kNumber)).status()), "caller.function_may_not");
  }
}

TEST_F(FindTest, WhatIsShownIsInItsAccountAndWhatIsNotFoundIsLoggedWithoutTheQuestion) {
  const std::string case_id = EnrolledCase(world, ishoej);
  ASSERT_THAT(Found(ishoej, ByName("canary")), ElementsAre(case_id));
  std::vector<std::string> kinds;
  const auto account = AccountOf(ishoej, case_id);
  ASSERT_TRUE(account.ok()) << account.status();
  for (const auto& entry : *account) kinds.push_back(entry.kind());
  EXPECT_THAT(kinds, Contains(kFindCases));
  EXPECT_THAT(ishoej.telemetry().LinesOf("search.found_nothing"), IsEmpty());

  EXPECT_THAT(Found(ishoej, ByName("Nobody")), IsEmpty());
  EXPECT_THAT(Found(ishoej, ByNumber("6101900008")), IsEmpty());
  EXPECT_EQ(ishoej.telemetry().LinesOf("search.found_nothing").size(), 2U);
  EXPECT_THAT(ishoej.telemetry().Text(), Not(HasSubstr("Nobody")));
  EXPECT_THAT(ishoej.telemetry().Text(), Not(HasSubstr("6101900008")));
}

TEST_F(FindTest, WhatIsErasedIsNotFoundAndNoNameOrNumberLiesInTheIndex) {
  const std::string case_id = EnrolledCase(world, ishoej);
  const auto stands = [&] {
    int rows = 0;
    for (const auto& [key, value] : ishoej.store().rows(exchange::Table::kIndex)) {
      for (const std::string clear : {kNumber, "canary"}) {
        EXPECT_THAT(key, Not(HasSubstr(clear)));
        EXPECT_THAT(key, Not(HasSubstr(absl::BytesToHexString(clear))));
      }
      if (key.find("/found/") != std::string::npos) ++rows;
    }
    return rows;
  };
  EXPECT_EQ(stands(), 3) << "the number, and two words of the name";
  ASSERT_TRUE(Withdraw(world, ishoej, case_id).ok());
  ASSERT_THAT(Found(ishoej, ByNumber(kNumber)), ElementsAre(case_id));
  cv1::EraseCaseRequest order;
  order.set_request_id(world.RequestId());
  order.set_case_id(case_id);
  order.set_reason(cv1::ERASURE_REASON_CITIZENS_RIGHT);
  const auto erased =
      ishoej.Call<cv1::EraseCaseResponse>("exitbus.casework.v1.ErasureService.EraseCase", order);
  ASSERT_TRUE(erased.ok()) << erased.status();
  EXPECT_THAT(Found(ishoej, ByNumber(kNumber)), IsEmpty());
  EXPECT_THAT(Found(ishoej, ByName("canary")), IsEmpty());
  EXPECT_EQ(stands(), 0);
}

}  // namespace
}  // namespace exitbus::simulation
